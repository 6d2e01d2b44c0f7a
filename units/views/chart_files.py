"""The chart by itself: files to download and to cite, an outline, and a page that others may frame."""

from django.conf import settings
from django.core.exceptions import BadRequest
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.csp import csp_override

from units.chart.comparing import compare
from units.chart.markdown import markdown_of
from units.chart.svg import Drawing, svg_of
from units.chart.tree import AT_MOST, UnknownUnitError, chart_of
from units.conditional import FOR_EVER, etag_of, has_it, not_modified
from units.models import Unit
from units.views.chart_asking import HereLinks, LastingLinks, compared, state_asked
from units.views.frame import not_here, of_an_edition

HASH_DIGITS = 16  # of the edition's hash, in the address of a drawing that never changes
FRAMABLE = settings.SECURE_CSP | {"frame-ancestors": ["*"]}


@of_an_edition
def embed(request, moment):
    """Show the chart alone, in a page that other sites may frame. A draft is not for that."""
    if not moment.edition.is_published:
        raise Http404(_("A draft can’t be embedded."))
    state = state_asked(request).drawn
    try:
        drawing = drawing_of(moment.edition, state, compared(state), HereLinks(moment))
    except UnknownUnitError:
        return not_here(request, moment, Unit, state.root)
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
    headers = {}
    if moment.edition.is_published:
        etag = etag_of(draw.__name__, state.query, *editions)
        headers = {"ETag": etag, "Cross-Origin-Resource-Policy": "cross-origin"}
        if has_it(request, etag):
            return not_modified(headers)
    try:
        drawing = drawing_of(moment.edition, state, before, LastingLinks(moment.edition))
    except UnknownUnitError:
        return not_here(request, moment, Unit, state.root)
    return HttpResponse(draw(drawing), headers=headers, content_type=content_type)


def drawing_of(edition, state, before, links):
    """Return the Drawing of `state` to stand by itself, compared with the edition `before` (or None).

    Raises UnknownUnitError, and BadRequest where it would be too large.
    """
    chart = chart_of(edition, state)
    if chart.is_cut:
        sentence = _(
            "That would be more than %(count)s boxes. Draw fewer levels by “depth”, or one branch by “root”."
        )
        raise BadRequest(sentence % {"count": AT_MOST})
    compare(chart, before)
    return Drawing(chart, links, heading=_heading(edition), caption=_caption(edition))


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
