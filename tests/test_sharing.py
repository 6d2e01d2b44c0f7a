"""What pages tell search engines and networks, how they are cited, and what crawlers ask for."""

import html
import json
import re
from datetime import date
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.test import override_settings

from bench.institutions import institution
from scripts import icons
from tests.reading import published
from units.models import Statement
from units.sharing import citing, sitemaps
from units.sharing.descriptions import LONGEST, cut

SITE = "http://127.0.0.1:8000"
OF_TODAY = ["/", "/chart/", "/units/", "/units/ai-office/", "/units/ai-safety/", "/posts/"]
OF_TODAY += ["/posts/lead-scientific-adviser/", "/people/", "/bodies/", "/bodies/advisory-forum/", "/tasks/"]
OF_TODAY += ["/initiatives/", "/initiatives/ai-act/", "/timeline/", "/sources/", "/sources/ip-24-2982/"]
OF_THE_SITE = ["/editions/", "/data/", "/about/", "/accessibility/", "/privacy/", "/vocabulary"]
DATED = f"{SITE}/editions/2024-06-16"


def told(client, address):
    """Return what the head of the page at `address` tells: {name: content}, with title and canonical."""
    page = client.get(address).content.decode().partition("</head>")[0]
    found = re.findall(r'<meta (?:name|property)="([^"]+)" content="([^"]*)">', page)
    found += re.findall(r"<(title)>(.*?)</title>", page)
    found += re.findall(r'<link rel="(canonical)" href="([^"]+)">', page)
    assert len(found) == len(dict(found)), "something is told twice"
    return {name: html.unescape(content) for name, content in found}


def test_every_page_has_a_title_a_description_and_an_address_of_its_own(client, office):
    heads = [told(client, address) for address in [*OF_TODAY, *OF_THE_SITE, "/api/v1/docs/"]]
    for name in ("title", "description", "canonical"):
        assert len({head[name] for head in heads}) == len(heads), name
    for head in heads:
        assert 30 < len(head["description"]) <= LONGEST
        assert head["og:description"] == head["description"]
        assert head["title"].startswith(head["og:title"])
        assert head["og:url"] == head["canonical"]


def test_a_description_is_made_of_what_the_page_shows(client, office):
    said = told(client, "/units/regulation-and-compliance/")["description"]
    assert said.startswith("Regulation and Compliance Unit, part of AI Office, in the chart of 16 June 2024.")
    assert "Coordinates the regulatory approach" in said


def test_a_description_says_what_is_planned_as_planned(client, office):
    said = told(client, "/units/regulation-and-compliance/")["description"]
    first, second, *_others = Statement.objects.filter(unit__slug="regulation-and-compliance")
    assert (first.certainty, second.certainty) == ("actual", "planned")
    assert f"it does: {first.text}; planned: {second.text[:30]}" in said


def test_a_chart_is_cited_with_the_revision_that_it_is_compared_with(client, office):
    shown = client.get("/chart/?compare=2024-06-16&zoom=150").content.decode()
    address = f"{SITE}/editions/2024-06-16.1/chart/?compare=2024-06-16.1"
    assert f">{address}<" in shown


def test_a_description_that_is_cut_ends_between_words():
    assert cut("word " * 100) == ("word " * 40)[:-6] + "…"
    assert len(cut("x" * 500)) == LONGEST


@pytest.mark.parametrize("asked", ["", "?on=2025-03-01", "?fbclid=1", "?page=1&owner=x"])
def test_a_page_is_found_at_the_address_of_its_edition_by_its_date(client, office, asked):
    assert told(client, f"/units/ai-safety/{asked}")["canonical"] == f"{DATED}/units/ai-safety/"
    assert told(client, "/editions/2024-06-16.1/units/ai-safety/")["canonical"] == f"{DATED}/units/ai-safety/"


def test_a_revision_is_shared_as_itself_and_found_as_its_latest_correction(client, office):
    head = told(client, "/editions/2024-06-16.1/tasks/?part=supports&unknown=x")
    assert head["og:url"] == f"{SITE}/editions/2024-06-16.1/tasks/?part=supports"
    assert head["canonical"] == f"{SITE}/editions/2024-06-16/tasks/?part=supports"


def test_what_chooses_the_content_of_a_list_stays_in_its_address(client, office):
    head = told(client, "/tasks/?theme=&x=1&owner=ai-safety&on=2025-03-01")
    assert head["canonical"] == f"{DATED}/tasks/?owner=ai-safety"


def test_a_page_without_parts_has_none_in_its_address(client, office):
    assert told(client, "/sources/ip-24-2982/?page=7") == told(client, "/sources/ip-24-2982/")


def test_a_later_part_of_a_list_is_a_page_of_its_own(client, db):
    published(institution(60))
    first, second = told(client, "/tasks/"), told(client, "/tasks/?page=2")
    assert second["canonical"] == f"{first['canonical']}?page=2"
    assert second["title"] != first["title"]


def test_days_and_editions_are_told_apart_by_their_titles(client, office):
    asked = ["/", "/?on=2025-03-01", "/editions/2024-06-16.1/", "/?on=2025-03-01&known=2999-01-01"]
    assert len({told(client, address)["title"] for address in asked}) == len(asked)


@pytest.mark.parametrize(
    "address", ["/nothing/", "/units/nothing/", "/?on=2024-01-01", "/?on=x", "/search/?q=x&kind=x"]
)
def test_what_is_no_page_to_find_says_so(client, office, address):
    head = told(client, address)
    assert head["robots"] == "noindex, nofollow"
    assert "canonical" not in head


@pytest.mark.parametrize(
    "address", ["/chart/?root=ai-office", "/chart/?find=safety", "/chart/table/?depth=1"]
)
def test_a_state_of_the_chart_is_shared_and_not_found(client, office, address):
    head = told(client, address)
    assert head["robots"] == "noindex, nofollow"
    assert head["og:url"] == f"{SITE}/editions/2024-06-16{address}"


def test_an_answer_of_the_search_is_shared_and_the_page_that_asks_is_found(client, office):
    head = told(client, "/search/?q=safety&kind=unit")
    assert "robots" not in head
    assert head["canonical"] == f"{SITE}/editions/2024-06-16/search/"
    assert head["og:url"] == f"{SITE}/editions/2024-06-16/search/?q=safety&kind=unit"


def test_a_preview_of_a_draft_tells_nothing(admin_client, draft):
    for address in ("", "units/left/", "chart/"):
        head = told(admin_client, f"/editions/{draft.identifier}/{address}")
        assert set(head) - {"title", "robots", "viewport", "color-scheme"} == set()
        assert b"data-copy" not in admin_client.get(f"/editions/{draft.identifier}/{address}").content


def test_the_picture_of_a_link_is_the_chart_of_its_unit_in_the_size_that_is_told(client, office):
    head = told(client, "/posts/head-of-the-ai-office/")
    assert head["og:image"] == f"{SITE}/editions/2024-06-16.1/units/ai-office/card.png"
    picture = client.get(head["og:image"].removeprefix(SITE))
    assert picture.headers["Content-Type"] == head["og:image:type"] == "image/png"
    assert size_of(picture.content) == (int(head["og:image:width"]), int(head["og:image:height"]))
    assert size_of(picture.content) == (1200, 630)
    assert "AI Office" in head["og:image:alt"]
    again = client.get("/units/ai-office/card.png", headers={"If-None-Match": picture.headers["ETag"]})
    assert again.status_code == 304


def test_the_picture_of_a_link_is_there_for_the_root_of_a_large_edition_too(client, db):
    published(institution(3_000))
    pictures = {client.get(address).content for address in ("/card.png", "/units/unit-0/card.png")}
    assert [size_of(picture) for picture in pictures] == [(1200, 630)] * 2
    assert client.get("/units/nothing/card.png").status_code == 404


def size_of(picture):
    assert picture[:8] == b"\x89PNG\r\n\x1a\n"
    return int.from_bytes(picture[16:20]), int.from_bytes(picture[20:24])


def test_a_hostile_name_stays_inside_its_attribute(client, db, small_document):
    name = '"><script>alert(1)</script>'
    small_document["units"][0]["units"][0]["name"] = name
    published(small_document)
    page = client.get("/units/left/").content.decode()
    assert "<script>alert" not in page
    assert told(client, "/units/left/")["og:title"] == name


def test_a_unit_and_the_chart_say_how_they_are_cited(client, office):
    address = f"{SITE}/editions/2024-06-16.1/units/ai-safety/"
    page = html.unescape(client.get("/units/ai-safety/").content.decode())
    directory = "AI Office directory, edition 2024-06-16.1, in effect from 16 June 2024."
    assert f"Unit on AI safety. In: {directory} {address}" in page
    assert f">{address}<" in page
    assert f"(SHA-256 of the edition: {office.edition.sha256})" in page
    assert f"url = {{{address}}}" in page
    chart = html.unescape(client.get("/chart/?root=ai-office&depth=1").content.decode())
    assert f">{SITE}/editions/2024-06-16.1/chart/?root=ai-office&depth=1<" in chart


def test_bibtex_takes_nothing_for_a_command(office):
    entry = citing.bibtex(r"50% of {A} & B_\x", office.edition, f"{SITE}/editions/2024-06-16.1/")
    assert r"{{50\% of \{A\} \& B\_\textbackslash{}x}}" in entry
    assert entry.startswith("@misc{ai-office-directory-editions-2024-06-16-1,\n")


def addresses_in(answer):
    assert answer.headers["Content-Type"] == "application/xml"
    return re.findall(r"<loc>([^<]+)</loc>", answer.content.decode())


def test_the_sitemap_has_every_page_by_the_address_that_it_calls_its_own(client, office):
    found = []
    for part in addresses_in(client.get("/sitemap.xml")):
        answer = client.get(part.removeprefix(SITE))
        assert date.fromisoformat(re.search("<lastmod>([^<]+)<", answer.content.decode())[1])
        found += addresses_in(answer)
    assert len(found) == len(set(found))
    assert {f"{DATED}/units/ai-safety/", f"{DATED}/sources/ip-24-2982/", f"{SITE}/about/"} <= set(found)
    for address in found:
        assert told(client, address.removeprefix(SITE))["canonical"] == address


def test_a_large_sitemap_comes_in_parts(client, db, monkeypatch, django_assert_max_num_queries):
    monkeypatch.setattr(sitemaps._Pages, "limit", 40)
    published(institution(100))
    parts = [part for part in addresses_in(client.get("/sitemap.xml")) if "-units-" in part]
    with django_assert_max_num_queries(3 * len(parts)):
        found = [each for part in parts for each in addresses_in(client.get(part.removeprefix(SITE)))]
    assert len(parts) == 3
    assert len(found) == len(set(found)) == 100


@pytest.mark.parametrize("name", ["units-0", "units-9", "units-x", "nothing-1"])
def test_a_part_of_the_sitemap_that_is_not_there_is_404(client, office, name):
    assert client.get(f"/sitemap-{name}.xml").status_code == 404


def test_a_site_without_an_edition_has_a_sitemap_too(client, db):
    [part] = addresses_in(client.get("/sitemap.xml"))
    assert f"{SITE}/about/" in addresses_in(client.get(part.removeprefix(SITE)))


@override_settings(SITE_URL="https://directory.example")
def test_robots_learn_what_to_leave_alone_and_where_the_sitemap_is(client, db):
    lines = client.get("/robots.txt").content.decode().splitlines()
    everybody = lines[lines.index("User-agent: *") :]
    assert {
        "Disallow: /admin/",
        "Disallow: /editions/draft-",
        "Disallow: /*?open=",
        "Disallow: /units/*/card.png",
    } <= set(everybody)
    assert "Disallow: /" not in lines
    assert lines[-1] == "Sitemap: https://directory.example/sitemap.xml"


def test_the_icons_are_the_mark_and_the_manifest_names_them(client, db):
    manifest = json.loads(client.get("/site.webmanifest").content)
    for icon in manifest["icons"]:
        assert finders.find(icon["src"].removeprefix("/static/")), icon
    for size in icons.SIZES:
        drawn = Path(finders.find(f"units/mark-{size}.png")).read_bytes()
        assert size_of(drawn) == (size, size)
        assert drawn == icons.drawn(size)
    assert client.get("/favicon.ico").content == icons.drawn(180)


def test_feeds_and_the_calendar_are_announced(client, office):
    head = client.get("/timeline/?on=2025-01-01").content.decode().partition("</head>")[0]
    for kind, address in [("atom+xml", "/changes.atom"), ("calendar", "/timeline.ics?on=2025-01-01")]:
        assert re.search(
            rf'<link rel="alternate" type="\w+/{re.escape(kind)}"[^>]* href="{re.escape(address)}">', head
        )
