"""Real processes at one draft, writing at once, or killed in mid-move; `make trust` does it at length."""

import os
import subprocess
import sys
import uuid

import pytest
from django.db import connection

from tests.conftest import ROOT

FULL = os.environ.get("PROOF") == "full"


@pytest.fixture
def database(tmp_path, django_db_blocker):
    """The address of an empty database of its own, beside the one that is tested on; gone in the end."""
    if connection.vendor == "sqlite":
        yield f"sqlite:///{tmp_path}/directory.sqlite3"
        return
    name, settings = f"processes_{uuid.uuid4().hex}", connection.settings_dict
    with django_db_blocker.unblock(), connection._nodb_cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {name}")
    who = f"{settings['USER']}:{settings['PASSWORD']}" if settings["PASSWORD"] else settings["USER"]
    yield f"postgres://{who}@{settings['HOST']}:{settings['PORT']}/{name}"
    with django_db_blocker.unblock(), connection._nodb_cursor() as cursor:
        cursor.execute(f"DROP DATABASE {name} WITH (FORCE)")


def run(database, *command):
    environment = os.environ | {"DATABASE_URL": database}
    done = subprocess.run(
        [sys.executable, *command], cwd=ROOT, env=environment, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(("what", "times"), [("hammer", 20 if FULL else 1), ("kill", 200 if FULL else 20)])
def test_a_draft_survives_processes(database, what, times):
    run(database, "manage.py", "migrate", "--verbosity", "0")
    run(database, "-m", "tests.processes", what, str(times))
    run(database, "manage.py", "verify")
