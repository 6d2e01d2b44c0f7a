"""The places of posts and statements in lists: put right at publication, and found by an index."""

from copy import deepcopy

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bench.whole import whole_institution
from units import drafts, trees
from units.documents import load, publish
from units.documents.numbering import number
from units.models import Post, Statement, Unit
from units.verify import verify

from .reading import published

pytestmark = pytest.mark.django_db
LISTS = {
    "units": Unit.objects.listed,
    "posts": Post.objects.listed,
    "statements": Statement.objects.listed,
    "tasks": Statement.objects.listed_tasks,
}


def rearranged(edition):
    """Return a draft of `edition` in which a unit, a post and a statement stand elsewhere."""
    draft = drafts.start(edition)
    trees.move(draft, "ai-innovation-and-policy-coordination", "ai-office", 0)
    trees.move(draft, "ai-safety", "regulation-and-compliance")
    for rows in (Post.objects.filter(edition=draft), Statement.objects.filter(edition=draft, post=None)):
        rows.last().place_at(0)
    return draft


def test_what_was_moved_in_a_draft_has_its_place_once_it_is_published(office):
    edition = publish(rearranged(office.edition))
    of = Statement.objects.filter(edition=edition)
    assert list(Statement.objects.listed(edition)) == list(of.for_tasks())
    assert list(Statement.objects.listed_tasks(edition)) == list(of.tasks().for_tasks())
    assert list(Post.objects.listed(edition)) == list(Post.objects.of(edition))
    assert sorted(of.values_list("place", flat=True)) == list(range(of.count()))
    assert list(verify(connection)) == []


def test_a_draft_is_listed_in_the_order_of_its_tree_whatever_places_it_was_copied_with(office):
    draft = rearranged(office.edition)
    of = Statement.objects.filter(edition=draft)
    assert list(Statement.objects.listed(draft)) == list(of.for_tasks()) != list(of.order_by("place"))
    assert list(Post.objects.listed(draft)) == list(Post.objects.of(draft))


@pytest.mark.parametrize("rows", LISTS)
def test_a_part_of_a_list_is_what_stands_there_in_the_whole_list(rows):
    whole = LISTS[rows](published(whole_institution(40)))
    everything = list(whole.order_by(*whole.query.order_by))
    for start in range(0, len(everything) + 3, 3):
        assert whole.part(slice(start, start + 3)) == everything[start : start + 3]
    assert whole.part(slice(7, None)) == everything[7:]


def test_only_what_has_another_place_is_written_at_publication(office, first_document):
    assert number(load(first_document)) == number(drafts.start(office.edition)) == 0
    assert number(rearranged(office.edition)) > 0


def test_the_length_of_a_list_is_counted_once_and_again_in_another_edition(office, client, first_document):
    cache.clear()
    asked = "/api/v1/tasks/?part=coordinates&limit=1"
    queries = []
    for _ in range(2):
        with CaptureQueriesContext(connection) as found:
            before = client.get(asked).json()["count"]
        queries.append(sum("COUNT(" in query["sql"] for query in found))
    assert queries == [1, 0]
    document = deepcopy(first_document)
    said = document["units"][0]["units"][0]["statements"]
    said.append(said[0] | {"slug": "another", "part": "coordinates"})
    published(document)
    assert client.get(asked).json()["count"] == before + 1
