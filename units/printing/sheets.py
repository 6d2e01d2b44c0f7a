"""The chart on sheets of paper: whole where it can be read so, else its upper levels and its branches.

On paper nothing opens on demand, so every unit is drawn. A branch that has no room on the sheet of what is
above it is drawn on a later one, and each box says on which page that is. Small branches share a sheet.
"""

import re
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from units.chart.boxes import SIGNS, box_of
from units.chart.layout import GAP, WIDTH, lay_out
from units.chart.signs import MARGIN, QUIET, SMALL
from units.chart.svg import svg_of
from units.chart.tree import Chart, in_order
from units.chart.words import lead_of, links_of, marks_of
from units.printing.letters import printable
from units.printing.pieces import Piece, cut
from units.printing.shapes import moved, shapes_of

SMALLEST = 7 / SMALL  # points for a pixel: the smallest letters are 7 points high
LARGEST = 0.9  # larger than that a chart looks clumsy
ROOMS = {False: (510, 660), True: (757, 415)}  # points for a drawing on A4: upright, and across (True)
BETWEEN, ABOVE = 40, 28  # pixels between two branches on a sheet; for the line above each
COLUMNS = (3, 4, 5, 6)  # boxes side by side, tried for the best use of a sheet
BRANCH = 4 * (WIDTH + GAP) - GAP  # how wide a branch may well be
MOST_ON_ONE = 150  # boxes; more have no room on one sheet, however small they are
SIZE = re.compile(r'viewBox="0 0 (\d+) (\d+)"')


@dataclass
class Sheet:
    """One page of the chart: its shapes in pixels, `scale` points for each, and the Pieces on it."""

    is_across: bool
    width: int
    height: int
    scale: float
    shapes: list
    pieces: list


def sheets_of(drawing):
    """Return the Sheets of `drawing`, of a whole tree; on the first are also the bodies beside it."""
    top = drawing.chart.top
    if len(drawing.chart.nodes) <= MOST_ON_ONE:
        drawings = [replace(drawing, page=columns * (WIDTH + GAP) - GAP) for columns in COLUMNS]
        best = max(map(_whole, drawings), key=lambda sheet: sheet.scale)
        if best.scale >= SMALLEST:
            return [best]

    def fits_first(part):
        return _scale(*_drawn_size(_upper(drawing, part)))[0] >= SMALLEST

    def fits(part):
        width, height = _size(drawing, part)
        return _scale(width, height + ABOVE)[0] >= SMALLEST

    for node in drawing.chart.nodes:
        for child in node.below:
            child.above = node
    first, *others = cut(top, fits_first, fits)
    return [_whole(_upper(drawing, first.top), first), *_packed(drawing, others)]


def _upper(drawing, top):
    """Return the Drawing of the upper part of a tree, with the bodies beside it."""
    return replace(drawing, chart=replace(drawing.chart, top=top, root=top))


def _branch(drawing, top):
    """Return the Drawing of a branch alone."""
    chart = Chart(drawing.chart.edition, drawing.chart.state, top, top)
    return replace(drawing, chart=chart, has_legend=False, page=BRANCH)


def _whole(drawing, piece=None):
    """Return the Sheet with all of `drawing`, on a page larger than A4 where letters would be too small."""
    piece = piece or Piece(drawing.chart.top)
    width, height, shapes = shapes_of(svg_of(drawing))
    scale, is_across = _scale(width, height)
    if piece.rest:
        scale = max(scale, SMALLEST)
    return Sheet(is_across, width, height, scale, _with_pages(shapes, piece.rest), [piece])


def _scale(width, height):
    """Return the best scale for a drawing on an A4 page, and whether that lies across."""
    found = [(min(LARGEST, room[0] / width, room[1] / height), across) for across, room in ROOMS.items()]
    return max(found, key=lambda one: one[0])


def _drawn_size(drawing):
    return map(int, SIZE.search(svg_of(drawing)).groups())


def _size(drawing, top):
    """Return the width and height of the drawing of a branch, without drawing it."""
    branch, boxes = _branch(drawing, top), {}
    for node in reversed(branch.chart.nodes):
        boxes[id(node)] = box_of(branch, node, [boxes[id(child)] for child in node.below])
    placed = lay_out(boxes[id(top)], branch.page)
    return placed.width + 2 * MARGIN, placed.height + 2 * MARGIN


def _packed(drawing, pieces):
    """Return the Sheets of branches: in their order, side by side and below one another as they have room."""
    sheets, waiting = [], []
    for piece in pieces:
        piece.size = _size(drawing, piece.top)
        if waiting and not any(_places([*waiting, piece], across) for across in ROOMS):
            sheets.append(_sheet(drawing, waiting))
            waiting = []
        waiting.append(piece)
    return [*sheets, _sheet(drawing, waiting)] if waiting else sheets


def _places(pieces, is_across):
    """Return where `pieces` stand on a sheet, (x, y) each, and its size; None where they have no room."""
    room = [points / SMALLEST for points in ROOMS[is_across]]
    places, x, y, high, wide = [], 0, 0, 0, 0
    for piece in pieces:
        width, height = piece.size[0], piece.size[1] + ABOVE
        if x and x + width > room[0]:
            x, y, high = 0, y + high + BETWEEN, 0
        places.append((x, y))
        wide = max(wide, x + width)
        x, high = x + width + BETWEEN, max(high, height)
    return None if wide > room[0] or y + high > room[1] else (places, wide, y + high)


def _sheet(drawing, pieces):
    """Return the Sheet with `pieces`, upright if it can be; one that is too large for A4 on a larger page."""
    for is_across in ROOMS:
        if found := _places(pieces, is_across):
            break
    places, width, height = found or ([(0, 0)], pieces[0].size[0], pieces[0].size[1] + ABOVE)
    room = ROOMS[is_across]
    scale = max(SMALLEST, min(LARGEST, room[0] / width, room[1] / height))
    shapes = []
    for piece, (x, y) in zip(pieces, places, strict=True):
        _width, _height, own = shapes_of(svg_of(_branch(drawing, piece.top)))
        shapes.append(_line_above(piece, x + MARGIN, y + ABOVE - 6))
        shapes += moved(_with_pages(own, piece.rest), x, y + ABOVE)
    return Sheet(is_across, width, height, scale, shapes, pieces)


def _line_above(piece, x, y):
    said, label = piece.before
    look = {"size": SMALL, "weight": 400, "fill": QUIET, "anchor": "start"}
    return {"kind": "text", "x": x, "y": y, **look, "text": printable(said, is_broken=False), "page": label}


def _with_pages(shapes, rest):
    """Return `shapes` in which what leads to another state of the chart leads to the sheet with that branch.

    It says on which page that is. Where the branch is not printed it is no link.
    """
    found = []
    for shape in shapes:
        if shape["kind"] == "link" and shape["to"].startswith("#state-"):
            label = rest.get(shape["to"].removeprefix("#state-"))
            foot = next(one for one in shape["inside"] if one["kind"] == "text")
            foot |= {"text": foot["text"].lstrip("".join(SIGNS.values()) + " "), "page": label}
            shape |= {"to": f"#{label}", "inside": [foot]}
            found += [shape] if label else moved([foot], shape["x"], shape["y"])
        else:
            found.append(shape)
    return found


def in_words(sheet, bodies=()):
    """Return what is drawn on `sheet` in words, a line for each box, then for each Neighbour of `bodies`."""
    lines = []
    for piece in sheet.pieces:
        level = {id(piece.top): 1}
        for node in in_order(piece.top):
            deep = level[id(node)]
            level.update((id(child), deep + 1) for child in node.below)
            said = [lead_of(post) for post in node.leads]
            said += [_("advised by: %(post)s") % {"post": post.name} for post in node.advises]
            said += marks_of(node)
            name = _("Level %(level)s: %(name)s") % {"level": deep, "name": node.unit.name}
            lines.append("; ".join([name, *said]))
    for neighbour in bodies:
        said = "; ".join([neighbour.body.name, *links_of(neighbour)])
        lines.append(_("Beside the tree: %(body)s") % {"body": said})
    return lines
