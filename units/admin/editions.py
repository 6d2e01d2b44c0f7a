"""Editions in the admin: one page for each draft, and the ways from start to publication."""

import functools
import re
import time

from django.contrib import admin, messages
from django.core.exceptions import BadRequest, PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from units import drafts, trees
from units.admin.current import (
    answering,
    choose,
    conflict,
    current_draft,
    draft_address,
    edition_in_force,
    say_published,
    say_refused,
)
from units.admin.exchange import Exchange
from units.admin.forms import DetailsForm, PublishForm
from units.diff import CHANGES_ON_A_PAGE, LAYOUTS
from units.documents import DocumentError
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

IN_FORCE = "in-force"  # what a draft is started from: whatever is in force when it is
CONFLICTS_SHOWN = 500  # with a choice for each of them; the others have one together
COPY_SECONDS = 2.0  # how long one request goes on copying, in steps that let others write in between
KINDS = [Unit, Post, Statement, Body, Initiative, Milestone, Source, Passage]


@admin.register(Edition)
class EditionAdmin(Exchange, admin.ModelAdmin):
    list_display = ["identifier", "title", "announced_on", "published_at"]
    actions = None
    change_list_template = "admin/units/edition/change_list.html"

    def has_add_permission(self, request):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def get_urls(self):
        whole = [self.use, self.details, self.changes, self.publish, self.rebase]
        views = [self.copy, self.discard, *map(self.of_a_whole_draft, whole)]
        paths = [
            path(
                f"<int:key>/{view.__name__}/",
                self.admin_site.admin_view(answering(view)),
                name=f"units_edition_{view.__name__}",
            )
            for view in views
        ]
        start = path("start/", self.admin_site.admin_view(answering(self.start)), name="units_edition_start")
        return [start, *paths, *super().get_urls()]

    def of_a_whole_draft(self, view):
        """Give a page the draft that its key means, and let a draft that is being copied be copied first."""

        @functools.wraps(view)
        def with_draft(request, key):
            draft = self.draft(request, key)
            return redirect(draft_address("copy", draft)) if draft.is_being_copied else view(request, draft)

        return with_draft

    def page(self, request, template, draft, **context):
        context |= self.admin_site.each_context(request) | {
            **{"draft": draft, "edition": draft, "opts": self.opts, "in_force": edition_in_force(request)},
            "may_publish": request.user.has_perm("units.publish_edition"),
            "may_change": request.user.has_perm("units.change_edition"),
        }
        return render(request, f"admin/units/edition/{template}.html", context)

    def changelist_view(self, request, extra_context=None):
        context = {
            "in_force": edition_in_force(request),
            "draft": current_draft(request),
            "may_change": request.user.has_perm("units.change_edition"),
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
            return conflict(request, PublishedEditionError())
        before = drafts.preceding(edition.effective_on)
        counts = [(model._meta, model._base_manager.filter(edition=edition).count()) for model in KINDS]
        context = {
            "title": _("Draft %(key)s") % {"key": edition.pk} if not edition.is_published else str(edition),
            "counts": counts,
            "details": DetailsForm(instance=edition),
            "others": Edition.objects.published().exclude(pk=edition.pk),
            "late": None if edition.is_published or drafts.follows(edition, before) else before,
            "content": edition.copied_from,
            "is_current": edition == current_draft(request),
        }
        return self.page(request, "edition", edition, **context)

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
        """Start a draft from an edition, or with the root alone."""
        if not request.user.has_perm("units.change_edition"):
            raise PermissionDenied
        try:
            draft = self.started(request)
        except UnknownEditionError as unknown:
            raise BadRequest(str(unknown)) from None
        choose(request, draft)
        return redirect(draft_address("copy" if draft.is_being_copied else "change", draft))

    def started(self, request):
        name = request.POST.get("from", "")
        content = edition_in_force(request) if name == IN_FORCE else edition_named(name)
        if content is None:
            raise UnknownEditionError(_("No edition is in force today."))
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
    def use(self, request, draft):
        if not draft.is_published:
            choose(request, draft)
        return redirect(draft_address("change", draft))

    @method_decorator(require_POST)
    def details(self, request, draft):
        with trees.editing(draft) as locked:
            form = DetailsForm(request.POST, instance=locked)
            if form.is_valid():
                form.save()
                messages.success(request, _("Saved to the draft; it is not public yet."))
            for errors in form.errors.values():
                messages.error(request, " ".join(errors))
        return redirect(draft_address("change", draft))

    def changes(self, request, draft):
        """Show what is different in a draft, against what it follows or any edition (`?against=`)."""
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

    def publish(self, request, draft):
        """Show all that a publication would change, ask once, publish."""
        if not request.user.has_perm("units.publish_edition"):
            raise PermissionDenied
        if draft.is_published:
            raise PublishedEditionError
        initial = {"effective_on": draft.effective_on, "title": draft.title, "note": draft.note}
        # The date can be tried with GET; with POST it is meant.
        sent = request.POST or (request.GET if "effective_on" in request.GET else None)
        form = PublishForm(sent, initial=initial)
        if request.method == "POST" and form.is_valid():
            try:
                return self.published(request, draft, **form.cleaned_data)
            except (
                DocumentError,
                drafts.NotCurrentError,
                drafts.ChangedSinceError,
                drafts.SecondPersonError,
            ) as refused:
                say_refused(request, refused)
                draft = self.draft(request, draft.pk)
        day = form.cleaned_data["effective_on"] if form.is_bound and form.is_valid() else draft.effective_on
        before = drafts.preceding(day)
        found = drafts.changes(draft, before)
        context = {"title": _("Publish"), "form": form, "before": before, "day": day}
        context |= {"late": None if drafts.follows(draft, before) else before}
        context |= {"needs_another": drafts.needs_another(draft, request.user.pk)}
        return self.page(request, "publish", draft, **context, **self.of_the_difference(request, found))

    def published(self, request, draft, effective_on, title, note):
        edition = drafts.publish_on(
            draft, effective_on, title=title, note=note, by=request.user.pk, seen=version_seen(request)
        )
        say_published(request, edition)
        return redirect(draft_address("change", edition))

    def rebase(self, request, draft):
        """Bring a draft up to date with the edition published since; ask about what both changed."""
        if request.method != "POST":
            return redirect(draft_address("change", draft))
        try:
            onto = edition_named(request.POST.get("onto", ""))
        except UnknownEditionError as unknown:
            raise Http404(str(unknown)) from None
        choices = {name: value for name, value in request.POST.items() if value in ("ours", "theirs")}
        rest = choices.pop("rest", None)
        seen = version_seen(request) if choices or rest else None
        try:
            conflicts = drafts.rebase(draft, onto, choices, seen, rest)
        except drafts.ChangedSinceError as refused:
            say_refused(request, refused)
            choices, rest, conflicts = {}, None, drafts.rebase(draft, onto)
        if rest or all(conflict.key in choices for conflict in conflicts):
            messages.success(
                request, _("The draft is up to date with edition %(name)s.") % {"name": onto.identifier}
            )
            return redirect(draft_address("change", draft))
        context = {"title": _("Bring up to date"), "onto": onto, "conflicts": conflicts[:CONFLICTS_SHOWN]}
        context |= {"others": len(conflicts) - len(context["conflicts"])}
        return self.page(request, "rebase", self.draft(request, draft.pk), **context)

    def discard(self, request, key):
        """Ask whether the draft is to go, with all that is in it; with POST discard it."""
        draft = self.draft(request, key)
        if draft.is_published:
            raise PublishedEditionError
        if request.method == "POST":
            drafts.discard(draft)
            messages.success(request, _("The draft has been discarded."))
            return redirect(reverse("admin:units_edition_changelist"))
        return self.page(request, "discard", draft, title=_("Discard this draft?"))


def version_seen(request):
    """Return the version of the draft that the page which was sent had shown; -1 where it says none."""
    version = request.POST.get("version", "")
    return int(version) if re.fullmatch(r"\d{1,18}", version, re.ASCII) else -1
