"""Measure the API beside what a textbook makes of the same tables: `python -m bench.api 10000`.

Both answer the same question with the same facts, one after the other in one process.
"""

import json
import statistics
import sys
import time

from bench.scratch import database, published, set_up

set_up()

from django.conf import settings
from django.db import connection, reset_queries
from django.test import Client, RequestFactory

from bench.textbook import Textbook
from units.models import Unit

ROUNDS = 7
UNITS = "/api/v1/units/?limit=200&offset=400"


def main():
    size = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    settings.ALLOWED_HOSTS, settings.KEEP_ANSWERS = ["testserver"], False
    with database():
        published(size)
        client, textbook = Client(), Textbook.as_view({"get": "list"})
        request = RequestFactory().get(UNITS)
        ours, theirs = by_turns(lambda: client.get(UNITS), lambda: textbook(request).render())
        figures = {
            "units": size,
            "ours ms": ours[0],
            "textbook ms": theirs[0],
            "ratio": theirs[0] / ours[0],
            "ours queries": ours[1],
            "textbook queries": theirs[1],
        }
        for title, path in {
            "tree of 1,000": f"/api/v1/tree/?root={root_of(1_000)}",
            "tree nested": f"/api/v1/tree/?shape=nested&root={root_of(1_000)}",
            "whole tree": "/api/v1/tree/",
            "whole tree, no citations": "/api/v1/tree/?omit=citations",
            "units by name": "/api/v1/units/?ordering=name&limit=200",
            "tasks": "/api/v1/tasks/?limit=200",
            "one unit": "/api/v1/units/unit-7/",
        }.items():
            answer = client.get(path)
            figures[f"{title}: ms"] = measured(lambda path=path: client.get(path))[0]
            figures[f"{title}: units"] = answer.json().get("count", 1)
        etag = client.get(UNITS).headers["ETag"]
        figures["304 ms"] = measured(lambda: client.get(UNITS, headers={"if-none-match": etag}))[0]
    print(json.dumps({key: round(value, 2) for key, value in figures.items()}, indent=1))


def root_of(size):
    """Return the slug of the unit whose branch comes closest to `size` units."""
    units = Unit.objects.all()
    return min(units, key=lambda unit: abs(unit.units_below + 1 - size)).slug


def measured(work):
    """Return (median ms, queries) of `work`, done ROUNDS times; the queries are counted in one more run."""
    seconds = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        answer = work()
        seconds.append(time.perf_counter() - start)
        if answer.status_code not in (200, 304):
            sys.exit(f"the figures would mean nothing: {answer.status_code}")
    connection.force_debug_cursor = True
    reset_queries()
    work()
    queries = len(connection.queries)
    connection.force_debug_cursor = False
    return 1000 * statistics.median(seconds), queries


def by_turns(first, second):
    """Return measured() of both; one round of each first, so that both find everything warm."""
    first(), second()
    return measured(first), measured(second)


if __name__ == "__main__":
    main()
