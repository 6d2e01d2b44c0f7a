"""Remove a person everywhere."""

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from units.erasure import erase, rewrite_files
from units.models import Person


class Command(BaseCommand):
    help = "Erase a person, by number, with all appointments; exit code 1 where nobody or not all was erased."

    left = ()  # where else the name is written

    def add_arguments(self, parser):
        parser.add_argument("id", type=int, nargs="?", help="the person's number, as the admin shows it")
        parser.add_argument("--files", action="store_true", help="only write the database's files anew")
        parser.add_argument("--yes", action="store_true", help="do not ask")

    def handle(self, *, id, yes, files, **options):
        if not files:
            self.erase(id, yes)
        busy = []
        transaction.on_commit(lambda: busy.append(not rewrite_files()))
        if any(busy):
            raise CommandError(
                "The database was busy: run erase_person --files, so that its files forget too."
            )
        if self.left:
            places = "\n".join(f"  {model._meta.label} {key}: {column}" for model, key, column in self.left)
            raise CommandError(f"The name is also written, by hand, in:\n{places}")

    def erase(self, id, yes):
        person = Person.objects.filter(pk=id).first()
        if person is None:
            raise CommandError("Say which person, by number." if id is None else f"There is no person {id}.")
        count = person.appointments.count()
        if not yes:
            self.stdout.write(
                f"Person {id} and {count} {'appointment' if count == 1 else 'appointments'} will be gone."
            )
            if input("Type yes to erase: ").strip().lower() != "yes":
                raise CommandError("Nothing was erased.")
        self.left = erase(person)
        self.stdout.write(f"Person {id} is erased.")
