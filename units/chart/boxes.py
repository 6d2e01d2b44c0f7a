"""The box of a unit: who leads it, what is to be noted, what is below it; and who stands beside its line."""

from django.utils.translation import gettext as _

from units.chart.layout import BESIDE, DROP, WIDTH, Box
from units.chart.measure import wrap
from units.chart.signs import (
    ACCENT,
    LINE,
    NAME,
    PAD,
    QUIET,
    SMALL,
    SMALL_STEP,
    STEP,
    WARM,
    alone,
    bar,
    face,
    hit,
)
from units.chart.tree import fold_of
from units.chart.words import below_of, lead_of, marks_of, skipped_of
from units.chart.xml import element, lines_of_text, path, text

ROOM = WIDTH - 2 * PAD
FOOT = 28  # the height of the row at the foot of a box
LARGER = 3  # pixels, by which the letters of an office exceed those of units
SIGNS = {"close": "▾", "open": "▸", "above": "▴"}


def box_of(drawing, node, below):
    """Return the Box, to be placed, of `node` above the Boxes `below`."""
    size, step = _letters(node)
    height = 2 * PAD - 2 + len(wrap(node.unit.name, ROOM, size, bold=True)) * step
    height += sum(_lead_height(post) for post in node.leads)
    height += sum(len(lines) * SMALL_STEP + 4 for lines in _mark_lines(node))
    height += FOOT if _has_foot(drawing, node) else 0
    beside = [len(_adviser_lines(post)) * SMALL_STEP + 16 for post in node.advises]
    return Box(height, beside, below, node)


def draw_box(drawing, box):
    """Return the SVG of `box`, which has its place, and of the advisers beside its line.

    All is placed from the box's corner, so that boxes are nearly alike: compressed they take a quarter less.
    """
    node, x, y = box.of, 0, 0
    unit, (size, step) = node.unit, _letters(node)
    name = wrap(unit.name, ROOM, size, bold=True)
    base = y + PAD + size - 1
    inside = [
        face(unit.kind, x, y, WIDTH, box.height, 8, node.is_found),
        lines_of_text(name, x + PAD, base, step, class_="name", font_size=size, font_weight=600),
    ]
    parts = [drawing.link("unit", unit.slug, *inside)]
    base += (len(name) - 1) * step
    for post in node.leads:
        parts.append(_lead(drawing, post, x, base))
        base += _lead_height(post)
    marks = _mark_lines(node)
    if marks:
        parts.append(bar(x + 4, y + 8, box.height - 16))
    for lines in marks:
        look = {"class_": "mark-text", "fill": WARM, "font_weight": 600}
        parts.append(lines_of_text(lines, x + PAD, base + SMALL_STEP + 4, SMALL_STEP, **look))
        base += len(lines) * SMALL_STEP + 4
    if _has_foot(drawing, node):
        parts += _foot(drawing, box)
    places = [(left - box.x, top - box.y, height) for left, top, height in box.places]
    parts += [_adviser(drawing, *one) for one in zip(node.advises, places, strict=True)]
    if node.skipped:
        at = {"x": x + WIDTH // 2 + 10, "y": y + box.height + DROP // 2 + 4}
        parts.append(element("text", text(skipped_of(node)), class_="quiet", fill=QUIET, **at))
    moved = f"translate({box.x} {box.y})"
    return element("g", *parts, id=f"box-{unit.slug}", class_="node", transform=moved)


def can_stand_alone(drawing, node):
    """Return whether a box has the sign that leads to the drawing of its branch alone."""
    is_branch = node.unit.units_below and not node.is_above and node is not drawing.chart.root
    return bool(drawing.is_tool and is_branch)


def _letters(node):
    return (NAME + LARGER, STEP + LARGER) if node.unit.kind == node.unit.Kind.OFFICE else (NAME, STEP)


def _lead_lines(post):
    return wrap(lead_of(post), ROOM, SMALL)


def _lead_height(post):
    return len(_lead_lines(post)) * SMALL_STEP + 8


def _mark_lines(node):
    return [wrap(mark, ROOM, SMALL, bold=True) for mark in marks_of(node)]


def _adviser_lines(post):
    return wrap(post.name, BESIDE - 2 * PAD, SMALL)


def _has_foot(drawing, node):
    return bool(below_of(node) and (drawing.is_tool or node.hidden))


def _lead(drawing, post, x, base):
    lines = _lead_lines(post)
    written = lines_of_text(lines, x + PAD, base + SMALL_STEP + 4, SMALL_STEP, class_="post", fill=QUIET)
    place = hit(x + 2, base + 3, WIDTH - 4, _lead_height(post))
    return drawing.link("post", post.slug, place, written)


def _adviser(drawing, post, place):
    x, y, height = place
    lines = _adviser_lines(post)
    base = y + (height - len(lines) * SMALL_STEP) // 2 + SMALL
    look = {"class_": "post", "fill": QUIET, "text_anchor": "middle"}
    written = lines_of_text(lines, x + BESIDE // 2, base, SMALL_STEP, **look)
    frame = face("adviser", x, y, BESIDE, height, 16)
    return drawing.link("post", post.slug, frame, written)


def _foot(drawing, box):
    """Return the row at the foot of a box: how many units are below it, to open, to close, to draw alone."""
    node, slug = box.of, box.of.unit.slug
    x, y = 0, box.height - FOOT
    does, to = fold_of(drawing.chart.state, node)
    label = _("%(said)s: %(name)s") % {"said": below_of(node), "name": node.unit.name}
    about = {"aria_label": label}
    if drawing.is_tool and not node.is_above:
        about |= {"id": f"fold-{slug}", "aria_expanded": "true" if does == "close" else "false"}
    can_focus = can_stand_alone(drawing, node)
    look = {"class_": "below", "x": x + PAD, "y": y + 18, "fill": ACCENT}
    fold = [
        hit(x + 2, y + 1, WIDTH - 4 - (FOOT if can_focus else 0), FOOT - 3),
        element("text", text(f"{SIGNS[does]} {below_of(node)}"), **look),
    ]
    rule = path([[(x + PAD, y), (x + WIDTH - PAD, y)]], class_="rule", stroke=LINE, stroke_width=0.5)
    parts = [rule, drawing.state_link(to, *fold, **about)]
    if can_focus:
        parts.append(_focus(drawing, node, x + WIDTH - 2 - FOOT // 2, y + FOOT // 2))
    return parts


def _focus(drawing, node, x, y):
    """Return the sign that leads to the drawing of one branch alone."""
    label = _("Draw only the branch of %(name)s") % {"name": node.unit.name}
    sign = [hit(x - 13, y - 13, 26, 25), alone(x, y)]
    state = drawing.chart.state.focused(node.unit.slug)
    return drawing.state_link(state, *sign, id=f"alone-{node.unit.slug}", aria_label=label)
