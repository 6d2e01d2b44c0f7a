"""The folder of a copy: made anew beside the old one, and put into its place whole."""

import fcntl
import os
import shutil
from contextlib import contextmanager
from pathlib import Path

from django.utils.translation import gettext as _

from units.static_copy.lists import is_copy


class FolderError(Exception):
    """The copy can't be put there; the text says why."""


@contextmanager
def replacing(folder):
    """Give a new folder beside `folder`, a Path, which in the end takes its place; after an error it is gone.

    Raises FolderError where `folder` holds anything but a copy, or another copy is being written there.
    """
    folder = Path(os.path.realpath(folder))
    if not folder.name:
        raise FolderError(_("The root of the file system is no folder for a copy."))
    new, old = (folder.with_name(f".{folder.name}.{word}") for word in ("new", "old"))
    if old.exists() and not folder.exists():  # whoever was at it was ended between the two steps
        old.rename(folder)
    check(folder)
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


def check(folder):
    """Raise FolderError unless `folder` is new, empty, or holds a copy."""
    if folder.exists() and not folder.is_dir():
        raise FolderError(_("%(folder)s is a file: name a folder.") % {"folder": folder})
    if folder.exists() and any(folder.iterdir()) and not is_copy(folder):
        sentence = _("%(folder)s holds something that is no copy: name a new or an empty folder.")
        raise FolderError(sentence % {"folder": folder})


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
