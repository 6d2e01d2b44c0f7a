"""What changed between two documents: pure functions, the same answer for the same two."""

from bisect import bisect_left
from collections import defaultdict
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from units.documents.form import PLAIN
from units.documents.things import EDITION, same_in, things_of

CHANGES_ON_A_PAGE = 200
LAYOUTS = ["list", "side-by-side"]
NAMES = {"name", "title"}
KINDS = {
    "edition": _("edition"),
    "unit": _("unit"),
    "post": _("post"),
    "statement": _("task or statement"),
    "body": _("body"),
    "initiative": _("initiative"),
    "milestone": _("milestone"),
    "source": _("source"),
    "passage": _("passage"),
}
FIELDS = {
    "about": _("what it is about"),
    "address": _("address"),
    "after": _("relative to"),
    "aliases": _("other names"),
    "ambiguity": _("what it leaves open"),
    "announced_on": _("announced on"),
    "bound": _("on or by its date"),
    "certainty": _("certainty"),
    "cites": _("sources"),
    "comparator": _("comparator"),
    "composition": _("who sits there"),
    "condition": _("condition"),
    "date": _("date"),
    "description": _("description"),
    "effective_on": _("takes effect on"),
    "ends": _("last words"),
    "examples": _("examples"),
    "exists": _("whether it is there"),
    "goal": _("goal"),
    "holder": _("holder"),
    "identifier": _("identifier"),
    "inferred": _("inferred parts"),
    "kind": _("kind"),
    "name": _("name"),
    "note": _("note"),
    "number": _("number"),
    "open": _("open list"),
    "paragraph": _("paragraph"),
    "part": _("part"),
    "part_of": _("part of"),
    "partners": _("partners"),
    "place": _("place"),
    "published": _("published"),
    "publisher": _("publisher"),
    "purpose": _("purpose"),
    "quantity": _("quantity"),
    "replaces": _("follows"),
    "republishes": _("republishes"),
    "role": _("role"),
    "says": _("what it says"),
    "section": _("section"),
    "sentence": _("sentence"),
    "slug": _("slug"),
    "starts": _("first words"),
    "text": _("text"),
    "theme": _("theme"),
    "title": _("title"),
}
# A column that has no words of its own here is called what its form calls it.
FIELDS = {
    column: model._meta.get_field(column).verbose_name
    for model, columns in PLAIN.items()
    for column in columns
} | FIELDS
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

    `name` is what a reader knows it by, after the change where it is still there, and `of` the name of what
    it is nested in, if that is not the edition itself. `field`, `before` and `after` tell what changed: for
    moved the names of the owners, for reordered those of what it stands behind (empty for the first), for
    added and removed the values of the thing itself.
    """

    kind: str
    slug: str
    name: str
    of: str
    verb: str
    field: str = ""
    before: object = None
    after: object = None

    @property
    def said(self):
        """The verb in the reader's language."""
        return VERBS[self.verb]

    @property
    def kind_said(self):
        """The kind in the reader's language."""
        return KINDS[self.kind]

    @property
    def field_said(self):
        """The field in the reader's language, or an empty string."""
        return FIELDS[self.field] if self.field else ""


def diff(before, after):
    """Return the Changes from the document `before` to `after`, in the order of `after`, then what is gone.

    Linear in their size times their depth, but for the sorting of siblings.
    """
    same = same_in(before, after)
    old, new = things_of(before, same), things_of(after, same)
    out_of_order = _reordered(old, new)
    changes = []
    for key, thing in new.items():
        named = (*key, thing.name, _name(new, thing.owner))
        if key not in old:
            changes.append(Change(*named, "added", after=thing.values))
            continue
        was = old[key]
        if was.owner != thing.owner:
            changes.append(Change(*named, "moved", "place", _name(old, was.owner), named[-1]))
        elif key in out_of_order:
            followed, follows = out_of_order[key]
            changes.append(Change(*named, "reordered", "place", _name(old, followed), _name(new, follows)))
        # A first edition has nothing before it that its title and day could differ from.
        if was.values != thing.values and (key != EDITION or was.values):
            changes += _changed(named, was.values, thing.values)
    changes += [
        Change(*key, thing.name, _name(old, thing.owner), "removed", before=thing.values)
        for key, thing in old.items()
        if key not in new
    ]
    return changes


def _name(things, key):
    """Return what readers know the thing `key` by; nothing for the edition, in which all is nested."""
    return things[key].name if key and key != EDITION else ""


def _changed(named, was, now):
    for field in [*now, *(field for field in was if field not in now)]:
        if was.get(field) != now.get(field):
            verb = "renamed" if field in NAMES else "changed"
            yield Change(*named, verb, field, was.get(field), now.get(field))


def _reordered(old, new):
    """Return {key: (what it followed, what it follows)}, as keys, for the fewest things that explain all."""
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
    return siblings[place - 1] if place else None


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
