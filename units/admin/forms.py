"""The forms for what is in a draft."""

import hashlib

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from units.admin.fields import AliasesField, CompositionField, LinesField, NamedField
from units.documents import canonical
from units.documents.form import PLAIN
from units.documents.loading import timing
from units.models import Citation, Edition, EditionRow, Fact, Milestone, Unit

LISTS = {
    **{"aliases": AliasesField, "composition": CompositionField, "replaces": LinesField},
    **{"partners": LinesField, "examples": LinesField},
}


def fingerprint(fact):
    """Return a hash of what a form of the row `fact` shows: its columns, what it refers to, its citations.

    Two rows of different editions that say the same have the same.
    """
    columns = {name: str(getattr(fact, name)) for name in PLAIN[type(fact)]}
    for field in fact._meta.concrete_fields:
        if field.related_model and issubclass(field.related_model, EditionRow) and field.name != "parent":
            other = getattr(fact, field.name)
            columns[field.name] = getattr(other, "slug", "")
    columns |= {name: str(getattr(fact, name, "")) for name in ("date", "precision", "offset_months")}
    cites = [
        f"{citation.passage.reference} {citation.field} {citation.note}"
        for citation in (Citation.objects.of_facts([fact]).for_display() if isinstance(fact, Fact) else ())
    ]
    return hashlib.sha256(canonical({"columns": columns, "cites": cites})).hexdigest()


class DraftForm(forms.ModelForm):
    """A form for a row of `edition`; other rows are named by slug.

    The admin sets `edition`, and `known` (see NamedField), on a subclass.
    """

    edition = None
    known = None

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.instance.edition = self.edition
        for name, field in self.fields.items():
            column = next(
                (column for column in self._meta.model._meta.concrete_fields if column.name == name), None
            )
            target = getattr(column, "related_model", None)
            if target and issubclass(target, EditionRow):
                self.fields[name] = NamedField(
                    target,
                    self.edition,
                    self.known,
                    label=field.label,
                    required=field.required,
                    help_text=field.help_text,
                )
            elif name in LISTS:
                self.fields[name] = LISTS[name](label=field.label)
        if "position" in self.fields:
            self.fields["position"].required = False

    def _get_validation_exclusions(self):
        # The edition is not on the form, and the constraints that name it hold nevertheless.
        return super()._get_validation_exclusions() - {"edition"}


class RowForm(DraftForm):
    """A form that notices when somebody else has changed the same thing since it was shown."""

    shown = forms.CharField(widget=forms.HiddenInput, required=False, label="")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial["shown"] = fingerprint(self.instance)
            if "slug" in self.fields and self.was_published():
                self.fields["slug"].disabled = True
                self.fields["slug"].help_text = _("It was published, so it stays as it is.")
        for name in ("slug", "name", "title"):
            if name in self.fields:
                self.fields[name].widget.attrs["class"] = "vLargeTextField vTextField"

    def was_published(self):
        rows = type(self.instance)._base_manager.filter(slug=self.instance.slug)
        return rows.filter(edition__published_at__isnull=False).exists()

    def clean(self):
        cleaned = super().clean()
        if self.instance.pk and "shown" in self.fields:
            now = type(self.instance)._base_manager.get(pk=self.instance.pk)
            if cleaned.get("shown") != fingerprint(now):
                # Saving once more is then a decision: it replaces what is there now.
                self.data = self.data.copy()
                self.data[self.add_prefix("shown")] = fingerprint(now)
                raise forms.ValidationError(
                    _(
                        "Somebody else has changed this since you opened it. It now reads: %(now)s. "
                        "Your entries are below; open the page anew to see all, or save again to replace it."
                    ),
                    params={"now": "; ".join(self.differences(now)) or now},
                )
        return cleaned

    def differences(self, now):
        """Yield what a field says now, for each that differs from what was entered."""
        for name in self.changed_data:
            if name in PLAIN[type(now)]:
                yield f"{self.fields[name].label}: {getattr(now, name)}"


class UnitForm(RowForm):
    """A unit; where a new one goes is asked only once, later it is moved."""

    below = forms.CharField(label=gettext_lazy("Part of"))
    place = forms.IntegerField(
        label=gettext_lazy("Place among its neighbours"),
        required=False,
        min_value=1,
        help_text=gettext_lazy("1 is the first; empty: the last."),
    )

    class Meta:
        model = Unit
        fields = ["slug", "name", "kind", "aliases", "purpose", "replaces"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            for name in ("below", "place"):
                self.fields.pop(name, None)
        elif "below" in self.fields:
            self.fields["below"] = NamedField(Unit, self.edition, self.known, label=_("Part of"))


class MilestoneForm(RowForm):
    """A milestone; its date is written as exactly as the source has it: 2024, 2024-06 or 2024-06-16."""

    when = forms.RegexField(
        r"^\d{4}(-\d{2}(-\d{2})?)?$",
        label=gettext_lazy("Date"),
        required=False,
        help_text=gettext_lazy(
            "As exactly as the source has it: 2024, 2024-06 or 2024-06-16. Empty if relative."
        ),
    )
    inferred = forms.MultipleChoiceField(
        label=gettext_lazy("Inferred parts"),
        choices=[
            ("year", gettext_lazy("year")),
            ("month", gettext_lazy("month")),
            ("day", gettext_lazy("day")),
        ],
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("What the source leaves to infer."),
    )

    class Meta:
        model = Milestone
        fields = ["slug", "text", "certainty", "bound", "inferred", "anchor", "offset_months", "position"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        milestone = self.instance
        if milestone.pk and milestone.date:
            length = {"day": 10, "month": 7, "year": 4}[milestone.precision]
            self.initial["when"] = milestone.date.isoformat()[:length]

    def clean(self):
        cleaned = super().clean()
        columns = {"date": None, "precision": ""}
        if cleaned.get("when"):
            try:
                columns = timing({"date": cleaned["when"]})
            except ValueError:
                self.add_error("when", _("There is no such day."))
        for name, value in columns.items():
            setattr(self.instance, name, value)
        return cleaned


class DetailsForm(forms.ModelForm):
    """What a draft says of itself; notices, as RowForm, when somebody else has changed it."""

    shown = forms.CharField(widget=forms.HiddenInput)

    class Meta:
        model = Edition
        fields = ["title", "announced_on", "note"]
        widgets = {
            "title": forms.TextInput(attrs={"class": "vLargeTextField"}),
            "announced_on": forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
            "note": forms.Textarea(attrs={"rows": 3}),
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        values = [str(getattr(self.instance, name)) for name in self._meta.fields]
        self.initial["shown"] = self.now = hashlib.sha256(canonical(values)).hexdigest()

    def clean(self):
        if self.cleaned_data.get("shown") != self.now:
            raise forms.ValidationError(
                _("Somebody else has changed this since you opened it. Look at it as it is now, then save.")
            )
        return super().clean()
