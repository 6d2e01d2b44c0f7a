"""The second factor of an account."""

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django_otp.plugins.otp_totp.models import TOTPDevice


class Command(BaseCommand):
    help = "Give an account a new second factor, instead of any it had, and print it for an authenticator."

    def add_arguments(self, parser):
        parser.add_argument("username")
        parser.add_argument("--remove", action="store_true", help="take it away and give no new one")

    @transaction.atomic
    def handle(self, *, username, remove, **options):
        user = get_user_model().objects.filter(username=username).first()
        if user is None:
            raise CommandError(f"There is no account {username}.")
        TOTPDevice.objects.filter(user=user).delete()
        if remove:
            self.stdout.write(f"{username} has no second factor.")
            return
        device = TOTPDevice.objects.create(user=user, name="authenticator")
        self.stdout.write("Put this into the authenticator, as an address or as a QR code; it is shown once:")
        self.stdout.write(device.config_url)
