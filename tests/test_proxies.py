"""Proxies: what they say of a client counts where the operator named them, and nothing made up does."""

import ipaddress

import pytest
from django.core.cache import cache
from django.test import RequestFactory

from aioffice.proxies import client_address, only_from_trusted_proxies

LOCAL, INNER, OUTER = "127.0.0.1", "10.0.0.7", "198.51.100.7"


@pytest.fixture
def behind_proxies(settings):
    """A site behind proxies on this machine and in 10.0.0.0/24."""
    settings.BEHIND_TLS_PROXY = True
    settings.TRUSTED_PROXIES = [ipaddress.ip_network(each) for each in ("127.0.0.0/8", "10.0.0.0/24", "::1")]
    settings.TRUSTS_SOCKET = False
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    return settings


@pytest.mark.parametrize(
    ("remote", "forwarded", "counted"),
    [
        (LOCAL, OUTER, OUTER),
        (LOCAL, f"203.0.113.1, {OUTER}", OUTER),
        (LOCAL, f"203.0.113.1, {OUTER}, {INNER}", OUTER),
        (LOCAL, f"{LOCAL}, {OUTER}", OUTER),
        ("192.0.2.1", OUTER, "192.0.2.1"),
        ("192.0.2.1", f"{OUTER}, {LOCAL}", "192.0.2.1"),
        (LOCAL, "", LOCAL),
        (LOCAL, INNER, INNER),
        (LOCAL, "nonsense", "0.0.0.0"),  # noqa: S104 (what is counted)
        (LOCAL, f"{OUTER}:4242", OUTER),
        (LOCAL, "[2001:db8:1:2::7]:4242", "2001:db8:1:2::"),
        ("::ffff:127.0.0.1", OUTER, OUTER),
        ("::1", "2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        ("fe80::1%eth0", "", "fe80::"),
        ("", OUTER, "0.0.0.0"),  # noqa: S104 (what is counted)
    ],
)
def test_a_client_is_the_first_that_no_trusted_proxy_is(behind_proxies, remote, forwarded, counted):
    headers = {"X-Forwarded-For": forwarded} if forwarded else {}
    assert client_address(RequestFactory().get("/", headers=headers, REMOTE_ADDR=remote)) == counted


def test_a_socket_is_trusted_where_it_is_named(behind_proxies):
    behind_proxies.TRUSTS_SOCKET = True
    request = RequestFactory().get("/", headers={"X-Forwarded-For": OUTER}, REMOTE_ADDR="")
    assert client_address(request) == OUTER


def test_without_a_proxy_nothing_that_is_forwarded_counts(settings):
    request = RequestFactory().get("/", headers={"X-Forwarded-For": OUTER}, REMOTE_ADDR=LOCAL)
    assert client_address(request) == LOCAL


@pytest.mark.parametrize(
    ("remote", "secure"), [(LOCAL, True), (INNER, True), ("192.0.2.1", False), ("", False)]
)
def test_only_a_trusted_proxy_says_that_a_request_came_by_tls(behind_proxies, remote, secure):
    headers = {"X-Forwarded-Proto": "https", "X-Forwarded-For": OUTER}
    request = RequestFactory().get("/", headers=headers, REMOTE_ADDR=remote)
    assert only_from_trusted_proxies(lambda request: request.is_secure())(request) is secure


def test_a_stranger_past_the_proxy_is_sent_to_https(client, db, behind_proxies):
    behind_proxies.SECURE_SSL_REDIRECT = True
    by_tls = {"x-forwarded-proto": "https"}
    assert client.get("/privacy/", headers=by_tls, REMOTE_ADDR=INNER).status_code == 200
    assert client.get("/privacy/", headers=by_tls, REMOTE_ADDR="192.0.2.1").status_code == 301


def test_made_up_addresses_neither_open_a_lock_nor_lift_a_limit(client, office, behind_proxies):
    wrong = {"username": "writer", "password": "wrong"}
    for n in range(5):
        made_up = {"x-forwarded-for": f"198.51.100.{n}"}
        answer = client.post("/admin/login/", wrong, headers=made_up, REMOTE_ADDR="192.0.2.1")
    assert answer.status_code == 429
    cache.clear()
    behind_proxies.API_RATE = "2/minute"
    asked = [
        client.get("/api/v1/", headers={"x-forwarded-for": f"203.0.113.{n}, {OUTER}"}).status_code
        for n in range(3)
    ]
    assert asked == [200, 200, 429]
    assert client.get("/api/v1/", headers={"x-forwarded-for": "203.0.113.9"}).status_code == 200
    cache.clear()


def test_an_etag_that_a_compressing_proxy_weakened_is_still_known(client, office):
    document = "/editions/2024-06-16.1/document.json"
    etag = client.get(document).headers["ETag"]
    assert client.get(document, headers={"If-None-Match": f"W/{etag}"}).status_code == 304
    assert client.get("/api/v1/units/", headers={"If-None-Match": 'W/"another"'}).status_code == 200
