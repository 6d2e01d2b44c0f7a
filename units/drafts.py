"""The life of a draft: started, brought up to date, published or discarded.

What is in it is changed elsewhere: its tree in trees.py, its other rows by whoever holds `trees.editing`.
"""

import json
from contextlib import contextmanager
from datetime import date
from functools import partial

from django.conf import settings
from django.db import connection, transaction
from django.utils.translation import gettext as _

from units import trees
from units.comparisons import differences
from units.diff import diff
from units.documents import DocumentError, Problem, clear, dump, load, patch, publish, reload
from units.documents.copying import copy_some, start_copy
from units.documents.form import without_collecting
from units.documents.merging import merge
from units.documents.sharing import Shared
from units.documents.things import things_of
from units.models import Edition, History
from units.models.history import tell
from units.resolve import forget_editions, in_force
from units.search import make_ready

PUBLICATION = 0x41494F  # the number of the lock that a publication takes on PostgreSQL


class ChangedSinceError(Exception):
    """A draft is not any more as it was when somebody decided about it; the message says so."""

    def __init__(self):
        super().__init__(_("The draft has changed since you looked at it. Look again, then decide."))


class NotCurrentError(Exception):
    """A draft can't be published on that day: another edition than its base comes before it.

    `preceding` is that edition; the draft has to be brought up to date with it.
    """

    def __init__(self, preceding):
        self.preceding = preceding
        super().__init__(
            _("Since this draft was started, another edition was published. Bring it up to date first.")
        )


class SecondPersonError(Exception):
    """Whoever changed a draft last wants to publish it, where another has to approve it."""

    def __init__(self):
        super().__init__(
            _("You were the last to change this draft. Somebody else has to look at it and publish it.")
        )


def preceding(day):
    """Return the published edition that one taking effect on `day` follows or corrects, or None."""
    return in_force(Edition.objects.published(), day)


def start(content, by=None):
    """Return a new draft with all of `content`, a published Edition; large ones take a while.

    It follows the edition in force on the day of `content`'s date, which is `content` itself unless that
    was corrected: then publishing the draft undoes the correction.
    """
    return _filled(begin(content, by))


def start_correction(edition, by=None):
    """Return a new draft with all of `edition` that follows just that: it can't undo a later correction."""
    return _filled(start_copy(edition, edition, by))


def begin(content, by=None):
    """Return a new draft that copy_some() is still to fill; see start()."""
    return start_copy(content, preceding(content.effective_on), by)


def _filled(draft):
    while draft.is_being_copied:
        draft = copy_some(draft)
    return draft


def start_from(document, by=None):
    """Return a new draft with all of `document`; raises DocumentError where it can't be loaded."""
    return load(document, base=preceding(date.fromisoformat(document["effective_on"])), by=by)


def start_empty(like, by=None):
    """Return a new draft with nothing but the root of `like`, a published Edition, and its sources."""
    document = document_of_edition(like)
    [root] = document["units"]
    keep = {key: root[key] for key in ("slug", "name", "kind", "aliases", "purpose", "cites") if key in root}
    kept = {key: document[key] for key in ("effective_on", "title", "sources")}
    return start_from(kept | {"units": [keep]}, by)


def document_of_edition(edition, shared=None):
    """Return the document of `edition`: the stored one where it is published, else made from the rows.

    With `shared`, a Shared, it has its parts in common with others, and nobody may change it.
    """
    if edition.is_published:
        with without_collecting():
            raw = Edition.objects.document_bytes(edition)
            return shared.read(raw) if shared else json.loads(raw)
    return dump(edition, shared)


def changes(draft, against=None):
    """Return the Changes from `against` (an Edition; by default what the draft follows) to `draft`."""
    against = against or draft.base
    shared = Shared()
    before = document_of_edition(against, shared) if against else {"units": []}
    after = document_of_edition(draft, shared)
    with without_collecting():
        return diff(before, after)


def discard(draft):
    """Delete `draft` with all that is in it; raises PublishedEditionError where it is published."""
    with trees.editing(draft) as draft:
        clear(draft)
        draft.delete()


def rebase(draft, onto, choices=None, seen=None, rest=None):
    """Bring `draft` up to date with the published edition `onto`; return the Conflicts.

    Three-way by slug (documents/merging.py): what the draft changed stays, what `onto` changed since the
    draft's base comes in, and `choices` settle what both changed, or `rest` all that these don't. Nothing
    is written while a conflict has no choice. Raises DocumentError where the result would not hold
    together, and ChangedSinceError where `seen`, the version that the choices were made about, is not the
    draft's.
    """
    with trees.editing(draft) as draft:
        _refuse_unseen(draft, seen)
        _refuse_half_copied(draft)
        shared = Shared()
        base = document_of_edition(draft.base, shared) if draft.base else {"units": []}
        theirs, ours = document_of_edition(onto, shared), dump(draft, shared)
        with without_collecting():
            merged, conflicts = merge(base, ours, theirs, choices, rest)
        if rest or all(conflict.key in (choices or {}) for conflict in conflicts):
            patch(draft, ours, merged)
            Edition.objects.filter(pk=draft.pk).update(base=onto)
            said = {"slug": onto.identifier, "count": len(conflicts)}
            tell(draft.pk, "rebased", History.Kind.REBASED, what="edition", **said)
        else:
            transaction.set_rollback(True)  # nothing has changed, the draft's version neither
    return conflicts


def put(draft, document, seen=None):
    """Put `document` in the place of all that is in `draft`; what it follows stays.

    Raises DocumentError where it can't be loaded, and ChangedSinceError where `seen`, the version that
    the document was made for, is not the draft's.
    """
    with trees.editing(draft) as draft:
        _refuse_unseen(draft, seen)
        _refuse_half_copied(draft)
        reload(draft, document)
        tell(draft.pk, "loaded", History.Kind.IMPORTED, what="edition")


def publish_on(draft, day, *, title, note, by=None, seen=None):
    """Publish `draft` as the edition that takes effect on `day` (a date); return the Edition.

    The day of an existing edition makes its next revision, any other day a first. Raises NotCurrentError
    where the draft does not follow what comes before that day, DocumentError where it is not whole, and
    ChangedSinceError where `seen`, the version that whoever publishes has looked at, is not its version,
    and SecondPersonError where the setting wants another person than `by` to publish it.
    """
    with _one_publication_at_a_time(), trees.editing(draft) as draft:
        _refuse_unseen(draft, seen)
        _refuse_half_copied(draft)
        if needs_another(draft, by):
            raise SecondPersonError
        if settings.SECOND_PERSON_APPROVES:
            tell(draft.pk, "approved", key=last_changed_by(draft))
        before = preceding(day)
        if not follows(draft, before):
            raise NotCurrentError(before)
        Edition.objects.filter(pk=draft.pk).update(effective_on=day, title=title, note=note, base=before)
        published = publish(draft, by)
    forget_editions()
    transaction.on_commit(partial(make_ready, published))
    return published


def last_changed_by(draft):
    """Return the account that changed `draft` last, or started it; None for a command."""
    kinds = [kind for kind in History.Kind if kind not in (History.Kind.PUBLISHED, History.Kind.PEOPLE)]
    entries = History.objects.filter(edition=draft.pk, kind__in=kinds).exclude(what=[])
    return entries.values_list("by", flat=True).first()


def needs_another(draft, by):
    """Whether another person than the account `by` has to publish `draft`; a command (None) may."""
    return settings.SECOND_PERSON_APPROVES and by is not None and last_changed_by(draft) == by


def follows(draft, before):
    """Whether `draft` may be published where `before`, an Edition or None, comes before it.

    Where nothing comes before, there is nothing that it could undo.
    """
    return before is None or before == draft.base


@contextmanager
def _one_publication_at_a_time():
    """Let no other publication come between looking what precedes and publishing."""
    with transaction.atomic():
        if connection.vendor == "postgresql":  # SQLite has one writer at a time anyway
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_xact_lock(%s)", [PUBLICATION])
        yield


def _refuse_unseen(draft, seen):
    # Taking the lock has raised the version by one.
    if seen is not None and draft.version != seen + 1:
        raise ChangedSinceError


def _refuse_half_copied(draft):
    if draft.is_being_copied:
        raise DocumentError([Problem("", _("This draft is still being copied."))])


def still_old(published):
    """Return [(edition, [Change, …]), …]: later editions that hold what the correction `published` changed.

    Only the last revision of each day counts.
    """
    if published.revision == 1:
        return []
    editions = list(Edition.objects.published())
    key = (published.effective_on, published.revision - 1)
    before = next(edition for edition in editions if (edition.effective_on, edition.revision) == key)
    [changes] = differences([(before, published)])
    corrected = [change for change in changes if change.kind != "edition"]
    found = []
    later = {edition.effective_on: edition for edition in reversed(editions)}
    for day, edition in later.items():
        if day <= published.effective_on:
            continue
        things = things_of(document_of_edition(edition))
        old = [change for change in corrected if _holds_old(things, change)]
        if old:
            found.append((edition, old))
    return found


def _holds_old(things, change):
    thing = things.get((change.kind, change.slug))
    if change.verb == "added":
        return thing is None
    if thing is None:
        return False
    if change.verb == "removed":
        return True
    if change.verb == "moved":
        return thing.owner in things and things[thing.owner].name == change.before
    return change.verb in ("changed", "renamed") and thing.values.get(change.field) == change.before
