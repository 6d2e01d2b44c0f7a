"""An account to try the admin with, on one's own machine."""

import os
import secrets

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.core.management.base import BaseCommand, CommandError

from units import roles


class Command(BaseCommand):
    help = "Make the demo account “editor” if there is none, and print its password. Only on a local site."

    def handle(self, **options):
        if not settings.LOCAL:
            raise CommandError(
                "A demo account is for one's own machine; SITE_URL says that this is a public site."
            )
        file = settings.VAR_DIR / "demo-password"
        User = get_user_model()
        user = User.objects.filter(username="editor").first()
        if user and not (file.exists() and user.check_password(file.read_text())):
            self.stdout.write("Sign in at /admin/ as editor, with the password that you gave it.")
            return
        if not user:
            file.parent.mkdir(parents=True, exist_ok=True)
            password = secrets.token_urlsafe(9)
            with open(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as out:
                out.write(password)
            user = User.objects.create_user("editor", password=password, is_staff=True)
        roles.set_up()
        user.groups.add(Group.objects.get(name="Publisher"))
        self.stdout.write(
            f"Sign in at {settings.SITE_URL}/admin/ as editor with the password {file.read_text()}"
        )
