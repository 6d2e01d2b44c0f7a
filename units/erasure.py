"""Erasing a person: the name goes from everywhere, and nothing else changes."""

import json

from django.apps import apps
from django.contrib.sessions.models import Session
from django.db import OperationalError, connection, models, transaction
from django.db.models import Q
from django.db.models.functions import Cast

from units.models import Appointment, Person, Upload

MOST_MENTIONS = 20
UNDO = "undo"  # under which a session keeps the steps of the tree editor
# What was deleted stays in the files: SQLite's until they are written anew, PostgreSQL's too.
REWRITE = {
    "sqlite": ["VACUUM"],
    "postgresql": [f"VACUUM FULL {model._meta.db_table}" for model in (Appointment, Person)],
}


def erase(person):
    """Delete `person` with all appointments; whoever calls this calls rewrite_files() after the transaction.

    Return [(model, primary key, column), …]: texts that somebody has written the name into by hand, such as
    the note of an edition. These are not touched, because what is published never changes.
    """
    name = person.name
    with transaction.atomic():
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
