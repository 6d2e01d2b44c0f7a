"""The index of an edition: files in a cache directory, which any process can make anew at any time.

A folder is named by the hash of the edition's document, so it never goes stale. `making` writes it, with the
checksums of its files; who opens it copies and checks them first, so that nothing that happens to the folder
later reaches a reader. Nobody waits for a large one: until it is there, NotThereYetError says so.
"""

import atexit
import functools
import json
import logging
import shutil
import tempfile
import threading
from collections import OrderedDict, defaultdict
from dataclasses import dataclass
from pathlib import Path

import tantivy
from django.conf import settings
from django.utils.translation import gettext as _

from units import apart
from units.models import Edition
from units.search.entries import entries_of
from units.search.making import (
    CHECKSUMS,
    FIELDS,
    VERSION,
    begin,
    checksum,
    filled,
    make,
    register,
    remove,
    schema,
    wait_for,
)
from units.search.words import stem

HELD = 8  # so many editions stay open in a process

logger = logging.getLogger(__name__)
_opened = OrderedDict()
_lock = threading.Lock()  # of _opened
_locks = defaultdict(threading.Lock)  # of each edition


class BrokenIndexError(Exception):
    """An index is not whole, or not of its edition."""


class NotThereYetError(Exception):
    """The index of a large edition is not there yet; the message says so to a reader."""

    again = 15  # seconds after which to ask again

    def __init__(self):
        super().__init__(_("The search index of this edition is not ready yet. Please ask again soon."))


@dataclass(frozen=True)
class Index:
    """An open index, with the words in it and their stems by length, to be compared with what was written.

    `words` is {length: {word or stem: (entries with it, word)}}.
    """

    schema: tantivy.Schema
    searcher: tantivy.Searcher
    words: dict

    def has(self, one):
        """Return whether an entry has the stem `one`."""
        return any(self.searcher.doc_freq(name, one) for name in FIELDS)


def index_of(edition, is_patient=False):
    """Return the Index of `edition`, a published one; it is made first where it is missing or broken.

    That of a large one is begun, in a process of its own, and NotThereYetError raised until it is there;
    whoever `is_patient` waits for it.
    """
    key = edition.sha256
    with _locks[key]:  # opening a large one takes a second, in which others are searched
        index = _opened.get(key) or _found_or_made(edition, is_patient)
    with _lock:
        _opened[key] = index
        _opened.move_to_end(key)
        while len(_opened) > HELD:
            _opened.popitem(last=False)
    return index


def make_ready(edition, is_patient=False):
    """Make the index of an `edition` that was published just now, so that no reader waits for it.

    That of a large one is only begun, but for whoever `is_patient`. Whatever goes wrong is logged: the
    publication stands.
    """
    try:
        index_of(edition, is_patient)
    except NotThereYetError:
        if is_patient:
            logger.warning("The search index of %s was not made; the first search will.", edition.identifier)
    except Exception:
        logger.exception("The search index of %s was not made; the first search will.", edition.identifier)


def forget():
    """Close all indexes of this process (for tests)."""
    with _lock:
        _opened.clear()


def problems(edition):
    """Yield what is wrong with the index of `edition` in the cache directory, if there is one."""
    folder = _folder(edition)
    try:
        index = _open(folder)
    except FileNotFoundError:
        return
    except (OSError, BrokenIndexError) as error:
        yield f"Its search index in {folder} is broken and will be made anew: {error}"
        return
    everything = index.searcher.search(tantivy.Query.all_query(), limit=max(index.searcher.num_docs, 1))
    found = sorted(index.searcher.doc(address).get_first("digest") for _score, address in everything.hits)
    if found != sorted(entry.digest() for entry in _entries(edition)):
        yield f"Its search index holds something else than the edition: delete {folder}, then start anew."


def _folder(edition):
    return Path(settings.CACHE_DIR) / f"search-{VERSION}" / edition.sha256


@functools.cache
def _own_folder():
    """Return a folder of this process alone, for where nothing can be written into the cache directory."""
    folder = tempfile.mkdtemp(prefix="search-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return Path(folder)


def _found_or_made(edition, is_patient):
    if Edition.objects.with_size().get(pk=edition.pk).size > apart.LARGE:
        return _found_or_begun(edition, is_patient)
    folder = _folder(edition)
    try:
        if index := _found(folder):
            return index
        make(edition, folder)
        return _open(folder)
    except (OSError, RuntimeError, ValueError, BrokenIndexError) as error:
        # No place to write, or somebody takes it away: this process keeps one in its memory.
        logger.warning("The search index %s stays in memory: %s", folder, error)
        return _ready(filled(tantivy.Index(schema()), Edition.objects.document_bytes(edition)))


def _places(edition):
    yield _folder(edition)
    try:
        own = _own_folder()
    except OSError as error:
        logger.warning("There is no place for a search index: %s", error)
    else:
        yield own / edition.sha256


def _found_or_begun(edition, is_patient):
    for folder in _places(edition):
        try:
            if index := _found(folder):
                return index
            begin(edition, folder)
            if is_patient:
                wait_for(folder)
                return _open(folder)
        except (OSError, BrokenIndexError) as error:
            logger.warning("The search index %s can't be made: %s", folder, error)
        else:
            break
    raise NotThereYetError


def _found(folder):
    """Return the Index in `folder`, or None; a broken one is thrown away. OSError: it can’t be read."""
    try:
        return _open(folder)
    except FileNotFoundError:
        return None  # not made yet
    except BrokenIndexError as error:
        logger.warning("The search index %s is made anew: %s", folder, error)
        remove(folder)
    return None


def _open(folder):
    """Return the Index in `folder`.

    Raises FileNotFoundError where there is none, BrokenIndexError where it isn't whole, and OSError for what
    is not its own fault.
    """
    if not folder.stat() or not folder.is_dir():
        raise BrokenIndexError("a file stands in its place.")
    try:
        listed = json.loads((folder / CHECKSUMS).read_bytes())
        of, sums = listed["edition"], dict(listed["files"])
    except (FileNotFoundError, LookupError, TypeError, ValueError):
        raise BrokenIndexError("its list of checksums is missing or is not one.") from None
    if of != folder.name or "meta.json" not in sums:
        raise BrokenIndexError("it is of another edition.")
    with tempfile.TemporaryDirectory() as copy:
        for name, wanted in sums.items():
            path = Path(copy) / Path(name).name
            try:
                shutil.copyfile(folder / path.name, path)
            except FileNotFoundError:
                raise BrokenIndexError(f"{path.name} is missing.") from None
            if checksum(path) != wanted:
                raise BrokenIndexError(f"{path.name} has changed.")
        try:
            # The files stay open, and with them what is in them, when the copy is gone.
            return _ready(tantivy.Index.open(copy))
        except ValueError as error:  # written by another tantivy
            raise BrokenIndexError(str(error)) from None


def _ready(index):
    register(index)
    index.config_reader("manual")
    index.reload()
    searcher = index.searcher()
    words = defaultdict(dict)
    for word, entries in searcher.terms_with_prefix("words", ""):
        if word.isdigit():  # a number is never a slip of another
            continue
        for form in (stem(word), word):
            if word == form or entries > words[len(form)].get(form, (0,))[0]:
                words[len(form)][form] = entries, word
    return Index(index.schema, searcher, dict(words))


def _entries(edition):
    return entries_of(json.loads(Edition.objects.document_bytes(edition)))
