"""Units in the admin: their forms, and moving and removing them."""

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from units import trees
from units.admin.current import answering, choose, conflict, current_edition, edition_to_change, say_saved
from units.admin.facts import FactAdmin
from units.admin.forms import UnitForm
from units.admin.moves import MoveForm, RemoveForm
from units.models import PublishedEditionError, Unit


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
            path(
                f"<slug:slug>/{name}/", self.admin_site.admin_view(answering(view)), name=f"units_unit_{name}"
            )
            for name, view in pages.items()
        ]
        return [*paths, *super().get_urls()]

    def delete_view(self, request, object_id, extra_context=None):
        unit = self.row(object_id)
        if unit and unit.edition.is_published:
            return conflict(request, PublishedEditionError())
        if unit is None or unit.edition != current_edition(request):
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        if not self.has_delete_permission(request, unit):
            raise PermissionDenied
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
        """Return the unit `slug` of the draft that this page is about, for somebody who may change it."""
        edition = current_edition(request)
        if request.method == "POST":
            edition = edition_to_change(request)
        if not edition or edition.is_published or not self.has_change_permission(request):
            raise PermissionDenied
        path = Unit.objects.with_ancestors(edition, slug)
        if not path:
            raise Http404(_("There is no unit “%(slug)s” in this draft.") % {"slug": slug})
        return path[-1]

    def change_tree(self, request, slug, change):
        """Do `change`, a function of the draft; return to the unit's form, or to the list if it is gone."""
        with trees.editing(edition_to_change(request)) as draft:
            change(draft)
        choose(request, draft)
        say_saved(request, draft)
        unit = self.get_queryset(request).filter(slug=slug).first()
        return (
            redirect("admin:units_unit_change", unit.pk) if unit else redirect("admin:units_unit_changelist")
        )

    def step(self, request, slug, by):
        if request.method != "POST":
            return redirect("admin:units_unit_change", self.unit(request, slug).pk)
        self.unit(request, slug)

        def change(draft):
            unit = self.unit(request, slug)
            if unit.parent_id is None:
                trees.move(draft, slug, slug)  # says why not
            siblings = [child.slug for child in Unit.objects.children_of(unit.parent)]
            trees.move(draft, slug, unit.parent.slug, max(0, siblings.index(slug) + by))

        return self.change_tree(request, slug, change)

    def up(self, request, slug):
        return self.step(request, slug, -1)

    def down(self, request, slug):
        return self.step(request, slug, 1)

    def move(self, request, slug):
        unit = self.unit(request, slug)
        form = MoveForm(request.POST or None, edition=current_edition(request), unit=unit)
        if request.method == "POST" and form.is_valid():
            below, place = form.cleaned_data["below"].slug, form.cleaned_data["place"]

            def change(draft):
                form.refuse_if_changed(self.unit(request, slug))
                trees.move(draft, slug, below, place and place - 1)

            return self.change_tree(request, slug, change)
        return self.ask(request, unit, form, _("Move “%(name)s”"), _("Move"))

    def remove(self, request, slug):
        unit = self.unit(request, slug)
        if not self.has_delete_permission(request, unit):
            raise PermissionDenied
        form = RemoveForm(request.POST or None, edition=current_edition(request), unit=unit)
        if request.method == "POST" and form.is_valid():
            to = form.cleaned_data.get("to")

            def change(draft):
                form.refuse_if_changed(self.unit(request, slug))
                trees.remove(draft, slug, to and to.slug)

            return self.change_tree(request, slug, change)
        return self.ask(request, unit, form, _("Remove “%(name)s”"), _("Remove"))

    def ask(self, request, unit, form, title, button):
        context = self.admin_site.each_context(request) | self.context(request)
        context |= {"unit": unit, "form": form, "title": title % {"name": unit.name}, "button": button}
        return render(request, "admin/units/unit/ask.html", context)
