"""The formats of the answers, and which of them a request gets. A further one is a class in FORMATS."""

import tempfile
from itertools import chain

from django.http import FileResponse, Http404, StreamingHttpResponse
from django.utils.translation import gettext as _
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.renderers import BaseRenderer, JSONRenderer

from units.accepting import preferred_type
from units.api.problems import Problem
from units.linked_data.graph import graph, with_concepts
from units.linked_data.writing import json_ld, turtle
from units.spreadsheets.lines import csv_of, rows_of
from units.spreadsheets.workbook import write_workbook


class Json(JSONRenderer):
    """JSON without spaces, in UTF-8."""

    label = "JSON"

    def get_indent(self, accepted_media_type, renderer_context):
        """Return None: one form only, so that one ETag is enough."""
        return None


class Graph(BaseRenderer):
    """Linked data: the nodes of the answer, of what stands beside it, and of what both refer to."""

    render_style = "text"

    def render(self, data, accepted_media_type=None, renderer_context=None):
        """Return the bytes of `data`, an answer of a view with a `graph_kind`; none for None."""
        if data is None:
            return b""
        view = renderer_context["view"]
        things = [(view.graph_kind, item) for item in data.get("results", [data])]
        nodes = graph(view.edition, [*things, *view.beside], view.kwargs.get("slug", ""))
        return "".join(self.write(with_concepts(nodes))).encode()


class JsonLd(Graph):
    """JSON-LD, with the context that this site serves."""

    media_type, format, charset, label = "application/ld+json", "jsonld", None, "JSON-LD"
    write = staticmethod(json_ld)


class Turtle(Graph):
    """Turtle."""

    media_type, format, charset, label = "text/turtle", "ttl", "utf-8", "Turtle"
    write = staticmethod(turtle)


class Table(BaseRenderer):
    """A table of the answer's results: all of the list where no `limit` is given, and nobody's name."""

    charset, render_style = None, "binary"
    longest = None  # rows at once, where there is a limit

    def render(self, data, accepted_media_type=None, renderer_context=None):
        """Return nothing: what says only that nothing has changed. A table is made by response()."""
        return b""

    def response(self, table, headers):
        """Return the response with `table`, an api.tables.Table, and `headers`."""
        raise NotImplementedError


class Csv(Table):
    """CSV (RFC 4180), sent a few hundred lines at a time."""

    media_type, format, label = "text/csv", "csv", "CSV"
    content_type = "text/csv; charset=utf-8; header=present"

    def response(self, table, headers):
        parts = csv_of(table.columns, table.items)
        # The first are read now, so that what fails can still be told.
        first = [next(parts), next(parts, b"")]
        return StreamingHttpResponse(chain(first, parts), headers=headers, content_type=self.content_type)


class Xlsx(Table):
    """A workbook: the table, and a sheet that says what it is of. Made in a file, then sent."""

    media_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    format, content_type, label = "xlsx", media_type, "XLSX"
    longest = 20_000

    def response(self, table, headers):
        file = tempfile.TemporaryFile()  # noqa: SIM115 (closed when it has been sent)
        sheets = [(table.title, rows_of(table.columns, table.items))]
        write_workbook(file, sheets, table.about, table.day)
        file.seek(0)
        return FileResponse(file, headers=headers, content_type=self.content_type)


# By their suffix in addresses; the first is what an answer has where nothing else is asked for.
FORMATS = {renderer.format: renderer for renderer in [Json, JsonLd, Turtle, Csv, Xlsx]}


def formats_of(view):
    """Return the renderers of `view`, a class or an instance: some have no linked data, or are no table."""
    lacking = [kind for kind, has in ((Graph, view.graph_kind), (Table, view.has_table)) if not has]
    return [each for each in FORMATS.values() if not issubclass(each, tuple(lacking))]


class Negotiation(BaseContentNegotiation):
    """By suffix, whatever `Accept` says; else by `Accept` with its weights (RFC 9110, 12.5.1)."""

    def select_renderer(self, request, renderers, format_suffix=None):
        """Return (renderer, its media type); raise Http404 for an unknown suffix, NotAcceptable for none."""
        if format_suffix:
            suited = [renderer for renderer in renderers if renderer.format == format_suffix]
            if not suited:
                raise Http404(_("This has no format “.%(suffix)s”.") % {"suffix": format_suffix})
            return suited[0], suited[0].media_type
        accepted = preferred_type(request, [renderer.media_type for renderer in renderers])
        if accepted is None:
            allowed = [renderer.media_type for renderer in renderers]
            text = _("This is there as %(types)s.") % {"types": ", ".join(allowed)}
            raise Problem("not-acceptable", text, allowed=allowed)
        return next((each, accepted) for each in renderers if each.media_type == accepted)
