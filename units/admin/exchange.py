"""Documents and tables, sent and fetched: first looked at, and stored only when the editor says so."""

import json
from datetime import date

from django.contrib import messages
from django.core.exceptions import BadRequest, PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import path
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from units import drafts
from units.admin.current import answering, choose, draft_address
from units.diff import diff
from units.documents import DocumentError, canonical, parse, readable
from units.documents.tables import with_table, write_table
from units.limits import LARGEST_DOCUMENT, LARGEST_TABLE, MOST_ROWS, MOST_VALUES, VALUES_OF_A_ROW
from units.models import Edition, PublishedEditionError, Upload
from units.resolve import UnknownEditionError, edition_named

PROBLEMS_SHOWN = 100


class Exchange:
    """The pages of EditionAdmin that take files and give them."""

    def get_urls(self):
        pages = [
            ("check/", self.check_document, "check"),
            ("upload/", self.upload, "upload"),
            ("<int:key>/table/", self.table, "table"),
            ("<int:key>/document/", self.document, "document"),
        ]
        paths = [
            path(where, self.admin_site.admin_view(answering(view)), name=f"units_edition_{name}")
            for where, view, name in pages
        ]
        return [*paths, *super().get_urls()]

    def edition(self, request, key):
        """Return the edition or whole draft `key` for somebody who may see it."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        edition = Edition.objects.filter(pk=key).first()
        if edition is None or edition.is_being_copied:
            raise Http404(_("There is no such edition."))
        return edition

    def document(self, request, key):
        """Give the document of an edition or a draft as a file that people can read and change."""
        edition = self.edition(request, key)
        text = readable(drafts.document_of_edition(edition))
        return attached(text, f"{edition.identifier}.json", "application/json")

    def table(self, request, key):
        """Give the units as a table; with POST take a table and show what it would change in the draft."""
        edition = self.edition(request, key)
        if request.method != "POST":
            text = write_table(drafts.document_of_edition(edition))
            return attached(text, f"{edition.identifier}-units.csv", "text/csv")
        self.refuse_reader(request)
        if edition.is_published:
            raise PublishedEditionError
        before = drafts.document_of_edition(edition)
        try:
            document = with_table(before, sent(request, "table", LARGEST_TABLE, b"\n"))
        except DocumentError as error:
            return self.refused(request, error, edition)
        columns = {"draft": edition.pk, "seen": edition.version, "document": canonical(document)}
        Upload.keep(request.user.pk, **columns)
        return redirect("admin:units_edition_upload")

    @method_decorator(require_POST)
    def check_document(self, request):
        """Take a document and show what is in it, before anything is made of it."""
        self.refuse_reader(request)
        try:
            document = parse(sent(request, "document", LARGEST_DOCUMENT, b'"slug"'))
        except DocumentError as error:
            return self.refused(request, error)
        Upload.keep(request.user.pk, document=canonical(document))
        return redirect("admin:units_edition_upload")

    def refuse_reader(self, request):
        if not request.user.has_perm("units.change_edition"):
            raise PermissionDenied

    def refused(self, request, error, draft=None):
        """Show all that is wrong with what was sent."""
        more = max(0, len(error.problems) - PROBLEMS_SHOWN)
        context = {
            "title": _("Nothing was stored"),
            "sentences": error.sentences(PROBLEMS_SHOWN),
            "more": more,
        }
        response = self.page(request, "refused", draft, **context)
        response.status_code = 422
        return response

    def upload(self, request):
        """Show what was sent beside an edition or the draft; with POST make the draft of it."""
        self.refuse_reader(request)
        upload = Upload.objects.filter(by=request.user.pk).first()
        if upload is None:
            return redirect("admin:units_edition_changelist")
        document = json.loads(bytes(upload.document))
        if request.method == "POST":
            return self.made(request, upload, document)
        draft = Edition.objects.filter(pk=upload.draft).first() if upload.draft else None
        if upload.draft and draft is None:
            upload.delete()
            messages.error(request, _("This draft has been discarded."))
            return redirect("admin:units_edition_changelist")
        against, before = self.base(request, document, draft)
        context = {
            **{"title": _("What you have sent"), "upload": upload, "sent": document, "against": against},
            "others": Edition.objects.published(),
        }
        found = diff(before, document)
        return self.page(request, "upload", draft, **context, **self.of_the_difference(request, found))

    def base(self, request, document, draft):
        """Return what the upload is compared with, an Edition or None, and its document."""
        against = draft or drafts.preceding(date.fromisoformat(document["effective_on"]))
        if name := request.GET.get("against"):
            try:
                against = edition_named(name, drafts=True)
            except UnknownEditionError as unknown:
                raise Http404(str(unknown)) from None
        return against, drafts.document_of_edition(against) if against else {"units": []}

    def made(self, request, upload, document):
        if request.POST.get("upload") != str(upload.pk):
            raise BadRequest(_("You have sent another file meanwhile. Look at that first."))
        if upload.draft:
            draft = Edition.objects.get(pk=upload.draft)
            try:
                drafts.put(draft, document, seen=upload.seen)
            except drafts.ChangedSinceError:
                upload.delete()
                text = _(
                    "The draft has changed since you sent the table. Send it again to see what it changes."
                )
                messages.error(request, text)
                return redirect(draft_address("change", draft))
        else:
            draft = drafts.start_from(document, by=request.user.pk)
        upload.delete()
        choose(request, draft)
        return redirect(draft_address("change", draft))


def sent(request, name, most, row):
    """Return the bytes of the file `name` that was sent.

    Raises BadRequest without one, or where it has more than `most` bytes, MOST_ROWS of `row`s, or
    far more values than so many rows have: each takes a hundred times its size in memory.
    """
    file = request.FILES.get(name)
    if file is None:
        raise BadRequest(_("Choose a file to send."))
    if file.size > most:
        size = most // 1_000_000
        raise BadRequest(_("This file is too large: at most %(size)s MB can be sent.") % {"size": size})
    raw = file.read()
    rows, values = raw.count(row), sum(map(raw.count, b"[{,")) if name == "document" else 0
    if rows > MOST_ROWS or values > MOST_VALUES + VALUES_OF_A_ROW * rows:
        text = _("There is too much in this file: at most %(count)s rows can be sent.")
        raise BadRequest(text % {"count": MOST_ROWS})
    return raw


def attached(text, name, content_type):
    """Return the answer that gives `text` as the file `name`."""
    headers = {"Content-Disposition": f'attachment; filename="ai-office-directory-{name}"'}
    return HttpResponse(text, content_type=f"{content_type}; charset=utf-8", headers=headers)
