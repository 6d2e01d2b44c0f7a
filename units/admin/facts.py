"""Units, posts, bodies, initiatives, statements, milestones and sources in the admin: lists and forms."""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from units import trees
from units.admin.current import EDIT, current_edition, say_saved, writing
from units.admin.forms import DraftForm, FactForm, MilestoneForm, UnitForm
from units.admin.moves import MoveForm, RemoveForm
from units.admin.rows import CitationInline, RowAdmin
from units.models import (
    Body,
    Citation,
    Initiative,
    Milestone,
    Passage,
    Post,
    PublishedEditionError,
    Source,
    Statement,
    Unit,
)
from units.models.sources import TARGETS


class FactAdmin(RowAdmin):
    """A row that cites passages."""

    form = FactForm
    inlines = [CitationInline]

    def get_fields(self, request, obj=None):
        """Return the fields; the hidden one only where others could change something meanwhile."""
        fields = list(self.fields)
        return [*fields, "shown"] if obj and self.has_change_permission(request, obj) else fields

    def get_deleted_objects(self, objs, request):
        """Let a fact go with its citations: these have no page of their own to be removed from."""
        listed, counts, forbidden, protected = super().get_deleted_objects(objs, request)
        return listed, counts, set(forbidden) - {Citation._meta.verbose_name}, protected

    def get_urls(self):
        name = f"{self.opts.app_label}_{self.opts.model_name}_edit"
        edit = path("edit/<slug:slug>/", self.admin_site.admin_view(self.edit), name=name)
        return [edit, *super().get_urls()]

    def edit(self, request, slug):
        """Go to the form of the row `slug`, in the draft or else in the chart in force."""
        row = self.get_queryset(request).filter(slug=slug).first()
        if row is None:
            raise Http404(_("There is nothing called “%(slug)s” in this edition.") % {"slug": slug})
        change = reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_change", args=[row.pk])
        return redirect(f"{change}?{EDIT}=1" if row.edition.is_published else change)


@admin.register(Unit)
class UnitAdmin(FactAdmin):
    form = UnitForm
    list_display = ["indented_name", "slug", "kind"]
    search_fields = ["name", "slug"]
    fields = ["slug", "name", "kind", "aliases", "purpose", "replaces"]
    change_form_template = "admin/units/unit/change_form.html"

    @admin.display(description=gettext_lazy("name"))
    def indented_name(self, unit):
        return f"{'— ' * unit.level}{unit.name}"

    def get_fields(self, request, obj=None):
        fields = super().get_fields(request, obj)
        return fields if obj else [*fields, "below", "place"]

    def get_urls(self):
        pages = {"move": self.move, "up": self.up, "down": self.down, "remove": self.remove}
        paths = [
            path(f"<slug:slug>/{name}/", self.admin_site.admin_view(view), name=f"units_unit_{name}")
            for name, view in pages.items()
        ]
        return [*paths, *super().get_urls()]

    def delete_view(self, request, object_id, extra_context=None):
        unit = self.row(object_id)
        if unit and unit.edition.is_published:
            return self.conflict(request, PublishedEditionError())
        if unit is None or unit.edition != current_edition(request):
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        return redirect("admin:units_unit_remove", unit.slug)

    def save_model(self, request, obj, form, change):
        values = {name: getattr(obj, name) for name in self.fields}
        draft = current_edition(request)
        if change:
            before = Unit.objects.get(pk=obj.pk)
            trees.change(draft, before.slug, values)
            return
        place = form.cleaned_data["place"]
        made = trees.add(draft, form.cleaned_data["below"].slug, values, place and place - 1)
        obj.__dict__.update(made.__dict__)

    def public_address(self, row):
        return reverse("pages:unit", args=[row.slug])

    def unit(self, request, slug):
        edition = current_edition(request)
        if not edition or edition.is_published or not self.has_change_permission(request):
            raise PermissionDenied
        path = Unit.objects.with_ancestors(edition, slug)
        if not path:
            raise Http404(_("There is no unit “%(slug)s” in this draft.") % {"slug": slug})
        return path[-1]

    def change_tree(self, request, slug, change):
        """Do `change`, a function of the draft; return to the unit's form, or to the list if it is gone."""
        try:
            with writing(request) as draft:
                change(draft)
            say_saved(request, draft)
        except (trees.TreeError, PublishedEditionError) as refused:
            messages.error(request, str(refused))
        unit = self.get_queryset(request).filter(slug=slug).first()
        return (
            redirect("admin:units_unit_change", unit.pk) if unit else redirect("admin:units_unit_changelist")
        )

    def step(self, request, slug, by):
        unit = self.unit(request, slug)
        if request.method != "POST":
            return redirect("admin:units_unit_change", unit.pk)

        def change(draft):
            siblings = list(
                Unit.objects.filter(parent=unit.parent_id).order_by("lft").values_list("slug", flat=True)
            )
            if slug in siblings:
                trees.move(draft, slug, unit.parent.slug, max(0, siblings.index(slug) + by))

        return self.change_tree(request, slug, change)

    def up(self, request, slug):
        return self.step(request, slug, -1)

    def down(self, request, slug):
        return self.step(request, slug, 1)

    def move(self, request, slug):
        unit = self.unit(request, slug)
        form = MoveForm(
            request.POST or None, edition=current_edition(request), initial={"below": unit.parent_id}
        )
        if request.method == "POST" and form.is_valid():
            below, place = form.cleaned_data["below"].slug, form.cleaned_data["place"]
            return self.change_tree(
                request, slug, lambda draft: trees.move(draft, slug, below, place and place - 1)
            )
        return self.ask(request, unit, form, _("Move “%(name)s”"), _("Move"))

    def remove(self, request, slug):
        unit = self.unit(request, slug)
        form = RemoveForm(request.POST or None, edition=current_edition(request), unit=unit)
        if request.method == "POST" and form.is_valid():
            to = form.cleaned_data.get("to")
            return self.change_tree(request, slug, lambda draft: trees.remove(draft, slug, to and to.slug))
        return self.ask(request, unit, form, _("Remove “%(name)s”"), _("Remove"))

    def ask(self, request, unit, form, title, button):
        context = self.admin_site.each_context(request) | self.context(request)
        context |= {"unit": unit, "form": form, "title": title % {"name": unit.name}, "button": button}
        return render(request, "admin/units/unit/ask.html", context)


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
    form = DraftForm
    list_display = ["reference", "says"]
    list_select_related = ["source"]
    search_fields = ["says"]
    fields = [
        *("source", "number", "section", ("paragraph", "sentence"), "says", ("starts", "ends")),
        *("ambiguity", "position"),
    ]

    def public_address(self, row):
        return reverse("pages:source", args=[row.source.slug]) + f"#p{row.number}"


@admin.register(Citation)
class CitationAdmin(RowAdmin):
    """A list of all citations; each is changed in the form of its fact."""

    list_display = ["target", "passage", "field"]
    list_select_related = ["passage__source", *TARGETS]

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False
