"""A chart as rows: for nested lists that a template can write without recursion, and for a table."""

from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from units.chart.tree import fold_of, in_order
from units.chart.words import below_of, links_of, marks_of, skipped_of


@dataclass
class Row:
    """A line of the nested list: a Node with what is said of it, and the lists that end after it.

    `to` is the address of the state in which its branch is open instead of closed, or the other way round;
    `more` that of the state with more of the units directly below it, where not all are drawn.
    """

    node: object
    below: str
    marks: list[str]
    skipped: str
    to: str
    more: str = ""
    ends: range = range(0)


@dataclass
class Line:
    """A row of the table: the `unit` or `body`, with what it is part of and what is said of it.

    What is gone from the chart has no `slug`, because no page.
    """

    kind: str
    name: str
    slug: str
    said: str
    part_of: str = ""
    leads: list = field(default_factory=list)
    advises: list = field(default_factory=list)
    below: int | None = None
    notes: list[str] = field(default_factory=list)


def list_of(drawing):
    """Return the Rows of `drawing`, in order."""
    state, found = drawing.chart.state, []
    todo = [(drawing.chart.top, False)]
    while todo:
        node, is_end = todo.pop()
        if is_end:
            found[-1].ends = range(len(found[-1].ends) + 1)
            continue
        does, to = fold_of(state, node)
        more = drawing.links.state(to) if node.below and does == "open" else ""
        if more:
            to = state.closed(node.unit.slug, [below.unit.slug for below in in_order(node)[1:]])
        skipped = skipped_of(node) if node.skipped else ""
        found.append(Row(node, below_of(node), marks_of(node), skipped, drawing.links.state(to), more))
        if node.below:
            todo.append((node, True))
            todo += [(child, False) for child in reversed(node.below)]
    return found


def table_of(chart):
    """Return the Lines of `chart`: its units in order, then the bodies, then the units that are gone."""
    above = {
        child.unit.pk: node.unit.name for node in chart.nodes for child in node.below if not node.skipped
    }
    lines = [
        Line(
            "unit",
            node.unit.name,
            node.unit.slug,
            node.unit.get_kind_display(),
            above.get(node.unit.pk, ""),
            node.leads,
            node.advises,
            node.unit.units_below,
            marks_of(node),
        )
        for node in chart.nodes
    ]
    for neighbour in chart.bodies:
        notes = links_of(neighbour)
        body = neighbour.body
        lines.append(Line("body", body.name, body.slug, _("body outside the tree"), notes=notes))
    gone = {"said": "–", "notes": [_("no longer in the chart")]}
    return lines + [Line("unit", name, "", part_of=above or "", **gone) for name, above in chart.gone]
