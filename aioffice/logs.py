"""Logs: a line for each request that was worked on, without anything about who asked.

In production a line is one JSON object. No address of a client, no query string (people search for names), no
account and no cookie is ever in one; of an error there is the kind and the place, its words only where they
can't hold what somebody has typed. What was kept is given without a line: the proxy in front can log that.
"""

import json
import logging
import re
import time
import traceback
import uuid
from contextvars import ContextVar
from datetime import UTC, datetime

from django.db import InterfaceError, OperationalError

from aioffice.proxies import is_trusted

GOOD_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")
LONGEST_PATH = 300  # characters
# Errors whose words are of the machine and of the code.
SPEAKING = (OSError, ImportError, AttributeError, NameError, TypeError, OperationalError, InterfaceError)
_request = ContextVar("request", default="")
log = logging.getLogger("aioffice.requests")


def log_requests(get_response):
    """Log each request: its number, method, path, status and how long it took."""

    def middleware(request):
        number = id_of(request)
        token = _request.set(number)
        begin = time.perf_counter()
        try:
            response = get_response(request)
            told = {
                "method": request.method,
                "path": request.path[:LONGEST_PATH],
                "status": response.status_code,
                "ms": round(1000 * (time.perf_counter() - begin)),
            }
            log.info("%(method)s %(path)s %(status)s %(ms)s ms", told, extra={"told": told})
        finally:
            _request.reset(token)
        response.headers["X-Request-ID"] = number
        return response

    return middleware


def id_of(request):
    """Return the number of `request`: the one that a trusted proxy gave it, or a new one."""
    given = request.META.get("HTTP_X_REQUEST_ID", "")
    if GOOD_ID.fullmatch(given) and is_trusted(request.META.get("REMOTE_ADDR", "")):
        return given
    return uuid.uuid4().hex


class Json(logging.Formatter):
    """One JSON object a line."""

    def format(self, record):
        told = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
            "request": _request.get(),
            **getattr(record, "told", {}),
        }
        if record.exc_info and record.exc_info[1]:
            told["error"] = described(record.exc_info[1])
        return json.dumps({name: value for name, value in told.items() if value != ""}, ensure_ascii=False)


def described(error):
    """Return the kind of `error`, where it was raised, and its words if they can't be anybody's."""
    where = [
        f"{frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(error.__traceback__)
    ]
    told = {"kind": type(error).__name__, "where": where}
    return told | ({"words": str(error)} if isinstance(error, SPEAKING) else {})


def config(is_json):
    """Return the settings of Python's logging: JSON on a server, sentences on one's own machine."""
    formatter = {"()": "aioffice.logs.Json"} if is_json else {"format": "%(levelname)s %(name)s: %(message)s"}
    console = {"class": "logging.StreamHandler", "stream": "ext://sys.stdout", "formatter": "line"}
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"line": formatter},
        "handlers": {"console": console},
        "root": {"handlers": ["console"], "level": "INFO" if is_json else "WARNING"},
        "loggers": {
            "django": {"handlers": [], "level": "INFO", "propagate": True},
            # What was refused has its line as a request; what failed is told here too.
            "django.request": {"level": "ERROR"},
            "django.security": {"level": "ERROR"},
            "axes": {"level": "CRITICAL"},  # it would name accounts and addresses; the database has them
            "_granian": {"handlers": ["console"], "propagate": False},
            "granian.access": {"handlers": []},
        },
    }
