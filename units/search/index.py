"""The index of an edition: files in a cache directory, which any process can make anew at any time.

A folder is named by the hash of the edition's document, so it never goes stale. It is written beside its
place and renamed into it, with the checksums of its files; who opens it copies and checks them first, so
that nothing that happens to the folder later reaches a reader.
"""

import contextlib
import hashlib
import json
import logging
import shutil
import tempfile
import threading
import time
from collections import OrderedDict, defaultdict
from dataclasses import dataclass
from pathlib import Path

import tantivy
from django.conf import settings

from units.apart import apart_if_large
from units.documents.form import without_collecting
from units.models import Edition
from units.search.entries import KINDS, entries_of
from units.search.words import FOLDED, STEMMED, stem

# Raise it when what is in an index changes: those of other versions are thrown away.
VERSION = 1
FIELDS = ("names", "aliases", "task", "owner", "detail", "around")
HELD = 8  # so many editions stay open in a process
CHECKSUMS = "checksums.json"
HALF_WRITTEN = ".new-"
ABANDONED = 3600  # seconds after which a half-written folder is nobody's any more
HEAP = 256_000_000  # bytes that the writer may use

logger = logging.getLogger(__name__)
_opened = OrderedDict()
_lock = threading.Lock()  # of _opened
_locks = defaultdict(threading.Lock)  # of each edition


class BrokenIndexError(Exception):
    """An index is not whole, or not of its edition."""


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


def index_of(edition):
    """Return the Index of `edition`, a published one; it is made first where it is missing or broken."""
    key = edition.sha256
    with _locks[key]:  # making a large one takes seconds, in which others are searched
        index = _opened.get(key) or _open_or_make(edition)
    with _lock:
        _opened[key] = index
        _opened.move_to_end(key)
        while len(_opened) > HELD:
            _opened.popitem(last=False)
    return index


def make_ready(edition):
    """Make the index of an `edition` that was published just now, so that no reader waits for it.

    Whatever goes wrong is logged: the publication stands.
    """
    try:
        index_of(edition)
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


def _open_or_make(edition):
    folder = _folder(edition)
    try:
        return _open(folder)
    except FileNotFoundError:
        pass  # not made yet
    except BrokenIndexError as error:
        logger.warning("The search index %s is made anew: %s", folder, error)
        _remove(folder)
    except OSError as error:
        logger.warning("The search index %s can't be read: %s", folder, error)
    try:
        _make(edition, folder)
        return _open(folder)
    except (OSError, RuntimeError, ValueError, BrokenIndexError) as error:
        # No place to write, or somebody takes it away: this process keeps one in its memory.
        logger.warning("The search index %s stays in memory: %s", folder, error)
        return _ready(_filled(tantivy.Index(_schema()), Edition.objects.document_bytes(edition)))


def _make(edition, folder):
    folder.parent.mkdir(parents=True, exist_ok=True)
    _tidy(folder.parent)
    new = Path(tempfile.mkdtemp(prefix=HALF_WRITTEN, dir=folder.parent))
    try:
        document = new / "document.json"
        document.write_bytes(Edition.objects.document_bytes(edition))
        apart_if_large(fill_folder, str(document), str(new))
        document.unlink()
        sums = {path.name: _checksum(path) for path in sorted(new.iterdir()) if path.suffix != ".lock"}
        (new / CHECKSUMS).write_text(json.dumps({"edition": edition.sha256, "files": sums}))
        new.chmod(0o755)  # as other folders are: the next process may be somebody else's
        new.rename(folder)
    except OSError:
        if not folder.is_dir():  # else another process was faster
            raise
    finally:
        _remove(new)


def _tidy(parent):
    """Remove what older versions and processes that died have left."""
    for other in parent.parent.glob("search-*"):
        version = other.name.removeprefix("search-")
        if version.isdigit() and int(version) < VERSION:
            _remove(other)
    for new in parent.glob(f"{HALF_WRITTEN}*"):
        with contextlib.suppress(OSError):  # another process may tidy too
            if time.time() - new.stat().st_mtime > ABANDONED:
                _remove(new)


def _remove(path):
    if path.is_dir():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)


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
            if _checksum(path) != wanted:
                raise BrokenIndexError(f"{path.name} has changed.")
        try:
            # The files stay open, and with them what is in them, when the copy is gone.
            return _ready(tantivy.Index.open(copy))
        except ValueError as error:  # written by another tantivy
            raise BrokenIndexError(str(error)) from None


def _checksum(path):
    with path.open("rb") as file:
        return hashlib.file_digest(file, "blake2b").hexdigest()


def _schema():
    builder = tantivy.SchemaBuilder()
    for name in FIELDS:
        builder.add_text_field(name, tokenizer_name="stemmed")
    builder.add_text_field("exact", tokenizer_name="raw", index_option="basic")
    builder.add_text_field("words", tokenizer_name="folded", index_option="basic")
    for name in ("slug", "statement", "digest"):
        builder.add_text_field(name, stored=True, tokenizer_name="raw", index_option="basic")
    for name in ("thing", "kind"):
        builder.add_integer_field(name, indexed=name == "kind", fast=True)
    builder.add_float_field("weight", fast=True)
    return builder.build()


def fill_folder(document, folder):
    """Write the index of the document in the file at `document` into `folder`."""
    _filled(tantivy.Index(_schema(), folder), Path(document).read_bytes())


def _filled(index, document):
    """Write the entries of `document`, the bytes of one, into `index`, a tantivy.Index, and return it."""
    with without_collecting():
        return _written(index, json.loads(document))


def _written(index, document):
    _register(index)
    writer = index.writer(HEAP, num_threads=1)
    things = defaultdict(lambda: len(things))
    for entry in entries_of(document):
        texts = {name: getattr(entry, name) for name in FIELDS}
        writer.add_document(
            tantivy.Document(
                **{name: text for name, text in texts.items() if text},
                exact=entry.exact,
                # What is around it stands in entries of its own.
                words=[*entry.names, *entry.aliases, *entry.task, *entry.detail],
                slug=entry.slug,
                statement=entry.statement,
                digest=entry.digest(),
                thing=things[entry.kind, entry.slug],
                kind=KINDS.index(entry.kind),
                weight=entry.weight,
            )
        )
    writer.commit()
    writer.wait_merging_threads()
    return index


def _ready(index):
    _register(index)
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


def _register(index):
    index.register_tokenizer("stemmed", STEMMED)
    index.register_tokenizer("folded", FOLDED)


def _entries(edition):
    return entries_of(json.loads(Edition.objects.document_bytes(edition)))
