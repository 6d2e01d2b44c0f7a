"""What is kept of an answer, and how it is given again: compressed or not, whole or as 304."""

import gzip
import logging
import re
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

LARGEST = 100_000  # bytes as kept: every page of ours, most answers of the API
SMALLEST, LARGEST_TO_PRESS = 200, 3_000_000  # bytes of what is compressed
PRESSED = re.compile(r"text/|image/svg|application/([\w.-]*\+)?(json|xml)")
CONDITIONS = {f"HTTP_IF_{name}" for name in ("MATCH", "NONE_MATCH", "MODIFIED_SINCE", "UNMODIFIED_SINCE")}
BODY = re.compile(rb"<body[^>]*>")
# What a response tells the middleware outside of this one, besides its headers.
SAID = ("_csp_config", "_csp_ro_config", "xframe_options_exempt")
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Answer:
    """What is kept of an answer: the `stamp` that it was made at, and when; its headers and its body, which
    `is_pressed` by gzip or not; what else its response `said`; whether it is data, and no page."""

    stamp: str
    made_at: datetime
    headers: dict
    body: bytes
    is_pressed: bool
    said: dict
    is_data: bool


def found(cache, place):
    """Return the Answer that the cache of this name has at `place`, or None; also where the cache fails."""
    try:
        return caches[cache].get(place)
    except Exception:
        log.warning("The cache of answers can’t be read.", exc_info=True)
        return None


def keep(cache, place, answer):
    """Keep `answer` at `place`, unless it is too large."""
    if len(answer.body) > LARGEST:
        return
    try:
        caches[cache].set(place, answer)
    except Exception:
        log.warning("The cache of answers can’t be written.", exc_info=True)


def answer_of(request, response, stamp):
    """Return `response` to `request`, a whole one with an ETag, as an Answer."""
    body, kind = response.content, response.headers.get("Content-Type", "")
    is_pressed = SMALLEST <= len(body) <= LARGEST_TO_PRESS and PRESSED.match(kind) is not None
    if is_pressed:
        body = gzip.compress(body, 6, mtime=0)
        patch_vary_headers(response, ["Accept-Encoding"])
    headers = {name: value for name, value in response.headers.items() if name != "Content-Length"}
    said = {name: getattr(response, name) for name in SAID if hasattr(response, name)}
    is_data = getattr(request, "is_data", False)
    return Answer(stamp, timezone.now(), headers, body, is_pressed, said, is_data)


def forms_of(etag):
    """Return the ETags of what has the strong `etag`: as it is, and compressed.

    Those are other bytes, so it is another one (RFC 9110, 8.8.3.3).
    """
    return [etag, f'{etag[:-1]}-gzip"']


def given(request, answer, takes_gzip):
    """Return the response to `request` that `answer` is given as: whole, 304, or 412."""
    request.is_data = answer.is_data
    is_pressed = answer.is_pressed and takes_gzip
    forms = forms_of(answer.headers["ETag"])
    # Whoever has it in the other form has it: what is in them is the same.
    had = parse_etags(request.META.get("HTTP_IF_NONE_MATCH", ""))
    etag = next((form for form in forms if form in had), forms[is_pressed])
    response = _response(answer, answer.body if is_pressed else _plain(answer))
    response.headers["ETag"] = etag
    if is_pressed:
        response.headers["Content-Encoding"] = "gzip"
    if not CONDITIONS & request.META.keys():
        return response
    modified = parse_http_date_safe(response.headers.get("Last-Modified", ""))
    return get_conditional_response(request, etag, modified, response)


def given_late(request, answer, good_at):
    """Return the response that `answer` is given as while nothing newer can be made.

    It was right at `good_at`, and says so; nobody is to keep it.
    """
    request.is_data = answer.is_data
    body = _plain(answer)
    if answer.headers.get("Content-Type", "").startswith("text/html"):
        at = timezone.localtime(good_at)
        said = _(
            "The database of this directory does not answer at the moment. This page is as it was at "
            "%(time)s on %(day)s in Brussels, and may have changed since."
        ) % {"time": date_format(at, "H:i"), "day": date_format(at, "j F Y")}
        told = format_html('<p class="outage" role="status">{}</p>', said).encode()
        body = BODY.sub(lambda begin: begin[0] + told, body, count=1)
    response = _response(answer, body)
    age = max(int((timezone.now() - good_at).total_seconds()), 0)
    response.headers["Cache-Control"] = "no-store"
    response.headers["Age"] = str(age)
    response.headers["Cache-Status"] = f'aioffice; hit; ttl=-{age}; detail="the database does not answer"'
    for name in ("ETag", "Last-Modified"):
        del response.headers[name]
    return response


def _plain(answer):
    return gzip.decompress(answer.body) if answer.is_pressed else answer.body


def _response(answer, body):
    response = HttpResponse(body, headers=answer.headers)
    response.headers["Content-Length"] = str(len(body))
    for name, value in answer.said.items():
        setattr(response, name, value)
    return response
