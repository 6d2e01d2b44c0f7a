"""Backups of SQLite: a copy of the file, made by the database itself."""

import contextlib
import os
import secrets
import shutil
import sqlite3
import tempfile
import time
from pathlib import Path

from units.backups.manifest import BackupError, copied

BUSY = 20  # seconds
OFTEN = 10_000  # of SQLite's steps between two looks at the clock
BESIDE = ("-wal", "-shm", "-journal")


def dump(connection, path, until):
    """Write the database to `path`, an empty file; return its (migrations, editions).

    Raises BackupError where it is not done at the time.monotonic() of `until`.
    """
    with _opened(path_of(connection), "rw") as own:
        own.set_progress_handler(lambda: time.monotonic() > until, OFTEN)
        try:
            own.execute("VACUUM INTO ?", [str(path)])
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode == sqlite3.SQLITE_INTERRUPT:
                raise BackupError("It took too long: run manage.py backup.") from None
            raise
    with _opened(path, "ro") as own:
        return facts(own.execute)


def facts(execute):
    """Return (the migrations that were run, {identifier of a published edition: its hash}).

    `execute` runs a query and returns its rows.
    """
    migrations = execute("SELECT app, name FROM django_migrations")
    editions = execute(
        "SELECT effective_on, revision, sha256 FROM units_edition WHERE published_at IS NOT NULL"
    )
    return sorted({f"{app}.{name}" for app, name in migrations}), {
        f"{day}.{revision}": sha256 for day, revision, sha256 in editions
    }


def path_of(connection):
    """Return the file of the database."""
    return Path(connection.settings_dict["NAME"]).resolve()


def exists(connection):
    """Whether there is a database; to connect to none would make one."""
    return path_of(connection).exists() and path_of(connection).stat().st_size > 0


def refuse_users(connection):
    """Raise BackupError where another program has the database open."""
    if not exists(connection):
        return
    connection.close()
    try:
        with _opened(path_of(connection), "rw", timeout=1) as own:
            _settle(own)
    except sqlite3.DatabaseError as error:
        if getattr(error, "sqlite_errorcode", 0) & 0xFF in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
            raise BackupError("The database is being used: stop the site, then try again.") from None
        # A database that is so broken that it can't be opened may be replaced.


def _settle(own):
    # Only who is alone can leave WAL; afterwards all is in the one file.
    own.execute("PRAGMA journal_mode=DELETE")
    own.execute("BEGIN EXCLUSIVE")
    own.execute("ROLLBACK")


@contextlib.contextmanager
def new_place(connection, file, manifest, throw_away):
    """Restore the backup `file` into a new database; give its name. What is left of it goes in the end.

    It is beside the one that it is to replace, or, to `throw_away`, in a folder for what is temporary.
    """
    folder = tempfile.mkdtemp() if throw_away else path_of(connection).parent
    place = Path(folder) / f".{path_of(connection).name}.{secrets.token_hex(8)}"
    try:
        os.close(os.open(place, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        copied(file, manifest, place)
        with _opened(place, "rw") as own:
            found = own.execute("PRAGMA integrity_check(1)").fetchone()[0]
            if found != "ok" or own.execute("PRAGMA foreign_key_check").fetchone():
                raise BackupError(f"{file} was made of a damaged database: {found}")
        yield str(place)
    finally:
        for suffix in ("", *BESIDE):
            Path(f"{place}{suffix}").unlink(missing_ok=True)
        if throw_away:
            shutil.rmtree(folder)


def swap(connection, place, aside):
    """Put the database `place` where the site has its own; return where that is kept, or None.

    The name never stands for nothing: the old file gets a second name, then the new one takes the first.
    """
    path = path_of(connection)
    kept = path.with_name(f"{path.name}.{aside}")
    with _opened(place, "rw") as own:
        _settle(own)
    with open(place, "rb") as new:
        os.fsync(new.fileno())
    refuse_users(connection)
    if path.exists():
        shutil.copymode(path, place)
        if os.geteuid() == 0:
            os.chown(place, path.stat().st_uid, path.stat().st_gid)
        os.link(path, kept)
    else:
        kept = None
    for suffix in BESIDE:  # left by a database that was lost or broken; the new one must not find them
        left = Path(f"{path}{suffix}")
        if left.exists():
            left.rename(f"{path}.{aside}{suffix}")
    os.replace(place, path)
    return kept


@contextlib.contextmanager
def _opened(path, mode, timeout=BUSY):
    address = f"{Path(path).resolve().as_uri()}?mode={mode}"
    with contextlib.closing(sqlite3.connect(address, timeout=timeout, isolation_level=None, uri=True)) as own:
        yield own
