"""The index of an edition: files in a cache directory, which any process can make anew at any time.

A folder is named by the hash of the edition's document, so it never goes stale. It is written beside its
place and renamed into it, with the checksums of its files; who opens it copies and checks them first, so
that nothing that happens to the folder later reaches a reader.
"""

import gc
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


@dataclass(frozen=True)
class Index:
    """An open index, with the words in it and their stems by length, to be compared with what was written.

    `words` is {length: {word or stem: (entries with it, word)}}.
    """

    schema: tantivy.Schema
    searcher: tantivy.Searcher
    words: dict


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


def make_at_publication(edition, **signal):
    """Make the index of an `edition` that was published just now, so that no reader waits for it."""
    index_of(edition)


def forget():
    """Close all indexes of this process (for tests)."""
    with _lock:
        _opened.clear()


def problems(edition):
    """Yield what is wrong with the index of `edition` in the cache directory, if there is one."""
    folder = _folder(edition)
    if not folder.exists():
        return
    try:
        index = _open(folder)
    except (OSError, ValueError) as error:
        yield f"Its search index is broken and will be made anew: {error}"
        return
    everything = index.searcher.search(tantivy.Query.all_query(), limit=max(index.searcher.num_docs, 1))
    found = sorted(index.searcher.doc(address).get_first("digest") for _score, address in everything.hits)
    if found != sorted(entry.digest() for entry in _entries(edition)):
        yield f"Its search index holds something else than the edition: delete {folder.name} in the cache."


def _folder(edition):
    return Path(settings.CACHE_DIR) / f"search-{VERSION}" / edition.sha256


def _open_or_make(edition):
    folder = _folder(edition)
    if folder.exists():
        try:
            return _open(folder)
        except (OSError, ValueError) as error:
            logger.warning("The search index %s is made anew: %s", folder.name, error)
            shutil.rmtree(folder, ignore_errors=True)
    try:
        _make(edition, folder)
        return _open(folder)
    except (OSError, ValueError) as error:
        # No place to write, or somebody takes it away: this process keeps one in its memory.
        logger.warning("The search index %s stays in memory: %s", folder.name, error)
        return _ready(_filled(tantivy.Index(_schema()), edition))


def _make(edition, folder):
    folder.parent.mkdir(parents=True, exist_ok=True)
    _tidy(folder.parent)
    new = Path(tempfile.mkdtemp(prefix=HALF_WRITTEN, dir=folder.parent))
    try:
        _filled(tantivy.Index(_schema(), str(new)), edition)
        sums = {path.name: _checksum(path) for path in sorted(new.iterdir()) if path.suffix != ".lock"}
        (new / CHECKSUMS).write_text(json.dumps(sums))
        new.rename(folder)
    except OSError:
        if not folder.exists():  # else another process was faster
            raise
    finally:
        shutil.rmtree(new, ignore_errors=True)


def _tidy(parent):
    """Remove what other versions and processes that died have left."""
    for other in parent.parent.glob("search-*"):
        if other != parent:
            shutil.rmtree(other, ignore_errors=True)
    for new in parent.glob(f"{HALF_WRITTEN}*"):
        if time.time() - new.stat().st_mtime > ABANDONED:
            shutil.rmtree(new, ignore_errors=True)


def _open(folder):
    """Return the Index in `folder`; raise OSError or ValueError where it isn't whole."""
    sums = json.loads((folder / CHECKSUMS).read_text())
    if not isinstance(sums, dict) or "meta.json" not in sums:
        raise ValueError("its list of checksums is not one.")
    with tempfile.TemporaryDirectory() as copy:
        for name, wanted in sums.items():
            path = Path(copy) / Path(name).name
            shutil.copyfile(folder / path.name, path)
            if _checksum(path) != wanted:
                raise ValueError(f"{path.name} has changed.")
        # The files stay open, and with them what is in them, when the copy is gone.
        return _ready(tantivy.Index.open(copy))


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


def _filled(index, edition):
    """Write the entries of `edition` into `index`, a tantivy.Index, and return it."""
    # A large document is a million objects that all stay: looking through them again and again for
    # rubbish takes as long as all the rest.
    collecting = gc.isenabled()
    gc.disable()
    try:
        return _written(index, edition)
    finally:
        if collecting:
            gc.enable()


def _written(index, edition):
    _register(index)
    writer = index.writer(HEAP, num_threads=1)
    things = defaultdict(lambda: len(things))
    for entry in _entries(edition):
        texts = {name: getattr(entry, name) for name in FIELDS}
        writer.add_document(
            tantivy.Document(
                **{name: text for name, text in texts.items() if text},
                exact=entry.exact,
                words=entry.texts,
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
