"""Made-up institutions of any size, the same for the same size."""

import random


def institution(size, seed=None):
    """Return a document with `size` units (at least 1), two tasks for each, one citation for each fact.

    Units have 2 to 12 units below them, level by level, until there are enough. `seed` is for another shape.
    """
    dice = random.Random(size if seed is None else seed)
    cites = [{"passage": "charter#1"}]
    root = _unit(0, "institution", cites)
    count, level = 1, [root]
    while count < size:
        below = []
        for parent in level:
            for _ in range(min(dice.randint(2, 12), size - count)):
                child = _unit(count, "unit", cites)
                parent.setdefault("units", []).append(child)
                below.append(child)
                count += 1
        level = below
    charter = {
        "slug": "charter",
        "title": "Charter of the institution",
        "publisher": "The institution",
        "published": "2024-01-01",
        "cites": cites,
        "passages": [{"number": 1, "says": "Sets out all units and their tasks"}],
    }
    return {
        "effective_on": "2024-01-01",
        "title": f"An institution of {size} units",
        "units": [root],
        "sources": [charter],
    }


def _unit(number, kind, cites):
    return {
        "slug": f"unit-{number}",
        "name": f"Unit {number} for matters of the kind {number % 97}",
        "kind": kind,
        "cites": cites,
        "statements": [
            {
                "slug": f"task-{number}-{part}",
                "part": part,
                "text": f"{part.title()} the work on subject {number % 1009} in field {number % 31}",
                "certainty": "actual",
                "cites": cites,
            }
            for part in ("coordinates", "supports")
        ],
    }
