"""Units in the admin: their list, their forms, and the tree editor, which moves and removes them."""

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.translation import gettext_lazy

from units import trees
from units.admin.current import answering, conflict, current_edition
from units.admin.editor.page import address
from units.admin.editor.views import TreeEditor
from units.admin.facts import FactAdmin
from units.admin.forms import UnitForm
from units.documents.form import PLAIN
from units.models import PublishedEditionError, Unit


@admin.register(Unit)
class UnitAdmin(TreeEditor, FactAdmin):
    form = UnitForm
    list_display = ["indented_name", "slug", "kind"]
    search_fields = ["name", "slug"]
    fields = PLAIN[Unit]
    change_list_template = "admin/units/unit/change_list.html"
    change_form_template = "admin/units/unit/change_form.html"

    @admin.display(description=gettext_lazy("name"))
    def indented_name(self, unit):
        return f"{'— ' * unit.level}{unit.name}"

    def get_fields(self, request, obj=None):
        fields = super().get_fields(request, obj)
        return fields if obj else [*fields, "below", "place"]

    def get_urls(self):
        tree = path("tree/", self.admin_site.admin_view(answering(self.tree)), name="units_unit_tree")
        return [tree, *super().get_urls()]

    def delete_view(self, request, object_id, extra_context=None):
        unit = self.row(object_id)
        if unit and unit.edition.is_published:
            return conflict(request, PublishedEditionError())
        if unit is None or unit.edition != current_edition(request):
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        if not self.has_delete_permission(request, unit):
            raise PermissionDenied
        return redirect(address(unit.slug, ask="remove"))

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
