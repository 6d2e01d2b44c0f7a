"""The forms for what is in a draft."""

import hashlib
import re

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from units.admin.fields import AliasesField, CompositionField, LinesField, NamedField, PrintableText
from units.documents import canonical
from units.documents.checking import check_alone
from units.documents.form import PLAIN
from units.documents.loading import timing
from units.models import Body, Citation, Edition, EditionRow, Fact, Milestone, Post, Statement, Unit

LISTS = {
    **{"aliases": AliasesField, "composition": CompositionField, "replaces": LinesField},
    **{"partners": LinesField, "examples": LinesField},
}


# The columns of a form whose members of a document have other names.
FIELD_OF = {"date": "when"}
CHAINS = ["part_of", "anchor", "republishes"]


def fingerprint(fact, inside=False):
    """Return a hash of what a form of the row `fact` shows: its columns, what it refers to, its citations.

    Two rows of different editions that say the same have the same. With `inside` it is also of what would
    go with the row: the units below it, their posts, and what is said of them.
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
    shown = {"columns": columns, "cites": cites}
    if inside:
        shown["inside"] = [[str(getattr(row, name)) for name in PLAIN[type(row)]] for row in inside_of(fact)]
    return hashlib.sha256(canonical(shown)).hexdigest()


def inside_of(fact):
    """Return the rows that go when `fact` goes, its citations aside: units, posts, statements."""
    units = list(Unit.objects.inside(fact)) if isinstance(fact, Unit) else []
    posts = list(Post.objects.in_units(units)) if units else [fact] if isinstance(fact, Post) else []
    bodies = [fact] if isinstance(fact, Body) else []
    said = list(Statement.objects.said_of_any(units, posts, bodies))
    return [row for row in [*units, *posts, *said] if row != fact]


class DraftForm(PrintableText, forms.ModelForm):
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
                    params={"now": "; ".join(self.differences(now)) or _("its sources are others")},
                )
        return cleaned

    def differences(self, now):
        """Return what each field says now that differs from what was entered."""
        said = []
        for name in self.changed_data:
            if name not in ("shown", "position"):
                field = self.fields[name]
                value = field.prepare_value(self.initial.get(name))
                said.append(f"{field.label}: {_('nothing') if value in (None, '', []) else value}")
        return said

    def _post_clean(self):
        """Hold the row against what a document may say, so that publication has nothing to refuse."""
        super()._post_clean()
        if self.errors:
            return
        item = {name: getattr(self.instance, name) for name in PLAIN[type(self.instance)]}
        item = {name: value for name, value in item.items() if value not in (None, False, "", [], {})}
        if self.cleaned_data.get("when"):
            item["date"] = self.cleaned_data["when"]
        for problem in check_alone(self.instance._meta.model_name, item):
            name = re.split(r"[.\[]", problem.path)[0]
            name = FIELD_OF.get(name, name)
            message = (
                _("Small letters, digits and hyphens only: ai-office.") if name == "slug" else problem.message
            )
            self.add_error(name if name in self.fields else None, message)
        for name in CHAINS:
            if name in self.fields and self.goes_round(name):
                self.add_error(name, _("This would go round in a circle."))

    def goes_round(self, name):
        """Whether following the reference `name` leads back to this row."""
        other, seen = self.cleaned_data.get(name), set()
        while other and other.pk not in seen:
            if other.pk == self.instance.pk:
                return True
            seen.add(other.pk)
            other = getattr(other, name)
        return False


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
        fields = PLAIN[Unit]

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

    def _get_validation_exclusions(self):
        # Made from "when"; the constraint that a milestone is dated or relative is about them too.
        return super()._get_validation_exclusions() - {"date", "precision"}


class PublishForm(PrintableText, forms.Form):
    effective_on = forms.DateField(
        label=gettext_lazy("Takes effect on"),
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        help_text=gettext_lazy(
            "The date of an existing edition makes a correction of it; any other date a new one."
        ),
    )
    title = forms.CharField(
        label=gettext_lazy("Title"),
        max_length=300,
        widget=forms.TextInput(attrs={"class": "vLargeTextField"}),
    )
    note = forms.CharField(
        label=gettext_lazy("Note"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("What readers should know about this edition as a whole."),
    )


class DetailsForm(PrintableText, forms.ModelForm):
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
