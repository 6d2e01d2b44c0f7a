"""Taking a backup, and keeping as many as are wanted."""

import contextlib
import hashlib
import logging
import os
import sqlite3
import time
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, connection
from django.utils.translation import gettext as _

from units.backups import postgresql, sqlite
from units.backups.manifest import SUFFIXES, BackupError, Manifest, all_in, beside
from units.version import code_version

ENGINES = {"sqlite": sqlite, "postgresql": postgresql}
WITHIN = 3600  # seconds
WITHIN_A_REQUEST = 20
ABANDONED = 86_400  # seconds after which a half-written backup is nobody's any more

logger = logging.getLogger(__name__)


def take(folder, within=WITHIN):
    """Take a backup into `folder` (a Path), with its manifest beside it; return its Path.

    The site goes on meanwhile, for readers and writers. Both files are for their owner's eyes only, and
    appear under their names only when whole. In BACKUP_DIR older ones than BACKUPS_KEPT are deleted.
    Raises BackupError, and leaves nothing, where that fails or takes longer than `within` seconds.
    """
    if not folder.is_dir():
        raise BackupError(f"There is no folder {folder}.")
    now = datetime.now(UTC)
    file = folder / f"directory-{now:%Y%m%dT%H%M%S%fZ}{SUFFIXES[connection.vendor]}"
    halves = [folder / f".{path.name}.part" for path in (file, beside(file))]
    try:
        for half in halves:
            os.close(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        migrations, editions = ENGINES[connection.vendor].dump(
            connection, halves[0], time.monotonic() + within
        )
        with halves[0].open("rb+") as written:
            sha256 = hashlib.file_digest(written, "sha256").hexdigest()
            os.fsync(written.fileno())
            size = written.seek(0, os.SEEK_END)
        facts = {"taken_at": now.isoformat(), "code": code_version(), "database": connection.vendor}
        manifest = Manifest(file.name, sha256, size, migrations=migrations, editions=editions, **facts)
        with halves[1].open("w") as written:
            written.write(manifest.text())
            written.flush()
            os.fsync(written.fileno())
        halves[0].rename(file)
        halves[1].rename(beside(file))  # last: without it there is no backup
        sync(folder)
        if settings.BACKUP_DIR and folder.resolve() == Path(settings.BACKUP_DIR).resolve():
            prune(folder, file)
    except OSError as error:
        raise BackupError(f"The backup could not be written in {folder}: {error.strerror}.") from error
    except (sqlite3.Error, DatabaseError) as error:
        raise BackupError(f"The database could not be read, or the backup not be written: {error}") from error
    finally:
        for half in halves:
            with contextlib.suppress(OSError):
                half.unlink(missing_ok=True)
    return file


def sync(folder):
    """Have the names of the files in `folder` on the disk, so that they are there after a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def prune(folder, taken):
    """Delete the backups in `folder` beyond the newest BACKUPS_KEPT, and what was left half-written.

    The one that was `taken` just now stays, also where the clock was put back and it seems to be old.
    """
    for file in all_in(folder)[settings.BACKUPS_KEPT :]:
        if file != taken:
            beside(file).unlink(missing_ok=True)  # first: a backup without it is none
            file.unlink(missing_ok=True)
    without = [file for file in folder.glob("directory-*Z.*") if not beside(file).exists()]
    for half in [*folder.glob(".directory-*.part"), *(file for file in without if file.suffix != ".json")]:
        with contextlib.suppress(FileNotFoundError):
            if time.time() - half.stat().st_mtime > ABANDONED:
                half.unlink()


def after_publication(tell):
    """Take a backup where BACKUP_DIR is set; where that fails, log it and call `tell` with a sentence.

    Whatever goes wrong here, the publication stands: call this when it is committed.
    """
    if not settings.BACKUP_DIR:
        return
    try:
        take(Path(settings.BACKUP_DIR), WITHIN_A_REQUEST)
    except Exception as error:
        logger.exception("No backup was taken after a publication.")
        why = str(error) if isinstance(error, BackupError) else type(error).__name__
        text = _("It is published, but no backup of it was taken. Tell whoever runs this site: %(why)s")
        tell(text % {"why": why})
