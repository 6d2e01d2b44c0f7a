"""Where a program, or whoever writes one, begins: the root, the OpenAPI document, the reference."""

import functools
import json

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext, gettext_lazy

from units import conditional
from units.api import problems
from units.api.frame import Reading, answered
from units.api.shapes import Start

DOCUMENT = settings.BASE_DIR / "docs" / "openapi.json"
RESOURCES = {
    "search": gettext_lazy("Who handles what: answers to a question in any words, the best first."),
    "editions": gettext_lazy("All published editions, with the size and hash of their documents."),
    "changes": gettext_lazy("What each edition changed."),
    "tree": gettext_lazy("The whole chart, flat or nested."),
    "units": gettext_lazy("The units, each with its place, its posts and its purpose."),
    "posts": gettext_lazy("The posts, and who holds them where that may be told."),
    "people": gettext_lazy("Who holds a post, where an editor has published that."),
    "tasks": gettext_lazy("Who does what, and the part they have in it."),
    "statements": gettext_lazy("Tasks, and also whom somebody works with and how many staff they have."),
    "bodies": gettext_lazy("The bodies that the Office works with."),
    "initiatives": gettext_lazy("Programmes, networks, facilities, policies, legal acts."),
    "legal-acts": gettext_lazy("Those initiatives that are legal acts."),
    "milestones": gettext_lazy("What happened, is planned or due, in the order of time."),
    "sources": gettext_lazy(
        "The documents that the facts stand on; `passages` of each, sentence by sentence."
    ),
}


# What an address can't do without.
NEEDS = {"search": "?q=sandboxes"}


class Root(Reading):
    """What there is in this API, and where it is described."""

    shape = Start
    moment_parameters = ()
    has_table = False

    def parameters_of_action(self):
        return []

    def versions(self):
        return []

    @answered
    def list(self, request, **kwargs):
        """All resources, with a sentence on each."""
        api = self.links.api
        self.link(f"{api}openapi.json", "service-desc", type="application/vnd.oai.openapi+json")
        self.link(f"{api}docs/", "service-doc", type="text/html")
        return self.envelope(
            documentation=f"{api}docs/",
            openapi=f"{api}openapi.json",
            resources=[
                {"name": name, "url": f"{api}{name}/{NEEDS.get(name, '')}", "about": str(about)}
                for name, about in RESOURCES.items()
            ],
        )


@functools.cache
def openapi_bytes():
    """Return the OpenAPI document, which a test holds to the code."""
    return DOCUMENT.read_bytes()


def openapi(request):
    """Answer with the OpenAPI document."""
    etag = conditional.etag_of(openapi_bytes().decode())
    response = HttpResponse(
        openapi_bytes(),
        content_type="application/vnd.oai.openapi+json",
        headers={"ETag": etag, "Cache-Control": "no-cache"},
    )
    return conditional.finished(request, response, etag)


@functools.cache
def described():
    """Return the resources of the OpenAPI document for the reference page: [(name, addresses), …]."""
    document = json.loads(openapi_bytes())
    shapes = document["components"]["schemas"]
    found = {}
    for path, methods in document["paths"].items():
        asked = methods["get"]
        answer = asked["responses"]["200"]["content"]["application/json"]
        found.setdefault(asked["tags"][0], []).append(
            {
                "path": path,
                "id": asked["operationId"],
                "about": asked["description"],
                "parameters": [
                    each | {"takes": words_of(each["schema"])} for each in asked.get("parameters", ())
                ],
                "members": members_of(answer["schema"], shapes),
            }
        )
    order = ["start", *RESOURCES]
    return sorted(found.items(), key=lambda item: order.index(item[0]))


@functools.cache
def parts():
    """Return what is nested in answers: [(name, members), …]."""
    shapes = json.loads(openapi_bytes())["components"]["schemas"]
    results = {name.removesuffix(end) for name in shapes for end in ("List", "Answer") if name.endswith(end)}
    nested = [name for name in shapes if name not in results and not name.endswith(("List", "Answer"))]
    return [(name, members_of({"$ref": name}, shapes)) for name in nested]


def words_of(schema):
    """Return in a few words what the JSON Schema `schema` allows."""
    if "$ref" in schema:
        return schema["$ref"].rpartition("/")[2]
    if choices := schema.get("anyOf") or schema.get("oneOf") or schema.get("allOf"):
        return " | ".join(words_of(each) for each in choices)
    if "enum" in schema:
        return " | ".join("null" if value is None else str(value) for value in schema["enum"])
    kinds = schema.get("type", "any")
    kinds = [kinds] if isinstance(kinds, str) else kinds
    if "array" in kinds:
        return gettext("list of %(what)s") % {"what": words_of(schema["items"])}
    if "minimum" in schema:
        return f"{schema['minimum']}–{schema['maximum']}"
    return " | ".join(schema.get("format", kind) if kind == "string" else kind for kind in kinds)


def members_of(schema, shapes):
    """Return the members of a result: (name, what it is, description) of each."""
    answer = shapes.get(schema.get("$ref", "").rpartition("/")[2], {}).get("properties", {})
    if "results" in answer:
        answer = shapes[answer["results"]["items"]["$ref"].rpartition("/")[2]]["properties"]
    return [(name, words_of(each), each.get("description", "")) for name, each in answer.items()]


def reference(request):
    """Show the reference, made from the OpenAPI document: no script, and nothing from elsewhere."""
    context = {
        "resources": described(),
        "parts": parts(),
        "problems": [(name, *told) for name, told in problems.KINDS.items()],
        "api": settings.SITE_URL + reverse("api:root"),
        "rate": settings.API_RATE,
    }
    response = render(request, "units/api.html", context)
    response.headers["Cache-Control"] = "no-cache"
    return response
