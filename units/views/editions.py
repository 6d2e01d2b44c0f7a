"""All editions, their documents, and what is said about the site itself."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.http import quote_etag

from units.conditional import FOR_EVER, has_it, not_modified
from units.models import Edition
from units.resolve import UnknownEditionError, edition_named, published_editions, what_each_followed
from units.views.frame import of_the_site


@of_the_site
def editions(request, moment):
    editions = published_editions()
    followed = what_each_followed(editions)
    rows = [(edition, followed.get(edition.pk)) for edition in editions]
    return render(request, "units/editions.html", {"moment": moment, "rows": rows})


def document(request, name):
    """Answer with the document of a published edition, byte for byte as its hash was taken."""
    request.is_data = True
    try:
        edition = edition_named(name)
    except UnknownEditionError as unknown:
        raise Http404(str(unknown)) from None
    etag = quote_etag(edition.sha256)
    headers = {"ETag": etag, "Cache-Control": FOR_EVER if name == edition.identifier else "no-cache"}
    if has_it(request, etag, "*"):
        return not_modified(headers)
    headers["Content-Disposition"] = f'attachment; filename="ai-office-directory-{edition.identifier}.json"'
    raw = Edition.objects.document_bytes(edition)
    return HttpResponse(raw, headers=headers, content_type="application/json")


@of_the_site
def about(request, moment):
    return render(request, "units/about.html", {"moment": moment})


@of_the_site
def accessibility(request, moment):
    return render(request, "units/accessibility.html", {"moment": moment})


@of_the_site
def privacy(request, moment):
    return render(request, "units/privacy.html", {"moment": moment})
