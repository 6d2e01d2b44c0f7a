"""The admin, with our own way of signing in."""

from django.contrib.admin.apps import AdminConfig


class DirectoryAdminConfig(AdminConfig):
    default_site = "aioffice.sign_in.Site"
