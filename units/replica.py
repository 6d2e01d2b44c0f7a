"""Readers are answered from a replica of the database, where there is one; everybody else from the primary.

A replica can be behind. So what is held of what was read is held by its source: each of the two has its own
list of editions and its own stamp (keeping/stamp.py), and an answer is made from one of them alone.
"""

import logging
import time

from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.db import connections
from django.http import FileResponse

from units.models import Appointment, History, Person, PostPublicity
from units.resolve import copied_moment
from units.source import PRIMARY, REPLICA, reading, source

TRY_AGAIN = 10.0  # seconds after which a replica that was gone is asked again
NEVER = ("/admin/", "/health/")
# Read from the primary always: a name that was erased a moment ago is shown to nobody.
OF_PEOPLE = (Person, Appointment, PostPublicity, History)
log = logging.getLogger(__name__)
_gone = {"until": None}


class Router:
    """Tells Django which database a query goes to: all that writes to the primary."""

    def db_for_read(self, model, **hints):
        return PRIMARY if issubclass(model, OF_PEOPLE) else source()

    def db_for_write(self, model, **hints):
        return PRIMARY

    def allow_relation(self, one, other, **hints):
        return True

    def allow_migrate(self, name, app_label, **hints):
        return name == PRIMARY


def read_from_replica(get_response):
    """Answer readers from the replica, and while that does not answer from the primary.

    Whoever has signed in, and so may have changed something just now, is answered from the primary.
    """
    if REPLICA not in connections:
        raise MiddlewareNotUsed

    def middleware(request):
        if not may_be_behind(request) or is_gone():
            return get_response(request)
        was_gone = _gone["until"] is not None
        with reading(REPLICA):
            response = get_response(request)
        if _is_outage(request, response):
            response.close()
            connections[REPLICA].close()  # SQLite never takes one for unusable
            request.is_outage = False
            response = get_response(request)
            if not _is_outage(request, response):  # else the primary is gone, which all need
                _lost()
            return response
        if was_gone:
            _answered()
        if response.streaming and not isinstance(response, FileResponse):
            response.streaming_content = _from_replica(response.streaming_content)
        return response

    return middleware


def _is_outage(request, response):
    return getattr(request, "is_outage", False) or getattr(response, "is_outage", False)


def may_be_behind(request):
    """Return whether `request` is that of a reader, for whom a picture of a moment ago is good enough."""
    told = request.META
    is_reader = settings.SESSION_COOKIE_NAME not in told.get("HTTP_COOKIE", "")
    is_public = request.method in ("GET", "HEAD") and not request.path_info.startswith(NEVER)
    return is_reader and is_public and not copied_moment()  # a copy is made of an edition of the primary


def is_gone():
    """Return whether the replica did not answer, and is not to be asked again yet."""
    return _gone["until"] is not None and time.monotonic() < _gone["until"]


def state():
    """Ask the replica whether it answers; return that in words, None where there is no replica."""
    if REPLICA not in connections:
        return None
    try:
        with connections[REPLICA].cursor() as cursor:
            cursor.execute("SELECT 1")
    except Exception:  # of whatever kind: it does not answer
        return "does not answer: readers are answered from the primary"
    return "ok"


def forget():
    """Ask the replica again at the next request (for tests)."""
    _gone["until"] = None


def _lost():
    if _gone["until"] is None:
        log.error("The replica does not answer; readers are answered from the primary.")
    _gone["until"] = time.monotonic() + TRY_AGAIN


def _answered():
    if _gone["until"] is not None:
        log.warning("The replica answers again.")
        _gone["until"] = None


def _from_replica(chunks):
    """Yield `chunks`, which are made while they are sent."""
    chunks = iter(chunks)
    while True:
        with reading(REPLICA):
            chunk = next(chunks, None)
        if chunk is None:
            return
        yield chunk
