"""What the admin pages of all rows of editions share: one edition in sight, written to under its lock."""

import re

from django.conf import settings
from django.contrib import admin, messages
from django.contrib.admin.options import IS_POPUP_VAR
from django.core.exceptions import BadRequest, PermissionDenied, ValidationError
from django.db import transaction
from django.http import Http404, JsonResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.translation import gettext as _

from units import drafts, trees
from units.admin.current import (
    EDIT,
    back,
    choose,
    conflict,
    current_draft,
    current_edition,
    draft_address,
    edition_in_force,
    edition_to_change,
    say_published,
    say_refused,
    say_saved,
    superseded,
)
from units.admin.fields import FOUND_AT_MOST, named, printable
from units.admin.forms import fingerprint
from units.documents import DocumentError
from units.models import Citation, PublishedEditionError
from units.trees import TreeError

PUBLISH = "_publish"
CITATION_KEY = re.compile(r"[1-9]\d{0,17}", re.ASCII)


class RowAdmin(admin.ModelAdmin):
    """Rows of the current draft, or of the chart in force, which is read-only until somebody edits it."""

    actions = None
    show_full_result_count = False
    list_per_page = 50
    change_list_template = "admin/units/change_list.html"
    change_form_template = "admin/units/change_form.html"
    delete_confirmation_template = "admin/units/delete_confirmation.html"

    def get_queryset(self, request):
        edition = current_edition(request)
        rows = self.model.objects
        return rows.of(edition) if edition else rows.none()

    def is_draft(self, request):
        edition = current_edition(request)
        return bool(edition) and not edition.is_published

    def edits_what_is_in_force(self, request):
        """Whether this form of the chart in force was opened for changing; saving it starts a draft."""
        if EDIT not in request.GET:
            return False
        edition = current_edition(request)
        return bool(edition) and edition.is_published and edition == edition_in_force(request)

    def has_add_permission(self, request):
        return self.is_draft(request) and super().has_add_permission(request)

    def has_change_permission(self, request, obj=None):
        can_be = self.is_draft(request) or (obj is not None and self.edits_what_is_in_force(request))
        return can_be and super().has_change_permission(request, obj)

    def has_delete_permission(self, request, obj=None):
        return self.is_draft(request) and super().has_delete_permission(request, obj)

    def get_fields(self, request, obj=None):
        """Return the fields; the hidden one only where others could change something meanwhile."""
        fields = list(super().get_fields(request, obj))
        if obj and "shown" in self.form.base_fields and self.has_change_permission(request, obj):
            fields.append("shown")
        return fields

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change=change, **kwargs)
        return type(form.__name__, (form,), scope(request))

    def get_urls(self):
        name = f"{self.opts.app_label}_{self.opts.model_name}_suggestions"
        ask = path("suggestions/", self.admin_site.admin_view(self.suggestions), name=name)
        return [*([ask] if self.search_fields else []), *super().get_urls()]

    def suggestions(self, request):
        """Answer with what may be meant by `?q=`, as [[what to write, what it is called], …]."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        words = request.GET.get("q", "")[:200]
        rows, _duplicates = self.get_search_results(request, self.get_queryset(request), words)
        return JsonResponse(named(rows[:FOUND_AT_MOST]), safe=False)

    def context(self, request):
        return {
            "edition": current_edition(request),
            "correcting": self.edits_what_is_in_force(request),
            "open_draft": current_draft(request),
            "may_change": request.user.has_perm("units.change_edition"),
            "may_publish": request.user.has_perm("units.publish_edition"),
        }

    def changelist_view(self, request, extra_context=None):
        return super().changelist_view(request, self.context(request) | (extra_context or {}))

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        extra_context = self.context(request) | (extra_context or {})
        if request.method != "POST":
            return super().changeform_view(request, object_id, form_url, extra_context)
        return self.under_lock(
            request,
            object_id,
            lambda key: super(RowAdmin, self).changeform_view(request, key, form_url, extra_context),
        )

    def delete_view(self, request, object_id, extra_context=None):
        row = self.row(object_id)
        if row and not row.edition.is_published and not self.has_delete_permission(request, row):
            raise PermissionDenied
        if request.method != "POST":
            can_go = row and self.is_draft(request) and not row.edition.is_published
            shown = {"shown": fingerprint(row, inside=True)} if can_go else {}
            return super().delete_view(request, object_id, shown | (extra_context or {}))

        def delete(key):
            row = self.row(key)
            if row is None or request.POST.get("shown") != fingerprint(row, inside=True):
                raise TreeError(
                    _("Somebody else has changed this since you looked at it. Look again, then remove it.")
                )
            return super(RowAdmin, self).delete_view(request, key, extra_context)

        return self.under_lock(request, object_id, delete)

    def under_lock(self, request, object_id, view):
        """Return the answer of `view`, a function of a row's key, run under the lock of the edition's draft.

        A form of the chart in force gets a draft of its own. What is refused or shown again leaves nothing
        behind, not even that. What is published answers 409.
        """
        row = self.row(object_id) if object_id else None
        if object_id and row is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        if IS_POPUP_VAR in request.GET or IS_POPUP_VAR in request.POST:
            raise BadRequest(_("Forms here open in the page itself."))
        correction = None
        try:
            edition = edition_to_change(request)
            if row and row.edition_id != edition.pk:
                raise (
                    PublishedEditionError
                    if row.edition.is_published
                    else TreeError(_("This is in another draft than the one that you work on."))
                )
            if row and not self.has_change_permission(request, row):
                raise PermissionDenied
            if edition.is_published:
                edition = correction = drafts.start_correction(edition, by=request.user.pk)
            with trees.editing(edition) as draft:
                request._current_edition = draft
                response = view(self.in_the_copy(request, draft, row) if row and correction else object_id)
                if not hasattr(request, "saved"):
                    if hasattr(response, "render"):
                        response.render()
                    transaction.set_rollback(True)
                elif PUBLISH in request.POST:
                    response = self.publish(request, draft, correction)
                    correction = None
                else:
                    choose(request, draft)
                    correction = None
        except PublishedEditionError as refused:
            return conflict(request, refused)
        except drafts.NotCurrentError as refused:
            say_refused(request, superseded(refused.preceding))
            response = redirect(back(request))
        except (TreeError, DocumentError) as refused:
            say_refused(request, refused)
            response = redirect(back(request))
        finally:
            if correction:
                drafts.discard(correction)
        return response

    def row(self, key):
        """Return the row `key` of whatever edition, or None; an address can hold anything as its key."""
        try:
            return self.model._base_manager.filter(pk=key).first()
        except ValueError:
            return None

    def to_form(self, request, names):
        """Go to the form of the row that `names` (column lookups) find, from a page that shows it.

        From the preview of a draft (`?of=draft-7`) that is the draft's; from a public page the form that
        corrects the chart in force, or where a draft is open for whoever may not publish, the draft's.
        """
        if not self.has_view_permission(request):
            raise PermissionDenied
        draft, of = current_draft(request), request.GET.get("of")
        if of and (draft is None or of != draft.identifier):
            messages.warning(request, _("You are working on another draft; choose that one first."))
            return redirect("admin:units_edition_changelist")
        may_publish = request.user.has_perm("units.publish_edition")
        edition = draft if draft and (of or not may_publish) else edition_in_force(request)
        row = self.model.objects.filter(edition=edition, **names).first()
        if row is None:
            raise Http404(_("This is not in the edition that you would change."))
        change = reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_change", args=[row.pk])
        return redirect(f"{change}?{EDIT}=1" if edition.is_published else change)

    def in_the_copy(self, request, draft, row):
        """Return the key that `row` has in `draft`, its copy, and make the form that was sent speak of it."""
        shifts = draft.copying["shifts"]
        request.POST = request.POST.copy()
        for name, value in request.POST.items():
            if name.startswith("citations-") and name.endswith("-id") and CITATION_KEY.fullmatch(value):
                request.POST[name] = str(int(value) + shifts[Citation._meta.model_name])
            elif name.startswith("citations-") and name.removeprefix("citations-").partition("-")[2] in (
                *("unit", "post", "body", "initiative", "statement", "milestone", "source"),
            ):
                request.POST[name] = str(row.pk + shifts[row._meta.model_name])
        return str(row.pk + shifts[row._meta.model_name])

    def publish(self, request, draft, correction):
        """Publish `draft` if it is a `correction` started for this change alone, else show all it holds.

        Where another person has to approve it, the correction stays a draft for that.
        """
        if not request.user.has_perm("units.publish_edition"):
            raise PermissionDenied
        if not correction or settings.SECOND_PERSON_APPROVES:
            choose(request, draft)
            return redirect(draft_address("publish", draft))
        try:
            note = printable(request.POST.get("note_of_edition", ""))
        except ValidationError as error:
            raise TreeError(error.message) from None
        edition = drafts.publish_on(
            draft, draft.effective_on, title=draft.title, note=note or draft.note, by=request.user.pk
        )
        if say_published(request, edition):
            return redirect(draft_address("change", edition))
        return redirect(self.public_address(request.saved))

    def public_address(self, row):
        """Return where readers find `row`."""
        return reverse("pages:home")

    def response_add(self, request, obj, post_url_continue=None):
        return self.saved(request, obj, super().response_add(request, obj, post_url_continue))

    def response_change(self, request, obj):
        return self.saved(request, obj, super().response_change(request, obj))

    def response_delete(self, request, obj_display, obj_id):
        return self.saved(request, True, super().response_delete(request, obj_display, obj_id))

    def saved(self, request, obj, response):
        request.saved = obj
        say_saved(request, current_edition(request))
        return response

    def save_model(self, request, obj, form, change):
        obj.place_at(obj.position)

    def save_formset(self, request, form, formset, change):
        formset.save(commit=False)
        for citation in formset.deleted_objects:
            citation.delete()
        stay = [one for one in formset.forms if one not in formset.deleted_forms]
        filled = [one.instance for one in stay if one.instance.pk or one.has_changed()]
        for position, citation in enumerate(filled):
            citation.position = position
            citation.save()


def scope(request):
    """Return what a form of this request is of: the edition, and what its fields share."""
    if not hasattr(request, "_known"):
        request._known = {}
    return {"edition": current_edition(request), "known": request._known}
