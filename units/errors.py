"""What can't be answered: said in JSON to programs, on a page to everybody else."""

import sqlite3
import sys

from django.conf import settings
from django.core import exceptions
from django.db import DatabaseError, InterfaceError, OperationalError, connection
from django.http.multipartparser import MultiPartParserError
from django.utils.translation import gettext as _

from units import limits
from units.accepting import preferred_type
from units.api import problems
from units.api.renderers import FORMATS
from units.source import REPLICA, source
from units.views import errors

AGAIN = "10"  # seconds after which to ask again
DATA = tuple(f".{suffix}" for suffix in FORMATS)
READ_ONLY = "25006"  # the SQLSTATE of a write where PostgreSQL only reads: a replica, say


def bad_request(request, exception):
    """Answer 400, or as the refusal says; what Django refused, in a sentence of ours."""
    if isinstance(exception, exceptions.TooManyFieldsSent):
        text = _("This form has more than %(count)s fields.")
        text %= {"count": settings.DATA_UPLOAD_MAX_NUMBER_FIELDS}
        exception = limits.TooLargeError(413, text)
    elif isinstance(exception, exceptions.TooManyFilesSent):
        exception = limits.TooLargeError(413, _("More files were sent than this form takes."))
    elif isinstance(exception, exceptions.RequestDataTooBig):
        exception = limits.TooLargeError(413, _("There is more text in this form than can be sent at once."))
    elif isinstance(exception, exceptions.DisallowedHost):
        exception = exceptions.BadRequest(_("This site is not reached by the host of this address."))
    elif isinstance(exception, MultiPartParserError):
        exception = exceptions.BadRequest(_("What was sent with this form can’t be read."))
    return (problems if problems.is_for_the_api(request) else errors).bad_request(request, exception)


def forbidden(request, exception):
    """Answer 403."""
    return errors.forbidden(request, exception)


def csrf_failure(request, reason=""):
    """Answer 403 to a form that was not sent from a page of this site, or from one that is too old."""
    return errors.csrf_failure(request)


def not_found(request, exception):
    """Answer 404."""
    return (problems if problems.is_for_the_api(request) else errors).not_found(request, exception)


def busy(request, exception):
    """Answer 503, and say when to ask again: to a program in JSON, to whoever follows a link on a page."""
    kind = preferred_type(request, ["application/problem+json", "text/html"])
    return (errors if kind == "text/html" else problems).busy(request, exception)


def server_error(request):
    """Answer 500, or 503 where it was the database that failed."""
    error = sys.exception()
    if is_read_only(error):
        if not connection.in_atomic_block:
            connection.close()  # a new one may write again, or reach a server that may
        return unavailable(request, errors.read_only)
    # SQLite has no kind of its own for a file that is damaged.
    if isinstance(error, OperationalError | InterfaceError) or type(error) is DatabaseError:
        return unavailable(request)
    if source() == REPLICA and isinstance(error, DatabaseError):  # it may lack what was just migrated
        return unavailable(request)
    return (problems if problems.is_for_the_api(request) else errors).server_error(request)


def is_read_only(error):
    """Return whether `error` is that of a write to a database that can only be read."""
    cause = error.__cause__ if isinstance(error, DatabaseError) else None
    if isinstance(cause, sqlite3.Error):
        return getattr(cause, "sqlite_errorcode", 0) & 0xFF == sqlite3.SQLITE_READONLY
    return getattr(cause, "sqlstate", None) == READ_ONLY


def unavailable(request, page=errors.unavailable):
    """Answer 503 without touching the database: it does not answer, or not soon enough; `page` says which."""
    wants_data = problems.is_for_the_api(request) or request.path.endswith(DATA)
    response = (problems.unavailable if wants_data else page)(request)
    response.headers["Retry-After"] = AGAIN
    response.is_outage = True
    return response
