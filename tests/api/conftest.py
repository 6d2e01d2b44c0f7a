"""A running site for whoever asks the API from outside, on the database that the tests are run on."""

import os
import secrets
from contextlib import contextmanager
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest

from scripts.site import running_site


@contextmanager
def new_database():
    """Give the settings for a new, empty database: none on SQLite, where every running site has its own."""
    address = urlsplit(os.environ.get("DATABASE_URL", ""))
    if not address.scheme.startswith("postgres"):
        yield {}
        return
    name = f"contract_{secrets.token_hex(6)}"
    server = urlunsplit(address._replace(scheme="postgresql"))
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
        try:
            yield {"DATABASE_URL": urlunsplit(address._replace(path=f"/{name}"))}
        finally:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(scope="package")
def address(filled_site):
    """The address of a running site with the first edition, without a slash at its end."""
    with new_database() as settings, running_site(not settings and filled_site, **settings) as running:
        yield running[0]
