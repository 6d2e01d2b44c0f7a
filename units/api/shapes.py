"""The members of every answer, for the OpenAPI document; answers.py fills them.

`help_text` is what the reference page says of a member.
"""

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers as s

from units.diff import KINDS, VERBS
from units.models import Body, Certainty, Citation, Initiative, Milestone, Post, Statement, Unit
from units.search import KINDS as SEARCH_KINDS

FACT_KINDS = ["unit", "post", "body", "initiative"]


def string(help_text="", **kwargs):
    return s.CharField(help_text=help_text, **kwargs)


def stated(help_text="", **kwargs):
    """Return a text that is null where the sources don't state it."""
    return s.CharField(help_text=help_text, allow_null=True, **kwargs)


def texts(help_text=""):
    return s.ListField(child=s.CharField(), help_text=help_text)


def choice(choices, help_text="", **kwargs):
    return s.ChoiceField(choices=getattr(choices, "values", choices), help_text=help_text, **kwargs)


def address(help_text="", **kwargs):
    return s.URLField(help_text=help_text, **kwargs)


class EditionName(s.Serializer):
    id = string(_("Names exactly this edition: its day, and the number of its revision."))
    effective_on = s.DateField(help_text=_("The day on which it took, or takes, effect."))
    sha256 = string(_("The hash of its document."))
    url = address()


class Related(s.Serializer):
    slug = string(_("Its identifier, the same in every edition."))
    name = string()
    url = address(_("Its address in this API, for the same edition and day."))


class RelatedOwner(Related):
    kind = choice(["unit", "post", "body"])


class RelatedFact(Related):
    kind = choice(["unit", "body", "initiative"])


class CitationShape(s.Serializer):
    source = Related()
    passage = s.IntegerField(help_text=_("The number of the sentence in the source."))
    original = address(_("The link to that sentence in the original, where one is known."), allow_null=True)
    field = choice(Citation.Field, _("The one member that it proves; null: the whole."), allow_null=True)
    note = stated()


class Alias(s.Serializer):
    name = string()
    editorial = s.BooleanField(help_text=_("True where it is our name and no source uses it."))


class Composition(s.Serializer):
    groups = texts(_("Who sits there."))
    open = s.BooleanField(help_text=_("True where the source’s list is not complete."))


class Fact(s.Serializer):
    """What every answer about a thing of an edition begins and ends with."""

    slug = string(_("Its identifier, the same in every edition."))
    name = string()
    url = address(_("Its address in this API, for the same edition and day."))
    page = address(_("The page about it, for people."))

    def get_fields(self):
        fields = super().get_fields()
        # Last, because it is long.
        fields["citations"] = CitationShape(many=True, help_text=_("The sentences that it stands on."))
        return fields


class UnitShape(Fact):
    kind = choice(Unit.Kind)
    purpose = stated()
    aliases = Alias(many=True)
    parent = Related(allow_null=True, help_text=_("The unit that it is part of; null for the root."))
    posts = Related(many=True, help_text=_("The posts in it, those that lead first."))
    replaces = texts(_("The slugs of the units of earlier editions that it follows."))
    units_below = s.IntegerField(help_text=_("How many units are below it, at any depth."))


class Node(Fact):
    kind = choice(Unit.Kind)
    depth = s.IntegerField(help_text=_("How far below the root of the chart it is: 0 for the root itself."))
    parent = Related(allow_null=True)

    def get_fields(self):
        fields = super().get_fields()
        fields["units"] = s.ListField(
            child=s.DictField(),
            required=False,
            help_text=_("With shape=nested: the same of the units below it."),
        )
        return fields


class AppointmentSource(s.Serializer):
    name = string()
    original = address(allow_null=True)


class Term(s.Serializer):
    starts_on = s.DateField(allow_null=True, help_text=_("Null: not stated."))
    ends_on = s.DateField(allow_null=True, help_text=_("The last day. Null: not stated."))
    source = AppointmentSource()


class Holder(Term):
    name = string()
    official_page = address(allow_null=True)


class PostShape(Fact):
    role = choice(Post.Role)
    unit = Related()
    holder = choice(Post.Holder, _("What the sources of the edition say of its holder."))
    people = Holder(
        many=True,
        allow_null=True,
        help_text=_("Who holds it on that day and may be named; null with “edition”, which names nobody."),
    )
    certainty = choice(Certainty, allow_null=True)


class AppointmentShape(Term):
    post = Related()


class PersonShape(s.Serializer):
    name = string()
    official_page = address(allow_null=True)
    appointments = AppointmentShape(many=True)


class BodyShape(Fact):
    kind = choice(Body.Kind, _("A body of its own, or an unnamed group of such."))
    aliases = Alias(many=True)
    composition = Composition(allow_null=True)


class InitiativeShape(Fact):
    kind = choice(Initiative.Kind)
    description = stated()
    aliases = Alias(many=True)
    part_of = Related(allow_null=True)


class StatementShape(Fact):
    name = None
    text = string(_("What it says, in our words and without its subject."))
    owner = RelatedOwner(help_text=_("Whose task it is."))
    part = choice(Statement.Part, _("The owner’s part in it."))
    about = RelatedFact(allow_null=True)
    certainty = choice(Certainty, _("How the source puts it."))
    theme = stated()
    goal = stated()
    condition = stated()
    partners = texts()
    examples = texts()
    open = s.BooleanField(help_text=_("True where the source’s list is not complete."))
    quantity = s.IntegerField(allow_null=True)
    comparator = choice(Statement.Comparator, allow_null=True)


class TaskShape(StatementShape):
    part = choice(Statement.TASK_PARTS, _("The owner’s part in it."))


class After(s.Serializer):
    milestone = Related()
    months = s.IntegerField()


class MilestoneShape(Fact):
    name = None
    text = string()
    when = string(_("The date in words, as exact as the source is."))
    certainty = choice(Certainty, _("How the source puts it."))
    date = stated(_("As exact as the source is: 2024-07-10, 2024-06 or 2025. Null where it is relative."))
    precision = choice(Milestone.Precision, allow_null=True)
    bound = choice(Milestone.Bound, _("Whether on that date, or by the end of it."), allow_null=True)
    latest_day = s.DateField(allow_null=True, help_text=_("The latest day that the source’s words allow."))
    inferred = texts(_("The parts of the date that the source leaves to infer."))
    after = After(allow_null=True, help_text=_("Counted from another milestone."))
    about = RelatedFact(allow_null=True)


class SourceShape(Fact):
    publisher = string()
    identifier = stated()
    published = string(_("The day, or the day and time as printed."))
    original = address(_("Null where no address is known."), allow_null=True)
    republishes = Related(allow_null=True)
    note = stated()
    passages_total = s.IntegerField()


class PassageShape(s.Serializer):
    number = s.IntegerField(help_text=_("Its number in the source."))
    says = string(_("What it says, in our words."))
    page = address()
    original = address(_("The link to it in the original, where one is known."), allow_null=True)
    section = stated(_("The heading it stands under."))
    paragraph = s.IntegerField(allow_null=True)
    sentence = s.IntegerField(allow_null=True)
    ambiguity = stated(_("What it leaves open, and how this edition reads it."))


class FoundStatement(s.Serializer):
    slug = string()
    text = string(_("What it says, in our words and without its subject."))
    part = choice(Statement.Part, _("The part in it that the answer has."))
    certainty = choice(Certainty, _("How the source puts it."))
    url = address()
    page = address()
    citations = CitationShape(many=True)


class FoundShape(Fact):
    kind = choice(SEARCH_KINDS)
    reason = stated(_("Why it is an answer, in a few words; null where its name says so."))
    statements = FoundStatement(many=True, help_text=_("What is said of it that was found, the first few."))
    statements_total = s.IntegerField(help_text=_("How much is said of it that was found."))
    every_word = s.BooleanField(help_text=_("False where it has only some of the words."))


class FoundPerson(s.Serializer):
    name = string()
    post = Related(help_text=_("The post that is held by somebody of that name."))
    page = address(_("The page about that post, for people."))


def beside_what_is_found():
    """Return the members of a search's answer beside its results."""
    return {
        "counts": s.DictField(
            child=s.IntegerField(), help_text=_("How many answers there are of each kind.")
        ),
        "more": s.BooleanField(
            help_text=_("True where more fits than is ranked: only the best are counted.")
        ),
        "people": FoundPerson(many=True, help_text=_("Who has that name, as far as it may be told.")),
        "corrected": s.DictField(
            child=s.ListField(child=s.CharField()),
            help_text=_("Words that were taken for slips, and what was looked for instead."),
        ),
        "unknown": texts(_("Words that nothing in the edition is like.")),
        "nearest": texts(_("Words to try instead, where nothing was found.")),
    }


class Document(s.Serializer):
    url = address(_("The document itself, byte for byte as it was published."))
    size = s.IntegerField(help_text=_("In bytes."))
    sha256 = string(_("The hash of those bytes."))


class EditionShape(EditionName):
    page = address()
    title = string()
    note = stated()
    revision = s.IntegerField(help_text=_("1, or more for a correction of the same day."))
    announced_on = s.DateField(allow_null=True)
    published_at = s.DateTimeField()
    follows = EditionName(allow_null=True, help_text=_("The edition before it; null for the first."))
    document = Document()


class Difference(s.Serializer):
    verb = choice(list(VERBS))
    kind = choice(list(KINDS))
    slug = stated(_("Null for the edition itself."))
    name = string()
    of = stated(_("What it is nested in, by name."))
    field = stated(_("The member that changed."))
    before = s.JSONField(allow_null=True)
    after = s.JSONField(allow_null=True)


class ChangeShape(s.Serializer):
    edition = EditionName()
    title = string()
    published_at = s.DateTimeField()
    follows = EditionName(allow_null=True, help_text=_("What it differs from; null for the first edition."))
    url = address(_("All its differences."))
    page = address(_("The page about it, for people."))
    differences_total = s.IntegerField()
    differences = Difference(many=True, help_text=_("The first hundred; “url” has them all."))


class Resource(s.Serializer):
    name = string()
    url = address()
    about = string()


class Start(s.Serializer):
    documentation = address()
    openapi = address()
    resources = Resource(many=True)


class ProblemShape(s.Serializer):
    """A refusal, as RFC 9457 has it."""

    type = address(_("What kind of problem it is, explained there."))
    title = string()
    status = s.IntegerField()
    detail = string(_("A sentence about this very case."))
    parameter = string(_("The parameter that is wrong."), required=False)
    allowed = s.ListField(child=s.CharField(), required=False, help_text=_("What is allowed instead."))
    in_editions = EditionName(many=True, required=False, help_text=_("The editions that have it."))
    followed_by = Related(many=True, required=False, help_text=_("The units that came after it."))
