"""Whether whoever asks has the answer already: strong ETags, most of them known before any work is done."""

import functools
import hashlib
import json
from datetime import datetime, time
from pathlib import Path

from django.http import HttpResponse
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.http import parse_etags, quote_etag

from units.version import code_version

UNITS = Path(__file__).resolve().parent
FOR_EVER = "public, max-age=31536000, immutable"


@functools.cache
def code_changed_at():
    """Return when that code last changed, in seconds."""
    return int(max(path.stat().st_mtime for path in UNITS.rglob("*.py")))


def etag_of(*parts):
    """Return the strong ETag of what `parts`, plain data, and this code decide."""
    return etag_of_content(json.dumps([code_version(), *parts]).encode())


def etag_of_content(content):
    """Return the strong ETag of `content`, bytes."""
    return quote_etag(hashlib.sha256(content).hexdigest()[:40])


def last_modified(edition, moment_is_today):
    """Return when an answer of `edition` last changed, in seconds.

    That is when it was published, when the code changed, or when this day began, if it is for today.
    """
    changed = edition.published_at
    if moment_is_today:
        changed = max(changed, timezone.make_aware(datetime.combine(timezone.localdate(), time.min)))
    return max(int(changed.timestamp()), code_changed_at())


def has_it(request, *etags):
    """Return whether the request names one of `etags` as what it has.

    `*` is one of them only where it is certain by now that there is something: else see finished().
    """
    return not {*etags}.isdisjoint(parse_etags(request.headers.get("If-None-Match", "")))


def not_modified(headers):
    """Return the response that says so; it costs nothing to make."""
    return HttpResponse(status=304, headers=headers)


def finished(request, response, etag, modified=None):
    """Return `response`, or 304 or 412 in its stead where the request's conditions say so."""
    return get_conditional_response(request, etag=etag, last_modified=modified, response=response)
