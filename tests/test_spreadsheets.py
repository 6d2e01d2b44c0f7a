"""Cells, columns and workbooks: any text comes back from both formats, and none becomes a formula."""

import io
import re
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rest_framework import serializers as s

from tests.conftest import LENGTH
from tests.sheets import BEGINS, CONTROLS, PAYLOADS, cells_of, rows_of_csv, rows_of_xlsx, sheets_of
from units.api import shapes
from units.spreadsheets.cells import guarded, unguarded
from units.spreadsheets.columns import columns_of
from units.spreadsheets.lines import csv_of, rows_of
from units.spreadsheets.workbook import LONGEST_TEXT, write_workbook

pytestmark = pytest.mark.any_database

TABLES = [shapes.UnitShape, shapes.PostShape, shapes.BodyShape, shapes.InitiativeShape]
TABLES += [shapes.StatementShape, shapes.MilestoneShape, shapes.SourceShape, shapes.PassageShape]
TABLES += [shapes.Node, shapes.FoundShape, shapes.EditionShape, shapes.Difference]

signs = st.characters(exclude_categories=["Cc", "Cs"])
pieces = st.sampled_from([*PAYLOADS, *BEGINS[:4], ";", "'", '"', ",", " ", "_x0041_", "\ufffe", "\u00a0"])
texts = st.lists(pieces | st.text(signs, max_size=8), min_size=1, max_size=4).map("".join).filter(bool)


def values(field):
    """Return a strategy for what an answer has for the `field` of a shape."""
    if isinstance(field, s.ListSerializer):
        found = st.lists(values(field.child), max_size=2)
    elif isinstance(field, s.ListField):
        found = st.lists(texts, max_size=3)
    elif isinstance(field, s.Serializer):
        found = st.fixed_dictionaries({name: values(each) for name, each in field.fields.items()})
    elif isinstance(field, s.BooleanField):
        found = st.booleans()
    elif isinstance(field, s.IntegerField):
        found = st.integers(0, 2**53 - 1)
    else:
        found = texts
    return st.none() | found if field.allow_null else found


def in_both(shape, items):
    """Return the table of `items` as its CSV and its XLSX, both bytes."""
    columns, file = columns_of(shape), io.BytesIO()
    write_workbook(file, [("table", rows_of(columns, items))], [("About", "=1+1")], date(2024, 6, 16))
    return b"".join(csv_of(columns, items)), file.getvalue()


@pytest.mark.parametrize("shape", TABLES)
@settings(max_examples=4 * LENGTH, deadline=None)
@given(data=st.data())
def test_any_text_in_any_column_comes_back_from_both_formats(shape, data):
    items = data.draw(st.lists(values(shape()), min_size=1, max_size=3))
    expected = [{column.name: str(column.cell(item)) for column in columns_of(shape)} for item in items]
    csv, xlsx = in_both(shape, items)
    assert rows_of_csv(csv) == expected
    assert rows_of_xlsx(xlsx) == expected


def alive(cell):
    """Return whether a careless spreadsheet would find a formula in a cell of CSV."""
    return cell.lstrip(' \u00a0"').startswith(BEGINS)


@pytest.mark.parametrize("text", [*PAYLOADS, *CONTROLS])
def test_no_text_is_a_formula_however_its_line_is_split(text):
    raw = b"".join(csv_of(columns_of(shapes.Alias), [{"name": text, "editorial": True}])).decode()
    [[cell, _yes]] = cells_of(raw.removeprefix("\ufeff"))[1:]
    assert unguarded(cell) == text
    for part in re.split("[;\r\n]", cell):
        assert part == "" or not alive(part), cell
    assert not alive(cell)


@given(text=texts | st.text(max_size=20))
@settings(max_examples=100 * LENGTH, deadline=None)
def test_what_is_guarded_can_be_taken_apart_again_and_is_never_alive(text):
    assert unguarded(guarded(text)) == text
    assert not any(alive(part) for part in re.split(";", guarded(text)))


def test_a_text_like_a_formula_stays_one_when_its_cell_is_edited():
    import openpyxl

    _csv, xlsx = in_both(shapes.Alias, [{"name": text, "editorial": False} for text in ["=1+1", "plain"]])
    book = openpyxl.load_workbook(io.BytesIO(xlsx))
    formula, plain = (book["table"].cell(row, 1) for row in (2, 3))
    assert (formula.value, formula.data_type, formula.quotePrefix) == ("=1+1", "s", True)
    assert (plain.data_type, plain.quotePrefix, book["table"].freeze_panes) == ("s", False, "A2")
    assert book["About"]["B1"].data_type == "s"


def test_a_text_that_no_cell_holds_is_cut_and_says_so_and_csv_has_all_of_it():
    long = "\U0001f600" * LONGEST_TEXT
    csv, xlsx = in_both(shapes.Alias, [{"name": long, "editorial": False}])
    assert rows_of_csv(csv)[0]["name"] == long
    kept = rows_of_xlsx(xlsx)[0]["name"]
    assert len(kept.encode("utf-16-le")) // 2 <= LONGEST_TEXT
    assert kept.endswith("(cut: a cell holds no more; CSV has all of it)")


def test_numbers_are_numbers_and_what_is_not_stated_is_empty():
    item = {"number": 7, "says": "It rains", "page": "https://x.example/"}
    item |= dict.fromkeys(["original", "section", "paragraph", "sentence", "ambiguity"])
    csv, xlsx = in_both(shapes.PassageShape, [item])
    assert rows_of_csv(csv)[0] == rows_of_xlsx(xlsx)[0]
    assert b'<c r="A2" s="2" t="n"><v>7</v></c>' in sheet_of(xlsx)
    assert list(sheets_of(xlsx)) == ["table", "About"]


def sheet_of(xlsx):
    from zipfile import ZipFile

    return ZipFile(io.BytesIO(xlsx)).read("xl/worksheets/sheet1.xml")


def test_no_column_is_of_people():
    columns = {column.name for shape in TABLES for column in columns_of(shape)}
    assert "unit_slug" in columns
    assert not [name for name in columns if "people" in name or "person" in name]
