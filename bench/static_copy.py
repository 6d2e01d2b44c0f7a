"""Measure static copies: `python -m bench.static_copy 10 1000 --processes 2` prints a line for each size."""

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from bench.scratch import scratch_database

# In a process of its own, whose memory is nobody else's; the largest process counts.
FILL = "from bench.scratch import published; published({size})"


def main():
    parser = argparse.ArgumentParser(prog="python -m bench.static_copy", description=__doc__)
    parser.add_argument("sizes", nargs="*", type=int, default=[10, 1_000], help="numbers of units")
    parser.add_argument("--processes", default="1")
    asked = parser.parse_args()
    columns = ["units", "files", "MB", "MB as sent", "MB on disk", "s", "files/s", "again s", "peak MB"]
    print("".join(f"{column:>12}" for column in columns))
    for size in asked.sizes:
        with scratch_database(is_sqlite=True) as environment, tempfile.TemporaryDirectory() as folder:
            manage(environment, "migrate", "--verbosity", "0")
            manage(environment, "shell", "--verbosity", "0", "--command", FILL.format(size=size))
            export = ["export_site", f"{folder}/copy", "--verbosity", "0", "--processes", asked.processes]
            first, again = manage(environment, *export), manage(environment, *export)
            figures = [size, *sizes_in(Path(folder) / "copy"), first]
            figures += [figures[1] / first, again, peak()]
        print("".join(f"{figure:>12,.{0 if figure >= 100 else 1}f}" for figure in figures), flush=True)


def manage(environment, *arguments):
    """Run manage.py; return how many seconds it took."""
    since = time.perf_counter()
    subprocess.run([sys.executable, "manage.py", *arguments], env=environment, check=True)
    return time.perf_counter() - since


def sizes_in(folder):
    """Return of the copy in `folder` how many files it has, their MB, the MB as sent and on the disk."""
    notes = json.loads((folder / "copy.json").read_text())["files"]
    disk = sum(path.lstat().st_blocks * 512 for path in folder.rglob("*"))
    sent = sum(note.get("gzip", note)["size"] for note in notes)
    return len(notes), sum(note["size"] for note in notes) / 1e6, sent / 1e6, disk / 1e6


def peak():
    """Return the MB of the largest process so far."""
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024


if __name__ == "__main__":
    main()
