"""The units of a document as a table (CSV), in both directions.

The table is the whole tree: the order of the lines is the order of neighbours, and a unit that has no line
goes with all that is in it. What has no column here (posts, tasks, notes on citations) stays as it is.
"""

import csv
import io
import re
import unicodedata

from django.utils.translation import gettext as _

from units.documents.checking import check, check_alone
from units.documents.form import DocumentError, Problem
from units.spreadsheets.cells import MARK, line_of, unguarded

REQUIRED = ["slug", "name", "kind", "parent"]
COLUMNS = [*REQUIRED, "purpose", "aliases", "replaces", "cites"]
OURS = "* "  # before an alias that no source uses
LINE = re.compile(r"\r\n|\r|\n")


def write_table(document):
    """Return the units of `document` as CSV text, with the mark by which spreadsheets know UTF-8."""
    lines = [line_of(COLUMNS)]
    todo = [(unit, "") for unit in reversed(document["units"])]
    while todo:
        unit, parent = todo.pop()
        cells = {**_cells(unit), "parent": parent}
        lines.append(line_of(cells[name] for name in COLUMNS))
        todo += [(child, unit["slug"]) for child in reversed(unit.get("units", ()))]
    return MARK + "".join(lines)


def with_table(document, raw):
    """Return `document` with the tree of units that the CSV `raw` (bytes) describes.

    Raises DocumentError with every problem, each of a line of the table where it is one's.
    """
    lines = _lines(raw)
    made, problems = _units(document, lines)
    problems += _hang_together(lines, made)
    if problems:
        raise DocumentError(sorted(problems, key=_line_of))
    root = next(line["slug"] for _number, line in lines if not line["parent"])
    whole = document | {"units": [made[root]]}
    problems = check(whole)
    if problems:
        raise DocumentError(problems, whole)
    return whole


def _cells(unit):
    """Return {column: cell} of what a unit says itself."""
    aliases = unit.get("aliases", ())
    return {
        **{name: unit.get(name, "") for name in ("slug", "name", "kind", "purpose")},
        "aliases": "\n".join(f"{OURS if alias.get('editorial') else ''}{alias['name']}" for alias in aliases),
        "replaces": "\n".join(unit.get("replaces", ())),
        "cites": "\n".join(dict.fromkeys(citation["passage"] for citation in unit.get("cites", ()))),
    }


def _lines(raw):
    """Return [(number, {column: cell}), …] of the CSV `raw`; raises DocumentError."""
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise DocumentError(
            [Problem("", _("This is not UTF-8 text: save the table as “CSV UTF-8”."))]
        ) from None
    first = text.partition("\n")[0]
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=max(",;\t", key=first.count), strict=True)
    found, number = [], 1
    try:
        header = [cell.strip().casefold() for cell in next(reader, [])]
        problems = _header_problems(header)
        if problems:
            raise DocumentError(problems)
        number = reader.line_num + 1
        for cells in reader:
            if any(cell.strip() for cell in cells[len(header) :]):
                problems.append(_problem(number, _("It has more cells than the first line has columns.")))
            if any(cell.strip() for cell in cells):
                found.append((number, _line(header, cells)))
            number = reader.line_num + 1
    except csv.Error as error:
        problems = [_problem(reader.line_num, _("This is not CSV: %(error)s.") % {"error": error})]
    if problems or not found:
        raise DocumentError(problems or [Problem("", _("The table has no units."))])
    return found


def _header_problems(header):
    unknown = [name for name in header if name and name not in COLUMNS]
    lacking = [name for name in REQUIRED if name not in header]
    twice = sorted({name for name in header if name and header.count(name) > 1})
    sentence = _("There is no column “%(name)s”; these are: %(known)s.")
    known = ", ".join(COLUMNS)
    return [
        *(_problem(1, sentence % {"name": name, "known": known}) for name in unknown),
        *(_problem(1, _("The column “%(name)s” is missing.") % {"name": name}) for name in lacking),
        *(_problem(1, _("The column “%(name)s” is there twice.") % {"name": name}) for name in twice),
    ]


def _problem(number, sentence):
    return Problem(_("line %(number)s") % {"number": number}, sentence)


def _line_of(problem):
    return int("".join(filter(str.isdecimal, problem.path)) or 0)


def _line(header, cells):
    """Return {column: cell}, without what writing adds; slugs and kinds without spaces around."""
    line = dict.fromkeys(filter(None, header), "")
    for name, cell in zip(header, cells, strict=False):
        if name:
            line[name] = LINE.sub("\n", unguarded(cell))
    return line | {name: line[name].strip() for name in ("slug", "kind", "parent")}


def _cleaned(cell):
    """Return the text of a cell as a document takes it, line by line."""
    lines = unicodedata.normalize("NFC", cell.replace("\t", " ")).split("\n")
    return [line.strip() for line in lines if line.strip()]


def _units(document, lines):
    """Return ({slug: unit without what is below it}, the problems of single lines)."""
    before = {}
    todo = [*document["units"]]
    while todo:
        unit = todo.pop()
        before[unit["slug"]] = {name: value for name, value in unit.items() if name != "units"}
        todo += unit.get("units", ())
    made, seen, problems = {}, {}, []
    for number, line in lines:
        slug = line["slug"]
        if slug in seen:
            text = _("“%(slug)s” stands on line %(other)s already.")
            problems.append(_problem(number, text % {"slug": slug, "other": seen[slug]}))
        seen.setdefault(slug, number)
        unit = made[slug] = _unit(before.get(slug, {}), line)
        own = {name: unit[name] for name in unit if name in COLUMNS and name != "cites"}
        for name in ("slug", "name", "kind"):
            if not line[name]:
                problems.append(_problem(number, _("It has no %(column)s.") % {"column": name}))
        problems += [
            _problem(number, f"{problem.path}: {problem.message}")
            for problem in check_alone("unit", own)
            if line.get(problem.path, "-")
        ]
        if "cites" not in unit:
            text = _("“%(slug)s” needs a passage in the column “cites” that says so, such as ip-24-2982#8.")
            problems.append(_problem(number, text % {"slug": slug}))
    return made, problems


def _unit(before, line):
    """Return the unit of a `line`: as it was `before`, but for the cells that say something else."""
    same = {name for name, cell in _cells(before).items() if before and line.get(name, cell) == cell}
    values = {name: " ".join(_cleaned(line.get(name, ""))) for name in ("slug", "name", "kind", "purpose")}
    values["replaces"] = line.get("replaces", "").split()
    values["aliases"] = [
        {"name": name.removeprefix(OURS), "editorial": True} if name.startswith(OURS) else {"name": name}
        for name in _cleaned(line.get("aliases", ""))
    ]
    values["cites"] = _cites(before.get("cites", []), line.get("cites", "").split())
    kept = {name: value for name, value in before.items() if name in same or name not in values}
    return kept | {name: value for name, value in values.items() if name not in same and value}


def _cites(before, passages):
    """Return the citations of `passages`; those that were there `before` keep their fields and notes."""
    return [
        citation
        for passage in dict.fromkeys(passages)
        for citation in [one for one in before if one["passage"] == passage] or [{"passage": passage}]
    ]


def _hang_together(lines, made):
    """Put every unit of `made` below its parent, in the order of `lines`; return the problems of that."""
    numbers = {line["slug"]: number for number, line in lines}
    roots = list(dict.fromkeys(line["slug"] for _number, line in lines if not line["parent"]))
    problems = []
    if not roots:
        problems.append(Problem("", _("No unit is without a parent: the root is.")))
    for slug in roots[1:]:
        text = _("“%(slug)s” has no parent, as “%(root)s” on line %(line)s has none; there is one root.")
        what = {"slug": slug, "root": roots[0], "line": numbers[roots[0]]}
        problems.append(_problem(numbers[slug], text % what))
    parents = {line["slug"]: line["parent"] for _number, line in lines}
    for slug, parent in parents.items():
        if parent and parent not in made:
            text = _("“%(slug)s” is to be part of “%(parent)s”, which the table has not.")
            problems.append(_problem(numbers[slug], text % {"slug": slug, "parent": parent}))
        elif parent:
            made[parent].setdefault("units", []).append(made[slug])
    for slug in _in_circles(parents):
        text = _("“%(slug)s” would be part of itself: its parents go round in a circle.")
        problems.append(_problem(numbers[slug], text % {"slug": slug}))
    return problems


def _in_circles(parents):
    """Return the slugs in `parents` ({slug: the parent's slug}) whose parents lead back to them."""
    safe, found = set(), []
    for start in parents:
        way, slug = {}, start
        while slug in parents and slug not in safe and slug not in way:
            way[slug] = len(way)
            slug = parents[slug]
        if slug in way:
            found += list(way)[way[slug] :]
        safe |= way.keys()
    return found
