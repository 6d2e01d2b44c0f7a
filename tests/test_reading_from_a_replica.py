"""Readers answered from a replica that is behind, or gone: one whole picture always, in the end the newer.

A second database stands for the replica: it shows what the first one had when it was last told to follow.
"""

import secrets
import shutil

import pytest
from django.contrib.auth import get_user_model
from django.db import OperationalError, ProgrammingError, connections
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.databases import ON_POSTGRESQL, drop_databases, make_database
from units import replica
from units.documents import load, publish
from units.keeping import stamp
from units.models import Appointment, Edition, Person, PostPublicity, Synonym, Unit
from units.resolve import forget_editions
from units.source import PRIMARY, REPLICA, reading

HEAD = "/posts/head-of-the-ai-office/"


@pytest.fixture
def follow(own_database, settings, monkeypatch, tmp_path):
    """A function that brings the replica up to where the primary is."""
    settings.KEEP_ANSWERS = True
    monkeypatch.setattr(stamp, "HELD_SECONDS", 0)
    monkeypatch.setattr(stamp, "TRY_AGAIN", 0)
    monkeypatch.setattr(replica, "TRY_AGAIN", 0)
    name = f"b{secrets.token_hex(6)}" if ON_POSTGRESQL else str(tmp_path / "replica.sqlite3")
    primary = connections[PRIMARY]
    second = primary.copy(alias=REPLICA)
    second.settings_dict["NAME"] = name
    monkeypatch.setitem(connections.settings, REPLICA, second.settings_dict)
    connections[REPLICA] = second

    def follow():
        second.close()
        if ON_POSTGRESQL:
            primary.close()
            make_database(name, primary.settings_dict["NAME"])
        else:
            with primary.cursor() as cursor:
                cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            for path in tmp_path.glob("replica.sqlite3*"):
                path.unlink()
            shutil.copy(primary.settings_dict["NAME"], name)
        forget_editions()

    replica.forget()
    follow()
    yield follow
    second.close()
    del connections[REPLICA]
    replica.forget()
    if ON_POSTGRESQL:
        drop_databases(name)


@pytest.fixture
def second_edition(small_document):
    """A function that publishes another edition, with a "Left unit", on the primary."""
    return lambda: publish(load(small_document))


def says(client, words, address="/units/"):
    return words in client.get(address).content.decode()


def test_readers_see_what_the_replica_has_and_whoever_has_signed_in_what_was_just_published(
    client, follow, second_edition
):
    editor = Client()
    editor.force_login(get_user_model().objects.create_superuser("editor"))
    second_edition()
    assert not says(client, "Left unit")
    assert client.get("/editions/2025-01-01.1/").status_code == 404
    assert client.get("/api/v1/editions/").json()["count"] == 1
    assert says(editor, "Left unit")
    assert b"2025-01-01.1" in editor.get("/admin/units/edition/").content
    follow()
    assert says(client, "Left unit")
    assert client.get("/editions/2025-01-01.1/").status_code == 200


@pytest.mark.parametrize(
    "path", ["/units/", "/api/v1/units/", "/units.csv", "/chart.svg", "/units.ttl", "/tasks/"]
)
def test_readers_ask_the_primary_for_people_alone(client, follow, path):
    with (
        CaptureQueriesContext(connections[PRIMARY]) as asked,
        CaptureQueriesContext(connections[REPLICA]) as read,
    ):
        assert client.get(path).getvalue()
    tables = ("units_person", "units_appointment", "units_postpublicity", "units_history")
    assert read
    assert [query["sql"] for query in asked if not any(name in query["sql"] for name in tables)] == []


def test_no_page_of_a_replica_that_is_behind_is_kept_for_longer_than_it_is(client, follow, second_edition):
    second_edition()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(replica, "is_gone", lambda: True)
        assert says(client, "Left unit")  # of the primary: its stamp is known here now
    late = client.get("/units/")
    assert "Left unit" not in late.content.decode()
    follow()
    now = client.get("/units/", headers={"If-None-Match": late.headers["ETag"]})
    assert now.status_code == 200
    assert "Left unit" in now.content.decode()


def test_what_is_held_of_one_is_not_taken_for_what_the_other_has(client, follow, second_edition, monkeypatch):
    monkeypatch.setattr(stamp, "HELD_SECONDS", 60)
    monkeypatch.setattr("units.resolve.HELD_SECONDS", 60)
    second_edition()
    Synonym.objects.create(said="zebra", meant="left")
    for _ in range(2):
        monkeypatch.setattr(replica, "is_gone", lambda: True)
        assert says(client, "Left unit")
        assert says(client, "Left unit", "/api/v1/search/?q=zebra")
        monkeypatch.setattr(replica, "is_gone", lambda: False)
        assert not says(client, "Left unit")
        assert not says(client, "Left unit", "/api/v1/search/?q=zebra")


def test_a_name_that_was_erased_is_not_shown_by_a_replica_that_has_it_still(client, follow):
    person = Person.objects.create(name="Made Up")
    PostPublicity.objects.create(post="head-of-the-ai-office", reason="Made up")
    Appointment.objects.create(person=person, post="head-of-the-ai-office", source="Made up")
    follow()
    assert says(client, "Made Up", HEAD)
    Appointment.objects.all().delete()
    person.delete()
    for address in [HEAD, "/people/", "/api/v1/people/", "/units/ai-office/"]:
        assert not says(client, "Made Up", address)


@pytest.mark.parametrize("error", [ProgrammingError, OperationalError])
def test_a_replica_that_lacks_what_was_migrated_is_not_asked(client, follow, second_edition, error):
    client.raise_request_exception = False
    second_edition()
    follow()

    def lacks(execute, sql, *arguments):
        if "units_unit" in sql:
            raise error("made up for this test")
        return execute(sql, *arguments)

    with connections[REPLICA].execute_wrapper(lacks):
        assert "Left unit" in client.get("/units/").content.decode()


def test_the_replica_is_not_blamed_for_the_primary(client, follow, second_edition, caplog):
    client.raise_request_exception = False
    client.get("/tasks/")

    def gone(*arguments):
        raise OperationalError("made up for this test")

    with connections[PRIMARY].execute_wrapper(gone):
        client.get("/units/")
    assert "The replica does not answer" not in caplog.text
    assert not replica.is_gone()


def test_while_the_replica_is_gone_the_primary_answers(
    client, follow, second_edition, caplog, settings, tmp_path
):
    client.raise_request_exception, settings.CACHE_DIR = False, tmp_path  # no note of what was verified
    second_edition()
    before = client.get("/tasks/").content

    def gone(*arguments):
        raise OperationalError("made up for this test")

    with connections[REPLICA].execute_wrapper(gone):
        answers = [client.get(address) for address in ["/tasks/", "/units/", "/api/v1/units/left/"]]
        health = client.get("/health/ready/")
    assert [answer.status_code for answer in answers] == [200, 200, 200]
    assert "outage" not in answers[0].content.decode()
    assert "Left unit" in answers[1].content.decode()
    assert health.status_code == 200
    assert "answered from the primary" in health.json()["replica"]
    assert caplog.text.count("The replica does not answer; readers are answered from the primary.") == 1
    assert client.get("/tasks/").content == before
    assert "The replica answers again." in caplog.text
    assert client.get("/health/ready/").json()["replica"] == "ok"


def test_a_replica_that_fails_in_the_middle_of_a_page_costs_nobody_the_page(client, follow, settings):
    settings.KEEP_ANSWERS = False
    client.raise_request_exception = False

    def fail(execute, sql, *more):
        if "units_statement" in sql:
            raise OperationalError("made up for this test")
        return execute(sql, *more)

    with connections[REPLICA].execute_wrapper(fail):
        assert says(client, "AI Office", "/units/ai-office/")


def test_a_replica_that_is_gone_is_left_alone_for_a_while(client, follow, monkeypatch):
    monkeypatch.setattr(replica, "TRY_AGAIN", 60)
    client.raise_request_exception = False
    asked = []

    def gone(*arguments):
        asked.append(True)
        raise OperationalError("made up for this test")

    with connections[REPLICA].execute_wrapper(gone):
        for address in ["/tasks/", "/units/", "/bodies/"]:
            assert client.get(address).status_code == 200
    assert len(asked) == 1


def test_when_both_are_gone_readers_get_the_last_good_page(client, follow):
    client.get("/tasks/")

    def gone(*arguments):
        raise OperationalError("made up for this test")

    with connections[REPLICA].execute_wrapper(gone), connections[PRIMARY].execute_wrapper(gone):
        assert says(client, "outage", "/tasks/")


def test_what_is_written_goes_to_the_primary_wherever_it_is_read(follow):
    with reading(REPLICA):
        unit = Unit.objects.get(slug="ai-safety")
        Synonym.objects.create(said="zebra", meant="safety")
        assert Synonym.objects.filter(said="zebra").count() == 0
        assert unit.edition == Edition.objects.get()
    assert Synonym.objects.filter(said="zebra").count() == 1
