"""Print the project's figures, each measured in a process and a database of its own."""

import argparse
import json
import os
import subprocess
import sys
import tempfile

SIZES = [1_000, 10_000, 100_000]


def main():
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("sizes", nargs="*", type=int, default=SIZES, help="numbers of units")
    sizes = parser.parse_args().sizes
    print(
        f"Loading and publishing editions on {database()}: two tasks for each unit, a citation for each fact"
    )
    columns = ["units", "rows", "check s", "load s", "publish s", "verify s", "rows/s", "peak MB"]
    print("".join(f"{column:>11}" for column in columns))
    for size in sizes:
        figures = measure(size)
        print("".join(f"{figures[column]:>11}" for column in columns), flush=True)


def database():
    """Return the database that is measured: PostgreSQL where DATABASE_URL names one, else SQLite."""
    return "PostgreSQL" if os.environ.get("DATABASE_URL", "").startswith("postgres") else "SQLite"


def measure(size):
    """Return the figures of loading `size` units in a new process; on SQLite in a new database."""
    with tempfile.TemporaryDirectory() as folder:
        environment = dict(os.environ)
        if database() == "SQLite":
            environment["DATABASE_URL"] = f"sqlite:///{folder}/bench.sqlite3"
        command = [sys.executable, "-m", "bench.load", str(size)]
        done = subprocess.run(command, env=environment, check=True, capture_output=True, text=True)
        return json.loads(done.stdout)


if __name__ == "__main__":
    main()
