"""What is kept of an answer, and how it is given again: compressed or not, whole or as 304."""

import gzip
import logging
import re
import time
from dataclasses import dataclass
from datetime import datetime

from django.core.cache import caches
from django.http import HttpResponse
from django.utils import timezone
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.http import parse_etags, parse_http_date_safe
from django.utils.translation import gettext as _

LARGEST = 64_000  # bytes as kept: every page of ours, most answers of the API
TRY_AGAIN = 1.0  # seconds after which a cache that has failed is asked again
SMALLEST, LARGEST_TO_PRESS = 200, 3_000_000  # bytes of what is compressed
PRESSED = re.compile(r"text/|image/svg|application/([\w.-]*\+)?(json|xml)")
CONDITIONS = {f"HTTP_IF_{name}" for name in ("MATCH", "NONE_MATCH", "MODIFIED_SINCE", "UNMODIFIED_SINCE")}
BODY = re.compile(rb"<body[^>]*>")
log = logging.getLogger(__name__)


@dataclass(slots=True)
class Answer:
    """What is kept of an answer: the `stamp` that it was made at, and when; the `response` with all its
    headers, whose content `is_pressed` by gzip or not; its `etag` when it is not."""

    stamp: str
    made_at: datetime
    response: HttpResponse
    is_pressed: bool
    etag: str


def found(cache, place):
    """Return the Answer that the cache of this name has at `place`, or None; also where the cache fails."""
    return _of_cache(lambda: caches[cache].get(place))


def keep(cache, place, answer):
    """Keep `answer` at `place`, unless it is too large."""
    if len(answer.response.content) <= LARGEST:
        _of_cache(lambda: caches[cache].set(place, answer))


def _of_cache(ask):
    """Return what `ask()` does of a cache; None where that fails, or has failed a moment ago."""
    if time.monotonic() < _failed["until"]:
        return None
    try:
        return ask()
    except Exception as error:  # of whatever cache there is; answers are made anew then
        _failed["until"] = time.monotonic() + TRY_AGAIN
        log.warning("The cache of answers fails: %s", type(error).__name__)
        return None


_failed = {"until": 0.0}


def answer_of(response, stamp):
    """Return `response`, a whole one with a strong ETag, as an Answer."""
    etag, kind = response.headers["ETag"], response.headers.get("Content-Type", "")
    is_pressed = SMALLEST <= len(response.content) <= LARGEST_TO_PRESS and PRESSED.match(kind) is not None
    plain = HttpResponse(response.content, headers=response.headers)  # without what can't be kept
    if is_pressed:
        plain.content = gzip.compress(response.content, 6, mtime=0)
        patch_vary_headers(plain, ["Accept-Encoding"])
        plain.headers["Content-Encoding"], plain.headers["ETag"] = "gzip", forms_of(etag)[True]
    plain.headers["Content-Length"] = str(len(plain.content))
    del plain.headers["X-Request-ID"]  # it was that of one request
    return Answer(stamp, timezone.now(), plain, is_pressed, etag)


def forms_of(etag):
    """Return the ETags of what has the strong `etag`: as it is, and compressed.

    Those are other bytes, so it is another one (RFC 9110, 8.8.3.3).
    """
    return [etag, f'{etag[:-1]}-gzip"']


def named_in(header):
    """Return the ETags that the header If-None-Match names, strong though a proxy may have weakened them."""
    return [etag.removeprefix("W/") for etag in parse_etags(header)]


def given(request, answer, takes_gzip):
    """Return the response to `request` that `answer` is given as, once: whole, 304, or 412."""
    response = answer.response
    had = request.META.get("HTTP_IF_NONE_MATCH")
    if had and (found := set(forms_of(answer.etag)).intersection(named_in(had))):
        # Whoever has it in the other form has it: what is in them is the same. All its headers stay, among
        # them those that let scripts of other sites read it.
        response.status_code, response.content = 304, b""
        for name in ("Content-Encoding", "Content-Length", "Content-Type"):
            del response.headers[name]
        response.headers["ETag"] = found.pop()
        return response
    if answer.is_pressed and not takes_gzip:
        _unpack(answer)
    if not CONDITIONS & request.META.keys():
        return response
    modified = parse_http_date_safe(response.headers.get("Last-Modified", ""))
    conditional = get_conditional_response(request, response.headers["ETag"], modified, response)
    if conditional is not response:
        for name, value in response.headers.items():
            if not name.startswith("Content-") or name == "Content-Security-Policy":
                conditional.headers.setdefault(name, value)
    return conditional


def given_late(answer, good_at):
    """Return the response that `answer` is given as, once, while nothing newer can be made.

    It was right at `good_at`, and says so; nobody is to keep it.
    """
    response = answer.response
    if answer.is_pressed:
        _unpack(answer)
    if response.headers.get("Content-Type", "").startswith("text/html"):
        at = timezone.localtime(good_at)
        said = _(
            "The database of this directory does not answer at the moment. This page is as it was at "
            "%(time)s on %(day)s in Brussels, and may have changed since."
        ) % {"time": date_format(at, "H:i"), "day": date_format(at, "j F Y")}
        told = format_html('<p class="outage" role="status">{}</p>', said).encode()
        response.content = BODY.sub(lambda begin: begin[0] + told, response.content, count=1)
        response.headers["Content-Length"] = str(len(response.content))
    age = max(int((timezone.now() - good_at).total_seconds()), 0)
    response.headers["Cache-Control"] = "no-store"
    response.headers["Age"] = str(age)
    response.headers["Cache-Status"] = f'aioffice; hit; ttl=-{age}; detail="the database does not answer"'
    for name in ("ETag", "Last-Modified"):
        del response.headers[name]
    return response


def _unpack(answer):
    response = answer.response
    response.content = gzip.decompress(response.content)
    response.headers["ETag"], response.headers["Content-Length"] = answer.etag, str(len(response.content))
    del response.headers["Content-Encoding"]
