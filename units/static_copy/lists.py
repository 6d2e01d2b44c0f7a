"""The list of a copy: each of its files with size, hash and headers. It marks a folder as a copy, too."""

import contextlib
import filecmp
import json
import os
from pathlib import Path

LIST = "copy.json"
FORMAT = "aioffice static copy 1"
ENTRY = '  {"path":'  # how each line begins that is of a file


def common_headers(noted):
    """Return the headers that all pages have, and every file that does not say otherwise."""
    home = next(note.headers for note in noted if note.path == "index.html")
    return {name: value for name, value in home.items() if name != "Content-Type"}


def write_list(folder, about, noted):
    """Write the list of the Notes `noted`, one a line in the order of their paths, after what it is `about`.

    Headers that all pages have in common stand once, in front.
    """
    common = common_headers(noted)
    start = json.dumps({"format": FORMAT, **about, "headers": common}, indent=1, ensure_ascii=False)
    with Path(folder, LIST).open("w", encoding="utf-8") as file:
        file.write(f'{start.removesuffix("}").rstrip()},\n "files": [')
        for number, note in enumerate(sorted(noted, key=lambda note: note.path)):
            line = json.dumps(_entry(note, common), ensure_ascii=False, separators=(",", ":"))
            file.write(f"{',' if number else ''}\n  {line}")
        file.write("\n ]\n}\n")


def _entry(note, common):
    entry = {"path": note.path, **_measures(note.plain)}
    if note.packed:
        entry["gzip"] = _measures(note.packed)
    own = {name: value for name, value in note.headers.items() if common.get(name) != value}
    own |= {"Link": note.link} if note.link else {}
    return entry | {"headers": own | {"ETag": f'"{note.plain[1][:40]}"'}}


def _measures(measured):
    size, sha256 = measured
    return {"size": size, "sha256": sha256}


def is_copy(folder):
    """Return whether the folder is a copy that this program has made."""
    with contextlib.suppress(OSError, ValueError), Path(folder, LIST).open(encoding="utf-8") as file:
        return f'"format": "{FORMAT}"' in file.read(200)
    return False


def keep_times(new, old, noted):
    """Give each file in the folder `new` the time of its twin in `old` that has the same bytes.

    `noted` are the Notes of what is in `new`; both are copies. So servers and programs that compare copies
    by time see only what has changed. Returns the numbers of files that are new or changed, and gone.
    """
    before = dict(_listed(old))
    same = [note.path for note in noted if before.get(note.path) == note.plain[1]]
    lists = [LIST] if filecmp.cmp(Path(new, LIST), Path(old, LIST), shallow=False) else []
    for path in [*same, *(f"{path}.gz" for path in same), *lists]:
        with contextlib.suppress(FileNotFoundError):
            found = Path(old, path).stat()
            os.utime(Path(new, path), ns=(found.st_atime_ns, found.st_mtime_ns))
    return len(noted) - len(same), len(before.keys() - {note.path for note in noted})


def _listed(folder):
    """Yield (path, SHA-256) of the files of a copy, reading its list line by line."""
    with Path(folder, LIST).open(encoding="utf-8") as file:
        for line in file:
            if line.startswith(ENTRY):
                entry = json.loads(line.strip().rstrip(","))
                yield entry["path"], entry["sha256"]
