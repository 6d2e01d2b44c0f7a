"""A workbook (XLSX) of texts and whole numbers, written row by row: the same content, the same bytes."""

import re
import shutil
from copy import copy
from datetime import datetime, time
from itertools import chain, islice
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.writer.excel import ExcelWriter

from units.spreadsheets.cells import FORMULA

LONGEST_TEXT = 32_767  # that a cell may have; a longer one is cut, and says so
MOST_ROWS = 1_048_575  # of a sheet, below its header
# What XML can't hold, or would change, and what would be read as such a sign (ECMA-376 part 1, 22.9.2.19).
SPECIAL = re.compile("[\x00-\x08\x0b-\x1f\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4}_)|^\\s(?=\\s*$)")
MEASURED = 200  # rows by which the widths of columns are chosen
NARROWEST, WIDEST = 9, 60


def write_workbook(path, sheets, about, day):
    """Write `sheets`, pairs of a title and rows (lists, the header first), and a sheet `about` to `path`.

    `about` are pairs of texts, `day` the date that the file says it is of. Each row is written as it comes.
    """
    book = Workbook(write_only=True)
    book.properties.creator = _("AI Office directory")
    book.properties.created = book.properties.modified = datetime.combine(day, time())
    for title, rows in sheets:
        _write_sheet(book, title, rows)
    _write_about(book, about)
    with _Archive(path, "w", ZIP_DEFLATED) as archive:
        ExcelWriter(book, archive).save()


class _Archive(ZipFile):
    """A ZIP file whose members have no time of their own."""

    def writestr(self, name, data):
        super().writestr(member_of(name), data)

    def write(self, path, name):
        member = member_of(name)
        with open(path, "rb") as source, self.open(member, "w", force_zip64=True) as target:
            shutil.copyfileobj(source, target)


def member_of(name):
    """Return what a ZIP file says of its member `name`: packed, and of no time of its own (that is 1980)."""
    member = ZipInfo(name)
    member.compress_type = ZIP_DEFLATED
    return member


def _write_sheet(book, title, rows):
    sheet, rows = book.create_sheet(title), iter(rows)
    header = next(rows)
    first = list(islice(rows, MEASURED))
    for place, name in enumerate(header):
        longest = max([len(str(name)) + 1, *(_width(row[place]) for row in first)])
        width = min(max(longest, NARROWEST), WIDEST)
        sheet.column_dimensions[get_column_letter(place + 1)].width = width + 1
    sheet.freeze_panes = "A2"
    head, plain = _Cells(sheet, Font(bold=True)), _Cells(sheet)
    sheet.append(head.of(header))
    for row in chain(first, rows):
        sheet.append(plain.of(row))


def _write_about(book, about):
    sheet = book.create_sheet(_("About"))
    sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = 24, 90
    head, plain = _Cells(sheet, Font(bold=True)), _Cells(sheet)
    for name, value in about:
        sheet.append(head.of([name]) + plain.of([value]))


def _width(value):
    return max(map(len, str(value).split("\n")))


class _Cells:
    """Makes the cells of a sheet, each a text or a number and nothing else."""

    def __init__(self, sheet, font=None):
        cell = WriteOnlyCell(sheet)
        cell.alignment = Alignment(vertical="top", wrap_text=True)
        if font:
            cell.font = font
        self.sheet, self.style = sheet, copy(cell._style)
        # What Excel sets where somebody types an apostrophe: a text stays one when its cell is edited.
        cell.quotePrefix = True
        self.style_of_texts_like_formulas = cell._style

    def of(self, row):
        """Return the cells of `row`, texts and whole numbers; an empty text is an empty cell."""
        return [None if value == "" else self._cell(value) for value in row]

    def _cell(self, value):
        cell = WriteOnlyCell(self.sheet)
        if isinstance(value, int):
            cell._style, cell._value, cell.data_type = self.style, value, "n"
            return cell
        is_like_one = FORMULA.match(value)
        cell._style = self.style_of_texts_like_formulas if is_like_one else self.style
        # Past the library's setter, which would make a formula of “=1”, and cut without a word.
        cell._value, cell.data_type = SPECIAL.sub(_escaped, _cut(value)), "s"
        return cell


def _cut(text):
    if len(text) * 2 <= LONGEST_TEXT or len(text.encode("utf-16-le")) // 2 <= LONGEST_TEXT:
        return text
    end = "… " + _("(cut: a cell holds no more; CSV has all of it)")
    # Signs outside the basic plane count twice.
    kept = text.encode("utf-16-le")[: (LONGEST_TEXT - len(end)) * 2].decode("utf-16-le", "ignore")
    return kept + end


def _escaped(match):
    return f"_x{ord(match[0]):04X}_"
