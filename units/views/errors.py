"""The pages for what can't be shown: they say why, and where to go on."""

from django.core.exceptions import BadRequest
from django.shortcuts import render
from django.utils.translation import gettext as _

from units.resolve import copied_moment


def bad_request(request, exception):
    """Answer 400, or with the status of the refusal, and with its sentence if it was ours to give."""
    sentence = str(exception) if isinstance(exception, BadRequest) else ""
    status = getattr(exception, "status", 400)
    return _page(request, status, sentence or _("This address or request can’t be understood."))


def forbidden(request, exception):
    """Answer 403 with the sentence that the refusal gave, if it was ours to give."""
    return _page(
        request, 403, str(exception) or _("This account may not do that. Ask whoever gave it its role.")
    )


def csrf_failure(request):
    """Answer 403 to a form that the browser sent without this site's cookie, or with an old one."""
    sentence = _(
        "The form was not sent from a page of this site that is still valid, so nothing was changed. Go "
        "back, load the page again with cookies switched on, and send it once more."
    )
    return _page(request, 403, sentence)


def method_not_allowed(request, allowed):
    """Answer 405 where an address only takes forms, or only shows; `allowed` lists the methods."""
    if "POST" in allowed:
        sentence = _("This address only takes what a form sends; there is nothing to see.")
    else:
        sentence = _("This address only shows something; it takes no form.")
    response = _page(request, 405, sentence)
    response.headers["Allow"] = allowed
    return response


def not_found(request, exception, moment=None):
    """Answer 404; pages raise Http404 with one sentence for the reader, at a Moment or at none."""
    given = exception.args[0] if exception.args else ""
    sentence = given if isinstance(given, str) and given else _("There is no page at this address.")
    return _page(request, 404, sentence, moment or copied_moment())


def busy(request, exception):
    """Answer 503 where so much is being done that what was asked for has to wait."""
    response = _page(request, 503, str(exception))
    response.headers["Retry-After"] = str(exception.again)
    return response


def unavailable(request):
    """Answer 503 without touching the database, where that does not answer."""
    return _unavailable(
        request, _("The database of this directory does not answer at the moment. Please try again soon.")
    )


def read_only(request):
    """Answer 503 to a change, without touching the database, where that can only be read."""
    sentence = _(
        "The database of this directory can only be read at the moment, so nothing was changed. Please try "
        "again soon."
    )
    return _unavailable(request, sentence)


def _unavailable(request, sentence):
    response = _page(request, 503, sentence, title=_("Not available"))
    response.headers["Cache-Control"] = "no-store"
    return response


def server_error(request):
    """Answer 500 without touching the database."""
    return _page(
        request, 500, _("Something went wrong on our side. Nothing was changed; please try again later.")
    )


def _page(request, status, sentence, moment=None, title=""):
    titles = {403: _("Not allowed"), 404: _("Not found"), 405: _("Not in this way"), 500: _("Out of order")}
    titles[503] = _("Busy")
    context = {
        "title": title or titles.get(status, _("That can’t be read")),
        "sentence": sentence,
        "status": status,
        "moment": moment,
    }
    return render(request, "error.html", context, status=status)
