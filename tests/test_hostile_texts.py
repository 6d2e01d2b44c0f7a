"""Texts that an editor could write to attack readers: they stay texts, in every form and on every page."""

import csv
import io
import json
import re
from urllib.parse import urlsplit
from xml.etree import ElementTree
from zipfile import ZipFile

import html5lib
import pytest
from icalendar import Calendar
from openpyxl import load_workbook
from rdflib import Graph

from tests import permissions
from tests.conftest import CITES, SMALL
from tests.fuzzing import PRINTED
from tests.sheets import BEGINS, cells_of
from tests.test_permissions import keys  # noqa: F401 (a fixture)
from tests.test_roles import house  # noqa: F401 (a fixture)
from units.models import Person, Synonym

SHORT = """'">]]></script><script>alert(1)</script>"""
LONG = f"""=1+1;=2 --> </title></textarea></style><img src=x onerror=alert(1)>{{{{7*7}}}}{{% now %}}
    BEGIN:VEVENT \\n [a](javascript:alert(1)) `*_ #set "{SHORT}"""
LONG = " ".join(LONG.split()) + "\u2028"
# Schemes are checked; what follows is free, but for white space.
ADDRESS = """https://a.example/'"><script>alert(1)</script>>;<https://evil.example/says>\\"""
TEXTS = {
    "title",
    "name",
    "purpose",
    "text",
    "goal",
    "condition",
    "description",
    "publisher",
    "note",
    "section",
}
TEXTS |= {"says", "ambiguity", "partners", "examples", "groups"}
SHORT_TEXTS = {"theme", "identifier", "starts", "ends"}


def hostile(value, key=""):
    """Return `value`, a document, with an attack in the place of each text of it."""
    if isinstance(value, dict):
        return {name: hostile(member, name) for name, member in value.items()}
    if isinstance(value, list):
        return [hostile(item, key) for item in value]
    if key == "address":
        return ADDRESS
    return LONG if key in TEXTS else SHORT if key in SHORT_TEXTS else value


@pytest.fixture
def small_document():
    """A small document in which every text is an attack; in the place of the harmless one, for `house`."""
    document = json.loads(json.dumps(SMALL)) | {"note": "n"}
    cites = [CITES[0] | {"note": "n", "field": "name"}]
    unit = document["units"][0]["units"][0]
    unit |= {"purpose": "p", "aliases": [{"name": "a"}, {"name": "b", "editorial": True}], "cites": cites}
    more = {"goal": "g", "condition": "c", "theme": "t", "partners": ["p"], "examples": ["e"]}
    unit["statements"][0] |= more
    unit["posts"] = [{"slug": "p", "name": "P", "role": "advises", "holder": "not-stated", "cites": CITES}]
    document["initiatives"][0]["description"] = "d"
    document["milestones"][1] = {
        **{"slug": "rain-begins", "text": "t", "certainty": "expected", "cites": CITES},
        **{"date": "2025-03-02", "bound": "on"},
    }
    source = document["sources"][0]
    source |= {"identifier": "i", "note": "n"}
    source["passages"][0] |= {"section": "s", "ambiguity": "a", "paragraph": 1, "sentence": 1}
    return hostile(document)


def faults_of_page(page):
    """Return what of an attack came to life in the HTML `page`: scripts, handlers, addresses that act."""
    found = []
    for element in html5lib.parse(page, namespaceHTMLElements=False).iter():
        if not isinstance(element.tag, str):  # a comment
            continue
        if element.tag == "script" and element.get("type") == "application/ld+json":
            json.loads(element.text)
        elif element.tag == "script" and "src" not in element.attrib:
            found.append(element.text)
        found += [name for name in element.attrib if name.lower().startswith(("on", "style"))]
        for name in ("href", "src", "action", "formaction"):
            where = urlsplit(element.get(name, ""))
            if where.scheme not in ("", "http", "https", "mailto") or element.get(name) == "x":
                found.append((name, element.get(name)))
    return [*found, *(["a template ran"] if "49" in re.findall(r"alert\(1\)>(\w+)", page) else [])]


def faults_of_graph(text, form):
    """Return the predicates of a graph that are neither of a vocabulary that it names nor ours."""
    graph = Graph().parse(data=text, format=form)
    return [str(said) for _, said, _ in graph if "evil.example" in said]


def faults_of(content, kind):
    """Return what came to life in `content` (bytes) of the media type `kind`."""
    if kind == "application/zip":
        files = ZipFile(io.BytesIO(content))
        return [name for name in files.namelist() if faults_of(files.read(name), "text/csv")]
    if "spreadsheet" in kind:
        sheets = load_workbook(io.BytesIO(content)).worksheets
        return [cell for sheet in sheets for row in sheet for cell in row if cell.data_type == "f"]
    if kind == "image/png":
        return []
    text = content.decode()
    if kind == "text/csv":
        return [
            cell for row in cells_of(text.removeprefix("\ufeff")) for cell in row if cell.startswith(BEGINS)
        ]
    if kind == "text/html":
        return faults_of_page(text)
    if kind in ("image/svg+xml", "application/atom+xml", "application/opensearchdescription+xml"):
        tags = [element.tag for element in ElementTree.fromstring(text).iter()]  # noqa: S314 (our own)
        return [tag for tag in tags if tag.endswith("script")]
    if kind == "text/turtle":
        return faults_of_graph(text, "turtle")
    if kind == "text/markdown":
        return re.findall(r"(?<!\\)<\w+|(?<!\\)\[a", text)
    if kind == "text/calendar":
        events = Calendar.from_ical(text).walk("VEVENT")
        return [] if [str(event["summary"]) for event in events] == [LONG] else ["another event"]
    if "json" in kind:
        json.loads(text)
    return []


def test_no_text_comes_to_life_anywhere(admin_client, keys):  # noqa: F811 (a fixture)
    Person.objects.update(name=LONG[:200], page=f"{ADDRESS.partition('>')[0]}")
    Synonym.objects.update(said=SHORT[:60], meant=SHORT[:60])
    alive, kinds = {}, set()
    for address, (got, _sent) in permissions.rows(keys).items():
        is_again = re.match("/editions/.*/(?!document|diff)", address)
        if got[-1] != 200 or is_again or address.endswith(PRINTED):
            continue
        answer = admin_client.get(address)
        assert answer.status_code == 200, address
        kind = answer.headers["Content-Type"].partition(";")[0]
        kinds.add(kind)
        if found := faults_of(b"".join(answer), kind):
            alive[address] = found[:3]
    assert alive == {}
    assert len(kinds) > 8


def test_print_holds_them_too(admin_client, keys):  # noqa: F811 (a fixture)
    assert [admin_client.get(f"/chart{each}").status_code for each in PRINTED] == [200, 200]


def test_a_table_of_them_has_no_formulas_and_reads_back(admin_client, keys):  # noqa: F811 (a fixture)
    table = admin_client.get(f"/admin/units/edition/{keys['key']}/table/").content.decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(table, newline="")))
    assert rows[1][1].startswith("'=")
    assert not [cell for row in rows for cell in row if re.search("^[=+@-]|;[=+@-]", cell)]
