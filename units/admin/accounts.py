"""Accounts: whoever leaves is deactivated; the history keeps the number of an account, not its name."""

from django.contrib import admin
from django.contrib.auth import get_user_model
from django.contrib.auth.admin import UserAdmin

User = get_user_model()
admin.site.unregister(User)


@admin.register(User)
class AccountAdmin(UserAdmin):
    def has_delete_permission(self, request, obj=None):
        return False
