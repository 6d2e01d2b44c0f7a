"""Logs: one JSON object a line, with the number of the request and nothing of who asked."""

import json
import logging

import pytest
from django.db import IntegrityError, OperationalError

from aioffice.logs import Json, described
from units.verify import remember


@pytest.fixture
def lines(caplog):
    """A function that returns what was logged, as it would be written."""
    caplog.set_level(logging.INFO)
    return lambda: [json.loads(Json().format(record)) for record in caplog.records]


def test_a_request_has_a_line_without_its_query_address_or_account(client, db, lines):
    answer = client.get(
        "/search/?q=Quilla+Zambrano", REMOTE_ADDR="203.0.113.7", HTTP_COOKIE="sessionid=secret"
    )
    [line] = [line for line in lines() if line["logger"] == "aioffice.requests"]
    assert (line["method"], line["path"], line["status"]) == ("GET", "/search/", answer.status_code)
    assert not [word for word in ("Quilla", "203.0.113", "secret") if word in json.dumps(lines())]
    assert len(answer.headers["X-Request-ID"]) == 32


@pytest.mark.parametrize(
    ("address", "given", "is_taken"),
    [("127.0.0.1", "abc-123456", True), ("203.0.113.7", "abc-123456", False), ("127.0.0.1", "a\nb{}", False)],
)
def test_the_number_of_a_request_is_taken_from_trusted_proxies_only(
    client, settings, address, given, is_taken
):
    settings.BEHIND_TLS_PROXY = True
    answer = client.get("/nothing.txt/", REMOTE_ADDR=address, HTTP_X_REQUEST_ID=given)
    assert (answer.headers["X-Request-ID"] == given) is is_taken


def test_an_error_is_told_by_its_kind_and_place_and_not_by_what_somebody_typed():
    try:
        raise IntegrityError("Key (name)=(Quilla Zambrano) already exists")
    except IntegrityError as error:
        told = described(error)
    assert (told["kind"], "Quilla" in str(told)) == ("IntegrityError", False)
    assert "test_logs.py" in told["where"][0]
    assert described(OperationalError("connection refused"))["words"] == "connection refused"


def test_ready_tells_what_verify_found_the_last_time(client, office):
    remember(2)
    ready = client.get("/health/ready/")
    assert (ready.status_code, ready.json()["verify"]) == (503, "2 problems are known: run manage.py verify")
    remember(0)
    assert client.get("/health/ready/").status_code == 200


def test_whoever_watches_needs_neither_the_name_of_the_site_nor_tls(client, settings, office):
    settings.SECURE_SSL_REDIRECT = True
    for address in ("/health/live/", "/health/ready/"):
        assert client.get(address, headers={"Host": "10.0.0.7:8000"}).status_code == 200
    assert client.post("/health/live/", headers={"Host": "10.0.0.7:8000"}).status_code != 200
