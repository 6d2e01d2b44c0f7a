"""Editions: what is published never changes, in Python and in the database."""

import hashlib
from datetime import date

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from units import triggers
from units.documents import DocumentError, canonical, load, publish
from units.models import Citation, Edition, Passage, PublishedEditionError, Statement, Unit
from units.triggers import guarded_models


def test_publishing_stores_the_canonical_document_with_its_hash(draft, small_document):
    edition = publish(draft, by=7)
    assert bytes(edition.document) == canonical(small_document)
    assert edition.sha256 == hashlib.sha256(edition.document).hexdigest()
    assert (edition.revision, edition.published_by, edition.identifier) == (1, 7, "2025-01-01.1")


def test_a_second_edition_of_a_day_is_its_next_revision(draft, small_document):
    publish(draft)
    assert publish(load(small_document | {"note": "A slip was mended."})).revision == 2


def test_the_hash_does_not_depend_on_the_revision(draft, small_document):
    assert publish(draft).sha256 == publish(load(small_document)).sha256


def test_publishing_twice_is_refused(draft):
    publish(draft)
    with pytest.raises(PublishedEditionError):
        publish(draft)


def test_a_draft_with_a_broken_tree_is_not_published(draft):
    Unit.objects.filter(slug="right").update(lft=2)
    with pytest.raises(DocumentError, match="left edge"):
        publish(draft)
    assert not Edition.objects.published().exists()


def test_a_draft_with_an_uncited_fact_is_not_published(draft):
    Citation.objects.filter(unit__slug="right").delete()
    with pytest.raises(DocumentError, match="less than 1 item"):
        publish(draft)


def test_saving_or_deleting_what_is_published_is_refused_in_python(draft):
    edition = publish(draft)
    for row in [edition, *(model._base_manager.first() for model in guarded_models())]:
        for refused in (row and row.save, row and row.delete):
            if refused:
                with pytest.raises(PublishedEditionError, match="never changes"):
                    refused()


def test_a_row_can_not_move_out_of_a_published_edition(draft, small_document):
    publish(draft)
    passage = Passage.objects.get()
    passage.edition = load(small_document)
    with pytest.raises(PublishedEditionError):
        passage.save()


def test_a_row_can_not_point_into_another_edition(draft, small_document):
    statement = Statement.objects.of(draft).get()
    statement.unit = Unit.objects.get(edition=load(small_document), slug="left")
    with pytest.raises(ValueError, match="another edition"):
        statement.save()


def test_the_database_refuses_every_change_of_every_published_row(office):
    for model in guarded_models():
        rows = model._base_manager.filter(edition=office.edition)
        row = rows.values().first()
        assert row, f"the first edition has no {model._meta.verbose_name}"
        refused(lambda rows=rows, row=row: rows.filter(pk=row["id"]).update(edition_id=row["edition_id"]))
        refused(lambda model=model, row=row: raw_delete(model, row["id"]))
        refused(lambda model=model, row=row: raw_copy(model, row["id"]))


def test_the_database_refuses_to_change_or_delete_a_published_edition(office):
    edition = Edition.objects.filter(pk=office.edition.pk)
    refused(lambda: edition.update(title="Another"))
    refused(lambda: edition.update(published_at=None))
    refused(lambda: raw_delete(Edition, office.edition.pk))


def test_the_database_refuses_to_move_a_drafts_row_into_a_published_edition(office, small_document):
    draft = load(small_document)
    refused(lambda: Statement.objects.of(draft).update(edition=office.edition))


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has no TRUNCATE")
def test_postgresql_refuses_to_truncate(office):
    connection.check_constraints()  # else PostgreSQL refuses for another reason: they are still to be checked
    for model in [Edition, *guarded_models()]:
        refused(lambda model=model: execute(f"TRUNCATE {model._meta.db_table} CASCADE"))


def test_a_draft_can_be_changed_and_deleted(draft):
    Statement.objects.update(text="Coordinates the measuring of snow")
    draft.title = "Another title"
    draft.save()
    draft.delete()
    assert not Unit.objects.exists()


def test_the_database_refuses_an_edition_that_is_published_by_half(draft):
    refused(lambda: Edition.objects.filter(pk=draft.pk).update(published_at=timezone.now()))


def test_a_citation_of_nothing_or_of_two_facts_is_refused(draft):
    citation = Citation.objects.filter(unit__isnull=False)[:1]
    refused(lambda: Citation.objects.filter(pk__in=citation.values("pk")).update(unit=None))
    statement = Statement.objects.get()
    refused(lambda: Citation.objects.filter(unit__slug="left").update(statement=statement))


def test_no_trigger_is_missing_after_migrations(db):
    assert triggers.missing(connection) == []


def test_missing_triggers_are_named(db):
    execute("DROP TRIGGER published_units_unit_update" + on_table())
    assert triggers.missing(connection) == ["published_units_unit_update"]
    triggers.install(connection)
    assert triggers.missing(connection) == []


def test_drafts_come_before_nothing_and_published_editions_latest_first(draft, small_document):
    publish(draft)
    later = publish(load(small_document | {"effective_on": "2026-01-01"}))
    assert list(Edition.objects.published().values_list("effective_on", flat=True)) == [
        date(2026, 1, 1),
        date(2025, 1, 1),
    ]
    assert Edition.objects.published().first() == later


def refused(change):
    with pytest.raises(IntegrityError), transaction.atomic():
        change()


def execute(sql, parameters=()):
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)


def on_table():
    return " ON units_unit" if connection.vendor == "postgresql" else ""


def raw_delete(model, key):
    execute(f"DELETE FROM {model._meta.db_table} WHERE id = %s", [key])


def raw_copy(model, key):
    columns = ", ".join(field.column for field in model._meta.concrete_fields if not field.primary_key)
    table = model._meta.db_table
    number = model._base_manager.order_by("-pk").values_list("pk", flat=True)[0] + 1
    copied = f"SELECT {number}, {columns} FROM {table} WHERE id = %s"
    execute(f"INSERT INTO {table} (id, {columns}) {copied}", [key])
