"""Measure the memory of one server process: `python -m bench.memory 100000` asks for everything, and looks.

Two editions, the second with some changes; every kind of page, file and data is asked for twice, and printed
is what grew the process, or how much it held meanwhile. With `there` for the size it takes the editions that
are in the database of DATABASE_URL.
"""

import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import nullcontext
from pathlib import Path

from bench.scratch import FOLDER, database, set_up

set_up()

from django.conf import settings
from django.core.management import call_command
from django.db import connection, connections

from bench.drafts import publish, wide
from bench.institutions import institution
from scripts.site import stop, wait_for
from units import drafts, trees
from units.documents import load
from units.models import Edition

TARGET = 300  # megabytes that one process holds after all this, serving 100,000 units
PORT = 18_765
GROWN = 2  # megabytes that are worth a line
LISTS = ["units", "posts", "people", "bodies", "tasks", "initiatives", "timeline", "sources", "search"]
SITE = ["/editions/", "/data/", "/changes.atom", "/about/", "/accessibility/", "/privacy/", "/opensearch.xml"]
SITE += ["/vocabulary", "/vocabulary.ttl", "/context.jsonld", "/shapes.ttl", "/sitemap.xml", "/robots.txt"]
SITE += ["/health/live/", "/health/ready/"]
CHARTS = ["/chart/", "/chart/?depth=all", "/chart/?find=unit+77", "/chart/table/?depth=all", "/chart/embed/"]
CHARTS += ["/chart.svg", "/chart.md", "/chart.png", "/chart.pdf"]
API = ["editions", "changes", "tree", "units", "posts", "people", "tasks", "statements", "bodies"]
API += ["initiatives", "legal-acts", "milestones", "sources"]


def addresses(size, before, after):
    """Return what is asked for: every kind of address of `after`, an edition that follows `before`."""
    asked = "?q=matters+of+the+kind+7"
    found = ["/", *CHARTS, f"/chart/?compare={before}", *SITE]
    for name in LISTS:
        of = asked if name == "search" else ""
        found += [f"/{name}/{of}", *(f"/{name}.{suffix}{of}" for suffix in ("json", "jsonld", "ttl"))]
    for slug in ("unit-0", f"unit-{size // 10}", f"unit-{size - 1}"):
        found += [f"/units/{slug}/", f"/units/{slug}/chart.svg"]
        found += [f"/units/{slug}.{suffix}" for suffix in ("json", "jsonld", "ttl")]
        found += [f"/api/v1/units/{slug}/{part}/" for part in ("ancestors", "children", "descendants")]
    found += [f"/sources/charter{end}" for end in ("/", ".json", ".jsonld", ".ttl")]
    found += ["/timeline.ics", f"/tasks/?page={size // 50}", "/search/?q=unit", "/search/?q=no-such-word"]
    found += [f"/search/?q=unit+{number}" for number in range(0, size, size // 20)]
    found += [f"/api/v1/{name}{end}" for name in API for end in ("/", ".json", ".jsonld", ".ttl")]
    found += ["/api/v1/", "/api/v1/openapi.json", "/api/v1/docs/", f"/api/v1/search/{asked}"]
    found += ["/api/v1/units/?limit=200", f"/api/v1/units/?limit=200&offset={size - 200}"]
    found += ["/api/v1/tree/?depth=3&shape=nested", f"/api/v1/changes/{after}/"]
    found += [f"/editions/{before}/diff/{after}/", f"/editions/{before}/diff/{after}/?layout=side-by-side"]
    for name in (before, after):
        found += [f"/editions/{name}/", f"/editions/{name}/units/unit-1/", f"/api/v1/editions/{name}/"]
        found += [f"/api/v1/editions/{name}/document/", f"/editions/{name}/search/?q=matters"]
        found += [f"/editions/{name}/document.{suffix}" for suffix in ("json", "jsonld", "ttl")]
    return found


def main():
    asked = sys.argv[1] if len(sys.argv) > 1 else "100000"
    is_there = asked == "there"
    with nullcontext() if is_there else database():
        if is_there:
            size = Edition.objects.published().first().unit_set.count() - 301
        else:
            size = int(asked)
            fill(size)
        after, before = (edition.identifier for edition in Edition.objects.published()[:2])
        connections.close_all()
        with site() as process:
            measure(process, addresses(size, before, after), size)


def fill(size):
    call_command("load_synonyms", settings.BASE_DIR / "fixtures" / "synonyms.json", verbosity=0)
    draft = drafts.start(publish(load(wide(institution(size)))))
    trees.move(draft, "unit-1", "unit-0")
    for number in range(1, 20):
        trees.change(draft, f"unit-{size // 20 * number}", {"name": f"Another name {number}"})
    publish(draft)


class site:
    """The site on this machine, one process: gives its subprocess.Popen."""

    def __enter__(self):
        values = connection.settings_dict
        if connection.vendor == "postgresql":
            url = "postgres://{USER}:{PASSWORD}@{HOST}:{PORT}/{NAME}".format(**values).replace(":@", "@")
        else:
            url = f"sqlite:///{values['NAME']}"
        environment = os.environ | {"DATABASE_URL": url, "SITE_URL": f"http://127.0.0.1:{PORT}"}
        environment["CACHE_DIR"] = f"{FOLDER.name}/cache-of-the-site"  # nothing is made yet
        command = [sys.executable, "manage.py", "runserver", "--noreload", f"127.0.0.1:{PORT}"]
        with open(f"{FOLDER.name}/log", "w") as log:
            self.process = subprocess.Popen(
                command, cwd=settings.BASE_DIR, env=environment, stdout=log, stderr=log
            )
        wait_for(self.process, PORT, f"{FOLDER.name}/log")
        return self.process

    def __exit__(self, *_of_error):
        stop(self.process)


def measure(process, asked, size):
    start = megabytes(process, "VmRSS")
    print(f"One process on {connection.display_name}, {size:,} units: {start:.0f} MB before any page")
    print(f"{'seconds':>8}{'answer':>8}{'kB':>9}{'peak MB':>9}{'then MB':>9}  address")
    held, highest = start, start
    for again in (False, True):
        for address in asked:
            Path(f"/proc/{process.pid}/clear_refs").write_text("5")  # forgets the peak
            begun = time.perf_counter()
            code, length = answer(address)
            seconds = time.perf_counter() - begun
            peak, now = megabytes(process, "VmHWM"), megabytes(process, "VmRSS")
            highest = max(highest, peak)
            if now > held + GROWN or peak > held + 10 * GROWN or code >= 500:
                line = f"{seconds:>8.2f}{code:>8}{length / 1000:>9.0f}{peak:>9.0f}{now:>9.0f}"
                print(f"{line}  {address}{' again' if again else ''}", flush=True)
            held = now
    said = "met" if held <= TARGET else "missed"
    print(f"{held:.0f} MB after all of that ({TARGET} MB: {said}), at most {highest:.0f} MB")


def answer(address):
    """Return the status and the length of what the site answers at `address`."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{PORT}{address}", timeout=300) as response:
            length = 0
            while part := response.read(1_000_000):
                length += len(part)
            return response.status, length
    except urllib.error.HTTPError as error:
        return error.code, len(error.read())


def megabytes(process, what):
    lines = Path(f"/proc/{process.pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(what)) / 1024


if __name__ == "__main__":
    main()
