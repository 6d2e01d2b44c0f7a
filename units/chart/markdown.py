"""A chart as an outline in Markdown: a list that is as well read as it stands."""

import re

from django.utils.translation import gettext as _

from units.chart.words import below_of, gone_of, lead_of, links_of, marks_of, more_of, skipped_of

SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|&~])")
FORBIDDEN = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]+")


def written(value):
    """Return `value` as text that Markdown takes for nothing else, in one line."""
    return SPECIAL.sub(r"\\\1", FORBIDDEN.sub(" ", str(value)))


def markdown_of(drawing):
    """Return the outline of `drawing`, a Drawing."""
    chart, links = drawing.chart, drawing.links
    lines = [f"# {written(chart.root.unit.name)}", "", written(drawing.heading), ""]
    depth = {chart.top.unit.pk: 0}
    for node in chart.nodes:
        level = depth[node.unit.pk]
        depth.update((child.unit.pk, level + 1) for child in node.below)
        said = [lead_of(post) for post in node.leads]
        said += [_("advised by: %(post)s") % {"post": post.name} for post in node.advises]
        said += marks_of(node)
        said += [below_of(node)] if node.hidden and below_of(node) else []
        said += [skipped_of(node)] if node.skipped else []
        name = f"[{written(node.unit.name)}]({links.thing('unit', node.unit.slug)})"
        lines.append("  " * level + "- " + " · ".join([name, *map(written, said)]))
    if chart.bodies:
        lines += ["", "## " + _("Bodies outside the tree"), ""]
    for neighbour in chart.bodies:
        said = links_of(neighbour)
        name = f"[{written(neighbour.body.name)}]({links.thing('body', neighbour.body.slug)})"
        lines.append("- " + " · ".join([name, *map(written, said)]))
    ends = [*(gone_of(name, above) for name, above in chart.gone), *more_of(chart), *drawing.caption]
    return "\n".join([*lines, "", *(f"{written(line)}  " for line in ends), ""])
