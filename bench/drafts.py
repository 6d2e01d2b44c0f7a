"""Measure editing at size: `python -m bench.drafts 100000` prints what each act costs, and its target.

With --store whether the targets are met is kept in docs/speed.json and docs/speed.md.

Everything happens in one process and a database of its own, so that what stands beside one another met the
same machine. Seconds are those on the clock; CPU seconds are those of this process, those it starts, and its
database: the work, by which targets are judged, because it stays about the same on a busy machine. The peak
is of this process alone, anew for each act.
"""

import argparse
import os
import statistics
import sys
import time
from datetime import date, timedelta
from functools import partial
from pathlib import Path

from bench.scratch import database, set_up

set_up()

from django.contrib.auth import get_user_model
from django.db import connection
from django.test import Client
from django.test.utils import setup_test_environment

from bench.edit import move, move_with_mptt
from bench.institutions import institution
from bench.report import machine
from bench.storing import store
from units import drafts, trees
from units.admin.editor import steps, undo
from units.documents import load
from units.documents.copying import copy_some
from units.models import Edition
from units.resolve import forget_editions
from units.search import make_ready
from units.verify import verify

MOVES = 5
WIDE = 300  # units directly below one
TICKS = os.sysconf("SC_CLK_TCK")
PLACES = {
    "leftmost": lambda units: units[1],
    "median": lambda units: units[len(units) // 2],
    "rightmost": lambda units: units[-1],
}
# What is promised for 100,000 units: seconds, for moves how many times as long as mptt's, and megabytes.
TARGETS = {"start a draft": 20.0, "publish": 10.0, "diff": 3.0, "diff page": 3.0, "diff API": 3.0}
TARGETS |= {"bring up to date": 10.0}
STEP, RATIO, MEMORY = 1.0, 2.0, 500


def main():
    parser = argparse.ArgumentParser(prog="python -m bench.drafts", description=__doc__.partition("\n")[0])
    parser.add_argument("size", nargs="?", type=int, default=100_000, help="number of units")
    parser.add_argument("--store", action="store_true", help="write docs/speed.json and docs/speed.md")
    asked = parser.parse_args()
    with database():
        setup_test_environment()
        print(f"Editing {asked.size:,} units on {connection.display_name}")
        print(f"{'act':<32}{'seconds':>9}{'CPU s':>9}{'peak MB':>9}   target")
        bench = Bench(asked.size)
        bench.run()
        if asked.store:
            store(bench.verdicts, machine())


class Bench:
    def __init__(self, size):
        self.size = size
        self.verdicts = []

    def run(self):
        self.base = self.published()
        draft = self.copied()
        self.moves(draft)
        self.edits(draft)
        second = self.publication(draft)
        self.rebasing()
        self.differences(second)
        found = self.timed("verify", lambda: list(verify(connection)))
        if found:
            sys.exit(f"the figures would mean nothing: {found[:3]}")
        missed = [each["what"] for each in self.verdicts if not each["met"]]
        print(f"missed: {'; '.join(missed) or 'nothing'}")

    def published(self):
        held = [wide(institution(self.size))]
        draft = self.timed("load a document", lambda: load(held[0]))
        held.clear()  # so that what follows is measured without it
        first = self.timed("publish what was loaded", lambda: publish(draft))
        make_ready(first, is_patient=True)  # else what makes it works during what is measured next
        return first

    def copied(self):
        seconds = []

        def start():
            draft = timed_step(seconds, lambda: drafts.begin(self.base))
            while draft.is_being_copied:
                draft = timed_step(seconds, partial(copy_some, draft))
            return draft

        draft = self.timed("start a draft", start)
        longest = max(seconds, key=lambda step: step[1])
        self.tell("  longest of its steps", *longest, "", STEP)
        if connection.vendor == "postgresql":
            connection.cursor().execute("ANALYZE")  # as the server does by itself a minute later
        return draft

    def moves(self, draft):
        for place, choose in PLACES.items():
            ours, theirs = [], []
            for _ in range(MOVES):  # by turns, so that both meet the same machine
                theirs.append(move_with_mptt(draft, choose))
                ours.append(move(draft, choose))
            own, other = statistics.median(ours), statistics.median(theirs)
            ratio = own / other
            self.tell(f"move, {place}", own, "", "", RATIO, f"{ratio:.2f} times mptt's {other:.3f} s", ratio)
        if trees.problems(draft):
            sys.exit("the figures would mean nothing: the tree is damaged")

    def edits(self, draft):
        below, leaf = f"unit-{self.size // 2}", f"unit-{self.size - 1}"
        values = {"slug": "new", "name": "New", "kind": "unit"}
        self.timed("add a unit", lambda: trees.add(draft, below, values))
        self.timed("rename a unit", lambda: trees.change(draft, "new", {"name": "Newer"}))
        self.timed("remove a unit", lambda: trees.remove(draft, "new"))
        self.step(draft, "remove, and undo it", lambda: steps.remove(draft, leaf, "remove", "remove"))
        self.step(draft, f"remove, {WIDE} move up", lambda: steps.remove(draft, "wide", "up", "remove"))
        self.step(
            draft, f"remove, {WIDE} move to", lambda: steps.remove(draft, "wide", "to", "remove", "unit-1")
        )
        self.step(draft, f"remove with {WIDE}", lambda: steps.remove(draft, "wide", "remove", "remove"))
        if trees.problems(draft):
            sys.exit("the figures would mean nothing: the tree is damaged")

    def step(self, draft, what, act):
        """Measure a step of the tree editor, then undoing it."""

        def locked(work):
            with trees.editing(draft):
                return work()

        done = self.timed(what, lambda: locked(act))
        self.timed("  undo", lambda: locked(lambda: undo.undo(draft, {"step": done.undo})))

    def publication(self, draft):
        second = self.timed("publish", lambda: publish(draft))
        self.timed("  its search index, begun by that", lambda: make_ready(second, is_patient=True))
        return second

    def rebasing(self):
        """A draft of the first edition, with changes of its own, is brought up to date with the second."""
        draft = drafts.start_correction(self.base)
        for number in range(1, 20):
            trees.change(draft, f"unit-{self.size // 20 * number}", {"name": f"Other name {number}"})
        onto = Edition.objects.published().first()
        if self.timed("bring up to date", lambda: drafts.rebase(draft, onto)):
            sys.exit("the figures would mean nothing: there are conflicts")
        self.timed("discard", lambda: drafts.discard(draft))

    def differences(self, second):
        draft = drafts.start_correction(second)
        trees.change(draft, "unit-7", {"name": "Another name"})
        self.timed("diff", lambda: drafts.changes(draft, self.base))
        editor = Client()
        editor.force_login(get_user_model().objects.create_superuser("bench"))
        page = f"/admin/units/edition/{draft.pk}/changes/"
        self.timed("diff page of a draft", lambda: answered(editor.get(page)))
        page = f"/editions/{self.base.identifier}/diff/{second.identifier}/"
        self.timed("diff page", lambda: answered(editor.get(page)))
        self.timed("diff page, again", lambda: answered(editor.get(page)))
        address = f"/api/v1/changes/{second.identifier}/"
        self.timed("diff API", lambda: answered(editor.get(address)))
        self.timed("diff API, again", lambda: answered(editor.get(address)))

    def timed(self, what, act):
        """Return what `act` returns, and tell what it cost."""
        Path("/proc/self/clear_refs").write_text("5")  # forgets the peak
        start, worked = time.perf_counter(), cpu_seconds()
        result = act()
        seconds, worked = time.perf_counter() - start, cpu_seconds() - worked
        self.tell(what, seconds, worked, peak_megabytes(), TARGETS.get(what))
        return result

    def tell(self, what, seconds, worked, peak, target, more="", measured=None):
        said = ""
        if target is not None:
            met = (worked if measured is None else measured) <= target
            said = f"{target:g}: {'met' if met else 'missed'}"
            unit = " s" if measured is None else " times mptt’s"
            found = f"{worked:.1f} s" if measured is None else f"{measured:.2f} times"
            if what == "bring up to date":
                met, found = met and peak <= MEMORY, f"{found}, {peak:.0f} MB"
                unit += f" and {MEMORY} MB"
            verdict = {"what": f"{what.strip()}: at most {target:g}{unit}", "is": found, "met": met}
            of = {"units": self.size, "database": connection.display_name}
            self.verdicts.append(verdict | of)
        worked, peak = (f"{worked:.2f}" if worked != "" else ""), (f"{peak:.0f}" if peak != "" else "")
        print(f"{what:<32}{seconds:>9.3f}{worked:>9}{peak:>9}   {said} {more}".rstrip(), flush=True)


def wide(document):
    """Return `document` with a unit `wide` below its root that has WIDE units directly below it."""
    root = document["units"][0]
    below = [
        {"slug": f"beside-{number}", "name": f"Beside {number}", "kind": "unit", "cites": root["cites"]}
        for number in range(WIDE)
    ]
    root["units"].insert(
        1, {"slug": "wide", "name": "Wide", "kind": "unit", "cites": root["cites"], "units": below}
    )
    return document


def publish(draft):
    """Publish `draft` on the day after the last edition, as whoever sits at the admin does."""
    latest = Edition.objects.published().first()
    day = latest.effective_on + timedelta(days=1) if latest else date(2024, 1, 1)
    edition = drafts.publish_on(draft, day, title=draft.title, note="")
    forget_editions()
    return edition


def timed_step(seconds, act):
    start, worked = time.perf_counter(), cpu_seconds()
    result = act()
    seconds.append((time.perf_counter() - start, cpu_seconds() - worked))
    return result


def answered(response):
    if response.status_code != 200:
        sys.exit(f"nothing to measure: {response.status_code} {response.content[:300]}")
    return response


def cpu_seconds():
    """Return the CPU seconds of this process and, where it is on this machine, of PostgreSQL's for it."""
    times = os.times()
    worked = times.user + times.system + times.children_user + times.children_system
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            [[process]] = cursor.fetchall()
        stat = Path(f"/proc/{process}/stat")
        if stat.exists():
            worked += sum(map(int, stat.read_text().rpartition(")")[2].split()[11:13])) / TICKS
    return worked


def peak_megabytes():
    """Return the most memory that this process has held since the peak was forgotten."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1024


if __name__ == "__main__":
    main()
