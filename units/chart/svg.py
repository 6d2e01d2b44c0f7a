"""A chart as SVG: drawn on the server, and the same bytes for the same chart."""

from dataclasses import dataclass

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from units.chart.bodies import LANE, draw_bodies
from units.chart.boxes import box_of, can_stand_alone, draw_box
from units.chart.layout import PAGE, SMALL_PAGE, lay_out
from units.chart.measure import width_of, wrap
from units.chart.signs import (
    DOTTED,
    FONTS,
    INK,
    LINE,
    MARGIN,
    PAPER,
    QUIET,
    SMALL,
    SMALL_STEP,
    alone,
    area,
    bar,
    face,
)
from units.chart.words import gone_of, marks_of, more_of
from units.chart.xml import element, lines_of_text, path, text

TITLE, TITLE_STEP = 20, 26  # the size of its letters, from line to line


@dataclass
class Drawing:
    """What is drawn of a Chart, and how.

    `links.thing(kind, slug)` gives the address of the page of a unit, post or body, `links.state(state)` that
    of the chart in another State. With `is_tool` branches can be opened, closed and drawn alone. `heading`
    stands above a drawing that is to be understood by itself, the lines of `caption` below it. `target` is
    the window that its links open in, where not its own, `page` how wide the tree may well be.
    """

    chart: object
    links: object
    is_tool: bool = False
    heading: str = ""
    caption: tuple[str, ...] = ()
    has_legend: bool = True
    target: str | None = None
    page: int = PAGE

    def link(self, kind, slug, *inside):
        """Return the SVG `inside` as a link to the page of the unit, post or body `slug`."""
        return element("a", *inside, href=self.links.thing(kind, slug), target=self.target)

    def state_link(self, state, *inside, **attributes):
        """Return the SVG `inside` as a link to the chart in another State."""
        address = self.links.state(state)
        return element("a", *inside, href=address, rel="nofollow", target=self.target, **attributes)


def svg_of(drawing, zoom=100):
    """Return the SVG of `drawing`, a Drawing, at `zoom` percent of its size."""
    chart, boxes = drawing.chart, {}
    for node in reversed(chart.nodes):
        boxes[id(node)] = box_of(drawing, node, [boxes[id(child)] for child in node.below])
    placed = lay_out(boxes[id(chart.top)], drawing.page)
    lane = LANE if any(neighbour.links for neighbour in chart.bodies) else 0
    width = max(placed.width + lane, SMALL_PAGE if drawing.has_legend else 0)
    heading, top = _heading(drawing, width)
    links, bodies, end = "", [], placed.height
    if chart.bodies:
        links, bodies, end = draw_bodies(drawing, placed, width - lane, end)
    tree = [
        links,
        path(placed.lines, class_="line", stroke=LINE, stroke_width=1.5),
        path(placed.dotted, class_="line", stroke=LINE, **DOTTED),
        *(draw_box(drawing, box) for box in placed.boxes),
        *bodies,
    ]
    foot, end = _foot(drawing, width, top + end)
    moved = element("g", *tree, transform=f"translate({MARGIN} {top})")
    return _svg(chart, [*heading, moved, *foot], width + 2 * MARGIN, end + MARGIN, zoom)


def _svg(chart, parts, width, height, zoom):
    words = {"name": chart.root.unit.name, "count": len(chart.nodes)}
    words["day"] = date_format(chart.edition.effective_on, "j F Y")
    described = _("%(name)s and what is below it, in effect from %(day)s. Units drawn: %(count)s.")
    return element(
        "svg",
        element("title", text(_("Chart of the %(name)s") % words), id="chart-title"),
        element("desc", text(described % words), id="chart-desc"),
        area("paper", 0, 0, width, height, fill=PAPER),
        *parts,
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {width} {height}",
        width=width * zoom // 100,
        height=height * zoom // 100,
        role="group",
        aria_labelledby="chart-title",
        aria_describedby="chart-desc",
        font_family=FONTS,
        font_size=SMALL,
        fill=INK,
    )


def _quiet(said, x, y):
    return element("text", text(said), class_="quiet", x=x, y=y, fill=QUIET)


def _heading(drawing, width):
    """Return the name and the heading above the tree, and where the tree begins."""
    if not drawing.heading:
        return [], MARGIN
    lines = wrap(drawing.chart.root.unit.name, width - TITLE, TITLE, bold=True) or [""]
    look = {"class_": "title", "font_size": TITLE, "font_weight": 600}
    name = lines_of_text(lines, MARGIN, MARGIN + 18, TITLE_STEP, **look)
    further = (len(lines) - 1) * TITLE_STEP
    return [name, _quiet(drawing.heading, MARGIN, MARGIN + 41 + further)], MARGIN + 62 + further


def _foot(drawing, width, y):
    """Return the legend, what is gone or left out and the caption, below one another, and where they end."""
    parts, x = [], MARGIN
    if drawing.has_legend:
        y += 36
        for sample, said in _legend(drawing):
            wide = 36 + width_of(said, SMALL) + 16
            if x > MARGIN and x + wide > width + MARGIN:
                x, y = MARGIN, y + 26
            parts.append(element("g", sample, _quiet(said, 36, 14), transform=f"translate({x} {y})"))
            x += wide
        y += 26
    gone = [gone_of(name, above) for name, above in drawing.chart.gone]
    more = more_of(drawing.chart) if drawing.heading else []  # a page says it beside the drawing
    lines = [line for said in [*gone, *more, *drawing.caption] for line in wrap(said, width, SMALL)]
    y += 12 if lines else 0
    for line in lines:
        y += SMALL_STEP
        parts.append(_quiet(line, MARGIN, y))
    return parts, y


def _legend(drawing):
    """Return (sample, words) of each sign that `drawing` uses."""
    chart, nodes = drawing.chart, drawing.chart.nodes
    frame = (1, 3, 26, 14)
    kinds = {node.unit.kind: node.unit.get_kind_display() for node in nodes}
    found = [(face(kind, *frame, 4), said) for kind, said in kinds.items()]
    if any(node.advises for node in nodes):
        found.append((face("adviser", *frame, 7), _("post that advises, beside the line")))
    if chart.bodies:
        found.append((face("body", *frame, 7), _("body outside the tree; on the line, its link with a unit")))
    if any(marks_of(node) for node in nodes):
        found.append((bar(12, 1, 18), _("something to note, in words")))
    if any(node.is_found for node in nodes):
        found.append((face("unit", *frame, 4, found=True), _("found")))
    if any(can_stand_alone(drawing, node) for node in nodes):
        found.append((alone(14, 10), _("draws only that branch")))
    return found
