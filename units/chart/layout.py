"""Where each box of a chart stands: a tidy tree, in whole pixels, the same for the same boxes.

A box stands above the middle of what is below it; neighbours come as close as the outlines of their branches
allow. Boxes with nothing below them are stacked in columns where that makes the whole more compact. Every
step goes over the boxes once, without recursion, so that a chain of thousands is no problem.
"""

from collections import deque
from dataclasses import dataclass, field

WIDTH = 184  # of every box
GAP = 16  # between neighbours
DROP = 40  # between a box and those below it
INDENT = 24  # of a stacked box, for the line beside it
BETWEEN = 12  # between the boxes of a stack
BESIDE = WIDTH - INDENT  # the width of a box beside the line
PAGE, SMALL_PAGE = 5 * WIDTH + 4 * GAP, 2 * WIDTH + GAP
MOST_STACKED, SHORT = 24, 4  # boxes in a column; as few as SHORT are never parted


@dataclass(eq=False, slots=True)
class Box:
    """A box to be placed: its height, the heights of those beside its line, the boxes below it.

    `of` is what it is drawn for. After lay_out() it stands at `x`, `y`, `places` has (x, y, height) of those
    beside its line, and `height` may have grown to that of its neighbours.
    """

    height: int
    beside: list[int] = field(default_factory=list)
    below: list["Box"] = field(default_factory=list)
    of: object = None
    x: int = 0
    y: int = 0
    places: list[tuple[int, int, int]] = field(default_factory=list)


@dataclass(slots=True)
class Layout:
    """A chart laid out: its size, its boxes in order, and the `lines` and `dotted` lines that join them.

    A line is a list of corners (x, y).
    """

    width: int
    height: int
    boxes: list[Box]
    lines: list[list[tuple[int, int]]]
    dotted: list[list[tuple[int, int]]]


def in_order(root):
    """Return `root` and the boxes below it, each before those below it."""
    found, todo = [], [root]
    while todo:
        box = todo.pop()
        found.append(box)
        todo += reversed(box.below)
    return found


def lay_out(root, page=PAGE):
    """Place `root` and all boxes below it; return the Layout, whose upper left corner is (0, 0).

    It is not made higher in order to become narrower than `page`.
    """
    boxes = in_order(root)
    rows = _rows_of_a_stack(boxes, page)
    groups = {id(box): _groups(box, rows) for box in boxes}
    for box in boxes:
        _level([group[0] for group in groups[id(box)] if len(group) == 1])
    blocks = {}
    for box in reversed(boxes):
        blocks[id(box)] = _Block.of(box, groups[id(box)], blocks)
    left = min(blocks[id(root)].left.values())
    todo = [(root, -left, 0)]
    lines, dotted = [], []
    while todo:
        box, box.x, box.y = todo.pop()
        block = blocks[id(box)]
        box.places = [(box.x + x, box.y + y, height) for x, y, height in block.places]
        todo += [(child, box.x + x, box.y + y) for child, x, y in block.offsets]
        lines += _moved(block.lines, box)
        dotted += _moved(block.dotted, box)
    right = max(max([box.x + WIDTH, *(x + BESIDE for x, _, _ in box.places)]) for box in boxes)
    bottom = max(max([box.y + box.height, *(y + high for _, y, high in box.places)]) for box in boxes)
    return Layout(right, bottom, boxes, lines, dotted)


def grid(heights, width):
    """Return (x, y, height) for boxes of these `heights`, in rows as wide as `width` allows, and the end."""
    columns = max(1, (width + GAP) // (WIDTH + GAP))
    places, y = [], 0
    for start in range(0, len(heights), columns):
        row = heights[start : start + columns]
        places += [(i * (WIDTH + GAP), y, max(row)) for i in range(len(row))]
        y += max(row) + GAP
    return places, max(0, y - GAP)


def _moved(lines, box):
    return [[(box.x + x, box.y + y) for x, y in line] for line in lines]


def _runs(box):
    """Return the boxes below `box`, those without any below them together with such neighbours."""
    runs = []
    for child in box.below:
        if runs and not child.below and not runs[-1][-1].below:
            runs[-1].append(child)
        else:
            runs.append([child])
    return runs


def _rows_of_a_stack(boxes, page):
    """Return how many boxes are stacked in a column so that a chart is neither wide nor high; 1: none."""
    sizes = [len(run) for box in boxes for run in _runs(box) if not run[0].below]
    high = BETWEEN + sum(box.height for box in boxes) // len(boxes)
    deep, levels = 0, {id(boxes[0]): 0}
    for box in boxes:
        deep = max(deep, levels[id(box)])
        levels.update((id(child), levels[id(box)] + 1) for child in box.below)

    def room(rows):
        columns = sum(-(-size // rows) for size in sizes)
        width = columns * (WIDTH + GAP) - GAP
        return max(width, page) + 2 * (deep * (high + DROP) + rows * high)

    return min(range(1, MOST_STACKED + 1), key=room)


def _groups(box, rows):
    """Return the boxes below `box` in groups: one box alone, or a column of stacked ones."""
    groups = []
    for run in _runs(box):
        size = max(rows, SHORT) if rows > 1 and not run[0].below else 1
        columns = -(-len(run) // size)
        size = -(-len(run) // columns)  # the columns of a run are as long as one another
        groups += [run[i : i + size] for i in range(0, len(run), size)]
    return groups


def _level(row):
    """Give the boxes of a row the height of the highest."""
    high = max((box.height for box in row), default=0)
    for box in row:
        box.height = high


class _Edge:
    """One side of a branch's outline, from the top down: (where a part ends, its x), moved by (x, y)."""

    __slots__ = ("parts", "x", "y")

    def __init__(self, parts):
        self.parts, self.x, self.y = deque(parts), 0, 0

    def values(self):
        return [x + self.x for _, x in self.parts]

    def move(self, x, y):
        self.x, self.y = self.x + x, self.y + y
        return self

    def put_above(self, bottom, x):
        self.parts.appendleft((bottom - self.y, x - self.x))

    def go_on_with(self, other):
        """Return this edge with the parts of `other` below it; the longer of both takes in the shorter."""
        x, y = other.x - self.x, other.y - self.y
        if len(self.parts) >= len(other.parts):
            self.parts.extend((bottom + y, at + x) for bottom, at in other.parts)
            return self
        other.parts.extendleft((bottom - y, at - x) for bottom, at in reversed(self.parts))
        return other


def _beside(left, right):
    """Return how far a branch with the edge `right` (its left one) has to move to clear the edge `left`.

    What both have at the same height is consumed: nobody meets it again.
    """
    far = 0
    while left.parts and right.parts:
        (left_ends, left_x), (right_ends, right_x) = left.parts[0], right.parts[0]
        far = max(far, left_x + left.x - right_x - right.x + GAP)
        if left_ends + left.y <= right_ends + right.y:
            left.parts.popleft()
        if right_ends + right.y <= left_ends + left.y:
            right.parts.popleft()
    return far


@dataclass(slots=True)
class _Block:
    """A box with all below it, seen from the box's upper left corner: where its children stand, its lines,
    and its outline."""

    left: _Edge
    right: _Edge
    offsets: list
    places: list
    lines: list
    dotted: list

    @classmethod
    def of(cls, box, groups, blocks):
        hangs = not groups or (len(groups) == 1 and len(groups[0]) > 1)
        block = cls(_Edge([]), _Edge([]), [], [], [], [])
        middle = INDENT // 2 if hangs else WIDTH // 2
        end = block._put_beside(box, middle, hangs)
        if hangs:
            block._hang(box, groups, middle, end, blocks)
        else:
            block._spread(box, groups, end, blocks)
        if block.places:
            block.left.put_above(end, min(0, *(x for x, _, _ in block.places)))
            block.right.put_above(end, max(WIDTH, *(x + BESIDE for x, _, _ in block.places)))
        block.left.put_above(box.height, 0)
        block.right.put_above(box.height, WIDTH)
        return block

    def _put_beside(self, box, middle, hangs):
        """Place what stands beside the line; return where the last of it ends."""
        end = box.height
        for i in range(0, len(box.beside), 1 if hangs else 2):
            pair = box.beside[i : i + 1] if hangs else box.beside[i : i + 2]
            top = end + BETWEEN
            sides = [INDENT] if hangs else [middle - BETWEEN - BESIDE, middle + BETWEEN][-len(pair) :]
            self.places += [(x, top, max(pair)) for x, _ in zip(sides, pair, strict=False)]
            end = top + max(pair)
        for x, y, height in self.places:
            side = x if x > middle else x + BESIDE
            self.dotted.append([(middle, y + height // 2), (side, y + height // 2)])
        if self.places and not box.below:
            last = self.places[-1]
            self.dotted.append([(middle, box.height), (middle, last[1] + last[2] // 2)])
        return end

    def _hang(self, box, groups, middle, end, blocks):
        """Stack the boxes below along a line at the left."""
        y = end
        for child in groups[0] if groups else ():
            y += BETWEEN
            self.offsets.append((child, INDENT, y))
            self.lines.append([(middle, y + child.height // 2), (INDENT, y + child.height // 2)])
            y += _height(child)
        if groups:
            child, _, top = self.offsets[-1]
            self.lines.append([(middle, box.height), (middle, top + child.height // 2)])
            self.left.put_above(y, 0)
            self.right.put_above(y, INDENT + WIDTH)

    def _spread(self, box, groups, end, blocks):
        """Put the groups below side by side, the box above their middle."""
        top, bus = end + DROP, end + DROP // 2
        row, joints = None, []
        for group in groups:
            if len(group) == 1:
                left, right = blocks[id(group[0])].left, blocks[id(group[0])].right
                high = None
            else:
                high = sum(map(_height, group)) + BETWEEN * (len(group) - 1)
                left, right = _Edge([(high, 0)]), _Edge([(high, INDENT + WIDTH)])
            far = 0
            if row is None:
                row = left, right
            else:
                far = _beside(row[1], left)
                left.move(far, 0)
                right.move(far, 0)
                row = row[0].go_on_with(left), right.go_on_with(row[1])
            joints.append(self._joined(group, far, top, bus))
            if len(joints) == 1:
                begins = far if len(group) == 1 else joints[0]
        ends = self.offsets[-1][1] + WIDTH
        # Above the middle of all, but where the line down meets the line along.
        x = min(max((begins + ends) // 2, joints[0]), joints[-1]) - WIDTH // 2
        middle = WIDTH // 2
        self.offsets = [(child, child_x - x, child_y) for child, child_x, child_y in self.offsets]
        self.lines = [[(line_x - x, line_y) for line_x, line_y in line] for line in self.lines]
        self.lines.append([(middle, box.height), (middle, bus)])
        if len(joints) > 1:
            self.lines.append([(joints[0] - x, bus), (joints[-1] - x, bus)])
        self.left, self.right = (edge.move(-x, top) for edge in row)
        self.left.put_above(top, min(0, joints[0] - x))
        self.right.put_above(top, max(WIDTH, joints[-1] - x))

    def _joined(self, group, x, top, bus):
        """Note where the boxes of a group stand that begins at `x`; return where its line begins."""
        if len(group) == 1:
            self.offsets.append((group[0], x, top))
            self.lines.append([(x + WIDTH // 2, bus), (x + WIDTH // 2, top)])
            return x + WIDTH // 2
        joint, y = x + INDENT // 2, top
        for child in group:
            self.offsets.append((child, x + INDENT, y))
            self.lines.append([(joint, y + child.height // 2), (x + INDENT, y + child.height // 2)])
            y += _height(child) + BETWEEN
        self.lines.append([(joint, bus), (joint, self.offsets[-1][2] + group[-1].height // 2)])
        return joint


def _height(leaf):
    """Return how much room a box with nothing below it takes, with those beside its line."""
    return leaf.height + sum(BETWEEN + height for height in leaf.beside)
