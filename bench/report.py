"""What the figures of `bench.site` say: the table, the targets, and the files that keep them."""

import json
import os
import platform
from pathlib import Path

from bench.plot import plot
from bench.targets import verdicts
from bench.words import FIGURES, lines, put_into

DOCS = Path(__file__).resolve().parent.parent / "docs"
COLUMNS = (
    f"{'':32}{'bytes':>9}{'gzip':>8}{'queries':>8} │{'cold /s':>9}{'p50 ms':>8}{'p99 ms':>8} │"
    f"{'warm /s':>9}{'p50 ms':>8}{'p99 ms':>8} │{'304 /s':>8} │{'cold ×':>8}{'warm ×':>8}{'304 ×':>8}"
)
ABOUT = "×: requests per second, as a part of those of a Django view that does nothing and answers as much"


def database_url():
    return os.environ.get("DATABASE_URL", "").strip()


class Results:
    """All rows of a run, printed as they come, and where `stores` kept as soon as a size is whole."""

    def __init__(self, stores=False):
        self.stores = stores
        self.rows = []
        self.failed = []

    def add(self, row):
        """Print `row`, a dict of figures, and keep it."""
        if not self.rows or group_of(self.rows[-1]) != group_of(row):
            print(f"\n{row['units']:,} units on {row['database']}; {ABOUT}\n{COLUMNS}")
        self.rows.append(row)
        print(line(row), flush=True)

    def fail(self, database, size, error):
        """Tell that one size has no figures, and keep none of it."""
        self.failed.append(f"{size:,} units on {database}")
        self.rows = [row for row in self.rows if group_of(row) != (database, size)]
        print(f"  {size:,} units on {database} were not measured: {error}", flush=True)

    def keep(self):
        """Write the rows so far into docs/speed.json, docs/speed.svg and docs/speed.md, if that is wanted.

        What those have of other sizes stays.
        """
        if self.stores:
            new = {group_of(row) for row in self.rows}
            store([row for row in stored()["rows"] if group_of(row) not in new] + self.rows)

    def conclude(self):
        """Print whether the targets are met; return whether everything was measured."""
        print("\nTargets")
        for each in verdicts(self.rows):
            print(f"  {'met ' if each['met'] else 'MISSED'}  {each['what']}: {each['is']}")
        for each in self.failed:
            print(f"  not measured: {each}")
        return not self.failed and not any("failed" in row for row in self.rows)


def group_of(row):
    return row["database"], row["units"]


def stored():
    """Return what docs/speed.json holds."""
    return json.loads((DOCS / "speed.json").read_text())


def store(rows):
    """Write `rows` and what they say into docs/speed.json, docs/speed.svg and docs/speed.md."""
    rows = sorted(rows, key=lambda row: (row["database"] != "SQLite", row["units"]))  # else as they came
    told = stored() | {"machine": machine(), "targets": list(verdicts(rows)), "rows": rows}
    (DOCS / "speed.json").write_text(json.dumps(rounded(told), indent=1) + "\n")
    (DOCS / "speed.svg").write_text(plot(rows))
    page = (DOCS / "speed.md").read_text()
    (DOCS / "speed.md").write_text(put_into(page, FIGURES, lines(rows, told["targets"], machine())))


def line(row):
    """Return the line of the table for one row."""
    if "failed" in row:
        return f"{row['name'][:31]:32} not measured: {' '.join(row['failed'].split())[:200]}"
    if row["kind"] == "memory":
        return f"{row['name']:32}{row['cold'] / 1e6:>9.0f} MB cold, {row['warm'] / 1e6:.0f} MB warm"
    parts = [f"{row['name'][:31]:32}"]
    if row["kind"] == "beside":
        parts.append(f"{'':25} │{_load(row['cold'])}")
        return "".join(parts)
    parts.append(f"{row['bytes']:>9,}{row['packed']:>8,}{row['queries']:>8} │")
    parts.append(f"{_load(row['cold'])} │{_load(row['warm']) if 'warm' in row else '–':>25} │")
    again = row.get("again")
    parts.append(f"{again['rps']:>8,.0f} │" if again else f"{'–':>8} │")
    for name in ("cold", "warm", "again"):
        figures = row.get(name)
        parts.append(f"{figures['rps'] / row['nothing']:>8.2f}" if figures else f"{'–':>8}")
    return "".join(parts)


def _load(figures):
    return f"{figures['rps']:>9,.0f}{figures['p50']:>8.1f}{figures['p99']:>8.1f}"


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
