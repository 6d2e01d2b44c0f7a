"""All editions, their documents and their feed, and what every page links to at its foot."""

import hashlib
import json
from datetime import timedelta
from xml.etree import ElementTree

import pytest
from django.utils import timezone

from tests.reading import published, text_of
from units.documents import load
from units.templatetags.directory import as_said

ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture
def tomorrow():
    return timezone.localdate() + timedelta(days=1)


def test_all_editions_are_listed_with_their_differences_and_drafts_are_not(
    client, draft, small_document, tomorrow
):
    published(small_document)
    published(small_document, note="Mended")
    published(small_document, effective_on=tomorrow.isoformat(), title="To come")
    response = client.get("/editions/")
    page = text_of(response)
    assert "To come announced, not yet in effect" in page
    assert "What changed from 2025-01-01.1 to 2025-01-01.2" in page
    assert f"What changed from 2025-01-01.2 to {tomorrow}.1" in page
    assert "draft" not in page


def test_an_edition_shows_its_facts(client, office):
    page = text_of(client.get("/editions/2024-06-16/"))
    assert "Edition 2024-06-16.1 The first structure of the AI Office" in page
    assert f"SHA-256 {office.edition.sha256}" in page
    assert "Announced on 29 May 2024" in page
    assert "Edition 2024-06-16.1 The first" not in text_of(client.get("/"))


def test_a_document_is_given_out_byte_for_byte(client, office):
    response = client.get("/editions/2024-06-16.1/document.json")
    assert hashlib.sha256(response.content).hexdigest() == office.edition.sha256
    assert json.loads(response.content)["title"] == "The first structure of the AI Office"
    assert response.headers["Content-Type"] == "application/json"
    assert response.headers["ETag"] == f'"{office.edition.sha256}"'
    assert response.headers["Cache-Control"] == "public, max-age=31536000, immutable"


def test_a_document_that_is_at_hand_is_not_sent_again(client, office):
    for etag in (f'"{office.edition.sha256}"', f'W/"x", "{office.edition.sha256}"'):
        response = client.get("/editions/2024-06-16.1/document.json", headers={"If-None-Match": etag})
        assert (response.status_code, response.content) == (304, b"")
    assert client.get("/editions/2024-06-16.1/document.json", headers={"If-None-Match": '"x"'}).content


def test_the_latest_document_of_a_day_is_not_kept_for_ever(client, office):
    assert client.get("/editions/2024-06-16/document.json").headers["Cache-Control"] == "no-cache"


def test_a_draft_has_no_document_in_public(client, draft):
    assert client.get(f"/editions/draft-{draft.pk}/document.json").status_code == 404


def test_data_lists_each_document_with_size_and_hash(client, office):
    page = text_of(client.get("/data/"))
    assert "2024-06-16.1" in page
    assert "KB" in page
    assert page.count(office.edition.sha256) == 3  # beside the document, there and again, and in the footer


def test_the_feed_has_one_entry_for_each_edition_in_words(client, db, small_document):
    published(small_document, announced_on="2024-12-24")
    published(small_document, note="A slip (0 < 1 & more) was mended.")
    response = client.get("/changes.atom")
    assert response.headers["Content-Type"].startswith("application/atom+xml")
    second, first = ElementTree.fromstring(response.content).findall(f"{ATOM}entry")  # noqa: S314 (our own feed)
    assert first.find(f"{ATOM}title").text == "2025-01-01.1: A small institution"
    assert (
        "in effect from 1 January 2025. Announced on 24 December 2024." in first.find(f"{ATOM}summary").text
    )
    assert (
        "It corrects revision 1. A slip (0 &lt; 1 &amp; more) was mended. What changed: http"
        in second.find(f"{ATOM}summary").text
    )
    assert second.find(f"{ATOM}id").text.endswith("/editions/2025-01-01.2/")


def test_a_feed_without_editions_is_empty(client, db):
    feed = ElementTree.fromstring(client.get("/changes.atom").content)  # noqa: S314 (our own feed)
    assert feed.findall(f"{ATOM}entry") == []


def test_the_feed_says_the_same_by_whatever_host_it_is_asked_for(client, office):
    usual = client.get("/changes.atom").content
    assert client.get("/changes.atom", headers={"host": "testserver:99999"}).content == usual
    assert b"testserver" not in usual


@pytest.mark.parametrize("address", ["/editions/", "/data/", "/about/", "/accessibility/", "/privacy/"])
def test_what_is_said_of_the_site_is_there_before_the_first_edition(client, db, address):
    assert client.get(address).status_code == 200


@pytest.mark.parametrize("address", ["/editions/?on=x", "/data/?on=2024-13-01", "/about/?known="])
def test_a_day_that_is_none_is_refused_there_too(client, office, address):
    assert client.get(address).status_code == 400


def test_without_an_address_nothing_offers_to_report_an_error(client, office, settings):
    settings.REPORT_ERRORS_TO = ""
    assert "Report an error" not in text_of(client.get("/"))


@pytest.mark.parametrize(
    ("to", "link"),
    [
        ("errors@directory.example", "mailto:errors@directory.example?subject=An%20error"),
        ("https://directory.example/errors", "https://directory.example/errors?page=http"),
        ("https://directory.example/?form=2", "https://directory.example/?form=2&amp;page=http"),
    ],
)
def test_an_error_is_reported_with_the_address_of_the_page(client, office, settings, to, link):
    settings.REPORT_ERRORS_TO = to
    page = client.get("/tasks/?theme=a%26b").content.decode()
    assert f'href="{link}' in page
    assert "%2Ftasks%2F%3Ftheme%3Da%2526b" in page


def test_every_page_of_a_draft_is_previewed_by_editors_and_never_kept(client, admin_client, draft):
    lists = ["", "units/", "posts/", "people/", "bodies/", "tasks/", "initiatives/", "timeline/", "sources/"]
    pages = ["units/left/", "initiatives/rain-year/", "sources/charter/", "search/?q=rain", "timeline.ics"]
    for page in [*lists, *pages]:
        address = f"/editions/draft-{draft.pk}/{page}"
        response = admin_client.get(address)
        assert response.status_code == 200, address
        assert response.headers["Cache-Control"] == "no-store", address
        assert client.get(address).status_code == 404


def test_what_a_draft_has_no_more_is_told_to_editors(admin_client, db, small_document):
    published(small_document)
    del small_document["units"][0]["units"][1]
    draft = load(small_document | {"effective_on": "2025-02-01"})
    response = admin_client.get(f"/editions/draft-{draft.pk}/units/right/")
    assert response.status_code == 404
    assert "Is not part of this draft. See it in edition 2025-01-01.1" in text_of(response)
    assert response.headers["Cache-Control"] == "no-store"


def test_a_date_that_changed_is_written_out_and_a_name_stays_as_it_is():
    assert as_said("2024-05-29", "effective_on") == "29 May 2024"
    assert as_said("2024-05", "date") == "May 2024"
    assert as_said("2024", "date") == "2024"
    assert as_said("2024-06-03T10:43", "published") == "3 June 2024, 10:43"
    assert as_said("2024-05-29", "name") == "2024-05-29"
    assert as_said(None, "date") == "not stated"
