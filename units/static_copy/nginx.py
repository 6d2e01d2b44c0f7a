"""How nginx is to serve a copy: the types and headers of its list, as lines for a server block."""

import json
import re
from collections import defaultdict
from pathlib import Path

from units.static_copy import files
from units.static_copy.lists import common_headers

CONFIGURATION = "nginx.conf"


def write(folder, under, noted):
    """Write the lines for the files `noted`, served at the path `under`; return their Note."""
    text = configuration(under, noted)
    headers = {"Content-Type": "text/plain; charset=utf-8"}
    return files.write(Path(folder), CONFIGURATION, headers, [text.encode()])


def configuration(under, noted):
    """Return the lines: what all files have in common, then a location for each kind that has more."""
    common = common_headers(noted)
    lines = [
        "# Include this in a server block whose root holds the copy"
        + (f" as the folder {under.strip('/')}." if under != "/" else "."),
        "index index.html;",
        "charset utf-8;",
        "gzip_static on;",
        "gzip_vary on;",
        f"error_page 404 {under}404.html;",
        *_added(common),
    ]
    for where, headers in _locations(under, noted, common):
        lines += ["", f"location {where} {{", "    types {}"]
        lines.append(f"    default_type {_quoted(headers['Content-Type'])};")
        given = {name: value for name, value in headers.items() if name != "Content-Type"}
        lines += [f"    {line}" for line in _added(common | given)]
        lines.append("}")
    return "\n".join([*lines, ""])


def _locations(under, noted, common):
    """Yield (which addresses, their headers): by ending, or singly where an ending has several kinds."""
    kinds = defaultdict(list)
    for note in noted:
        own = {name: value for name, value in note.headers.items() if common.get(name) != value}
        if own != {"Content-Type": "text/html; charset=utf-8"}:
            kinds[json.dumps(own)].append(note.path)
    taken = set()
    for own, paths in sorted(kinds.items(), key=lambda kind: (-len(kind[1]), kind[0])):
        endings = {Path(path).suffix for path in paths}
        if endings & taken:
            yield from ((f"= {_quoted(under + path)}", json.loads(own)) for path in sorted(paths))
            continue
        taken |= endings
        names = "|".join(sorted(re.escape(ending[1:]) for ending in endings))
        yield rf'~ "^{re.escape(under)}.*\.({names})$"', json.loads(own)


def _added(headers):
    # What is missing is not kept for ever.
    ends = {"Cache-Control": ""}
    return [
        f"add_header {name} {_quoted(value)}{ends.get(name, ' always')};" for name, value in headers.items()
    ]


def _quoted(value):
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
