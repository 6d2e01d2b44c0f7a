"""Databases of their own for tests of what is done to a whole database: made, filled, and thrown away."""

import json
import secrets

import pytest
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.db import connection, connections

from tests.conftest import FIRST_EDITION
from units import backups
from units.backups.postgresql import _maintenance as maintenance
from units.backups.restoring import at
from units.documents import load, publish
from units.models import Person

ON_POSTGRESQL = connection.vendor == "postgresql"


def make_database(name, like=None):
    with maintenance(connections["default"]) as cursor:
        cursor.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        cursor.execute(f"CREATE DATABASE {name}" + (f" TEMPLATE {like}" if like else ""))


def drop_databases(named):
    with maintenance(connections["default"]) as cursor:
        cursor.execute("SELECT datname FROM pg_database WHERE datname LIKE %s", [f"{named}%"])
        for (name,) in cursor.fetchall():
            cursor.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(scope="session")
def template(once, django_db_blocker):
    """A database on the PostgreSQL server with the first edition, for others to be made like it."""

    def make(file):
        name = f"{connection.settings_dict['NAME']}_filled"
        make_database(name)
        with at(name):
            call_command("migrate", verbosity=0)
            publish(load(json.loads(FIRST_EDITION.read_text())))
        file.write_text(name)

    with django_db_blocker.unblock():
        return once("template", make).read_text()


@pytest.fixture
def own_database(tmp_path, request, django_db_blocker):
    """A database with the first edition that all of the test works on, in the place of the default one."""
    with django_db_blocker.unblock():
        if ON_POSTGRESQL:
            name = f"b{secrets.token_hex(6)}"
            make_database(name, request.getfixturevalue("template"))
        else:
            name = tmp_path / "directory.sqlite3"
            name.write_bytes((request.getfixturevalue("filled_site") / "site.sqlite3").read_bytes())
        try:
            with at(str(name)):
                yield
        finally:
            if ON_POSTGRESQL:
                drop_databases(name)


@pytest.fixture
def directory(tmp_path, own_database):
    """A folder for backups; the database has a person and an account."""
    (tmp_path / "backups").mkdir()
    Person.objects.create(name="Ada Example")
    get_user_model().objects.create_user("editor", is_staff=True, is_superuser=True)
    return tmp_path / "backups"


@pytest.fixture
def backup(directory):
    return backups.take(directory)
