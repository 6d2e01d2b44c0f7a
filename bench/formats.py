"""Measure every format, as ratios to JSON in the same run: `python -m bench.formats 1000 10000`.

Lists: all units by the API, JSON and linked data in parts of 200, tables in one answer. Whole editions: JSON
is the document, written anew from the rows. Each is measured in a process of its own, which is new but for
one small answer; memory is what that process takes at most, beyond what it had before.
"""

import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from bench.scratch import database, published, scratch_database, set_up

ONE = "--one"
LISTS = ["json", "jsonld", "ttl", "csv", "xlsx"]
WHOLE = ["json", "jsonld", "ttl", "csv.zip", "xlsx", "pdf"]
# Sent, or written to its file, as it is made; the others are made first.
STREAMED = {"list csv", "whole jsonld", "whole ttl", "whole csv.zip", "whole xlsx"}
MOST_IN_PDF = 1_000
PART = 200  # results at once, where there is such a limit


def main(size):
    """Print for each format seconds, bytes and memory, at `size` units."""
    with scratch_database(is_sqlite=True) as environment:
        run(environment, "load", "", size)
        print(f"{size} units, seconds of the processor (with those of Typst)")
        print(f"{'':>16}{'s':>8}{'MB':>8}{'memory MB':>11}   of JSON: {'s':>6}{'bytes':>7}{'memory':>8}")
        for what, formats in (("list", LISTS), ("whole", WHOLE)):
            first = None
            for name in formats:
                if name == "pdf" and size > MOST_IN_PDF:
                    print(f"{'whole pdf':<16} refused: more than {MOST_IN_PDF} units")
                    continue
                took, sent, memory = map(float, run(environment, what, name, size).split())
                first = first or (took, sent, memory)
                ratios = [
                    mine / max(its, 0.001) for mine, its in zip((took, sent, memory), first, strict=True)
                ]
                label = f"{what} {name}"
                figures = f"{took:>8.2f}{sent / 1e6:>8.2f}{memory:>11.1f}"
                of_json = f"{ratios[0]:>16.2f}{ratios[1]:>7.2f}{ratios[2]:>8.2f}"
                print(f"{label:<16}{figures}{of_json}{'  streamed' if label in STREAMED else ''}", flush=True)


def run(environment, *args):
    command = [sys.executable, "-m", "bench.formats", ONE, *map(str, args)]
    done = subprocess.run(command, env=environment, check=True, stdout=subprocess.PIPE, text=True)
    return done.stdout


def one(what, name, size):
    """Print seconds, bytes and megabytes of memory that the format `name` takes."""
    set_up()
    from django.conf import settings
    from django.test import Client

    from units.models import Edition

    if what == "load":
        with database():
            published(size)
        return
    settings.API_RATE = ""
    client = Client(headers={"host": settings.SITE_URL.rpartition("/")[2]})
    write = list_of(client, name, size) if what == "list" else whole(Edition.objects.published().get(), name)
    before, since = peak(), used()
    sent = write()
    print(used() - since, sent, peak() - before)


def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def used():
    return sum(sum(resource.getrusage(who)[:2]) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))


def list_of(client, name, size):
    def ask(query):
        answer = client.get(f"/units.{name}{query}")
        if answer.status_code != 200:
            raise RuntimeError(answer.content)
        parts = answer.streaming_content if answer.streaming else [answer.content]
        sent = sum(map(len, parts))
        answer.close()
        return sent

    ask("?limit=1")
    if name in ("csv", "xlsx"):
        return lambda: ask("")
    return lambda: sum(ask(f"?limit={PART}&offset={offset}") for offset in range(0, size, PART))


def whole(edition, name):
    from units import downloads
    from units.documents import dump
    from units.documents.form import canonical

    path = Path(tempfile.gettempdir()) / f"bench-{os.getpid()}"

    def write():
        try:
            if name == "json":
                path.write_bytes(canonical(dump(edition)))
            else:
                form = downloads.FORMATS[name]
                form.write(edition, path)
            return path.stat().st_size
        finally:
            path.unlink(missing_ok=True)

    return write


if __name__ == "__main__":
    since = time.perf_counter()
    if sys.argv[1:2] == [ONE]:
        one(*sys.argv[2:4], int(sys.argv[4]))
    else:
        for each in [int(each) for each in sys.argv[1:]] or [1_000, 10_000]:
            main(each)
        print(f"in all {time.perf_counter() - since:.0f} s")
