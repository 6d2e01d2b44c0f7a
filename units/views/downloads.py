"""Whole editions in every format, and the page that offers them."""

import re

from django.conf import settings
from django.http import FileResponse, Http404
from django.shortcuts import render
from django.urls import register_converter, reverse
from django.utils import timezone
from django.utils.http import quote_etag

from units import downloads, errors
from units.conditional import has_it, not_modified
from units.exports import BusyError
from units.models import Edition
from units.resolve import UnknownEditionError, edition_named, in_force, published_editions
from units.version import code_version
from units.views.frame import asked_slice, of_the_site, part_at

PER_PAGE = 20


@of_the_site
def data(request, moment):
    """Show every format of every edition, that in force first, with what is known of its file."""
    is_copy = bool(moment and moment.is_copy)  # of one edition only
    now = moment.edition if is_copy else in_force(published_editions(), timezone.localdate())
    asked = asked_slice(request, PER_PAGE)
    rows = [] if is_copy else list(Edition.objects.published().with_size()[asked])
    part = part_at(asked, rows, PER_PAGE)
    current = Edition.objects.with_size().get(pk=now.pk) if now and part.number == 1 else None
    context = {
        "moment": moment,
        "part": part,
        "site": settings.SITE_URL,
        "current": current,
        "current_files": current and _files(current),
        "editions": [(edition, _files(edition)) for edition in part.rows],
    }
    return render(request, "units/data.html", context)


def _files(edition):
    """Return (Format, address, Export or None) for each format of `edition`."""
    edition.is_made_on_request = downloads.is_made_on_request(edition)
    return [
        (form, _address(edition, suffix), downloads.made(edition, suffix))
        for suffix, form in downloads.FORMATS.items()
    ]


def _address(edition, suffix):
    if suffix == "json":
        return reverse("document", args=[edition.identifier])
    return reverse("document_file", args=[edition.identifier, suffix])


class Suffix:
    """The suffixes of whole editions, but for the document itself."""

    regex = "|".join(re.escape(suffix) for suffix in downloads.FORMATS if suffix != "json")

    def to_python(self, value):
        return value

    to_url = to_python


register_converter(Suffix, "whole")


def document(request, name, suffix):
    """Answer with all of a published edition in the format `suffix`: made once, and kept."""
    request.is_data = True
    try:
        edition = edition_named(name)
    except UnknownEditionError as unknown:
        raise Http404(str(unknown)) from None
    form = downloads.FORMATS[suffix]
    known = [edition.identifier, edition.sha256[:16], code_version()[:16], form.file_name(edition)]
    etag = quote_etag("-".join(known))
    # Another version of this site may write it otherwise.
    headers = {"ETag": etag, "Cache-Control": "no-cache"}
    if has_it(request, etag, "*"):
        return not_modified(headers)
    try:
        file = downloads.file_of(edition, suffix)
    except BusyError as busy:
        return errors.busy(request, busy)
    return FileResponse(
        file.path.open("rb"),
        as_attachment=True,
        filename=f"ai-office-directory-{edition.identifier}.{suffix}",
        headers=headers,
        content_type=form.media_type,
    )
