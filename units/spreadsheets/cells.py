"""Cells of CSV: texts that no spreadsheet takes for a formula, and that reading gives back as they were."""

import re

# A cell that begins so is a formula to one spreadsheet or another (in East Asia the wide signs are too), also
# behind spaces or quotation marks, which some leave out: it gets an apostrophe, which reading takes off.
FORMULA = re.compile(r"""[\s'"]*[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]""")
# So does what follows a semicolon, where many spreadsheets split a line, and a break within a cell: to those
# that split there, it is no longer quoted.
BEGINS_ONE = re.compile(f"([;\r\n])(?={FORMULA.pattern})")
BEGAN_ONE = re.compile(f"([;\r\n])'(?={FORMULA.pattern})")
QUOTE = '"'
QUOTED = re.compile('[,;\t"\r\n]')
MARK = "\ufeff"  # at the start of a file: by it spreadsheets know UTF-8


def guarded(text):
    """Return `text` so that no spreadsheet finds a formula in it; most texts are as they were."""
    text = BEGINS_ONE.sub(r"\1'", text)
    return f"'{text}" if FORMULA.match(text) else text


def unguarded(cell):
    """Return the text of which guarded() made `cell`."""
    text = BEGAN_ONE.sub(r"\1", cell)
    return text[1:] if text.startswith("'") and FORMULA.match(text) else text


def line_of(cells):
    """Return a line of CSV (RFC 4180) with `cells`, texts, guarded.

    What holds a comma, a semicolon or a tab is quoted, however the line will be split.
    """
    return ",".join(map(_quoted, map(guarded, cells))) + "\r\n"


def _quoted(cell):
    return f'"{cell.replace(QUOTE, QUOTE * 2)}"' if QUOTED.search(cell) else cell
