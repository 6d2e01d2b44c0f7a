"""The public addresses: every page twice, once for today or `?on=`, once below `/editions/{id}/`."""

from django.urls import include, path

from units.views import changes, health, pages

page_patterns = [
    path("", pages.home, name="home"),
    path("units/<slug:slug>/", pages.unit, name="unit"),
    path("sources/<slug:slug>/", pages.source, name="source"),
]

urlpatterns = [
    path("", include((page_patterns, "directory"), namespace="pages")),
    path("editions/<str:before>/diff/<str:after>/", changes.changes, name="diff"),
    path("editions/<str:edition_name>/", include((page_patterns, "directory"), namespace="edition")),
    path("health/live/", health.live, name="live"),
    path("health/ready/", health.ready, name="ready"),
]
