"""Erasing a person: the name goes from everywhere, and nothing else changes."""

from django.apps import apps
from django.db import connection, models, transaction

from units.models import Appointment, Person

# Files of SQLite keep what was deleted until its place is used again; PostgreSQL's until they are rewritten.
REWRITE = {
    "sqlite": ["VACUUM", "PRAGMA wal_checkpoint(TRUNCATE)"],
    "postgresql": [f"VACUUM FULL {model._meta.db_table}" for model in (Appointment, Person)],
}


def erase(person):
    """Delete `person` with all appointments, and then the name from the database's files.

    Return [(model, primary key, column), …]: texts that somebody has written the name into by hand, such as
    the note of an edition. These are not touched, because what is published never changes.
    """
    name = person.name
    with transaction.atomic():
        person.delete()
        transaction.on_commit(rewrite_files)
    return mentions(name)


def rewrite_files():
    """Write the files that held people anew, so that nothing of what was deleted is left in them."""
    with connection.cursor() as cursor:
        for statement in REWRITE[connection.vendor]:
            cursor.execute(statement)


def mentions(name):
    """Return [(model, primary key, column), …]: every text in the database that holds `name`."""
    found = []
    for model in apps.get_models():
        texts = [
            field.name
            for field in model._meta.concrete_fields
            if isinstance(field, models.CharField | models.TextField | models.JSONField)
        ]
        for column in texts:
            as_text = models.functions.Cast(column, models.TextField())
            rows = model._base_manager.annotate(as_text=as_text).filter(as_text__icontains=name)
            found += [(model, key, column) for key in rows.order_by().values_list("pk", flat=True)[:100]]
    return found
