"""The files of a copy: written once, and compressed beside themselves."""

import hashlib
import re
import zlib
from dataclasses import dataclass
from pathlib import Path

from units.static_copy.places import file_of

NO_CACHE = "no-cache"
# Only such an address may be kept for ever: what is at any other is replaced by the next copy.
WITH_HASH = re.compile(r"[-.][0-9a-f]{12,}\.\w+$")
# What the site says of an answer that holds for a file of it too.
KEPT = [
    "Content-Type",
    "Content-Disposition",
    "Cache-Control",
    "Content-Security-Policy",
    "X-Content-Type-Options",
    "X-Frame-Options",
    "Referrer-Policy",
    "Permissions-Policy",
    "Cross-Origin-Opener-Policy",
    "Cross-Origin-Embedder-Policy",
    "Cross-Origin-Resource-Policy",
    "Access-Control-Allow-Origin",
    "Access-Control-Expose-Headers",
]
COMPRESSED = re.compile(r"text/|image/svg|application/(.*json|.*xml|javascript)")
LEAST = 1_000  # bytes; less fits into one packet anyway


@dataclass(slots=True)
class Note:
    """What the list says of a file: (size, SHA-256) of it and of its compressed twin, and its headers.

    `headers` are those that many files have alike; `link` is the header Link, of this file only.
    """

    path: str
    plain: tuple[int, str]
    packed: tuple[int, str] | None
    headers: dict
    link: str = ""

    @property
    def sent(self):
        """How many bytes most readers are sent."""
        return (self.packed or self.plain)[0]


def write(folder, place, headers, chunks):
    """Write the file of `place` into `folder`, from `chunks` of bytes, and the same compressed if that helps.

    Returns its Note; `headers` are those of the site's answer.
    """
    path = Path(folder) / file_of(place)
    path.parent.mkdir(parents=True, exist_ok=True)
    plain, packed = _written(path, chunks), None
    kept = {name: headers[name] for name in KEPT if name in headers}
    if not WITH_HASH.search(place):
        kept["Cache-Control"] = NO_CACHE
    if plain[0] >= LEAST and COMPRESSED.match(kept["Content-Type"]):
        with path.open("rb") as file:
            packed = _written(path.with_name(f"{path.name}.gz"), _compressed(file))
    return Note(file_of(place), plain, packed, kept, headers.get("Link", ""))


def _written(path, chunks):
    size, digest = 0, hashlib.sha256()
    with path.open("xb") as file:
        for chunk in chunks:
            file.write(chunk)
            digest.update(chunk)
            size += len(chunk)
    return size, digest.hexdigest()


def _compressed(file):
    """Yield `file` as gzip: the same bytes for the same bytes, so without a name or an hour."""
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    while chunk := file.read(1 << 20):
        yield packer.compress(chunk)
    yield packer.flush()
