"""Sources, their passages, and the citations that tie every fact to one."""

from urllib.parse import quote

from django.db import models
from django.db.models import Q
from django.db.models.functions import RowNumber
from django.utils.translation import gettext_lazy as _

from units.models.rows import EditionRow, EditionRowQuerySet, Fact, every_word


class Certainty(models.TextChoices):
    """How the source puts it."""

    ACTUAL = "actual", _("stated as a fact")
    PLANNED = "planned", _("planned")
    INTENDED = "intended", _("stated as a purpose")
    EXPECTED = "expected", _("expected")
    DUE = "due", _("due")


class SourceQuerySet(EditionRowQuerySet):
    name_field = "title"

    def named(self, edition, slug):
        """Return the source `slug` of `edition` with what it republishes, or None."""
        return self.select_related("republishes").filter(edition=edition, slug=slug).first()

    def called(self, words):
        """Return the sources with every one of `words` in their title, as a list."""
        return list(self.filter(every_word("title", words)))

    def for_list(self):
        """Return the sources with what they republish, each with `passages_total`."""
        return self.select_related("republishes").annotate(passages_total=models.Count("passages"))


class Source(Fact):
    """A document that facts are taken from."""

    title = models.CharField(_("title"), max_length=500)
    publisher = models.CharField(_("publisher"), max_length=300)
    identifier = models.CharField(
        _("identifier"), max_length=100, blank=True, help_text=_("As printed: IP/24/2982.")
    )
    published = models.CharField(
        _("published"),
        max_length=16,
        help_text=_("The day, or the day and time as printed: 2024-05-29 or 2024-06-03T10:43."),
    )
    address = models.URLField(
        _("address"), max_length=500, blank=True, help_text=_("Empty where none is known.")
    )
    republishes = models.ForeignKey(
        "self", models.RESTRICT, null=True, blank=True, verbose_name=_("republishes")
    )
    note = models.TextField(_("note"), blank=True)

    objects = SourceQuerySet.as_manager()

    class Meta(Fact.Meta):
        verbose_name = _("source")
        verbose_name_plural = _("sources")

    def __str__(self):
        return self.title


class PassageQuerySet(EditionRowQuerySet):
    def of_source(self, source):
        """Return the source's passages in reading order."""
        return self.filter(source=source).order_by("number")

    def for_list(self):
        """Return these passages with their source."""
        return self.select_related("source")


class Passage(EditionRow):
    """A numbered sentence of a source: where it stands and what it says in our words, never its text."""

    source = models.ForeignKey(
        Source, models.CASCADE, related_name="passages", db_index=False, verbose_name=_("source")
    )
    number = models.PositiveIntegerField(_("number"))
    section = models.CharField(
        _("section"), max_length=300, blank=True, help_text=_("The heading it stands under.")
    )
    paragraph = models.PositiveIntegerField(_("paragraph"), null=True, blank=True)
    sentence = models.PositiveIntegerField(_("sentence"), null=True, blank=True)
    says = models.TextField(_("says"), help_text=_("What it says, in a few words of our own."))
    starts = models.CharField(_("first words"), max_length=80, blank=True)
    ends = models.CharField(_("last words"), max_length=80, blank=True)
    ambiguity = models.TextField(
        _("ambiguity"), blank=True, help_text=_("What it leaves open, and how this edition reads it.")
    )

    objects = PassageQuerySet.as_manager()
    OWNERS = ("source",)

    class Meta(EditionRow.Meta):
        verbose_name = _("passage")
        verbose_name_plural = _("passages")
        constraints = [
            models.UniqueConstraint(
                fields=["source", "number"],
                name="passage_number_once",
                violation_error_message=_("This source has a passage with that number already."),
            )
        ]
        indexes = [models.Index(fields=["edition", "position"], name="passage_in_edition")]

    def __str__(self):
        return self.reference

    @property
    def reference(self):
        """How a document refers to it: `ip-24-2982#12`."""
        return f"{self.source.slug}#{self.number}"

    @property
    def address(self):
        """The link to this sentence in the original (a text fragment, best effort), or an empty string."""
        if not self.source.address or not self.starts:
            return self.source.address
        words = [quote(part, safe="").replace("-", "%2D") for part in (self.starts, self.ends) if part]
        return f"{self.source.address}#:~:text={','.join(words)}"


# What names each kind of fact together with itself.
NAMED_BY = {
    "unit": "unit__parent",
    "post": "post__unit",
    "body": "body",
    "initiative": "initiative__part_of",
    "statement": "statement",
    "milestone": "milestone__anchor",
    "source": "source",
}
TARGETS = ["unit", "post", "body", "initiative", "statement", "milestone", "source"]


def exactly_one(names):
    """Return the condition that exactly one of the fields `names` is set."""
    condition = Q()
    for chosen in names:
        condition |= Q(**{f"{name}__isnull": name != chosen for name in names})
    return condition


def indexes_where_set(prefix, names):
    """Return an index for each nullable foreign key in `names`, over the rows that use it."""
    return [
        models.Index(fields=[name], condition=Q(**{f"{name}__isnull": False}), name=f"{prefix}_by_{name}")
        for name in names
    ]


class CitationQuerySet(EditionRowQuerySet):
    def of_facts(self, facts):
        """Return the citations of `facts`, rows of any citable kinds."""
        condition = Q(pk__in=[])
        for kind in {fact._meta.model_name for fact in facts}:
            condition |= Q(**{f"{kind}__in": [fact.pk for fact in facts if fact._meta.model_name == kind]})
        return self.filter(condition)

    def of_units(self, units):
        """Return the citations of `units`, a queryset of Unit that is not sliced."""
        return self.filter(unit__in=units.order_by().values("pk"))

    def for_display(self):
        """Return the citations with their passages and sources, in the order in which they were given."""
        return self.select_related("passage__source").order_by("position", "pk")

    def in_short(self):
        """Yield (kind of fact, its primary key, field, note, Passage with its source), in their order.

        Narrow rows, and each passage made once: a large answer has thousands of citations of a few passages.
        """
        columns = ["number", "starts", "ends", "source__slug", "source__title", "source__address"]
        columns = ["field", "note", "passage_id", *(f"passage__{name}" for name in columns)]
        passages = {}
        for row in self.order_by("position", "pk").values_list(*columns, *(f"{name}_id" for name in TARGETS)):
            field, note, key, number, starts, ends, slug, title, address, *targets = row
            if key not in passages:
                source = Source(slug=slug, title=title, address=address)
                passages[key] = Passage(number=number, starts=starts, ends=ends, source=source)
            [target] = [(kind, fact) for kind, fact in zip(TARGETS, targets, strict=True) if fact is not None]
            yield *target, field, note, passages[key]

    def of_slugs(self, edition, slugs, with_passages=True):
        """Return the citations of the facts of `edition` with `slugs`, {kind: [slug, …]}: a list, in order.

        Each with the fact, what names it, and the passage, if it is wanted. Two queries, whatever kinds there
        are.
        """
        found, keys = {}, []
        kinds = [kind for kind in TARGETS if slugs.get(kind)]
        for kind in kinds:
            model = self.model._meta.get_field(kind).related_model
            rows = model._base_manager.filter(edition=edition, slug__in=slugs[kind])
            keys.append(rows.order_by().values_list(models.Value(kind), "pk"))
        if not keys:
            return []
        for kind, key in keys[0].union(*keys[1:], all=True).order_by() if len(keys) > 1 else keys[0]:
            found.setdefault(f"{kind}__in", []).append(key)
        if not found:
            return []
        # Joined is only what there is: each table costs time, also where it gives nothing.
        joined = [NAMED_BY[kind] for kind in kinds] + ["passage__source"] * with_passages
        rows = self.filter(Q(*found.items(), _connector=Q.OR)).select_related(*joined)
        # Put into order here: to write the SQL of an order, Django compares each term with every column.
        return sorted(rows.order_by(), key=lambda citation: (citation.position, citation.pk))

    def of_passages(self, passages, most):
        """Return (the facts that stand on `passages`, at most `most` of each with its names; their number).

        Their number is a dict by the passage's primary key. Two queries: choosing looks at narrow rows only,
        and what names the facts is joined to the chosen few.
        """
        chosen = (
            self.filter(passage__in=passages)
            .annotate(
                nth=models.Window(RowNumber(), partition_by="passage", order_by="pk"),
                total=models.Window(models.Count("pk"), partition_by="passage"),
            )
            .filter(nth__lte=most)
            .values_list("pk", "passage", "total")
        )
        chosen = list(chosen)
        owners = [
            "post__unit",
            "statement__unit",
            "statement__post__unit",
            "statement__body",
            "milestone__anchor",
        ]
        facts = (
            self.filter(pk__in=[key for key, _passage, _total in chosen])
            .select_related(*TARGETS, *owners)
            .order_by("passage", "pk")
        )
        return facts, {passage: total for _key, passage, total in chosen}


class Citation(EditionRow):
    """That a fact, or one field of it, stands on a passage."""

    class Field(models.TextChoices):
        NAME = "name", _("its name")
        ALIASES = "aliases", _("its other names")
        KIND = "kind", _("its kind")
        PURPOSE = "purpose", _("its purpose")
        DESCRIPTION = "description", _("its description")
        PLACE = "place", _("its place in the chart")
        ROLE = "role", _("its role")
        HOLDER = "holder", _("its holder")
        COMPOSITION = "composition", _("who sits there")
        PART_OF = "part_of", _("what it is part of")
        REPLACES = "replaces", _("what it follows")
        PART = "part", _("the part in it")
        THEME = "theme", _("its theme")
        GOAL = "goal", _("its goal")
        CONDITION = "condition", _("its condition")
        PARTNERS = "partners", _("the partners")
        EXAMPLES = "examples", _("the examples")
        QUANTITY = "quantity", _("the number")
        DATE = "date", _("its date")
        CERTAINTY = "certainty", _("how certain it is")
        TITLE = "title", _("its title")
        PUBLISHER = "publisher", _("its publisher")
        IDENTIFIER = "identifier", _("its identifier")
        PUBLISHED = "published", _("its date")
        REPUBLISHES = "republishes", _("what it republishes")
        NOTE = "note", _("the note on it")

    passage = models.ForeignKey(Passage, models.RESTRICT, related_name="citations", verbose_name=_("passage"))
    field = models.CharField(
        _("field"),
        max_length=12,
        choices=Field,
        blank=True,
        help_text=_("The one field that it proves; empty: the whole."),
    )
    note = models.TextField(_("note"), blank=True)
    unit = models.ForeignKey(
        "Unit", models.CASCADE, null=True, blank=True, db_index=False, related_name="citations"
    )
    post = models.ForeignKey(
        "Post", models.CASCADE, null=True, blank=True, db_index=False, related_name="citations"
    )
    body = models.ForeignKey(
        "Body", models.CASCADE, null=True, blank=True, db_index=False, related_name="citations"
    )
    initiative = models.ForeignKey(
        "Initiative", models.CASCADE, null=True, blank=True, db_index=False, related_name="citations"
    )
    statement = models.ForeignKey(
        "Statement", models.CASCADE, null=True, blank=True, db_index=False, related_name="citations"
    )
    milestone = models.ForeignKey(
        "Milestone", models.CASCADE, null=True, blank=True, db_index=False, related_name="citations"
    )
    source = models.ForeignKey(
        Source, models.CASCADE, null=True, blank=True, db_index=False, related_name="citations"
    )

    objects = CitationQuerySet.as_manager()

    class Meta(EditionRow.Meta):
        verbose_name = _("citation")
        verbose_name_plural = _("citations")
        constraints = [
            models.CheckConstraint(
                condition=exactly_one(TARGETS),
                name="citation_of_one_fact",
                violation_error_message=_("A citation belongs to exactly one fact."),
            )
        ]
        indexes = [
            models.Index(fields=["edition"], name="citation_in_edition"),
            *indexes_where_set("citation", TARGETS),
        ]

    def __str__(self):
        return f"{self.target} · {self.passage}"

    @property
    def target_kind(self):
        """Which kind of fact is cited: one of TARGETS."""
        return next(name for name in TARGETS if getattr(self, f"{name}_id") is not None)

    def in_short(self):
        """Return it as CitationQuerySet.in_short() yields it."""
        kind = self.target_kind
        return kind, getattr(self, f"{kind}_id"), self.field, self.note, self.passage

    @property
    def target(self):
        """The fact that is cited: a Unit, Post, Body, Initiative, Statement, Milestone or Source."""
        return getattr(self, self.target_kind)
