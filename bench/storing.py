"""Where `bench.drafts` keeps whether its targets are met: docs/speed.json, and a table in docs/speed.md.

Both hold the figures of other runs too, of other sizes and databases and of `bench.site`: these stay.
"""

import json
from pathlib import Path

from bench.words import EDITING, put_into

DOCS = Path(__file__).resolve().parent.parent / "docs"


def store(verdicts, machine, docs=DOCS):
    """Keep `verdicts`, a list of {"what", "units", "database", "is", "met"} taken on `machine`, in `docs`.

    They take the place of those of the same size on the same database.
    """
    file, page = docs / "speed.json", docs / "speed.md"
    told = json.loads(file.read_text())
    new = {_of(each) for each in verdicts}
    rows = [each for each in told.get("editing", {}).get("targets", ()) if _of(each) not in new]
    rows = sorted([*rows, *verdicts], key=lambda each: (each["units"], each["database"] != "SQLite"))
    told["editing"] = {"machine": machine, "targets": rows}
    file.write_text(json.dumps(told, indent=1) + "\n")
    page.write_text(put_into(page.read_text(), EDITING, _lines(rows, machine)))


def _of(verdict):
    return verdict["units"], verdict["database"]


def _lines(rows, machine):
    yield f"The last run was on {machine['cores']} cores of {machine['processor']} with Python"
    yield f"{machine['python']} and a load of {machine['load']}; seconds are those of processors."
    yield ""
    yield "| units | database | target | measured | |"
    yield "|--:|---|---|---|---|"
    for each in rows:
        said = "met" if each["met"] else "**missed**"
        yield f"| {each['units']:,} | {each['database']} | {each['what']} | {each['is']} | {said} |"
