"""What is refused before any page sees it, and who acts."""

from django.core.exceptions import BadRequest
from django.http import Http404, HttpResponse
from django.urls import resolve, reverse
from django.utils.translation import gettext as _

from units import limits
from units.api.problems import is_for_the_api, method_not_allowed
from units.models import Person
from units.models.history import acting
from units.views import errors, health

LONGEST_WHY = 1_000  # characters
# Asked by whoever watches a server, by whatever name and without TLS.
WATCHED = {"/health/live/": health.live, "/health/ready/": health.ready}
READING = ("GET", "HEAD", "OPTIONS")
EDITING = ("GET", "HEAD", "POST", "OPTIONS")
# The addresses that take files, and how many bytes for whoever may change drafts.
FILES = {
    "admin:units_edition_check": limits.LARGEST_DOCUMENT,
    "admin:units_edition_table": limits.LARGEST_TABLE,
}


def answer_whoever_watches(get_response):
    """Answer whether the site runs before anything looks at the host that was asked."""

    def middleware(request):
        answer = WATCHED.get(request.path_info) if request.method in ("GET", "HEAD") else None
        return answer(request) if answer else get_response(request)

    return middleware


def refuse_what_no_page_can_read(get_response):
    """Answer 4xx to addresses and headers that can't be meant."""

    def middleware(request):
        limits.check_address(request)
        limits.check_headers(request)
        return get_response(request)

    return middleware


def refuse_other_methods(get_response):
    """Answer 405 to writing outside the admin, and to what no form sends in it."""

    def middleware(request):
        is_of_the_admin = request.path.startswith(reverse("admin:index"))
        allowed = EDITING if is_of_the_admin else READING
        headers = {"Allow": ", ".join(allowed)}
        if request.method == "OPTIONS":
            return HttpResponse(status=204, headers=headers)
        if request.method not in allowed and is_for_the_api(request):
            return method_not_allowed(headers["Allow"])
        if request.method not in allowed:
            text = (
                _("This address takes GET, HEAD and POST.")
                if is_of_the_admin
                else _("This address can only be read: use GET or HEAD.")
            )
            return HttpResponse(text, status=405, headers=headers, content_type="text/plain; charset=utf-8")
        response = get_response(request)
        if response.status_code == 405 and is_of_the_admin:
            return errors.method_not_allowed(request, response.headers["Allow"])
        return response

    return middleware


def refuse_bodies_too_large(get_response):
    """Answer 411 or 413 to bodies that are larger than what is sent there, before they are read.

    Files are taken from whoever may change drafts, and from nobody else.
    """

    def middleware(request):
        try:
            limits.check_length(request)
        except limits.TooLargeError:
            most = _largest_file(request)
            if not most:
                raise
            limits.check_length(request, most)
        return get_response(request)

    return middleware


def _largest_file(request):
    """Return how many bytes this account may send to this address as a file; 0 where it takes none."""
    try:
        name = resolve(request.path_info).view_name
    except Http404:
        return 0
    return FILES.get(name, 0) if request.user.has_perm("units.change_edition") else 0


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
