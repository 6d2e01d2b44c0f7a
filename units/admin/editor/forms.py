"""The questions of the tree editor: a name, a new unit, where it goes, what becomes of what is below it."""

import re
import unicodedata

from django import forms
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from units.admin.fields import NamedField, PrintableText
from units.admin.forms import fingerprint
from units.documents.checking import check_alone
from units.models import Milestone, Passage, Post, Statement, Unit
from units.trees import TreeError

REFERRING_AT_MOST = 10
NAME = {"max_length": 300, "widget": forms.TextInput(attrs={"class": "vTextField", "autocomplete": "off"})}


class Question(PrintableText, forms.Form):
    """A question about `unit` of `edition`."""

    prefix = None
    use_required_attribute = False

    def __init__(self, *args, edition, unit, **kwargs):
        super().__init__(*args, auto_id="ask-%s", **kwargs)
        self.edition, self.unit = edition, unit

    def refuse_what_no_document_takes(self, values):
        """Put what a document can't hold of a unit with `values` beside its field."""
        for problem in check_alone("unit", values):
            name = re.split(r"[.\[]", problem.path)[0]
            message = (
                _("Small letters, digits and hyphens only: ai-office.") if name == "slug" else problem.message
            )
            if name not in self.errors:
                self.add_error(name if name in self.fields else None, message)


class RenameForm(Question):
    button = gettext_lazy("Rename")
    seen = forms.CharField(widget=forms.HiddenInput, strip=False)
    name = forms.CharField(label=gettext_lazy("Name"), **NAME)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial |= {"name": self.unit.name, "seen": self.unit.name}

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("name"):
            self.refuse_what_no_document_takes({"name": cleaned["name"]})
        return cleaned

    def arguments(self):
        return {"slug": self.unit.slug, "seen": self.cleaned_data["seen"], "name": self.cleaned_data["name"]}


class AddForm(Question):
    """A new unit; its slug is made from its name where none is given."""

    button = gettext_lazy("Add")
    name = forms.CharField(label=gettext_lazy("Name"), **NAME)
    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=Unit.Kind.choices, initial=Unit.Kind.UNIT)
    slug = forms.CharField(
        label=gettext_lazy("Slug"),
        required=False,
        max_length=120,
        help_text=gettext_lazy("Its name in addresses; empty: made from its name."),
    )

    def __init__(self, *args, where="below", **kwargs):
        super().__init__(*args, **kwargs)
        self.where = where
        self.fields["passage"] = NamedField(
            Passage,
            self.edition,
            label=_("Source"),
            help_text=_("The passage that says so, such as ip-24-2982#8, or some of its words."),
        )

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("name"):
            cleaned["slug"] = cleaned.get("slug") or slug_of(cleaned["name"])
            if not cleaned["slug"]:
                self.add_error("slug", _("Its name has no letters to make a slug of; write one."))
            self.refuse_what_no_document_takes(
                {name: cleaned[name] for name in ("slug", "name") if cleaned.get(name)}
            )
        return cleaned

    def arguments(self):
        values = {name: self.cleaned_data[name] for name in ("slug", "name", "kind")}
        passage = self.cleaned_data["passage"]
        return {"at": self.unit.slug, "where": self.where, "values": values, "passage": passage}


class MoveForm(Question):
    button = gettext_lazy("Move")
    number = forms.IntegerField(
        label=gettext_lazy("Place among its neighbours there"),
        required=False,
        min_value=1,
        help_text=gettext_lazy("1 is the first; empty: the last."),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields = {"below": _unit_field(self.edition, _("Make it part of")), **self.fields}

    def arguments(self):
        below, number = self.cleaned_data["below"].slug, self.cleaned_data["number"]
        return {"slug": self.unit.slug, "below": below, "number": number}


class RemoveForm(Question):
    """Where nothing is below the unit or in it there is nothing to ask but whether."""

    button = gettext_lazy("Remove")
    shown = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial["shown"] = fingerprint(self.unit, inside=True)
        inside = {"posts": 0, "said": 0}
        if self.unit.parent_id:
            inside["posts"] = Post.objects.filter(edition=self.edition, unit=self.unit).count()
            inside["said"] = Statement.objects.filter(edition=self.edition, unit=self.unit).count()
        above = self.unit.parent.name if self.unit.parent else ""
        fates = [
            ("up", _("become part of “%(name)s”") % {"name": above}),
            ("to", _("become part of another unit")),
            ("remove", _("are removed too")),
        ]
        if self.unit.units_below:
            label = _("The units below it (%(count)s)") % {"count": self.unit.units_below}
            self.fields["units"] = _fate(label, fates)
        if inside["posts"] or inside["said"]:
            label = _("Its own posts (%(posts)s) and tasks (%(said)s)") % inside
            self.fields["inside"] = _fate(label, fates)
        if "units" in self.fields or "inside" in self.fields:
            self.fields["to"] = _unit_field(self.edition, _("The other unit"), required=False)

    def refuse_if_changed(self):
        """Raise TreeError unless what would go is as the page showed it."""
        if self.data.get("shown") != self.initial["shown"]:
            raise TreeError(
                _("Somebody else has changed “%(name)s” or what is in it meanwhile. Look again, then decide.")
                % {"name": self.unit.name}
            )

    def clean(self):
        cleaned = super().clean()
        if "to" in (cleaned.get("units"), cleaned.get("inside")):
            if not cleaned.get("to") and "to" not in self.errors:
                self.add_error("to", _("Say which unit they become part of."))
        else:
            self.errors.pop("to", None)
        return cleaned

    def arguments(self):
        to = self.cleaned_data.get("to")
        return {
            **{"slug": self.unit.slug, "to": to.slug if to else None},
            "units": self.cleaned_data.get("units", "remove"),
            "inside": self.cleaned_data.get("inside", "remove"),
        }

    def referring(self):
        """Return what refers to the unit or to what is below it, and isn't itself in there: for the page."""
        inside = Unit.objects.inside(self.unit)
        found = []
        for model in (Milestone, Statement):
            rows = model.objects.filter(edition=self.edition, about_unit__in=inside.order_by())
            if model is Statement:
                rows = rows.exclude(unit__in=inside.order_by()).exclude(post__unit__in=inside.order_by())
            found += rows.select_related("about_unit")[:REFERRING_AT_MOST]
        return [
            {"row": row, "address": reverse(f"admin:units_{row._meta.model_name}_change", args=[row.pk])}
            for row in found
        ]


def slug_of(name):
    """Return a slug made of the letters and digits of `name`."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:120].strip("-")


def _fate(label, fates):
    return forms.ChoiceField(label=label, choices=fates, widget=forms.RadioSelect, initial="up")


def _unit_field(edition, label, required=True):
    help_text = _("Some words of its name, or its slug.")
    return NamedField(Unit, edition, label=label, required=required, help_text=help_text)
