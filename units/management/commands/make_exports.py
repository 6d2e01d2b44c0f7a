"""Make the files of published editions before somebody asks for them."""

import time

from django.core.exceptions import BadRequest
from django.core.management.base import BaseCommand, CommandError

from units import downloads
from units.exports import BusyError
from units.resolve import UnknownEditionError, edition_named, published_editions

MADE = [suffix for suffix in downloads.FORMATS if suffix != "json"]


class Command(BaseCommand):
    help = (
        "Make the files that /data/ offers, of all published editions or of some; says what cannot be made."
    )

    def add_arguments(self, parser):
        parser.add_argument("editions", nargs="*", help="such as 2024-06-16.1; all where none is given")
        parser.add_argument("--format", action="append", choices=MADE, help="only this; may be given again")

    def handle(self, editions, format, **options):
        try:
            chosen = [edition_named(name) for name in editions] or published_editions()
        except UnknownEditionError as unknown:
            raise CommandError(str(unknown)) from None
        failed = 0
        for edition in chosen:
            for suffix in format or MADE:
                since = time.monotonic()
                try:
                    file = downloads.file_of(edition, suffix, is_patient=True)
                except (BusyError, BadRequest) as error:
                    failed += 1
                    self.stderr.write(f"{edition.identifier} {suffix}: {error}")
                    continue
                took = time.monotonic() - since
                self.stdout.write(
                    f"{edition.identifier} {suffix}: {file.size} bytes, SHA-256 {file.sha256}, {took:.1f} s"
                )
        if failed:
            raise CommandError(f"{failed} could not be made.")
