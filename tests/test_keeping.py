"""Kept answers: right at once, nobody's name, nothing of editors, and the last good ones in an outage."""

import gzip
import json
import pickle
import re

import pytest
from django.core.cache import caches
from django.core.cache.backends import locmem
from django.db import OperationalError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests import permissions
from tests.conftest import ROOT
from tests.test_permissions import keys  # noqa: F401 (a fixture)
from tests.test_roles import house  # noqa: F401 (a fixture)
from units.documents import load, publish
from units.keeping import middleware, stamp
from units.models import Appointment, Person, PostPublicity, Synonym

HEAD = "/posts/head-of-the-ai-office/"


@pytest.fixture(autouse=True)
def keeping(settings, monkeypatch):
    """Keep answers, and hold nothing for a second: what has changed counts at once."""
    settings.KEEP_ANSWERS = True
    monkeypatch.setattr(stamp, "HELD_SECONDS", 0)
    monkeypatch.setattr(stamp, "TRY_AGAIN", 0)


@pytest.fixture
def holding(monkeypatch):
    monkeypatch.setattr(stamp, "HELD_SECONDS", 60)


@pytest.fixture
def outage():
    """A function that takes the database away: a context manager."""

    def gone(*arguments):
        raise OperationalError("made up for this test")

    return lambda: connection.execute_wrapper(gone)


def all_kept():
    kept = [locmem._caches[name].values() for name in ("answers", "asked")]
    return [pickle.loads(value) for values in kept for value in values]  # noqa: S301 (our own)


def test_what_was_asked_before_takes_no_query(office, client, holding):
    for address in ["/", "/units/ai-office/", "/api/v1/units/?limit=2", "/chart.svg", "/search/?q=safety"]:
        first = client.get(address)
        with CaptureQueriesContext(connection) as queries:
            again = client.get(address)
            unchanged = client.get(address, headers={"If-None-Match": first.headers["ETag"]})
        assert (again.status_code, again.content, again.headers) == (200, first.content, first.headers)
        assert (unchanged.status_code, len(queries)) == (304, 0)


def test_a_process_that_has_kept_nothing_knows_its_pages_by_their_etags(office, client, holding):
    etag = client.get("/tasks/").headers["ETag"]
    caches["answers"].clear()
    with CaptureQueriesContext(connection) as queries:
        unchanged = client.get("/tasks/", headers={"If-None-Match": etag})
    assert (unchanged.status_code, len(queries), all_kept()) == (304, 0, [])
    assert unchanged.headers["Vary"] == client.get("/tasks/").headers["Vary"]


def test_every_address_answers_the_second_time_as_the_first(client, keys):  # noqa: F811 (a fixture)
    for address in permissions.rows(keys):
        if address.startswith("/admin/"):
            continue
        answers = [client.get(address, headers={"Accept-Encoding": coding}) for coding in ("", "", "gzip")]
        texts = [answer.getvalue() for answer in answers]
        for answer in answers:
            answer.headers.pop("X-Request-ID", None)
        if answers[2].headers.get("Content-Encoding") == "gzip":
            assert answers[2].headers["ETag"] == answers[0].headers["ETag"][:-1] + '-gzip"'
            texts[2] = gzip.decompress(texts[2])
        assert answers[0].headers == answers[1].headers, address
        assert texts[0] == texts[1] == texts[2], address
        assert answers[0].cookies == {}


def test_a_publication_counts_at_once(office, client, small_document):
    before = client.get("/units/")
    publish(load(small_document))
    after = client.get("/units/", headers={"If-None-Match": before.headers["ETag"]})
    assert after.status_code == 200
    assert "Left unit" in after.content.decode()


def test_a_file_that_is_made_counts_at_once(office, client, settings, tmp_path):
    settings.CACHE_DIR = tmp_path
    before = client.get("/data/").content.count(b"not made yet")
    b"".join(client.get("/editions/2024-06-16.1/document.ttl"))
    assert client.get("/data/").content.count(b"not made yet") == before - 2


def test_synonyms_count_at_once(office, client):
    before = client.get("/search/?q=zebra").content
    Synonym.objects.create(said="zebra", meant="safety")
    assert client.get("/search/?q=zebra").content != before


def test_midnight_in_brussels_counts_at_once(office, client, monkeypatch):
    client.get("/people/")
    tomorrow = timezone.localdate() + timezone.timedelta(days=1)
    monkeypatch.setattr(timezone, "localdate", lambda *given: tomorrow)
    assert f"{tomorrow:%Y-%m-%d}" in client.get("/people/").content.decode()


def test_what_is_made_while_the_clock_is_set_is_not_kept(office, client, holding, monkeypatch):
    client.get("/tasks/")
    tomorrow = timezone.localdate() + timezone.timedelta(days=1)
    monkeypatch.setattr(timezone, "localdate", lambda *given: tomorrow)
    count = len(all_kept())
    assert client.get("/units/").status_code == 200
    assert len(all_kept()) == count


def test_nobody_is_named_in_what_is_kept(office, client):
    client.get(HEAD)
    person = Person.objects.create(name="Quilla Zambrano")
    Appointment.objects.create(person=person, post=office.head.slug, source="Official Journal")
    PostPublicity.objects.create(post=office.head.slug, reason="Heads are named")
    for address in [HEAD, "/units/ai-office/", "/people/", "/search/?q=zambrano", "/api/v1/people/"]:
        named = [client.get(address) for _twice in range(2)]
        assert all("Zambrano" in answer.content.decode() for answer in named), address
        assert named[0].headers["ETag"] == named[1].headers["ETag"]
    texts = [gzip.decompress(kept.response.content) for kept in all_kept() if kept.is_pressed]
    assert texts
    assert not any(b"Zambrano" in text for text in texts)
    person.delete()
    again = client.get(HEAD, headers={"If-None-Match": named[0].headers["ETag"]})
    assert (again.status_code, "Zambrano" in again.content.decode()) == (200, False)


def test_editors_get_pages_of_their_own(editor):
    reader = Client()
    reader.get("/units/left/")
    page = editor.get("/units/left/")
    assert ("Edit" in page.content.decode(), page.headers["Cache-Control"]) == (True, "private, no-cache")
    assert 'class="edit"' not in reader.get("/units/left/").content.decode()


def test_strange_parameters_hosts_and_headers_leave_nothing_behind(office, client):
    client.get("/units/")
    count = len(all_kept())
    strange = {"X-Forwarded-Host": "evil.example", "X-Original-URL": "/admin/", "Accept-Language": "xx"}
    assert client.get("/units/?fbclid=1&utm_source=x").status_code == 200
    assert client.get("/units/", headers={"Host": "evil.example"}).status_code == 400
    assert b"evil" not in client.get("/units/", headers=strange).content
    for address in ["/nothing/", "/units/nothing/", "/?on=nonsense", "/admin/login/", "/health/live/"]:
        client.get(address)
    assert len(all_kept()) == count


def test_the_parameters_of_the_api_are_known():
    document = json.loads((ROOT / "docs" / "openapi.json").read_text())
    asked = [each for path in document["paths"].values() for each in path["get"].get("parameters", ())]
    assert {each["name"] for each in asked if each["in"] == "query"} <= middleware.KNOWN


@pytest.mark.parametrize(
    ("accept", "is_pressed"),
    [("", False), ("gzip", True), ("br, gzip;q=0.5", True), ("gzip;q=0", False), ("*", True), ("br", False)],
)
def test_compression_is_as_asked(office, client, accept, is_pressed):
    answer = client.get("/", headers={"Accept-Encoding": accept})
    assert ("Content-Encoding" in answer.headers) is is_pressed
    assert "Accept-Encoding" in answer.headers["Vary"]
    head = client.head("/", headers={"Accept-Encoding": accept})
    assert (head.headers["Content-Length"], head.content) == (str(len(answer.content)), b"")
    assert head.headers["ETag"] == answer.headers["ETag"]


def test_pages_and_data_of_one_address_are_kept_apart(office, client):
    for _twice in range(2):
        data = client.get("/units/", headers={"Accept": "application/json"})
        page = client.get("/units/", headers={"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"})
        assert data.headers["Content-Type"] == "application/json"
        assert data.headers["Access-Control-Allow-Origin"] == "*"
        assert page.headers["Content-Type"].startswith("text/html")


def test_in_an_outage_readers_get_the_last_good_page_marked_as_such(office, client, outage):
    before = client.get("/units/ai-office/")
    client.get("/api/v1/units/")
    with outage():
        page = client.get("/units/ai-office/", headers={"If-None-Match": before.headers["ETag"]})
        data = client.get("/api/v1/units/")
    text = page.content.decode()
    assert (page.status_code, data.status_code) == (200, 200)
    assert re.search(r'<body>\s*<p class="outage" role="status">.*This page is as it was at \d\d:\d\d', text)
    assert re.sub(r'<p class="outage".*?</p>', "", text) == before.content.decode()
    assert (page.headers["Cache-Control"], "ETag" in page.headers) == ("no-store", False)
    assert page.headers["Cache-Status"] == data.headers["Cache-Status"]
    assert client.get("/units/ai-office/").content == before.content


def test_in_an_outage_an_address_with_a_tracking_parameter_has_its_page_too(office, client, outage):
    client.get("/units/")
    with outage():
        assert "outage" in client.get("/units/?fbclid=1").content.decode()


def test_what_is_not_kept_is_503_in_an_outage_with_when_to_ask_again(office, client, outage):
    client.raise_request_exception = False
    with outage():
        found = [client.get(address) for address in ["/tasks/", "/units.json"]]
        problem = client.get("/api/v1/tasks/")
        client.cookies["sessionid"] = "made-up-and-long-enough"
        found += [client.get("/admin/"), client.get("/")]
    for answer in [*found, problem]:
        assert (answer.status_code, answer.headers["Retry-After"]) == (503, "10")
    assert "does not answer at the moment" in found[0].content.decode()
    assert problem.headers["Content-Type"] == found[1].headers["Content-Type"] == "application/problem+json"


def test_a_database_that_fails_in_the_middle_of_a_page_is_an_outage_too(office, client, holding, monkeypatch):
    client.get("/tasks/")
    client.get("/units/")
    stamp.held_here().stamp = "another"

    def fail(*arguments, **named):
        raise OperationalError("made up for this test")

    monkeypatch.setattr("units.views.mandates.footnotes_of", fail)
    client.raise_request_exception = False
    assert "outage" in client.get("/tasks/").content.decode()


def test_a_database_that_is_gone_is_asked_by_one_request_a_second(office, client, outage, monkeypatch):
    client.get("/")
    monkeypatch.setattr(stamp, "TRY_AGAIN", 60)
    with outage():
        client.get("/")
    with CaptureQueriesContext(connection) as queries:
        assert "outage" in client.get("/").content.decode()
    assert len(queries) == 0
    stamp.held_here().try_again = 0
    assert "outage" not in client.get("/").content.decode()


def test_a_cache_that_fails_costs_nobody_an_answer(office, client, monkeypatch):
    def fail(*arguments):
        raise ConnectionError("made up for this test")

    monkeypatch.setattr(locmem.LocMemCache, "get", fail)
    monkeypatch.setattr(locmem.LocMemCache, "set", fail)
    assert client.get("/").status_code == 200


@pytest.mark.parametrize("path", ["/api/v1/units/", "/api/v1/", "/api/v1/editions/", "/units/ai-office.json"])
def test_scripts_of_other_sites_may_read_that_nothing_has_changed(client, office, path):
    whole = client.get(path)
    conditions = [{"if-none-match": whole.headers["ETag"]}, {"if-none-match": "*"}]
    if "Last-Modified" in whole.headers:
        conditions.append({"if-modified-since": whole.headers["Last-Modified"]})
    for headers in conditions:
        unchanged = client.get(path, headers=headers)
        assert unchanged.status_code == 304
        assert unchanged.headers["Access-Control-Allow-Origin"] == "*"
        assert unchanged.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
