"""What a chart leaves out it says, and what is asked of it stays asked."""

import re

import pytest

from tests.reading import published, text_of
from tests.test_chart import SOURCES, chain
from units.models import Unit
from units.models.rows import every_word

CITES = [{"passage": "charter#1"}]


@pytest.fixture
def much(db, small_document):
    """An edition, and one after it that lacks 60 of its units, where one has another kind; 15 bodies."""
    root = small_document["units"][0]
    many = [{"slug": f"u{n}", "name": f"Unit {n}", "kind": "unit", "cites": CITES} for n in range(60)]
    small_document["bodies"] = [
        {"slug": f"b{n}", "name": f"Body {n}", "kind": "named", "cites": CITES} for n in range(15)
    ]
    root["units"] += many
    published(small_document)
    del root["units"][2:]
    root["units"][0]["kind"] = "office"
    root["name"] = "The institution " + "of a name that is longer than a line " * 3 + "to its end"
    published(small_document, effective_on="2025-06-01")


@pytest.mark.parametrize("file", ["chart.svg", "chart.md", "chart/table/", "chart/"])
def test_every_rendering_says_how_much_it_leaves_out(client, much, file):
    said = text_of(client.get(f"/{file}?compare=2025-01-01"))
    assert "3 more bodies are not drawn." in said
    assert "10 more units are no longer in the chart." in said
    assert "Unit 49" in said
    assert "Unit 50" not in said
    assert "kind changed, was: unit" in said


def test_a_long_heading_stands_whole_in_the_file(client, much):
    said = text_of(client.get("/chart.svg"))
    assert "…" not in said.split("In effect from")[0]
    assert said.count("to its end") >= 2  # above the drawing, and in the box


def test_a_unit_that_is_found_and_not_drawn_is_not_said_to_be_missing(client, db):
    published({"units": [chain(50)], **SOURCES})
    page = client.get("/chart/?find=level-48")
    assert "Found, but not drawn at once: level-48" in text_of(page)
    assert 'href="/chart/?root=level-48"' in page.content.decode()
    assert "1 unit found for “level-48”" in text_of(page)
    assert "No unit here is called" not in text_of(page)
    assert "No unit here is called “nobody”" in text_of(client.get("/chart/?find=nobody"))


def test_the_form_of_the_tools_keeps_what_is_drawn(client, office):
    asked = {"root": "ai-office", "open": "ai-office", "close": "ai-safety", "depth": "1", "zoom": "83"}
    page = client.get("/chart/", asked).content.decode()
    form = page[page.index('<form method="get" action="/chart/"') :]
    given = re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', form[: form.index("</form>")])
    assert dict(given) == asked


def test_any_whole_percent_is_drawn_as_asked(client, office):
    pages = [client.get(f"/chart/?zoom={zoom}").content.decode() for zoom in (100, 83)]
    wide = [int(re.search(r'<svg xmlns[^>]* width="(\d+)"', page)[1]) for page in pages]
    assert wide[1] == wide[0] * 83 // 100


@pytest.mark.parametrize(
    ("words", "slugs"),
    [
        (["école"], ["a"]),
        (["ÉCOLE", "NAT"], ["a"]),
        (["100%"], ["b"]),
        (["_"], []),
        (["ünit"], ["c"]),
        (["U"], ["b", "c", "root"]),
    ],
)
def test_a_word_is_found_in_whatever_case_with_its_accents(db, small_document, words, slugs):
    names = {"a": "École nationale", "b": "Rules of 100% use", "c": "ÜNIT in use"}
    units = [{"slug": slug, "name": name, "kind": "unit", "cites": CITES} for slug, name in names.items()]
    small_document["units"][0]["units"] += units
    edition = published(small_document)
    found = Unit.objects.of(edition).exclude(slug__in=["left", "right"]).filter(every_word("name", words))
    assert sorted(unit.slug for unit in found) == slugs
