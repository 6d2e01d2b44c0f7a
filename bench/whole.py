"""Made-up institutions with all that an edition can hold, as large ones really are: for `bench.site`."""

import random
from itertools import count

from bench.institutions import institution

SEED = 3  # 10 units have three levels with it, 1,000 five, 10,000 six, 100,000 seven
FIELDS = [
    *("agriculture", "audit", "borders", "budget", "chemicals", "climate", "competition", "consumers"),
    *("culture", "customs", "cybersecurity", "data", "defence", "digitisation", "disasters", "education"),
    *("employment", "energy", "enlargement", "enterprises", "equality", "finance", "fisheries", "fraud"),
    *("health", "housing", "industry", "innovation", "insurance", "justice", "languages", "logistics"),
    *("medicines", "migration", "neighbourhood", "oceans", "payments", "procurement", "railways"),
    *("regions", "research", "semiconductors", "shipping", "space", "sports", "standards", "statistics"),
    *("taxation", "telecommunications", "tourism", "trade", "training", "transport", "universities"),
    *("vehicles", "waste", "water", "youth"),
]
MATTERS = [
    *("agreements", "appeals", "assessment", "awards", "cooperation", "coordination", "evaluation"),
    *("evidence", "finance", "foresight", "grants", "guidance", "inspections", "instruments"),
    *("legislation", "market", "monitoring", "networks", "notifications", "outreach", "planning", "policy"),
    *("programmes", "reform", "registers", "relations", "reporting", "safety", "strategy", "supervision"),
]
VERBS = {
    "responsible": ["Prepares", "Decides on", "Monitors", "Publishes"],
    "coordinates": ["Coordinates", "Brings together"],
    "contributes": ["Advises on", "Contributes to"],
    "supports": ["Supports", "Promotes"],
}
KINDS = ["programme", "network", "facility", "instrument", "policy", "legal-act", "deliverable", "initiative"]
PASSAGES = 40  # of each source
MOST = 400  # bodies, initiatives, milestones: their number grows less than that of units


def whole_institution(size):
    """Return a document with `size` units, 2 to 12 below each that has any, on three to seven levels.

    Every unit has one to four tasks and where it has units below it a head, sometimes an adviser. Each fact
    cites one to three passages of two to 21 sources. Beside the tree are bodies, initiatives and milestones.
    """
    dice = random.Random(size)
    document = institution(size, SEED)
    sources = [f"source-{number}" for number in range(2 + min(size // 500, 19))]
    more = min(MOST, 3 + size // 25)
    document["sources"] = [_source(slug, dice) for slug in sources]
    document["bodies"] = [_body(number, dice, sources) for number in range(3 + more // 20)]
    document["initiatives"] = [_initiative(number, dice, sources) for number in range(more)]
    document["milestones"] = [_milestone(number, dice, sources, more) for number in range(more)]
    numbers, todo = count(), [document["units"][0]]
    for unit in todo:
        _fill(unit, dice, sources, more, numbers)
        todo += unit.get("units", ())
    return document


def _fill(unit, dice, sources, more, numbers):
    """Give `unit` a name, tasks and posts."""
    field, matter, other = dice.choice(FIELDS), dice.choice(MATTERS), dice.choice(MATTERS)
    unit["name"] = f"{field.capitalize()}: {matter} and {other}"
    unit["cites"] = _cites(dice, sources)
    if dice.random() < 0.3:
        unit["purpose"] = f"To see to it that {field} and {dice.choice(FIELDS)} are served by {matter}"
    unit["statements"] = [_task(next(numbers), dice, sources, more) for _ in range(dice.randint(1, 4))]
    if "units" in unit:
        roles = ["leads"] + ["advises"] * (dice.random() < 0.25)
        unit["posts"] = [_post(unit, role, dice, sources) for role in roles]


def _task(number, dice, sources, more):
    part = dice.choice(list(VERBS))
    words = dice.choice(VERBS[part]), dice.choice(MATTERS), dice.choice(FIELDS), dice.choice(FIELDS)
    task = {
        "slug": f"task-{number}",
        "part": part,
        "text": "{} {} in {}, together with those who work on {}".format(*words),
        "certainty": dice.choice(["actual", "actual", "planned", "intended"]),
        "cites": _cites(dice, sources),
    }
    if dice.random() < 0.1:
        task["about"] = {"initiative": f"initiative-{dice.randrange(more)}"}
    if dice.random() < 0.2:
        task["theme"] = dice.choice(FIELDS)
    return task


def _post(unit, role, dice, sources):
    name = "Head of" if role == "leads" else "Adviser on"
    return {
        "slug": f"{role}-{unit['slug']}",
        "name": f"{name} {unit['name']}",
        "role": role,
        "holder": "not-stated",
        "cites": _cites(dice, sources),
    }


def _body(number, dice, sources):
    groups = [f"representatives of {field}" for field in dice.sample(FIELDS, 3)]
    name = f"Committee on {FIELDS[number % len(FIELDS)]}"
    body = {"slug": f"body-{number}", "name": name, "kind": "named", "cites": _cites(dice, sources)}
    return body | {"composition": {"groups": groups, "open": True}}


def _initiative(number, dice, sources):
    kind, field = dice.choice(KINDS), dice.choice(FIELDS)
    return {
        "slug": f"initiative-{number}",
        "name": f"{kind.capitalize().replace('-', ' ')} {number} for {field}",
        "kind": kind,
        "description": f"Helps {field} with {dice.choice(MATTERS)}",
        "cites": _cites(dice, sources),
    }


def _milestone(number, dice, sources, more):
    return {
        "slug": f"milestone-{number}",
        "text": f"{dice.choice(MATTERS).capitalize()} for {dice.choice(FIELDS)} is due",
        "certainty": dice.choice(["actual", "planned", "due"]),
        "date": f"20{dice.randint(20, 29)}-{dice.randint(1, 12):02}-{dice.randint(1, 28):02}",
        "bound": "on",
        "about": {"initiative": f"initiative-{dice.randrange(more)}"},
        "cites": _cites(dice, sources),
    }


def _source(slug, dice):
    passages = [
        {"number": number, "says": f"Says how {dice.choice(FIELDS)} is served by {dice.choice(MATTERS)}"}
        for number in range(1, PASSAGES + 1)
    ]
    return {
        "slug": slug,
        "title": f"Decision on {dice.choice(FIELDS)} and {dice.choice(FIELDS)}",
        "publisher": "The institution",
        "published": "2024-01-01",
        "cites": [{"passage": f"{slug}#1"}],
        "passages": passages,
    }


def _cites(dice, sources):
    """Return one to three citations, mostly one."""
    many = dice.choice([1, 1, 1, 2, 3])
    numbers = dice.sample(range(1, PASSAGES + 1), many)
    return [{"passage": f"{dice.choice(sources)}#{number}"} for number in numbers]
