"""What the API refuses, as RFC 9457 has it: `application/problem+json`."""

import json

from django.conf import settings
from django.core.exceptions import BadRequest
from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework import exceptions

ROOT = "/api/"
ALLOWED_AT_MOST = 50  # where more values are good, the first of them are listed
# The kinds of problems: what each is called, and what to do about it. The reference page explains them.
KINDS = {
    "unknown-parameter": (
        400,
        gettext_lazy("Unknown parameter"),
        gettext_lazy("This address doesn’t know the parameter; “allowed” lists those that it knows."),
    ),
    "bad-parameter": (
        400,
        gettext_lazy("Bad value"),
        gettext_lazy("The parameter doesn’t take that value; “detail” or “allowed” tell what it takes."),
    ),
    "bad-request": (
        400,
        gettext_lazy("Bad request"),
        gettext_lazy("The address, a header or a body is too long, or holds what it can’t have."),
    ),
    "not-found": (
        404,
        gettext_lazy("Not found"),
        gettext_lazy(
            "What the address or a parameter names isn’t in this edition, or no chart was in force on that "
            "day. “in_editions” lists the editions that have it, “followed_by” the units that came after it."
        ),
    ),
    "method-not-allowed": (
        405,
        gettext_lazy("Method not allowed"),
        gettext_lazy("The API is for reading: use GET, HEAD or OPTIONS."),
    ),
    "not-acceptable": (
        406,
        gettext_lazy("Not acceptable"),
        gettext_lazy("It isn’t there in such a format: “allowed” lists those it has. Or leave Accept out."),
    ),
    "too-many-requests": (
        429,
        gettext_lazy("Too many requests"),
        gettext_lazy("Wait for as many seconds as “Retry-After” says."),
    ),
    "busy": (
        503,
        gettext_lazy("Busy"),
        gettext_lazy(
            "It is still being made, or others wait for theirs. Ask again after as many seconds as "
            "“Retry-After” says."
        ),
    ),
    "unavailable": (
        503,
        gettext_lazy("Not available"),
        gettext_lazy("The database doesn’t answer. Ask again after as many seconds as “Retry-After” says."),
    ),
    "server-error": (
        500,
        gettext_lazy("Out of order"),
        gettext_lazy("Something went wrong on our side. Please try again later."),
    ),
}
KIND_OF_STATUS = {
    404: "not-found",
    405: "method-not-allowed",
    406: "not-acceptable",
    429: "too-many-requests",
}


class Problem(exceptions.APIException):
    """A refusal of ours: its `kind` (a key of KINDS), a sentence, and further members of the answer.

    With `headers` among these, it has them too.
    """

    def __init__(self, kind, detail, **members):
        self.kind, self.members = kind, members
        self.status_code = KINDS[kind][0]
        super().__init__(detail)


def bad_parameter(name, detail, allowed=None):
    """Return the Problem that the parameter `name` has a bad value; `allowed` lists the good ones."""
    return Problem("bad-parameter", detail, parameter=name, **({"allowed": allowed} if allowed else {}))


def names_nothing(name, detail, allowed):
    """Return the Problem that what the parameter `name` names isn't there; `allowed` lists some that are.

    It is not a bad value, which the OpenAPI document could tell beforehand, so not a 400.
    """
    return Problem("not-found", detail, parameter=name, allowed=allowed)


def is_for_the_api(request):
    """Return whether `request` asks the API, or a page for its data, so that it is to be answered in JSON."""
    return request.path.startswith(ROOT) or getattr(request, "is_data", False)


def answer(kind, detail="", headers=None, status=None, **members):
    """Return the response that tells of a problem of `kind`, with its usual status or a closer one."""
    usual, title, advice = KINDS[kind]
    status = status or usual
    told = {
        "type": f"{settings.SITE_URL}{ROOT}v1/docs/#{kind}",
        "title": str(title),
        "status": status,
        "detail": str(detail or advice),
    }
    text = json.dumps(told | members, ensure_ascii=False, separators=(",", ":"))
    headers = {"Cache-Control": "no-store", **(headers or {})}
    return HttpResponse(text, status=status, headers=headers, content_type="application/problem+json")


def answer_to(error, context):
    """Return the response to the exception `error`, or None where it is a fault of ours (DRF's hook)."""
    if isinstance(error, Problem):
        return answer(error.kind, error.detail, **error.members)
    if isinstance(error, Http404 | BadRequest):
        sentence = error.args[0] if error.args and isinstance(error.args[0], str) else ""
        return answer("not-found" if isinstance(error, Http404) else "bad-request", sentence)
    if isinstance(error, exceptions.APIException):
        wait = getattr(error, "wait", None)
        headers = {"Retry-After": str(int(wait) + 1)} if wait else {}
        return answer(KIND_OF_STATUS.get(error.status_code, "bad-request"), headers=headers)
    return None


def bad_request(request, exception):
    """Answer 400 for what was refused before any view saw it."""
    return answer(
        "bad-request",
        exception if isinstance(exception, BadRequest) else "",
        status=getattr(exception, "status", 400),
    )


def not_found(request, exception):
    """Answer 404 in the sentence of the Http404 `exception`, or for an address that leads nowhere."""
    given = exception.args[0] if exception.args else ""
    nowhere = _("There is nothing at this address; %(root)s lists what there is.")
    nowhere %= {"root": f"{settings.SITE_URL}{ROOT}v1/"}
    return answer("not-found", given if isinstance(given, str) and given else nowhere)


def busy(request, exception):
    """Answer 503 where what was asked for has to wait; the BusyError `exception` says how long."""
    return answer("busy", exception, headers={"Retry-After": str(exception.again)})


def server_error(request):
    """Answer 500 without touching the database."""
    return answer("server-error")


def unavailable(request):
    """Answer 503 without touching the database."""
    return answer("unavailable")


def method_not_allowed(allowed):
    """Answer 405, naming the methods that are `allowed`."""
    return answer("method-not-allowed", headers={"Allow": allowed})
