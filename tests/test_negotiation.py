"""A page and its data find each other."""

import pytest

PAGES = ["units/", "units/ai-safety/", "posts/", "bodies/", "tasks/", "timeline/", "sources/ip-24-2982/"]


pytestmark = pytest.mark.usefixtures("office")


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("at", ["/", "/editions/2024-06-16.1/"])
def test_a_page_and_a_suffix_give_the_same_data(client, page, at):
    by_accept = client.get(at + page, headers={"accept": "application/json"})
    by_suffix = client.get(f"{at}{page[:-1]}.json", headers={"accept": "text/html"})
    assert by_accept.json() == by_suffix.json()
    assert by_accept.json()["edition"]["id"] == "2024-06-16.1"
    assert "Accept" in by_accept["Vary"]


@pytest.mark.parametrize(("accept", "status"), [("*/*", 200), ("text/csv", 200), ("image/png", 406)])
def test_an_answer_of_the_api_says_that_accept_decided(client, accept, status):
    answer = client.get("/api/v1/units/", headers={"accept": accept})
    assert answer.status_code == status
    assert "Accept" in answer["Vary"].split(", ")
    assert "Accept" not in client.get("/api/v1/units.csv").get("Vary", "").split(", ")


@pytest.mark.parametrize(
    ("accept", "kind"),
    [
        ("", "text/html"),
        ("*/*", "text/html"),
        ("image/png", "text/html"),
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "text/html"),
        ("application/json;q=0.4, text/html;q=0.5", "text/html"),
        ("application/json, text/html;q=0.9", "application/json"),
        ("text/html;q=0, */*", "application/json"),
        ("text/csv;header=present, text/html;q=0.9", "text/csv"),
        ('application/ld+json;profile="http://www.w3.org/ns/json-ld#flattened"', "application/ld+json"),
    ],
)
def test_accept_is_weighed(client, accept, kind):
    assert client.get("/units/", headers={"accept": accept})["Content-Type"].startswith(kind)


@pytest.mark.parametrize(
    "accept",
    ["text/csv;header=present", "text/csv; charset=utf-8", "text/turtle;q=0.2, text/csv;header=no"],
)
def test_parameters_of_an_accepted_type_are_passed_by(client, accept):
    answer = client.get("/api/v1/units/", headers={"accept": accept})
    assert answer.status_code == 200
    assert answer["Content-Type"] == "text/csv; charset=utf-8; header=present"


def test_the_vocabulary_is_given_to_whoever_names_a_parameter(client):
    answer = client.get("/vocabulary", headers={"accept": "text/turtle;charset=utf-8"})
    assert answer["Content-Type"].startswith("text/turtle")


def test_what_has_the_weight_0_is_not_given(client):
    answer = client.get("/api/v1/units/", headers={"accept": "application/json;q=0, */*;q=0.1"})
    assert answer["Content-Type"] == "application/ld+json"
    assert client.get("/api/v1/units/", headers={"accept": "application/json;q=0"}).status_code == 406


def test_data_of_the_day_that_the_address_asks_for(client):
    assert client.get("/units.json?on=2024-01-01").status_code == 404
    assert client.get("/units.json?on=2024-06-16").json()["on"] == "2024-06-16"


def test_what_is_wrong_with_a_request_for_data_is_told_to_a_program(client):
    refused = client.get("/units/no-such-unit.json")
    assert refused.status_code == 404
    assert refused["Content-Type"] == "application/problem+json"
    assert refused["Access-Control-Allow-Origin"] == "*"


def test_an_address_that_names_its_edition_takes_no_other(client):
    assert client.get("/editions/2024-06-16.1/units.json?on=2024-06-16").status_code == 400


def test_a_draft_has_no_data_at_its_pages(client):
    assert client.get("/editions/draft-1/units.json").status_code == 404


def test_people_are_of_a_day(client):
    assert client.get("/editions/2024-06-16.1/people.json").status_code == 404
    assert client.get("/people.json").json()["results"] == []
