"""What changed from one edition to another, in public."""

from django.core.exceptions import BadRequest
from django.core.paginator import InvalidPage, Paginator
from django.http import Http404
from django.shortcuts import render
from django.utils.translation import gettext as _

from units import comparisons
from units.diff import CHANGES_ON_A_PAGE, LAYOUTS
from units.resolve import UnknownEditionError, edition_named


def changes(request, before, after):
    """Show the difference of two published editions, as a list or side by side (`?layout=`)."""
    try:
        first, second = edition_named(before), edition_named(after)
    except UnknownEditionError as unknown:
        raise Http404(str(unknown)) from None
    layout = request.GET.get("layout", "list")
    if layout not in LAYOUTS:
        raise BadRequest(_("“layout” is list or side-by-side."))
    [found] = comparisons.differences([(first, second)])
    try:
        page = Paginator(found, CHANGES_ON_A_PAGE).page(request.GET.get("page", 1))
    except InvalidPage:
        raise BadRequest(_("“page” is the number of a page that exists, from 1.")) from None
    context = {"before": first, "after": second, "changes": page, "layout": layout}
    response = render(request, "units/changes.html", context)
    response.headers["Cache-Control"] = "no-cache"
    return response
