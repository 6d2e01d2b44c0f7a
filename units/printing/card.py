"""The picture that networks show of a link: 1200 by 630 pixels, with as much of the chart as can be read."""

from units.chart.state import State
from units.chart.svg import svg_of
from units.printing.letters import printable
from units.printing.setting import set_pages
from units.printing.shapes import shapes_of

WIDTH, HEIGHT, PPI = 1200, 630, 72
ROOM = 1104, 400  # pixels for the drawing
LEAST, MOST = 0.62, 1.6  # how much the drawing may be scaled: smaller, its text can't be read
MOST_BOXES = 40  # more never have room, so they are not laid out
LONGEST = 90  # letters of a name
DEPTHS = (None, 1, 0)  # how many levels are tried, from the most


def write_card(root, drawing_of, about, path):
    """Write the card of the unit `root`, a slug ("" for the whole chart), to `path` as PNG.

    `drawing_of(state)` gives a Drawing; `about` are two texts, on the chart and on the site, of which the
    second begins with its name. Raises UnknownUnitError where there is no such unit.
    """
    drawing, (width, height, shapes), scale = _fitting(root, drawing_of)
    name = drawing.chart.root.unit.name if root else about[1].partition(" ·")[0]
    data = {
        "name": printable(name if len(name) <= LONGEST else f"{name[:LONGEST].rstrip()}…"),
        "about": [printable(text) for text in about],
        "drawing": {"width": width, "height": height, "scale": scale, "shapes": shapes},
    }
    set_pages("card.typ", data, path, drawing.chart.edition, ppi=PPI)


def _fitting(root, drawing_of):
    """Return the drawing with the most levels that can be read in the room, its shapes, and its scale."""
    for depth in DEPTHS:
        drawing = drawing_of(State(root=root, depth=depth))
        drawing.chart.bodies = []  # without them the tree is larger
        if len(drawing.chart.nodes) > MOST_BOXES and depth != DEPTHS[-1]:
            continue
        shapes = shapes_of(svg_of(drawing))
        scale = min(ROOM[0] / shapes[0], ROOM[1] / shapes[1], MOST)
        if scale >= LEAST:
            break
    return drawing, shapes, scale
