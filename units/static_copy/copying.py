"""Making a copy: from the home page along all links, until every file that is linked to is there."""

import os
import re
import signal
import threading
import time
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context, parent_process

from django.conf import settings
from django.db import connections
from django.utils.translation import gettext as _

from units import downloads
from units.resolve import as_copy_of
from units.static_copy import files
from units.static_copy.asking import asked
from units.static_copy.pages import Links
from units.static_copy.places import Places, leading

PAGE = "text/html"
# For these an edition can be too large; they are made first, so that the page of them knows their sizes.
LARGE = ["chart.png", "chart.pdf", *(f"document.{suffix}" for suffix in downloads.FORMATS)]
# And for these, of which asking alone tells; making one takes long.
LISTS = ["units", "posts", "bodies", "tasks", "initiatives", "timeline", "sources"]
WORKBOOKS = [f"{name}.xlsx" for name in LISTS]
TRIES, WAIT = 10, 5.0  # where files for printing are being made for somebody else: how often, seconds between
AT_ONCE = 8  # addresses that a process is given together


class CopyError(Exception):
    """The site does not answer as a copy needs it; the text says what and where."""


class Copying:
    """A copy of `edition`, a published one, being made in `folder`, to be served at the path `under`."""

    def __init__(self, edition, folder, under):
        self.edition, self.folder, self.under = edition, folder, under
        self.places = Places(edition)

    def made(self, processes, tell):
        """Write all files of the copy but its list; return their Notes.

        `tell(written, waiting)` is called with numbers of files now and then. Raises CopyError.
        """
        with as_copy_of(self.edition):
            self.places.left_out |= {place for place in LARGE if self._is_refused(place, "GET")}
            self.places.left_out |= {place for place in WORKBOOKS if self._is_refused(place, "HEAD")}
            return self._made(processes, tell)

    def _made(self, processes, tell):
        with _workers(processes, self) as each_of:
            note, waiting = self.missing_page()
            noted, seen, alike = [note, self.robots()], set(), {}
            while waiting:
                seen.update(waiting)
                following = {}
                for done, (note, found) in enumerate(each_of(sorted(waiting.values())), 1):
                    note.headers = alike.setdefault(tuple(note.headers.items()), note.headers)
                    noted.append(note)
                    following |= {place: found[place] for place in found.keys() - seen}
                    tell(len(noted), len(waiting) - done + len(following))
                waiting = following
        return noted

    def write(self, address):
        """Write what `address` answers; return its Note, and {place: address} of its links."""
        with _patiently(address) as answer:
            if answer.status == 200:
                return self._written(address, self.places.of(address), answer)
        raise CopyError(_("%(address)s answers %(status)s.") % {"address": address, "status": answer.status})

    def _is_refused(self, place, method):
        with _patiently(self.places.home + place, method) as answer:
            return answer.status != 200

    def missing_page(self):
        """Write what a server is to show where there is no file: see write()."""
        address = f"{self.places.home}404.html"
        with asked(address) as answer:
            if answer.status != 404:
                raise CopyError(f"{address}: {answer.status}")
            return self._written(address, "404.html", answer, self.under)

    def robots(self):
        """Write robots.txt: all may be read, and each page names that of the site as the one to find."""
        said = f"# A copy of {settings.SITE_URL}{self.places.home}\nUser-agent: *\nAllow: /\n"
        headers = {"Content-Type": "text/plain; charset=utf-8"}
        return files.write(self.folder, "robots.txt", headers, [said.encode()])

    def _written(self, address, place, answer, under=None):
        headers, chunks, found = answer.headers, answer.body, {}
        if headers["Content-Type"].startswith(PAGE):
            links = Links(self.places, address, place, under)
            chunks = [links.rewritten(b"".join(chunks).decode()).encode()]
            found = links.found
        elif "Link" in headers and not under:
            headers["Link"], found = self._parts(headers["Link"], place)
        # Forms are sent to the site itself.
        policy = headers["Content-Security-Policy"]
        to_the_site = policy.replace("form-action 'self'", f"form-action {settings.SITE_URL}")
        headers["Content-Security-Policy"] = to_the_site
        return files.write(self.folder, place, headers, chunks), found

    def _parts(self, written, place):
        """Return the header Link, as it is in the copy, and {place: address} of what a copy has of it."""
        found = {}

        def there(match):
            address = match[1].removeprefix(settings.SITE_URL)
            target = self.places.of(address)
            if target is None:
                return match[0]
            found[target] = address
            return f"<{leading(place.rpartition('/')[0], target)}>"

        return re.sub(r"<([^>]*)>", there, written), found


@contextmanager
def _patiently(address, method="GET"):
    """Give the Answer to `address`, asked again for some time while the site says that it is busy."""
    for again in reversed(range(TRIES)):
        with asked(address, method) as answer:
            if answer.status != 503 or not again:
                yield answer
                return
        time.sleep(WAIT)


@contextmanager
def _workers(processes, copying):
    """Give a function that writes files for addresses, and gives what write() returns of each."""
    if processes == 1:
        yield lambda addresses: map(copying.write, addresses)
        return
    connections.close_all()  # each process opens its own
    pool = ProcessPoolExecutor(processes, get_context("fork"), _begin, [copying])
    try:
        yield lambda addresses: pool.map(_write, addresses, chunksize=AT_ONCE)
    finally:
        pool.shutdown(cancel_futures=True)


_mine = []  # the Copying that this process works for


def _begin(copying):
    # The one that started it decides when it ends: by shutting down, or by being gone.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    threading.Thread(target=_end_with, args=[parent_process()], daemon=True).start()
    _mine.append(copying)
    as_copy_of(copying.edition).__enter__()


def _end_with(parent):
    parent.join()
    os._exit(1)


def _write(address):
    return _mine[0].write(address)
