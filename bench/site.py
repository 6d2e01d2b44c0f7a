"""Measure the site as it is served: `python -m bench.site 10 1000 10000 100000 --only unit`.

Builds an edition of each size, starts the production server twice (once keeping no answer: cold; once as
deployed: warm) and loads it from a second process. What it is compared with stands in the same processes and
is measured just before each address. On SQLite; also on PostgreSQL where DATABASE_URL names a server.
Results are printed, and with --store kept in docs/speed.json, each size of each database as soon as it is
whole, and drawn in docs/speed.svg; what was kept of other sizes stays.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from contextlib import contextmanager, nullcontext
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

import psycopg

from bench import report
from bench.addresses import TREE, addresses
from bench.addresses import beside as others
from bench.serving import LoadError, environment_of, load, running
from bench.targets import TARGET
from bench.visits import first_visit
from bench.whole import whole_institution
from scripts.site import ROOT, manage

SIZES = [10, 1_000, 10_000, 100_000]
USUAL_BYTES = 20_000
WARMING = 12  # times, so that each of its processes is asked
COLD = {"KEPT_ANSWERS": "0"}  # no answer is kept


def main():
    parser = argparse.ArgumentParser(prog="python -m bench.site", description=__doc__.partition("\n")[0])
    parser.add_argument("sizes", nargs="*", type=int, default=SIZES, help="numbers of units")
    parser.add_argument("--only", default="", help="measure only what has this in its name or address")
    parser.add_argument("--seconds", type=int, default=1, help="how long each address is loaded")
    parser.add_argument("--store", action="store_true", help="write docs/speed.json and docs/speed.svg")
    asked = parser.parse_args()
    if asked.only and asked.store:
        parser.error("--store keeps whole sizes: leave out --only.")
    results = report.Results(asked.store)
    for vendor in ["SQLite", "PostgreSQL"] if report.database_url().startswith("postgres") else ["SQLite"]:
        for size in asked.sizes:
            try:
                for row in measured(vendor, size, asked.only, asked.seconds):
                    results.add(row)
            except (RuntimeError, OSError, subprocess.CalledProcessError, psycopg.Error) as error:
                results.fail(vendor, size, error)  # what the others say counts all the same
            else:
                results.keep()
    if not results.conclude():
        sys.exit(1)


def measured(vendor, size, only="", seconds=1):
    """Yield a dict of figures for each address of an edition with `size` units."""
    document = whole_institution(size)
    branch = branch_of(document, TREE)
    chosen = [each for each in addresses(size, branch) if only in f"{each.name} {each.path}"]
    with built(vendor, document) as (folder, database):
        environment = environment_of(folder, database)
        counted = count(environment, [each.path for each in chosen])
        cold = running(environment | COLD, f"{folder}/cold.log")
        with cold as cold, running(environment, f"{folder}/warm.log") as warm:
            same = {"database": vendor, "units": size}
            for each in others(size, branch, USUAL_BYTES):
                if only in f"{each.name} {each.path}":
                    named = same | {"name": each.name, "kind": each.kind}
                    yield named | tried(lambda path=each.path: {"cold": vars(load(cold, path, seconds))})
            # What is kept takes no query, so that of PostgreSQL says the same as that of SQLite.
            is_kept = vendor == "SQLite" or size == TARGET
            for each in chosen:
                named = same | {"name": each.name, "path": each.path, "kind": each.kind}
                ask = partial(one, each, counted[each.path], cold, warm, seconds, is_kept)
                yield named | tried(ask)
            memory = {"name": "a worker's memory", "kind": "memory"}
            yield same | memory | {"cold": cold.memory(), "warm": warm.memory()}


def tried(ask):
    """Return the figures that `ask()` does; where there are none, why."""
    try:
        return ask()
    except (LoadError, OSError) as error:
        return {"failed": str(error)}


def one(address, counted, cold, warm, seconds, is_kept):
    """Return the figures of one Address; unless `is_kept` only of what is made anew."""
    path, figures = address.path, dict(counted)
    status, headers, _body = warm.ask(path)
    if status != 200:
        raise LoadError(f"{path} answers {status}: nothing to measure")
    nothing = f"/nothing/{counted['bytes']}/"
    for server in (cold, warm):  # connections, templates, indexes, kept answers, in each of its processes
        for _ in range(WARMING):
            server.ask(path)
    # On the server that keeps nothing: on the other one, its answer would be kept like any.
    beside = load(cold, nothing, seconds)
    figures |= {"nothing": beside.rps, "nothing cpu": beside.cpu}
    figures["cold"] = vars(load(cold, path, seconds))
    known = {"If-None-Match": headers.get("ETag", '"none"')}
    if is_kept:
        figures["warm"] = vars(load(warm, path, seconds))
    if is_kept and warm.ask(path, **known)[0] == 304:
        figures["again"] = vars(load(warm, path, seconds, **known))
    if address.kind == "page":
        figures["visit"] = first_visit(warm, path)
    return figures


def count(environment, paths):
    """Return {path: {"queries", "bytes", "packed"}}, counted in a process of its own that keeps nothing."""
    command = [sys.executable, "-m", "bench.counting"]
    more = {"cwd": ROOT, "env": environment | COLD, "text": True, "check": True}
    done = subprocess.run(command, input=json.dumps(paths), stdout=subprocess.PIPE, **more)
    return json.loads(done.stdout.splitlines()[-1])  # below what the site writes into its log


@contextmanager
def built(vendor, document):
    """Publish `document` in a new database; give (a folder for the rest, the database's address)."""
    size = document["title"].split()[3]
    with tempfile.TemporaryDirectory() as folder:
        database = nullcontext(f"sqlite:///{folder}/bench.sqlite3")
        if vendor == "PostgreSQL":
            database = new_database(f"bench_{size}_{os.getpid()}")
        with database as database:
            environment = environment_of(folder, database)
            file = Path(folder) / "institution.json"
            file.write_text(json.dumps(document))
            manage(environment, "migrate", "--verbosity", "0")
            manage(environment, "load_edition", str(file))
            manage(environment, "collectstatic", "--no-input", "--verbosity", "0")
            yield folder, database


@contextmanager
def new_database(name):
    """Make the database `name` on the server of DATABASE_URL; give its address, and drop it in the end."""
    url = report.database_url()
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
    try:
        yield urlsplit(url)._replace(path=f"/{name}").geturl()
    finally:
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def branch_of(document, size):
    """Return the slug of the unit whose branch comes closest to `size` units."""
    sizes = {}

    def measure(unit):
        sizes[unit["slug"]] = 1 + sum(map(measure, unit.get("units", ())))
        return sizes[unit["slug"]]

    measure(document["units"][0])
    return min(sizes, key=lambda slug: abs(sizes[slug] - size))


if __name__ == "__main__":
    main()
