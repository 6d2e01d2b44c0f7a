"""Editions, and what every row of an edition has in common."""

import re
import unicodedata
from itertools import islice

from django.db import models
from django.db.models import Q
from django.db.models.functions import Length
from django.utils.translation import gettext_lazy as _

from units.models import history


class PublishedEditionError(Exception):
    """Somebody tried to change or delete what is published."""

    def __init__(self):
        super().__init__("A published edition never changes. Start a draft from it and publish that instead.")


# What a draft says of itself.
SAID = {"effective_on", "announced_on", "title", "note"}


class ListedQuerySet(models.QuerySet):
    """Rows that are shown in parts."""

    def part(self, asked):
        """Return those of these rows that are at the slice `asked`, a list."""
        return list(self[asked])


class EditionQuerySet(ListedQuerySet):
    def published(self):
        """Return the published editions, the one with the latest date and revision first."""
        return self.filter(published_at__isnull=False).order_by("-effective_on", "-revision")

    def drafts(self):
        """Return the drafts, newest first."""
        return self.filter(published_at__isnull=True).order_by("-pk")

    def with_size(self):
        """Return the editions, each with `size`, the bytes of its document; the document itself stays."""
        return self.annotate(size=Length("document"))

    def documents(self, editions):
        """Yield (primary key, canonical bytes) of `editions`, one at a time, in any order.

        Sorting would hold them all.
        """
        rows = self.filter(pk__in=[edition.pk for edition in editions]).order_by()
        for key, raw in rows.values_list("pk", "document").iterator(chunk_size=1):
            yield key, bytes(raw)

    def document_bytes(self, edition):
        """Return the canonical bytes of `edition`, exactly as they were published and hashed."""
        return bytes(self.values_list("document", flat=True).get(pk=edition.pk))


class EditionManager(models.Manager.from_queryset(EditionQuerySet)):
    def get_queryset(self):
        # The document of a large edition has tens of megabytes; who wants it asks for it.
        return super().get_queryset().defer("document")


class Edition(models.Model):
    """One complete, dated state of the directory: a draft until published, then unchangeable."""

    effective_on = models.DateField(
        _("effective on"), help_text=_("The day on which this chart takes effect.")
    )
    revision = models.PositiveIntegerField(
        _("revision"),
        null=True,
        blank=True,
        editable=False,
        help_text=_("1 for the first edition of its day, 2 for its first correction; given at publication."),
    )
    announced_on = models.DateField(
        _("announced on"), null=True, blank=True, help_text=_("The day on which it was made known.")
    )
    title = models.CharField(_("title"), max_length=300)
    note = models.TextField(
        _("note"), blank=True, help_text=_("What readers should know about this edition as a whole.")
    )
    published_at = models.DateTimeField(_("published at"), null=True, blank=True, editable=False)
    # An account's number, not a foreign key: the record outlives the account.
    published_by = models.BigIntegerField(_("published by"), null=True, blank=True, editable=False)
    sha256 = models.CharField(_("SHA-256"), max_length=64, blank=True, editable=False)
    # What it follows: the edition that was in force when it was started or last brought up to date.
    base = models.ForeignKey(
        "self", models.RESTRICT, null=True, blank=True, editable=False, verbose_name=_("follows")
    )
    # How a draft is being copied from an edition (documents/copying.py); None where it was not.
    copying = models.JSONField(null=True, blank=True, editable=False)
    # Raised by the first statement of every change to a draft: a lock on both databases.
    version = models.PositiveBigIntegerField(default=0, editable=False)
    started_by = models.BigIntegerField(_("started by"), null=True, blank=True, editable=False)
    # The canonical bytes that `sha256` is the hash of; the last column, so that others are read without it.
    document = models.BinaryField(null=True, editable=False)

    objects = EditionManager()

    class Meta:
        verbose_name = _("edition")
        verbose_name_plural = _("editions")
        ordering = ["-effective_on", "-revision", "-pk"]
        permissions = [("publish_edition", _("Can publish an edition"))]
        constraints = [
            models.UniqueConstraint(
                fields=["effective_on", "revision"],
                name="edition_revision_once",
                violation_error_message=_("This day has an edition with that revision already."),
            ),
            models.CheckConstraint(
                condition=Q(published_at=None, revision=None, document=None, sha256="")
                | Q(published_at__isnull=False, revision__gte=1, document__isnull=False) & ~Q(sha256=""),
                name="edition_published_whole",
                violation_error_message=_(
                    "An edition is published with revision, document and hash, or not at all."
                ),
            ),
        ]

    def __str__(self):
        return f"{self.identifier}: {self.title}"

    def save(self, *args, **kwargs):
        """Save a draft; raise PublishedEditionError for an edition that the database holds as published.

        The history tells that it was started, or what of it was changed.
        """
        refuse_published({self.pk})
        columns = kwargs.get("update_fields")
        if columns and not SAID & set(columns):
            super().save(*args, **kwargs)
            return
        before = Edition.objects.filter(pk=self.pk).first() if self.pk else None
        super().save(*args, **kwargs)
        if before is None:
            content = self.copied_from
            origin = {"did": "copied", "slug": content.identifier} if content else {"did": "loaded"}
            steps = [origin | {"what": "edition"}]
            history.record(history.History.Kind.STARTED, steps, edition=self.pk, by=self.started_by)
        elif fields := [name for name in history.differences(before, self) if name in SAID]:
            history.tell(self.pk, "changed", what="edition", fields=fields)

    def delete(self, *args, **kwargs):
        """Delete a draft with its rows; raise PublishedEditionError for a published edition."""
        refuse_published({self.pk})
        kind = history.History.Kind.DISCARDED
        history.tell(self.pk, "discarded", kind, what="edition")
        return super().delete(*args, **kwargs)

    @property
    def is_published(self):
        return self.published_at is not None

    @property
    def is_being_copied(self):
        """Whether rows of it are still to come; until then nobody edits or publishes it."""
        return bool(self.copying) and self.copying["table"] is not None

    @property
    def copied_from(self):
        """The edition that a draft was started from, or None: from a document, or empty."""
        return Edition.objects.filter(pk=self.copying["content"]).first() if self.copying else None

    @property
    def identifier(self):
        """The address part that means exactly this edition: `2024-06-16.1`, or `draft-7`."""
        return f"{self.effective_on.isoformat()}.{self.revision}" if self.is_published else f"draft-{self.pk}"

    @property
    def tree_id(self):
        """The number of this edition's tree; its own key, so that no two editions ever share one."""
        return self.pk


def refuse_published(edition_ids):
    """Raise PublishedEditionError if the database holds one of `edition_ids` (primary keys) as published."""
    if Edition.objects.published().filter(pk__in=edition_ids).exists():
        raise PublishedEditionError


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
