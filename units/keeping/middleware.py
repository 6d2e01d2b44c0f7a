"""Where a reader's request finds its answer: kept, or made and then kept, or the last good one."""

import functools
import hashlib

from django.conf import settings
from django.http import HttpResponse
from django.urls import Resolver404, resolve
from django.utils.cache import patch_vary_headers
from django.utils.translation import get_language

from units import errors
from units.accepting import preferred
from units.conditional import etag_of_content
from units.keeping import answers
from units.keeping.stamp import DatabaseGoneError, holds_still, last_good_at, stamp
from units.limits import LONGEST_HEADER
from units.models.people import watching_names
from units.negotiation import TYPES
from units.resolve import copied_moment

# What is of one reader or of one moment; /data/ says which files have been made by now.
NEVER = ("/admin/", "/health/", "/.well-known/", "/data/")
# The names of parameters that an answer can depend on; an answer to any other name is not kept.
KNOWN = {
    *("on", "known", "edition", "page", "q", "kind", "owner", "part", "theme", "layout"),
    *("root", "depth", "open", "close", "find", "compare", "zoom", "at"),
    *("fields", "omit", "limit", "offset", "ordering", "since", "shape"),
    *("ancestor", "body", "certainty", "holder", "initiative", "parent", "part_of", "role", "unit"),
}
FOR_ONE = "private, no-cache"


def keep_answers(get_response):
    """Give readers what is kept for the address they ask, or keep what is made for it.

    Nothing is kept that names a person, nor for whoever has signed in, nor anything but whole answers (200).
    """

    def middleware(request):
        place = place_of(request)
        if place is None:
            return for_one(request, get_response(request))
        cache, key, is_exact = place
        try:
            now = stamp()
        except DatabaseGoneError:
            request.is_outage = True
            return last_good(answers.found(cache, key)) or get_response(request)
        etag = etag_of_content(f"{now}{key}".encode())
        if is_exact and (had := had_of(request, etag)):
            return not_modified(request, had)
        kept = answers.found(cache, key)
        if is_exact and kept and kept.stamp == now:
            return answers.given(request, kept, takes_gzip(request))
        had = request.META.get("HTTP_IF_NONE_MATCH")
        if had:  # views know one ETag for both forms of what they answer, whatever a proxy made of it
            request.META["HTTP_IF_NONE_MATCH"] = had.replace('-gzip"', '"').replace('W/"', '"')
        with watching_names() as named:
            response = get_response(request)
        if had:
            request.META["HTTP_IF_NONE_MATCH"] = had
        if getattr(response, "is_outage", False):
            request.is_outage = True
            return last_good(kept) or response
        return finished(request, response, place, now, etag, bool(named))

    return middleware


def refuse_in_an_outage(get_response):
    """Answer 503 where keep_answers(), which stands outside of all that adds headers, has found an outage."""

    def middleware(request):
        is_outage = getattr(request, "is_outage", False)
        return errors.unavailable(request) if is_outage else get_response(request)

    return middleware


def place_of(request):
    """Return (cache, key, whether it is exactly what is asked for) of where the answer to `request` is kept.

    None where it never is. All that an answer depends on besides the stamp is in the key, and no header that
    somebody could make up; an unknown parameter is left out, and then it is not exactly this.
    """
    told = request.META
    if copied_moment():  # what a static copy shows is not for readers here, nor the other way round
        return None
    if not settings.KEEP_ANSWERS or request.method not in ("GET", "HEAD"):
        return None
    if settings.SESSION_COOKIE_NAME in told.get("HTTP_COOKIE", "") or request.path_info.startswith(NEVER):
        return None
    if any(len(value) > LONGEST_HEADER for value in told.values() if type(value) is str):
        return None
    host = told.get("HTTP_HOST") or told["SERVER_NAME"]
    if host != settings.SITE.netloc and host not in settings.ALLOWED_HOSTS:
        return None
    query = told.get("QUERY_STRING", "")
    known = query and "&".join(part for part in query.split("&") if part.partition("=")[0] in KNOWN)
    parts = [request.scheme, host, request.path_info, known, preferences(told.get("HTTP_ACCEPT", "*/*"))]
    key = hashlib.sha256("\n".join([*parts, get_language() or ""]).encode()).hexdigest()[:40]
    # What can be asked for in endless ways pushes nothing else out.
    is_endless = known or request.path_info.endswith("/card.png")  # of each unit
    return "asked" if is_endless else "answers", key, known == query


@functools.lru_cache(maxsize=500)
def preferences(accept):
    """Return in one text what the header `accept` prefers of every choice of types that there can be."""
    choices = (
        tuple(kind for place, kind in enumerate(TYPES) if choice >> place & 1)
        for choice in range(1, 1 << len(TYPES))
    )
    return " ".join(preferred(accept, choice) or "-" for choice in choices)


def takes_gzip(request):
    """Return whether the client of `request` can read what is compressed."""
    return _takes_gzip(request.META.get("HTTP_ACCEPT_ENCODING", ""))


@functools.lru_cache(maxsize=500)
def _takes_gzip(accept):
    weights = {}
    for part in accept.lower().split(","):
        coding, _semicolon, weight = part.replace(" ", "").partition(";q=")
        weights[coding] = weight.strip("0.") != "" or not _semicolon
    return weights.get("gzip", weights.get("x-gzip", weights.get("*", False)))


def had_of(request, etag):
    """Return the form of `etag` that the request says it has, or None."""
    if "HTTP_IF_NONE_MATCH" not in request.META:
        return None
    had = answers.named_in(request.META["HTTP_IF_NONE_MATCH"])
    return next((form for form in answers.forms_of(etag) if form in had), None)


def not_modified(request, etag):
    """Return 304 for a page: nothing is looked up, and nothing made. The client has the other headers."""
    vary = "Accept, Accept-Encoding" if _is_negotiated(request.path_info) else "Accept-Encoding"
    return HttpResponse(status=304, headers={"ETag": etag, "Cache-Control": "no-cache", "Vary": vary})


@functools.lru_cache(maxsize=2_000)
def _is_negotiated(path):
    try:
        return getattr(resolve(path).func, "is_negotiated", False)
    except Resolver404:
        return False


def finished(request, response, place, now, etag, has_names):
    """Return the `response` that was made, as it is sent; keep it where that may be."""
    had = had_of(request, response.headers["ETag"]) if "ETag" in response.headers else None
    if response.status_code == 304:
        response.headers["ETag"] = had or response.headers["ETag"]
        patch_vary_headers(response, ["Accept-Encoding"])
        return response
    is_public = "no-store" not in response.headers.get("Cache-Control", "") and not response.cookies
    if response.status_code != 200 or response.streaming or not is_public:
        return response
    cache, key, is_exact = place
    may_be_kept = is_exact and not has_names and holds_still(now)
    if "ETag" not in response.headers:
        response.headers["ETag"] = etag if may_be_kept else etag_of_content(response.content)
    answer = answers.answer_of(response, now)
    if may_be_kept and request.method == "GET":
        answers.keep(cache, key, answer)
    return answers.given(request, answer, takes_gzip(request))


def last_good(kept):
    """Return the response that `kept` is given as while the database is gone; None where nothing is kept."""
    return kept and answers.given_late(kept, last_good_at(kept.stamp) or kept.made_at)


def for_one(request, response):
    """Return `response`, marked where it was made for somebody who has signed in: no cache may share it."""
    is_plain = response.headers.get("Cache-Control") == "no-cache"
    if is_plain and settings.SESSION_COOKIE_NAME in request.COOKIES:
        response.headers["Cache-Control"] = FOR_ONE
    return response
