"""A page and its data at one address: by `Accept`, or by a suffix in the place of its last slash.

The data of a page is what the API answers about the same thing, in any of the API's formats.
"""

from django.urls import path, register_converter
from django.utils.cache import patch_vary_headers

from units.accepting import preferred_type
from units.api.renderers import FORMATS, formats_of

PAGE = "text/html"
# All types that any address here gives by `Accept`.
TYPES = [PAGE, *(renderer.media_type for renderer in FORMATS.values())]


class Suffix:
    """The suffixes that addresses of data can have."""

    regex = "|".join(FORMATS)

    def to_python(self, value):
        return value

    to_url = to_python


register_converter(Suffix, "suffix")


def with_data(route, page, data, name, action="list"):
    """Return the routes of the view `page`, called `name`, and of its data, called `name` with `_data`.

    `data` is the API's view class, `action` the method of it that answers. `/units/x/` gives what `Accept`
    prefers, by default the page; `/units/x.json` its data.
    """
    answer = _data(data.as_view({"get": action}))
    types = [PAGE, *(renderer.media_type for renderer in formats_of(data))]
    return [
        path(route, _preferred(page, answer, types), name=name),
        path(f"{route.rstrip('/')}.<suffix:format>", answer, name=f"{name}_data"),
    ]


def _data(answer):
    def view(request, *args, **kwargs):
        request.is_data = True  # so what goes wrong is told as the API tells it, and any site may read it
        return answer(request, *args, **kwargs)

    return view


def _preferred(page, answer, types):
    def view(request, *args, **kwargs):
        wants_page = preferred_type(request, types) in (PAGE, None)
        response = (page if wants_page else answer)(request, *args, **kwargs)
        patch_vary_headers(response, ["Accept"])
        return response

    view.is_negotiated = True
    return view
