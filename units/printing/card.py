"""The picture that networks show of a link: 1200 by 630 pixels, with as much of the chart as can be read."""

from units.chart.svg import svg_of
from units.printing.letters import printable
from units.printing.setting import set_pages
from units.printing.shapes import shapes_of

WIDTH, HEIGHT, PPI = 1200, 630, 72
ROOM = 1104, 400  # pixels for the drawing
LEAST, MOST = 0.62, 1.6  # how much the drawing may be scaled: smaller, its text can't be read
MOST_BOXES = 40  # more never have room, so they are not laid out
LONGEST = 90  # letters of a name


def write_card(drawing, name, about, path):
    """Write the card with `name` and as much of `drawing`, a Drawing, as can be read, to `path` as PNG.

    `about` are two texts, on the chart and on the site. What is left out of the drawing is gone from its
    Chart. Raises TooMuchError and SlowError.
    """
    (width, height, shapes), scale = _fitting(drawing)
    data = {
        "name": printable(name if len(name) <= LONGEST else f"{name[:LONGEST].rstrip()}…"),
        "about": [printable(text) for text in about],
        "drawing": {"width": width, "height": height, "scale": scale, "shapes": shapes},
    }
    set_pages("card.typ", data, path, drawing.chart.edition, ppi=PPI)


def _fitting(drawing):
    """Return the shapes of `drawing` with the most levels that can be read in the room, and their scale."""
    chart = drawing.chart
    chart.bodies = []  # without them the tree is larger
    for levels in (None, 1, 0):  # below the unit that is drawn
        if levels is not None:
            for node in chart.root.below if levels else [chart.root]:
                node.below = []
        if levels != 0 and len(chart.nodes) > MOST_BOXES:
            continue
        shapes = shapes_of(svg_of(drawing))
        scale = min(ROOM[0] / shapes[0], ROOM[1] / shapes[1], MOST)
        if scale >= LEAST:
            break
    return shapes, scale
