"""The formats of the answers, and which of them a request gets. A further one is a class in FORMATS."""

from django.http import Http404
from django.utils.translation import gettext as _
from rest_framework import exceptions
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.renderers import BaseRenderer, JSONRenderer

from units.linked_data.graph import graph, with_concepts
from units.linked_data.writing import json_ld, turtle


class Json(JSONRenderer):
    """JSON without spaces, in UTF-8."""

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

    media_type, format, charset = "application/ld+json", "jsonld", None
    write = staticmethod(json_ld)


class Turtle(Graph):
    """Turtle."""

    media_type, format, charset = "text/turtle", "ttl", "utf-8"
    write = staticmethod(turtle)


# By their suffix in addresses; the first is what an answer has where nothing else is asked for.
FORMATS = {renderer.format: renderer for renderer in [Json, JsonLd, Turtle]}


def formats_of(view):
    """Return the renderers of `view`, a class or an instance: linked data is of things of an edition only."""
    return [each for each in FORMATS.values() if view.graph_kind or not issubclass(each, Graph)]


class Negotiation(BaseContentNegotiation):
    """By suffix, whatever `Accept` says; else by `Accept` with its weights (RFC 9110, 12.5.1)."""

    def select_renderer(self, request, renderers, format_suffix=None):
        """Return (renderer, its media type); raise Http404 for an unknown suffix, NotAcceptable for none."""
        if format_suffix:
            suited = [renderer for renderer in renderers if renderer.format == format_suffix]
            if not suited:
                raise Http404(_("This has no format “.%(suffix)s”.") % {"suffix": format_suffix})
            return suited[0], suited[0].media_type
        accepted = request.get_preferred_type([renderer.media_type for renderer in renderers])
        if accepted is None:
            raise exceptions.NotAcceptable
        return next((each, accepted) for each in renderers if each.media_type == accepted)
