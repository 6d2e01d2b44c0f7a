"""The API's manners: refusals, methods, other sites, caching and limits."""

import json
from datetime import date, timedelta

import pytest
from django.core.cache import cache
from django.core.exceptions import ImproperlyConfigured
from django.test import override_settings
from django.utils import timezone

from aioffice.env import env_rate
from tests.test_api import ADDRESSES, get
from tests.test_pages import published
from units.models import Appointment, Person, PostPublicity

ALLOW = "GET, HEAD, OPTIONS"


def problem(answer, status):
    """Return the members of the problem that `answer` is."""
    assert answer.status_code == status, answer.content
    assert answer.headers["Content-Type"] == "application/problem+json"
    told = answer.json()
    assert told["status"] == status
    assert told["title"]
    assert told["detail"]
    assert "/api/v1/docs/#" in told["type"]
    return told


@pytest.mark.parametrize("address", [address for address in ADDRESSES if "?" not in address])
def test_an_unknown_parameter_is_named_and_the_known_ones_listed(client, office, address):
    told = problem(client.get(f"{address}?fbclid=1"), 400)
    assert told["parameter"] == "fbclid"
    assert isinstance(told["allowed"], list)


@pytest.mark.parametrize(
    ("path", "parameter"),
    [
        ("units/?kind=nonsense", "kind"),
        ("units/?kind=", "kind"),
        ("units/?kind=unit&kind=office", "kind"),
        ("units/?parent=a%20b", "parent"),
        ("units/?q=%07", "q"),
        (f"units/?q={'x' * 201}", "q"),
        ("units/?ordering=lft", "ordering"),
        ("units/?limit=0", "limit"),
        ("units/?limit=201", "limit"),
        ("units/?limit=ten", "limit"),
        ("units/?limit=%D9%A3", "limit"),
        (f"units/?offset={10**30}", "offset"),
        ("units/?offset=-1", "offset"),
        ("units/?fields=slug,nonsense", "fields"),
        ("units/?omit=lft", "omit"),
        ("units/?on=2024-13-45", "on"),
        ("units/?on=yesterday", "on"),
        ("units/?known=2024-6-1", "known"),
        ("units/?edition=draft-1", "edition"),
        ("units/?edition=2024-06-16&on=2024-06-16", "edition"),
        ("tasks/?part=employs", "part"),
        ("tasks/?theme=%EF%BF%BD%C2%80", "theme"),
        ("tree/?depth=abc", "depth"),
        ("tree/?depth=101", "depth"),
        ("tree/?shape=round", "shape"),
        ("tree/?root=..", "root"),
        ("changes/?since=soon", "since"),
        ("changes/?since=2024-02-30", "since"),
        ("changes/?limit=21", "limit"),
    ],
)
def test_a_bad_value_is_refused_by_name(client, office, path, parameter):
    assert problem(get(client, path), 400)["parameter"] == parameter


def test_a_bad_choice_lists_the_good_ones(client, office):
    assert problem(get(client, "units/?kind=nonsense"), 400)["allowed"] == ["institution", "office", "unit"]


@pytest.mark.parametrize(
    ("path", "parameter"),
    [
        ("units/?ancestor=nobody", "ancestor"),
        ("units/?parent=nobody", "parent"),
        ("tasks/?owner=nobody", "owner"),
        ("tasks/?initiative=nothing", "initiative"),
        ("tasks/?body=nobody", "body"),
        ("tree/?root=nobody", "root"),
        ("units/?edition=2000-01-01", "edition"),
        ("changes/?since=2000-01-01.1", "since"),
    ],
)
def test_a_good_value_that_names_nothing_is_not_found_and_told_what_is(client, office, path, parameter):
    told = problem(get(client, path), 404)
    assert told["parameter"] == parameter
    assert 0 < len(told["allowed"]) <= 50


def test_a_day_before_the_first_chart_has_no_answer(client, office):
    assert problem(get(client, "units/?on=2000-01-01"), 404)["parameter"] == "on"


def test_an_ancestor_of_another_edition_is_not_found(client, db, small_document):
    published(small_document)
    small_document["units"][0]["units"][0]["slug"] = "newcomer"
    published(small_document, effective_on="2026-01-01")
    assert get(client, "units/?ancestor=newcomer&on=2026-06-01").status_code == 200
    assert problem(get(client, "units/?ancestor=newcomer&on=2025-06-01"), 404)["parameter"] == "ancestor"


@pytest.mark.parametrize(
    "path",
    [
        *("units/?q=%00", "units/\x00/", "units/%00/", "units/?%00=1", "units/%ED%A0%80/", "units/%FF/"),
        *("units/?q=%ED%A0%80", "units/?q=%FF", "tasks/?theme=%ED%A0%80", "units/?q=" + "x" * 10_240),
        *("units/" + "x" * 2_000 + "/", "units/?" + "&".join(f"a{i}=1" for i in range(2_000)), "nothing/"),
        *("units.xml", "units/ai-office.csv", "editions/2024-06-16.1.xml", "editions/0000-00-00/", "units//"),
        *(
            "units/?q=%5B%28%2A%2B%3F%5C",
            "units/?%ED%A0%80=1",
            "units/..%2f..%2f/",
            "editions/99999/document/",
        ),
    ],
)
def test_nothing_in_an_address_makes_a_fault_of_ours(client, office, path):
    answer = get(client, path)
    assert answer.status_code in (200, 400, 404)
    assert answer.status_code == 200 or problem(answer, answer.status_code)


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete", "trace"])
def test_other_methods_are_refused_naming_those_that_are_allowed(client, office, method):
    answer = getattr(client, method)("/api/v1/units/")
    problem(answer, 405)
    assert answer.headers["Allow"] == ALLOW
    assert not answer.cookies


@pytest.mark.parametrize(
    "kind", ["application/json", "text/plain", "application/xml", "multipart/form-data; boundary=x"]
)
def test_a_body_of_whatever_kind_changes_nothing(client, office, kind):
    body = "[" * 100_000
    problem(client.post("/api/v1/units/", body, content_type=kind), 405)
    assert client.generic("GET", "/api/v1/units/", body, content_type=kind).status_code == 200


@pytest.mark.parametrize("address", ADDRESSES)
def test_head_and_options_answer_without_a_body(client, office, address):
    got, head, options = client.get(address), client.head(address), client.options(address)
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["ETag"] == got.headers["ETag"]
    assert (options.status_code, options.content, options.headers["Allow"]) == (204, b"", ALLOW)


def test_other_sites_may_read_answers_and_refusals(client, office):
    for path in ("units/", "nothing/", "units/?kind=x", "openapi.json"):
        answer = get(client, path, origin="https://elsewhere.example")
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        assert answer.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
        assert "ETag" in answer.headers["Access-Control-Expose-Headers"]
        assert "Access-Control-Allow-Credentials" not in answer.headers
    assert "Access-Control-Allow-Origin" not in client.get("/units/").headers


def test_a_browser_may_ask_beforehand(client, office):
    asked = {"access-control-request-method": "GET", "access-control-request-headers": "if-none-match"}
    answer = client.options("/api/v1/units/", headers=asked | {"origin": "https://elsewhere.example"})
    assert "GET" in answer.headers["Access-Control-Allow-Methods"]
    assert "If-None-Match" in answer.headers["Access-Control-Allow-Headers"]


def test_a_format_that_there_is_not_is_not_acceptable(client, office):
    problem(get(client, "units/", accept="image/png"), 406)
    assert get(client, "units/", accept="text/html, */*;q=0.1").status_code == 200


def test_nobody_gets_a_cookie_and_nothing_varies_by_one(client, office):
    answer = get(client, "units/")
    assert not answer.cookies
    assert "Cookie" not in answer.headers.get("Vary", "")


@pytest.mark.parametrize("address", ADDRESSES)
def test_an_unchanged_answer_is_a_304(client, office, address):
    etag = client.get(address).headers["ETag"]
    assert not etag.startswith("W/")
    again = client.get(address, headers={"if-none-match": etag})
    assert (again.status_code, again.content, again.headers["ETag"]) == (304, b"", etag)
    assert client.get(address, headers={"if-none-match": "*"}).status_code == 304
    assert client.get(address, headers={"if-none-match": '"other"'}).status_code == 200


@pytest.mark.parametrize(
    "address", [each for each in ADDRESSES if "posts" not in each and "people" not in each]
)
def test_a_304_takes_no_query_and_no_work(client, office, django_assert_num_queries, monkeypatch, address):
    etag = client.get(address).headers["ETag"]
    monkeypatch.setattr("units.api.frame.Reading.envelope", None)
    with django_assert_num_queries(0):
        assert client.get(address, headers={"if-none-match": etag}).status_code == 304


def test_an_answer_that_did_not_change_since_is_a_304(client, office):
    last = get(client, "units/").headers["Last-Modified"]
    assert get(client, "units/", **{"if-modified-since": last}).status_code == 304
    assert get(client, "units/nothing/", **{"if-modified-since": last}).status_code == 404
    assert get(client, "units/", **{"if-modified-since": "Mon, 01 Jan 2024 00:00:00 GMT"}).status_code == 200


def test_etags_differ_by_edition_day_parameters_and_code(client, office, small_document, monkeypatch):
    paths = (
        "units/",
        "units/?limit=1",
        "units/?on=2024-06-16",
        "units/?on=2024-06-17",
        "tasks/",
        "units.json",
    )
    before = [get(client, path).headers["ETag"] for path in paths]
    published(small_document)
    after = [get(client, path).headers["ETag"] for path in paths]
    monkeypatch.setattr("units.conditional.code_version", lambda: "another")
    later = [get(client, path).headers["ETag"] for path in paths]
    assert len({*before, *after, *later}) == 3 * len(paths) - 2  # two days that the new edition leaves alone


def test_the_order_of_parameters_makes_no_other_etag(client, office):
    first, second = get(client, "units/?limit=1&offset=1"), get(client, "units/?offset=1&limit=1")
    assert first.headers["ETag"] == second.headers["ETag"]


@pytest.mark.parametrize("path", ["posts/", "posts/head-of-the-ai-office/", "people/"])
def test_a_changed_or_erased_name_changes_the_answer_at_once(client, office, path):
    empty = get(client, path).headers["ETag"]
    PostPublicity.objects.create(post=office.head.slug, reason="The public elects to know")
    person = Person.objects.create(name="Ada Example")
    Appointment.objects.create(person=person, post=office.head.slug, source="A decision")
    named = get(client, path).headers["ETag"]
    # Past save() and signals, as an erasure by hand would be.
    Person.objects.update(name="Bea Example")
    assert get(client, path, **{"if-none-match": named}).status_code == 200
    person.delete()
    assert get(client, path).headers["ETag"] == empty
    assert get(client, path).headers["Cache-Control"] == "no-cache"


def test_one_client_is_told_to_wait_and_others_are_not(client, office):
    cache.clear()
    with override_settings(API_RATE="2/minute"):
        assert [get(client, "units/").status_code for _ in range(3)] == [200, 200, 429]
        answer = client.get("/api/v1/units/", headers={"x-forwarded-for": "192.0.2.9"})
        problem(answer, 429)
        assert 0 < int(answer.headers["Retry-After"]) <= 61
        assert client.get("/api/v1/units/", REMOTE_ADDR="192.0.2.7").status_code == 200
    cache.clear()


def test_a_directory_without_an_edition_refuses_politely(client, db):
    problem(get(client, "tree/"), 404)
    assert json.loads(get(client, "editions/").content)["count"] == 0


@pytest.mark.parametrize(
    ("given", "rate"), [("", ""), ("0", ""), ("5/second", "5/second"), ("600/day", "600/day")]
)
def test_the_rate_is_a_number_in_a_time_or_none(monkeypatch, given, rate):
    monkeypatch.setenv("API_RATE", given)
    assert env_rate("API_RATE", "1/hour") == rate


@pytest.mark.parametrize("nonsense", ["often", "0/minute", "5/fortnight", "-1/day", "5 / minute"])
def test_a_rate_that_is_none_is_refused(monkeypatch, nonsense):
    monkeypatch.setenv("API_RATE", nonsense)
    with pytest.raises(ImproperlyConfigured, match="API_RATE"):
        env_rate("API_RATE", "")


def test_a_fault_of_ours_is_a_problem_too(client, office, monkeypatch):
    monkeypatch.setattr("units.api.views.answers.unit", None)
    client.raise_request_exception = False
    told = problem(get(client, "units/"), 500)
    assert "TypeError" not in told["detail"]


def test_today_is_today_in_brussels(client, office):
    assert date.fromisoformat(get(client, "units/").json()["on"]) == timezone.localdate()
    tomorrow = timezone.localdate() + timedelta(days=1)
    assert get(client, f"units/?on={tomorrow}").json()["on"] == tomorrow.isoformat()
