"""Measure the tree editor on a draft of a made-up institution: `python -m bench.tree 2000` prints figures."""

import functools
import gzip
import re
import statistics
import sys
import time
from html import unescape

from bench.scratch import database, published, set_up

set_up()

from django.contrib.auth import get_user_model
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from units import drafts, trees

TREE = "/admin/units/unit/tree/"
SCRIPT = {"Accept": "application/json"}
HIDDEN = re.compile(r'<input type="hidden" name="(of|place|seen|shown|step)" value="([^"]*)"')
TIMES = 7
MOST_MS, MOST_BYTES = 200, 60_000


def main():
    size = int(sys.argv[1]) if len(sys.argv) > 1 else 2_000
    with database():
        draft = drafts.start(published(size))
        editor = Client(SERVER_NAME="127.0.0.1")
        editor.force_login(get_user_model().objects.create_superuser("bench"))
        print(f"The tree editor with {size} units: median of {TIMES} on {connection.vendor}")
        slow = [what for what, measured in measures(editor, draft, size) if report(what, measured)]
        if trees.problems(draft):
            sys.exit("the figures would mean nothing: the tree is damaged")
    if slow and size <= 2_000:
        sys.exit(f"Over {MOST_MS} ms or {MOST_BYTES} bytes: {', '.join(slow)}")


def report(what, measured):
    ms, size, queries = measured
    print(f"{what:<44}{ms:>8.1f} ms{size:>9} bytes{queries:>5} queries", flush=True)
    return ms > MOST_MS or size > MOST_BYTES


def measures(editor, draft, size):
    """Yield (what is done, (its ms, its bytes after gzip, its queries))."""
    middle, last = f"unit-{size // 2}", f"unit-{size - 1}"
    for what, address in {
        "the page": TREE,
        "the page with a unit chosen": f"{TREE}?at={last}",
        "a search": f"{TREE}?q=kind+9",
    }.items():
        yield what, measure(lambda address=address: editor.get(address))
    branch = {"of": draft.identifier, "branch": "unit-1"}
    yield "a branch", measure(lambda: editor.get(TREE, branch, headers=SCRIPT))
    asks = {"of": draft.identifier, "at": last, "ask": "remove"}
    yield "a question", measure(lambda: editor.get(TREE, asks, headers=SCRIPT))
    numbers = iter(range(10_000))
    by_script = functools.partial(editor.post, TREE, headers=SCRIPT)
    for what, do, unit, answers in [
        (
            "a unit to the front of all",
            "move",
            last,
            lambda: {"below": "unit-0", "number": next(numbers) % 2 + 1},
        ),
        ("a rename", "rename", middle, lambda: {"name": f"Name {next(numbers)}"}),
        ("a new unit", "below", middle, new_unit(numbers)),
    ]:
        yield (
            what,
            measure(by_script, asked(editor, do, unit, answers)),
        )
        yield (
            f"undoing {what}",
            measure(by_script, asked(editor, "undo", "", dict)),
        )
    gone = iter(range(size - 2, 0, -1))
    yield (
        "a removal",
        measure(
            by_script,
            lambda: asked(editor, "remove", f"unit-{next(gone)}", lambda: {"inside": "remove"})(),
        ),
    )
    yield (
        "undoing a removal",
        measure(by_script, asked(editor, "undo", "", dict)),
    )


def new_unit(numbers):
    return lambda: {"name": f"New {next(numbers)}", "kind": "unit", "passage": "charter#1"}


def asked(editor, do, unit, answers):
    """Return a function that opens the page for a step and returns what its form sends."""

    def ask():
        page = editor.get(TREE, {"at": unit, "ask": do}).content.decode()
        hidden = {name: unescape(value) for name, value in HIDDEN.findall(page)}
        return hidden | {"do": do, "unit": unit} | answers()

    return ask


def measure(work, prepare=None):
    """Return the median of the milliseconds, bytes and queries of `work`; `prepare` isn't measured."""
    times = []
    for _time in range(TIMES):
        sent = [prepare()] if prepare else []
        start = time.perf_counter()
        with CaptureQueriesContext(connection) as queries:
            answer = work(*sent)
        times.append(time.perf_counter() - start)
        if answer.status_code != 200 or b'"refused": "' in answer.content:
            sys.exit(f"nothing to measure: {answer.status_code} {answer.content[:300]}")
    return 1000 * statistics.median(times), len(gzip.compress(answer.content)), len(queries)


if __name__ == "__main__":
    main()
