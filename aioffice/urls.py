"""The frame's addresses: the admin's, and everything else from `units`."""

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("admin/", admin.site.urls),
    path("", include("units.urls")),
]

handler400 = "units.errors.bad_request"
handler404 = "units.errors.not_found"
handler500 = "units.errors.server_error"
