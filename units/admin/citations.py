"""Citations in the admin: part of the form of the fact that cites, and listed by themselves."""

from django import forms
from django.contrib import admin
from django.forms.models import BaseInlineFormSet
from django.utils.translation import gettext as _

from units.admin.current import current_edition
from units.admin.forms import DraftForm
from units.admin.rows import RowAdmin, scope
from units.models import Citation
from units.models.sources import TARGETS

MOST_CITATIONS = 200  # of one fact in its form; each row of it takes the server 5 ms


class CitationForm(DraftForm):
    class Meta:
        model = Citation
        fields = ["passage", "field", "note"]
        widgets = {"note": forms.TextInput(attrs={"class": "vTextField"})}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "field" in self.fields:
            self.fields["field"].choices = [("", _("all of it")), *Citation.Field.choices]


class CitationFormSet(BaseInlineFormSet):
    def add_fields(self, form, index):
        """Name each field for whoever does not see the head of the table."""
        super().add_fields(form, index)
        for field in form.fields.values():
            if field.label and not field.widget.is_hidden:
                field.widget.attrs["aria-label"] = field.label

    def clean(self):
        super().clean()
        seen = set()
        for form in self.forms:
            cited = (form.cleaned_data.get("passage"), form.cleaned_data.get("field"))
            if cited[0] and not form.cleaned_data.get("DELETE") and cited in seen:
                raise forms.ValidationError(_("A passage is cited twice for the same."))
            seen.add(cited)


class CitationInline(admin.TabularInline):
    """The passages that a fact stands on; at least one."""

    model = Citation
    form = CitationForm
    formset = CitationFormSet
    extra = 1
    min_num = 1
    max_num = MOST_CITATIONS
    verbose_name_plural = "sources"

    def get_formset(self, request, obj=None, **kwargs):
        """Return the formset; how many rows are sent is only believed up to MOST_CITATIONS."""
        bounds = {"validate_min": True, "absolute_max": MOST_CITATIONS}
        formset = super().get_formset(request, obj, **bounds, **kwargs)
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
