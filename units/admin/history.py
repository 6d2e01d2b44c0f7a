"""The history in the admin: entries in words, by who, what and when. Nothing here can be changed."""

from django.apps import apps
from django.contrib import admin
from django.contrib.auth import get_user_model
from django.core.exceptions import FieldDoesNotExist
from django.db.models import OuterRef, Subquery
from django.utils.html import format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from units.diff import FIELDS, KINDS
from units.models import Appointment, Edition, History

SENTENCES = {
    "added": gettext_lazy("Added %(what)s %(slug)s%(to)s"),
    "changed": gettext_lazy("Changed %(what)s %(slug)s%(fields)s"),
    "moved": gettext_lazy("Moved %(what)s %(slug)s%(to)s"),
    "removed": gettext_lazy("Removed %(what)s %(slug)s%(below)s"),
    "copied": gettext_lazy("Started a draft as a copy of edition %(slug)s"),
    "loaded": gettext_lazy("Took over a document"),
    "rebased": gettext_lazy("Brought the draft up to date with edition %(slug)s"),
    "published": gettext_lazy("Published it as edition %(slug)s"),
    "discarded": gettext_lazy("Discarded the draft"),
    "approved": gettext_lazy("Approved what account %(key)s had changed last"),
    "more": gettext_lazy("and %(count)s more"),
}
OTHER_KINDS = {
    "citation": gettext_lazy("citation"),
    "person": gettext_lazy("person"),
    "appointment": gettext_lazy("appointment"),
    "postpublicity": gettext_lazy("mark that a post’s holder is named:"),
}


def in_words(step):
    """Return one step of an entry as a sentence."""
    what, slug = step.get("what", ""), step.get("slug", "")
    if "key" in step:
        slug = f"{step['key']} {_('to')} {slug}" if slug else str(step["key"])
    fields = ", ".join(str(_field(what, field)) for field in step.get("fields", ()))
    count = step.get("below", 0)
    below = ngettext(" with %(count)s unit below it", " with %(count)s units below it", count)
    return SENTENCES.get(step["did"], "%(slug)s") % {
        **step,
        "what": KINDS.get(what) or OTHER_KINDS.get(what, what),
        "slug": slug,
        "fields": f": {fields}" if fields else "",
        "to": _(" below %(slug)s") % {"slug": step["to"]} if step.get("to") else "",
        "below": below % {"count": count} if count else "",
    }


def _field(model, name):
    if name in FIELDS:
        return FIELDS[name]
    try:
        return apps.get_model("units", model)._meta.get_field(name).verbose_name
    except (LookupError, FieldDoesNotExist):
        return name


class WhoFilter(admin.SimpleListFilter):
    title = gettext_lazy("who")
    parameter_name = "by"

    def lookups(self, request, model_admin):
        accounts = get_user_model().objects.filter(is_staff=True).order_by("username")[:100]
        # As in an address, where Django counts what each would show (?_facets=1).
        return [
            *((str(key), name) for key, name in accounts.values_list("pk", "username")),
            ("none", _("a command")),
        ]

    def queryset(self, request, queryset):
        if self.value() == "none":
            return queryset.filter(by=None)
        return queryset.filter(by=self.value()) if (self.value() or "").isdecimal() else queryset


class EditionFilter(admin.SimpleListFilter):
    title = gettext_lazy("edition or draft")
    parameter_name = "edition"

    def lookups(self, request, model_admin):
        editions = list(Edition.objects.order_by("-pk")[:20])
        chosen = request.GET.get(self.parameter_name, "")
        if chosen.isdecimal() and int(chosen) not in [edition.pk for edition in editions]:
            editions += Edition.objects.filter(pk=chosen) or [Edition(pk=int(chosen))]
        return [(str(edition.pk), edition.identifier) for edition in editions]

    def queryset(self, request, queryset):
        value = self.value() or ""
        return queryset.filter(edition=value) if value.isdecimal() and len(value) < 19 else queryset


@admin.register(History)
class HistoryAdmin(admin.ModelAdmin):
    list_display = ["at", "who", "where", "what_was_done", "reason"]
    change_list_template = "admin/change_list.html"
    list_display_links = None
    list_filter = [WhoFilter, "kind", EditionFilter]
    date_hierarchy = "at"
    list_per_page = 50
    show_full_result_count = False
    actions = None

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def changelist_view(self, request, extra_context=None):
        return super().changelist_view(request, {"title": _("History")} | (extra_context or {}))

    def get_queryset(self, request):
        accounts = get_user_model().objects.filter(pk=OuterRef("by")).values("username")
        sources = Appointment.objects.filter(pk=OuterRef("appointment")).values("source")
        editions = Edition.objects.filter(pk=OuterRef("edition"))
        entries = (
            super()
            .get_queryset(request)
            .annotate(
                username=Subquery(accounts[:1]),
                effective_on=Subquery(editions.values("effective_on")[:1]),
                revision=Subquery(editions.values("revision")[:1]),
            )
        )
        if request.user.has_perm("units.view_appointment"):
            return entries.annotate(source=Subquery(sources[:1]))
        return entries

    @admin.display(description=gettext_lazy("who"))
    def who(self, entry):
        if entry.by is None:
            return _("a command")
        return entry.username or _("account %(key)s") % {"key": entry.by}

    @admin.display(description=gettext_lazy("where"))
    def where(self, entry):
        if entry.edition is None:
            return ""
        if entry.revision is None:
            return _("draft %(key)s") % {"key": entry.edition}
        return f"{entry.effective_on}.{entry.revision}"

    @admin.display(description=gettext_lazy("what"))
    def what_was_done(self, entry):
        if not entry.what:
            return _("Saved without a difference")
        return format_html_join("", "<div>{}</div>", ((in_words(step),) for step in entry.what))

    @admin.display(description=gettext_lazy("why"))
    def reason(self, entry):
        """Return the reason; of an appointment its source as it is now, for those who may see that."""
        return getattr(entry, "source", "") or entry.why
