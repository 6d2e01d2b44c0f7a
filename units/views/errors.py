"""The pages for what can't be shown: they say why, and where to go on."""

from django.core.exceptions import BadRequest
from django.shortcuts import render
from django.utils.translation import gettext as _


def bad_request(request, exception):
    """Answer 400 with the sentence that the refusal gave, if it was ours to give."""
    sentence = str(exception) if isinstance(exception, BadRequest) else ""
    return _page(request, 400, sentence or _("This address or request can’t be understood."))


def not_found(request, exception, moment=None):
    """Answer 404; pages raise Http404 with one sentence for the reader, at a Moment or at none."""
    given = exception.args[0] if exception.args else ""
    sentence = given if isinstance(given, str) and given else _("There is no page at this address.")
    return _page(request, 404, sentence, moment)


def server_error(request):
    """Answer 500 without touching the database."""
    return _page(
        request, 500, _("Something went wrong on our side. Nothing was changed; please try again later.")
    )


def _page(request, status, sentence, moment=None):
    titles = {400: _("That can’t be read"), 404: _("Not found"), 500: _("Out of order")}
    context = {"title": titles[status], "sentence": sentence, "status": status, "moment": moment}
    return render(request, "error.html", context, status=status)
