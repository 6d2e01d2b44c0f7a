"""The search page."""

from django.core.exceptions import BadRequest
from django.shortcuts import render
from django.utils.translation import gettext as _

from units.search import search
from units.views.frame import footnotes_of, of_an_edition

LONGEST = 200


@of_an_edition
def results(request, moment):
    asked = request.GET.get("q", "").strip()
    if len(asked) > LONGEST:
        raise BadRequest(_("“q” takes at most %(count)s characters.") % {"count": LONGEST})
    groups = search(moment.edition, asked.split()) if asked else []
    context = {
        "moment": moment,
        "asked": asked,
        "groups": groups,
        "footnotes": footnotes_of(*(group.rows for group in groups)),
    }
    return render(request, "units/search.html", context)
