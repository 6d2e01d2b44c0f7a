"""verify: every kind of damage is found and named."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from units import triggers
from units.documents import load, publish
from units.models import Edition, Statement, Unit
from units.verify import verify


@pytest.fixture
def edition(draft):
    """A published edition whose guard has been taken off, as whoever damages one would have to."""
    edition = publish(draft)
    triggers.remove(connection)
    yield edition
    triggers.install(connection)


def found(damage):
    """Return what verify says after `damage()`, without what it says of the missing guard."""
    damage()
    return [(identifier, problem) for identifier, problem in verify(connection) if "trigger" not in problem]


def test_what_is_whole_is_called_whole(draft, capsys):
    publish(draft)
    assert list(verify(connection)) == []
    call_command("verify")
    assert capsys.readouterr().out == "1 edition checked; all is well.\n"


def test_a_document_that_was_changed_is_found(edition):
    raw = bytes(Edition.objects.values_list("document", flat=True).get())
    changed = raw.replace(b"Left unit", b"Lost unit")
    [(identifier, problem)] = found(lambda: Edition.objects.update(document=changed))
    assert identifier == "2025-01-01.1"
    assert "does not have the stored hash" in problem


def test_a_hash_that_was_changed_is_found(edition):
    assert "stored hash" in found(lambda: Edition.objects.update(sha256="0" * 64))[0][1]


def test_a_row_that_was_changed_is_found(edition):
    [(_, problem)] = found(lambda: Statement.objects.update(text="Measures snow"))
    assert "say something else than the stored document" in problem


def test_a_row_that_was_lost_is_found(edition):
    assert found(lambda: Statement.objects.all().delete())


def test_a_tree_that_was_damaged_is_found_in_drafts_too(edition, small_document):
    draft = load(small_document)
    damaged = Unit.objects.of(draft).filter(slug="right")
    assert draft.identifier in dict(found(lambda: damaged.update(lft=2)))


def test_a_row_that_points_into_another_edition_is_found(edition, small_document):
    other = Unit.objects.get(edition=load(small_document), slug="left")
    strays = Statement.objects.filter(edition=edition)
    assert ("", "1 statement rows point into another edition through unit.") in found(
        lambda: strays.update(unit=other)
    )


def test_a_citation_that_leads_nowhere_is_found(edition):
    def lose_the_passages():
        with connection.constraint_checks_disabled(), connection.cursor() as cursor:
            cursor.execute("UPDATE units_citation SET passage_id = 999999")

    if connection.vendor == "postgresql":
        pytest.skip("PostgreSQL holds foreign keys whatever is asked")
    problems = found(lose_the_passages)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM units_citation")
    assert problems


def test_a_guard_that_is_missing_is_found(edition):
    assert ("", "The trigger published_units_unit_update is missing: run manage.py migrate.") in list(
        verify(connection)
    )


def test_the_exit_code_and_the_json_tell_what_was_found(edition):
    Edition.objects.update(sha256="0" * 64)
    out = StringIO()
    with pytest.raises(CommandError, match="problems found"):
        call_command("verify", "--json", stdout=out)
    answer = json.loads(out.getvalue())
    assert (answer["ok"], answer["editions"]) == (False, 1)
    assert {"edition", "problem"} == set(answer["problems"][0])
