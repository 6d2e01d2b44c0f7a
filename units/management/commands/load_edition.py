"""Load a document and publish it as an edition."""

import hashlib
from functools import partial
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from units.backups import after_publication
from units.documents import DocumentError, canonical, load, parse, publish
from units.models import Edition
from units.search import make_ready


class Command(BaseCommand):
    help = "Check a document, load it and publish it. A document that was published before changes nothing."

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path, help="the document, a JSON file")
        parser.add_argument("--draft", action="store_true", help="leave it as a draft")
        parser.add_argument(
            "--if-none", action="store_true", help="do nothing if an edition is published already"
        )

    def handle(self, *, file, draft, if_none, **options):
        if if_none and Edition.objects.published().exists():
            self.stdout.write("There is an edition already; nothing was loaded.")
            return
        try:
            document = parse(file.read_bytes())
        except OSError as error:
            raise CommandError(f"{file} can't be read: {error.strerror}.") from None
        except DocumentError as error:
            count = len(error.problems)
            listed = "\n".join(f"  {problem}" for problem in error.problems)
            raise CommandError(
                f"{file} was not loaded: {count} {'problem' if count == 1 else 'problems'}.\n{listed}"
            ) from None
        same = (
            Edition.objects.published().filter(sha256=hashlib.sha256(canonical(document)).hexdigest()).first()
        )
        if same and not draft:
            self.stdout.write(f"This document is edition {same.identifier} already; nothing was loaded.")
            return
        with transaction.atomic():
            edition = load(document)
            if not draft:
                edition = publish(edition)
        if edition.is_published:
            transaction.on_commit(partial(make_ready, edition, is_patient=True))
            transaction.on_commit(partial(after_publication, self.stderr.write))
        self.stdout.write(self.style.SUCCESS(f"Loaded as {edition.identifier}: {edition.title}"))
