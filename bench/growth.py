"""Whether what an answer costs grows with its edition: `python -m bench.growth 1000 100000 --only tasks`.

Every page and endpoint is made anew in a process of its own, and the least of several times is taken:
processor time on SQLite, which works in that process, and time by the clock on PostgreSQL. Beside the
addresses of bench.site are those that are asked more rarely: pages far down a list, and lists with a choice.
"""

import argparse
import json
import subprocess
import sys
import time

from bench import report
from bench.addresses import TREE, Address, addresses
from bench.serving import SITE, environment_of
from bench.site import COLD, branch_of, built
from bench.whole import whole_institution
from scripts.site import ROOT

SIZES = [1_000, 100_000]
TIMES = 15
TARGET = 1.2


def main():
    parser = argparse.ArgumentParser(prog="python -m bench.growth", description=__doc__.partition("\n")[0])
    parser.add_argument("sizes", nargs="*", type=int, default=SIZES, help="numbers of units")
    parser.add_argument("--only", default="", help="measure only what has this in its name or address")
    parser.add_argument("--measure", action="store_true", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.measure:
        print(json.dumps(measured(json.load(sys.stdin))))
        return
    for vendor in ["SQLite", "PostgreSQL"] if report.database_url().startswith("postgres") else ["SQLite"]:
        found = {size: of_size(vendor, size, asked.only) for size in asked.sizes}
        show(vendor, asked.sizes, found)


def of_size(vendor, size, only):
    """Return {name of an address: milliseconds} of an edition with `size` units."""
    document = whole_institution(size)
    chosen = [
        each
        for each in [*addresses(size, branch_of(document, TREE)), *further(size)]
        if only in f"{each.name} {each.path}"
    ]
    with built(vendor, document) as (folder, database):
        return times_of(environment_of(folder, database), chosen)


def times_of(environment, chosen):
    """Return {name: milliseconds} of the Addresses `chosen`, taken in a process with `environment`."""
    command = [sys.executable, "-m", "bench.growth", "--measure"]
    more = {"cwd": ROOT, "env": environment | COLD, "text": True, "check": True}
    paths = json.dumps([each.path for each in chosen])
    done = subprocess.run(command, input=paths, stdout=subprocess.PIPE, **more)
    found = json.loads(done.stdout.splitlines()[-1])  # below what the site writes into its log
    return {each.name: found[each.path] for each in chosen}


def further(size):
    """Return the Addresses of pages far down, and of lists with a choice."""
    typed = "grants+for+re&limit=8&fields=name,page,kind,reason"
    last = size // 50  # of 2.5 tasks for each unit, in pages of 50: before the end
    return [
        Address("tasks, far down", f"/tasks/?page={2 * last}"),
        Address("tasks of one part", "/tasks/?part=coordinates"),
        Address("tasks on a theme", "/tasks/?theme=energy"),
        Address("posts, far down", f"/posts/?page={max(1, last // 10)}"),
        Address("API: tasks, far down", f"/api/v1/tasks/?offset={2 * size}", "data"),
        Address("API: statements, far down", f"/api/v1/statements/?offset={2 * size}", "data"),
        Address("API: tasks of one part", "/api/v1/tasks/?part=coordinates", "data"),
        Address("API: tasks on a theme", "/api/v1/tasks/?theme=energy", "data"),
        Address("API: tasks of a unit", f"/api/v1/tasks/?owner=unit-{size // 10}", "data"),
        Address("API: tasks, turned round", "/api/v1/tasks/?ordering=-place", "data"),
        Address("API: units, far down", f"/api/v1/units/?offset={size * 9 // 10}", "data"),
        Address("API: units of a kind", "/api/v1/units/?kind=unit", "data"),
        Address("API: posts, far down", f"/api/v1/posts/?offset={size // 10}", "data"),
        Address("API: posts of a kind", "/api/v1/posts/?role=advises", "data"),
        Address("API: suggestions", f"/api/v1/search/?q={typed}", "data"),
    ]


def measured(paths):
    """Return {path: the least milliseconds that an answer took}."""
    import django

    django.setup()
    from django.db import connection
    from django.test import Client

    clock = time.process_time if connection.vendor == "sqlite" else time.perf_counter
    client = Client(SERVER_NAME=SITE, headers={"X-Forwarded-Proto": "https"}, REMOTE_ADDR="127.0.0.1")
    found = {}
    for path in paths:
        for turn in range(TIMES):
            start = clock()
            answer = client.get(path)
            if answer.streaming:
                b"".join(answer.streaming_content)
            took = 1000 * (clock() - start)
            if answer.status_code != 200:
                sys.exit(f"{path} answers {answer.status_code}: nothing to measure")
            found[path] = min(took, found[path]) if turn > 1 else took
    return found


def show(vendor, sizes, found):
    """Print a line for each address: its milliseconds by size, and how many times as long the last takes."""
    print(f"\n{vendor}: milliseconds, made anew, {' and '.join(f'{size:,}' for size in sizes)} units")
    for name in found[sizes[0]]:
        times = [found[size][name] for size in sizes]
        ratio = times[-1] / times[0]
        grows = " grows" if ratio > TARGET else ""
        print(f"{name:30} " + " ".join(f"{took:8.2f}" for took in times) + f"  {ratio:5.2f}{grows}")


if __name__ == "__main__":
    main()
