"""Editions and their rows in the admin: read-only, whoever looks."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from units.models import (
    Body,
    Citation,
    Edition,
    Initiative,
    Milestone,
    Passage,
    Post,
    Source,
    Statement,
    Unit,
)
from units.models.sources import TARGETS


class ReadOnlyAdmin(admin.ModelAdmin):
    """What can be looked at and searched, and not be changed: no button, no action, no form that saves."""

    actions = None
    show_full_result_count = False
    list_per_page = 50

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


@admin.register(Edition)
class EditionAdmin(ReadOnlyAdmin):
    list_display = ["identifier", "title", "announced_on", "published_at"]
    fields = [
        *("effective_on", "revision", "announced_on", "title", "note"),
        *("base", "published_at", "published_by", "sha256"),
    ]


class RowAdmin(ReadOnlyAdmin):
    """Rows of editions; the edition is in the list and filters it."""

    list_filter = ["edition"]
    list_select_related = ["edition"]


@admin.register(Unit)
class UnitAdmin(RowAdmin):
    list_display = ["indented_name", "slug", "kind", "edition"]
    search_fields = ["name", "slug"]
    fields = ["edition", "slug", "name", "kind", "aliases", "purpose", "parent", "replaces"]
    ordering = ["-edition", "lft"]

    @admin.display(description=_("name"), ordering="lft")
    def indented_name(self, unit):
        return f"{'— ' * unit.level}{unit.name}"


@admin.register(Post)
class PostAdmin(RowAdmin):
    list_display = ["name", "slug", "unit", "role", "holder", "edition"]
    list_select_related = ["edition", "unit"]
    search_fields = ["name", "slug"]


@admin.register(Body)
class BodyAdmin(RowAdmin):
    list_display = ["name", "slug", "kind", "edition"]
    search_fields = ["name", "slug"]


@admin.register(Initiative)
class InitiativeAdmin(RowAdmin):
    list_display = ["name", "slug", "kind", "part_of", "edition"]
    list_select_related = ["edition", "part_of"]
    search_fields = ["name", "slug"]


@admin.register(Statement)
class StatementAdmin(RowAdmin):
    list_display = ["text", "owner", "part", "certainty", "edition"]
    list_select_related = ["edition", "unit", "post", "body"]
    search_fields = ["text", "slug", "theme"]

    @admin.display(description=_("owner"))
    def owner(self, statement):
        return statement.owner


@admin.register(Milestone)
class MilestoneAdmin(RowAdmin):
    list_display = ["text", "when", "certainty", "edition"]
    list_select_related = ["edition", "anchor"]
    search_fields = ["text", "slug"]

    @admin.display(description=_("when"))
    def when(self, milestone):
        return milestone.when


@admin.register(Source)
class SourceAdmin(RowAdmin):
    list_display = ["title", "publisher", "identifier", "published", "edition"]
    search_fields = ["title", "identifier", "slug"]


@admin.register(Passage)
class PassageAdmin(RowAdmin):
    list_display = ["reference", "says", "edition"]
    list_select_related = ["edition", "source"]
    search_fields = ["says"]


@admin.register(Citation)
class CitationAdmin(RowAdmin):
    list_display = ["target", "passage", "field", "edition"]
    list_select_related = [
        *("edition", "passage__source"),
        *TARGETS,
    ]
