"""What every rendering of a chart says of its units and bodies, in the same words."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext


def lead_of(post):
    """Return how it is said who leads a unit."""
    return _("led by: %(post)s") % {"post": post.name}


def marks_of(node):
    """Return all that is marked at a Node: that it was searched for, how it differs, what is left out."""
    more = ngettext("%(count)s more post", "%(count)s more posts", node.more_posts)
    return [
        *([_("found")] if node.is_found else []),
        *node.marks,
        *([more % {"count": node.more_posts}] if node.more_posts else []),
    ]


def below_of(node):
    """Return how many units are below a Node, and drawn; an empty string for none."""
    if node.is_above:
        if not node.hidden:
            return ""
        said = ngettext("%(count)s other unit below", "%(count)s other units below", node.hidden)
        return said % {"count": node.hidden}
    count = node.unit.units_below
    if node.below and node.hidden:
        return _("%(drawn)s of %(count)s units below") % {"drawn": count - node.hidden, "count": count}
    said = ngettext("%(count)s unit below", "%(count)s units below", count)
    return said % {"count": count} if count else ""


def skipped_of(node):
    """Return how many levels are between a Node and the next drawn."""
    said = ngettext("%(count)s level between", "%(count)s levels between", node.skipped)
    return said % {"count": node.skipped}


def link_of(node, statement):
    """Return how the link between a unit and a body, a Statement of either, is labelled."""
    words = {"unit": node.unit.name, "part": statement.get_part_display()}
    return (_("%(part)s: %(unit)s") if statement.body_id else _("%(unit)s: %(part)s")) % words


def links_of(neighbour):
    """Return how all links of a Neighbour are labelled; where none is drawn, whether there is one at all."""
    if neighbour.links:
        return [link_of(node, statement) for node, statement in neighbour.links]
    return [_("linked with units that are not drawn") if neighbour.is_linked else _("no link stated")]


def gone_of(name, above):
    """Return how it is said that a unit is no longer in the chart; `above` is what it was part of."""
    return _("No longer in the chart: %(name)s, was in: %(above)s") % {"name": name, "above": above or "–"}


def more_bodies_of(chart):
    """Return how many bodies a Chart leaves out, in a sentence; an empty string for none."""
    count = chart.more_bodies
    said = ngettext("%(count)s more body is not drawn.", "%(count)s more bodies are not drawn.", count)
    return said % {"count": count} if count else ""


def more_gone_of(chart):
    """Return how many units that are gone a Chart leaves out, in a sentence; an empty string for none."""
    count = chart.more_gone
    said = ngettext(
        "%(count)s more unit is no longer in the chart.",
        "%(count)s more units are no longer in the chart.",
        count,
    )
    return said % {"count": count} if count else ""


def more_of(chart):
    """Return the sentences that say what a Chart leaves out of its bodies and of what is gone."""
    return [said for said in (more_bodies_of(chart), more_gone_of(chart)) if said]
