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
from units.printing.parts import away, here, label_of
from units.printing.reading import Facts
from units.printing.setting import TooMuchError, set_pages
from units.printing.sheets import in_words, sheets_of

HASH_DIGITS = 16
MOST_UNITS = 1_000  # of a request


@dataclass(frozen=True)
class PlacesHere:
    """The links of a printed chart: to the sections of the same file, and to where a branch goes on."""

    def thing(self, kind, slug):
        return f"#{kind}-{slug}"

    def state(self, state):
        return f"#state-{state.open[-1] if state.open else state.root}"


def write_directory(edition, state, path, before=None):
    """Write the directory of `edition` to `path`: what the State `state` asks of its chart, all by default.

    The chart is compared with the edition `before`. Raises UnknownUnitError, TooMuchError where that would be
    too many units, other rows or bytes, or takes too much time or memory, and BusyError.
    """
    chart = printed_chart(edition, state)
    compare(chart, before)
    drawing = Drawing(chart, PlacesHere())
    units = [node.unit for node in chart.nodes]
    above = Unit.objects.with_ancestors(edition, state.root)[:-1] if state.root else []
    facts = Facts(edition, units, above, everything=not state.root)
    content = Content(facts)
    sheets = sheets_of(drawing)
    data = {
        "words": _words(),
        "about": _about(edition, chart, facts),
        "sheets": [_sheet(sheet, chart, number, len(sheets)) for number, sheet in enumerate(sheets, 1)],
        "parts": content.parts(),
        "index": content.index(),
    }
    set_pages("directory.typ", data, path, edition)


def printed_chart(edition, state):
    """Return the Chart of all units that `state` asks for; where it names no depth, of all levels."""
    root = Unit.objects.named(edition, state.root) if state.root else Unit.objects.root(edition)
    if root is None:
        raise UnknownUnitError
    depth = None if state.depth in (None, ALL) else state.depth
    rows = Unit.objects.inside(root)
    if depth is not None and not state.open:
        rows = rows.filter(level__lte=root.level + depth)
    units = list(rows[: MOST_UNITS + 1])
    if len(units) > MOST_UNITS:
        raise TooMuchError
    units = _opened(units, root, depth, set(state.open))
    found = {unit.pk for unit in rows.called(state.find.split())} if state.find else set()
    top = grow(units, state.close, found)
    nodes = in_order(top)
    for node in nodes:
        node.is_found = node.unit.pk in found
    add_posts(nodes, Post.objects.in_units([node.unit for node in nodes]))
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
        "pages": _("The number on the edge of a box is the page on which its section begins."),
        "open": _("Left open:"),
        "index": _("Index of names"),
    }


def _about(edition, chart, read):
    """Return what the title page and the head and foot of every page say."""
    day = date_format(edition.effective_on, "j F Y")
    address = settings.SITE_URL + reverse("edition:home", args=[edition.identifier])
    named = _("Edition %(name)s") % {"name": edition.identifier}
    in_effect = _("In effect from %(day)s") % {"day": day}
    said = [named, in_effect]
    facts = [(_("Edition"), [edition.identifier]), (_("In effect from"), [day])]
    if edition.announced_on:
        facts.append((_("Announced on"), [date_format(edition.announced_on, "j F Y")]))
    if chart.state.root:
        facts.append((_("Only the branch"), [here(label_of(chart.root.unit), chart.root.unit.name)]))
    if chart.compared:
        facts.append((_("Compared with"), [_("Edition %(name)s") % {"name": chart.compared.identifier}]))
    units = {"count": len(read.units), "total": read.total}
    said_units = str(read.total) if read.is_complete else _("%(count)s of %(total)s") % units
    facts += [(_("Units in this file"), [said_units]), (_("Online"), [away(address)])]
    if edition.is_published:
        said.append(f"SHA-256 {edition.sha256[:HASH_DIGITS]}…")
        facts.append((_("SHA-256 of the document"), [edition.sha256]))
    else:
        said.append(_("Draft, not public"))
    title = [_("AI Office directory"), named, *([chart.root.unit.name] if chart.state.root else [])]
    return {
        "title": printable(", ".join(title), is_broken=False),
        "name": printable(chart.root.unit.name),
        "heading": printable(edition.title),
        "identifier": edition.identifier,
        "in_effect": in_effect,
        "edition_said": " · ".join(said),
        "note": printable(edition.note),
        "facts": facts,
        "sha256": edition.sha256,
    }


def _sheet(sheet, chart, number, count):
    lines = in_words(sheet, chart.bodies if number == 1 else ())
    said = _("Chart") if number == 1 else _("Chart, sheet %(number)s of %(count)s")
    return {
        "title": said % {"number": number, "count": count},
        "labels": [piece.label for piece in sheet.pieces],
        "is_across": sheet.is_across,
        "width": sheet.width,
        "height": sheet.height,
        "scale": sheet.scale,
        "shapes": sheet.shapes,
        "alternative": "\n".join(printable(line, is_broken=False) for line in lines),
    }
