"""Tables in a real spreadsheet: LibreOffice opens both formats, finds no formula, and reads what was written.

Where there is no LibreOffice this is left out, but not at full length (`make trust`).
"""

import shutil
import subprocess
from xml.etree import ElementTree

import pytest

from tests.conftest import LENGTH
from tests.reading import published
from tests.sheets import PAYLOADS, sheets_of
from tests.test_table_formats import raw
from units.spreadsheets.cells import unguarded

SOFFICE = shutil.which("soffice")
TABLE, TEXT = (f"{{urn:oasis:names:tc:opendocument:xmlns:{each}:1.0}}" for each in ("table", "text"))
# How a table of CSV may be split: at commas, at semicolons, at both; 76 is UTF-8, 34 the quotation mark.
SPLITS = {"commas": "44", "semicolons": "59", "both": "44/59"}

pytestmark = pytest.mark.skipif(
    not SOFFICE and LENGTH == 1, reason="LibreOffice is not here: apt-get install libreoffice-calc-nogui"
)


def opened(folder, name, content, split=""):
    """Return the first sheet of what LibreOffice makes of a file: rows of (text, formula or None)."""
    (folder / name).write_bytes(content)
    command = [SOFFICE, f"-env:UserInstallation=file://{folder}/profile", "--headless"]
    command += [f"--infilter=CSV:{split},34,76,1"] if split else []
    command += ["--convert-to", "fods", "--outdir", f"{folder}/made", f"{folder}/{name}"]
    subprocess.run(command, check=True, capture_output=True, timeout=180)
    made = folder / "made" / name.replace(name.partition(".")[2], "fods")
    sheet = next(ElementTree.parse(made).iter(f"{TABLE}table"))  # noqa: S314 (our own file)
    return [_cells(row) for row in sheet.iter(f"{TABLE}table-row")]


def _cells(row):
    found = []
    for cell in row:
        text = "\n".join(_text(paragraph) for paragraph in cell.iter(f"{TEXT}p"))
        times = int(cell.get(f"{TABLE}number-columns-repeated", 1)) if len(found) < 100 else 0
        found += [(text, cell.get(f"{TABLE}formula"))] * min(times, 100)
    return found


def _text(part):
    """Return the text of a paragraph, in which runs of spaces and tabs are marks."""
    own = " " * int(part.get(f"{TEXT}c", 1)) if part.tag == f"{TEXT}s" else ""
    own += "\t" if part.tag == f"{TEXT}tab" else ""
    return own + (part.text or "") + "".join(_text(each) + (each.tail or "") for each in part)


@pytest.fixture
def made(client, db, small_document):
    """The units of an edition whose names, purposes and aliases are payloads: from JSON, CSV, XLSX."""
    [root] = small_document["units"]
    for number, payload in enumerate(PAYLOADS):
        unit = {"slug": f"unit-{number}", "name": payload, "kind": "unit", "cites": root["cites"]}
        root["units"].append(unit | {"purpose": payload, "aliases": [{"name": "first"}, {"name": payload}]})
    published(small_document)
    told = client.get("/units.json?limit=200").json()["results"]
    return told, raw(client, "/units.csv"), raw(client, "/units.xlsx")


@pytest.mark.parametrize("split", SPLITS)
def test_no_formula_of_csv_is_alive_however_it_is_split(made, tmp_path, split):
    told, csv, _xlsx = made
    # What is left alone is alive, so this would tell.
    alive = opened(tmp_path, "left-alone.csv", b"a,b\r\nx,=1+1\r\n;=1+1,y\r\n", SPLITS[split])
    assert any(formula for row in alive for _text, formula in row)
    rows = opened(tmp_path, "units.csv", csv, SPLITS[split])
    assert [cell for row in rows for cell in row if cell[1]] == []
    if split == "commas":
        header = [text for text, _formula in rows[0]]
        for row, unit in zip(rows[1:], told, strict=False):
            cells = dict(zip(header, (unguarded(text) for text, _formula in row), strict=False))
            assert (cells["name"], cells["purpose"]) == (unit["name"], unit["purpose"] or "")
            assert cells["aliases"] == "\n".join(alias["name"] for alias in unit["aliases"])


def test_a_workbook_is_read_as_it_was_written(made, tmp_path):
    told, _csv, xlsx = made
    rows = opened(tmp_path, "units.xlsx", xlsx)
    assert [cell for row in rows for cell in row if cell[1]] == []
    [written] = [rows for title, rows in sheets_of(xlsx).items() if title == "units"]
    for row, expected in zip(rows, written, strict=False):
        assert [text for text, _formula in row][: len(expected)] == expected
    names = [row[1][0] for row in rows[1 : len(told) + 1]]
    assert names == [unit["name"] for unit in told]
