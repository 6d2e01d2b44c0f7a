"""The site's addresses, and those of what it is compared with, behind the same middleware."""

from django.http import HttpResponse
from django.urls import include, path

from aioffice.urls import handler400, handler403, handler404, handler500  # noqa: F401 (Django looks for them here)
from bench.textbook import Textbook, Trees


def nothing(request, size):
    """Answer with `size` bytes."""
    return HttpResponse(b"." * size)


urlpatterns = [
    path("nothing/<int:size>/", nothing),
    path("textbook/units/", Textbook.as_view({"get": "list"})),
    path("textbook/units/<slug:slug>/", Textbook.as_view({"get": "retrieve"})),
    path("textbook/trees/<slug:slug>/", Trees.as_view({"get": "retrieve"})),
    path("", include("aioffice.urls")),
]
