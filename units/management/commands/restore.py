"""Put a backup in the place of the database."""

import sqlite3
from pathlib import Path

from django.conf import settings
from django.core.cache import caches
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError

from units.backups import BackupError, drill, newest, restore


class Command(BaseCommand):
    help = "Restore a backup, whole or not at all, while the site is stopped; with --drill only try it."

    def add_arguments(self, parser):
        parser.add_argument(
            "file", type=Path, nargs="?", help="the backup; for --drill by default the newest of BACKUP_DIR"
        )
        parser.add_argument(
            "--drill",
            action="store_true",
            help="restore it into a temporary database, check it, and throw it away",
        )
        parser.add_argument(
            "--replace", action="store_true", help="let it take the place of a directory, which is kept aside"
        )

    def handle(self, *, file, replace, **options):
        try:
            if options["drill"]:
                self.drill(file)
            elif file is None:
                raise CommandError("Say which backup.")
            else:
                self.restore(file, replace)
        except (BackupError, DatabaseError, OSError, sqlite3.Error, ValueError) as error:
            raise CommandError(str(error).strip()) from None

    def drill(self, file):
        if file is None and not settings.BACKUP_DIR:
            raise CommandError("Say which backup, or set BACKUP_DIR.")
        file = file or newest(settings.BACKUP_DIR)
        self.stdout.write(f"{file} can be restored: {editions(drill(file))}, as they were, and all is well.")

    def restore(self, file, replace):
        done = restore(file, replace)
        for name in settings.CACHES:  # a shared one may hold what the database does not any more
            try:
                caches[name].clear()
            except Exception as error:
                self.stderr.write(f"The cache {name} could not be emptied, so do that: {error}")
        self.stdout.write(f"{file} is restored: {editions(done.editions)}. Everybody has to sign in anew.")
        if done.kept:
            self.stdout.write(f"What was there is kept as {done.kept}.")
        if done.erased:
            numbers = ", ".join(map(str, done.erased))
            self.stdout.write(f"Erased again, as they had been since this backup: people {numbers}.")
        if not done.knows_erasures:
            self.stdout.write("Who was erased since is known from beside the backups only: look there.")
        for model, key, column in done.left:
            self.stdout.write(
                f"One of their names is also written, by hand, in {model._meta.label} {key}: {column}."
            )


def editions(count):
    return f"{count} {'edition' if count == 1 else 'editions'}"
