"""The bodies outside the tree: in rows below it, on lines that say what links them with which unit."""

from django.utils.translation import gettext as _

from units.chart.layout import WIDTH, grid
from units.chart.measure import wrap
from units.chart.signs import DASHED, LINE, NAME, PAD, QUIET, SMALL, SMALL_STEP, STEP, face
from units.chart.words import links_of
from units.chart.xml import element, lines_of_text, path, text

ROOM = WIDTH - 2 * PAD - 4
LANE = 24  # beside the tree, for the line to the bodies
BEFORE = 64  # between the tree and the line along the bodies


def draw_bodies(drawing, placed, width, top):
    """Return the SVG of the lines to the bodies, that of the bodies, and where they end.

    `placed` is the Layout of the tree; `width` is what there is for a row, and `top` where the tree ends.
    """
    neighbours = drawing.chart.bodies
    top += BEFORE
    labels = [_label(neighbour) for neighbour in neighbours]
    names = [wrap(neighbour.body.name, ROOM, NAME, bold=True) for neighbour in neighbours]
    lead = max(map(len, labels)) * SMALL_STEP + 22
    places, high = grid([lead + 2 * PAD - 2 + len(name) * STEP for name in names], width)
    places = [(x, y + top, height) for x, y, height in places]
    look = {"class_": "quiet", "fill": QUIET, "font_weight": 600}
    title = element("text", text(_("Bodies outside the tree")), x=0, y=top - 18, **look)
    drawn = [
        _body(drawing, neighbour, label, name, place, lead)
        for neighbour, label, name, place in zip(neighbours, labels, names, places, strict=True)
    ]
    linked = [(x, y) for neighbour, (x, y, _h) in zip(neighbours, places, strict=True) if neighbour.links]
    owners = {node.unit.pk for neighbour in neighbours for node, _statement in neighbour.links}
    starts = [(box.x + WIDTH, box.y + 20) for box in placed.boxes if box.of.unit.pk in owners]
    lines = _lines(starts, linked, lead, placed.width + LANE - 4) if starts else []
    return path(lines, class_="line", stroke=LINE, **DASHED), [title, *drawn], top + high


def _label(neighbour):
    said = links_of(neighbour)
    return [line for label in said for line in wrap(label, ROOM - 10, SMALL)]


def _lines(starts, linked, lead, lane):
    """Return the lines from `starts` at units along `lane`, beside the tree, to the bodies at `linked`."""
    lines = [[start, (lane, start[1])] for start in starts]
    lines.append([(lane, min(y for _x, y in starts)), (lane, max(y for _x, y in linked))])
    for row in sorted({y for _x, y in linked}):
        lines.append([(min(x for x, y in linked if y == row) + PAD, row), (lane, row)])
    return lines + [[(x + PAD, y), (x + PAD, y + lead)] for x, y in linked]


def _body(drawing, neighbour, label, name, place, lead):
    x, y, height = place
    indent = PAD + 10 if neighbour.links else PAD
    said = lines_of_text(label, x + indent, y + 22, SMALL_STEP, class_="quiet", fill=QUIET)
    look = {"class_": "name", "font_size": NAME, "font_weight": 600}
    written = lines_of_text(name, x + PAD + 2, y + lead + PAD + NAME - 1, STEP, **look)
    frame = face("body", x, y + lead, WIDTH, height - lead, 18)
    slug = neighbour.body.slug
    link = drawing.link("body", slug, frame, written)
    return element("g", said, link, id=f"body-{slug}-drawn", class_="body-node")
