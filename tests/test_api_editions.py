"""The API over time: editions, their documents, what changed, and who holds a post when."""

import json
from datetime import date

import pytest

from tests.test_api import get, results
from tests.test_pages import published
from units.models import Appointment, Person, PostPublicity


def test_an_edition_is_asked_for_by_day_by_name_or_by_what_was_known(client, db, small_document):
    first = published(small_document)
    published(small_document, effective_on="2026-01-01", title="The second")
    assert get(client, "units/?on=2025-06-01").json()["edition"]["id"] == first.identifier
    assert get(client, "units/?edition=2026-01-01").json()["edition"]["id"] == "2026-01-01.1"
    assert get(client, "units/?edition=2025-01-01.1").json()["edition"]["id"] == first.identifier
    assert get(client, "units/?known=2020-01-01").status_code == 404


def test_addresses_in_an_answer_keep_to_its_day_or_edition(client, office):
    assert results(client, "units/?on=2024-07-01")[0]["url"].endswith("/european-commission/?on=2024-07-01")
    named = results(client, "units/?edition=2024-06-16.1")[0]
    assert named["url"].endswith("/api/v1/units/european-commission/?edition=2024-06-16.1")
    assert named["page"] == "http://127.0.0.1:8000/editions/2024-06-16.1/units/european-commission/"


def test_a_unit_that_is_gone_says_where_it_was_and_what_followed(client, db, small_document):
    published(small_document)
    left = small_document["units"][0]["units"][0]
    gone, left["slug"] = left["slug"], "heir"
    left["replaces"] = [gone]
    published(small_document, effective_on="2026-01-01")
    problem = get(client, f"units/{gone}/").json()
    assert [edition["id"] for edition in problem["in_editions"]] == ["2025-01-01.1"]
    assert [unit["slug"] for unit in problem["followed_by"]] == ["heir"]


def test_the_document_is_the_published_one_byte_for_byte(client, office):
    exact, latest = (
        get(client, "editions/2024-06-16.1/document/"),
        get(client, "editions/2024-06-16/document.json"),
    )
    assert (
        exact.content == latest.content == bytes(type(office.edition).objects.document_bytes(office.edition))
    )
    assert "immutable" in exact.headers["Cache-Control"]
    assert latest.headers["Cache-Control"] == "no-cache"
    [edition] = results(client, "editions/")
    assert edition["document"] == {
        "url": "http://127.0.0.1:8000/api/v1/editions/2024-06-16.1/document/",
        "size": len(exact.content),
        "sha256": office.edition.sha256,
    }


def test_changes_tell_what_each_edition_changed_since_when(client, db, small_document):
    published(small_document)
    small_document["units"][0]["name"] = "The renamed institution"
    second = published(small_document, effective_on="2026-01-01")
    latest, first = results(client, "changes/")
    assert (first["follows"], first["differences"]) == (None, [])
    assert latest["follows"]["id"] == "2025-01-01.1"
    assert {"renamed", "changed"} >= {each["verb"] for each in latest["differences"]}
    assert [each["edition"]["id"] for each in results(client, "changes/?since=2025-01-01.1")] == [
        second.identifier
    ]
    assert results(client, "changes/?since=2999-01-01") == []
    assert results(client, "changes/2026-01-01/") == latest["differences"]


def test_two_editions_are_compared_only_once(client, db, small_document, monkeypatch):
    published(small_document)
    small_document["units"][0]["name"] = "An institution renamed only here"
    published(small_document, effective_on="2026-01-01")
    before = results(client, "changes/")
    monkeypatch.setattr("units.comparisons.diff", None)
    assert results(client, "changes/") == before
    assert results(client, "changes/2026-01-01/") == before[0]["differences"]


@pytest.fixture
def appointment(office):
    person = Person.objects.create(name="Ada Example", page="https://institution.example/ada")
    PostPublicity.objects.create(post=office.head.slug, reason="The public elects to know")
    return Appointment.objects.create(
        person=person,
        post=office.head.slug,
        starts_on=date(2025, 1, 1),
        ends_on=date(2025, 12, 31),
        source="A decision",
    )


def test_a_holder_is_named_while_the_appointment_lasts_and_only_with_the_mark(client, appointment):
    [holder] = get(client, "posts/head-of-the-ai-office/?on=2025-06-01").json()["people"]
    assert holder["name"] == "Ada Example"
    assert holder["source"] == {"name": "A decision", "original": None}
    assert get(client, "posts/head-of-the-ai-office/?on=2026-06-01").json()["people"] == []
    PostPublicity.objects.all().delete()
    assert get(client, "posts/head-of-the-ai-office/?on=2025-06-01").json()["people"] == []


def test_people_come_with_their_appointments(client, appointment):
    [person] = results(client, "people/?on=2025-06-01")
    assert person["name"] == "Ada Example"
    [held] = person["appointments"]
    assert (held["post"]["slug"], held["starts_on"]) == ("head-of-the-ai-office", "2025-01-01")


@pytest.mark.parametrize(
    "path", ["posts/", "posts/head-of-the-ai-office/", "editions/2024-06-16.1/document/", "tree/"]
)
def test_an_edition_by_its_name_names_nobody(client, appointment, path):
    query = "" if "document" in path else "?edition=2024-06-16.1"
    assert b"Ada" not in get(client, path + query).content


def test_drafts_are_never_there(client, draft):
    assert get(client, "units/").status_code == 404
    assert get(client, f"units/?edition=draft-{draft.pk}").status_code == 400
    assert results(client, "editions/") == []
    assert json.loads(get(client, "").content)["edition"] is None
