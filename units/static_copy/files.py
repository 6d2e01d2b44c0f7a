"""The files of a copy: written once, compressed beside themselves, and noted in its list."""

import contextlib
import hashlib
import json
import os
import re
import zlib
from pathlib import Path

from units.static_copy.places import file_of

LIST = "copy.json"  # also the mark that a folder is a copy, and may be replaced by another
FORMAT = "aioffice static copy 1"
NO_CACHE = "no-cache"
# Only such an address may be kept for ever: what is at any other is replaced by the next copy.
WITH_HASH = re.compile(r"[-.][0-9a-f]{12,}\.\w+$")
# What the site says of an answer that holds for a file of it too.
KEPT = [
    "Content-Type",
    "Content-Disposition",
    "Cache-Control",
    "Link",
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


def write(folder, place, headers, chunks):
    """Write the file of `place` into `folder`, from `chunks` of bytes, and the same compressed if that helps.

    Returns what the list says of it: its path, size, hash, and the headers to serve it with.
    """
    path = Path(folder) / file_of(place)
    path.parent.mkdir(parents=True, exist_ok=True)
    noted = {"path": file_of(place)} | _written(path, chunks)
    kept = {name: headers[name] for name in KEPT if name in headers}
    if not WITH_HASH.search(place):
        kept["Cache-Control"] = NO_CACHE
    kept["ETag"] = f'"{noted["sha256"][:40]}"'
    if noted["size"] >= LEAST and COMPRESSED.match(kept["Content-Type"]):
        with path.open("rb") as plain:
            smaller = path.with_name(f"{path.name}.gz")
            noted["gzip"] = _written(smaller, _compressed(plain))
    return noted | {"headers": kept}


def _written(path, chunks):
    size, digest = 0, hashlib.sha256()
    with path.open("xb") as file:
        for chunk in chunks:
            file.write(chunk)
            digest.update(chunk)
            size += len(chunk)
    return {"size": size, "sha256": digest.hexdigest()}


def _compressed(file):
    """Yield `file` as gzip: the same bytes for the same bytes, so without a name or an hour."""
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    while chunk := file.read(1 << 20):
        yield packer.compress(chunk)
    yield packer.flush()


def common_headers(noted):
    """Return the headers that all pages have, and every file that does not say otherwise."""
    home = next(note["headers"] for note in noted if note["path"] == file_of(""))
    return {name: value for name, value in home.items() if name not in ("ETag", "Content-Type")}


def write_list(folder, about, noted):
    """Write the list of the files `noted`, one a line in the order of their paths, after what it is `about`.

    Headers that all pages have in common stand once, in front.
    """
    common = common_headers(noted)
    start = json.dumps({"format": FORMAT, **about, "headers": common}, indent=1, ensure_ascii=False)
    with (Path(folder) / LIST).open("w", encoding="utf-8") as file:
        file.write(f'{start.removesuffix("}").rstrip()},\n "files": [')
        for number, note in enumerate(sorted(noted, key=lambda note: note["path"])):
            own = {name: value for name, value in note["headers"].items() if common.get(name) != value}
            line = json.dumps(note | {"headers": own}, ensure_ascii=False, separators=(",", ":"))
            file.write(f"{',' if number else ''}\n  {line}")
        file.write("\n ]\n}\n")


def keep_times(new, old, noted, listed):
    """Give each file in the folder `new` the time of its twin in `old` that has the same bytes.

    `noted` says what is in `new`, `listed` is the list of `old`. So servers and programs that compare copies
    by time see only what has changed. Returns the numbers of files that are new or changed, and gone.
    """
    before = {note["path"]: note["sha256"] for note in listed["files"]}
    same = [note["path"] for note in noted if before.get(note["path"]) == note["sha256"]]
    lists = [Path(folder, LIST).read_bytes() for folder in (new, old)]
    for path in [*same, *(f"{path}.gz" for path in same), *([LIST] if lists[0] == lists[1] else [])]:
        with contextlib.suppress(FileNotFoundError):
            found = Path(old, path).stat()
            os.utime(Path(new, path), ns=(found.st_atime_ns, found.st_mtime_ns))
    return len(noted) - len(same), len(before.keys() - {note["path"] for note in noted})
