"""Measure moving units in a draft, beside plain django-mptt, and copying an edition into a draft."""

import json
import statistics
import sys
import time

from bench.scratch import database, published, set_up

set_up()

from django.db import transaction
from mptt.models import MPTTModel

from units import drafts, trees
from units.documents.copying import copy_some
from units.models import Unit

MOVES = 10


def main():
    size = int(sys.argv[1])
    with database():
        edition = published(size)
        steps, draft = copy(edition)
        figures = {"units": size, "copy s": sum(steps), "longest step s": max(steps)}
        # Leftmost: the first unit of all goes to the end, and nearly every row gets another number.
        for place, choose in {
            "leftmost": lambda units: units[1],
            "median": lambda units: units[len(units) // 2],
        }.items():
            ours, theirs = [], []
            for _ in range(MOVES):  # by turns, so that both meet the same machine
                theirs.append(move_with_mptt(draft, choose))
                ours.append(move(draft, choose))
            figures[f"{place} ms"] = 1000 * statistics.median(ours)
            figures[f"{place} mptt ms"] = 1000 * statistics.median(theirs)
            figures[f"{place} ratio"] = statistics.median(ours) / statistics.median(theirs)
        if trees.problems(draft):
            sys.exit("the figures would mean nothing: the tree is damaged")
    print(json.dumps({key: round(value, 2) for key, value in figures.items()}))


def copy(edition):
    """Copy `edition` into a draft; return (seconds of each step, with the lock held; the draft)."""
    start = time.perf_counter()
    draft = drafts.begin(edition)
    steps = [time.perf_counter() - start]
    while draft.is_being_copied:
        start = time.perf_counter()
        draft = copy_some(draft)
        steps.append(time.perf_counter() - start)
    return steps, draft


def chosen(draft, choose):
    units = list(Unit.objects.of(draft).values_list("slug", "parent__slug"))
    return choose(units)


def move(draft, choose):
    """Return the seconds that trees.move() takes to put a unit last below its parent."""
    slug, parent = chosen(draft, choose)
    start = time.perf_counter()
    trees.move(draft, slug, parent)
    return time.perf_counter() - start


def move_with_mptt(draft, choose):
    """Return the seconds that django-mptt's own move_to() takes for the same, in a transaction."""
    slug, parent = chosen(draft, choose)
    Unit.save = MPTTModel.save  # ours refuses
    start = time.perf_counter()
    with transaction.atomic():
        Unit.objects.get(edition=draft, slug=slug).move_to(
            Unit.objects.get(edition=draft, slug=parent), "last-child"
        )
    return time.perf_counter() - start


if __name__ == "__main__":
    main()
