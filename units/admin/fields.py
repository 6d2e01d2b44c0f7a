"""Form fields for what a document holds: names of other things, lines, other names, dates as printed."""

from django import forms
from django.contrib.admin import site
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from units.models import Passage

CHOICES_AT_MOST = 300
FOUND_AT_MOST = 20


def named(rows):
    """Return [(what to write, what it is called), …] of `rows`, Facts or Passages."""
    return [
        (getattr(row, "reference", None) or row.slug, row.says if isinstance(row, Passage) else str(row))
        for row in rows
    ]


class NamedWidget(forms.TextInput):
    """A line with suggestions that the browser offers while one types, or asks for where there are many.

    Without a script it works too: what was written in part comes back with all that it may mean, to choose
    from. A choice comes after the line in the form, so it is the value that counts.
    """

    template_name = "admin/units/named_input.html"
    suggestions = ()
    found = ()
    ask = ""  # the address that gives suggestions, where not all of them are on the page

    class Media:
        js = ["units/suggest.js"]

    def get_context(self, name, value, attrs):
        context = super().get_context(name, value, attrs)
        context["widget"]["attrs"] |= {"list": f"{name}-suggestions", "autocomplete": "off"}
        if self.ask:
            context["widget"]["attrs"]["data-ask"] = self.ask
        return context | {"suggestions": self.suggestions, "found": self.found}


class NamedField(forms.CharField):
    """A row of the same edition, written as its slug (`ai-office`) or name, a passage as `ip-24-2982#8`.

    `known` is a dictionary in which the fields of one page share what they suggest.
    """

    widget = NamedWidget

    def __init__(self, model, edition, known=None, **options):
        super().__init__(**options)
        self.model, self.edition = model, edition
        known = {} if known is None else known
        if model not in known:
            known[model] = named(self.rows()[: CHOICES_AT_MOST + 1])
        self.widget.suggestions = known[model][:CHOICES_AT_MOST]
        if len(known[model]) > CHOICES_AT_MOST:
            self.widget.ask = reverse(f"admin:units_{model._meta.model_name}_suggestions")

    def rows(self):
        rows = self.model.objects.of(self.edition)
        return rows.select_related("source") if self.model is Passage else rows

    def found(self, words):
        """Return the rows that the admin's search finds for `words`, at most FOUND_AT_MOST."""
        rows, _duplicates = site.get_model_admin(self.model).get_search_results(None, self.rows(), words)
        return list(rows[:FOUND_AT_MOST])

    def written(self, row):
        return row.reference if self.model is Passage else row.slug

    def prepare_value(self, value):
        if isinstance(value, int):
            row = self.rows().filter(pk=value).first()
            return self.written(row) if row else ""
        return value

    def to_python(self, value):
        """Return the row; raises ValidationError where there is none of that name."""
        written = super().to_python(value).strip()
        if not written:
            return None
        if self.model is Passage:
            slug, _sign, number = written.partition("#")
            rows = self.rows().filter(source__slug=slug, number=int(number) if number.isdecimal() else 0)
        else:
            rows = self.rows().filter(slug=written)
        row = rows.first()
        if row is None:
            found = self.found(written)
            if [str(one) for one in found] == [written]:
                return found[0]
            self.widget.found = named(found)
            if found:
                sentence = _("“%(written)s” may mean several: choose one, or write more of the name.")
            else:
                sentence = _("There is no %(what)s “%(written)s” in this draft.")
            what = self.model._meta.verbose_name
            raise forms.ValidationError(sentence, params={"what": what, "written": written})
        return row

    def validate(self, value):
        if self.required and value is None:
            raise forms.ValidationError(self.error_messages["required"], code="required")

    def run_validators(self, value):
        """Do nothing: what has been found is a row."""

    def has_changed(self, initial, data):
        return (self.prepare_value(initial) or "") != (data or "").strip()


class LinesField(forms.CharField):
    """A list of texts, one on each line."""

    widget = forms.Textarea(attrs={"rows": 3})

    def __init__(self, **options):
        options.setdefault("help_text", gettext_lazy("One on each line."))
        super().__init__(required=False, **options)

    def prepare_value(self, value):
        return "\n".join(value) if isinstance(value, list) else value

    def to_python(self, value):
        return [line.strip() for line in super().to_python(value).splitlines() if line.strip()]

    def has_changed(self, initial, data):
        return (initial or []) != self.to_python(data)


class AliasesField(LinesField):
    """Other names, one on each line; a star before a name marks it as ours, used by no source."""

    def __init__(self, **options):
        help_text = gettext_lazy("One on each line; with * before it where no source uses the name.")
        super().__init__(help_text=help_text, **options)

    def prepare_value(self, value):
        if isinstance(value, list):
            return "\n".join(f"{'* ' if alias.get('editorial') else ''}{alias['name']}" for alias in value)
        return value

    def to_python(self, value):
        names = super().to_python(value)
        return [
            {"name": name[1:].strip(), "editorial": True} if name.startswith("*") else {"name": name}
            for name in names
        ]


class CompositionField(LinesField):
    """Who sits in a body, one group on each line; a last line of three dots leaves the list open."""

    def __init__(self, **options):
        help_text = gettext_lazy(
            "One group on each line; a last line … where the source’s list is not complete."
        )
        super().__init__(help_text=help_text, **options)

    def prepare_value(self, value):
        if isinstance(value, dict):
            return "\n".join([*value.get("groups", []), *(["…"] if value.get("open") else [])])
        return value

    def to_python(self, value):
        groups = super().to_python(value)
        is_open = bool(groups) and groups[-1] in ("…", "...")
        groups = groups[:-1] if is_open else groups
        return ({"groups": groups} | ({"open": True} if is_open else {})) if groups else {}

    def has_changed(self, initial, data):
        return (initial or {}) != self.to_python(data)
