"""The chart: as a page, as files to cite and embed, and as an outline."""

import functools
import hashlib
import re
from dataclasses import dataclass, replace
from pathlib import Path

from django.conf import settings
from django.core.exceptions import BadRequest
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.http import parse_etags, quote_etag
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.csp import csp_override

from units import chart as chart_room
from units.chart.comparing import compare
from units.chart.layout import SMALL_PAGE
from units.chart.lists import list_of, table_of
from units.chart.markdown import markdown_of
from units.chart.state import ALL, LEVELS, MOST_OPENED, ZOOMS, State
from units.chart.svg import Drawing, svg_of
from units.chart.tree import AT_MOST, UnknownUnitError, branch_of, chart_of
from units.models import Unit
from units.resolve import Moment, UnknownEditionError, edition_named, in_force, published_editions
from units.views.frame import not_here, of_an_edition

LONGEST_WORDS = 200
HASH_DIGITS = 16  # of the edition's hash, in the address of a drawing that never changes
EDITIONS_TO_COMPARE = 60
FOR_EVER = "public, max-age=31536000, immutable"
FRAMABLE = settings.SECURE_CSP | {"frame-ancestors": ["*"]}


@dataclass(frozen=True)
class HereLinks:
    """The addresses in a drawing that stands on a page: they keep to the page's Moment."""

    moment: Moment

    def thing(self, kind, slug):
        return self.moment.url(kind, slug)

    def state(self, state):
        return with_query(self._chart, state.query)

    @functools.cached_property
    def _chart(self):
        return self.moment.url("chart")


@dataclass(frozen=True)
class LastingLinks:
    """The addresses in a drawing that stands by itself: whole, and always those of its very edition."""

    edition: object

    def thing(self, kind, slug):
        return settings.SITE_URL + reverse(f"edition:{kind}", args=[self.edition.identifier, slug])

    def state(self, state):
        return with_query(self._chart, state.query)

    @functools.cached_property
    def _chart(self):
        return settings.SITE_URL + reverse("edition:chart", args=[self.edition.identifier])


def with_query(address, query):
    """Return `address`, which may have parameters, with those of `query` too."""
    return f"{address}{'&' if '?' in address else '?'}{query}" if query else address


def state_asked(request, root=""):
    """Return the State that `request` asks for, by default of the branch `root`.

    Raises BadRequest with a sentence for a value that can't be read.
    """
    given = {}
    for name in ("root", "depth", "open", "close", "find", "compare", "zoom", "at"):
        values = request.GET.getlist(name)
        if len(values) > 1:
            raise BadRequest(_("“%(name)s” is taken once.") % {"name": name})
        given[name] = values[0].strip() if values else ""
    depth = given["depth"]
    if depth and depth != ALL and not re.fullmatch(r"\d{1,3}", depth, re.ASCII):
        raise BadRequest(_("“depth” takes a number of levels from 0, or “all”."))
    lists = {}
    for name in ("open", "close"):
        slugs = tuple(dict.fromkeys(filter(None, given[name].split(","))))
        if len(slugs) > MOST_OPENED or not all(
            re.fullmatch(r"[-\w]{1,120}", slug, re.ASCII) for slug in slugs
        ):
            sentence = _(
                "“%(name)s” takes at most %(count)s names of units as they stand in addresses, with commas."
            )
            raise BadRequest(sentence % {"name": name, "count": MOST_OPENED})
        lists[name] = slugs
    if len(given["find"]) > LONGEST_WORDS:
        raise BadRequest(_("“find” takes at most %(count)s characters.") % {"count": LONGEST_WORDS})
    if given["zoom"] and given["zoom"] not in map(str, ZOOMS):
        raise BadRequest(_("“zoom” takes one of: %(zooms)s.") % {"zooms": ", ".join(map(str, ZOOMS))})
    if given["at"] and not re.fullmatch(r"\d{1,7},\d{1,7}", given["at"], re.ASCII):
        raise BadRequest(_("“at” takes a point of the chart, like 400,200."))
    return State(
        root=root or given["root"],
        depth=(depth if depth == ALL else min(int(depth), LEVELS)) if depth else None,
        find=given["find"],
        compare=given["compare"],
        zoom=int(given["zoom"] or 100),
        at=given["at"],
        **lists,
    )


def compared(state):
    """Return the edition that `state` compares with, or None; raises BadRequest where there is none such."""
    if not state.compare:
        return None
    try:
        return edition_named(state.compare)
    except UnknownEditionError as unknown:
        raise BadRequest(_("“compare” takes an edition. %(why)s") % {"why": unknown}) from None


@of_an_edition
def chart(request, moment):
    state = state_asked(request)
    chart = _chart(moment, state)
    if chart is None:
        return not_here(request, moment, Unit, state.root)
    links = HereLinks(moment)
    drawing = Drawing(chart, links, is_tool=True)
    context = {
        "moment": moment,
        "chart": chart,
        "state": state,
        "svg": mark_safe(svg_of(drawing, state.zoom)),  # noqa: S308 (svg.py escapes all that it is given)
        "list": list_of(drawing),
        "drawn": len(chart.nodes),
        "ways": _ways(links, state),
        "files": _files(moment, chart, state.drawn),
        "editions": _others(moment.edition),
        "most": AT_MOST,
    }
    return render(request, "units/chart.html", context)


@of_an_edition
def table(request, moment):
    """Show the same as chart(), for the same parameters, as a table."""
    state = state_asked(request)
    chart = _chart(moment, state)
    if chart is None:
        return not_here(request, moment, Unit, state.root)
    links = HereLinks(moment)
    context = {"moment": moment, "chart": chart, "lines": table_of(chart), "back": links.state(state)}
    return render(request, "units/chart_table.html", context)


def _chart(moment, state):
    """Return the Chart of `state`, compared with what it asks for and what is in force; None for no chart."""
    before = compared(state)
    try:
        chart = chart_of(moment.edition, state)
    except UnknownUnitError:
        return None
    force = in_force(published_editions(), moment.on, moment.known) if moment.is_ahead else None
    compare(chart, before, force, moment.is_ahead)
    return chart


def branch_svg(moment, path, below, posts):
    """Return the small drawing of a unit's branch for its own page, of rows that the page has read."""
    chart = branch_of(moment.edition, path, below, posts)
    drawing = Drawing(chart, HereLinks(moment), has_legend=False, page=SMALL_PAGE)
    return mark_safe(svg_of(drawing))  # noqa: S308 (svg.py escapes all that it is given)


def _ways(links, state):
    """Return the addresses of the states that the tools above a chart lead to; None for what is no way."""
    larger, smaller = state.zoomed(1), state.zoomed(-1)
    return {
        "open_all": links.state(State(root=state.root, depth=ALL, compare=state.compare, zoom=state.zoom)),
        "close_all": links.state(State(root=state.root, depth=1, compare=state.compare, zoom=state.zoom)),
        "whole": links.state(State(compare=state.compare)) if state.root else None,
        "start": None if state.is_plain else links.state(State()),
        "larger": larger and links.state(larger),
        "smaller": smaller and links.state(smaller),
        "this": links.state(state),
    }


def _others(edition):
    """Return the editions that `edition` can be compared with."""
    return [other for other in published_editions() if other != edition][:EDITIONS_TO_COMPARE]


def _files(moment, chart, state):
    """Return the addresses of the other renderings of `chart`, which is in `state`."""
    if chart.compared:
        state = replace(state, compare=chart.compared.identifier)
    edition, query = moment.edition, state.query
    files = {name: with_query(moment.url(f"chart_{name}"), query) for name in ("svg", "markdown", "table")}
    if edition.is_published:
        lasting = reverse("edition:chart_cited", args=[edition.identifier, edition.sha256[:HASH_DIGITS]])
        files["cited"] = with_query(lasting, query)
        files["embed"] = settings.SITE_URL + with_query(moment.url("chart_embed"), query)
    return files


@of_an_edition
def embed(request, moment):
    """Show the chart alone, in a page that other sites may frame. A draft is not for that."""
    if not moment.edition.is_published:
        raise Http404(_("A draft can’t be embedded."))
    state = state_asked(request).drawn
    drawing, missing = _drawing(request, moment, state, HereLinks(moment))
    if missing:
        return missing
    drawing.caption, drawing.target = (), "_blank"  # the page has the caption; others of ours can't be framed
    svg = mark_safe(svg_of(drawing))  # noqa: S308 (svg.py escapes all that it is given)
    context = {"moment": moment, "chart": drawing.chart, "svg": svg, "address": drawing.links.state(state)}
    response = render(request, "units/chart_embed.html", context)
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return _framable(request, response)


@xframe_options_exempt
@csp_override(FRAMABLE)
def _framable(request, response):
    return response


@of_an_edition
def svg(request, moment, slug=""):
    return _file(request, moment, state_asked(request, slug).drawn, svg_of, "image/svg+xml")


@of_an_edition
def markdown(request, moment):
    return _file(request, moment, state_asked(request).drawn, markdown_of, "text/markdown; charset=utf-8")


@of_an_edition
def cited_svg(request, moment, digest):
    """Answer with the drawing of an edition whose hash is in the address.

    Where the address also names exactly the revisions that it is of, what is there never changes.
    """
    if not moment.edition.is_published or moment.edition.sha256[:HASH_DIGITS] != digest:
        sentence = _("Edition %(name)s has another hash than the one in this address.")
        raise Http404(sentence % {"name": moment.edition.identifier})
    state = state_asked(request).drawn
    response = _file(request, moment, state, svg_of, "image/svg+xml")
    exact = [(moment.edition_name, moment.edition), (state.compare, compared(state))]
    is_exact = all(edition is None or edition.identifier == name for name, edition in exact)
    if is_exact and response.status_code in (200, 304):
        response.headers["Cache-Control"] = FOR_EVER
    return response


def _file(request, moment, state, draw, content_type):
    """Answer with what `draw` makes of the chart; with 304 without drawing it where it is known already."""
    before = compared(state)
    # The identifier too: a later revision can have the content, and so the hash, of an earlier one.
    editions = [f"{edition.identifier} {edition.sha256}" for edition in (moment.edition, before) if edition]
    known = [code_version(), draw.__name__, state.query, *editions]
    headers = {}
    if moment.edition.is_published:
        etag = quote_etag(hashlib.sha256("\n".join(known).encode()).hexdigest()[:40])
        headers = {"ETag": etag, "Cross-Origin-Resource-Policy": "cross-origin"}
        if etag in parse_etags(request.headers.get("If-None-Match", "")):
            return HttpResponse(status=304, headers=headers)
    drawing, missing = _drawing(request, moment, state, LastingLinks(moment.edition))
    return missing or HttpResponse(draw(drawing), headers=headers, content_type=content_type)


def _drawing(request, moment, state, links):
    """Return the Drawing of `state` to stand by itself, or None and the answer that says why there is none.

    Raises BadRequest where it would be too large.
    """
    try:
        chart = chart_of(moment.edition, state)
    except UnknownUnitError:
        return None, not_here(request, moment, Unit, state.root)
    if chart.is_cut:
        sentence = _(
            "That would be more than %(count)s boxes. Draw fewer levels by “depth”, or one branch by “root”."
        )
        raise BadRequest(sentence % {"count": AT_MOST})
    compare(chart, compared(state))
    return Drawing(chart, links, heading=_heading(moment.edition), caption=_caption(moment.edition)), None


def _heading(edition):
    words = {"day": date_format(edition.effective_on, "j F Y")}
    said = _("In effect from %(day)s") % words if edition.is_published else _("Draft, not public")
    if edition.announced_on:
        said += _(", announced on %(day)s") % {"day": date_format(edition.announced_on, "j F Y")}
    return said


def _caption(edition):
    address = settings.SITE_URL + reverse("edition:chart", args=[edition.identifier])
    hashed = f" · SHA-256 {edition.sha256[:HASH_DIGITS]}…" if edition.is_published else ""
    return (
        f"{_('AI Office directory')} · {_('Edition %(name)s') % {'name': edition.identifier}}{hashed}",
        address,
        _("Not an official website of the European Commission"),
    )


@functools.cache
def code_version():
    """Return a hash of the code that draws, and of the address that is in the drawings."""
    found = hashlib.sha256(settings.SITE_URL.encode())
    for path in [*sorted(Path(chart_room.__path__[0]).glob("*.py")), Path(__file__)]:
        found.update(path.read_bytes())
    return found.hexdigest()
