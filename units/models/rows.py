"""What every row of an edition has in common, and what can be asked of many of them."""

import re
import unicodedata
from itertools import islice

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from units.models import history
from units.models.editions import Edition, ListedQuerySet, refuse_published


def plain(name):
    """Return `name` as it is put into the order of the alphabet: whatever accents and case."""
    letters = unicodedata.normalize("NFKD", name)
    return "".join(letter for letter in letters if not unicodedata.combining(letter)).casefold()


class EditionRowQuerySet(ListedQuerySet):
    name_field = "name"

    def of(self, edition):
        """Return the rows of `edition` in the order of its document."""
        return self.filter(edition=edition).order_by("position", "pk")

    def named(self, edition, slug):
        """Return the row `slug` of `edition`, or None."""
        return self.filter(edition=edition, slug=slug).first()

    def slugs(self, edition):
        """Return the slugs of `edition` in an order that an index has them in."""
        return self.filter(edition=edition).order_by("slug").values_list("slug", flat=True)

    def by_name(self):
        """Return the primary keys of these rows in order of their names, whatever accents and case.

        By a key of our own: databases differ in how they order letters.
        """
        rows = self.order_by().values_list("pk", self.name_field, "slug")
        return [key for key, *_names in sorted(rows, key=lambda row: (plain(row[1]), row[2]))]

    def at(self, keys):
        """Return the rows with these primary `keys` as a list in that order."""
        # Without their order, for which SQLite would rather go through all of an edition by an index.
        found = self.order_by().in_bulk(keys)
        return [found[key] for key in keys]

    def elsewhere(self, slug, editions):
        """Return {edition's primary key: row} for the rows `slug` of `editions`."""
        return {row.edition_id: row for row in self.filter(slug=slug, edition__in=editions)}


def every_word(field, words):
    """Return the condition that the text `field` holds every one of `words`, in whatever case.

    By LIKE, or where SQLite's would take É and é for different letters, by regular expression: ten times
    slower, so only of what holds the longest part of the word that LIKE can look for.
    """
    conditions = []
    for word in words:
        plain = max(re.findall(r"[\x00-\x7f]+", word), key=len, default="")
        conditions += [Q(**{f"{field}__icontains": plain})] if plain else []
        conditions += [Q(**{f"{field}__iregex": re.escape(word)})] if plain != word else []
    return Q(*conditions)


class NumberedQuerySet(EditionRowQuerySet):
    """Rows of which an edition has so many that a part of their list has to be found by an index."""

    # The column that numbers just these rows from 0. It is lost, as it has to be, by choosing among them.
    numbered_by = None

    def numbered(self, column):
        """Return these rows in the order of `column`, which numbers them from 0 without a gap."""
        rows = self.order_by(column)
        rows.numbered_by = column
        return rows

    def part(self, asked):
        """Return these rows at the slice `asked`, a list: where they are numbered, those with its numbers.

        Else only keys are put into order: whole rows with all that is joined to them take four times as long.
        """
        if column := self.numbered_by:
            ends = {f"{column}__gte": asked.start} | ({f"{column}__lt": asked.stop} if asked.stop else {})
            return list(self.filter(**ends))
        return self.at(list(self.values_list("pk", flat=True)[asked]))


class NamedQuerySet(EditionRowQuerySet):
    """Rows with a name and other names."""

    def called(self, words, most=None):
        """Return (at most `most`) rows with each of `words` in their name or other names, as a list."""
        may_be = self.filter(every_word("name", words) | ~Q(aliases=[]))
        folded = [word.casefold() for word in words]

        def has_all(row):
            names = " ".join([row.name, *(alias["name"] for alias in row.aliases)]).casefold()
            return all(word in names for word in folded)

        return list(islice(filter(has_all, may_be.iterator(chunk_size=200)), most))


class EditionRow(models.Model):
    """A row of one edition, as unchangeable as that; triggers guard it too (triggers.py)."""

    # No index of its own: the unique constraints of the subclasses begin with it.
    edition = models.ForeignKey(Edition, models.CASCADE, db_index=False, verbose_name=_("edition"))
    position = models.PositiveIntegerField(
        _("position"), help_text=_("Its place among its neighbours, from 0.")
    )

    objects = EditionRowQuerySet.as_manager()
    OWNERS = ()  # the columns of what it is nested in

    class Meta:
        abstract = True
        ordering = ["position"]

    def save(self, *args, **kwargs):
        """Save a draft's row.

        Raises PublishedEditionError where the row belongs or belonged to a published edition, and
        ValueError where it would point into another edition.
        """
        before = self._refuse_published()
        for field in self._meta.concrete_fields:
            target = field.related_model
            if target is None or not issubclass(target, EditionRow) or getattr(self, field.attname) is None:
                continue
            if not target._base_manager.filter(
                pk=getattr(self, field.attname), edition=self.edition_id
            ).exists():
                raise ValueError(f"{field.name} is in another edition: a row points only into its own.")
        super().save(*args, **kwargs)
        if fields := history.differences(before, self):
            did = "changed" if before else "added"
            history.tell(self.edition_id, did, **history.described(self), fields=fields)

    def place_at(self, position):
        """Save it as number `position` among its neighbours (from 0; None: the last), and number these."""
        self.position = 0 if position is None else position
        neighbours = [row for row in self.neighbours() if row.pk != self.pk]
        at = len(neighbours) if position is None else position
        neighbours.insert(at, self)
        self.position = neighbours.index(self)
        self.save()
        moved = []
        for place, row in enumerate(neighbours):
            if row is not self and row.position != place:
                row.position = place
                moved.append(row)
        type(self)._base_manager.bulk_update(moved, ["position"], batch_size=500)

    def neighbours(self):
        """Return the rows among which its position counts, in order: those of the same owner, if any."""
        owner = {name: getattr(self, name) for name in self.OWNERS}
        return type(self)._base_manager.filter(edition=self.edition_id, **owner).order_by("position", "pk")

    def delete(self, *args, **kwargs):
        """Delete a draft's row; raise PublishedEditionError for a row of a published edition."""
        self._refuse_published()
        history.tell(self.edition_id, "removed", **history.described(self))
        return super().delete(*args, **kwargs)

    def _refuse_published(self):
        """Return the row as the database has it, or None."""
        before = type(self)._base_manager.filter(pk=self.pk).first() if self.pk else None
        refuse_published({self.edition_id, before.edition_id} if before else {self.edition_id})
        return before


def place_in_list(help_text):
    """Return the column for the place of a row in a list of its edition, from 0.

    What an edition was loaded or copied with stands there; drafts are changed without it, so it counts only
    once publication has put it right (documents/numbering.py).
    """
    return models.PositiveIntegerField(null=True, editable=False, help_text=help_text)


class Fact(EditionRow):
    """A row that can be linked, cited and compared: its slug is the same from edition to edition."""

    slug = models.SlugField(
        _("slug"),
        max_length=120,
        db_index=False,
        help_text=_("Its name in addresses. It never changes once it was published."),
    )

    class Meta(EditionRow.Meta):
        abstract = True
        constraints = [
            models.UniqueConstraint(
                fields=["edition", "slug"],
                name="%(class)s_slug_once",
                violation_error_message=_("This edition has something of that kind with that slug already."),
            )
        ]
