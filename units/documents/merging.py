"""Bringing a draft up to date: three documents merged into one, thing by thing and field by field."""

from collections import defaultdict
from dataclasses import dataclass, replace

from units.documents.things import EDITION, Thing, document_of, things_of

OURS, THEIRS = "ours", "theirs"
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


def merge(base, ours, theirs, choices=None):
    """Return (document, [Conflict, …]): the changes from `base` to `ours` and to `theirs`, both made.

    Where the two exclude each other there is a Conflict; `choices` ({its key: "ours" or "theirs"}) settles
    it, and without a choice ours stands. The order of siblings is ours where we changed it, else theirs.
    The date of ours stands always. Linear in the size of the documents.
    """
    return _Merge(base, ours, theirs, choices or {}).run()


class _Merge:
    def __init__(self, base, ours, theirs, choices):
        self.base, self.ours, self.theirs = things_of(base), things_of(ours), things_of(theirs)
        self.choices = choices
        self.conflicts = {}
        self.merged = {}

    def run(self):
        for key in {**self.ours, **self.theirs}:
            thing = self.thing(key)
            if thing:
                self.merged[key] = thing
        self.bring_back_owners()
        self.break_circles()
        return document_of(self.in_order()), list(self.conflicts.values())

    def settle(self, thing, field, ours, theirs):
        """Note a conflict and return the value of the side that was chosen."""
        conflict = Conflict(thing.kind, thing.slug, thing.name, field, ours, theirs)
        self.conflicts[conflict.key] = conflict
        return theirs if self.choices.get(conflict.key) == THEIRS else ours

    def thing(self, key):
        """Return what becomes of the thing `key`, or None where it is gone."""
        was, ours, theirs = self.base.get(key), self.ours.get(key), self.theirs.get(key)
        if ours and theirs:
            return self.both(was, ours, theirs)
        kept = ours or theirs
        if was is None:
            return kept
        if kept == was:
            return None
        return kept if self.settle(kept, EXISTS, bool(ours), bool(theirs)) else None

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
        owner = pick(PLACE, was.owner if was else None, ours.owner, theirs.owner)
        return Thing(ours.kind, ours.slug, owner, values)

    def bring_back_owners(self):
        """Keep what one side removed while the other put something into it."""
        todo = list(self.merged.values())
        while todo:
            owner = todo.pop().owner
            if owner and owner not in self.merged:
                back = self.ours.get(owner) or self.theirs.get(owner) or self.base[owner]
                self.settle(back, EXISTS, owner in self.ours, owner in self.theirs)
                self.merged[owner] = back
                todo.append(back)

    def break_circles(self):
        """Undo our moves of units that would, with theirs, put a unit below itself."""
        safe = {EDITION}
        for start in [key for key in self.merged if key[0] == "unit"]:
            path, key = [], start
            while key not in safe and key not in path:
                path.append(key)
                key = self.merged[key].owner
            if key in path:
                moved = self.moved_by_us(path[path.index(key) :])
                thing = self.merged[moved]
                conflict = Conflict(*moved, thing.name, PLACE, thing.owner, self.theirs[moved].owner)
                self.conflicts[conflict.key] = conflict
                self.merged[moved] = replace(thing, owner=self.theirs[moved].owner)
            safe.update(path)

    def moved_by_us(self, circle):
        """Return the first unit of `circle` that theirs has elsewhere; theirs alone holds no circle."""
        return next(
            key for key in circle if key in self.theirs and self.theirs[key].owner != self.merged[key].owner
        )

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
