"""The printed directory, read back by its tags: as the pages have it, and sound."""

import functools
import re

import pytest

from tests.charts import in_list, in_outline
from tests.printed import Printed
from tests.printed_words import InPrint, OnPage
from units.models import Appointment, Citation, Person, PostPublicity

EDITION = "/editions/2024-06-16.1"
THINGS = ["Directory by unit", "Bodies beside the tree", "Initiatives"]


@functools.cache
def read(file):
    return Printed(file.read_bytes())


@pytest.fixture
def printed(office, client, once):
    """The whole first edition; each file is made and read once for all tests."""

    def make(path):
        path.write_bytes(client.get(f"{EDITION}/chart.pdf").content)

    return read(once("directory.pdf", make))


@pytest.fixture
def branch(office, client, once):
    """One unit of it, which leads to others."""

    def make(path):
        path.write_bytes(client.get(f"{EDITION}/units/excellence-in-ai-and-robotics/chart.pdf").content)

    return read(once("branch.pdf", make))


def test_a_printed_directory_is_sound_as_pdf_ua_wants_it(printed, branch):
    for file in (printed, branch):
        assert file.faults == []
        assert file.language == "en-GB"
    assert printed.title == "AI Office directory, Edition 2024-06-16.1"
    assert branch.title.endswith(", Excellence in AI and Robotics Unit")


def test_every_page_says_its_edition_its_day_and_its_hash(printed, branch, office):
    said = f"Edition 2024-06-16.1 · In effect from 16 June 2024 · SHA-256 {office.edition.sha256[:16]}…"
    for file in (printed, branch):
        assert len(file.artifacts) == file.pages
        for number, text in enumerate(file.artifacts, 1):
            assert said in text
            assert text.endswith(f"page {number} of {file.pages}")
    assert office.edition.sha256 in printed.tree.text()


@pytest.mark.parametrize("part", THINGS)
def test_everything_is_printed_as_its_page_has_it(printed, client, part):
    for thing in InPrint(printed).parts[part]:
        page = OnPage(client.get(thing["address"].removeprefix("http://127.0.0.1:8000")).content)
        assert [thing[key] for key in ("name", "kind", "lead", "facts", "cites")] == [
            *(page.name, page.kind, page.lead, page.facts, page.cites)
        ]
        assert told(thing["tables"]) == told(page.tables)


def told(tables):
    """Return tables in their order, without what only one of both tells: the page of a section, how sure
    professions are."""
    found = []
    for name, rows in tables.items():
        for first, said, details, sure, cites, tasks in rows:
            is_told = sure and not sure.startswith("page ") and "Open list" not in details
            found.append((name, first, said, details, sure if is_told else "", cites, tasks))
    return found


def test_units_bodies_and_initiatives_stand_in_the_order_of_the_document(printed, client, first_document):
    parts = InPrint(printed).parts
    outline = client.get(f"{EDITION}/chart.md?depth=all").content.decode()
    names = [thing["name"] for thing in parts["Directory by unit"]]
    assert names == in_outline(outline)
    depths = [len(spaces) // 2 + 1 for spaces in re.findall(r"^( *)- \[", outline.split("## ")[0], re.M)]
    assert [thing["level"] for thing in parts["Directory by unit"]] == depths
    for part, key in (("Bodies beside the tree", "bodies"), ("Initiatives", "initiatives")):
        assert [thing["name"] for thing in parts[part]] == [one["name"] for one in first_document[key]]


def test_dates_are_printed_as_the_timeline_has_them(printed, client):
    [part] = InPrint(printed).parts["Dates"]
    [page] = OnPage(client.get(f"{EDITION}/timeline/").content).tables.values()
    assert [row[:2] + row[3:] for row in part["tables"]["Dates"]] == [row[:2] + row[3:] for row in page]


def test_sources_are_printed_passage_by_passage_as_their_pages_have_them(printed, client, first_document):
    sources = InPrint(printed).parts["Sources"]
    assert [source["slug"] for source in sources] == [one["slug"] for one in first_document["sources"]]
    for source in sources:
        page = OnPage(client.get(f"{EDITION}/sources/{source['slug']}/").content)
        assert (source["name"], source["cites"]) == (page.name, page.cites)
        note = source["facts"].pop("Note")
        assert source["facts"] == page.facts
        assert note in page.notes
        assert [passage[:3] for passage in source["passages"]] == page.passages


def test_what_a_citation_says_of_a_passage_is_printed_below_it_for_all_facts_that_it_is_said_of(printed):
    printed_notes = [note for source in InPrint(printed).parts["Sources"] for note in source["notes"]]
    said = Citation.objects.exclude(note="")
    assert len(printed_notes) == len(set(said.values_list("passage", "note")))
    for citation in said:
        assert any(f"“{citation.target}”" in note and citation.note in note for note in printed_notes)


def test_the_chart_is_said_in_words_and_leads_to_every_section(printed, client):
    [figure] = printed.tree.all("Figure")
    said = [
        re.match(r"Level \d: ([^;]*)", line)[1] for line in figure.alternative.splitlines() if line[0] == "L"
    ]
    assert said == in_list(client.get(f"{EDITION}/chart/?depth=all").content.decode())
    assert "; led by: Head of the AI Office; advised by: Lead Scientific Adviser" in figure.alternative
    assert "Beside the tree: Scientific Panel; no link stated" in figure.alternative
    pages = pages_of(printed)
    for link in figure.all("Link"):
        name, number = re.fullmatch(r"(.*?) ?(\d*)", " ".join(link.letters().split())).groups()
        assert not number or pages[name] == int(number)


def test_page_numbers_are_right_in_the_contents_the_tables_and_the_index(printed):
    pages, parts = pages_of(printed), InPrint(printed)
    contents = [link.letters().rsplit(" ", 1) for link in printed.tree.all("TOC")[0].all("Link")]
    assert {name.strip(): int(number.strip("\u2060")) for name, number in contents}.items() <= pages.items()
    index = [" ".join(link.letters().split()).rsplit(" ", 1) for link in last_links(printed)]
    assert {name: int(number) for name, number in index if name in pages}.items() <= pages.items()
    for unit in parts.parts["Directory by unit"]:
        for _kind, name, _details, page, _cites, _tasks in unit["tables"].get(
            "Initiatives it has a part in", []
        ):
            assert page == f"page {pages[name]}"


def pages_of(printed):
    """Return on which page each heading stands."""
    return {tag.text(): tag.page for tag in printed.tree.all("H1", "H2", "H3", "H4", "H5", "H6")}


def last_links(printed):
    """Return the links of the index, in their order."""
    tags = printed.tree.tags
    start = next(
        place for place, tag in enumerate(tags) if tag.text() == "Index of names" and tag.type == "H1"
    )
    return [link for tag in tags[start + 1 :] for link in [*tag.all("Link")]]


def test_the_index_names_all_that_has_a_section_and_all_posts(printed):
    names = [" ".join(link.letters().split()).rsplit(" ", 1)[0] for link in last_links(printed)]
    parts = InPrint(printed).parts
    expected = [thing["name"] for part in THINGS for thing in parts[part]]
    expected += ["Head of the AI Office", "Lead Scientific Adviser", "Adviser for international affairs"]
    assert names == sorted(expected, key=str.casefold)


def test_a_branch_is_printed_with_what_has_to_do_with_it(branch, client, office):
    parts = InPrint(branch).parts
    [unit] = parts["Directory by unit"]
    assert (unit["name"], unit["facts"]["Part of"]) == ("Excellence in AI and Robotics Unit", "AI Office")
    [initiative] = parts["Initiatives"]
    assert (initiative["name"], initiative["is_silent"]) == ("GenAI4EU", False)
    [row] = initiative["tables"]["Who has a part in it, of the units printed here"]
    assert row[1] == "Excellence in AI and Robotics Unit: Coordinates GenAI4EU"
    assert "Bodies beside the tree" not in parts
    cited = [number for source in parts["Sources"] for number, *_said in source["passages"]]
    assert len(cited) < 15


def test_no_name_of_a_person_is_ever_printed(client, office, settings, tmp_path):
    addresses = ["/chart.png", "/units/ai-safety/chart.pdf", "/chart.pdf?depth=1"]
    before = [client.get(EDITION + address).content for address in addresses]
    person = Person.objects.create(name="Ada Example")
    Appointment.objects.create(person=person, post=office.head.slug, source="A note of 1 June 2024")
    PostPublicity.objects.create(post=office.head.slug, reason="It heads the Office")
    assert "Ada Example" in client.get("/posts/head-of-the-ai-office/").content.decode()
    settings.CACHE_DIR = tmp_path  # so that all are made anew
    assert [client.get(EDITION + address).content for address in addresses] == before
