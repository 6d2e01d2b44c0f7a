"""Migrations and the triggers: whatever a migration does to a table, what is published stays guarded."""

import os
import shutil
import sqlite3
import subprocess
import sys

import pytest

from tests.conftest import ROOT

pytestmark = pytest.mark.any_database
REBUILD = """
from django.db import migrations, models

class Migration(migrations.Migration):
    dependencies = [("units", "{last}")]
    operations = [
        migrations.AlterField("unit", "name", models.CharField(max_length=301)),
        {also}
    ]
"""
FAILS = 'migrations.RunSQL("SELECT nonsense")'


@pytest.fixture
def directory(tmp_path, filled_site):
    """A database with the first edition and migrations of its own: a function that runs manage.py there."""
    shutil.copytree(ROOT / "units" / "migrations", tmp_path / "more_migrations")
    (tmp_path / "more_settings.py").write_text(
        'from aioffice.settings import *\nMIGRATION_MODULES = {"units": "more_migrations"}\n'
    )
    environment = os.environ | {
        "DATABASE_URL": f"sqlite:///{tmp_path}/directory.sqlite3",
        "DJANGO_SETTINGS_MODULE": "more_settings",
        "PYTHONPATH": f"{tmp_path}:{ROOT}",
    }

    def manage(*arguments):
        command = [sys.executable, "manage.py", *map(str, arguments)]
        return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)

    manage.folder = tmp_path
    shutil.copy(filled_site / "site.sqlite3", tmp_path / "directory.sqlite3")
    return manage


def add_migration(directory, also=""):
    migrations = directory.folder / "more_migrations"
    last = max(file.stem for file in migrations.glob("0*.py"))
    (migrations / "9999_rebuild.py").write_text(REBUILD.format(last=last, also=also))


def refused(directory):
    """Return what the database says to a change of a published unit by somebody else's program."""
    with (
        sqlite3.connect(directory.folder / "directory.sqlite3") as connection,
        pytest.raises(sqlite3.IntegrityError) as error,
    ):
        connection.execute("UPDATE units_unit SET name = 'Another'")
    connection.close()
    return str(error.value)


def test_a_migration_that_rebuilds_a_table_leaves_the_triggers_in_place(directory):
    add_migration(directory)
    assert directory("migrate").returncode == 0
    assert "301" in directory("sqlmigrate", "units", "9999").stdout
    assert refused(directory) == "A published edition never changes."
    assert directory("verify").returncode == 0


def test_a_migration_that_fails_leaves_the_triggers_in_place(directory):
    add_migration(directory, also=FAILS)
    assert directory("migrate").returncode != 0
    assert refused(directory) == "A published edition never changes."
    assert directory("verify").returncode == 0


def test_a_migration_can_be_taken_back(directory):
    add_migration(directory)
    directory("migrate")
    last = max(file.stem for file in (ROOT / "units" / "migrations").glob("0*.py"))
    assert directory("migrate", "units", last).returncode == 0
    assert refused(directory) == "A published edition never changes."


def test_migrating_all_the_way_back_and_forth_works(directory):
    assert directory("migrate", "units", "zero").returncode == 0
    assert directory("migrate").returncode == 0
    assert directory("verify").returncode == 0
