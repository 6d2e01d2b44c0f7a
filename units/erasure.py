"""Erasing a person: the name goes from everywhere, and nothing else changes."""

import json
import logging
import os
from datetime import datetime
from functools import partial
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import OperationalError, connection, models, transaction
from django.db.models import Q
from django.db.models.functions import Cast
from django.utils import timezone

from units.models import Appointment, History, Person, Upload

MOST_MENTIONS = 20
# Where backups are: who was erased, by number, so that who restores an older one erases them again.
NOTES = "erased.jsonl"
UNDO = "undo"  # under which a session keeps the steps of the tree editor
# What was deleted stays in the files: SQLite's until they are written anew, PostgreSQL's too.
REWRITE = {
    "sqlite": ["VACUUM"],
    "postgresql": [f"VACUUM FULL {model._meta.db_table}" for model in (Appointment, Person)],
}

logger = logging.getLogger(__name__)


def erase(person):
    """Delete `person` with all appointments; whoever calls this calls rewrite_files() after the transaction.

    Return [(model, primary key, column), …]: texts that somebody has written the name into by hand, such as
    the note of an edition. These are not touched, because what is published never changes.
    """
    name = person.name
    with transaction.atomic():
        transaction.on_commit(partial(_note, person.pk))
        person.delete()
        # A document on its way in, and what an editor could undo, may hold the name too.
        Upload.objects.all().delete()
        for session in Session.objects.all():
            held = session.get_decoded()
            if held.pop(UNDO, None) is not None:
                Session.objects.filter(pk=session.pk).update(session_data=Session.objects.encode(held))
    return mentions(name)


def rewrite_files():
    """Write the files that held people anew, so that nothing of what was deleted is left in them.

    Return whether that was done; it is not where others go on reading or writing for 20 seconds.
    """
    try:
        with connection.cursor() as cursor:
            for statement in REWRITE[connection.vendor]:
                cursor.execute(statement)
            if connection.vendor == "sqlite":
                cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
                return cursor.fetchone()[0] == 0
    except OperationalError:
        return False
    return True


def _note(key):
    if not settings.BACKUP_DIR:
        return
    file = Path(settings.BACKUP_DIR) / NOTES
    line = json.dumps({"at": timezone.now().isoformat(), "person": key}) + "\n"
    try:
        with open(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "a") as notes:
            notes.write(line)
    except OSError:
        logger.exception("That person %s was erased could not be noted beside the backups.", key)


def noted_since(moment, folder):
    """Return the numbers of people who were erased since `moment`, as noted in `folder`.

    Raises ValueError with a sentence where a note can't be read.
    """
    file, found = folder / NOTES, []
    for number, line in enumerate(file.read_text().splitlines() if file.exists() else [], 1):
        try:
            note = json.loads(line)
            if datetime.fromisoformat(note["at"]) >= moment:
                found.append(int(note["person"]))
        except (LookupError, TypeError, ValueError):
            raise ValueError(f"Line {number} of {file} can't be read: mend it, or take it out.") from None
    return found


def told_since(moment):
    """Return the numbers of people who were erased since `moment`, as the history tells."""
    entries = History.objects.filter(kind=History.Kind.PEOPLE, at__gte=moment).values_list("what", flat=True)
    steps = [step for what in entries for step in what]
    return [step["key"] for step in steps if (step["did"], step.get("what")) == ("removed", "person")]


def mentions(name):
    """Return [(model, primary key, column), …]: the first texts in the database that hold `name`."""
    found = []
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            if not isinstance(field, models.CharField | models.TextField | models.JSONField):
                continue
            said = Q(as_text__icontains=name)
            if isinstance(field, models.JSONField):
                said |= Q(as_text__icontains=json.dumps(name)[1:-1])  # as SQLite keeps it
            rows = model._base_manager.annotate(as_text=Cast(field.name, models.TextField())).filter(said)
            keys = rows.order_by().values_list("pk", flat=True)[: MOST_MENTIONS - len(found)]
            found += [(model, key, field.name) for key in keys]
    return found
