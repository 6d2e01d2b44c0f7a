"""The steps of the tree editor. Each changes a draft whose lock is held, says what it did, and its opposite.

A step that can't be is refused with TreeError; then the caller's transaction leaves nothing of it.
"""

from dataclasses import dataclass, field

from django.db.models import F, Max
from django.utils.translation import gettext as _

from units import branches, trees
from units.admin.editor.places import place_of, refuse_if_elsewhere
from units.admin.forms import fingerprint
from units.models import Citation, Post, Statement, Unit
from units.trees import TreeError


@dataclass
class Done:
    """What a step did: a sentence, the unit to look at, the units whose branches changed, how to undo it.

    `undo` is None where nothing was changed, or where too much went to be kept.
    """

    said: str
    at: str
    touched: list = field(default_factory=list)
    undo: dict | None = None


def unit_of(draft, slug):
    """Return the unit `slug` of `draft` with its parent; raises TreeError where it is gone."""
    unit = Unit.objects.filter(edition=draft, slug=slug).select_related("parent").first()
    if unit is None:
        raise TreeError(
            _("There is no unit “%(slug)s” in this draft; perhaps somebody has removed it.") % {"slug": slug}
        )
    return unit


def up(draft, slug, seen):
    unit, place = _where(draft, slug, seen)
    if place.before is None:
        raise TreeError(_("“%(name)s” is the first below %(below)s already.") % _names(unit))
    return put(draft, unit, place, place.parent, before=place.before)


def down(draft, slug, seen):
    unit, place = _where(draft, slug, seen)
    if place.after is None:
        raise TreeError(_("“%(name)s” is the last below %(below)s already.") % _names(unit))
    return put(draft, unit, place, place.parent, after=place.after)


def inwards(draft, slug, seen):
    """Make a unit part of the one that stands before it, as its last."""
    unit, place = _where(draft, slug, seen)
    if place.before is None:
        raise TreeError(
            _("Nothing stands before “%(name)s” that it could become part of.") % {"name": unit.name}
        )
    return put(draft, unit, place, place.before)


def outwards(draft, slug, seen):
    """Take a unit out of the one that it is part of, and put it behind that."""
    unit, place = _where(draft, slug, seen)
    if unit.parent.parent_id is None:
        raise TreeError(
            _("“%(name)s” can’t move out of the root: an edition has one root.") % {"name": unit.name}
        )
    return put(draft, unit, place, unit.parent.parent.slug, after=place.parent)


def move(draft, slug, seen, below, before=None, after=None, number=None):
    """Make a unit part of the unit `below`: before or after one there, as number `number`, or as the last."""
    unit, place = _where(draft, slug, None)
    if unit.parent_id and _is_there(draft, place, below, before, after, number):
        return _there_already(unit, place)
    if unit.parent_id:
        refuse_if_elsewhere(unit, place, seen)
    return put(draft, unit, place, below, before, after, number)


def put(draft, unit, place, below, before=None, after=None, number=None):
    """Move `unit` from `place`, say where it is, and remember where it was."""
    target = unit_of(draft, below)
    trees.move(draft, unit.slug, below, _position(target, unit.slug, before, after, number))
    unit = unit_of(draft, unit.slug)
    now = place_of(unit)
    if now == place:
        return _there_already(unit, place)
    undo = {"do": "move", "slug": unit.slug, "below": place.parent}
    undo |= {"before": place.before, "after": place.after, "seen": now.seen}
    said = _("%(name)s moved to %(place)s.") % {"name": unit.name, "place": now.said}
    return Done(said, unit.slug, [place.parent, now.parent], undo)


def rename(draft, slug, seen, name):
    """Give a unit another name; `seen` is the one that the page showed."""
    unit = unit_of(draft, slug)
    if unit.name == name:
        return Done(_("It is called “%(name)s” already.") % {"name": name}, slug)
    if unit.name != seen:
        raise TreeError(
            _(
                "Somebody else has renamed this unit to “%(now)s” meanwhile; before it was “%(seen)s”. "
                "Nothing was changed; if “%(name)s” is to be its name, rename it again."
            )
            % {"now": unit.name, "seen": seen, "name": name}
        )
    trees.change(draft, slug, {"name": name})
    said = _("%(before)s is called %(name)s now.") % {"before": seen, "name": name}
    touched = [unit.parent.slug] if unit.parent else [slug]
    return Done(said, slug, touched, {"do": "rename", "slug": slug, "seen": name, "name": seen})


def add(draft, at, where, values, passage):
    """Add a unit below the unit `at` as its last, or (`where` is "after") behind it; it cites `passage`."""
    unit = unit_of(draft, at)
    if where == "after":
        if unit.parent_id is None:
            raise TreeError(_("Nothing can stand beside the root: an edition has one root."))
        made = trees.add(draft, unit.parent.slug, values, place_of(unit).index + 1)
    else:
        made = trees.add(draft, at, values)
    Citation.objects.create(edition=draft, unit=made, passage=passage, position=0)
    made = unit_of(draft, made.slug)
    place = place_of(made)
    said = _("%(name)s was added at %(place)s.") % {"name": made.name, "place": place.said}
    undo = {"do": "take_away", "slug": made.slug, "shown": fingerprint(made, inside=True)}
    return Done(said, made.slug, [place.parent], undo)


def remove(draft, slug, units, inside, to=None):
    """Remove a unit; `units` and `inside` say what becomes of the units below it, and of what is in it.

    Each is "up" (to what the unit is part of), "to" (the unit `to`) or "remove".
    """
    unit = unit_of(draft, slug)
    if unit.parent is None:
        trees.remove(draft, slug)  # says why not
    place = place_of(unit)
    other = unit_of(draft, to) if "to" in (units, inside) else None
    if other and unit.lft <= other.lft <= unit.rght and (units != "up" or other.slug == slug):
        raise TreeError(_("What is below a unit that goes can only move to a unit that stays."))
    undo = {"do": "put_back", "slug": slug, "below": place.parent}
    undo |= {"before": place.before, "after": place.after}
    undo |= _move_what_is_in(draft, unit, {"up": unit.parent, "to": other}.get(inside))
    undo |= _move_what_is_below(draft, unit, place, units, other)
    unit = unit_of(draft, slug)
    undo["kept"] = branches.keep(unit)
    trees.remove(draft, slug)
    said = _("%(name)s was removed.") % {"name": unit.name}
    if undo["kept"] is None:
        said += " " + _("That was too much to be kept, so this step can’t be undone.")
    touched = [place.parent, *([to] if to else [])]
    return Done(said, place.parent, touched, undo if undo["kept"] else None)


def _move_what_is_in(draft, unit, target):
    """Let the posts and statements of `unit` follow those of `target`, if any; return how to undo that."""
    moved = {"inside_to": target.slug if target else None, "post": [], "statement": []}
    for model in (Post, Statement) if target else ():
        rows = model.objects.filter(edition=draft, unit=unit).order_by("position", "pk")
        moved[model._meta.model_name] = [list(row) for row in rows.values_list("slug", "position")]
        last = model.objects.filter(edition=draft, unit=target).aggregate(last=Max("position"))["last"]
        rows.order_by().update(unit=target, position=F("position") + (0 if last is None else last + 1))
    return moved


def _move_what_is_below(draft, unit, place, fate, other):
    """Move the units directly below `unit` up into its place, or to `other`; return how to undo that."""
    if fate == "remove":
        return {"children": [], "children_to": None}
    target = place.parent if fate == "up" else other.slug
    children = list(Unit.objects.children_of(unit).values_list("slug", flat=True))
    trees.move_all(draft, children, target, place.index if fate == "up" else None)
    return {"children": children, "children_to": target}


def _where(draft, slug, seen):
    unit = unit_of(draft, slug)
    place = place_of(unit)
    if unit.parent_id is None:
        trees.move(draft, slug, slug)  # says why not
    if seen is not None:
        refuse_if_elsewhere(unit, place, seen)
    return unit, place


def _position(target, slug, before, after, number):
    """Return the place from 0 among the units below `target`, `slug` aside; None for the last."""
    others = [other for other in _below(target) if other != slug]
    beside = before or after
    if beside:
        if beside not in others:
            raise TreeError(
                _("“%(slug)s” is not below “%(name)s” any more. Nothing was changed; look, decide again.")
                % {"slug": beside, "name": target.name}
            )
        return others.index(beside) + (0 if before else 1)
    return None if number is None else number - 1


def _is_there(draft, place, below, before, after, number):
    """Whether what a move asks for is so already, as after a double click."""
    if place.parent != below or not (before or after):
        return False
    return place.after == before if before else place.before == after


def _there_already(unit, place):
    return Done(_("%(name)s is at %(place)s already.") % {"name": unit.name, "place": place.said}, unit.slug)


def _below(unit):
    return list(Unit.objects.children_of(unit).values_list("slug", flat=True))


def _names(unit):
    return {"name": unit.name, "below": unit.parent.name}
