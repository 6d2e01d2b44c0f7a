"""A tree cut into pieces of which each can be drawn on a sheet of paper, and each says where it goes on."""

from collections import deque
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from units.chart.outline import Node
from units.chart.tree import in_order

TRIES = 5  # branches that are tried and have no room before a piece is taken to be full


@dataclass(eq=False)
class Part(Node):
    """A Node as it is drawn in a Piece, with less below it than its `original` has."""

    original: Node = None


@dataclass(eq=False)
class Piece:
    """A part of a tree that is drawn in one: what stands at its `top`, and where the rest of it is.

    `label` is its place in the file, `rest` has {slug: label} of the pieces that go on below its boxes.
    `before` is the line above it, and the label of the piece that it goes on from; None for the first.
    """

    top: Node
    label: str = "chart"
    before: tuple[str, str] | None = None
    rest: dict[str, str] = field(default_factory=dict)
    size: tuple[int, int] = (0, 0)


def cut(root, fits_first, fits):
    """Return the Pieces of the tree of the Node `root`, each before those that go on from it.

    `fits(top)` says whether what is below a Part has room, `fits_first(top)` the same for the first piece.
    """
    found = []
    todo = [(root, root.below, "chart", None)]
    while todo:
        node, below, label, before = todo.pop()
        top = _filled(node, below, fits if found else fits_first)
        piece = Piece(top, label, before)
        later = []
        for part in in_order(top)[1:]:
            if part.original.below and not part.below:
                slug = part.unit.slug
                piece.rest[slug] = f"chart-{slug}"
                said = _("Part of %(name)s") % {"name": part.original.above.unit.name}
                later.append((part.original, part.original.below, piece.rest[slug], (said, label)))
        if left := below[len(top.below) :]:
            following = f"chart-{node.unit.slug}-from-{left[0].unit.slug}"
            piece.rest[node.unit.slug] = following
            said = _("%(name)s, continued") % {"name": node.unit.name}
            later.append((node, left, following, (said, label)))
        todo += reversed(later)
        found.append(piece)
    return found


def _filled(node, below, fits):
    """Return a Part of `node` with as many of the Nodes `below` as have room, and of those below them."""
    top = _part(node)
    top.below = [_part(child) for child in below]
    if not fits(top):
        every = top.below
        few, many = 1, len(every)  # one is taken whatever its size, or there would be no end
        while many - few > 1:
            middle = (few + many) // 2
            top.below = every[:middle]
            few, many = (middle, many) if fits(top) else (few, middle)
        top.below = every[:few]
        return top
    closed, failures = deque(part for part in top.below if part.original.below), 0
    while closed and failures < TRIES:
        part = closed.popleft()
        part.below = [_part(child) for child in part.original.below]
        if fits(top):
            closed += [child for child in part.below if child.original.below]
        else:
            part.below = []
            failures += 1
    return top


def _part(node):
    return Part(
        node.unit,
        leads=node.leads,
        advises=node.advises,
        is_found=node.is_found,
        more_posts=node.more_posts,
        marks=node.marks,
        original=node,
    )
