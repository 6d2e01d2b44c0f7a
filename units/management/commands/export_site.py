"""Write an edition as files that any web server can hand out."""

import re
import signal
import time
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.template.defaultfilters import filesizeformat
from django.utils import timezone

from units.resolve import UnknownEditionError, edition_named, in_force, published_editions
from units.static_copy import nginx
from units.static_copy.copying import CopyError, Copying
from units.static_copy.folders import FolderError, replacing
from units.static_copy.lists import is_copy, keep_times, write_list
from units.version import code_version

TELL_EVERY = 2.0  # seconds


class Command(BaseCommand):
    help = "Write an edition as static files into a folder, which is replaced whole, or not at all."

    told = 0.0

    def add_arguments(self, parser):
        parser.add_argument("folder", type=Path, help="a new or empty folder, or one with such a copy")
        parser.add_argument(
            "--edition", help="2024-06-16 (its latest revision) or 2024-06-16.1; else the one in force today"
        )
        parser.add_argument(
            "--under",
            default="/",
            metavar="PATH",
            help="where it will be served, as in /directory/ (default: /)",
        )
        parser.add_argument("--processes", type=int, default=1, help="how many write at once (default: 1)")

    def handle(self, *, folder, edition, under, processes, **options):
        edition = self.edition(edition)
        if not re.fullmatch(r"/([-\w.]+/)*", under, re.ASCII):
            raise CommandError(f"--under is {under!r}: write a path such as /directory/.")
        if not 1 <= processes <= 64:
            raise CommandError("--processes takes a number from 1 to 64.")
        started = time.monotonic()
        self.verbosity = options["verbosity"]
        try:
            with asked_to_end(), replacing(folder) as new:
                copying = Copying(edition, new, under)
                noted = copying.made(processes, self.tell)
                noted.append(nginx.write(new, under, noted))
                about = {
                    "edition": edition.identifier,
                    "sha256": edition.sha256,
                    "site": settings.SITE_URL,
                    "code": code_version(),
                    "under": under,
                }
                write_list(new, about, noted)
                changes = keep_times(new, folder, noted) if is_copy(folder) else (len(noted), 0)
        except (CopyError, FolderError) as error:
            raise CommandError(f"Nothing was changed. {error}") from None
        except KeyboardInterrupt:
            raise CommandError("Stopped; nothing was changed.", returncode=130) from None
        except BrokenProcessPool:
            raise CommandError("Nothing was changed. A process was ended from outside.") from None
        except OSError as error:
            raise CommandError(f"Nothing was changed. {error}.") from None
        self.report(copying, folder, noted, changes, time.monotonic() - started)

    def edition(self, name):
        """Return the published edition `name`, or the one in force."""
        try:
            found = edition_named(name) if name else in_force(published_editions(), timezone.localdate())
        except UnknownEditionError as error:
            raise CommandError(str(error)) from None
        if found is None:
            raise CommandError("No edition is in force today: name one by --edition.")
        return found

    def tell(self, written, waiting):
        if self.verbosity and time.monotonic() - self.told >= TELL_EVERY:
            self.told = time.monotonic()
            self.stdout.write(f"{written:,} files written, {waiting:,} known to follow", self.style.NOTICE)
            self.stdout.flush()

    def report(self, copying, folder, noted, changes, seconds):
        if not self.verbosity:
            return
        if settings.LOCAL:
            self.stdout.write(f"What is not in it leads to {settings.SITE_URL}, so for others set SITE_URL.")
        for place in sorted(copying.places.left_out):
            self.stdout.write(
                f"The edition is too large for {place}: links to it lead to {settings.SITE_URL}."
            )
        size, sent = sum(note.plain[0] for note in noted), sum(note.sent for note in noted)
        plain, packed = (filesizeformat(number).replace("\xa0", " ") for number in (size, sent))
        self.stdout.write(
            f"Edition {copying.edition.identifier} is in {folder}: {len(noted):,} files, {plain} "
            f"({packed} as sent), in {seconds:.0f} s. New or changed: {changes[0]:,}, gone: {changes[1]:,}."
        )


@contextmanager
def asked_to_end():
    """Make of SIGTERM what Ctrl-C makes: an exception, so that what is half-written is removed."""
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
