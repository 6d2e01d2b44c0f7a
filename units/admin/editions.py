"""Editions in the admin: one page for each draft, and the ways from start to publication."""

import time

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import BadRequest, PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from units import drafts, trees
from units.admin.current import choose, current_draft, draft_address, edition_in_force, say_published
from units.admin.forms import DetailsForm
from units.diff import CHANGES_ON_A_PAGE, LAYOUTS
from units.documents import DocumentError, parse
from units.documents.copying import copy_some
from units.models import (
    Body,
    Edition,
    Initiative,
    Milestone,
    Passage,
    Post,
    PublishedEditionError,
    Source,
    Statement,
    Unit,
)
from units.resolve import UnknownEditionError, edition_named

COPY_SECONDS = 2.0  # how long one request goes on copying, in steps that let others write in between
LARGEST_UPLOAD = 200 * 1024 * 1024  # bytes; an edition of 100,000 units has some 60 MB
KINDS = [Unit, Post, Statement, Body, Initiative, Milestone, Source, Passage]


class PublishForm(forms.Form):
    effective_on = forms.DateField(
        label=gettext_lazy("Takes effect on"),
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        help_text=gettext_lazy(
            "The date of an existing edition makes a correction of it; any other date a new one."
        ),
    )
    title = forms.CharField(
        label=gettext_lazy("Title"),
        max_length=300,
        widget=forms.TextInput(attrs={"class": "vLargeTextField"}),
    )
    note = forms.CharField(
        label=gettext_lazy("Note"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("What readers should know about this edition as a whole."),
    )


@admin.register(Edition)
class EditionAdmin(admin.ModelAdmin):
    list_display = ["identifier", "title", "announced_on", "published_at"]
    actions = None
    change_list_template = "admin/units/edition/change_list.html"

    def has_add_permission(self, request):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def get_urls(self):
        pages = ["use", "copy", "details", "changes", "publish", "rebase", "discard"]
        paths = [
            path(
                f"<int:key>/{name}/",
                self.admin_site.admin_view(getattr(self, name)),
                name=f"units_edition_{name}",
            )
            for name in pages
        ]
        start = path("start/", self.admin_site.admin_view(self.start), name="units_edition_start")
        return [start, *paths, *super().get_urls()]

    def page(self, request, template, draft, **context):
        context |= self.admin_site.each_context(request) | {
            **{"draft": draft, "edition": draft, "opts": self.opts, "in_force": edition_in_force()},
            "may_publish": request.user.has_perm("units.publish_edition"),
            "may_change": request.user.has_perm("units.change_edition"),
        }
        return render(request, f"admin/units/edition/{template}.html", context)

    def changelist_view(self, request, extra_context=None):
        context = {
            "in_force": edition_in_force(),
            "draft": current_draft(request),
            "may_start": request.user.has_perm("units.change_edition"),
        }
        return super().changelist_view(request, context | (extra_context or {}))

    def change_view(self, request, object_id, form_url="", extra_context=None):
        """Show the one page of a draft, or of a published edition."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        edition = Edition.objects.filter(pk=object_id).first() if object_id.isdecimal() else None
        if edition is None:
            raise Http404(_("There is no such edition."))
        if request.method == "POST" and edition.is_published:
            return self.conflict(request, PublishedEditionError())
        before = drafts.preceding(edition.effective_on)
        counts = [(model._meta, model._base_manager.filter(edition=edition).count()) for model in KINDS]
        context = {
            "title": _("Draft %(key)s") % {"key": edition.pk} if not edition.is_published else str(edition),
            "counts": counts,
            "details": DetailsForm(instance=edition),
            "others": Edition.objects.published().exclude(pk=edition.pk),
            "late": None if edition.is_published or before == edition.base else before,
            "is_current": edition == current_draft(request),
        }
        return self.page(request, "edition", edition, **context)

    def conflict(self, request, refused):
        context = {"title": _("This is published"), "sentence": str(refused), "status": 409}
        return render(request, "error.html", context, status=409)

    def draft(self, request, key):
        """Return the draft `key` for somebody who may change drafts."""
        if not request.user.has_perm("units.change_edition"):
            raise PermissionDenied
        draft = Edition.objects.filter(pk=key).first()
        if draft is None:
            raise Http404(_("There is no such draft; perhaps it has been discarded."))
        return draft

    @method_decorator(require_POST)
    def start(self, request):
        """Start a draft from an edition, from a document that is sent, or with the root alone."""
        if not request.user.has_perm("units.change_edition"):
            raise PermissionDenied
        try:
            draft = self.started(request)
        except UnknownEditionError as unknown:
            raise BadRequest(str(unknown)) from None
        except DocumentError as error:
            for problem in error.problems[:100]:
                messages.error(request, str(problem))
            messages.error(
                request,
                _("The document was not loaded: %(count)s problems.") % {"count": len(error.problems)},
            )
            return redirect("admin:units_edition_changelist")
        choose(request, draft)
        return redirect(draft_address("copy" if draft.is_being_copied else "change", draft))

    def started(self, request):
        if file := request.FILES.get("document"):
            if file.size > LARGEST_UPLOAD:
                raise BadRequest(_("This file is too large for a document."))
            return drafts.start_from(parse(file.read()), by=request.user.pk)
        content = edition_named(request.POST.get("from", ""))
        if "empty" in request.POST:
            return drafts.start_empty(content, by=request.user.pk)
        return self.copied_further(drafts.begin(content, by=request.user.pk))

    def copied_further(self, draft):
        """Copy for COPY_SECONDS or until all is there; return the draft as it is then."""
        end = time.monotonic() + COPY_SECONDS
        while draft.is_being_copied and time.monotonic() < end:
            draft = copy_some(draft)
        return draft

    def copy(self, request, key):
        """Copy some more of a large edition; the page sends itself again until all is there."""
        draft = self.draft(request, key)
        if request.method == "POST":
            draft = self.copied_further(draft)
        if not draft.is_being_copied:
            return redirect(draft_address("change", draft))
        return self.page(request, "copy", draft, title=_("Copying"))

    @method_decorator(require_POST)
    def use(self, request, key):
        draft = self.draft(request, key)
        if not draft.is_published:
            choose(request, draft)
        return redirect(draft_address("change", draft))

    @method_decorator(require_POST)
    def details(self, request, key):
        draft = self.draft(request, key)
        try:
            with trees.editing(draft) as locked:
                form = DetailsForm(request.POST, instance=locked)
                if form.is_valid():
                    form.save()
                    messages.success(request, _("Saved to the draft; it is not public yet."))
                for errors in form.errors.values():
                    messages.error(request, " ".join(errors))
        except PublishedEditionError as refused:
            return self.conflict(request, refused)
        return redirect(draft_address("change", draft))

    def changes(self, request, key):
        """Show what is different in a draft, against what it follows or any edition (`?against=`)."""
        draft = self.draft(request, key)
        against = draft.base
        if name := request.GET.get("against"):
            try:
                against = edition_named(name)
            except UnknownEditionError as unknown:
                raise Http404(str(unknown)) from None
        found = drafts.changes(draft, against)
        context = {"title": _("What changes"), "against": against, "others": Edition.objects.published()}
        return self.page(request, "changes", draft, **context, **self.of_the_difference(request, found))

    def of_the_difference(self, request, found):
        """Return what a template needs to show the Changes `found`, as the address asks for them."""
        layout = request.GET.get("layout")
        return {
            "changes": Paginator(found, CHANGES_ON_A_PAGE).get_page(request.GET.get("page")),
            "layout": layout if layout in LAYOUTS else LAYOUTS[0],
        }

    def publish(self, request, key):
        """Show all that a publication would change, ask once, publish."""
        draft = self.draft(request, key)
        if not request.user.has_perm("units.publish_edition"):
            raise PermissionDenied
        if draft.is_published:
            return self.conflict(request, PublishedEditionError())
        initial = {"effective_on": draft.effective_on, "title": draft.title, "note": draft.note}
        # The date can be tried with GET; with POST it is meant.
        sent = request.POST or (request.GET if "effective_on" in request.GET else None)
        form = PublishForm(sent, initial=initial)
        day = form.cleaned_data["effective_on"] if form.is_bound and form.is_valid() else draft.effective_on
        before = drafts.preceding(day)
        found = drafts.changes(draft, before)
        if request.method == "POST" and form.is_valid():
            if request.POST.get("version") == str(draft.version):
                return self.published(request, draft, form)
            messages.error(
                request, _("The draft has changed since you looked at it. Look again at what changes.")
            )
        context = {"title": _("Publish"), "form": form, "before": before, "day": day}
        context |= {"late": None if before == draft.base else before}
        return self.page(request, "publish", draft, **context, **self.of_the_difference(request, found))

    def published(self, request, draft, form):
        values = form.cleaned_data
        try:
            edition = drafts.publish_on(
                draft, values["effective_on"], title=values["title"], note=values["note"], by=request.user.pk
            )
        except PublishedEditionError as refused:
            return self.conflict(request, refused)
        except (DocumentError, drafts.NotCurrentError, trees.TreeError) as refused:
            messages.error(request, str(refused))
            return redirect(draft_address("change", draft))
        say_published(request, edition)
        return redirect(draft_address("change", edition))

    def rebase(self, request, key):
        """Bring a draft up to date with the edition published since; ask about what both changed."""
        draft = self.draft(request, key)
        try:
            onto = edition_named(request.POST.get("onto") or request.GET.get("onto", ""))
        except UnknownEditionError as unknown:
            raise Http404(str(unknown)) from None
        if draft.is_published:
            return self.conflict(request, PublishedEditionError())
        conflicts = []
        if request.method == "POST":
            choices = {name: value for name, value in request.POST.items() if value in ("ours", "theirs")}
            try:
                conflicts = drafts.rebase(draft, onto, choices)
            except DocumentError as error:
                for problem in error.problems[:20]:
                    messages.error(request, str(problem))
                return redirect(draft_address("change", draft))
            if all(conflict.key in choices for conflict in conflicts):
                messages.success(
                    request, _("The draft is up to date with edition %(name)s.") % {"name": onto.identifier}
                )
                return redirect(draft_address("change", draft))
        return self.page(
            request, "rebase", draft, title=_("Bring up to date"), onto=onto, conflicts=conflicts
        )

    def discard(self, request, key):
        """Ask whether the draft is to go, with all that is in it; with POST discard it."""
        draft = self.draft(request, key)
        if draft.is_published:
            return self.conflict(request, PublishedEditionError())
        if request.method == "POST":
            drafts.discard(draft)
            messages.success(request, _("The draft has been discarded."))
            return redirect(reverse("admin:units_edition_changelist"))
        return self.page(request, "discard", draft, title=_("Discard this draft?"))
