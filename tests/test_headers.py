"""The headers of every kind of answer: what browsers are told to refuse, and that readers get no cookie."""

from datetime import UTC, datetime

import pytest
from django.conf import settings as ours
from django.contrib.auth import get_user_model
from django.test import Client, override_settings
from django.urls import resolve

from aioffice.headers import HEADERS
from tests import permissions
from tests.reading import read_to_the_end
from tests.test_permissions import keys  # noqa: F401 (a fixture)
from tests.test_roles import house  # noqa: F401 (a fixture)
from tests.test_settings import PUBLIC, run_in

HSTS = "max-age=31536000; includeSubDomains; preload"
ALWAYS = {
    "Strict-Transport-Security": HSTS,
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Opener-Policy": "same-origin",
    **{name: HEADERS[name] for name in ("Permissions-Policy", "Cross-Origin-Embedder-Policy")},
}
# And the API, and the page to frame.
FOR_OTHERS = (".svg", ".png", "chart.md", ".jsonld", ".ttl")
ERRORS = {
    "/nothing/": 404,
    "/api/v1/nothing/": 404,
    "/?on=nonsense": 400,
    "/api/v1/units/?on=nonsense": 400,
    f"/{'x' * 2_000}": 400,
    "/admin/units/edition/start/": 405,
    "/admin/auth/user/": 403,
}


@pytest.fixture
def production(settings):
    """What a public site has and one on this machine has not."""
    settings.SECURE_HSTS_SECONDS, settings.SECURE_HSTS_PRELOAD = 31_536_000, True
    settings.SECURE_HSTS_INCLUDE_SUBDOMAINS = True


def check(answer, address):
    """Check the headers of an answer that came by https; return its content security policy in parts."""
    for name, value in ALWAYS.items():
        assert answer.headers.get(name) == value, (address, name)
    policy = dict(part.split(" ", 1) for part in answer.headers["Content-Security-Policy"].split("; "))
    assert policy["default-src"] == "'none'", address
    assert "unsafe" not in str(policy), address
    return policy


def test_every_address_answers_with_all_headers_and_without_a_cookie(client, keys, production):  # noqa: F811 (a fixture)
    for address, (got, _sent) in permissions.rows(keys).items():
        answer = client.get(address, secure=True)
        read_to_the_end(answer)
        policy = check(answer, address)
        is_to_frame = "/chart/embed/" in address and answer.status_code == 200
        assert policy["frame-ancestors"] == ("*" if is_to_frame else "'none'"), address
        assert ("X-Frame-Options" in answer.headers) is not is_to_frame, address
        path = address.partition("?")[0]
        for_others = is_to_frame or path.startswith("/api/") or path.endswith(FOR_OTHERS)
        is_data = (resolve(path).url_name or "").endswith(("_data", "document_file"))
        is_data = is_data or path.endswith((".jsonld", ".ttl")) or resolve(path).view_name == "document"
        wanted = "cross-origin" if is_data or (for_others and got[0] == 200) else "same-origin"
        assert answer.headers["Cross-Origin-Resource-Policy"] == wanted, address
        assert not answer.cookies or address == "/admin/login/", address


@pytest.mark.parametrize(("address", "status"), ERRORS.items())
def test_refusals_have_them_too(client, house, production, address, status):  # noqa: F811 (a fixture)
    if address.startswith("/admin/"):
        client.force_login(get_user_model().objects.create_user("staff", is_staff=True))
    answer = client.get(address, secure=True)
    assert answer.status_code == status
    assert check(answer, address)["frame-ancestors"] == "'none'"
    assert "no-store" in answer.headers["Cache-Control"]


def test_faults_and_forms_from_elsewhere_and_other_methods_have_them_too(house, production, monkeypatch):  # noqa: F811 (a fixture)
    client = Client(enforce_csrf_checks=True, raise_request_exception=False)
    answer = client.post("/admin/login/", {"username": "x"}, secure=True)
    assert answer.status_code == 403
    assert "was not sent from a page of this site" in answer.content.decode()
    assert "style" not in check(answer, "csrf")["style-src"]
    check(client.delete("/units/", secure=True), "405")
    check(client.get("/", headers={"host": "elsewhere.example"}, secure=True), "host")
    monkeypatch.setattr("units.views.home.render", None)
    answer = client.get("/", secure=True)
    assert answer.status_code == 500
    check(answer, "500")


def test_static_files_have_them_too(client, db, production):
    for name in ("site.css", "chart.js", "mark.svg", "nothing.css"):
        answer = client.get(f"/static/units/{name}", secure=True)
        assert answer.status_code == (404 if "nothing" in name else 200)
        check(answer, name)
        assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"
        assert "Access-Control-Allow-Origin" not in answer.headers
        answer.close()


def test_the_admins_pages_are_kept_by_no_browser(admin_client, house):  # noqa: F811 (a fixture)
    for address in ("/admin/", "/admin/units/unit/", "/admin/units/unit/tree/", "/admin/password_change/"):
        assert "no-store" in admin_client.get(address).headers["Cache-Control"], address


def test_an_editors_cookies_are_bound_to_the_host_and_there_are_no_others():
    code = (
        "from django.conf import settings as s; print(s.SESSION_COOKIE_NAME, s.CSRF_COOKIE_NAME, "
        "s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE, s.SESSION_COOKIE_DOMAIN, s.CSRF_COOKIE_DOMAIN, "
        "s.SESSION_COOKIE_PATH, s.CSRF_COOKIE_PATH)"
    )
    assert run_in(PUBLIC, code).split() == [
        *("__Host-sessionid", "__Host-csrftoken", "True", "True", "None", "None", "/", "/")
    ]
    assert ours.MESSAGE_STORAGE.endswith("SessionStorage")  # else there would be a third


@pytest.mark.parametrize(
    ("contact", "told"),
    [
        ("security@directory.example", "mailto:security@directory.example"),
        ("https://a.example/", "https://a.example/"),
    ],
)
def test_whoever_finds_a_weakness_learns_whom_to_tell(client, db, contact, told):
    with override_settings(SECURITY_CONTACT=contact, SITE_URL="https://directory.example"):
        answer = client.get("/.well-known/security.txt")
        again = client.get("/.well-known/security.txt")
    assert answer.content == again.content
    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
    lines = dict(line.split(": ", 1) for line in answer.content.decode().splitlines())
    assert lines["Contact"] == told
    assert lines["Canonical"] == "https://directory.example/.well-known/security.txt"
    assert lines["Preferred-Languages"] == "en"
    days = (datetime.fromisoformat(lines["Expires"]) - datetime.now(UTC)).days
    assert 100 < days < 365


def test_without_a_contact_there_is_no_security_txt(client, db):
    assert client.get("/.well-known/security.txt").status_code == 404
