"""Citations in the admin: part of the form of the fact that cites, and listed by themselves."""

from django import forms
from django.contrib import admin

from units.admin.current import current_edition
from units.admin.forms import DraftForm
from units.admin.rows import RowAdmin, scope
from units.models import Citation
from units.models.sources import TARGETS


class CitationForm(DraftForm):
    class Meta:
        model = Citation
        fields = ["passage", "field", "note"]
        widgets = {"note": forms.TextInput(attrs={"class": "vTextField"})}


class CitationInline(admin.TabularInline):
    """The passages that a fact stands on; at least one."""

    model = Citation
    form = CitationForm
    extra = 1
    min_num = 1
    verbose_name_plural = "sources"

    def get_formset(self, request, obj=None, **kwargs):
        formset = super().get_formset(request, obj, validate_min=True, **kwargs)
        formset.form = type("CitationForm", (formset.form,), scope(request))
        return formset

    def get_queryset(self, request):
        return Citation.objects.of(current_edition(request)).select_related("passage__source")

    def has_view_permission(self, request, obj=None):
        return True

    def has_change_permission(self, request, obj=None):
        return self.may_edit(request, obj)

    def has_add_permission(self, request, obj=None):
        return self.may_edit(request, obj)

    def has_delete_permission(self, request, obj=None):
        return self.may_edit(request, obj)

    def may_edit(self, request, obj):
        owner = self.admin_site._registry[self.parent_model]
        return owner.has_change_permission(request, obj) if obj else owner.has_add_permission(request)


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
