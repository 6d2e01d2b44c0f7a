"""The chart as a picture: the same drawing as `.svg`, in points twice as fine as a screen's."""

from units.chart.svg import svg_of
from units.printing.setting import TooMuchError, set_pages
from units.printing.shapes import shapes_of

PPI = 144  # a pixel of the drawing is a point of 1/72 inch, so each becomes 2 by 2
MOST_PIXELS = 60_000_000


def write_picture(drawing, path):
    """Write `drawing`, a Drawing, to `path` as PNG; raises TooMuchError."""
    width, height, shapes = shapes_of(svg_of(drawing))
    if 4 * width * height > MOST_PIXELS:
        raise TooMuchError
    data = {"width": width, "height": height, "scale": 1, "shapes": shapes}
    set_pages("picture.typ", data, path, drawing.chart.edition, ppi=PPI)
