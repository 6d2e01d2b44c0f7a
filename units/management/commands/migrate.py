"""Django's migrate, with the triggers taken off before and put on after."""

from django.core.management.commands import migrate
from django.db import connections

from units import triggers


class Command(migrate.Command):
    def handle(self, *args, **options):
        connection = connections[options["database"]]
        triggers.remove(connection)
        try:
            super().handle(*args, **options)
        finally:
            # Also after a migration that failed: what is published stays guarded.
            triggers.install(connection)
