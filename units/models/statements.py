"""What is done: statements, which are tasks, relations, involvements or about staff."""

from django.db import connections, models
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from units.models.initiatives import ABOUT, AboutSomething, at_most_one
from units.models.posts import Post
from units.models.rows import Fact, NumberedQuerySet, every_word, place_in_list
from units.models.sources import Certainty, exactly_one, indexes_where_set
from units.models.structure import Body, Unit

OWNERS = ["unit", "post", "body"]


def in_tree_order():
    """Return what statements are ordered by in lists: their owners in the order of the tree, bodies last."""
    return (
        Coalesce("unit__lft", "post__unit__lft").asc(nulls_last=True),
        F("post__position").asc(nulls_first=True),
        F("body__position").asc(nulls_first=True),
        F("position").asc(),
        F("pk").asc(),
    )


def owners_called(edition, slug):
    """Return [(kind, primary key), …] of the unit, post and body `slug` of `edition`. One query."""
    kinds = {"unit": Unit, "post": Post, "body": Body}
    found = [
        model.objects.filter(edition=edition, slug=slug).order_by().values_list(models.Value(kind), "pk")
        for kind, model in kinds.items()
    ]
    return list(found[0].union(*found[1:], all=True).order_by())


class StatementQuerySet(NumberedQuerySet):
    def tasks(self):
        """Return what owners do: every statement with one of the four parts of a task."""
        return self.filter(part__in=Statement.TASK_PARTS)

    def relations(self):
        """Return how owners deal with bodies and units: who works with whom."""
        return self.filter(
            Q(about_body__isnull=False) | Q(about_unit__isnull=False) | Q(part=Statement.Part.COLLABORATES)
        )

    def involvements(self):
        """Return the parts that owners have in initiatives."""
        return self.filter(about_initiative__isnull=False)

    def staff(self):
        """Return what is said about the number and professions of the staff."""
        return self.filter(part=Statement.Part.EMPLOYS)

    def said_of_any(self, units, posts, bodies):
        """Return all that is said of `units`, `posts` and `bodies` themselves, in order."""
        owned = Q(unit__in=units) | Q(post__in=posts) | Q(body__in=bodies)
        return self.filter(owned).order_by("position", "pk")

    def said_of(self, units, posts, bodies=()):
        """Return what is said of `units`, `posts` and `bodies`, with what it is about: a list, in order."""
        said = self.said_of_any(units, posts, bodies).select_related(*ABOUT, "about_initiative__part_of")
        # Put into order here: to write the SQL of an order, Django compares each term with every column.
        return sorted(said.order_by(), key=lambda statement: (statement.position, statement.pk))

    def around(self, **facts):
        """Return what is said of or about a fact, such as `body=…, about_body=…`, with its owners."""
        return self.filter(Q(*facts.items(), _connector=Q.OR)).for_tasks()

    def with_names(self):
        """Return the statements with their owners and what they are about."""
        return self.select_related("unit", "post__unit", "body", *ABOUT)

    def for_tasks(self):
        """Return the statements with their owners, in tree order and bodies last, and what they are about."""
        return self.with_names().order_by(*in_tree_order())

    def listed(self, edition):
        """Return all statements of `edition` as for_tasks() does: by their place, where it is published."""
        rows = self.filter(edition=edition)
        return rows.with_names().numbered("place") if edition.is_published else rows.for_tasks()

    def listed_tasks(self, edition):
        """Return the tasks of `edition` as for_tasks() does: by their place, where it is published."""
        if not edition.is_published:
            return self.filter(edition=edition).tasks().for_tasks()
        rows = self.filter(edition=edition, task_place__isnull=False)
        return rows.with_names().numbered("task_place")

    def owned_by(self, edition, slug):
        """Return the statements of the unit, post or body `slug` of `edition`, two of which may be called so.

        Their keys are read first: with a look-up in it, SQLite reads all of the edition.
        """
        found = Q(pk__in=[])
        for name, key in owners_called(edition, slug):
            found |= Q(**{name: key})
        return self.filter(found).for_tasks()  # few, so whoever they are is found first

    def chosen(self, part="", theme=""):
        """Return the statements with that part, on that theme; "" is any."""
        rows = self.filter(part=part) if part else self
        rows = rows.filter(theme=theme) if theme else rows
        if (part or theme) and self.query.order_by == ("task_place",):
            return rows.order_by("place")  # the same order, in which an index has those of a part or a theme
        return rows

    def in_branch(self, unit):
        """Return the statements of `unit`, of the units below it, and of the posts in all of them."""
        return self.filter(
            Q(unit__lft__gte=unit.lft, unit__lft__lt=unit.rght)
            | Q(post__unit__lft__gte=unit.lft, post__unit__lft__lt=unit.rght),
            edition=unit.edition_id,
        )

    def about_the_initiative(self, initiative):
        """Return the statements about `initiative`."""
        return self.filter(about_initiative=initiative)

    def with_the_body(self, body):
        """Return the statements of or about `body`."""
        return self.filter(Q(body=body) | Q(about_body=body))

    def with_bodies(self, edition):
        """Return the statements of or about any body of `edition`.

        Looked up from there, each way by itself: an edition has few bodies and many statements.
        """
        bodies = Body.objects.filter(edition=edition).order_by()
        found = [self.filter(**{name: bodies}).order_by() for name in ("about_body__in", "body__in")]
        return self.filter(pk__in=found[0].values("pk").union(found[1].values("pk"), all=True))

    def with_units_of(self, body):
        """Return the statements that link the Body `body`, or its key, with a unit or a post in one."""
        of_others = Q(about_body=body) & (Q(unit__isnull=False) | Q(post__isnull=False))
        return self.filter(of_others | Q(body=body, about_unit__isnull=False))

    def saying(self, words):
        """Return the statements whose text holds every one of `words`, in whatever case."""
        return self.filter(every_word("text", words))

    def themes(self, edition):
        """Return the themes of the tasks of `edition`, each once, in order of the alphabet.

        From one theme to the next by the index of them, so that it takes time with their number and not with
        that of the tasks.
        """
        next_theme = """
            SELECT MIN(theme) FROM units_statement
            WHERE edition_id = %s AND NOT (theme = '') AND theme > {} AND part IN (%s, %s, %s, %s)
        """
        sql = f"""
            WITH RECURSIVE themes(theme) AS (
                SELECT ({next_theme.format("''")})
                UNION ALL
                SELECT ({next_theme.format("themes.theme")}) FROM themes WHERE theme IS NOT NULL
            )
            SELECT theme FROM themes WHERE theme IS NOT NULL
        """  # noqa: S608 (its parts are written here)
        asked = [edition.pk, *Statement.TASK_PARTS]
        with connections[self.db].cursor() as cursor:
            cursor.execute(sql, [*asked, *asked])
            return sorted((theme for (theme,) in cursor.fetchall()), key=str.casefold)

    def owners(self, edition, most):
        """Return the units, posts and bodies of `edition` that have tasks, at most `most` of each kind."""
        found = []
        for name, model in (("unit", Unit), ("post", Post), ("body", Body)):
            tasks = self.tasks().filter(**{name: OuterRef("pk")})
            having = Exists(tasks)
            if model is Post:  # few posts have tasks, so from those that have
                having = Q(pk__in=self.tasks().filter(post__isnull=False).order_by().values("post"))
            found += model.objects.of(edition).filter(having).only("slug", "name")[:most]
        return found


class Statement(AboutSomething, Fact):
    """One thing that a unit, post or body does, has or works on, and its part in it."""

    class Part(models.TextChoices):
        RESPONSIBLE = "responsible", _("responsible")
        COORDINATES = "coordinates", _("coordinates")
        CONTRIBUTES = "contributes", _("contributes")
        SUPPORTS = "supports", _("supports")
        COLLABORATES = "collaborates", _("works with")
        EMPLOYS = "employs", _("employs")

    class Comparator(models.TextChoices):
        EXACTLY = "exactly", _("exactly")
        ABOUT = "about", _("about")
        MORE_THAN = "more-than", _("more than")
        AT_LEAST = "at-least", _("at least")
        FEWER_THAN = "fewer-than", _("fewer than")
        AT_MOST = "at-most", _("at most")

    TASK_PARTS = [Part.RESPONSIBLE, Part.COORDINATES, Part.CONTRIBUTES, Part.SUPPORTS]

    unit = models.ForeignKey(
        Unit, models.CASCADE, null=True, blank=True, db_index=False, related_name="statements"
    )
    post = models.ForeignKey(
        Post, models.CASCADE, null=True, blank=True, db_index=False, related_name="statements"
    )
    body = models.ForeignKey(
        Body, models.CASCADE, null=True, blank=True, db_index=False, related_name="statements"
    )
    part = models.CharField(_("part"), max_length=12, choices=Part)
    text = models.TextField(_("text"), help_text=_("A short sentence without its subject: “Coordinates …”."))
    certainty = models.CharField(_("certainty"), max_length=10, choices=Certainty)
    theme = models.CharField(_("theme"), max_length=200, blank=True)
    goal = models.TextField(_("goal"), blank=True)
    condition = models.CharField(_("condition"), max_length=300, blank=True)
    partners = models.JSONField(_("partners"), default=list, blank=True, help_text=_("A list of names."))
    examples = models.JSONField(_("examples"), default=list, blank=True, help_text=_("A list of phrases."))
    open = models.BooleanField(
        _("open list"), default=False, help_text=_("The source's list is not complete.")
    )
    quantity = models.PositiveBigIntegerField(_("quantity"), null=True, blank=True)
    comparator = models.CharField(_("comparator"), max_length=12, choices=Comparator, blank=True)
    place = place_in_list("Its place among all statements of its edition.")
    task_place = place_in_list("Its place among all tasks of its edition; none where it is no task.")

    objects = StatementQuerySet.as_manager()
    OWNERS = tuple(OWNERS)

    class Meta(Fact.Meta):
        verbose_name = _("statement")
        verbose_name_plural = _("tasks and other statements")
        constraints = [
            *Fact.Meta.constraints,
            models.CheckConstraint(
                condition=exactly_one(OWNERS),
                name="statement_one_owner",
                violation_error_message=_("A statement belongs to exactly one unit, post or body."),
            ),
            models.CheckConstraint(
                condition=at_most_one(ABOUT),
                name="statement_about_one_thing",
                violation_error_message=_("A statement is about at most one unit, body or initiative."),
            ),
            models.CheckConstraint(
                condition=Q(quantity=None, comparator="") | Q(quantity__isnull=False) & ~Q(comparator=""),
                name="statement_quantity_whole",
                violation_error_message=_("A quantity comes with its comparator, and the other way round."),
            ),
        ]
        indexes = [
            *indexes_where_set("statement", [*OWNERS, *ABOUT]),
            models.Index(fields=["edition", "theme", "place"], name="statement_by_theme"),
            models.Index(fields=["edition", "place"], name="statement_by_place"),
            models.Index(fields=["edition", "part", "place"], name="statement_by_part"),
            models.Index(
                fields=["edition", "task_place"],
                condition=Q(task_place__isnull=False),
                name="statement_by_task_place",
            ),
        ]

    def __str__(self):
        return self.text

    @property
    def owner(self):
        """The Unit, Post or Body that it is said of."""
        return self.unit or self.post or self.body

    @property
    def has_details(self):
        """Whether there is more to say than its text and what it is about."""
        return any([self.goal, self.theme, self.condition, self.partners, self.examples])

    @property
    def is_task(self):
        """Whether it is something that the owner does."""
        return self.part in self.TASK_PARTS

    @property
    def is_relation(self):
        """Whether it says whom the owner works with or for."""
        return bool(self.about_body_id or self.about_unit_id or self.part == self.Part.COLLABORATES)

    @property
    def is_staff(self):
        """Whether it is about the number or the professions of the staff."""
        return self.part == self.Part.EMPLOYS
