"""How tests serve and read a static copy."""

import contextlib
import html
import json
import re
import threading
import urllib.request
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urljoin

LINK = re.compile(r'(?<=\s)(?:href|src|action)="([^"]*)"')


def listed_in(folder):
    return json.loads((folder / "copy.json").read_text())


@contextlib.contextmanager
def served(folder, headers=False):
    """Serve `folder` on this machine by Python's own server; give its address.

    With `headers` as its list says, else as that server does by itself.
    """
    listed = listed_in(folder) if headers else {"headers": {}, "files": []}
    of_files = {note["path"]: note["headers"] for note in listed["files"]}

    class Handler(SimpleHTTPRequestHandler):
        def __init__(self, *args):
            super().__init__(*args, directory=folder)

        def path_noted(self):
            path = self.path.split("?")[0][1:]
            return path + "index.html" if not path or path.endswith("/") else path

        def guess_type(self, path):
            return of_files.get(self.path_noted(), {}).get("Content-Type") or super().guess_type(path)

        def end_headers(self):
            for name, value in (listed["headers"] | of_files.get(self.path_noted(), {})).items():
                if name != "Content-Type":
                    self.send_header(name, value)
            super().end_headers()

        def log_message(self, *args):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/"
    finally:
        server.shutdown()
        server.server_close()


def fetched(address):
    """Return (type, body) of what a server answers to `address` with 200; raises HTTPError for others."""
    with urllib.request.urlopen(address) as answer:
        return answer.headers["Content-Type"], answer.read()


def links_in(address, page):
    """Return where all that is linked to or shown in `page`, the HTML at `address`, is."""
    tags = re.findall(r"<\w[^<>]*>", page)
    return [urljoin(address, html.unescape(link)) for tag in tags for link in LINK.findall(tag)]


def crawled(start):
    """Return ({address: page}, {address: type}, {other links}) of all that links lead to below `start`."""
    pages, types, outside, waiting = {}, {}, set(), [start]
    while waiting:
        address = waiting.pop()
        if address in types:
            continue
        types[address], body = fetched(address)
        if types[address].startswith("text/html"):
            pages[address] = body.decode()
            links = links_in(address, pages[address])
            outside |= {link for link in links if not link.startswith(start)}
            waiting += {link.split("#")[0] for link in links if link.startswith(start)}
    return pages, types, outside
