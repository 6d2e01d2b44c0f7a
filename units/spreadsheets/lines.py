"""Answers as rows of a table, and those as CSV."""

from itertools import batched

from units.spreadsheets.cells import MARK, line_of

AT_ONCE = 200  # lines that are sent together


def rows_of(columns, items):
    """Yield the rows of a table, the header first: for each of `items`, answers, the cells of `columns`."""
    yield [column.name for column in columns]
    for item in items:
        yield [column.cell(item) for column in columns]


def csv_of(columns, items):
    """Yield the table of `items` as CSV in UTF-8, some lines at a time."""
    yield MARK.encode()
    lines = (line_of(map(str, row)) for row in rows_of(columns, items))
    for some in batched(lines, AT_ONCE):
        yield "".join(some).encode()
