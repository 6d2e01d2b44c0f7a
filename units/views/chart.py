"""The pages of the chart: the drawing with its list, the table, and the small one on a unit's page."""

from dataclasses import replace

from django.conf import settings
from django.shortcuts import render
from django.urls import reverse
from django.utils.safestring import mark_safe

from units.chart.comparing import compare
from units.chart.layout import SMALL_PAGE
from units.chart.lists import list_of, table_of
from units.chart.state import ALL, State
from units.chart.svg import Drawing, svg_of
from units.chart.tree import AT_MOST, UnknownUnitError, branch_of, chart_of
from units.chart.words import more_bodies_of, more_gone_of, more_of
from units.models import Unit
from units.resolve import in_force, published_editions
from units.views.chart_asking import HereLinks, compared, state_asked, with_query
from units.views.chart_files import HASH_DIGITS
from units.views.frame import not_here, of_an_edition

EDITIONS_TO_COMPARE = 60


@of_an_edition
def chart(request, moment):
    state = state_asked(request)
    chart = _chart(moment, state)
    if chart is None:
        return not_here(request, moment, Unit, state.root)
    links = HereLinks(moment)
    drawing = Drawing(chart, links, is_tool=True)
    drawn = state.drawn
    if chart.compared:  # by its revision: what is cited and filed never changes
        drawn = replace(drawn, compare=chart.compared.identifier)
    context = {
        "moment": moment,
        "chart": chart,
        "state": state,
        "drawn_state": drawn,
        "svg": mark_safe(svg_of(drawing, state.zoom)),  # noqa: S308 (svg.py escapes all that it is given)
        "list": list_of(drawing),
        "kept": _kept(state),
        "more_bodies": more_bodies_of(chart),
        "more_gone": more_gone_of(chart),
        "drawn": len(chart.nodes),
        "hits": len(chart.found) + len(chart.not_drawn),
        "ways": _ways(links, state),
        "files": _files(moment, drawn),
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
    context["more"] = more_of(chart)
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


def _kept(state):
    """Return (name, value) of what the form of the tools keeps of `state` and has no field for."""
    lists = [("open", ",".join(state.open)), ("close", ",".join(state.close))]
    zoom = "" if state.zoom == 100 else state.zoom
    return [pair for pair in [("root", state.root), *lists, ("zoom", zoom)] if pair[1]]


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


def _files(moment, state):
    """Return the addresses of the other renderings of the chart in `state`."""
    edition, query = moment.edition, state.query
    files = {
        name: with_query(moment.url(f"chart_{name}"), query)
        for name in ("svg", "markdown", "table", "png", "pdf")
    }
    if edition.is_published:
        lasting = reverse("edition:chart_cited", args=[edition.identifier, edition.sha256[:HASH_DIGITS]])
        files["cited"] = with_query(lasting, query)
        files["embed"] = settings.SITE_URL + with_query(moment.url("chart_embed"), query)
    return files
