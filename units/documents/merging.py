"""Bringing a draft up to date: three documents merged into one, thing by thing and field by field."""

from collections import defaultdict
from dataclasses import dataclass, replace

from units.documents.things import EDITION, Thing, document_of, same_in, things_of

THEIRS = "theirs"  # the choice against ours, which stands without one
# Fields of a conflict that are not members of a document.
EXISTS, PLACE = "exists", "place"


@dataclass(frozen=True)
class Conflict:
    """Both sides changed the same `field` of the thing `kind` `slug`, in different ways.

    `field` is a member of the document, `place` (what it is nested in) or `exists` (one side removed what
    the other changed). `ours` and `theirs` are the values; for `place` keys, for `exists` booleans.
    """

    kind: str
    slug: str
    name: str
    field: str
    ours: object
    theirs: object

    @property
    def key(self):
        """What a choice is made for: `unit ai-safety name`."""
        return f"{self.kind} {self.slug} {self.field}"


def merge(base, ours, theirs, choices=None, rest=None):
    """Return (document, [Conflict, …]): the changes from `base` to `ours` and to `theirs`, both made.

    Where the two exclude each other there is a Conflict; `choices` ({its key: "ours" or "theirs"}) settles
    it, or else `rest`, one for all others; without a choice ours stands. What one side removed while the
    other changed something in it is one conflict, about all of it. The order of siblings is ours where we
    changed it, else theirs. The date of ours stands always. Linear in the size of what differs times the
    depth of the trees, but for comparing the documents, branch by branch. Parts of the result are parts of
    `ours`.
    """
    return _Merge(base, ours, theirs, choices or {}, rest).run()


class _Merge:
    def __init__(self, base, ours, theirs, choices, rest=None):
        # What is the same in all three, with all that is in it, stays so, whatever becomes of the rest.
        same = same_in(base, ours, theirs)
        self.base, self.ours, self.theirs = (things_of(each, same) for each in (base, ours, theirs))
        self.choices, self.rest = choices, rest
        self.conflicts = {}
        self.merged = {}

    def run(self):
        # What stays of what one side removed: {key of the uppermost thing removed: whether it stays}.
        self.stays = self.removals(self.ours, self.theirs) | self.removals(self.theirs, self.ours)
        for key in {**self.ours, **self.theirs}:
            thing = self.thing(key)
            if thing:
                self.merged[key] = thing
        self.break_circles()
        return document_of(self.in_order()), list(self.conflicts.values())

    def settle(self, thing, field, ours, theirs):
        """Note a conflict and return the value of the side that was chosen."""
        conflict = Conflict(thing.kind, thing.slug, thing.name, field, ours, theirs)
        self.conflicts[conflict.key] = conflict
        return theirs if self.choices.get(conflict.key, self.rest) == THEIRS else ours

    def removals(self, side, other):
        """Return {key: whether it stays} for each uppermost thing that `side` removed and `other` has.

        It goes, unless `other` changed it or something in it, or put something there: then one side is
        chosen.
        """
        touched = {}
        for key, thing in other.items():
            top = self.uppermost(key, side, other)
            if top:
                touched[top] = touched.get(top, False) or thing != self.base.get(key)
        return {
            top: is_touched and self.settle(other[top], EXISTS, top in self.ours, top in self.theirs)
            for top, is_touched in touched.items()
        }

    def uppermost(self, key, side, other):
        """Return the uppermost thing around `key` in `other`, itself included, that `side` removed."""
        top = None
        while key:
            if key in self.base and key not in side:
                top = key
            key = other[key].owner
        return top

    def thing(self, key):
        """Return what becomes of the thing `key`, or None where it is gone."""
        was, ours, theirs = self.base.get(key), self.ours.get(key), self.theirs.get(key)
        if ours and theirs:
            return self.both(was, ours, theirs)
        top = (
            self.uppermost(key, self.theirs, self.ours)
            if ours
            else self.uppermost(key, self.ours, self.theirs)
        )
        return (ours or theirs) if self.stays.get(top, True) else None

    def both(self, was, ours, theirs):
        def pick(field, before, mine, other):
            if mine == other or other == before:
                return mine
            return other if mine == before else self.settle(ours, field, mine, other)

        values = {}
        for field in {**ours.values, **theirs.values}:
            mine, other = ours.values.get(field), theirs.values.get(field)
            before = was.values.get(field) if was else None
            value = mine if field == "effective_on" else pick(field, before, mine, other)
            if value is not None:
                values[field] = value
        # A side that moved it into what goes has not moved it.
        stays = [owner for owner in (ours.owner, theirs.owner) if self.is_there(owner)]
        if len(stays) == 2:
            owner = pick(PLACE, was.owner if was else None, ours.owner, theirs.owner)
        else:
            owner = stays[0] if stays else self.nearest(ours.owner)
        return Thing(ours.kind, ours.slug, owner, values, ours.inside)

    def is_there(self, key):
        """Whether the thing `key` is in the result."""
        if key is None or (key in self.ours and key in self.theirs):
            return True
        if key in self.ours:
            return self.stays.get(self.uppermost(key, self.theirs, self.ours), True)
        return self.stays.get(self.uppermost(key, self.ours, self.theirs), True)

    def nearest(self, key):
        """Return the nearest thing around `key` in ours that is in the result."""
        while not self.is_there(key):
            key = self.ours[key].owner
        return key

    def break_circles(self):
        """Take moves back that would, with those of the other side, put a unit below itself."""
        safe = {EDITION}
        for start in [key for key in self.merged if key[0] == "unit"]:
            while circle := self.circle(start, safe):
                self.put_back(circle)

    def circle(self, key, safe):
        """Return the units that hang on one another around or above `key`; what hangs well becomes `safe`."""
        path = {}
        while key not in safe and key not in path:
            path[key] = len(path)
            key = self.merged[key].owner
        if key in path:
            return list(path)[path[key] :]
        safe.update(path)
        return []

    def put_back(self, circle):
        """Take back one move in `circle`: one of ours if theirs is chosen, else one of theirs."""

        def differs(key, side):
            return key in side and side[key].owner != self.merged[key].owner

        # Neither side alone holds a circle, so each has one of these units elsewhere.
        moved_by_us = next(key for key in circle if differs(key, self.theirs))
        moved_by_them = next(key for key in circle if differs(key, self.ours))
        thing = self.merged[moved_by_us]
        back = self.settle(thing, PLACE, thing.owner, self.theirs[moved_by_us].owner)
        if back == thing.owner:
            moved, back = moved_by_them, self.ours[moved_by_them].owner
        else:
            moved = moved_by_us
        self.merged[moved] = replace(self.merged[moved], owner=back)

    def in_order(self):
        """Return the merged things with siblings in their order."""
        base, ours, theirs = (self.groups(side) for side in (self.base, self.ours, self.theirs))
        merged = {EDITION: self.merged[EDITION]}
        for group, keys in self.groups(self.merged).items():
            if group == (None, "edition"):
                continue
            there = set(keys)
            before, mine, other = (
                [k for k in side.get(group, ()) if k in there] for side in (base, ours, theirs)
            )
            first, second = (other, mine) if _same_order(before, mine) else (mine, other)
            woven = _weave(first, second)
            woven = _weave(woven, keys)  # what came here from another place on either side
            merged |= {key: self.merged[key] for key in woven}
        return merged

    def groups(self, things):
        groups = defaultdict(list)
        for key, thing in things.items():
            groups[thing.owner, thing.kind].append(key)
        return groups


def _same_order(before, after):
    common = set(before) & set(after)
    return [k for k in before if k in common] == [k for k in after if k in common]


def _weave(first, second):
    """Return `first` with what only `second` has put behind what it follows there."""
    there = set(first)
    behind, previous = defaultdict(list), None
    for key in second:
        if key in there:
            previous = key
        else:
            behind[previous].append(key)
    return [*behind[None], *(k for key in first for k in (key, *behind[key]))]
