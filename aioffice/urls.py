"""The frame's addresses: the admin's, and everything else from `units`."""

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("admin/", admin.site.urls),
    path("", include("units.urls")),
]

handler400 = "units.views.errors.bad_request"
handler404 = "units.views.errors.not_found"
handler500 = "units.views.errors.server_error"
