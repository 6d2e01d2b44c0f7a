"""Migrations of a filled database, back to the first and forth again: what can be kept is not lost."""

from datetime import date

import pytest
from django.apps import apps
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.db import DatabaseError, connection
from django.db.migrations import CreateModel
from django.db.migrations.loader import MigrationLoader

from units import drafts, triggers
from units.models import (
    Appointment,
    Edition,
    History,
    Person,
    PostPublicity,
    Synonym,
    Unit,
    Upload,
)
from units.verify import verify

MIGRATIONS = {
    name: made for (app, name), made in MigrationLoader(None).disk_migrations.items() if app == "units"
}
STEPS = sorted(MIGRATIONS, reverse=True)
# Rights to what is not there go and come.
GO_AND_COME = {"auth_permission", "auth_group_permissions", "django_content_type"}
# What only later migrations have made: it goes with them, and comes back empty.
LATER = {
    apps.get_model("units", operation.name): name
    for name in STEPS[:-1]
    for operation in MIGRATIONS[name].operations
    if isinstance(operation, CreateModel)
}


@pytest.fixture
def filled(own_database):
    """A database with something in every table that editors fill."""
    edition = Edition.objects.get()
    call_command("set_up_roles", verbosity=0)
    get_user_model().objects.create_user("editor")
    person = Person.objects.create(name="Ada Example")
    Appointment.objects.create(
        person=person, post="head-of-the-ai-office", source="S", ends_on=date(2030, 1, 1)
    )
    PostPublicity.objects.create(post="head-of-the-ai-office", reason="R")
    Synonym.objects.get_or_create(said="weird word", meant="sanctions")
    draft = drafts.start(edition)
    Upload.objects.create(by=1, draft=draft.pk, document=b"{}")
    return edition


def everything():
    """Return {(table, column): its values as texts} of what the code and the database both know."""
    found, there = {}, connection.introspection
    with connection.cursor() as cursor:
        tables = there.table_names(cursor)
        for model in apps.get_models(include_auto_created=True):
            table = model._meta.db_table
            if table not in tables or table in GO_AND_COME:
                continue
            known = {column.name for column in there.get_table_description(cursor, table)}
            for column in known & {field.column for field in model._meta.concrete_fields}:
                order = "id" if "id" in known else "1"
                cursor.execute(f'SELECT "{column}" FROM {table} ORDER BY {order}')
                found[table, column] = [plain(value) for (value,) in cursor.fetchall()]
    return found


def plain(value):
    return str(bytes(value) if isinstance(value, memoryview) else value)


def lost(before, now):
    """Return what of `before` is otherwise `now`, of all that is there now."""
    return [where for where, values in now.items() if values != before[where]]


def refuses_changes():
    refused = pytest.raises(DatabaseError, match="A published edition never changes")
    with refused, connection.cursor() as cursor:
        cursor.execute("UPDATE units_unit SET name = 'Another'")


def test_back_to_the_first_migration_and_forth_again_nothing_is_lost_that_can_be_kept(filled):
    before = everything()
    assert all(before[model._meta.db_table, "id"] for model in (Synonym, History, Upload))
    call_command("migrate", "units", STEPS[-1], verbosity=0)
    first = everything()
    assert lost(before, first) == []
    assert {model._meta.db_table for model in (Edition, Unit, Person, Appointment)} <= {
        table for table, _ in first
    }
    refuses_changes()
    call_command("migrate", verbosity=0)
    assert lost(everything(), first) == []
    assert (list(verify(connection)), triggers.missing(connection)) == ([], [])
    assert not any(model.objects.exists() for model in LATER)
    refuses_changes()


@pytest.mark.parametrize("step", STEPS[1:-1])
def test_each_migration_can_be_taken_back_and_only_what_it_made_goes(filled, step):
    before = everything()
    call_command("migrate", "units", step, verbosity=0)
    kept = everything()
    assert lost(before, kept) == []
    gone = {table for table, _ in before} - {table for table, _ in kept}
    assert gone == {model._meta.db_table for model, made_by in LATER.items() if made_by > step}
    refuses_changes()
    call_command("migrate", verbosity=0)
    assert lost(everything(), kept) == []
    assert list(verify(connection)) == []


def test_what_is_published_after_going_back_and_forth_is_numbered_on(filled):
    call_command("migrate", "units", STEPS[-1], verbosity=0)
    call_command("migrate", verbosity=0)
    again = drafts.start(filled)
    published = drafts.publish_on(again, again.effective_on, title=again.title, note="Again")
    assert published.identifier == "2024-06-16.2"
    assert list(verify(connection)) == []
