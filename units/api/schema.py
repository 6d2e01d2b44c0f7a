"""The OpenAPI document: what drf-spectacular can't see by itself.

`make openapi` writes docs/openapi.json, which is what the site answers with; a test compares the two.
"""

import functools

from django.utils.translation import gettext_lazy as _
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, OpenApiResponse
from rest_framework import serializers as s

from units.api import filters, shapes
from units.api.asking import FARTHEST
from units.api.renderers import Csv, Json, Xlsx

DIGITS = "[0-9]{4}-[0-9]{2}-[0-9]{2}"
DAY = {"type": "string", "format": "date"}
EDITION = {"type": "string", "pattern": f"^{DIGITS}([.][1-9][0-9]{{0,5}})?$"}
EXACT_EDITION = {"type": "string", "pattern": f"^{DIGITS}[.][1-9][0-9]{{0,5}}$"}
# What every address may be asked: parameter, schema, and what it means.
PARAMETERS = {
    "on": (DAY, _("The day that the answer is for; today in Brussels if left out.")),
    "known": (DAY, _("As this directory had it at the end of that day.")),
    "edition": (
        EDITION,
        _(
            "The edition that the answer is of: the latest revision of its day (2024-06-16), or exactly one "
            "(2024-06-16.1). Not together with on or known."
        ),
    ),
    "offset": (
        {"type": "integer", "minimum": 0, "maximum": FARTHEST, "default": 0},
        _("How many results to leave out at the start."),
    ),
    "since": (
        {"anyOf": [DAY, EXACT_EDITION]},
        _("Only what was published on that day or later, or after that edition."),
    ),
    "root": (filters.Slug.schema, _("The slug of the unit to start from; its depth is 0.")),
    "depth": (
        {"type": "integer", "minimum": 0, "maximum": 100},
        _("How many levels below the root to show."),
    ),
    "shape": (
        {"type": "string", "enum": ["flat", "nested"], "default": "flat"},
        _("A list with parent and depth, or units within units."),
    ),
}
SLUG_IN_PATH = ({"type": "string", "pattern": filters.SLUG, "maxLength": 120}, _("Its slug."))
IN_PATH = {"slug": SLUG_IN_PATH, "name": (EDITION, _("The edition: 2024-06-16 or 2024-06-16.1."))}
# Of the first edition, for whoever reads or tries the document.
EXAMPLES = {
    "changes": "2024-06-16.1",
    "editions": "2024-06-16.1",
    "units": "ai-office",
    "posts": "head-of-the-ai-office",
    "tasks": "systemic-risks",
    "statements": "systemic-risks",
    "bodies": "scientific-panel",
    "initiatives": "genai4eu",
    "legal-acts": "ai-act",
    "milestones": "ai-act-proposed",
    "sources": "ip-24-2982",
}
REFUSALS = {
    400: _("A parameter is unknown or has a bad value."),
    404: _("What the address or a parameter names is not in this edition, or no chart was in force."),
    406: _("There is no such format."),
    429: _("Too many requests; Retry-After says how long to wait."),
}
HEADERS = {
    "ETag": _("Give it back in If-None-Match: as long as nothing has changed, the answer is 304."),
    "Link": _("The page about the same (alternate) and, for lists, first, prev, next and last."),
}


@functools.cache
def answer_of(shape, kind):
    """Return the serializer of a whole answer: one `shape` or a list of them, in its envelope."""
    members = {"edition": s_edition(shape), "on": s.DateField(help_text=_("The day that it is for."))}
    name = shape.__name__.removesuffix("Shape")
    if kind == "retrieve":
        return type(f"{name}Answer", (shape,), members)
    members |= {
        "count": s.IntegerField(help_text=_("How many there are in all.")),
        "results": shape(many=True),
    }
    if shape is shapes.Difference:
        members["follows"] = shapes.EditionName(allow_null=True)
    if shape is shapes.FoundShape:
        members |= shapes.beside_what_is_found()
    return type(f"{name}List", (s.Serializer,), members)


def s_edition(shape):
    # Of no edition: only what is of all of them, and only before the first.
    of_all = shape in (shapes.EditionShape, shapes.ChangeShape, shapes.Start)
    return shapes.EditionName(allow_null=of_all, help_text=_("The edition that the answer is of."))


class Schema(AutoSchema):
    """How one address of the API is described."""

    def get_tags(self):
        return [self.path.removeprefix("/api/v1/").partition("/")[0] or "start"]

    def get_operation_id(self):
        parts = [part.replace("-", "_") for part in self.path.split("/") if part and "{" not in part][2:]
        return "_".join([*(parts or ["start"]), *(["one"] if self.view.action == "retrieve" else [])])

    def get_description(self):
        own = getattr(self.view, self.view.action).__doc__
        return own.strip() if own and self.view.action != "list" else type(self.view).__doc__.strip()

    def get_summary(self):
        return self.get_description().partition("\n")[0]

    def get_override_parameters(self):
        view = self.view
        view.request = None
        found = []
        for name, (schema, text) in IN_PATH.items():
            if f"{{{name}}}" in self.path:
                example = OpenApiExample(_("of the first edition"), EXAMPLES[self.get_tags()[0]])
                found.append(
                    OpenApiParameter(
                        name, schema, "path", description=text, required=True, examples=[example]
                    )
                )
        asked = view.moment_parameters if view.action != "document" else []
        found += [self.parameter(name) for name in [*asked, *self.names()]]
        return found + [
            OpenApiParameter(name, str, OpenApiParameter.HEADER, description=text, response=[200])
            for name, text in HEADERS.items()
            if view.action != "document"
        ]

    def names(self):
        return [] if self.view.action == "document" else self.view.parameters_of_action()

    def parameter(self, name):
        view, more = self.view, {}
        if name in ("fields", "omit"):
            schema = {"type": "array", "items": {"enum": list(view.shape().fields)}, "minItems": 1}
            text = {
                "fields": _("Only these members of each result, with commas between them."),
                "omit": _("All but these members of each result."),
            }[name]
            more = {"explode": False, "style": "form"}
        elif name == "limit":
            most = view.longest_list()
            schema = {
                "type": "integer",
                "minimum": 1,
                "maximum": most,
                "default": min(view.usual_length, most),
            }
            text = _("At most so many results.")
        elif name in PARAMETERS:
            schema, text = PARAMETERS[name]
        else:
            asked = view.filterset_class.base_filters[name]
            schema, text = asked.schema, asked.extra.get("help_text", "")
            more = {"required": asked.extra["required"]}
        return OpenApiParameter(name, schema, description=text, **more)

    def get_response_serializers(self):
        view = self.view
        if view.action == "document":
            found = {200: OpenApiResponse(OpenApiTypes.OBJECT, _("The document."))}
        else:
            is_one = view.action == "retrieve" and view.shape is not shapes.Difference
            is_start = view.shape is shapes.Start
            found = {200: answer_of(view.shape, "retrieve" if is_one or is_start else "list")}
            for table in (Csv, Xlsx) if view.has_table else ():
                kind = OpenApiTypes.STR if table is Csv else OpenApiTypes.BINARY
                found[200, table.media_type] = OpenApiResponse(kind, "")
        found[304] = OpenApiResponse(None, _("Nothing has changed since the ETag that was given."))
        refused = {
            (status, "application/problem+json"): OpenApiResponse(shapes.ProblemShape, text)
            for status, text in REFUSALS.items()
        }
        return found | refused

    def map_renderers(self, attribute):
        # The same as linked data has no schema; docs/linked-data.md describes it.
        return [Json.media_type] if attribute == "media_type" else [Json.format]

    def _is_list_view(self, serializer=None):
        # A list is in its envelope already.
        return False

    def _get_serializer_name(self, serializer, direction, bypass_extensions=False):
        name = super()._get_serializer_name(serializer, direction, bypass_extensions)
        return name.removesuffix("Shape")


def without_suffixes(endpoints):
    """Return `endpoints` without those with a format's suffix, which are the same again (a hook)."""
    return [each for each in endpoints if "format" not in each[0]]


def without_marks(part):
    """Remove the marks that drf-spectacular leaves for itself from all of `part`, a JSON value."""
    for value in part.values() if isinstance(part, dict) else part:
        if isinstance(value, dict):
            value.pop("x-spec-enum-id", None)
        if isinstance(value, dict | list):
            without_marks(value)


def finish(result, generator, request, public):
    """Return the document with what no serializer can say (a hook)."""
    result["info"]["description"] = str(
        _(
            "The public directory of the European AI Office as data: no key, no cookie, for reading only. "
            "Every answer names its edition and its day; every fact cites the sentence that it stands on. "
            "Null means that the sources don’t state it."
        )
    )
    parts = result["components"]["schemas"]
    for name in [name.removesuffix("List") for name in parts if name.endswith("List")]:
        # `fields` and `omit` may leave any of them out.
        parts[name].pop("required", None)
    for name in [name for name in parts if name.endswith("Answer") and name != "StartAnswer"]:
        parts[name]["required"] = ["edition", "on"]
    for part in parts.values():
        # The docstrings of the shapes, which speak to whoever changes them.
        part.pop("description", None)
    without_marks(result)
    parts["Node"]["properties"]["units"]["items"] = {"$ref": "#/components/schemas/Node"}
    return result
