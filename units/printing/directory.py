"""The printed directory of an edition, or of a part of it, as one PDF file."""

from dataclasses import dataclass

from django.conf import settings
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from units.chart.comparing import compare
from units.chart.state import ALL
from units.chart.svg import Drawing
from units.chart.tree import Chart, UnknownUnitError, add_posts, grow, in_order, neighbours_of
from units.models import Post, Unit
from units.printing.content import Content
from units.printing.letters import printable
from units.printing.setting import TooMuchError, set_pages
from units.printing.sheets import bodies_described, described, sheets_of

HASH_DIGITS = 16
MOST_UNITS = 2_000  # of a request


@dataclass(frozen=True)
class PlacesHere:
    """The links of a printed chart: to the sections of the same file, and to where a branch goes on."""

    def thing(self, kind, slug):
        return f"#{kind}-{slug}"

    def state(self, state):
        return f"#state-{state.open[-1] if state.open else state.root}"


def write_directory(edition, state, path, before=None, most_units=MOST_UNITS, **limits):
    """Write the directory of `edition` to `path`: what the State `state` asks of its chart, all by default.

    The chart is compared with the edition `before`. Raises UnknownUnitError, and TooMuchError where that
    would be more than `most_units` units or, in the end, than the time and memory of `limits`.
    """
    chart = printed_chart(edition, state, most_units)
    compare(chart, before)
    drawing = Drawing(chart, PlacesHere())
    units = [node.unit for node in chart.nodes]
    above = Unit.objects.with_ancestors(edition, state.root)[:-1] if state.root else []
    content = Content(edition, units, above, everything=not state.root)
    sheets = sheets_of(drawing)
    data = {
        "words": _words(),
        "about": _about(edition, chart, len(units)),
        "sheets": [_sheet(sheet, chart, number, len(sheets)) for number, sheet in enumerate(sheets, 1)],
        "parts": content.parts(),
    }
    set_pages("directory.typ", data, path, edition, **limits)


def printed_chart(edition, state, most_units):
    """Return the Chart of all units that `state` asks for; where it names no depth, of all levels."""
    root = Unit.objects.named(edition, state.root) if state.root else Unit.objects.root(edition)
    if root is None:
        raise UnknownUnitError
    depth = None if state.depth in (None, ALL) else state.depth
    rows = Unit.objects.inside(root)
    if depth is not None and not state.open:
        rows = rows.filter(level__lte=root.level + depth)
    units = list(rows[: most_units + 1])
    if len(units) > most_units:
        raise TooMuchError
    units = _opened(units, root, depth, set(state.open))
    found = {unit.pk for unit in rows.called(state.find.split())} if state.find else set()
    top = grow(units, state.close, found)
    nodes = in_order(top)
    for node in nodes:
        node.is_found = node.unit.pk in found
    add_posts(nodes, Post.objects.in_branch(root).in_print())
    bodies, more = neighbours_of(edition, nodes, everything=not state.root)
    return Chart(edition, state, top, top, bodies, more)


def _opened(units, root, depth, opened):
    """Return those of `units`, in tree order, that are open: so many levels, and what is below `opened`."""
    if depth is None:
        return units
    by_key = {unit.pk: unit for unit in units}
    way = set()
    for unit in units:
        if unit.slug in opened:
            while unit and unit.pk not in way:
                way.add(unit.pk)
                unit = by_key.get(unit.parent_id)
    shown = {root.pk}
    for unit in units:
        if unit.parent_id in shown and (unit.level - root.level <= depth or unit.parent_id in way):
            shown.add(unit.pk)
    return [unit for unit in units if unit.pk in shown]


def _words():
    """Return the words of the template itself."""
    return {
        "site": _("AI Office directory"),
        "unofficial": _("Not an official website of the European Commission"),
        "contents": _("Contents"),
        "page": _("page"),
        "of": _("of"),
        "chart": _("Chart"),
        "sheet": _("Chart, sheet"),
        "open": _("Open to reading:"),
        "source": _("source"),
        "sources": _("sources"),
        "online": _("Online:"),
    }


def _about(edition, chart, units):
    day = date_format(edition.effective_on, "j F Y")
    name = chart.root.unit.name
    address = settings.SITE_URL + reverse("edition:home", args=[edition.identifier])
    in_effect = _("In effect from %(day)s") % {"day": day}
    facts = [(_("Edition"), edition.identifier), (_("In effect from"), day)]
    if edition.announced_on:
        facts.append((_("Announced on"), date_format(edition.announced_on, "j F Y")))
    facts.append((_("Units in this file"), str(units)))
    return {
        "title": printable(f"{name} · {_('AI Office directory')}", is_broken=False),
        "name": printable(name),
        "edition": printable(edition.title),
        "identifier": edition.identifier,
        "in_effect": in_effect,
        "note": printable(edition.note),
        "facts": [[label, printable(said)] for label, said in facts],
        "address": address,
        "sha256": edition.sha256,
        "short": edition.sha256[:HASH_DIGITS],
        "is_draft": not edition.is_published,
    }


def _sheet(sheet, chart, number, count):
    lines = described(sheet) + (bodies_described(chart) if number == 1 else [])
    words = {"name": chart.root.unit.name, "number": number, "count": count}
    said = (
        _("Chart of the %(name)s")
        if count == 1
        else _("Chart of the %(name)s, sheet %(number)s of %(count)s")
    )
    return {
        "title": printable(said % words),
        "labels": [piece.label for piece in sheet.pieces],
        "is_across": sheet.is_across,
        "width": sheet.width,
        "height": sheet.height,
        "scale": sheet.scale,
        "shapes": sheet.shapes,
        "alternative": "\n".join(printable(line, is_broken=False) for line in lines),
    }
