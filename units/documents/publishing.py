"""Publication: the moment after which an edition never changes."""

import hashlib

from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone

from units import trees
from units.documents.checking import check
from units.documents.dumping import dump
from units.documents.form import DocumentError, Problem, canonical
from units.documents.numbering import number
from units.models import (
    Citation,
    Edition,
    History,
    Post,
    PublishedEditionError,
    Statement,
    Unit,
)
from units.models.history import tell


def publish(edition, by=None):
    """Publish the draft `edition`: store its canonical document, hash and revision; return the Edition anew.

    `by` is the primary key of the account that publishes. The revision is the next one of its day.
    Raises PublishedEditionError if it is published already and DocumentError if its rows don't make a
    document that could be loaded again; then nothing changes.
    """
    with transaction.atomic():
        # First a write to the draft: whoever else writes or publishes it waits here.
        if not Edition.objects.drafts().filter(pk=edition.pk).update(version=F("version") + 1):
            raise PublishedEditionError
        edition = Edition.objects.get(pk=edition.pk)
        problems = [Problem("units", problem) for problem in trees.problems(edition)]
        document = dump(edition)
        problems += check(document)
        if problems:
            raise DocumentError(problems, document)
        number(edition)
        _look_at_indexes()
        raw = canonical(document)
        latest = Edition.objects.published().filter(effective_on=edition.effective_on).first()
        Edition.objects.drafts().filter(pk=edition.pk).update(
            document=raw,
            sha256=hashlib.sha256(raw).hexdigest(),
            revision=latest.revision + 1 if latest else 1,
            published_at=timezone.now(),
            published_by=by,
        )
        edition = Edition.objects.get(pk=edition.pk)
        said = {"what": "edition", "slug": edition.identifier}
        tell(edition.pk, "published", History.Kind.PUBLISHED, by=by, why=edition.note, **said)
    return edition


def _look_at_indexes():
    """Tell SQLite how much each index narrows down; PostgreSQL sees to that by itself.

    Else it takes all of an edition for as much as all that one unit does. Milliseconds: it looks at samples.
    """
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA analysis_limit = 1000")
            for model in (Unit, Post, Statement, Citation):
                cursor.execute(f"ANALYZE {model._meta.db_table}")
