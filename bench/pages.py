"""Measure the pages of a made-up institution: `python -m bench.pages 10000` prints a line for each."""

import gzip
import statistics
import sys
import time

from bench.scratch import database, published, set_up

set_up()

from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext, setup_test_environment

from units.resolve import forget_editions

TIMES = 7
MOST_MS, MOST_BYTES, MOST_QUERIES = 200, 60_000, 8


def addresses(size):
    """Return what is measured: every kind of page that such an institution has."""
    units = ["/units/unit-0/", f"/units/unit-{size // 10}/", f"/units/unit-{size - 1}/"]
    tasks = ["/tasks/", f"/tasks/?page={size // 50}", "/tasks/?part=supports", "/tasks/?owner=unit-1"]
    lists = ["/posts/", "/people/", "/bodies/", "/initiatives/", "/timeline/", "/timeline.ics", "/sources/"]
    charts = [
        "/chart/",
        "/chart/?depth=all",
        f"/chart/?find=unit+{size - 1}",
        f"/chart/?root=unit-{size - 1}",
    ]
    charts += ["/chart/table/?depth=all", "/chart/embed/", "/chart.svg", "/chart.md"]
    searches = ["/search/?q=unit", f"/search/?q=unit+{size - 1}", "/search/?q=no-such-word"]
    of_the_site = ["/editions/", "/data/", "/changes.atom", "/about/", "/accessibility/", "/privacy/"]
    return ["/", "/units/", *charts, *units, *tasks, *lists, "/sources/charter/", *searches, *of_the_site]


def measure(address):
    """Return the median of the milliseconds, bytes after gzip, and queries of the page `address`."""
    times = []
    for _ in range(TIMES):
        forget_editions()
        start = time.perf_counter()
        response = Client().get(address)
        times.append(time.perf_counter() - start)
        if response.status_code != 200:
            sys.exit(f"{address} answers {response.status_code}: nothing to measure")
    forget_editions()
    with CaptureQueriesContext(connection) as queries:
        Client().get(address)
    return 1000 * statistics.median(times), len(gzip.compress(response.content)), len(queries)


def main():
    size = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    settings.KEEP_ANSWERS = False
    with database():
        published(size)
        setup_test_environment()
        over = []
        print(f"Pages of {size:,} units on {connection.display_name}, nothing cached, median of {TIMES}")
        print(f"{'page':<28}{'ms':>8}{'gzip bytes':>12}{'queries':>9}")
        for address in addresses(size):
            ms, bytes_, queries = measure(address)
            print(f"{address:<28}{ms:>8.0f}{bytes_:>12,}{queries:>9}", flush=True)
            if ms > MOST_MS or bytes_ > MOST_BYTES or queries > MOST_QUERIES:
                over.append(address)
    if over:
        sys.exit(f"Above {MOST_MS} ms, {MOST_BYTES:,} bytes or {MOST_QUERIES} queries: {', '.join(over)}")


if __name__ == "__main__":
    main()
