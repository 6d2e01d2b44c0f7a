"""Undoing steps of the tree editor, the last one first: each by a step that is checked like any other.

What is to be undone is kept in the editor's session, for one draft at a time. A crash between a step and the
keeping of its opposite loses the opposite, never half a step.
"""

from django.utils.crypto import get_random_string
from django.utils.translation import gettext as _

from units import branches, trees
from units.admin.editor import steps
from units.admin.editor.places import place_of, refuse_if_elsewhere
from units.admin.editor.steps import Done, unit_of
from units.admin.forms import fingerprint
from units.models import Post, Statement, Unit
from units.trees import TreeError

KEY = "undo"
STEPS_AT_MOST = 30
SIZE_AT_MOST = 800_000  # characters of what removed branches hold, in all


def remember(request, draft, done):
    """Keep how the step `done` of `draft` is undone, and what it was."""
    if done.undo is None:
        return
    kept = [*_kept(request, draft), {"id": get_random_string(12), "said": done.said, "step": done.undo}]
    kept = kept[-STEPS_AT_MOST:]
    while sum(len(one["step"].get("kept", "")) for one in kept) > SIZE_AT_MOST:
        kept = kept[1:]
    request.session[KEY] = {"of": draft.identifier, "steps": kept}


def last(request, edition):
    """Return the step that would be undone next, {"id": …, "said": …}, or None."""
    kept = _kept(request, edition) if edition else []
    return kept[-1] if kept else None


def _kept(request, edition):
    kept = request.session.get(KEY) or {}
    return kept.get("steps", []) if kept.get("of") == edition.identifier else []


def forget(request, draft, step):
    """Keep all but `step`, which was undone or can't be."""
    steps_left = [one for one in _kept(request, draft) if one["id"] != step["id"]]
    request.session[KEY] = {"of": draft.identifier, "steps": steps_left}


def undo(draft, step):
    """Undo `step`, under the lock of `draft`; return Done. Raises TreeError where it can't be any more."""
    values = dict(step["step"])
    return UNDO[values.pop("do")](draft, **values)


def move(draft, slug, below, before, after, seen):
    """Put a moved unit where it was: behind what was before it, or before what was behind it."""
    unit = unit_of(draft, slug)
    place = place_of(unit)
    refuse_if_elsewhere(unit, place, seen)
    return steps.put(draft, unit, place, below, number=_number(draft, below, before, after, slug))


def take_away(draft, slug, shown):
    """Remove a unit that was added, unless there is something in it by now."""
    unit = unit_of(draft, slug)
    if fingerprint(unit, inside=True) != shown or unit.units_below:
        raise TreeError(
            _("“%(name)s” was changed since it was added, so it stays. Remove it if it is to go.")
            % {"name": unit.name}
        )
    parent = unit.parent.slug
    trees.remove(draft, slug)
    return Done(_("%(name)s is gone again.") % {"name": unit.name}, parent, [parent])


def put_back(draft, slug, below, before, after, kept, children, children_to, inside_to, post, statement):
    """Put a removed unit back, with all that went with it and all that went elsewhere."""
    for child in children:
        _refuse_unless(unit_of(draft, child).parent.slug == children_to, child)
    rows = {Post: dict(post), Statement: dict(statement)}
    found = {
        model: list(model.objects.filter(edition=draft, slug__in=places).select_related("unit"))
        for model, places in rows.items()
    }
    for model, places in rows.items():
        _refuse_unless(len(found[model]) == len(places), slug)
        for row in found[model]:
            _refuse_unless(row.unit and row.unit.slug == inside_to, row.slug)
    branches.put_back(draft, kept, below, _number(draft, below, before, after, slug) - 1)
    trees.move_all(draft, children, slug)
    unit = unit_of(draft, slug)
    for model, places in rows.items():
        for row in found[model]:
            model.objects.filter(pk=row.pk).update(unit=unit, position=places[row.slug])
    said = _("%(name)s is back at %(place)s.") % {"name": unit.name, "place": place_of(unit).said}
    return Done(said, slug, [below, slug, *([children_to] if children_to else [])])


def _number(draft, below, before, after, slug):
    """Return the place from 1 for the unit `slug` below the unit `below`, between its former neighbours."""
    unit_of(draft, below)
    others = list(
        Unit.objects.filter(edition=draft, parent__slug=below)
        .exclude(slug=slug)
        .order_by("lft")
        .values_list("slug", flat=True)
    )
    if before in others:
        return others.index(before) + 2
    if after in others:
        return others.index(after) + 1
    return len(others) + 1


def _refuse_unless(is_so, slug):
    if not is_so:
        raise TreeError(
            _("“%(slug)s” was moved or removed since, so this can’t be undone any more.") % {"slug": slug}
        )


UNDO = {"move": move, "rename": steps.rename, "take_away": take_away, "put_back": put_back}
