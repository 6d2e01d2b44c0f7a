"""Print an edition's document."""

import sys

from django.core.management.base import BaseCommand, CommandError

from units.documents import canonical, dump, readable
from units.resolve import UnknownEditionError, edition_named


class Command(BaseCommand):
    help = (
        "Print the document of an edition: of 2024-06-16 the latest revision, of 2024-06-16.1 exactly that."
    )

    def add_arguments(self, parser):
        parser.add_argument("id", help="2024-06-16, 2024-06-16.1 or draft-7")
        parser.add_argument("--canonical", action="store_true", help="the exact bytes that the hash is of")

    def handle(self, *, id, canonical: bool, **options):
        try:
            edition = edition_named(id, drafts=True)
        except UnknownEditionError as error:
            raise CommandError(str(error)) from None
        write(self.stdout, edition, canonical)


def write(out, edition, as_canonical):
    document = dump(edition)
    if as_canonical:
        sys.stdout.buffer.write(canonical(document))
    else:
        out.write(readable(document), ending="")
