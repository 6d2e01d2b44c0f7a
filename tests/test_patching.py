"""The rows of a draft that become those of another document are what that document makes of them."""

import copy

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings

from bench.institutions import institution
from tests.conftest import LENGTH
from tests.made_up_documents import documents
from units import trees
from units.documents import DocumentError, canonical, dump, load, patch
from units.documents.sharing import Shared
from units.models import Edition, Statement, Unit
from units.verify import verify


def patched(before, after):
    draft = load(before)
    patch(draft, before, after)
    connection.check_constraints()
    return Edition.objects.get(pk=draft.pk)


@pytest.mark.django_db
@given(before=documents(), after=documents())
@settings(max_examples=40 * LENGTH, deadline=None, suppress_health_check=list(HealthCheck))
def test_any_document_can_become_any_other(before, after):
    draft = patched(before, after)
    assert dump(draft) == after
    assert trees.problems(draft) == []
    assert list(verify(connection)) == []


def test_what_is_the_same_keeps_its_rows_and_what_moves_its_key(
    db, small_document, django_assert_max_num_queries
):
    before, after = institution(300), institution(300)
    root = after["units"][0]
    root["units"][1]["units"].append(root["units"].pop(0))
    root["units"][0]["name"] = "Another name"
    draft = load(before)
    keys = dict(Unit.objects.of(draft).values_list("slug", "pk"))
    with django_assert_max_num_queries(60):
        patch(draft, before, after)
    assert dump(draft) == after
    assert trees.problems(draft) == []
    assert dict(Unit.objects.of(draft).values_list("slug", "pk")) == keys


def test_what_is_written_keeps_its_place_among_those_that_a_removal_has_left_with_gaps(db, small_document):
    [statement] = small_document["units"][0]["units"][0]["statements"]
    five = [statement | {"slug": f"task-{number}"} for number in range(5)]
    small_document["units"][0]["units"][0]["statements"] = five
    draft = load(small_document)
    for row in Statement.objects.of(draft).filter(slug__in=["task-0", "task-1"]):
        row.delete()
    before = dump(draft)
    after = copy.deepcopy(before)
    after["units"][0]["units"][0]["statements"][2]["text"] = "Another text"
    patch(draft, before, after)
    assert dump(draft) == after


def test_what_would_not_hold_together_changes_nothing(draft, small_document):
    before = dump(draft)
    del small_document["initiatives"]
    with pytest.raises(DocumentError, match="There is no initiative"):
        patch(draft, before, small_document)
    assert dump(draft) == before
    assert Statement.objects.of(draft).count() == 1


@given(before=documents(), after=documents())
@settings(max_examples=40 * LENGTH, deadline=None)
@pytest.mark.any_database
def test_documents_that_share_their_parts_say_the_same(before, after):
    shared = Shared()
    for document in (before, after, before):
        assert shared.read(canonical(document)) == document


def test_what_two_documents_have_in_common_is_there_once(draft, small_document):
    shared = Shared()
    small_document["units"][0]["units"][1]["name"] = "East unit"
    read, rows = shared.read(canonical(small_document)), dump(draft, shared)
    left, right = ([document["units"][0]["units"][place] for document in (read, rows)] for place in (0, 1))
    assert left[0] is left[1]
    assert right[0] != right[1]
    assert rows == dump(draft)
