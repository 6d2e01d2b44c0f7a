"""What differs in some branches of a draft from the edition that it follows: by diff.py, read in part."""

from collections import defaultdict

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from units.diff import diff
from units.documents.form import PLAIN
from units.models import Citation, Unit

REMOVED_AT_MOST = 100
COLUMNS = [name for name in PLAIN[Unit] if name not in ("slug", "name")]


def marks_of(draft, parents, units):
    """Return {slug: [sentence, …]} for those of `units` (shown children of `parents`) that differ.

    `parents` and `units` are Units of the draft. The order of neighbours is compared whole, everything else
    only of `units`. Six queries, whatever their number; empty where the draft follows no edition.
    """
    if draft.base_id is None or not units:
        return {}
    shown = {unit.slug for unit in units}
    before = _parts(
        draft.base_id, shown, Unit.objects.filter(edition=draft.base_id, parent__slug__in=_slugs(parents))
    )
    after = _parts(draft.pk, shown, Unit.objects.filter(edition=draft.pk, parent__in=[p.pk for p in parents]))
    marks = defaultdict(list)
    for change in diff(before, after):
        if change.kind == "unit" and change.slug in shown and change.verb != "removed":
            mark = _said(change)
            if mark not in marks[change.slug]:
                marks[change.slug].append(mark)
    return marks


def _slugs(units):
    return [unit.slug for unit in units]


def _parts(edition, shown, neighbours):
    """Return as a document what `edition` (its key) has of the units `shown` and of their `neighbours`.

    The owners stand side by side with nothing but their names; what isn't shown has only its slug.
    """
    owners, items = {}, {}
    names = ("slug", "parent__slug", "parent__name")
    for slug, owner, name in neighbours.order_by("lft").values_list(*names):
        _put(owners, items, slug, owner, name)
    details = {}
    rows = Unit.objects.filter(edition=edition, slug__in=shown)
    for key, slug, owner, owner_name, name, *values in rows.values_list("pk", *names, "name", *COLUMNS):
        if slug not in items:
            _put(owners, items, slug, owner, owner_name)
        details[key] = slug
        items[slug] |= {"name": name} | {
            column: value for column, value in zip(COLUMNS, values, strict=True) if value
        }
    cites = Citation.objects.filter(edition=edition, unit__in=list(details)).order_by("position", "pk")
    for key, *cite in cites.values_list(
        "unit_id", "passage__source__slug", "passage__number", "field", "note"
    ):
        items[details[key]].setdefault("cites", []).append(cite)
    return {"title": "", "units": list(owners.values())}


def _put(owners, items, slug, owner, owner_name):
    items[slug] = {"slug": slug, "name": ""}
    if owner is None:
        owners[""] = items[slug]
        return
    # The owners are told apart from the same units among their own neighbours by a sign no slug has.
    at = owners.setdefault(owner, {"slug": f"/{owner}", "name": owner_name, "units": []})
    at["units"].append(items[slug])


def _said(change):
    if change.verb == "added":
        return _("new")
    if change.verb == "renamed":
        return _("renamed, was “%(name)s”") % {"name": change.before}
    if change.verb == "moved":
        return _("moved, was below “%(name)s”") % {"name": change.before}
    if change.verb == "reordered":
        return _("reordered")
    return _("changed: %(what)s") % {"what": change.field_said}


def removed(draft):
    """Return (slug, name) of the units that the draft's base has and the draft hasn't, at most so many."""
    if draft.base_id is None:
        return []
    here = Unit.objects.filter(edition=draft.pk, slug=OuterRef("slug"))
    gone = Unit.objects.of(draft.base_id).filter(~Exists(here))
    return list(gone.values_list("slug", "name")[: REMOVED_AT_MOST + 1])
