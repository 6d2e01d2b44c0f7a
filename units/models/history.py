"""The history: who did what, when and why. It is only ever added to, and names nobody: of a row it keeps the
kind, the slug and which columns changed, never a text that somebody wrote, into which a name can slip.

What changes a draft, an appointment or a mark tells it here by itself, at the lowest place there is:
`EditionRow.save()`, `trees.editing()`, `Edition.save()`, the models of people. Who acts is known from the
request (units/middleware.py) or from whoever calls `acting()`; no caller has to hand it on.
"""

from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field

from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

MOST_STEPS = 100  # of one entry; whoever changes more at once has put a whole document in its place

_actor = ContextVar("actor", default=lambda: (None, ""))
_open = ContextVar("open", default=None)


class HistoryQuerySet(models.QuerySet):
    def of_people(self):
        """Return how many entries tell of people; it grows with whatever is recorded of them."""
        return self.filter(kind=History.Kind.PEOPLE).count()


class History(models.Model):
    """One thing that somebody did."""

    class Kind(models.TextChoices):
        STARTED = "started", _("draft started")
        CHANGED = "changed", _("draft changed")
        REBASED = "rebased", _("draft brought up to date")
        IMPORTED = "imported", _("draft replaced from a file")
        PUBLISHED = "published", _("published")
        DISCARDED = "discarded", _("draft discarded")
        PEOPLE = "people", _("appointments and people")

    at = models.DateTimeField(_("when"), default=timezone.now)
    # Numbers, not foreign keys: the record outlives the account, the draft and the appointment.
    by = models.BigIntegerField(_("account"), null=True)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    edition = models.BigIntegerField(_("edition or draft"), null=True, db_index=True)
    appointment = models.BigIntegerField(_("appointment"), null=True, db_index=True)
    what = models.JSONField(_("what"), default=list)
    why = models.TextField(_("why"), blank=True)

    objects = HistoryQuerySet.as_manager()

    class Meta:
        verbose_name = _("entry of the history")
        verbose_name_plural = _("history")
        ordering = ["-pk"]

    def __str__(self):
        return f"{self.kind} {self.pk}"


@dataclass
class _Entry:
    """An entry that is still being written: all that one transaction does to one draft."""

    edition: int
    kind: str = History.Kind.CHANGED
    steps: list = field(default_factory=list)
    why: str = ""
    by: int | None = None


@contextmanager
def acting(by=None, why="", ask=None):
    """Say who acts until the end of the block, and why: an account's key or None, and a text.

    `ask` is a function that returns both, called only where there is something to record.
    """
    token = _actor.set(ask or (lambda: (by, why)))
    try:
        yield
    finally:
        _actor.reset(token)


def record(kind, steps, *, edition=None, appointment=None, by=None, why=""):
    """Write one entry now."""
    known_by, known_why = _actor.get()()
    if kind == History.Kind.PEOPLE:
        known_why = ""  # appointments have their source for that; nothing else is kept of people
    more = len(steps) - MOST_STEPS
    steps = [*steps[:MOST_STEPS], *([{"did": "more", "count": more}] if more > 0 else [])]
    History.objects.create(
        kind=kind,
        what=steps,
        edition=edition,
        appointment=appointment,
        by=known_by if by is None else by,
        why=why or known_why,
    )


@contextmanager
def one_entry(edition):
    """Gather what is told of the draft `edition` (a primary key) and write it as one entry at the end.

    Inside another block of the same draft it is part of that. What is rolled back leaves no entry.
    """
    above = _open.get()
    if above and above.edition == edition:
        yield
        return
    entry = _Entry(edition)
    token = _open.set(entry)
    try:
        yield
    finally:
        _open.reset(token)
    if not transaction.get_rollback():
        record(entry.kind, entry.steps, edition=edition, by=entry.by, why=entry.why)


def tell(edition, did, kind=None, *, by=None, why="", **step):
    """Tell one step of what happens to the draft `edition` (a primary key).

    `did` is a key of SENTENCES in units/admin/history.py; `step` what it was done to. With `kind` the whole
    entry is of that kind. Where nobody gathers, it is an entry of its own.
    """
    entry = _open.get()
    if entry is None or entry.edition != edition:
        record(kind or History.Kind.CHANGED, [{"did": did, **step}], edition=edition, by=by, why=why)
        return
    entry.steps.append({"did": did, **step})
    entry.kind, entry.why, entry.by = kind or entry.kind, why or entry.why, by or entry.by


def differences(before, after):
    """Return the names of the columns in which two rows of one model differ.

    Without `before` those that are filled in.
    """
    columns = [column for column in after._meta.concrete_fields if not column.primary_key]
    if before is None:
        return [column.name for column in columns if getattr(after, column.attname) not in (None, "", [], {})]
    return [
        column.name
        for column in columns
        if column.to_python(getattr(before, column.attname))
        != column.to_python(getattr(after, column.attname))
    ]


def described(row):
    """Return what an entry says of `row`, a row of an edition: its kind and its slug."""
    kind = row._meta.model_name
    if kind == "citation":
        return {"what": kind, "slug": row.passage.reference}
    return {"what": kind, "slug": row.reference if kind == "passage" else row.slug}
