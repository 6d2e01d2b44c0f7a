"""The folder of a copy: made anew beside the old one, and put into its place whole."""

import contextlib
import fcntl
import json
import os
import shutil
from contextlib import contextmanager
from pathlib import Path

from django.utils.translation import gettext as _

from units.static_copy.files import FORMAT, LIST


class FolderError(Exception):
    """The copy can't be put there; the text says why."""


@contextmanager
def replacing(folder):
    """Give a new folder beside `folder`, a Path, which in the end takes its place; after an error it is gone.

    Raises FolderError where `folder` holds anything but a copy, or another copy is being written there.
    """
    folder = Path(os.path.realpath(folder))
    new, old = (folder.with_name(f".{folder.name}.{word}") for word in ("new", "old"))
    if old.exists() and not folder.exists():  # whoever was at it was ended between the two steps
        old.rename(folder)
    copied_in(folder)
    new.mkdir(parents=True, exist_ok=True)
    with _alone(new, folder):
        _empty(new)  # what somebody else has left
        try:
            yield new
            shutil.rmtree(old, ignore_errors=True)
            if folder.exists():
                folder.rename(old)
            new.rename(folder)
        except BaseException:
            if old.exists() and not folder.exists():
                old.rename(folder)
            shutil.rmtree(new, ignore_errors=True)
            raise
        shutil.rmtree(old, ignore_errors=True)


def copied_in(folder):
    """Return the list of the copy in `folder`, a dict; None for an empty or no folder. Raises FolderError."""
    if not folder.exists():
        return None
    if not folder.is_dir():
        raise FolderError(_("%(folder)s is a file: name a folder.") % {"folder": folder})
    if not any(folder.iterdir()):
        return None
    with contextlib.suppress(OSError, ValueError):
        listed = json.loads((folder / LIST).read_bytes())
        if isinstance(listed, dict) and listed.get("format") == FORMAT:
            return listed
    raise FolderError(
        _("%(folder)s holds something that is no copy: name a new or an empty folder.") % {"folder": folder}
    )


@contextmanager
def _alone(new, folder):
    handle = os.open(new, os.O_RDONLY)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            sentence = _("Another copy is being written to %(folder)s.")
            raise FolderError(sentence % {"folder": folder}) from None
        yield
    finally:
        os.close(handle)


def _empty(folder):
    for path in folder.iterdir():
        shutil.rmtree(path) if path.is_dir() else path.unlink()
