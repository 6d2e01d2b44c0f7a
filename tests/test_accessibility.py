"""The table of criteria is whole, what it names is there, and the statement says the same."""

import re

import pytest

from tests.conftest import ROOT
from tests.reading import text_of

TABLE = (ROOT / "docs" / "accessibility.md").read_text()
A = """
    1.1.1 1.2.1 1.2.2 1.2.3 1.3.1 1.3.2 1.3.3 1.4.1 1.4.2 2.1.1 2.1.2 2.1.4 2.2.1 2.2.2 2.3.1 2.4.1 2.4.2
    2.4.3 2.4.4 2.5.1 2.5.2 2.5.3 2.5.4 3.1.1 3.2.1 3.2.2 3.2.6 3.3.1 3.3.2 3.3.7 4.1.2
"""
AA = """
    1.2.4 1.2.5 1.3.4 1.3.5 1.4.3 1.4.4 1.4.5 1.4.10 1.4.11 1.4.12 1.4.13 2.4.5 2.4.6 2.4.7 2.4.11 2.5.7
    2.5.8 3.1.2 3.2.3 3.2.4 3.3.3 3.3.4 3.3.8 4.1.3
"""
ROWS = re.findall(r"^\| ([\d.]+) \| (A+) \| .+ \| (.+) \|$", TABLE, re.M)


def test_each_criterion_of_levels_a_and_aa_has_its_row_and_its_proof():
    assert len(A.split() + AA.split()) == 55
    assert {(number, level) for number, level, _proof in ROWS} == {
        *((number, "A") for number in A.split()),
        *((number, "AA") for number in AA.split()),
    }
    assert len(ROWS) == 55
    assert [row for row in ROWS if not re.search(r"`tests/\S+::test_|20\d\d-\d\d-\d\d: \w", row[2])] == []


def test_each_test_that_the_table_names_is_there():
    named = set(re.findall(r"`(tests/\S+?)::(\w+)`", TABLE))
    assert len(named) > 30
    for file, name in named:
        assert f"\ndef {name}(" in (ROOT / file).read_text(), f"{file}::{name}"


def test_the_statement_says_what_the_table_says(client, office):
    said = text_of(client.get("/accessibility/"))
    not_accessible = re.findall(r"^- (.+)$", TABLE, re.M)
    [prepared] = re.findall(r"^(Prepared on [^.]+)\. (Status: [\w ]+\.)", TABLE, re.M)
    assert len(not_accessible) == 2
    for words in [*not_accessible, *prepared]:
        assert words in said


def test_the_statement_has_all_that_the_model_asks_for(client, office, settings):
    settings.REPORT_ERRORS_TO = "accessibility@office.example"
    page = client.get("/accessibility/").content.decode()
    for part in ("status", "limits", "tested", "report", "enforcement"):
        assert f'<h2 id="{part}">' in page
    assert page.count("mailto:accessibility@office.example") == 2  # here and at the foot
    assert "not an official website" in page


@pytest.mark.parametrize("address", ["/", "/chart/", "/search/?q=fines", "/units/nothing/"])
def test_the_way_to_report_stands_in_the_same_place_on_every_page(client, office, settings, address):
    settings.REPORT_ERRORS_TO = "errors@office.example"
    foot = client.get(address).content.decode().split('<ul class="foot-links">')[1].split("</ul>")[0]
    assert "mailto:errors@office.example" in foot.rpartition("<li>")[2]
