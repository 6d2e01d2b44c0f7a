"""What the figures of `bench.site` say: the table, the targets, and the files that keep them."""

import json
import os
import platform
from pathlib import Path

from bench.plot import plot
from bench.words import put_into

DOCS = Path(__file__).resolve().parent.parent / "docs"
MOST_QUERIES, MOST_BYTES, MOST_MEMORY = 8, 60_000, 300_000_000
COLUMNS = (
    f"{'':32}{'bytes':>9}{'gzip':>8}{'queries':>8} │{'cold /s':>9}{'p50 ms':>8}{'p99 ms':>8} │"
    f"{'warm /s':>9}{'p50 ms':>8}{'p99 ms':>8} │{'304 /s':>8} │{'cold ×':>8}{'warm ×':>8}{'304 ×':>8}"
)
ABOUT = "×: requests per second, as a part of those of a Django view that does nothing and answers as much"


def database_url():
    return os.environ.get("DATABASE_URL", "").strip()


class Results:
    """All rows of a run, printed as they come."""

    def __init__(self):
        self.rows = []
        self.verdicts = []

    def add(self, row):
        """Print `row`, a dict of figures, and keep it."""
        if not self.rows or self._group(self.rows[-1]) != self._group(row):
            print(f"\n{row['units']:,} units on {row['database']}; {ABOUT}\n{COLUMNS}")
        self.rows.append(row)
        print(line(row), flush=True)

    def _group(self, row):
        return row["database"], row["units"]

    def conclude(self):
        """Print whether the targets are met."""
        self.verdicts = list(verdicts(self.rows))
        print("\nTargets")
        for each in self.verdicts:
            print(f"  {'met ' if each['met'] else 'MISSED'}  {each['what']}: {each['is']}")

    def store(self):
        """Write docs/speed.json and docs/speed.svg, and the figures in docs/speed.md."""
        told = {"machine": machine(), "targets": self.verdicts, "rows": self.rows}
        (DOCS / "speed.json").write_text(json.dumps(rounded(told), indent=1) + "\n")
        (DOCS / "speed.svg").write_text(plot(self.rows))
        page = (DOCS / "speed.md").read_text()
        (DOCS / "speed.md").write_text(put_into(page, self.rows, self.verdicts, machine()))


def line(row):
    """Return the line of the table for one row."""
    if row["kind"] == "memory":
        return f"{row['name']:32}{row['cold'] / 1e6:>9.0f} MB cold, {row['warm'] / 1e6:.0f} MB warm"
    parts = [f"{row['name'][:31]:32}"]
    if row["kind"] == "beside":
        parts.append(f"{'':25} │{_load(row['cold'])}")
        return "".join(parts)
    parts.append(f"{row['bytes']:>9,}{row['packed']:>8,}{row['queries']:>8} │")
    parts.append(f"{_load(row['cold'])} │{_load(row['warm'])} │")
    again = row.get("again")
    parts.append(f"{again['rps']:>8,.0f} │" if again else f"{'–':>8} │")
    for name in ("cold", "warm", "again"):
        figures = row.get(name)
        parts.append(f"{figures['rps'] / row['nothing']:>8.2f}" if figures else f"{'–':>8}")
    return "".join(parts)


def _load(figures):
    return f"{figures['rps']:>9,.0f}{figures['p50']:>8.1f}{figures['p99']:>8.1f}"


def verdicts(rows):
    """Yield {"what", "is", "met"} for each target that `rows` have the figures of."""
    groups = {}
    for row in rows:
        groups.setdefault((row["database"], row["units"]), {})[row["name"]] = row
    for (database, size), found in groups.items():
        where = f"{size:,} units on {database}"
        yield from _of_size(where, size, found)
    for database in sorted({row["database"] for row in rows}):
        if (database, 1_000) in groups and (database, 100_000) in groups:
            yield from _growth(database, groups[database, 1_000], groups[database, 100_000])


def _of_size(where, size, found):
    measured = [row for row in found.values() if "warm" in row and row["kind"] != "memory"]
    pages = [row for row in measured if row["kind"] == "page"]
    if size == 10_000:
        slowest = min(measured, key=lambda row: row["warm"]["rps"] / row["nothing"], default=None)
        if slowest:
            part = slowest["warm"]["rps"] / slowest["nothing"]
            text = f"warm, at least half of a view that does nothing, {where}"
            yield _verdict(text, f"{part:.2f}, {slowest['name']}", part >= 0.5)
        again = [row for row in measured if "again" in row]
        if again:
            slowest = min(again, key=lambda row: row["again"]["rps"] / row["nothing"])
            part = slowest["again"]["rps"] / slowest["nothing"]
            text = f"304, at least 0.8 of it, {where}"
            yield _verdict(text, f"{part:.2f}, {slowest['name']}", part >= 0.8)
        for ours, theirs, least in [
            ("API: units, 50", "textbook: units, 50", 5),
            ("API: tree of 1,000", "textbook: tree of 1,000", 10),
            ("unit, in the middle", "textbook: one unit", 1),
        ]:
            if ours in found and theirs in found:
                times = found[ours]["cold"]["rps"] / found[theirs]["cold"]["rps"]
                yield _verdict(
                    f"{ours}, cold, at least {least} times {theirs}, {where}", f"{times:.1f}", times >= least
                )
    if pages:
        most = max(pages, key=lambda row: row["queries"])
        text = f"at most {MOST_QUERIES} queries, {where}"
        yield _verdict(text, f"{most['queries']}, {most['name']}", most["queries"] <= MOST_QUERIES)
        heaviest = max(pages, key=lambda row: row["visit"]["bytes"])
        bytes_, rounds = heaviest["visit"]["bytes"], max(row["visit"]["rounds"] for row in pages)
        text = f"first visit at most 60 KB in one round, {where}"
        said = f"{bytes_:,} bytes, {heaviest['name']}, {rounds} round"
        yield _verdict(text, said, bytes_ <= MOST_BYTES and rounds == 1)
    memory = found.get("a worker's memory")
    if memory and size == 100_000:
        most = max(memory["cold"], memory["warm"])
        yield _verdict(f"a worker takes at most 300 MB, {where}", f"{most / 1e6:.0f} MB", most <= MOST_MEMORY)


def _growth(database, small, large):
    for name, row in large.items():
        if row["kind"] not in ("page", "data", "file") or name not in small:
            continue
        before, after = (_cost(each) for each in (small[name], row))
        grown = row["bytes"] / small[name]["bytes"]
        text = f"{name}, cold, at most 20 % dearer at 100,000 than at 1,000 units on {database}"
        said = f"{after / before:.2f} times, its content {grown:.2f} times"
        yield _verdict(text, said, after / before <= 1.2 * max(1, grown))


def _cost(row):
    """Return what an answer costs when it is made anew, as a multiple of one of a view that does nothing.

    On SQLite all of it is processor time of the server, which a busy machine changes less than its speed.
    """
    if row["database"] == "SQLite":
        return row["cold"]["cpu"] / row["nothing cpu"]
    return row["nothing"] / row["cold"]["rps"]


def _verdict(what, said, met):
    return {"what": what, "is": said, "met": met}


def machine():
    """Return what the figures were taken on."""
    model = next(
        (
            text.partition(":")[2].strip()
            for text in Path("/proc/cpuinfo").read_text().splitlines()
            if text.startswith("model name")
        ),
        platform.machine(),
    )
    load = round(os.getloadavg()[2], 1)  # of the last quarter of an hour: a busy machine's figures are rough
    return {
        "processor": model,
        "cores": os.cpu_count(),
        "python": platform.python_version(),
        "load": load,
    }


def rounded(value):
    """Return `value`, plain data, with its fractions to three digits."""
    if isinstance(value, dict):
        return {key: rounded(each) for key, each in value.items()}
    if isinstance(value, list):
        return [rounded(each) for each in value]
    return float(f"{value:.4g}") if isinstance(value, float) else value
