"""Editions: what is published never changes."""

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
