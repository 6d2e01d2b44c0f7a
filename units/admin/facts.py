"""Units, posts, bodies, initiatives, statements, milestones and sources in the admin: lists and forms."""

from django.contrib import admin
from django.urls import path, reverse
from django.utils.translation import gettext_lazy

from units.admin.citations import CitationInline
from units.admin.forms import MilestoneForm, RowForm
from units.admin.rows import RowAdmin
from units.models import (
    Body,
    Citation,
    Initiative,
    Milestone,
    Passage,
    Post,
    Source,
    Statement,
)


class FactAdmin(RowAdmin):
    """A row that cites passages."""

    form = RowForm
    inlines = [CitationInline]

    def get_deleted_objects(self, objs, request):
        """Let a fact go with its citations: these have no page of their own to be removed from."""
        listed, counts, forbidden, protected = super().get_deleted_objects(objs, request)
        return listed, counts, set(forbidden) - {Citation._meta.verbose_name}, protected

    def get_urls(self):
        name = f"{self.opts.app_label}_{self.opts.model_name}_edit"
        edit = path("edit/<slug:slug>/", self.admin_site.admin_view(self.edit), name=name)
        return [edit, *super().get_urls()]

    def edit(self, request, slug):
        return self.to_form(request, {"slug": slug})


@admin.register(Post)
class PostAdmin(FactAdmin):
    list_display = ["name", "slug", "unit", "role", "holder"]
    list_select_related = ["unit"]
    search_fields = ["name", "slug"]
    fields = ["slug", "name", "unit", "role", "holder", "certainty", "position"]

    def public_address(self, row):
        return reverse("pages:unit", args=[row.unit.slug]) + f"#post-{row.slug}"


@admin.register(Body)
class BodyAdmin(FactAdmin):
    list_display = ["name", "slug", "kind"]
    search_fields = ["name", "slug"]
    fields = ["slug", "name", "kind", "aliases", "composition", "position"]


@admin.register(Initiative)
class InitiativeAdmin(FactAdmin):
    list_display = ["name", "slug", "kind", "part_of"]
    list_select_related = ["part_of"]
    search_fields = ["name", "slug"]
    fields = ["slug", "name", "kind", "aliases", "description", "part_of", "position"]


@admin.register(Statement)
class StatementAdmin(FactAdmin):
    list_display = ["text", "owner", "part", "certainty"]
    list_select_related = ["unit", "post", "body"]
    list_filter = ["part", "certainty"]
    search_fields = ["text", "slug", "theme"]
    fields = [
        *("slug", ("unit", "post", "body"), "part", "text", "certainty"),
        *(("about_unit", "about_body", "about_initiative"), "theme", "goal", "condition"),
        *("partners", "examples", "open", ("comparator", "quantity"), "position"),
    ]

    @admin.display(description=gettext_lazy("owner"))
    def owner(self, statement):
        return statement.owner

    def public_address(self, row):
        unit = row.unit or (row.post and row.post.unit)
        return (
            reverse("pages:unit", args=[unit.slug]) + f"#statement-{row.slug}"
            if unit
            else reverse("pages:home")
        )


@admin.register(Milestone)
class MilestoneAdmin(FactAdmin):
    form = MilestoneForm
    list_display = ["text", "when", "certainty"]
    list_select_related = ["anchor"]
    search_fields = ["text", "slug"]
    fields = [
        *("slug", "text", "certainty", ("about_unit", "about_body", "about_initiative")),
        *(("when", "bound"), "inferred", ("anchor", "offset_months"), "position"),
    ]

    @admin.display(description=gettext_lazy("when"))
    def when(self, milestone):
        return milestone.when


@admin.register(Source)
class SourceAdmin(FactAdmin):
    list_display = ["title", "publisher", "identifier", "published"]
    search_fields = ["title", "identifier", "slug"]
    fields = [
        *(
            "slug",
            "title",
            "publisher",
            "identifier",
            "published",
            "address",
            "republishes",
            "note",
            "position",
        ),
    ]

    def public_address(self, row):
        return reverse("pages:source", args=[row.slug])


@admin.register(Passage)
class PassageAdmin(RowAdmin):
    form = RowForm
    list_display = ["reference", "says"]
    list_select_related = ["source"]
    search_fields = ["source__slug", "=number", "says"]
    fields = [
        *("source", "number", "section", ("paragraph", "sentence"), "says", ("starts", "ends")),
        *("ambiguity", "position"),
    ]

    def get_urls(self):
        edit = path(
            "edit/<slug:source>/<int:number>/",
            self.admin_site.admin_view(self.edit),
            name="units_passage_edit",
        )
        return [edit, *super().get_urls()]

    def edit(self, request, source, number):
        return self.to_form(request, {"source__slug": source, "number": number})

    def public_address(self, row):
        return reverse("pages:source", args=[row.source.slug]) + f"#p{row.number}"
