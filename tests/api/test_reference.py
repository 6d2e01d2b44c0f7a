"""The OpenAPI document is what the code says, and the reference page is made from it."""

import json
import re

from drf_spectacular.drainage import GENERATOR_STATS
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.validation import validate_schema

from tests.conftest import ROOT
from units.api.asking import MOMENT, PAGING, SELECTION
from units.api.docs import DOCUMENT, RESOURCES
from units.api.problems import KINDS


def test_the_committed_document_is_the_generated_one_without_a_warning():
    GENERATOR_STATS.reset()
    made = SchemaGenerator().get_schema(request=None, public=True)
    validate_schema(made)
    assert not GENERATOR_STATS._warn_cache
    assert not GENERATOR_STATS._error_cache
    assert json.loads(json.dumps(made, default=str)) == json.loads(DOCUMENT.read_text()), "run `make openapi`"


def test_the_document_is_served_as_committed(client, db):
    answer = client.get("/api/v1/openapi.json")
    assert answer.content == DOCUMENT.read_bytes()
    assert answer.json()["openapi"].startswith("3.1")
    assert (
        client.get("/api/v1/openapi.json", headers={"if-none-match": answer.headers["ETag"]}).status_code
        == 304
    )


def test_no_column_of_the_tree_and_no_key_is_in_the_document():
    names = set(re.findall(r'"(\w+)": \{', DOCUMENT.read_text()))
    assert not names & {"lft", "rght", "level", "tree_id", "pk", "edition_id", "parent_id"}


def test_the_reference_shows_every_address_parameter_and_problem(client, office):
    page = client.get("/api/v1/docs/").content.decode()
    for path in json.loads(DOCUMENT.read_text())["paths"]:
        assert f"GET {path}</code>" in page
    assert set(re.findall(r'id="resource-([a-z-]+)"', page)) == {"start", *RESOURCES}
    assert all(f'id="{kind}"' in page for kind in KINDS)


def test_the_reference_needs_no_script_no_style_and_nobody_else(client, office):
    page = client.get("/api/v1/docs/")
    text = page.content.decode()
    text = text.replace('<script src="/static/units/search.js" defer></script>', "")  # a comfort only
    assert not re.search(r"<script|<style|style=|\son[a-z]+=|https?://(?!127\.0\.0\.1)", text)
    assert "default-src 'none'" in page.headers["Content-Security-Policy"]
    assert text.count("<h1") == 1


def test_the_guide_tells_of_every_resource_and_common_parameter():
    guide = (ROOT / "docs" / "api.md").read_text()
    for name in [*RESOURCES, *MOMENT, *PAGING, *SELECTION]:
        assert f"`{name}`" in guide, name


def test_the_api_the_pages_and_the_admin_know_nothing_of_each_other():
    rooms = ["api", "views", "admin"]
    for room in rooms:
        code = "".join(path.read_text() for path in (ROOT / "units" / room).rglob("*.py"))
        assert not [other for other in rooms if other != room and f"units.{other}" in code], room
