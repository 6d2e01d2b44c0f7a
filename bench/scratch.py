"""Where a bench measures: a database of its own with a made-up institution, never one that is in use.

A bench that measures in its own process begins with `set_up()`, before it imports anything of Django's, and
works inside `database()`. One that starts processes gives them the environment of `scratch_database()`.
"""

import os
import tempfile
from contextlib import contextmanager

FOLDER = tempfile.TemporaryDirectory()


def is_postgresql():
    """Return whether PostgreSQL is measured: where DATABASE_URL names one; else SQLite."""
    return os.environ.get("DATABASE_URL", "").startswith("postgres")


def set_up():
    """Set Django up on the database that is named in the environment, else on a new SQLite file."""
    import django

    os.environ["CACHE_DIR"] = f"{FOLDER.name}/cache"
    if not os.environ.get("DATABASE_URL"):  # else database() makes one beside it
        os.environ["DATABASE_URL"] = f"sqlite:///{FOLDER.name}/bench.sqlite3"
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "aioffice.settings")
    django.setup()


@contextmanager
def database():
    """Make all tables; on a server in a database of its own, which is dropped in the end."""
    from django.core.management import call_command
    from django.db import connection

    name = connection.creation.create_test_db(verbosity=0) if connection.vendor == "postgresql" else None
    try:
        call_command("migrate", verbosity=0)
        yield
    finally:
        if name:
            connection.creation.destroy_test_db(name, verbosity=0)


def published(size, **more):
    """Return a made-up institution of `size` units as a published edition; `more` is for its document."""
    from django.db import connection

    from bench.institutions import institution
    from units.documents import load, publish

    edition = publish(load(institution(size) | more))
    if connection.vendor == "postgresql":
        connection.cursor().execute("ANALYZE")  # as the server does by itself a minute later
    return edition


@contextmanager
def scratch_database(is_sqlite=None):
    """Give the environment for processes that measure: their caches, and on SQLite a database, are new.

    With `is_sqlite` on SQLite in any case: for processes that do not make a database of their own.
    """
    with tempfile.TemporaryDirectory() as folder:
        environment = os.environ | {"CACHE_DIR": f"{folder}/cache"}
        if is_sqlite or not is_postgresql():
            environment["DATABASE_URL"] = f"sqlite:///{folder}/bench.sqlite3"
        yield environment
