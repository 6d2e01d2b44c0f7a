"""Take a backup of the database."""

from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from units.backups import BackupError, take


class Command(BaseCommand):
    help = "Take a backup of the database, while the site is used, and print where it is."

    def add_arguments(self, parser):
        parser.add_argument("folder", type=Path, nargs="?", help="where to put it; by default BACKUP_DIR")

    def handle(self, *, folder, **options):
        folder = folder or (settings.BACKUP_DIR and Path(settings.BACKUP_DIR))
        if not folder:
            raise CommandError("Say into which folder, or set BACKUP_DIR.")
        try:
            self.stdout.write(str(take(folder)))
        except BackupError as error:
            raise CommandError(str(error)) from None
