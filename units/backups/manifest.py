"""What is known of a backup: a file of JSON beside it, by which every byte of both is checked."""

import dataclasses
import hashlib
import json
import os
from dataclasses import dataclass
from pathlib import Path

from django.db import connection
from django.db.migrations.loader import MigrationLoader

FORMAT = 1
SUFFIXES = {"sqlite": ".sqlite3", "postgresql": ".pgdump"}
NAMES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}
AT_ONCE = 1_048_576  # bytes


class BackupError(Exception):
    """A backup can't be taken or restored; the message says why, in a sentence."""


@dataclass(frozen=True)
class Manifest:
    """What a backup is. `editions` is {identifier: hash of its document}, of those that are published."""

    file: str
    sha256: str
    size: int
    database: str  # a key of SUFFIXES
    taken_at: str  # before anything was read: whatever was done later is not in it
    code: str
    migrations: list
    editions: dict
    format: int = FORMAT

    def text(self):
        """Return it as it is written down: with a seal, the hash of all else."""
        said = dataclasses.asdict(self)
        seal = hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()
        return json.dumps(said | {"seal": seal}, indent=1, sort_keys=True) + "\n"


def beside(file):
    """Return where the manifest of the backup `file` is."""
    return file.with_name(f"{file.name}.json")


def read(file):
    """Return the Manifest of the backup `file` (a Path), whose bytes are still to be compared with it.

    Raises BackupError where it can't be read or is not as it was written, and where this code and the
    database that is configured can't take the backup in.
    """
    where = beside(file)
    try:
        raw = where.read_text()
        said = json.loads(raw)
        if said["format"] != FORMAT:
            raise BackupError(
                f"{where} is of another kind than this code writes: take the code that made it."
            )
        del said["seal"]
        manifest = Manifest(**said)
        whole = manifest.text() == raw
    except OSError as error:
        raise BackupError(
            f"{where}, which says what the backup has to be, can't be read: {error.strerror}."
        ) from None
    except (LookupError, TypeError, ValueError):
        whole = False
    if not whole:
        raise BackupError(f"{where} is damaged: it is not as it was written.")
    if manifest.file != file.name:
        raise BackupError(f"{where} is of another backup: {manifest.file}.")
    _refuse_what_does_not_fit(manifest)
    return manifest


def _refuse_what_does_not_fit(manifest):
    if manifest.database != connection.vendor:
        theirs, ours = NAMES.get(manifest.database), NAMES[connection.vendor]
        raise BackupError(
            f"This is a backup of {theirs}, and DATABASE_URL names a database of {ours}. "
            "Editions go from one to the other by dump_edition and load_edition."
        )
    newer = sorted(set(manifest.migrations) - migrations_of_this_code())
    if newer:
        raise BackupError(
            f"This backup was made by newer code: the migration {newer[-1]} is not known here. Upgrade first."
        )


def migrations_of_this_code():
    """Return the migrations that this code has, as `app.name`."""
    return {f"{app}.{name}" for app, name in MigrationLoader(None).disk_migrations}


def copied(file, manifest, to=None):
    """Read the backup `file`, copying it to the path `to` if given; raises BackupError unless all is as in
    `manifest`. What is checked is what was copied.
    """
    found = hashlib.sha256()
    try:
        with file.open("rb") as source, open(to or os.devnull, "wb") as target:
            while part := source.read(AT_ONCE):
                found.update(part)
                target.write(part)
            size = source.tell()
    except OSError as error:
        raise BackupError(f"{file} can't be read or copied: {error.strerror}.") from None
    if size != manifest.size:
        raise BackupError(f"{file} is damaged: it has {size} bytes, and was written with {manifest.size}.")
    if found.hexdigest() != manifest.sha256:
        raise BackupError(f"{file} is damaged: its bytes are not those that were written.")


def all_in(folder):
    """Return the backups in `folder` (a Path) that have a manifest, the newest first."""
    manifests = folder.glob("directory-*Z.*.json")
    files = [where.with_name(where.name.removesuffix(".json")) for where in manifests]
    return sorted((file for file in files if file.suffix in SUFFIXES.values()), reverse=True)


def newest(folder):
    """Return the newest backup in `folder` (a Path); raises BackupError where there is none."""
    files = all_in(Path(folder))
    if not files:
        raise BackupError(f"There is no backup in {folder}.")
    return files[0]
