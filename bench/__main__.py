"""Print the project's figures, each measured in a process and a database of its own."""

import argparse
import json
import subprocess
import sys

from bench.scratch import is_postgresql, scratch_database

SIZES = [1_000, 10_000, 100_000]


def main():
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("sizes", nargs="*", type=int, default=SIZES, help="numbers of units")
    sizes = parser.parse_args().sizes
    database = "PostgreSQL" if is_postgresql() else "SQLite"
    print(f"Loading and publishing editions on {database}: two tasks for each unit, a citation for each fact")
    columns = ["units", "rows", "check s", "load s", "publish s", "verify s", "rows/s", "peak MB"]
    table("bench.load", columns, sizes)
    print(
        "\nStarting a draft, and moving a unit in it, with this project's trees.py and with django-mptt alone"
    )
    columns = ["units", "copy s", "longest step s"]
    columns += [f"{place} {what}" for place in ("leftmost", "median") for what in ("ms", "mptt ms", "ratio")]
    table("bench.edit", columns, sizes)
    more = ["bench.pages", "10000"], ["bench.api", "10000"], ["bench.chart"], ["bench.tree", "2000"]
    more = [*more, ["bench.drafts", "100000"], ["bench.memory", "100000"]]
    for command in [*more, ["bench.formats"], ["bench.search", "100000"], ["bench.site"]]:
        print(flush=True)
        with scratch_database() as environment:
            subprocess.run([sys.executable, "-m", *command], env=environment, check=True)


def table(module, columns, sizes):
    """Print what `module` measures, a line for each size."""
    widths = [max(len(column), 9) + 2 for column in columns]
    print("".join(f"{column:>{width}}" for column, width in zip(columns, widths, strict=True)))
    for size in sizes:
        figures = measure(module, size)
        line = (f"{figures[column]:>{width}}" for column, width in zip(columns, widths, strict=True))
        print("".join(line), flush=True)


def measure(module, size):
    """Return what `module` prints for `size` units, in a new process and on SQLite in a new database."""
    with scratch_database() as environment:
        command = [sys.executable, "-m", module, str(size)]
        done = subprocess.run(command, env=environment, check=True, capture_output=True, text=True)
        return json.loads(done.stdout)


if __name__ == "__main__":
    main()
