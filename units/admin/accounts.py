"""Accounts: whoever leaves is deactivated; the history keeps the number of an account, not its name."""

from django.contrib import admin
from django.contrib.auth import get_user_model
from django.contrib.auth.admin import UserAdmin
from django_otp.plugins.otp_totp import admin as _registers  # noqa: F401 (registers it)
from django_otp.plugins.otp_totp.models import TOTPDevice

User = get_user_model()
# Second factors are given by manage.py second_factor alone: their keys are shown on no page.
admin.site.unregister([User, TOTPDevice])


@admin.register(User)
class AccountAdmin(UserAdmin):
    def has_delete_permission(self, request, obj=None):
        return False
