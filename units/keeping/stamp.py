"""What every answer depends on besides its address, as one short text; read at most once a second.

It changes with each publication, with whatever is recorded of people and synonyms, at midnight in Brussels,
and with the code. So no process gives an answer for longer than a second after that has changed.
"""

import hashlib
import logging
import threading
import time
from collections import defaultdict

from django.conf import settings
from django.db import DatabaseError, InterfaceError, connections
from django.utils import timezone

from units.models import History
from units.resolve import HELD_SECONDS, forget_editions, published_editions
from units.search.meaning import forget_synonyms, synonyms_version
from units.source import PRIMARY, source
from units.version import code_version

TRY_AGAIN = 1.0  # seconds after which a database that was gone is asked again
LOST = (DatabaseError, InterfaceError)


log = logging.getLogger(__name__)


class DatabaseGoneError(Exception):
    """The database does not answer."""


class _Held:
    def __init__(self):
        self.stamp, self.day, self.since, self.good_at = "", None, -HELD_SECONDS, None
        self.is_gone, self.try_again, self.asking = False, 0.0, threading.Lock()


_all_held = defaultdict(_Held)  # by the source that was read: one can be behind the other


def stamp():
    """Return the stamp of now. Raises DatabaseGoneError, at once where it was gone a moment ago."""
    now, held = time.monotonic(), held_here()
    if not held.is_gone:
        return held.stamp if now - held.since < HELD_SECONDS else _read(held)
    # While it is gone one request at a time asks it, and no other waits for the answer.
    if now < held.try_again or not held.asking.acquire(blocking=False):
        raise DatabaseGoneError
    try:
        return _read(held)
    finally:
        held.asking.release()


def held_here():
    """Return what is held of the source that is read here."""
    return _all_held[source()]


def _read(held):
    since, day = time.monotonic(), timezone.localdate()
    try:
        # What answers are made with is read now or later, so that none is older than its stamp says.
        forget_editions()
        forget_synonyms()
        editions = [[each.identifier, each.sha256, str(each.published_at)] for each in published_editions()]
        parts = [editions, History.objects.of_people(), synonyms_version()]
    except LOST:
        if not held.is_gone and source() == PRIMARY:  # of a replica the middleware tells that asks it
            log.error("The database does not answer; readers get the last good pages.", exc_info=True)
        for name in {PRIMARY, source()}:
            if not connections[name].in_atomic_block:
                connections[name].close()  # SQLite never takes one for unusable
        held.is_gone, held.try_again = True, time.monotonic() + TRY_AGAIN
        raise DatabaseGoneError from None
    if held.is_gone and source() == PRIMARY:
        log.warning("The database answers again.")
    told = repr([code_version(), settings.REPORT_ERRORS_TO, settings.API_RATE, day, parts])
    held.stamp, held.day, held.since = hashlib.sha256(told.encode()).hexdigest()[:32], day, since
    held.good_at, held.is_gone = timezone.now(), False
    return held.stamp


def holds_still(known):
    """Return whether an answer that was begun at the stamp `known` may be kept under it.

    Not where the day that it was made on is another one by now, because the clock went on or was set.
    """
    held = held_here()
    return known == held.stamp and timezone.localdate() == held.day


def last_good_at(known):
    """Return when the stamp `known` was last the right one, as far as this process has seen; else None."""
    held = held_here()
    return held.good_at if known == held.stamp else None


def forget():
    """Read everything anew at the next request (for tests)."""
    _all_held.clear()
