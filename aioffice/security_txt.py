"""Whom to tell of a weakness: `/.well-known/security.txt` (RFC 9116)."""

from datetime import UTC, datetime, time, timedelta

from django.conf import settings
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

GOOD_FOR = timedelta(days=180)


def security_txt(request):
    """Say where to report a weakness, until a day that is always some months away; 404 without a contact."""
    contact = settings.SECURITY_CONTACT
    if not contact:
        raise Http404(_("This site names nobody to tell of a weakness."))
    until = datetime.combine(datetime.now(UTC).date() + GOOD_FOR, time.min)
    lines = [
        f"Contact: {contact if contact.startswith('https:') else f'mailto:{contact}'}",
        f"Expires: {until.isoformat()}Z",
        f"Canonical: {settings.SITE_URL}{reverse('security_txt')}",
        "Preferred-Languages: en",
    ]
    text = "".join(f"{line}\n" for line in lines)
    headers = {"Cache-Control": "no-cache"}
    return HttpResponse(text, content_type="text/plain; charset=utf-8", headers=headers)
