"""Restoring a backup: into a new database that is looked over first, and then takes the other's place."""

import contextlib
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.db import DatabaseError, connection, connections

from units import erasure
from units.backups.manifest import BackupError, migrations_of_this_code, read
from units.backups.taking import ENGINES
from units.models import Edition, History, Person
from units.resolve import forget_editions
from units.verify import verify

DEFAULT = "default"


@dataclass(frozen=True)
class Restored:
    """What was done: how many editions are there, where the old database is kept (a text, or None), the
    numbers of the people erased again, places that hold their names, and whether it is known who was
    erased since in the database that was replaced."""

    editions: int
    kept: str | None
    erased: list
    left: list
    knows_erasures: bool


def drill(file):
    """Restore the backup `file` (a Path) into a temporary database, look it over, and throw it away.

    Return how many editions it holds; raises BackupError where it would not do.
    """
    with _looked_over(file, read(file), throw_away=True) as (_place, editions):
        return editions


def restore(file, replace=False):
    """Put what the backup `file` (a Path) holds where the site's database is; return a Restored.

    It is restored into a new database first and looked over there; then one takes the place of the other,
    which is kept under another name. People who were erased since are erased again, and everybody is signed
    out. Raises BackupError, with nothing changed, where the backup would not do, where somebody uses the
    database, and, without `replace`, where something is in it.
    """
    manifest = read(file)
    engine = ENGINES[connection.vendor]
    if engine.exists(connection) and not replace and _is_filled():
        raise BackupError("There is a directory in the database already: to have it replaced, say --replace.")
    since = datetime.fromisoformat(manifest.taken_at)
    erased, knows = _erased_in_database(since) if engine.exists(connection) else ([], False)
    for folder in {file.resolve().parent, Path(settings.BACKUP_DIR or file.parent).resolve()}:
        erased += erasure.noted_since(since, folder)
    engine.refuse_users(connection)
    with _looked_over(file, manifest, throw_away=False) as (place, editions):
        with at(place):
            Session.objects.all().delete()
            again, left = _erase_again(set(erased))
        now = datetime.now(UTC)
        kept = engine.swap(connection, place, f"before_{now:%Y%m%d_%H%M%S_%f}")
    forget_editions()
    return Restored(editions, kept and str(kept), again, left, knows)


@contextlib.contextmanager
def at(name):
    """Let all that this thread does be done in the database `name` of the same kind and server."""
    mine = connections[DEFAULT]
    other = mine.copy()
    other.settings_dict["NAME"] = name
    connections[DEFAULT] = other
    forget_editions()
    try:
        yield other
    finally:
        other.close()
        connections[DEFAULT] = mine
        forget_editions()


@contextlib.contextmanager
def _looked_over(file, manifest, throw_away):
    """Give (the name of a new database with all of `file`, how many editions it has); it goes in the end."""
    with ENGINES[connection.vendor].new_place(connection, file, manifest, throw_away) as place:
        with at(place) as restored:
            if migrations_of_this_code() - set(manifest.migrations):
                call_command("migrate", verbosity=0)
            problems = [f"{name or 'database'}: {text}" for name, text in verify(restored, indexes=False)]
            if problems:
                raise BackupError("What the backup holds is not whole:\n" + "\n".join(problems))
            found = {edition.identifier: edition.sha256 for edition in Edition.objects.published()}
            if found != manifest.editions:
                raise BackupError("The backup holds other editions than were in the database.")
        yield place, len(found)


def _is_filled():
    """Whether the database holds anything that somebody would miss; one that can't be read counts as such."""
    try:
        if not set(connection.introspection.table_names()):
            return False
        return any(model._base_manager.exists() for model in (Edition, Person, History, get_user_model()))
    except DatabaseError:
        return True
    finally:
        connection.close()


def _erased_in_database(since):
    """Return (numbers of the people that the history says were erased since the moment `since`, whether
    there is one that can be read)."""
    try:
        return erasure.told_since(since), True
    except DatabaseError:
        return [], False
    finally:
        connection.close()


def _erase_again(keys):
    """Erase the people `keys` (numbers) where they are there; return (numbers of those who were, places)."""
    people = list(Person.objects.filter(pk__in=keys).order_by("pk"))
    again, left = [person.pk for person in people], []
    for person in people:
        left += erasure.erase(person)
    if again and not erasure.rewrite_files():
        raise BackupError("The names of people who were erased could not be taken out of the files.")
    return again, left
