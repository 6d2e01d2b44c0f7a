"""What the lists can be asked: each parameter, and the queryset method that it means."""

from itertools import chain

from django.core.validators import RegexValidator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_filters import FilterSet
from django_filters.rest_framework import filters

from units.api.problems import ALLOWED_AT_MOST, bad_parameter, names_nothing
from units.models import Body, Certainty, Initiative, Post, Statement, Unit
from units.models.statements import owners_called
from units.search import KINDS

SLUG = r"^[-a-zA-Z0-9_]+$"
# Text that a database can be asked for: no control characters, NUL among them.
LINE = r"^[^\u0000-\u001f\u007f-\u009f]*$"
LONGEST = {"slug": 120, "text": 200}


class OneOf(filters.ChoiceFilter):
    """One of the values of a TextChoices, or of a list."""

    def __init__(self, choices, **kwargs):
        self.values = list(getattr(choices, "values", choices))
        pairs = [(value, value) for value in self.values]
        super().__init__(choices=pairs, empty_label=None, null_label=None, **kwargs)

    @property
    def schema(self):
        return {"type": "string", "enum": self.values}


class Text(filters.CharFilter):
    """A line of text; `method` says what it means."""

    schema = {"type": "string", "minLength": 1, "maxLength": LONGEST["text"], "pattern": LINE}

    def __init__(self, method, **kwargs):
        checks = {"validators": [RegexValidator(LINE)], "max_length": LONGEST["text"], "strip": False}
        super().__init__(method=method, **checks, **kwargs)


class Slug(filters.CharFilter):
    """A slug of something in the answer's edition."""

    schema = {"type": "string", "minLength": 1, "maxLength": LONGEST["slug"], "pattern": SLUG}

    def __init__(self, **kwargs):
        checks = {"validators": [RegexValidator(SLUG)], "max_length": LONGEST["slug"], "strip": False}
        super().__init__(**checks, **kwargs)


class Named(Slug):
    """The slug of a fact of `model`; means the queryset method `verb` of that fact."""

    def __init__(self, model, verb, **kwargs):
        self.fact_model, self.verb = model, verb
        super().__init__(**kwargs)

    def filter(self, queryset, slug):
        if not slug:
            return queryset
        fact = self.fact_model.objects.named(self.parent.edition, slug)
        if fact is None:
            raise nothing_named(self.field_name, [self.fact_model], self.parent.edition, slug)
        return getattr(queryset, self.verb)(fact)


def nothing_named(parameter, models, edition, slug):
    """Return the Problem that `edition` has no fact `slug` of any of `models`, with the first that it has."""
    kinds = _(" or ").join(str(model._meta.verbose_name) for model in models)
    text = _("There is no %(kind)s “%(slug)s” in this edition.") % {"kind": kinds, "slug": slug}
    slugs = [model.objects.of(edition).values_list("slug", flat=True)[:ALLOWED_AT_MOST] for model in models]
    return names_nothing(parameter, text, list(chain(*slugs))[:ALLOWED_AT_MOST])


class Asked(FilterSet):
    """The parameters of one list. `found()` is what they mean."""

    searches_names = True  # `q`; else it is a filter like the others

    def __init__(self, data, queryset, edition):
        super().__init__(data, queryset)
        self.edition = edition

    def found(self):
        """Return what was asked for, a queryset or a list of primary keys; raise a Problem for bad values."""
        self.check()
        words, order = self.form.cleaned_data.get("q"), self.form.cleaned_data.get("ordering") or "place"
        # Where nothing was chosen, the rows themselves: they know by what they are numbered.
        rows = self.qs if any(self.form.cleaned_data.values()) else self.queryset
        rows = rows.reverse() if order == "-place" else rows
        # Whole lists are gone through for names alone, without what hangs on their rows.
        names = rows.select_related(None)
        called = None
        if words and self.searches_names:
            called = [row.pk for row in names.called(words.split())]
        if not order.endswith("name"):
            return rows if called is None else called
        keys = names.by_name()
        if called is not None:
            chosen = set(called)
            keys = [key for key in keys if key in chosen]
        return keys[::-1] if order.startswith("-") else keys

    def check(self):
        """Raise the Problem with the first bad value, if there is one."""
        if self.is_valid():
            return
        name = next(iter(self.form.errors))
        field = self.form.fields[name]
        allowed = [value for value, _label in getattr(field, "choices", [])]
        if allowed:
            text = _("“%(name)s” takes one of: %(allowed)s.")
            raise bad_parameter(name, text % {"name": name, "allowed": ", ".join(allowed)}, allowed)
        if name not in self.data:
            raise bad_parameter(name, _("“%(name)s” is missing.") % {"name": name})
        raise bad_parameter(name, _("“%(name)s” takes %(what)s.") % {"name": name, "what": takes(field)})


def takes(field):
    """Return in words what the form's `field` takes."""
    if field.max_length == LONGEST["slug"]:
        return _("a slug: at most 120 letters of ASCII, digits, hyphens and underscores")
    return _("at most 200 characters, none of them a control character")


def nothing(queryset, _name, _value):
    """Leave the queryset: found() sees to this parameter."""
    return queryset


def words(help_text):
    return Text(method=nothing, help_text=help_text)


def order(*names):
    names = [name for each in ("place", *names) for name in (each, f"-{each}")]
    help_text = gettext_lazy("“place” is the order of the edition itself; a minus turns it round.")
    return OneOf(names, method=nothing, help_text=help_text)


IN_NAME = gettext_lazy("Words that are all in its name or other names.")
BRANCH = gettext_lazy("The slug of a unit: only what is in it or below it.")


class UnitsAsked(Asked):
    kind = OneOf(Unit.Kind)
    parent = Named(
        Unit, "children_of", help_text=gettext_lazy("The slug of a unit: only those directly below it.")
    )
    ancestor = Named(Unit, "below", help_text=gettext_lazy("The slug of a unit: all below it, at any depth."))
    q = words(IN_NAME)
    ordering = order("name")


class PostsAsked(Asked):
    role = OneOf(Post.Role)
    holder = OneOf(Post.Holder)
    certainty = OneOf(Certainty)
    unit = Named(Unit, "in_unit", help_text=gettext_lazy("The slug of a unit: only the posts in it."))
    ancestor = Named(Unit, "in_branch", help_text=BRANCH)
    q = words(IN_NAME)
    ordering = order("name")


class BodiesAsked(Asked):
    kind = OneOf(Body.Kind)
    q = words(IN_NAME)
    ordering = order("name")


class LegalActsAsked(Asked):
    part_of = Named(
        Initiative, "parts_of", help_text=gettext_lazy("The slug of an initiative: only its parts.")
    )
    q = words(IN_NAME)
    ordering = order("name")


class InitiativesAsked(LegalActsAsked):
    kind = OneOf(Initiative.Kind)


class Owner(Slug):
    """The slug of the unit, post or body that a statement is of."""

    def filter(self, queryset, slug):
        if not slug:
            return queryset
        if not owners_called(self.parent.edition, slug):
            raise nothing_named("owner", [Unit, Post, Body], self.parent.edition, slug)
        return queryset.owned_by(self.parent.edition, slug)


def with_part(queryset, _name, part):
    return queryset.chosen(part=part)


def saying(queryset, _name, text):
    return queryset.saying(text.split())


def with_theme(queryset, _name, theme):
    return queryset.chosen(theme=theme)


class StatementsAsked(Asked):
    searches_names = False
    owner = Owner(help_text=gettext_lazy("The slug of the unit, post or body whose it is."))
    ancestor = Named(Unit, "in_branch", help_text=BRANCH)
    part = OneOf(Statement.Part, method=with_part)
    theme = Text(method=with_theme, help_text=gettext_lazy("The theme, as it is written in the answers."))
    certainty = OneOf(Certainty)
    initiative = Named(
        Initiative,
        "about_the_initiative",
        help_text=gettext_lazy("The slug of the initiative that it is about."),
    )
    body = Named(
        Body, "with_the_body", help_text=gettext_lazy("The slug of a body: what is of it or about it.")
    )
    q = Text(method=saying, help_text=gettext_lazy("Words that are all in its text."))
    ordering = order()


class TasksAsked(StatementsAsked):
    part = OneOf(Statement.TASK_PARTS, method=with_part)


class MilestonesAsked(Asked):
    certainty = OneOf(Certainty)
    initiative = Named(
        Initiative, "about", help_text=gettext_lazy("The slug of the initiative that it is about.")
    )
    body = Named(Body, "about", help_text=gettext_lazy("The slug of the body that it is about."))
    unit = Named(Unit, "about", help_text=gettext_lazy("The slug of the unit that it is about."))

    def found(self):
        """Return the primary keys of the milestones asked for, in the order of time."""
        return super().found().in_time_of(self.edition)


class SourcesAsked(Asked):
    q = words(gettext_lazy("Words that are all in its title."))
    ordering = order("name")


class SearchAsked(Asked):
    q = Text(
        method=nothing,
        required=True,
        help_text=gettext_lazy("What to look for, in any words: a subject, a name, a whole question."),
    )
    kind = OneOf(KINDS, method=nothing, help_text=gettext_lazy("Only answers of that kind."))

    def found(self):
        """Return (what to look for, the kind or an empty text); raise a Problem for bad values."""
        self.check()
        return self.form.cleaned_data["q"], self.form.cleaned_data["kind"]
