"""The forms that ask where a unit goes, and what becomes of what is below one that is removed."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from units.admin.fields import NamedField
from units.models import Unit


class MoveForm(forms.Form):
    place = forms.IntegerField(
        label=gettext_lazy("Place among its neighbours there"),
        required=False,
        min_value=1,
        help_text=gettext_lazy("1 is the first; empty: the last."),
    )

    def __init__(self, *args, edition, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields = {"below": NamedField(Unit, edition, label=_("Make it part of")), **self.fields}


class RemoveForm(forms.Form):
    """Where nothing is below the unit there is nothing to ask but whether."""

    def __init__(self, *args, edition, unit, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["sure"] = forms.BooleanField(
            label=_("Remove it with its posts, tasks and citations"), required=True
        )
        if unit.units_below:
            self.fields["fate"] = forms.ChoiceField(
                label=_("What is below it (%(count)s)") % {"count": unit.units_below},
                choices=[("move", _("becomes part of another unit")), ("remove", _("is removed too"))],
                widget=forms.RadioSelect,
                initial="move",
            )
            self.fields["to"] = NamedField(
                Unit, edition, label=_("The other unit"), required=False, initial=unit.parent_id
            )

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("fate") == "remove":
            cleaned["to"] = None
        elif "fate" in self.fields and not cleaned.get("to") and "to" not in self.errors:
            self.add_error("to", _("Say which unit it becomes part of."))
        return cleaned
