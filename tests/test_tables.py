"""Units as a table: what is written is read back as it was, and what is wrong is told by its line."""

import csv
import io

import pytest
from hypothesis import given, settings

from tests.conftest import LENGTH
from tests.made_up_documents import documents
from units.documents import DocumentError
from units.documents.tables import with_table, write_table

HEADER = "slug,name,kind,parent,cites\n"
ROOT = "root,The institution,institution,,charter#1\n"


FORMULA = tuple("=+-@\t\r\uff1d\uff0b\uff0d\uff20")
SPLIT = ["a;=1+1", "a;'=1", ";;@x", ";'x", "=1;=2", *FORMULA[6:], "a;\uff1d1"]


@settings(max_examples=50 * LENGTH, deadline=None)
@given(document=documents())
def test_a_table_that_is_read_back_changes_nothing(document):
    assert with_table(document, write_table(document).encode()) == document


@settings(max_examples=50 * LENGTH, deadline=None)
@given(document=documents())
def test_no_cell_of_a_table_is_a_formula(document):
    text = write_table(document)[1:]
    for between in ",;":
        cells = [cell for line in csv.reader(io.StringIO(text), delimiter=between) for cell in line]
        assert [cell for cell in cells if cell[:1] in FORMULA] == []


@pytest.mark.parametrize(
    "name", ["=1+1", "+x", "-x", "@x", "'=x", "''=x", "'s Hof", "a;b", 'a"b', "a,b", *SPLIT]
)
def test_names_that_a_spreadsheet_would_take_for_something_else_come_back(small_document, name):
    small_document["units"][0]["units"][0]["name"] = name
    assert with_table(small_document, write_table(small_document).encode()) == small_document


@pytest.mark.parametrize("name", SPLIT)
def test_no_spreadsheet_that_splits_at_semicolons_finds_a_formula(small_document, name):
    small_document["units"][0]["units"][0]["name"] = name
    text = write_table(small_document)[1:]
    assert all(f'"{cell}"' in text for line in csv.reader(io.StringIO(text)) for cell in line if ";" in cell)
    cells = [
        cell for line in text.splitlines() for cell in line.replace('"', "").replace(",", ";").split(";")
    ]
    assert [cell for cell in cells if cell.startswith(FORMULA)] == []


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("between", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_table_is_read_however_a_spreadsheet_writes_it(small_document, mark, between, end):
    text = HEADER + ROOT + "new, New unit ,unit,root,charter#1\nleft,Left unit,unit,new,charter#1\n"
    made = with_table(small_document, mark + text.replace(",", between).replace("\n", end).encode())
    [new] = made["units"][0]["units"]
    assert (new["name"], [unit["slug"] for unit in new["units"]]) == ("New unit", ["left"])
    assert new["units"][0]["statements"] == small_document["units"][0]["units"][0]["statements"]


def test_the_order_of_lines_is_the_order_of_neighbours_and_columns_that_lack_change_nothing(small_document):
    small_document["units"][0]["units"][0]["purpose"] = "Rain"
    text = "kind,parent,name,slug\nunit,root,Right unit,right\nunit,root,Left unit,left\n"
    text += "institution,,The institution,root\n"
    [root] = with_table(small_document, text.encode())["units"]
    assert [unit["slug"] for unit in root["units"]] == ["right", "left"]
    assert root["units"][1]["purpose"] == "Rain"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "line 1: The column “slug” is missing."),
        (HEADER, "The table has no units."),
        ("slug,name,kind,parent,boss\n", "line 1: There is no column “boss”; these are: slug, name, kind"),
        ("slug,name,kind,parent,name\n", "line 1: The column “name” is there twice."),
        (HEADER + ROOT + ROOT, "line 3: “root” stands on line 2 already."),
        (HEADER + ROOT + "a,A,unit,,charter#1\n", "line 3: “a” has no parent, as “root” on line 2 has none"),
        (HEADER + "a,A,unit,a,charter#1\n", "No unit is without a parent: the root is."),
        (
            HEADER + ROOT + "a,A,unit,x,charter#1\n",
            "line 3: “a” is to be part of “x”, which the table has not.",
        ),
        (
            HEADER + ROOT + "a,A,unit,b,charter#1\nb,B,unit,a,charter#1\n",
            "line 3: “a” would be part of itself",
        ),
        (HEADER + ROOT + "a,A,unit,root,\n", "line 3: “a” needs a passage in the column “cites”"),
        (HEADER + ROOT + "a,A,unit,root,charter#9\n", "“A”, cites passage: "),
        (HEADER + ROOT + "a,,unit,root,charter#1\n", "line 3: It has no name."),
        (HEADER + ROOT + "a,A,circus,root,charter#1\n", "line 3: kind: "),
        (HEADER + ROOT + "A b,A,unit,root,charter#1\n", "line 3: slug: "),
        (HEADER + ROOT + "a,A,unit,root,charter#1,more\n", "line 3: It has more cells"),
        (HEADER + ROOT + '"a', "line 3: This is not CSV"),
        (HEADER + '"root","The\ninstitution",institution,,charter#1\na,A,unit,x,charter#1', "line 4: “a” is"),
        (HEADER + ROOT + "a,A\x07,unit,root,charter#1\n", "line 3: name: "),
    ],
)
def test_what_is_wrong_with_a_table_is_told_with_its_line(small_document, text, sentence):
    with pytest.raises(DocumentError) as refused:
        with_table(small_document, text.encode())
    assert sentence in "\n".join(refused.value.sentences())


def test_what_is_not_utf_8_is_told(small_document):
    with pytest.raises(DocumentError, match="not UTF-8"):
        with_table(small_document, (HEADER + "é").encode("latin-1"))


def test_a_unit_that_something_stays_about_cannot_be_left_out(small_document):
    small_document["milestones"][0]["about"] = {"unit": "left"}
    with pytest.raises(DocumentError) as refused:
        with_table(small_document, (HEADER + ROOT).encode())
    assert "left" in "\n".join(refused.value.sentences())
