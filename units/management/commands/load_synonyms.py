"""Load the words that people write for what the directory says."""

import json
from pathlib import Path

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from units.models import Synonym


class Command(BaseCommand):
    help = "Load synonyms from a JSON file, an object: {what people write: what the directory says}."

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path, help="the synonyms, a JSON file")
        parser.add_argument("--if-none", action="store_true", help="do nothing if there are synonyms already")

    def handle(self, *, file, if_none, **options):
        if if_none and Synonym.objects.exists():
            self.stdout.write("There are synonyms already; nothing was loaded.")
            return
        try:
            pairs = json.loads(file.read_text())
            synonyms = [Synonym(said=said, meant=meant) for said, meant in pairs.items()]
            if not all(isinstance(meant, str) for meant in pairs.values()):
                raise ValueError
            for synonym in synonyms:
                synonym.full_clean(validate_unique=False)
        except OSError as error:
            raise CommandError(f"{file} can't be read: {error.strerror}.") from None
        except (AttributeError, ValueError):
            raise CommandError(f'{file} is no JSON object like {{"fine": "sanctions, penalties"}}.') from None
        except ValidationError as error:
            raise CommandError(f"“{synonym.said}”: {' '.join(error.messages)} Nothing was loaded.") from None
        with transaction.atomic():
            for synonym in synonyms:
                Synonym.objects.update_or_create(said=synonym.said, defaults={"meant": synonym.meant})
        self.stdout.write(self.style.SUCCESS(f"Loaded {len(synonyms)} synonyms."))
