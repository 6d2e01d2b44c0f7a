"""What is refused before any page sees it."""

from django.core.exceptions import BadRequest
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from units.api.problems import is_for_the_api, method_not_allowed
from units.models import Person
from units.models.history import acting

LONGEST_WHY = 1_000  # characters
LONGEST_PATH = 1_000  # characters; our longest address has under 300
LONGEST_QUERY = 4_000
READING = ("GET", "HEAD", "OPTIONS")


def refuse_what_no_page_can_read(get_response):
    """Answer 400 to addresses that can't be meant, and 405 to writing outside the admin."""

    def middleware(request):
        query = request.META.get("QUERY_STRING", "")
        if len(request.path) > LONGEST_PATH or len(query) > LONGEST_QUERY:
            raise BadRequest(_("This address is too long."))
        if "\x00" in request.path or "%00" in query or "\x00" in query:
            raise BadRequest(_("This address holds a character (NUL) that no address can have."))
        if not request.path.startswith(reverse("admin:index")):
            if request.method == "OPTIONS":
                return HttpResponse(status=204, headers={"Allow": ", ".join(READING)})
            if request.method not in READING and is_for_the_api(request):
                return method_not_allowed(", ".join(READING))
            if request.method not in READING:
                text = _("This address can only be read: use GET or HEAD.")
                headers = {"Allow": ", ".join(READING)}
                return HttpResponse(
                    text, status=405, headers=headers, content_type="text/plain; charset=utf-8"
                )
        return get_response(request)

    return middleware


def tell_who_acts(get_response):
    """Let the history know who is signed in, and the reason given in the field `why` of any form.

    The history is kept for ever, so a reason that names somebody who is recorded here is refused.
    """

    def middleware(request):
        if request.method != "POST":
            return get_response(request)
        why = " ".join(request.POST.get("why", "").replace("\x00", " ").split())[:LONGEST_WHY]
        if why and request.user.has_perm("units.change_edition") and Person.objects.named_in(why):
            raise BadRequest(_("The history is kept for ever: give the reason without anybody’s name."))
        with acting(ask=lambda: (request.user.pk, why)):
            return get_response(request)

    return middleware
