"""Files of a published edition: each is made once, kept in the cache directory, and made anew when lost.

What an edition holds never changes, so neither does a file of it while the code stays the same. A file is
written beside its place and renamed into it, so it is whole wherever it is there; its size and SHA-256 stand
in a note beside it.
"""

import contextlib
import fcntl
import hashlib
import json
import os
import shutil
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from units.version import code_version

NOTE = ".note"  # behind the name of a file
ROOM = 2_000_000_000  # bytes that all files may take; those that were asked for longest ago make room
WAIT = 20  # seconds that a request waits for its turn: one file is made at a time
WAITING = 2  # requests that wait at once; further ones are told to come again
ABANDONED = 3600  # seconds after which a half-written file is nobody's any more


class BusyError(Exception):
    """Others are having their files made, so that this one can't be made soon enough."""

    again = 60  # seconds after which to ask again

    def __init__(self):
        super().__init__(_("Other files are being made at the moment. Please ask again in a minute."))


class NotMadeError(BusyError):
    """The edition is so large that its file is not made while somebody waits for it."""

    again = 3600

    def __init__(self):
        text = _(
            "This edition is so large that its files are made beforehand, and this one is not there yet."
        )
        super(BusyError, self).__init__(text)


@dataclass(frozen=True)
class Export:
    """A file of an edition: where it is, its size in bytes, and its SHA-256 in hexadecimal."""

    path: Path
    size: int
    sha256: str


def found(edition, name, is_wanted=True):
    """Return the Export `name` of `edition` if it has been made already, else None.

    What nobody wants, but only asks about, is no less likely to make room for others.
    """
    path = _folder(edition) / name
    try:
        note = json.loads((path.parent / (name + NOTE)).read_text())
        whole = path.stat().st_size == note["size"]
        if whole and is_wanted:
            os.utime(path)
    except (OSError, ValueError, KeyError):
        return None
    return Export(path, note["size"], note["sha256"]) if whole else None


def export(edition, name, make):
    """Return the Export `name` of `edition`, a published one; `make(path)` writes the file if there is none.

    `name` is the name of a file, with everything in it that the content depends on besides the edition.
    Raises BusyError, and whatever `make` raises; nothing half-made is kept then.
    """
    if there := found(edition, name):
        return there
    folder = _folder(edition)
    folder.mkdir(parents=True, exist_ok=True)
    with turn():
        if there := found(edition, name):  # made while this waited
            return there
        handle, new = tempfile.mkstemp(prefix=".new-", dir=folder)
        os.close(handle)
        try:
            make(Path(new))
            with open(new, "rb") as written:
                sha256 = hashlib.file_digest(written, "sha256").hexdigest()
            size = os.stat(new).st_size
            os.replace(new, folder / name)
            _write(folder / (name + NOTE), json.dumps({"size": size, "sha256": sha256}))
        finally:
            Path(new).unlink(missing_ok=True)
        _make_room(keep=folder / name)
    return Export(folder / name, size, sha256)


def _root():
    return Path(settings.CACHE_DIR) / "exports"


def _folder(edition):
    return _root() / code_version()[:16] / f"{edition.identifier}-{edition.sha256}"


def _write(path, text):
    new = path.with_name(f".new-{path.name}")
    new.write_text(text)
    os.replace(new, path)


@contextlib.contextmanager
def turn():
    """Hold the one place at which files are made, among all processes of this machine.

    Raises BusyError.
    """
    _root().mkdir(parents=True, exist_ok=True)
    with (_root() / "lock").open("w") as lock:
        end = time.monotonic() + WAIT
        with _place_to_wait():
            while not _held(lock):
                if time.monotonic() > end:
                    raise BusyError
                time.sleep(0.05)
        yield


@contextlib.contextmanager
def _place_to_wait():
    """Hold one of the few places to wait at: whoever waits keeps a thread of a server from other readers.

    Raises BusyError where they are taken.
    """
    for number in range(WAITING):
        with (_root() / f"waiting-{number}").open("w") as place:
            if _held(place):
                yield
                return
    raise BusyError


def _held(file):
    """Return whether the lock of the open `file` could be taken; it is held until the file is closed."""
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _make_room(keep):
    """Throw away what other code has made, what was left half-written, and the oldest beyond ROOM."""
    current, files = code_version()[:16], []
    for folder in _root().iterdir():
        if folder.is_dir() and folder.name != current:
            shutil.rmtree(folder, ignore_errors=True)
    for path in (_root() / current).rglob("*"):
        with contextlib.suppress(OSError):
            found = path.stat()
            if path.name.startswith(".new-") and time.time() - found.st_mtime > ABANDONED:
                path.unlink()
            elif path.is_file():
                files.append((found.st_mtime, found.st_size, path))
    taken = sum(size for _when, size, _path in files)
    for _when, size, path in sorted(files):
        if taken <= ROOM:
            break
        if path != keep:
            path.unlink(missing_ok=True)
            taken -= size
