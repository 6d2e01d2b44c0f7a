"""Making the index of an edition: here, or of a large one in a process of its own that nobody waits for.

Whoever makes one writes it beside its place and renames it into that, so it is whole wherever it is there.
"""

import contextlib
import fcntl
import hashlib
import json
import logging
import shutil
import tempfile
import time
from collections import defaultdict
from pathlib import Path

import tantivy

from units.apart import begin_apart
from units.documents.form import without_collecting
from units.models import Edition
from units.search.entries import KINDS, entries_of
from units.search.words import FOLDED, STEMMED

# Raise it when what is in an index changes: those of other versions are thrown away.
VERSION = 1
FIELDS = ("names", "aliases", "task", "owner", "detail", "around")
CHECKSUMS = "checksums.json"
HALF_WRITTEN, LOCK = ".new-", ".lock"
ABANDONED = 3600  # seconds after which a half-written folder or a lock is nobody's any more
TRY_AGAIN = 60  # seconds after which making it is tried again where that has failed
HEAP = 256_000_000  # bytes that the writer may use

logger = logging.getLogger(__name__)


def make(edition, folder):
    """Write the index of `edition` into the new `folder`; raise OSError where nothing can be written."""
    new = _new_beside(folder)
    try:
        document = new / "document.json"
        document.write_bytes(Edition.objects.document_bytes(edition))
        make_folder(str(document), str(folder))
    finally:
        remove(new)


def begin(edition, folder):
    """Begin to write the index of `edition` into `folder` in a process of its own, unless one does already.

    That process goes on when this one ends. While it runs it holds a lock, which the system takes from it
    when it dies, however it dies: then the next one to ask begins anew, but not before TRY_AGAIN seconds.
    Raises OSError where nothing can be written.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    with folder.with_suffix(LOCK).open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return
        lock.seek(0)
        if folder.is_dir() or _tried_just_now(lock.read()):
            return
        lock.truncate(0)
        lock.write(str(time.time()))
        lock.flush()
        new = _new_beside(folder)
        document = new / "document.json"
        try:
            document.write_bytes(Edition.objects.document_bytes(edition))
            # The lock is of the open file, which that process inherits: it is free when both have closed it.
            begin_apart(make_folder, str(document), str(folder), held=lock)
        except BaseException:
            lock.truncate(0)  # nobody has begun, so whoever is next may
            remove(new)
            raise


def wait_for(folder):
    """Wait until no process is writing into `folder`."""
    with folder.with_suffix(LOCK).open("a+") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)


def _tried_just_now(text):
    try:
        return 0 <= time.time() - float(text) < TRY_AGAIN
    except ValueError:
        return False


def _new_beside(folder):
    """Return a new folder beside `folder`, in which it is prepared."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    _tidy(folder.parent)
    return Path(tempfile.mkdtemp(prefix=HALF_WRITTEN, dir=folder.parent))


def make_folder(document, folder):
    """Make `folder` the index of the document in the file at `document`, which stands in a folder of its own.

    That one gets the index, and becomes `folder`.
    """
    new, folder = Path(document).parent, Path(folder)
    try:
        filled(tantivy.Index(schema(), str(new)), Path(document).read_bytes())
        Path(document).unlink()
        sums = {path.name: checksum(path) for path in sorted(new.iterdir()) if path.suffix != LOCK}
        (new / CHECKSUMS).write_text(json.dumps({"edition": folder.name, "files": sums}))
        new.chmod(0o755)  # as other folders are: the next process may be somebody else's
        new.rename(folder)
    except OSError:
        if not folder.is_dir():  # else another process was faster
            raise
    finally:
        remove(new)


def _tidy(parent):
    """Remove what older versions and processes that died have left."""
    for other in parent.parent.glob("search-*"):
        version = other.name.removeprefix("search-")
        if version.isdigit() and int(version) < VERSION:
            remove(other)
    for left in [*parent.glob(f"{HALF_WRITTEN}*"), *parent.glob(f"*{LOCK}")]:
        with contextlib.suppress(OSError):  # another process may tidy too
            if time.time() - left.stat().st_mtime > ABANDONED:
                remove(left)


def remove(path):
    """Remove a file or a whole folder, as far as that can be done."""
    if path.is_dir():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)


def checksum(path):
    """Return the checksum that the list of an index has of the file at `path`."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "blake2b").hexdigest()


def schema():
    """Return the tantivy.Schema of an index."""
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


def filled(index, document):
    """Write the entries of `document`, the bytes of one, into `index`, a tantivy.Index, and return it."""
    with without_collecting():
        return _written(index, json.loads(document))


def _written(index, document):
    register(index)
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


def register(index):
    """Tell `index` how words are taken apart."""
    index.register_tokenizer("stemmed", STEMMED)
    index.register_tokenizer("folded", FOLDED)
