"""Check everything that is stored."""

import json

from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from units.models import Edition
from units.verify import remember, verify


class Command(BaseCommand):
    help = "Check every tree, hash, citation, reference and trigger; exit code 1 if anything is wrong."

    def add_arguments(self, parser):
        parser.add_argument("--json", action="store_true", help="print the result as JSON")

    def handle(self, *, json: bool, **options):
        problems = list(verify(connection))
        remember(len(problems))
        editions = Edition.objects.count()
        if json:
            self.print_json(editions, problems)
        else:
            for edition, problem in problems:
                self.stdout.write(f"{edition or 'database'}: {problem}")
        if problems:
            count = len(problems)
            raise CommandError(f"{count} {'problem' if count == 1 else 'problems'} found.")
        if not json:
            self.stdout.write(
                f"{editions} {'edition' if editions == 1 else 'editions'} checked; all is well."
            )

    def print_json(self, editions, problems):
        listed = [{"edition": edition, "problem": problem} for edition, problem in problems]
        self.stdout.write(json.dumps({"ok": not problems, "editions": editions, "problems": listed}))
