"""verify: every kind of damage is found and named."""

import contextlib
import hashlib
import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from django.db.models import IntegerField

from units import drafts, triggers
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


@pytest.mark.skipif(connection.vendor != "postgresql", reason="for SQLite it is above")
def test_a_citation_that_leads_nowhere_is_found_where_the_database_lost_its_foreign_key(edition):
    connection.check_constraints()  # else the table can't be altered: they are still to be checked
    with connection.cursor() as cursor:
        names = connection.introspection.get_constraints(cursor, "units_citation").items()
        [key] = [name for name, is_of in names if is_of["columns"] == ["passage_id"] and is_of["foreign_key"]]
        cursor.execute(f'ALTER TABLE units_citation DROP CONSTRAINT "{key}"')
        cursor.execute("UPDATE units_citation SET passage_id = 999999")
    assert any("stored document" in problem for _, problem in found(lambda: None))


def columns():
    """Return every column of a row of an edition that its document holds as it is."""
    others = {"id", "edition", "position"}  # of `position` a document holds the order, not the numbers
    return [
        pytest.param(model, field, id=f"{model._meta.model_name}-{field.name}")
        for model in triggers.guarded_models()
        for field in model._meta.concrete_fields
        if field.name not in others and not field.is_relation
    ]


@pytest.mark.parametrize(("model", "field"), columns())
def test_any_column_that_was_changed_is_found_whatever_is_in_it_now(office, model, field):
    values = {"JSONField": {"groups": "?"}, "DateField": "2031-02-03", "BooleanField": True}
    number = isinstance(field, IntegerField)
    change = {field.name: 4321 if number else values.get(field.get_internal_type(), "zz")}
    triggers.remove(connection)
    row = model._base_manager.exclude(**change).first()
    with contextlib.suppress(IntegrityError), transaction.atomic():  # what the database itself keeps out
        model._base_manager.filter(pk=row.pk).update(**change)
    changed = model._base_manager.filter(pk=row.pk, **change).exists()
    assert (office.edition.identifier in dict(verify(connection))) == changed
    triggers.install(connection)


@pytest.mark.parametrize("raw", [b"", b"{", b"\xff", b"null", b"[]", b'{"title": 1.5}', b"[" * 100_000])
def test_bytes_that_are_no_document_are_found_even_with_their_own_hash(edition, raw):
    damaged = {"document": raw, "sha256": hashlib.sha256(raw).hexdigest()}
    problems = found(lambda: Edition.objects.update(**damaged))
    assert problems[0][1].startswith("The stored document: ")
    assert ("2025-01-01.1", "The rows say something else than the stored document.") in problems


def test_damage_in_several_editions_is_told_of_each(edition, small_document):
    second = publish(load(small_document | {"effective_on": "2026-01-01"}))
    damaged = dict(found(lambda: Edition.objects.update(sha256="0" * 64)))
    assert set(damaged) == {edition.identifier, second.identifier}


def test_the_first_edition_and_its_copy_in_a_draft_are_whole(office):
    drafts.start(office.edition)
    assert list(verify(connection)) == []


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


def test_where_all_is_well_the_json_says_so_and_the_exit_code_is_zero(draft, capsys):
    publish(draft)
    call_command("verify", "--json")
    assert json.loads(capsys.readouterr().out) == {"ok": True, "editions": 1, "problems": []}


def test_each_problem_stands_on_a_line_with_the_edition_it_is_of(edition, capsys):
    Edition.objects.update(sha256="0" * 64)
    with pytest.raises(CommandError) as error:
        call_command("verify")
    lines = capsys.readouterr().out.splitlines()
    assert error.value.returncode == 1
    assert str(error.value) == f"{len(lines)} problems found."
    assert "database: The trigger published_units_unit_update is missing: run manage.py migrate." in lines
    assert lines[-1] == "2025-01-01.1: The stored document does not have the stored hash."
