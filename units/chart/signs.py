"""How a chart looks: sizes, colours and the few shapes of which all is made.

Colours are presentation attributes, so that a drawing is whole in itself; on a page the style sheet finds
the same shapes by their classes. Each colour stands out from white by 3 for lines and by 4.5 for text.
"""

from units.chart.xml import element

MARGIN, PAD = 14, 12
NAME, SMALL = 13, 12  # sizes of letters
STEP, SMALL_STEP = 17, 16  # from line to line
FONTS = "system-ui, -apple-system, Segoe UI, Roboto, Noto Sans, DejaVu Sans, sans-serif"
INK, QUIET, LINE, ACCENT, WARM = "#1b2628", "#55666a", "#7c8f8e", "#1d5c63", "#8a4b08"
PAPER, TINT = "#ffffff", "#eef3f2"

DOTTED = {"stroke_width": 1.5, "stroke_dasharray": "1 4", "stroke_linecap": "round"}
DASHED = {"stroke_width": 1.5, "stroke_dasharray": "6 4"}
FACES = {
    "institution": {"fill": TINT, "stroke": LINE},
    "office": {"fill": PAPER, "stroke": ACCENT, "stroke_width": 2.5},
    "unit": {"fill": PAPER, "stroke": LINE},
    "adviser": {"fill": PAPER, "stroke": LINE, **DOTTED},
    "body": {"fill": PAPER, "stroke": LINE, **DASHED},
}
FOUND = {"stroke": WARM, "stroke_width": 4}


def area(class_, x, y, width, height, rx=0, **attributes):
    """Return a rectangle."""
    return element("rect", class_=class_, x=x, y=y, width=width, height=height, rx=rx or None, **attributes)


def face(kind, x, y, width, height, rx, found=False):
    """Return the rectangle that stands for a unit of `kind`, an adviser or a body."""
    look = FACES[kind] | (FOUND if found else {})
    return area(f"face {kind}{' sought' if found else ''}", x, y, width, height, rx, **look)


def hit(x, y, width, height):
    """Return an unseen rectangle that makes a link as large as a finger."""
    return area("hit", x, y, width, height, 6, fill="none", pointer_events="all")


def alone(x, y):
    """Return the sign for drawing a branch alone: a square around a line with a box below it."""
    shape = f"M{x - 6} {y - 6}h12v12h-12zM{x} {y - 3}v4M{x - 3} {y + 1}h6v3h-6z"
    return element("path", d=shape, class_="sign-line", fill="none", stroke=ACCENT, stroke_width=1.5)


def bar(x, y, height):
    """Return the bar beside what is to be noted."""
    return area("bar", x, y, 4, height, 2, fill=WARM)
