"""What linked data needs beside itself: the context, the vocabulary, the shapes."""

import functools
import json

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.cache import get_conditional_response, patch_vary_headers

from units.accepting import preferred_type
from units.conditional import etag_of_content
from units.linked_data import terms, vocabulary
from units.views.frame import of_the_site

SHAPES = settings.BASE_DIR / "docs" / "shapes.ttl"
PAGE, TURTLE = "text/html", "text/turtle"


def for_programs(view):
    """Let any site read what `view` answers, and let it be asked for again only where it has changed."""

    @functools.wraps(view)
    def answer(request, *args, **kwargs):
        request.is_data = True
        response = view(request, *args, **kwargs)
        response.headers.setdefault("Cache-Control", "no-cache")
        response.headers["ETag"] = etag_of_content(response.content)
        return get_conditional_response(request, etag=response.headers["ETag"], response=response)

    return answer


@for_programs
def context(request):
    """Answer with the JSON-LD context that all our JSON-LD names."""
    text = json.dumps(terms.context(), indent=1)
    return HttpResponse(text, content_type="application/ld+json")


@for_programs
def vocabulary_data(request):
    return HttpResponse(vocabulary.written(), content_type=f"{TURTLE}; charset=utf-8")


@for_programs
def shapes(request):
    """Answer with the shapes; their addresses are relative, so they are of this site."""
    return HttpResponse(SHAPES.read_bytes(), content_type=f"{TURTLE}; charset=utf-8")


@of_the_site
def vocabulary_page(request, moment):
    return render(request, "units/vocabulary.html", {"moment": moment, "groups": vocabulary.groups()})


def vocabulary_preferred(request):
    """Answer with the vocabulary as the page or as Turtle, whichever `Accept` prefers."""
    wants_page = preferred_type(request, [PAGE, TURTLE]) in (PAGE, None)
    response = (vocabulary_page if wants_page else vocabulary_data)(request)
    patch_vary_headers(response, ["Accept"])
    return response


vocabulary_preferred.is_negotiated = True
