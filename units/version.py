"""Which code makes the answers: what is kept of an edition is kept for this code only."""

import functools
import hashlib
from pathlib import Path

from django.conf import settings

PLACES = [Path(__file__).resolve().parent, settings.BASE_DIR / "templates", settings.BASE_DIR / "aioffice"]
KINDS = {".py", ".html", ".typ", ".json", ".css", ".js", ".xml"}


@functools.cache
def code_version():
    """Return a hash (hexadecimal) of all that an answer is made with, and of the address that is in it."""
    found = hashlib.sha256(settings.SITE_URL.encode())
    for place in PLACES:
        for path in sorted(path for path in place.rglob("*") if path.suffix in KINDS):
            found.update(path.read_bytes())
    return found.hexdigest()
