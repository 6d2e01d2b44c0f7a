"""What changed from one edition to another, in public."""

from django.http import Http404
from django.shortcuts import render

from units.diff import diff
from units.drafts import document_of_edition
from units.resolve import UnknownEditionError, edition_named

CHANGES_SHOWN = 500


def changes(request, before, after):
    """Show the difference of two published editions as a list, before and after side by side."""
    try:
        first, second = edition_named(before), edition_named(after)
    except UnknownEditionError as unknown:
        raise Http404(str(unknown)) from None
    found = diff(document_of_edition(first), document_of_edition(second))
    context = {
        "before": first,
        "after": second,
        "changes": found[:CHANGES_SHOWN],
        "changes_total": len(found),
    }
    response = render(request, "units/changes.html", context)
    response.headers["Cache-Control"] = "no-cache"
    return response
