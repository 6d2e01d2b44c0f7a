"""A chart as SVG: drawn here, on the server, and the same bytes for the same chart."""

from dataclasses import dataclass

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from units.chart import layout
from units.chart.layout import BESIDE, GAP, WIDTH
from units.chart.measure import width_of, wrap
from units.chart.words import below_of, gone_of, lead_of, link_of, marks_of, skipped_of
from units.chart.xml import element, lines_of_text, path, text

MARGIN, PAD = 16, 12
ROOM = WIDTH - 2 * PAD
NAME, SMALL = 13, 12  # sizes of letters
STEP, SMALL_STEP = 17, 16  # from line to line
ROW = 28  # what can be hit at the foot of a box
LANE = 24  # beside the tree, for the lines to bodies
FONTS = "system-ui, -apple-system, Segoe UI, Roboto, Noto Sans, DejaVu Sans, sans-serif"
INK, QUIET, LINE, ACCENT, WARM = "#1b2628", "#55666a", "#7c8f8e", "#1d5c63", "#8a4b08"
PAPER, TINT = "#ffffff", "#eef3f2"
FACES = {
    "institution": {"fill": TINT, "stroke": LINE},
    "office": {"fill": PAPER, "stroke": ACCENT, "stroke_width": 2.5},
    "unit": {"fill": PAPER, "stroke": LINE},
}
DOTTED, DASHED = "1 5", "6 4"


@dataclass
class Drawing:
    """What is drawn of a Chart, and how.

    `links.thing(kind, slug)` gives the address of the page of a unit, post or body, `links.state(state)` that
    of the chart in another State. With `is_tool` branches can be opened and closed. `caption` holds lines
    that stand below a chart that is to be understood by itself, and `heading` what stands above it.
    """

    chart: object
    links: object
    is_tool: bool = False
    heading: str = ""
    caption: tuple[str, ...] = ()
    legend: bool = True


def svg_of(drawing, zoom=100):
    """Return the SVG of `drawing`, a Drawing, at `zoom` percent of its size."""
    chart = drawing.chart
    boxes = {}
    for node in reversed(chart.nodes):
        beside = [_small_height(post.name) for post in node.advises]
        below = [boxes[child.unit.pk] for child in node.below]
        boxes[node.unit.pk] = layout.Box(_height(drawing, node), beside, below, node)
    placed = layout.lay_out(boxes[chart.top.unit.pk])
    top = MARGIN + _heading_height(drawing)
    parts, y = [], top + placed.height
    lane = LANE if any(neighbour.links for neighbour in chart.bodies) else 0
    width = max(placed.width + lane, 2 * WIDTH + GAP)
    if chart.bodies:
        band, y = _bodies(drawing, placed, width - lane, y - top)
        parts += band
        y += top
    tree = [
        path(placed.lines, class_="line", stroke=LINE, stroke_width=1.5, stroke_linejoin="round"),
        path(placed.dotted, class_="line", stroke=LINE, stroke_width=2, **_dots()),
        *(_node(drawing, box) for box in placed.boxes),
    ]
    whole = [_heading(drawing, width)]
    whole.append(element("g", *parts[:1], *tree, *parts[1:], transform=f"translate({MARGIN} {top})"))
    foot, y = _foot(drawing, width, y)
    whole += foot
    return _svg(drawing, whole, width + 2 * MARGIN, y + MARGIN, zoom)


def _dots():
    return {"stroke_dasharray": DOTTED, "stroke_linecap": "round"}


def _svg(drawing, parts, width, height, zoom):
    chart = drawing.chart
    title = _("Chart of the %(name)s") % {"name": chart.root.unit.name}
    day = date_format(chart.edition.effective_on, "j F Y")
    said = _(
        "%(name)s and what is below it, in effect from %(day)s: %(count)s units drawn, from top to bottom."
    )
    described = said % {"name": chart.root.unit.name, "day": day, "count": len(chart.nodes)}
    return element(
        "svg",
        element("title", text(title), id="chart-title"),
        element("desc", text(described), id="chart-desc"),
        element("rect", class_="paper", width=width, height=height, fill=PAPER),
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


def _has_foot(drawing, node):
    return bool(node.unit.units_below and (drawing.is_tool or node.hidden) and below_of(node))


def _name_lines(node):
    return wrap(node.unit.name, ROOM, NAME, bold=True)


def _height(drawing, node):
    height = 2 * PAD + len(_name_lines(node)) * STEP - 2
    height += sum(len(wrap(lead_of(post), ROOM, SMALL)) * SMALL_STEP + 10 for post in node.leads)
    height += sum(len(wrap(mark, ROOM, SMALL, bold=True)) * SMALL_STEP + 4 for mark in marks_of(node))
    return height + (ROW if _has_foot(drawing, node) else 0)


def _node(drawing, box):
    node, links = box.of, drawing.links
    unit, x, y = node.unit, box.x, box.y
    face = FACES[unit.kind]
    frame = {"x": x, "y": y, "width": WIDTH, "height": box.height, "rx": 8}
    found = {"stroke": ACCENT, "stroke_width": 4} if node.is_found else {}
    base = y + PAD + NAME - 1
    name = _name_lines(node)
    inside = [
        element(
            "rect", class_=f"face {unit.kind}{' found' if node.is_found else ''}", **frame, **(face | found)
        )
    ]
    inside.append(lines_of_text(name, x + PAD, base, STEP, class_="name", font_size=NAME, font_weight=600))
    parts = [element("a", *inside, href=links.thing("unit", unit.slug))]
    base += (len(name) - 1) * STEP
    marks = marks_of(node)
    if marks:
        bar = {"x": x + 4, "y": y + 8, "width": 4, "height": box.height - 16, "rx": 2}
        parts.append(element("rect", class_="bar", fill=WARM, **bar))
    for post in node.leads:
        lines = wrap(lead_of(post), ROOM, SMALL)
        high = len(lines) * SMALL_STEP + 10
        hit = element(
            "rect",
            class_="hit",
            x=x + 2,
            y=base + 4,
            width=WIDTH - 4,
            height=high,
            fill="none",
            pointer_events="all",
        )
        written = lines_of_text(lines, x + PAD, base + SMALL_STEP + 5, SMALL_STEP, class_="post", fill=QUIET)
        parts.append(element("a", hit, written, href=links.thing("post", post.slug)))
        base += high
    for mark in marks:
        lines = wrap(mark, ROOM, SMALL, bold=True)
        parts.append(
            lines_of_text(
                lines,
                x + PAD,
                base + SMALL_STEP + 4,
                SMALL_STEP,
                class_="mark-text",
                fill=WARM,
                font_weight=600,
            )
        )
        base += len(lines) * SMALL_STEP + 4
    if _has_foot(drawing, node):
        parts.append(_foot_of_box(drawing, box))
    parts += [_adviser(drawing, post, place) for post, place in zip(node.advises, box.places, strict=True)]
    if node.skipped:
        middle = {"x": x + WIDTH // 2 + 10, "y": y + box.height + layout.DROP // 2 + 4}
        parts.append(element("text", text(skipped_of(node)), class_="quiet", fill=QUIET, **middle))
    return element("g", *parts, id=f"box-{unit.slug}", class_="node")


def _foot_of_box(drawing, box):
    """Return the row at the foot of a box: how many units are below, to open or close, and to draw alone."""
    node, state, unit = box.of, drawing.chart.state, box.of.unit
    x, y = box.x, box.y + box.height - ROW
    is_open = bool(node.below) and not node.is_above
    said, sign = below_of(node), "▾" if is_open else "▸"
    if node.is_above:
        sign, to = "▴", state.focused(unit.slug)
    elif is_open:
        to = state.closed(unit.slug, [below.unit.slug for below in _all_below(node)])
    else:
        to = state.opened(unit.slug)
    can_focus = drawing.is_tool and not node.is_above and node is not drawing.chart.root
    wide = WIDTH - 4 - (ROW if can_focus else 0)
    hit = element(
        "rect",
        class_="hit",
        x=x + 2,
        y=y,
        width=wide,
        height=ROW - 2,
        rx=6,
        fill="none",
        pointer_events="all",
    )
    sign_ = element("text", sign, class_="sign", x=x + PAD, y=y + 18, fill=ACCENT, aria_hidden="true")
    words = element("text", text(said), class_="below", x=x + PAD + 16, y=y + 18, fill=ACCENT)
    parts = [
        element("path", class_="rule", d=f"M{x + PAD} {y}H{x + WIDTH - PAD}", stroke=LINE, stroke_width=0.5)
    ]
    label = _("%(said)s: %(name)s") % {"said": said, "name": unit.name}
    about = {"aria_label": label, "rel": "nofollow", "href": drawing.links.state(to)}
    if drawing.is_tool and not node.is_above:
        about |= {"id": f"fold-{unit.slug}", "aria_expanded": "true" if is_open else "false"}
    parts.append(element("a", hit, sign_, words, **about))
    if can_focus:
        middle, at = (
            (x + WIDTH - 2 - ROW // 2, y + ROW // 2 - 1),
            drawing.links.state(state.focused(unit.slug)),
        )
        hit = element(
            "rect",
            class_="hit",
            x=middle[0] - 13,
            y=y,
            width=26,
            height=26,
            rx=6,
            fill="none",
            pointer_events="all",
        )
        ring = element(
            "circle",
            class_="sign-line",
            cx=middle[0],
            cy=middle[1],
            r=4.5,
            fill="none",
            stroke=ACCENT,
            stroke_width=1.5,
        )
        cross = [
            [(middle[0] + a * u, middle[1] + b * u) for u in (4, 8)]
            for a, b in ((1, 0), (-1, 0), (0, 1), (0, -1))
        ]
        label = _("Draw only the branch of %(name)s") % {"name": unit.name}
        strokes = path(cross, class_="sign-line", stroke=ACCENT, stroke_width=1.5)
        parts.append(
            element(
                "a",
                element("title", text(label)),
                hit,
                ring,
                strokes,
                aria_label=label,
                rel="nofollow",
                href=at,
            )
        )
    return "".join(parts)


def _all_below(node):
    found, todo = [], [*node.below]
    while todo:
        found.append(todo.pop())
        todo += found[-1].below
    return found


def _small_height(name):
    return len(wrap(name, BESIDE - 2 * PAD, SMALL)) * SMALL_STEP + 16


def _adviser(drawing, post, place):
    x, y, height = place
    face = element(
        "rect",
        class_="face adviser",
        x=x,
        y=y,
        width=BESIDE,
        height=height,
        rx=height // 2 if height < 40 else 16,
        fill=PAPER,
        stroke=LINE,
        stroke_width=1.5,
        **_dots(),
    )
    lines = wrap(post.name, BESIDE - 2 * PAD, SMALL)
    middle = y + (height - len(lines) * SMALL_STEP) // 2 + SMALL
    written = lines_of_text(lines, x + BESIDE // 2, middle, SMALL_STEP, class_="post", text_anchor="middle")
    return element("a", face, written, href=drawing.links.thing("post", post.slug))


def _bodies(drawing, placed, width, end):
    """Return the bodies below the tree, with the lines that link them, and where they end."""
    neighbours = drawing.chart.bodies
    labels = [
        [line for node, statement in neighbour.links for line in wrap(link_of(node, statement), ROOM, SMALL)]
        or [_("no link stated")]
        for neighbour in neighbours
    ]
    names = [wrap(neighbour.body.name, ROOM, NAME, bold=True) for neighbour in neighbours]
    lead = max(map(len, labels)) * SMALL_STEP + 22
    top = end + 64
    places, high = layout.grid([lead + 2 * PAD + len(name) * STEP - 2 for name in names], width)
    lane = placed.width + LANE - 6
    places = [(x, top + y, height) for x, y, height in places]
    joined, parts = [], []
    for neighbour, label, name, (x, y, height) in zip(neighbours, labels, names, places, strict=True):
        if neighbour.links:
            joined.append((x, y))
        parts.append(_body(drawing, neighbour, label, name, (x, y + lead, height - lead), y))
    lines = [[(x + PAD, y), (x + PAD, y + lead)] for x, y in joined]
    for y in sorted({at for _x, at in joined}):
        lines.append([(min(x for x, at in joined if at == y) + PAD, y), (lane, y)])
    owners = {node.unit.pk for neighbour in neighbours for node, _statement in neighbour.links}
    starts = [(box.x + WIDTH, box.y + 20) for box in placed.boxes if box.of.unit.pk in owners]
    if starts:
        lines += [[start, (lane, start[1])] for start in starts]
        lines.append([(lane, min(y for _x, y in starts)), (lane, max(y for _x, y in joined))])
    title = element(
        "text",
        text(_("Bodies outside the tree")),
        class_="quiet",
        x=0,
        y=top - 18,
        fill=QUIET,
        font_weight=600,
    )
    dashes = path(lines, class_="line", stroke=LINE, stroke_width=1.5, stroke_dasharray=DASHED)
    return [dashes, title, *parts], top + high


def _body(drawing, neighbour, label, name, place, y):
    x, top, height = place
    face = element(
        "rect",
        class_="face body",
        x=x,
        y=top,
        width=WIDTH,
        height=height,
        rx=18,
        fill=PAPER,
        stroke=LINE,
        stroke_width=1.5,
        stroke_dasharray=DASHED,
    )
    written = lines_of_text(
        name, x + PAD + 2, top + PAD + NAME - 1, STEP, class_="name", font_size=NAME, font_weight=600
    )
    said = lines_of_text(
        label, x + PAD + (12 if neighbour.links else 0), y + 22, SMALL_STEP, class_="quiet", fill=QUIET
    )
    body = element("a", face, written, href=drawing.links.thing("body", neighbour.body.slug))
    return element("g", said, body, id=f"box-{neighbour.body.slug}-body", class_="node")


def _heading_height(drawing):
    return 62 if drawing.heading else 0


def _heading(drawing, width):
    if not drawing.heading:
        return ""
    name = wrap(drawing.chart.root.unit.name, width, 20, bold=True)
    name = name[0] + ("…" if len(name) > 1 else "")
    return element(
        "text", text(name), class_="title", x=MARGIN, y=MARGIN + 18, font_size=20, font_weight=600
    ) + element("text", text(drawing.heading), class_="quiet", x=MARGIN, y=MARGIN + 40, fill=QUIET)


def _foot(drawing, width, y):
    """Return the legend and the caption, and where they end."""
    parts, x = [], MARGIN
    y += 36
    for sample, said in _legend(drawing) if drawing.legend else ():
        wide = 40 + width_of(said, SMALL) + 24
        if x > MARGIN and x + wide > width + MARGIN:
            x, y = MARGIN, y + 24
        parts.append(
            element(
                "g",
                sample,
                element("text", text(said), x=36, y=14, class_="quiet", fill=QUIET),
                transform=f"translate({x} {y})",
            )
        )
        x += wide
    y += 24 if parts else -16
    for said in [*_gone(drawing.chart), *drawing.caption]:
        for line in wrap(said, width, SMALL):
            y += SMALL_STEP
            parts.append(element("text", text(line), x=MARGIN, y=y, class_="quiet", fill=QUIET))
    return parts, y


def _gone(chart):
    return [gone_of(name, above) for name, above in chart.gone]


def _legend(drawing):
    """Return (sample, words) of each sign that is used in the drawing."""
    nodes = drawing.chart.nodes
    box = {"x": 1, "y": 3, "width": 26, "height": 14, "rx": 4}
    kinds = {node.unit.kind: node.unit.get_kind_display() for node in nodes}
    found = [
        (element("rect", class_=f"face {kind}", **box, **FACES[kind]), said) for kind, said in kinds.items()
    ]
    if any(node.advises for node in nodes):
        sample = element(
            "rect",
            class_="face adviser",
            **(box | {"rx": 7}),
            fill=PAPER,
            stroke=LINE,
            stroke_width=1.5,
            **_dots(),
        )
        found.append((sample, _("post that advises, beside the line")))
    if drawing.chart.bodies:
        sample = element(
            "rect",
            class_="face body",
            **(box | {"rx": 6}),
            fill=PAPER,
            stroke=LINE,
            stroke_width=1.5,
            stroke_dasharray="4 3",
        )
        found.append((sample, _("body outside the tree, its link with a unit on the line")))
    if any(marks_of(node) for node in nodes):
        found.append(
            (
                element("rect", class_="bar", x=12, y=1, width=4, height=18, rx=2, fill=WARM),
                _("something to note, in words"),
            )
        )
    return found
