"""The public pages: what they show, how they refuse, and how many queries they take."""

import re
from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape

from bench.institutions import institution
from tests.reading import published, text_of
from units.models import Citation

FACTS = [
    "/",
    "/units/ai-office/",
    "/units/ai-safety/",
    "/tasks/",
    "/posts/lead-scientific-adviser/",
    "/bodies/advisory-forum/",
    "/initiatives/ai-act/",
    "/timeline/",
]
PAGES = [
    *FACTS,
    "/chart/",
    "/units/",
    "/posts/",
    "/people/",
    "/bodies/",
    "/initiatives/",
    "/sources/",
    "/sources/ip-24-2982/",
    "/search/?q=office",
]
OF_THE_SITE = ["/editions/", "/data/", "/about/", "/accessibility/", "/privacy/"]
MOST_QUERIES = 8


def test_home_shows_the_chart_in_the_sources_order(client, office):
    page = text_of(client.get("/"))
    names = ["Regulation and Compliance Unit", "Unit on AI safety", "Excellence in AI and Robotics Unit"]
    places = [page.index(name) for name in [*names, "AI for Societal Good Unit", "AI Innovation and Policy"]]
    assert places == sorted(places)


def test_home_says_how_many_staff_as_exactly_as_the_source(client, office):
    assert re.search(r"Staff more than 140 Source \d+ planned", text_of(client.get("/")))


def test_home_says_which_dates_are_expected_and_which_are_inferred(client, office):
    page = text_of(client.get("/"))
    assert re.search(r"by the end of June 2024 date inferred The AI Board meets .{0,30}expected", page)
    assert "9 months after: The AI Act enters into force The codes of practice are due" in page


@pytest.mark.parametrize("address", PAGES)
def test_every_page_names_its_edition_its_day_and_that_it_is_not_official(client, office, address):
    page = text_of(client.get(address))
    assert "Chart in effect from 16 June 2024 , announced on 29 May 2024" in page
    assert "Not an official website of the European Commission" in page
    assert office.edition.sha256 in page


def test_a_unit_shows_its_place_its_tasks_and_their_sources(client, office):
    page = text_of(client.get("/units/regulation-and-compliance/"))
    assert "Overview European Commission AI Office Regulation and Compliance Unit" in page
    assert re.search(r"Coordinates the regulatory approach Source \d+ .*Together with Member States", page)
    assert "IP/24/2982, 29 May 2024, passage 8" in page


def test_the_office_shows_its_posts_whose_holders_are_not_stated(client, office):
    page = text_of(client.get("/units/ai-office/"))
    assert page.count("Holder: not stated in the source") == 3
    assert "vacant" not in page


def test_a_name_of_ours_is_marked_as_ours(client, office):
    page = text_of(client.get("/units/ai-safety/"))
    assert "Also called AI Safety Unit (our name for it, not the source’s)" in page


def test_a_source_shows_each_passage_with_what_stands_on_it(client, office):
    page = client.get("/sources/ip-24-2982/").content.decode()
    for number in range(3, 38):
        [passage] = re.findall(rf'<li id="p{number}">.*?<ul class="rests-on-it">(.*?)</ul>', page, re.S)
        assert "<li>" in passage, number
    assert "/units/ai-safety/#statement-systemic-risks" in page


def test_a_source_without_a_known_address_is_shown_without_a_link(client, office):
    page = client.get("/sources/otto-schmidt-2024-06-03/")
    assert "Original no address known" in text_of(page)
    assert 'rel="external' not in page.content.decode()


def test_every_fact_that_is_shown_has_a_source_mark(client, office):
    for address in FACTS:
        page = client.get(address).content.decode()
        facts = re.findall(r'(<li class="statement"|<li id="milestone)(.*?)</li>', page, re.S)
        assert facts
        for start, fact in facts:
            assert 'class="mark"' in fact, start + fact


def test_another_day_shows_the_edition_of_that_day(client, db, small_document):
    published(small_document)
    published(small_document, effective_on="2025-06-01", title="Later")
    assert "in effect from 1 January 2025" in text_of(client.get("/?on=2025-05-31"))
    assert "in effect from 1 June 2025" in text_of(client.get("/?on=2025-06-01"))


def test_before_the_first_edition_the_page_says_so_and_shows_what_was_announced(client, office):
    response = client.get("/?on=2024-06-15")
    assert response.status_code == 404
    assert "No chart was in effect on 15 June 2024" in text_of(response)
    assert 'type="search" maxlength="200" value=""' in response.content.decode()
    assert "/editions/2024-06-16/" in response.content.decode()


def test_a_site_without_an_edition_says_so(client, db):
    response = client.get("/")
    assert response.status_code == 404
    assert "No edition has been published yet" in text_of(response)


def test_what_a_citation_says_of_a_passage_stands_with_the_passage_on_the_page_of_the_fact(client, office):
    for citation in Citation.objects.exclude(note="").exclude(source__isnull=False):
        fact = citation.target
        owner = fact if hasattr(fact, "name") else getattr(fact, "owner", None)
        address = reverse(f"pages:{owner._meta.model_name}", args=[owner.slug]) if owner else "/timeline/"
        page = client.get(address).content.decode()
        found = re.findall(r'<span class="note">([^<]*)</span>', page)
        assert any(f"“{escape(fact)}”" in note and citation.note in note for note in found), str(citation)


def test_what_is_announced_for_later_is_marked_as_not_yet_in_effect(client, db, small_document):
    tomorrow = timezone.localdate() + timedelta(days=1)
    published(small_document, effective_on=tomorrow.isoformat())
    assert client.get("/").status_code == 404
    assert "Announced, not yet in effect." in text_of(client.get(f"/editions/{tomorrow}/"))
    assert "Announced" not in text_of(client.get(f"/?on={tomorrow}"))


def test_the_latest_revision_answers_for_its_day_and_each_for_itself(client, db, small_document):
    published(small_document)
    published(small_document, note="A slip was mended.")
    assert "A slip was mended." in text_of(client.get("/editions/2025-01-01/"))
    assert "A slip was mended." not in text_of(client.get("/editions/2025-01-01.1/"))


def test_a_draft_is_never_shown(client, draft):
    assert client.get("/").status_code == 404
    assert client.get(f"/editions/draft-{draft.pk}/").status_code == 404
    assert client.get("/units/left/?on=2030-01-01").status_code == 404


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("/?on=2024-13-45", "one day that exists"),
        ("/?on=", "one day that exists"),
        ("/?on=20240616", "one day that exists"),
        ("/?on=2024-06-16T00:00", "one day that exists"),
        ("/?on=0000-01-01", "one day that exists"),
        ("/?on=٢٠٢٤-06-16", "one day that exists"),
        ("/?on=2024-06-16%00", "NUL"),
        ("/units/ai%00office/", "NUL"),
        ("/?on=2024-06-16&on=2024-06-17", "one day that exists"),
        ("/?known=yesterday", "“known” takes one day"),
        ("/editions/2024-06-16/?on=2024-06-16", "leave out"),
        ("/?q=" + "x" * 5_000, "too long"),
        ("/" + "x" * 2_000, "too long"),
    ],
)
def test_a_value_that_can_not_be_read_is_refused_in_a_sentence(client, office, address, words):
    response = client.get(address)
    assert response.status_code == 400
    assert words in text_of(response)


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("/units/nothing/", "no unit “nothing”"),
        ("/sources/nothing/", "no source “nothing”"),
        ("/editions/2024-06-17/", "no edition “2024-06-17”"),
        ("/editions/2024-06-16.2/", "no edition “2024-06-16.2”"),
        ("/editions/%3Cscript%3E/", "no edition “<script>”"),
        ("/nothing/", "no page at this address"),
    ],
)
def test_what_is_not_there_is_answered_in_a_sentence(client, office, address, words):
    response = client.get(address)
    assert response.status_code == 404
    assert words in text_of(response)
    assert b"<script>" not in response.content


def test_parameters_that_are_not_ours_are_ignored(client, office):
    assert client.get("/?fbclid=1&utm_source=%F0%9F%8D%AA").status_code == 200


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete", "trace"])
@pytest.mark.parametrize("address", [*PAGES, "/nothing/", "/health/live/"])
def test_writing_is_refused_everywhere_before_anything_else(client, db, method, address):
    response = getattr(client, method)(address)
    assert response.status_code == 405
    assert response.headers["Allow"] == "GET, HEAD, OPTIONS"


def test_head_and_options_answer(client, office):
    assert client.head("/").status_code == 200
    assert client.options("/").headers["Allow"] == "GET, HEAD, OPTIONS"


def test_an_error_of_ours_is_a_page_that_needs_no_database(client, monkeypatch):
    def broken(*args):
        raise RuntimeError("password=secret")

    monkeypatch.setattr("units.resolve.published_editions", broken)
    client.raise_request_exception = False
    response = client.get("/")
    assert response.status_code == 500
    assert "Something went wrong on our side" in text_of(response)
    assert "secret" not in response.content.decode()


@pytest.mark.parametrize("address", [*PAGES, *OF_THE_SITE])
def test_a_reader_gets_no_cookie_and_a_strict_policy(client, office, address):
    response = client.get(address)
    assert not response.cookies
    assert "default-src 'none'" in response.headers["Content-Security-Policy"]
    assert "unsafe" not in response.headers["Content-Security-Policy"]
    assert response.headers["Cache-Control"] == "no-cache"


@pytest.mark.parametrize("address", [*PAGES, *OF_THE_SITE])
def test_a_page_takes_a_handful_of_queries(client, office, address, django_assert_max_num_queries):
    with django_assert_max_num_queries(MOST_QUERIES):
        assert client.get(address).status_code == 200


def test_home_shows_upper_levels_of_a_large_chart_and_counts_the_rest(client, db):
    published(institution(2_000))
    page = client.get("/").content.decode()
    assert page.count('class="box') <= 121
    assert "units below" in page


def test_live_answers_without_a_database(client):
    assert client.get("/health/live/").json() == {"live": "ok"}


def test_ready_names_what_is_missing(client, db, small_document):
    response = client.get("/health/ready/")
    assert (response.status_code, response.json()["edition"][:24]) == (503, "no edition is in force: ")
    published(small_document, effective_on=date.today().isoformat())
    assert client.get("/health/ready/").status_code == 200


def test_a_passage_on_which_very_much_rests_shows_some_of_it_and_the_number(client, db):
    published(institution(20))
    page = client.get("/sources/charter/").content.decode()
    assert page.count('class="fact-kind"') == 20
    assert "61 facts rest on it in all" in page
