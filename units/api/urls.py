"""The addresses of the API, version 1; each resource also with `.json` in the place of its last slash."""

from django.urls import path
from rest_framework.routers import SimpleRouter
from rest_framework.urlpatterns import format_suffix_patterns

from units.api import docs, editions, views
from units.api.renderers import FORMATS

app_name = "api"

router = SimpleRouter()
for name, view in {
    "editions": editions.Editions,
    "changes": editions.Changes,
    "tree": editions.Tree,
    "units": views.Units,
    "posts": views.Posts,
    "people": views.People,
    "tasks": views.Tasks,
    "statements": views.Statements,
    "bodies": views.Bodies,
    "initiatives": views.Initiatives,
    "legal-acts": views.LegalActs,
    "milestones": views.Milestones,
    "sources": views.Sources,
    "search": views.Search,
}.items():
    router.register(name, view, basename=name)

passages = views.Passages.as_view({"get": "list"})

urlpatterns = [
    path("", docs.Root.as_view({"get": "list"}), name="root"),
    path("openapi.json", docs.openapi, name="openapi"),
    path("docs/", docs.reference, name="docs"),
    *format_suffix_patterns(
        [*router.urls, path("sources/<slug:slug>/passages/", passages, name="passages")],
        allowed=list(FORMATS),
    ),
]
