"""What a browser fetches at its first visit of a page: the page itself, and what that refers to."""

import gzip
import html.parser
import re

MOST_BYTES = 60_000


class _References(html.parser.HTMLParser):
    """The style sheets, scripts and pictures of a page, each once."""

    def __init__(self):
        super().__init__()
        self.found = {}

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        if tag == "link" and given.get("rel") in ("stylesheet", "icon"):
            self.found[given["href"]] = given["rel"]
        elif tag in ("script", "img") and given.get("src"):
            self.found[given["src"]] = tag


def first_visit(server, path):
    """Return {"requests", "bytes", "rounds"} of the first visit of the page `path`, bytes compressed.

    There is a second round where a style sheet or script fetches something itself.
    """
    _status, headers, page = server.ask(path, **{"Accept-Encoding": "gzip"})
    references = _References()
    references.feed(_unpacked(headers, page).decode())
    sizes, rounds = [_packed(headers, page)], 1
    for address in references.found:
        _status, headers, file = server.ask(address, **{"Accept-Encoding": "gzip"})
        sizes.append(_packed(headers, file))
        text = _unpacked(headers, file)
        if re.search(rb"@import|url\((?!['\"]?(?:data:|#))|^\s*import ", text, re.MULTILINE):
            rounds = 2
    return {"requests": len(sizes), "bytes": sum(sizes), "rounds": rounds}


def _unpacked(headers, body):
    return gzip.decompress(body) if headers.get("Content-Encoding") == "gzip" else body


def _packed(headers, body):
    return len(body if headers.get("Content-Encoding") else gzip.compress(body))
