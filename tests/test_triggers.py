"""The guard: put on, taken off, named where it is missing, and back after every migrate.

What the triggers refuse is in test_editions.py; migrations of SQLite, which rebuild tables, in
test_migrations.py.
"""

import os
import shutil
import subprocess
import sys

import psycopg
import pytest
from django.core.management import call_command
from django.core.management.commands import migrate
from django.db import DatabaseError, connection, transaction

from tests.conftest import FIRST_EDITION, ROOT
from tests.test_editions import execute, on_table, refused
from tests.test_migrations import FAILS, REBUILD
from units import triggers
from units.documents import load, publish
from units.models import Edition, Unit

sqlite = pytest.mark.skipif(connection.vendor != "sqlite", reason="SQLite's own")
postgresql = pytest.mark.skipif(connection.vendor != "postgresql", reason="PostgreSQL's own")


def rename(edition):
    execute("UPDATE units_unit SET name = 'Another' WHERE edition_id = %s", [edition.pk])


def test_putting_the_guard_on_twice_changes_nothing(draft):
    edition = publish(draft)
    triggers.install(connection)
    triggers.install(connection)
    assert triggers.missing(connection) == []
    refused(lambda: rename(edition))


def test_what_is_taken_off_is_named_and_lets_changes_pass_until_it_is_back(draft):
    edition = publish(draft)
    triggers.remove(connection)
    each = len(triggers.guarded_models()) * (4 if connection.vendor == "postgresql" else 3)
    assert len(triggers.missing(connection)) >= each
    rename(edition)
    triggers.install(connection)
    refused(lambda: rename(edition))


def test_a_trigger_of_somebody_else_stays(db):
    function = "EXECUTE FUNCTION published_refuse_edition()"
    does = "BEGIN SELECT 1; END" if connection.vendor == "sqlite" else function
    execute(f"CREATE TRIGGER audit AFTER DELETE ON units_unit {does}")
    triggers.install(connection)
    execute("DROP TRIGGER audit" + on_table())  # an error if it was gone


@postgresql
@pytest.mark.parametrize("how", ["DISABLE", "ENABLE REPLICA"])
def test_a_trigger_that_was_switched_off_is_missing_and_can_be_put_back(draft, how):
    edition = publish(draft)
    connection.check_constraints()  # else the table can't be altered: they are still to be checked
    execute(f"ALTER TABLE units_unit {how} TRIGGER published_units_unit_update")
    assert triggers.missing(connection) == ["published_units_unit_update"]
    triggers.install(connection)
    assert triggers.missing(connection) == []
    refused(lambda: rename(edition))


@sqlite
def test_a_row_that_would_replace_a_published_one_is_refused(draft, small_document):
    published = Unit.objects.of(publish(draft)).get(slug="right")
    unit = Unit.objects.of(load(small_document)).get(slug="right")
    refused(
        lambda: execute("UPDATE OR REPLACE units_unit SET id = %s WHERE id = %s", [published.pk, unit.pk])
    )
    columns = ", ".join(field.column for field in Unit._meta.concrete_fields[1:])
    copied = f"SELECT {published.pk}, {columns} FROM units_unit WHERE id = {unit.pk}"
    execute("DELETE FROM units_citation WHERE unit_id = %s", [unit.pk])
    refused(lambda: execute(f"INSERT OR REPLACE INTO units_unit (id, {columns}) {copied}"))


@sqlite
def test_an_edition_that_would_replace_a_published_one_is_refused(draft, small_document):
    published, other = publish(draft), load(small_document)
    replaced = "UPDATE OR REPLACE units_edition SET id = %s WHERE id = %s"
    refused(lambda: execute(replaced, [published.pk, other.pk]))
    assert Edition.objects.published().get() == published


def test_the_guard_is_off_while_migrations_run_and_on_afterwards(draft, monkeypatch):
    seen = []
    monkeypatch.setattr(
        migrate.Command, "handle", lambda *args, **options: seen.append(triggers.missing(connection))
    )
    edition = publish(draft)
    call_command("migrate")
    assert "published_units_unit_update" in seen[0]
    assert triggers.missing(connection) == []
    refused(lambda: rename(edition))


def test_the_guard_is_back_after_a_migrate_that_fails(draft, monkeypatch):
    def fails(*args, **options):
        with transaction.atomic():
            execute("SELECT nonsense FROM nowhere")

    monkeypatch.setattr(migrate.Command, "handle", fails)
    edition = publish(draft)
    with pytest.raises(DatabaseError, match="nowhere"):
        call_command("migrate")
    assert triggers.missing(connection) == []
    refused(lambda: rename(edition))


def test_looking_at_the_plan_leaves_the_guard_on(draft, capsys):
    edition = publish(draft)
    call_command("migrate", "--plan")
    assert "No planned migration operations" in capsys.readouterr().out
    assert triggers.missing(connection) == []
    refused(lambda: rename(edition))


@pytest.fixture
def elsewhere(tmp_path, django_db_setup, django_db_blocker, worker_id):
    """A PostgreSQL database with the first edition, dropped afterwards; gives (manage.py there, its SQL)."""
    with django_db_blocker.unblock():
        server = connection.get_connection_params()
    server = {key: server[key] for key in ("host", "port", "user", "password") if key in server}
    name = f"migrated_{os.getpid()}_{worker_id}"
    shutil.copytree(ROOT / "units" / "migrations", tmp_path / "more_migrations")
    (tmp_path / "more_settings.py").write_text(
        'from aioffice.settings import *\nMIGRATION_MODULES = {"units": "more_migrations"}\n'
        f'DATABASES["default"] |= {{"NAME": "{name}"}}\n'
    )
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "more_settings",
        "PYTHONPATH": f"{tmp_path}:{ROOT}",
    }

    def manage(*arguments):
        command = [sys.executable, "manage.py", *map(str, arguments)]
        return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)

    def sql(statement):
        with psycopg.connect(**server, dbname=name) as other:
            other.execute(statement)

    with psycopg.connect(**server, dbname="postgres", autocommit=True) as admin:
        admin.execute(f"CREATE DATABASE {name}")
        try:
            assert manage("migrate").returncode == 0
            assert manage("load_edition", FIRST_EDITION).returncode == 0
            manage.migrations = tmp_path / "more_migrations"
            yield manage, sql
        finally:
            admin.execute(f"DROP DATABASE {name} WITH (FORCE)")


@postgresql
def test_on_postgresql_too_a_migration_passes_the_guard_and_leaves_it_whether_it_works_or_not(elsewhere):
    manage, sql = elsewhere
    last = max(file.stem for file in manage.migrations.glob("0*.py"))
    changes = 'migrations.RunSQL("UPDATE units_unit SET name = name", "SELECT 1"),'
    for also, code in [(changes + FAILS, 1), (changes, 0)]:
        (manage.migrations / "9999_more.py").write_text(REBUILD.format(last=last, also=also))
        assert manage("migrate").returncode == code
        with pytest.raises(psycopg.errors.IntegrityError, match="never changes"):
            sql("UPDATE units_unit SET name = 'Another'")
        assert manage("verify").returncode == 0


@postgresql
def test_on_postgresql_too_migrating_back_and_forth_works(elsewhere):
    manage, _ = elsewhere
    assert manage("migrate", "units", "zero").returncode == 0
    assert manage("migrate").returncode == 0
    assert manage("verify").returncode == 0
