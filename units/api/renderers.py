"""The formats of the answers, and which of them a request gets. A further one is a class in FORMATS."""

from django.http import Http404
from django.utils.translation import gettext as _
from rest_framework import exceptions
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.renderers import JSONRenderer


class Json(JSONRenderer):
    """JSON without spaces, in UTF-8."""

    def get_indent(self, accepted_media_type, renderer_context):
        """Return None: one form only, so that one ETag is enough."""
        return None


# By their suffix in addresses; the first is what an answer has where nothing else is asked for.
FORMATS = {renderer.format: renderer for renderer in [Json]}


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
