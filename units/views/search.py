"""The search page, and how a browser learns of it."""

from django.conf import settings
from django.core.exceptions import BadRequest
from django.shortcuts import render
from django.utils.translation import gettext as _

from units.footnotes import Footnotes
from units.search import KINDS, MODELS, NotThereYetError, search, search_names
from units.views.frame import asked_slice, of_an_edition, part_at

LONGEST = 200
PER_PAGE = 20


@of_an_edition
def results(request, moment):
    asked = request.GET.get("q", "").strip()
    if len(asked) > LONGEST:
        raise BadRequest(_("“q” takes at most %(count)s characters.") % {"count": LONGEST})
    kind = request.GET.get("kind", "")
    if kind not in ("", *KINDS):
        raise BadRequest(_("“kind” takes one of: %(kinds)s.") % {"kinds": ", ".join(KINDS)})
    part = asked_slice(request, PER_PAGE)
    context = {"moment": moment, "asked": asked, "kind": kind}
    if asked:
        try:
            found = search(moment.edition, asked, kind, part, moment.people_on)
        except NotThereYetError:
            found, context["is_early"] = search_names(moment.edition, asked, kind, part), True
        context |= {
            "found": found,
            "part": part_at(part, found.answers, PER_PAGE),
            "kinds": [(each, named(each), count) for each, count in found.counts.items()],
            "footnotes": Footnotes(found.citations),
        }
    response = render(request, "units/search.html", context)
    if "is_early" in context:  # in a minute there is a better answer
        response.headers["Cache-Control"] = "no-store"
    return response


def named(kind):
    """Return what many of a kind are called."""
    return MODELS[kind]._meta.verbose_name_plural


def description(request):
    """Answer with what a browser needs to search here from its own search box: OpenSearch 1.1."""
    kind = "application/opensearchdescription+xml"
    response = render(request, "units/opensearch.xml", {"site": settings.SITE_URL}, content_type=kind)
    response.headers["Cache-Control"] = "no-cache"
    return response
