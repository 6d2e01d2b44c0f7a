"""What tests share: the first edition, published, and a small made-up one."""

import contextlib
import copy
import fcntl
import json
import os
import sqlite3
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.contrib.auth.models import Permission
from django.core.cache import caches
from django.db import connections
from django.test import TransactionTestCase, override_settings

from scripts.site import environment_in, fill
from units import triggers
from units.documents import load, publish
from units.keeping import stamp
from units.models import Post, Source, Unit
from units.resolve import forget_editions
from units.search.meaning import forget_synonyms

# Fixtures of databases of their own.
pytest_plugins = ["tests.databases"]
ROOT = Path(__file__).resolve().parent.parent
FIRST_EDITION = ROOT / "fixtures" / "ai-office-2024-06-16.json"


def pytest_configure(config):
    """Make the default database, which some commands open, before two workers make it at once: one of
    them would meet it locked."""
    if not hasattr(config, "workerinput"):
        (ROOT / "var").mkdir(exist_ok=True)
        with contextlib.closing(sqlite3.connect(ROOT / "var" / "directory.sqlite3")) as database:
            database.execute("PRAGMA journal_mode=WAL")


def pytest_collection_modifyitems(items):
    """Refuse a mark that would leave a test of the database out of PostgreSQL's turn."""
    for item in items:
        if item.get_closest_marker("any_database") and "db" in item.fixturenames:
            raise pytest.UsageError(f"{item.nodeid} uses the database, and is marked with any_database.")


@pytest.fixture(scope="session", autouse=True)
def flush_without_triggers():
    """Let the flush after a transactional test pass: triggers refuse to delete what is published."""
    teardown = TransactionTestCase._fixture_teardown

    def without_triggers(case):
        names = list(case._databases_names(include_mirrors=False))
        for name in names:
            triggers.remove(connections[name])
        teardown(case)
        for name in names:
            triggers.install(connections[name])

    TransactionTestCase._fixture_teardown = without_triggers
    yield
    TransactionTestCase._fixture_teardown = teardown


@pytest.fixture(scope="session", autouse=True)
def passwords_cost_little():
    """Keep passwords as the site does, with a thousandth of the work that makes guessing slow."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Argon2PasswordHasher, "time_cost", 1)
        patch.setattr(Argon2PasswordHasher, "memory_cost", 64)
        yield


@pytest.fixture(scope="session", autouse=True)
def cache_of_its_own(tmp_path_factory):
    """Keep search indexes apart from those of the site on this machine."""
    with override_settings(CACHE_DIR=tmp_path_factory.mktemp("cache")):
        yield


@pytest.fixture(autouse=True)
def read_anew():
    """Hold no list of editions or synonyms from one test to the next."""
    forget_editions()
    forget_synonyms()
    stamp.forget()
    for name in ("answers", "asked"):
        caches[name].clear()


@pytest.fixture(scope="session", autouse=True)
def made_anew():
    """Make every answer anew: what a test has changed counts at once. Tests of what is kept switch it on."""
    with override_settings(KEEP_ANSWERS=False):
        yield


@pytest.fixture(scope="session")
def once(tmp_path_factory):
    """A function that lets one of the workers make a file or folder for all of them: once(name, make) gives
    its path, where make(path) has made it."""

    def once(name, make):
        shared = tmp_path_factory.getbasetemp()
        shared = shared.parent if "PYTEST_XDIST_WORKER" in os.environ else shared
        with open(shared / f"{name}.lock", "w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)  # until the file is closed
            if not (shared / name).exists():
                make(shared / f"{name}.new")
                (shared / f"{name}.new").rename(shared / name)
        return shared / name

    return once


@pytest.fixture(scope="session")
def filled_site(once):
    """A folder for running_site(like=…): the first edition and the synonyms in an SQLite database."""

    def make(folder):
        folder.mkdir()
        fill(environment_in(folder))

    return once("site", make)


@pytest.fixture(scope="session")
def first_document():
    return json.loads(FIRST_EDITION.read_text())


@pytest.fixture
def office(db, first_document):
    """The first edition, published, and some of its rows under speaking names."""
    edition = publish(load(first_document))
    units = {unit.slug: unit for unit in Unit.objects.of(edition)}
    return SimpleNamespace(
        edition=edition,
        commission=units["european-commission"],
        office=units["ai-office"],
        safety=units["ai-safety"],
        head=Post.objects.of(edition).get(slug="head-of-the-ai-office"),
        press_release=Source.objects.named(edition, "ip-24-2982"),
    )


CITES = [{"passage": "charter#1"}]
SMALL = {
    "effective_on": "2025-01-01",
    "title": "A small institution",
    "units": [
        {
            "slug": "root",
            "name": "The institution",
            "kind": "institution",
            "cites": CITES,
            "units": [
                {
                    "slug": "left",
                    "name": "Left unit",
                    "kind": "unit",
                    "cites": CITES,
                    "statements": [
                        {
                            "slug": "measure-rain",
                            "part": "coordinates",
                            "text": "Coordinates the measuring of rain",
                            "certainty": "planned",
                            "about": {"initiative": "rain-year"},
                            "cites": CITES,
                        }
                    ],
                },
                {"slug": "right", "name": "Right unit", "kind": "unit", "cites": CITES},
            ],
        }
    ],
    "initiatives": [{"slug": "rain-year", "name": "The Year of Rain", "kind": "programme", "cites": CITES}],
    "milestones": [
        {
            "slug": "rain-report",
            "text": "The report is out",
            "certainty": "due",
            "after": {"milestone": "rain-begins", "months": 6},
            "about": {"initiative": "rain-year"},
            "cites": CITES,
        },
        {
            "slug": "rain-begins",
            "text": "The year begins",
            "certainty": "expected",
            "date": "2025-03",
            "bound": "by",
            "inferred": ["year"],
            "cites": CITES,
        },
    ],
    "sources": [
        {
            "slug": "charter",
            "title": "The charter",
            "publisher": "The institution",
            "published": "2024-12-01",
            "address": "https://institution.example/charter",
            "cites": CITES,
            "passages": [{"number": 1, "says": "Sets it all up", "starts": "It is", "ends": "set-up now"}],
        }
    ],
}


@pytest.fixture
def small_document():
    """A small document, new for each test, to be changed at will."""
    return copy.deepcopy(SMALL)


@pytest.fixture
def draft(db, small_document):
    return load(small_document)


# How long properties are tried: `make trust` sets PROOF=full.
LENGTH = 10 if os.environ.get("PROOF") == "full" else 1


@pytest.fixture
def editor(client, draft):
    """A signed-in publisher, and the small edition in force."""
    publish(draft)
    forget_editions()
    user = get_user_model().objects.create_user("editor", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(content_type__app_label="units"))
    client.force_login(user)
    return client
