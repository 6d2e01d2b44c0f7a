"""What a chart says differently from another edition: said at each unit, in words."""

from collections import defaultdict

from django.db.models import Exists, OuterRef, Q
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from units.models import Unit

GONE_AT_MOST, ROWS_AT_MOST = 50, 10_000
POST = ("posts__slug", "posts__name", "posts__role")


def compare(chart, before, ahead_of=None, is_ahead=False):
    """Mark the Nodes of `chart` that differ from the edition `before` (or None), and note what is gone.

    With `is_ahead`, the chart is announced and not yet in effect: its units that `ahead_of`, the edition in
    force (or None), does not have are marked so. What counts is what a chart shows: names, kinds, places and
    posts. One query.
    """
    was = _units(chart, [edition for edition in (before, ahead_of) if edition])
    if is_ahead:
        _mark_as_announced(chart, was[ahead_of.pk] if ahead_of else {})
    if not before:
        return
    chart.compared = before
    above = {child.unit.pk: node.unit for node in chart.nodes for child in node.below}
    for node in chart.nodes:
        old = was[before.pk].get(node.unit.slug)
        # Of the units above a branch not all that they are part of is drawn.
        part_of = None if node.is_above else above.get(node.unit.pk)
        if old:
            node.marks += _differences(node, old, part_of)
        elif not (node.marks and before == ahead_of):  # else that it is new is said by that it is announced
            node.marks.append(_("new since %(edition)s") % {"edition": before.identifier})
    drawn = {node.unit.slug for node in chart.nodes}
    gone = [old for slug, old in was[before.pk].items() if slug not in drawn and not old["still"]]
    chart.gone = [(old["name"], old["parent__name"]) for old in gone[:GONE_AT_MOST]]
    chart.more_gone = len(gone) - len(chart.gone)


def _mark_as_announced(chart, in_force):
    day = date_format(chart.edition.effective_on, "j F Y")
    for node in chart.nodes:
        if node.unit.slug not in in_force:
            node.marks.append(_("announced, in effect from %(day)s") % {"day": day})


def _differences(node, old, part_of):
    marks = []
    if old["name"] != node.unit.name:
        marks.append(_("renamed, was: %(name)s") % {"name": old["name"]})
    if old["kind"] != node.unit.kind:
        was = Unit(kind=old["kind"]).get_kind_display()
        marks.append(_("kind changed, was: %(kind)s") % {"kind": was})
    if part_of and old["parent__slug"] != part_of.slug:
        marks.append(_("moved, was in: %(name)s") % {"name": old["parent__name"] or _("no other unit")})
    posts = {(post.slug, post.name, post.role) for post in node.leads + node.advises}
    if old["posts"] != posts and not node.more_posts:
        marks.append(_("posts changed"))
    return marks


def _units(chart, editions):
    """Return {edition's key: {slug: what it says of the unit}} for the units drawn and those gone from there.

    `still` says whether the chart's own edition has the unit.
    """
    found = {edition.pk: {} for edition in editions}
    if not editions:
        return found
    nodes = chart.nodes
    slugs = [node.unit.slug for node in nodes]
    opened = [node.unit.slug for node in nodes if node.below and not node.is_above]
    here = Unit.objects.filter(edition=chart.edition, slug=OuterRef("slug"))
    rows = (
        Unit.objects.filter(edition__in=editions)
        .annotate(still=Exists(here))
        .filter(Q(slug__in=slugs) | Q(parent__slug__in=opened, still=False))
        .order_by("-still", "edition", "lft", "posts__position")
        .values("edition_id", "slug", "name", "kind", "parent__slug", "parent__name", "still", *POST)
    )[:ROWS_AT_MOST]
    posts = defaultdict(set)
    for row in rows:
        post = tuple(row.pop(field) for field in POST)
        found[row["edition_id"]].setdefault(row["slug"], row)
        posts[row["edition_id"], row["slug"]] |= {post} if post[0] else set()
    for edition, units in found.items():
        for slug, unit in units.items():
            unit["posts"] = posts[edition, slug]
    return found
