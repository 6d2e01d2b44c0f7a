"""The figures of `bench.site` in words: the part of docs/speed.md that a run writes anew."""

import re
import statistics

BEGIN, END = "<!-- figures: written by python -m bench.site --store -->", "<!-- end of the figures -->"
KINDS = {"page": "a page", "data": "an answer of the API", "file": "a chart, calendar or graph"}


def put_into(page, rows, verdicts, machine):
    """Return the text `page` with the figures of this run in the place of those of the last one."""
    figures = "\n".join([BEGIN, "", *lines(rows, verdicts, machine), "", END])
    return re.sub(f"{re.escape(BEGIN)}.*{re.escape(END)}", lambda _found: figures, page, flags=re.DOTALL)


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
            if some := [row for row in found if row["kind"] == kind]:
                yield f"| {size:,} | {database} | {said} | {_carried(some)} |"
    yield ""
    yield "| units | database | beside it | a second | median ms |"
    yield "|--:|---|---|--:|--:|"
    for (size, database), found in _groups(rows).items():
        for row in found:
            if row["kind"] == "beside":
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
    warm = statistics.median(row["warm"]["rps"] for row in rows)
    part = statistics.median(row["warm"]["rps"] / row["nothing"] for row in rows)
    again = [row["again"]["rps"] for row in rows if "again" in row]
    again = _number(statistics.median(again)) if again else "–"
    cold = statistics.median(row["cold"]["rps"] for row in rows)
    ms = statistics.median(row["cold"]["p50"] for row in rows)
    return f"{_number(warm)} | {part:.2f} | {again} | {_number(cold)} | {ms:.0f}"


def _number(value):
    return f"{value:,.0f}" if value >= 10 else f"{value:.1f}"
