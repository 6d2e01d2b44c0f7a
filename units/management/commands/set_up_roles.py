"""The groups that accounts are put into."""

from django.core.management.base import BaseCommand
from django.db import transaction

from units import roles


class Command(BaseCommand):
    help = "Make the groups Viewer, Editor and Publisher, or give them exactly their rights again."

    @transaction.atomic
    def handle(self, **options):
        names = roles.set_up()
        self.stdout.write(f"{', '.join(names)}: put accounts into them in the admin, under Users.")
