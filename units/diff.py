"""What changed between two documents: pure functions, the same answer for the same two."""

from bisect import bisect_left
from collections import defaultdict
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from units.documents.things import things_of

NAMES = {"name", "title"}
VERBS = {
    "added": _("added"),
    "removed": _("removed"),
    "moved": _("moved"),
    "renamed": _("renamed"),
    "reordered": _("reordered"),
    "changed": _("changed"),
}


@dataclass(frozen=True)
class Change:
    """One difference: the `verb` (a key of VERBS) that happened to the thing `kind` `slug`.

    `name` is what a reader knows it by, after the change where it is still there. `field`, `before` and
    `after` tell what changed; for moved the keys of the owners, for reordered the slugs that it follows
    (None for the first), for added and removed the values of the thing itself.
    """

    kind: str
    slug: str
    name: str
    verb: str
    field: str = ""
    before: object = None
    after: object = None

    @property
    def said(self):
        """The verb in the reader's language."""
        return VERBS[self.verb]


def diff(before, after):
    """Return the Changes from the document `before` to `after`, in the order of `after`, then what is gone.

    Linear in their size, but for the sorting of siblings.
    """
    old, new = things_of(before), things_of(after)
    out_of_order = _reordered(old, new)
    changes = []
    for key, thing in new.items():
        if key not in old:
            changes.append(Change(*key, thing.name, "added", after=thing.values))
            continue
        was = old[key]
        if was.owner != thing.owner:
            changes.append(Change(*key, thing.name, "moved", "place", was.owner, thing.owner))
        elif key in out_of_order:
            changes.append(Change(*key, thing.name, "reordered", "place", *out_of_order[key]))
        if was.values != thing.values:
            changes += _changed(was, thing)
    changes += [
        Change(*key, thing.name, "removed", before=thing.values)
        for key, thing in old.items()
        if key not in new
    ]
    return changes


def _changed(was, thing):
    fields = [*thing.values, *(field for field in was.values if field not in thing.values)]
    for field in fields:
        before, after = was.values.get(field), thing.values.get(field)
        if before != after:
            verb = "renamed" if field in NAMES else "changed"
            yield Change(thing.kind, thing.slug, thing.name, verb, field, before, after)


def _reordered(old, new):
    """Return {key: (what it followed, what it follows)} for the fewest things whose moves explain all."""
    before, after = _siblings(old), _siblings(new)
    found = {}
    for group, now in after.items():
        then = before.get(group, ())
        places = {key: i for i, key in enumerate(then)}
        places_now = {key: i for i, key in enumerate(now)}
        stayed = [key for key in now if key in places]
        keep = _longest_rising([places[key] for key in stayed])
        for key in stayed:
            if places[key] not in keep:
                found[key] = (_previous(then, places[key]), _previous(now, places_now[key]))
    return found


def _siblings(things):
    groups = defaultdict(list)
    for key, thing in things.items():
        groups[thing.owner, thing.kind].append(key)
    return groups


def _previous(siblings, place):
    return siblings[place - 1][1] if place else None


def _longest_rising(numbers):
    """Return a longest rising subsequence of `numbers`, all different, as a set (patience sorting)."""
    ends, before = [], {}
    for number in numbers:
        i = bisect_left(ends, number)
        before[number] = ends[i - 1] if i else None
        if i == len(ends):
            ends.append(number)
        else:
            ends[i] = number
    kept = set()
    number = ends[-1] if ends else None
    while number is not None:
        kept.add(number)
        number = before[number]
    return kept
