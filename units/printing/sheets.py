"""The chart on sheets of paper: whole where it can be read so, else its upper levels and its branches.

On paper nothing opens on demand, so every unit is drawn. A branch that has no room on the sheet of what is
above it is drawn on a later one, and each box says on which page that is. Small branches share a sheet.
"""

import re
from dataclasses import dataclass, field, replace

from django.utils.translation import gettext as _

from units.chart.boxes import SIGNS, box_of
from units.chart.layout import GAP, WIDTH, lay_out
from units.chart.outline import Node
from units.chart.signs import MARGIN, QUIET, SMALL
from units.chart.svg import svg_of
from units.chart.tree import Chart, in_order
from units.chart.words import lead_of, links_of, marks_of
from units.printing.letters import printable
from units.printing.shapes import shapes_of

SMALLEST = 7 / SMALL  # points for a pixel: the smallest letters are 7 points high
LARGEST = 0.9  # larger than that a chart looks clumsy
ROOMS = {False: (510, 672), True: (757, 425)}  # points for a drawing: on an A4 page upright, and across
BETWEEN, ABOVE = 40, 28  # pixels between two branches on a sheet; for the line above each
COLUMNS = (3, 4, 5, 6)  # boxes side by side, tried for the best use of a sheet
SIZE = re.compile(r'viewBox="0 0 (\d+) (\d+)"')


@dataclass
class Piece:
    """A part of the chart that is drawn in one: what stands at its `top`, and where the rest of it is.

    `label` is its place in the file, `rest` has {slug: label} of the pieces that go on below its boxes.
    `before` is the line above it, and the label of the piece that it goes on from.
    """

    top: Node
    label: str
    rest: dict = field(default_factory=dict)
    before: tuple[str, str] | None = None
    size: tuple[int, int] = (0, 0)


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
    top = Piece(drawing.chart.top, "chart")
    whole = [_whole(replace(drawing, page=columns * (WIDTH + GAP) - GAP), top) for columns in COLUMNS]
    best = max((sheet for sheet in whole if sheet), key=lambda sheet: sheet.scale, default=None)
    if best:
        return [best]
    first, *others = _pieces(drawing)
    return [_overview(drawing, first), *_packed(drawing, others)]


def _whole(drawing, piece):
    """Return the Sheet that shows all of `drawing`, or None where the letters would be too small."""
    svg = svg_of(drawing)
    width, height = map(int, SIZE.search(svg).groups())
    scale, is_across = _scale(width, height)
    if scale < SMALLEST:
        return None
    _w, _h, shapes = shapes_of(svg)
    return Sheet(is_across, width, height, scale, _with_pages(shapes, piece.rest), [piece])


def _scale(width, height):
    """Return the best scale for a drawing on an A4 page, and whether that lies across."""
    found = [(min(LARGEST, room[0] / width, room[1] / height), across) for across, room in ROOMS.items()]
    return max(found, key=lambda one: one[0])


def _overview(drawing, piece):
    """Return the first Sheet of several; where even that is too large for A4 it is a larger page."""
    chart = replace(drawing.chart, top=piece.top, root=piece.top)
    svg = svg_of(replace(drawing, chart=chart))
    width, height, shapes = shapes_of(svg)
    scale, is_across = _scale(width, height)
    return Sheet(is_across, width, height, max(scale, SMALLEST), _with_pages(shapes, piece.rest), [piece])


def _pieces(drawing):
    """Return the Pieces of the tree of `drawing`, each before what goes on from it."""
    found, todo = [], [(drawing.chart.top, drawing.chart.top.below, "chart", None)]
    while todo:
        node, below, label, before = todo.pop()
        is_first = not found
        fits = _fits(drawing, with_bodies=is_first)
        piece = _cut(node, below, fits)
        piece.label, piece.before = label, before
        later = []
        kept = {id(child.original) for child in piece.top.below}
        left = [child for child in below if id(child) not in kept]
        for copy in in_order(piece.top):
            if copy.original.below and not copy.below:
                slug = copy.unit.slug
                piece.rest[slug] = f"chart-{slug}"
                said = _("part of %(name)s") % {"name": _above(piece, copy)}
                later.append((copy.original, copy.original.below, f"chart-{slug}", (said, label)))
        if left:
            number = int(label.rpartition("--")[2] or 1) + 1 if "--" in label else 2
            following = f"chart-{node.unit.slug}--{number}"
            piece.rest[node.unit.slug] = following
            later.append((node, left, following, (_("continued"), label)))
        todo += reversed(later)
        found.append(piece)
    return found


def _above(piece, copy):
    return next(
        (node.unit.name for node in in_order(piece.top) if any(child is copy for child in node.below)), ""
    )


@dataclass
class Copy(Node):
    """A Node as it is drawn in a Piece, with less below it than its `original` has."""

    original: Node = None


def _copied(node, below, levels):
    """Return the Copy of `node` with `below` (of its Nodes) and so many `levels` in all below it."""
    root = _copy(node)
    todo = [(root, below, levels)]
    while todo:
        copy, children, left = todo.pop()
        if not left:
            continue
        copy.below = [_copy(child) for child in children]
        todo += [(child, child.original.below, left - 1) for child in copy.below]
    return root


def _copy(node):
    return Copy(
        node.unit,
        leads=node.leads,
        advises=node.advises,
        is_found=node.is_found,
        more_posts=node.more_posts,
        marks=node.marks,
        original=node,
    )


def _cut(node, below, fits):
    """Return the Piece of `node` with as many whole levels as `fits` allows, or as many of `below`."""
    best, levels = None, 1
    while True:
        top = _copied(node, below, levels)
        if not fits(top):
            break
        is_all = best is not None and len(in_order(top)) == len(in_order(best))
        best = top
        if is_all:
            break
        levels += 1
    if best is None:
        few, many = 1, len(below)  # of `few` it is known, or must be taken, that they have room
        while many - few > 1:
            middle = (few + many) // 2
            few, many = (middle, many) if fits(_copied(node, below[:middle], 1)) else (few, middle)
        best = _copied(node, below[:few], 1)
    return Piece(best, "")


def _fits(drawing, with_bodies):
    """Return the function that says whether a drawing of what is below a Node can be read on one sheet."""

    def fits(top):
        if with_bodies:
            chart = replace(drawing.chart, top=top, root=top)
            width, height = map(int, SIZE.search(svg_of(replace(drawing, chart=chart))).groups())
        else:
            width, height = _size(drawing, top)
        return _scale(width, height + ABOVE)[0] >= SMALLEST

    return fits


def _size(drawing, top):
    """Return the width and height of the drawing of a branch alone."""
    branch, boxes = _branch(drawing, top), {}
    for node in reversed(branch.chart.nodes):
        boxes[id(node)] = box_of(branch, node, [boxes[id(child)] for child in node.below])
    placed = lay_out(boxes[id(top)], branch.page)
    return placed.width + 2 * MARGIN, placed.height + 2 * MARGIN


def _branch(drawing, top):
    chart = Chart(drawing.chart.edition, drawing.chart.state, top, top)
    return replace(drawing, chart=chart, has_legend=False)


def _packed(drawing, pieces):
    """Return the Sheets of branches: in their order, side by side and below one another as they have room."""
    sheets, waiting = [], []
    for piece in pieces:
        piece.size = _size(drawing, piece.top)
    for piece in [*pieces, None]:
        if piece and (not waiting or any(_places([*waiting, piece], across) for across in ROOMS)):
            waiting.append(piece)
            continue
        sheets.append(_sheet(drawing, waiting))
        waiting = [piece]
    return sheets


def _places(pieces, is_across):
    """Return where `pieces` stand on a sheet, (x, y) each, and its size; None where they have no room."""
    room = [points / SMALLEST for points in ROOMS[is_across]]
    places, x, y, high, wide = [], 0, 0, 0, 0
    for piece in pieces:
        width, height = piece.size[0], piece.size[1] + ABOVE
        if x and x + width > room[0]:
            x, y, high = 0, y + high + BETWEEN, 0
        places.append((x, y))
        x, high = x + width + BETWEEN, max(high, height)
        wide = max(wide, x - BETWEEN)
    if wide > room[0] or y + high > room[1]:
        return None
    return places, wide, y + high


def _sheet(drawing, pieces):
    """Return the Sheet with `pieces`; one that has no room on A4 alone is put on a larger page."""
    placed = [(across, _places(pieces, across)) for across in ROOMS]
    fitting = [(_scale(*found[1:])[0], across, found) for across, found in placed if found]
    if fitting:
        scale, is_across, (places, width, height) = max(fitting, key=lambda one: one[0])
    else:
        [piece] = pieces
        scale, is_across, places = SMALLEST, False, [(0, 0)]
        width, height = piece.size[0], piece.size[1] + ABOVE
    shapes = []
    for piece, (x, y) in zip(pieces, places, strict=True):
        _w, _h, own = shapes_of(svg_of(_branch(drawing, piece.top)))
        shapes += _moved(_with_pages(own, piece.rest), x, y + ABOVE)
        shapes.append(_line_above(piece, x + MARGIN, y + ABOVE - 6))
    return Sheet(is_across, width, height, scale, shapes, pieces)


def _line_above(piece, x, y):
    said, label = piece.before
    look = {"size": SMALL, "weight": 400, "fill": QUIET, "anchor": "start"}
    text = f"{piece.top.unit.name}: {said}"
    return {"kind": "text", "x": x, "y": y, **look, "text": printable(text, is_broken=False), "page": label}


def _moved(shapes, x, y):
    for shape in shapes:
        if shape["kind"] == "lines":
            shape["parts"] = [[[at + x, high + y] for at, high in part] for part in shape["parts"]]
        elif shape["kind"] != "text" or "x" in shape:
            shape["x"], shape["y"] = shape["x"] + x, shape["y"] + y
    return shapes


def _with_pages(shapes, rest):
    """Return `shapes` in which what leads to a state of the chart says on which page the branch goes on."""
    found = []
    for shape in shapes:
        if shape["kind"] == "link" and shape["to"].startswith("#state-"):
            label = rest.get(shape["to"].removeprefix("#state-"))
            foot = found[-1]
            foot["text"] = foot["text"].lstrip("".join(SIGNS.values()) + " ")
            if label:
                foot["page"] = label
        else:
            found.append(shape)
    return found


def described(sheet):
    """Return the drawing on `sheet` in words, for whoever hears it: a line for each box."""
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
    return lines


def bodies_described(chart):
    """Return the bodies beside a Chart in words, a line for each."""
    return [
        _("Beside the tree: %(name)s; %(links)s")
        % {"name": neighbour.body.name, "links": "; ".join(links_of(neighbour))}
        for neighbour in chart.bodies
    ]
