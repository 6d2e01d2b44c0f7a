"""The organisation: units in a tree, and the bodies beside it."""

from django.db import models
from django.db.models.functions import Cast
from django.utils.translation import gettext_lazy as _
from mptt.managers import TreeManager
from mptt.models import MPTTModel, TreeForeignKey
from mptt.querysets import TreeQuerySet

from units.models.rows import (
    Fact,
    NamedQuerySet,
    NumberedQuerySet,
)

DEEPEST_LEVEL = 50  # deep enough for any institution
ALIASES_HELP = _('A list of {"name": …}, with "editorial": true where no source uses the name.')


class UnitQuerySet(TreeQuerySet, NamedQuerySet, NumberedQuerySet):
    def of(self, edition):
        """Return the units of `edition`, an Edition or its key, in tree order, the root first."""
        key = getattr(edition, "pk", edition)
        # By its tree too: that is how an index has them in this order.
        return self.filter(edition=key, tree_id=key).order_by("lft")

    def with_ancestors(self, edition, slug):
        """Return the unit `slug` of `edition` preceded by its ancestors, the root first, as a list.

        Empty where there is no such unit. One query that follows the parent keys: mptt's own
        get_ancestors takes time in proportion to the whole tree.
        """
        table = self.model._meta.db_table
        return list(
            self.raw(
                f"""
                WITH RECURSIVE up AS (
                    SELECT * FROM {table} WHERE edition_id = %s AND slug = %s
                    UNION ALL
                    SELECT above.* FROM {table} AS above JOIN up ON above.id = up.parent_id
                )
                SELECT * FROM up ORDER BY level
                """,  # noqa: S608 (the table's name comes from the model)
                [edition.pk, slug],
            )
        )

    def children_of(self, unit):
        """Return the units directly below `unit`, in order."""
        return self.filter(parent=unit).order_by("lft")

    def inside(self, unit):
        """Return `unit` and all units below it, in the order of the tree."""
        return self.of(unit.edition_id).filter(lft__range=(unit.lft, unit.rght))

    def before(self, unit):
        """Return the unit that stands before `unit` among its neighbours, or None."""
        return self.filter(parent=unit.parent_id, lft__lt=unit.lft).order_by("-lft").first()

    def with_neighbours(self, edition, slug, below):
        """Return two lists: the unit `slug` of `edition` behind its ancestors, and units directly below it.

        `below` is the slice of those below that is wanted. Both empty where there is no such unit. One
        query for both, because a unit's page has no query to spare.
        """
        table = self.model._meta.db_table
        rows = self.raw(
            f"""
            WITH RECURSIVE up AS (
                SELECT * FROM {table} WHERE edition_id = %s AND slug = %s
                UNION ALL
                SELECT above.* FROM {table} AS above JOIN up ON above.id = up.parent_id
            ), below AS (
                SELECT * FROM {table}
                WHERE parent_id = (SELECT id FROM {table} WHERE edition_id = %s AND slug = %s)
                ORDER BY lft LIMIT %s OFFSET %s
            )
            SELECT * FROM (SELECT * FROM up UNION ALL SELECT * FROM below) AS both_ways ORDER BY lft
            """,  # noqa: S608 (the table's name comes from the model)
            [edition.pk, slug, edition.pk, slug, below.stop - below.start, below.start],
        )
        found = list(rows)
        end = next((place for place, unit in enumerate(found, 1) if unit.slug == slug), 0)
        return found[:end], found[end:]

    def listed(self, edition):
        """Return the same for a list, where none can be numbered in another tree than its edition's."""
        return self.filter(tree_id=edition.pk).numbered("lft")

    def part(self, asked):
        """Return these units at the slice `asked`, a list; of a whole tree by its edges.

        Before the left edge of number n (from 0) are n other left edges, and the right edges of those but for
        the ones that it is in: lft + level = 2 n + 1.
        """
        if not self.numbered_by:
            return super().part(asked)
        first = 2 * asked.start + 1
        rows = self.alias(edges=models.F("lft") + models.F("level"))
        rows = rows.filter(edges__gte=first, lft__gte=first - DEEPEST_LEVEL)
        return list(rows[: asked.stop and asked.stop - asked.start])

    def for_list(self):
        """Return these units with the names of the units they are part of."""
        more = ("parent__aliases", "parent__purpose", "parent__replaces")
        return self.select_related("parent").defer(*more)

    def below(self, unit):
        """Return all units below `unit`, at any depth, in tree order."""
        return self.of(unit.edition_id).filter(lft__gt=unit.lft, lft__lt=unit.rght)

    def branch(self, unit, levels=None):
        """Return `unit` and the units below it, in tree order; with `levels` only so many levels of them.

        Of each only its name, its kind and its place are read: a whole chart has thousands.
        """
        branch = self.inside(unit).defer("aliases", "purpose", "replaces")
        return branch if levels is None else branch.filter(level__lte=unit.level + levels)

    def about_which_something_is_said(self):
        """Return these units that a statement or a milestone is about, with their names only."""
        is_about = models.Q(statements_about__isnull=False) | models.Q(milestones_about__isnull=False)
        return self.filter(is_about).defer("aliases", "purpose", "replaces").distinct()

    def root(self, edition):
        """Return the root of `edition`."""
        return self.get(edition=edition, parent=None)

    def level_by_level(self):
        """Return these units level by level, each in tree order. An index has those of an edition so."""
        return self.order_by("level", "lft")

    def top(self, edition, most):
        """Return the edition's upper levels in tree order, a list: as many whole levels as hold `most` units.

        The root and the level below it are always there, that one only as far as `most` goes. One query.
        """
        upper = list(self.of(edition).level_by_level()[: most + 1])
        if len(upper) > most:
            deepest = max(1, upper[most].level - 1)
            upper = [unit for unit in upper[:most] if unit.level <= deepest]
        return sorted(upper, key=lambda unit: unit.lft)

    def followers(self, slug, editions):
        """Return the units of `editions` that say that they follow the unit `slug`, each slug once."""
        # A list of slugs is the same text on both databases, and a slug holds no quotation mark.
        rows = (
            self.annotate(followed=Cast("replaces", models.TextField()))
            .filter(edition__in=editions, followed__contains=f'"{slug}"')
            .order_by("edition", "lft")
        )
        return list({row.slug: row for row in rows}.values())

    def through_editions(self, slugs, editions):
        """Return what `editions` say of the units `slugs`: a dict for each of their statements.

        A unit of which nothing is said has one dict, with None for the statement.
        """
        return (
            self.filter(slug__in=slugs, edition__in=editions)
            .order_by("edition_id", "statements__position", "statements__pk")
            .values(
                *("edition_id", "slug", "name", "parent__slug", "parent__name"),
                *("statements__slug", "statements__text", "statements__part"),
            )
        )


class Unit(Fact, MPTTModel):
    """A node of the organisation tree: the institution, the Office, one of its units."""

    class Kind(models.TextChoices):
        INSTITUTION = "institution", _("institution")
        OFFICE = "office", _("office")
        UNIT = "unit", _("unit")

    position = None  # the tree holds the order
    name = models.CharField(_("name"), max_length=300)
    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    aliases = models.JSONField(_("other names"), default=list, blank=True, help_text=ALIASES_HELP)
    purpose = models.TextField(_("purpose"), blank=True)
    parent = TreeForeignKey(
        "self", models.CASCADE, null=True, blank=True, related_name="children", verbose_name=_("part of")
    )
    replaces = models.JSONField(
        _("replaces"),
        default=list,
        blank=True,
        help_text=_("A list of the slugs of the units that it follows."),
    )

    objects = TreeManager.from_queryset(UnitQuerySet)()

    class Meta(Fact.Meta):
        verbose_name = _("unit")
        verbose_name_plural = _("units")
        ordering = ["tree_id", "lft"]
        # Beside it mptt's own on (tree_id, lft), which reaches the migration where there is this list.
        indexes = [models.Index(fields=["tree_id", "level", "lft"], name="unit_by_level")]
        constraints = [
            *Fact.Meta.constraints,
            models.UniqueConstraint(
                fields=["edition"],
                condition=models.Q(parent=None),
                name="unit_one_root",
                violation_error_message=_("An edition has one root."),
            ),
        ]

    def __str__(self):
        return self.name

    def save(self, *args, **kwargs):
        """Refuse: a unit that was read a moment ago and is saved now can tear its tree; trees.py can't."""
        self._refuse_published()
        raise TypeError("A draft's units are changed through units.trees: add, change, move, remove.")

    def delete(self, *args, **kwargs):
        """Refuse, as save()."""
        self.save()

    @property
    def units_below(self):
        """The number of all units below this one."""
        return (self.rght - self.lft - 1) // 2


class Body(Fact):
    """An organisation outside the tree that the Office works with, or an unnamed class of such."""

    class Kind(models.TextChoices):
        NAMED = "named", _("named body")
        CLASS = "class", _("unnamed group of bodies")

    name = models.CharField(_("name"), max_length=300)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    aliases = models.JSONField(_("other names"), default=list, blank=True, help_text=ALIASES_HELP)
    composition = models.JSONField(
        _("composition"),
        default=dict,
        blank=True,
        help_text=_(
            '{"groups": [who sits there], "open": true} with "open" where the source\'s list is not complete.'
        ),
    )

    objects = NamedQuerySet.as_manager()

    class Meta(Fact.Meta):
        verbose_name = _("body")
        verbose_name_plural = _("bodies")

    def __str__(self):
        return self.name
