"""The figures of `bench.site` in words: the part of docs/speed.md that a run writes anew."""

import re
import statistics

# What a run writes into the page, between two comments: the name of the place, and the command that does it.
FIGURES, LIGHTHOUSE, EDITING = (
    ("figures", "bench.site"),
    ("scores", "bench.lighthouse"),
    ("editing", "bench.drafts"),
)
KINDS = {"page": "a page", "data": "an answer of the API", "file": "a chart, calendar or graph"}


def put_into(page, place, lines):
    """Return the text `page` with `lines` in the place of those of the last run there."""
    name, command = place
    begin, end = f"<!-- {name}: written by python -m {command} --store -->", f"<!-- end of the {name} -->"
    new = "\n".join([begin, "", *lines, "", end])
    return re.sub(f"{re.escape(begin)}.*{re.escape(end)}", lambda _found: new, page, flags=re.DOTALL)


def lines(rows, verdicts, machine):
    """Yield the lines: the machine, what it carries at each size, what it is compared with, the targets."""
    yield f"Taken on {machine['cores']} cores of {machine['processor']} with Python {machine['python']};"
    yield "the server, the database and what asks them share these cores, which had a load of"
    yield f"{machine['load']} (figures of a machine that does other work meanwhile are rough)."
    yield ""
    kept = "kept, a second | of a view that does nothing | 304, a second"
    yield f"| units | database | what | {kept} | made anew, a second | median ms |"
    yield "|--:|---|---|--:|--:|--:|--:|--:|"
    for (size, database), found in _groups(rows).items():
        for kind, said in KINDS.items():
            if some := [row for row in found if row["kind"] == kind and "cold" in row]:
                yield f"| {size:,} | {database} | {said} | {_carried(some)} |"
    yield ""
    yield "| units | database | beside it | a second | median ms |"
    yield "|--:|---|---|--:|--:|"
    for (size, database), found in _groups(rows).items():
        for row in found:
            if row["kind"] == "beside" and "cold" in row:
                rps, ms = row["cold"]["rps"], row["cold"]["p50"]
                yield f"| {size:,} | {database} | {row['name']} | {_number(rps)} | {ms:.1f} |"
    yield ""
    yield "| target | measured | |"
    yield "|---|---|---|"
    for each in verdicts:
        yield f"| {each['what']} | {each['is']} | {'met' if each['met'] else '**missed**'} |"


def _groups(rows):
    found = {}
    for row in rows:
        found.setdefault((row["units"], row["database"]), []).append(row)
    return found


def _carried(rows):
    """Return the medians over `rows`, as cells."""
    kept = [row for row in rows if "warm" in row]
    warm = _number(statistics.median(row["warm"]["rps"] for row in kept)) if kept else "–"
    parts = [row["warm"]["rps"] / row["nothing"] for row in kept]
    part = f"{statistics.median(parts):.2f}" if parts else "–"
    again = [row["again"]["rps"] for row in rows if "again" in row]
    again = _number(statistics.median(again)) if again else "–"
    cold = statistics.median(row["cold"]["rps"] for row in rows)
    ms = statistics.median(row["cold"]["p50"] for row in rows)
    return f"{warm} | {part} | {again} | {_number(cold)} | {ms:.0f}"


def _number(value):
    return f"{value:,.0f}" if value >= 10 else f"{value:.1f}"
