"""The forms that ask where a unit goes, and what becomes of what is below one that is removed."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from units.admin.fields import NamedField
from units.admin.forms import fingerprint
from units.models import Unit
from units.trees import TreeError


class AskingForm(forms.Form):
    """A question about a unit; what the page showed of it is sent along, and held against what is now."""

    shown = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, *args, unit, **kwargs):
        super().__init__(*args, **kwargs)
        self.unit = unit
        self.initial["shown"] = self.seen(unit)

    def refuse_if_changed(self, unit):
        """Raise TreeError unless `unit`, read under the lock, is as the page showed it."""
        if self.cleaned_data["shown"] != self.seen(unit):
            raise TreeError(
                _("Somebody else has changed or moved “%(name)s” meanwhile. Look at it, then decide again.")
                % {"name": unit.name}
            )


class MoveForm(AskingForm):
    place = forms.IntegerField(
        label=gettext_lazy("Place among its neighbours there"),
        required=False,
        min_value=1,
        help_text=gettext_lazy("1 is the first; empty: the last."),
    )

    def __init__(self, *args, edition, **kwargs):
        super().__init__(*args, **kwargs)
        below = NamedField(
            Unit,
            edition,
            label=_("Make it part of"),
            initial=self.unit.parent_id,
            help_text=_("Some words of its name, or its slug."),
        )
        self.fields = {"below": below, **self.fields}

    def seen(self, unit):
        """Return where `unit` is: its parent, and what is before it there."""
        before = Unit.objects.before(unit)
        return f"{unit.parent and unit.parent.slug} {before and before.slug}"


class RemoveForm(AskingForm):
    """Where nothing is below the unit there is nothing to ask but whether."""

    def __init__(self, *args, edition, **kwargs):
        super().__init__(*args, **kwargs)
        if self.unit.units_below:
            self.fields["fate"] = forms.ChoiceField(
                label=_("What is below it (%(count)s)") % {"count": self.unit.units_below},
                choices=[("move", _("becomes part of another unit")), ("remove", _("is removed too"))],
                widget=forms.RadioSelect,
                initial="move",
            )
            self.fields["to"] = NamedField(
                Unit,
                edition,
                label=_("The other unit"),
                required=False,
                initial=self.unit.parent_id,
                help_text=_("Some words of its name, or its slug."),
            )
        self.fields["sure"] = forms.BooleanField(
            label=_("Remove it with its posts, tasks and citations"), required=True
        )

    def seen(self, unit):
        """Return what would go: the unit as it is, and how many there are below it."""
        return f"{fingerprint(unit)} {unit.units_below}"

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("fate") == "remove":
            cleaned["to"] = None
        elif "fate" in self.fields and not cleaned.get("to") and "to" not in self.errors:
            self.add_error("to", _("Say which unit it becomes part of."))
        return cleaned
