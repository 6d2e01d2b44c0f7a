"""The frame's addresses: the admin's, and everything else from `units`."""

from django.contrib import admin
from django.urls import include, path

from aioffice.security_txt import security_txt

urlpatterns = [
    path("admin/", admin.site.urls),
    path(".well-known/security.txt", security_txt, name="security_txt"),
    path("", include("units.urls")),
]

handler400 = "units.errors.bad_request"
handler403 = "units.errors.forbidden"
handler404 = "units.errors.not_found"
handler500 = "units.errors.server_error"
