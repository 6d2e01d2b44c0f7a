"""Linked data: the same triples in both formats, nothing more certain than the source, and the shapes."""

import re

import pytest
import rdflib
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from rdflib import RDF, SKOS, XSD, Literal, URIRef
from rdflib.namespace import ORG, PROV

from bench.institutions import institution
from tests.conftest import CITES, LENGTH, ROOT
from tests.linked_data import BASE, DIR, both, changed, problems_of
from tests.made_up_documents import documents
from tests.reading import published
from units.documents import load, publish
from units.linked_data import terms, vocabulary, whole

NASTY = '"\'\'\'""" \\u0041 \\ <b>&amp;</b> ]]> @en ^^x . ; , # %41 {} \u2028 \ud7ff 😀 é \u202e'


@pytest.fixture
def rich_document(small_document):
    """The small document with something of everything that can be said."""
    root, left = small_document["units"][0], small_document["units"][0]["units"][0]
    root["aliases"] = [{"name": "The house"}, {"name": "HQ", "editorial": True}]
    left |= {"purpose": NASTY, "replaces": ["older", "oldest"]}
    left["cites"] = [*CITES, {"passage": "charter#1", "field": "name", "note": NASTY}]
    left["posts"] = [
        {"slug": "head", "name": "Head", "role": "leads", "holder": "not-stated", "cites": CITES},
        {"slug": "deputy", "name": "Deputy", "role": "leads", "holder": "vacant", "certainty": "planned"}
        | {"cites": CITES},
    ]
    left["statements"][0] |= {"examples": ["drizzle"], "open": True, "partners": ["farmers"]}
    staff = {"slug": "staff", "part": "employs", "text": "Has staff", "certainty": "planned", "cites": CITES}
    left["statements"].append(staff | {"quantity": 140, "comparator": "more-than"})
    panel = {"slug": "panel", "name": "Panel", "kind": "class", "cites": CITES}
    small_document["bodies"] = [panel | {"composition": {"groups": ["experts"], "open": True}}]
    small_document["milestones"].append(
        {
            "slug": "opening",
            "text": "It opens",
            "certainty": "actual",
            "date": "2025",
            "bound": "on",
            "cites": CITES,
        }
    )
    small_document["sources"][0] |= {"published": "2024-12-01T10:43", "note": NASTY}
    return small_document


@pytest.fixture
def rich(db, rich_document):
    """The graph of that document's edition."""
    return both(published(rich_document))[0]


def it(path):
    return URIRef(f"{BASE}{path}/#it")


def test_both_formats_hold_the_same_triples_of_the_first_edition(office):
    turtle, json_ld = both(office.edition)
    assert set(turtle) == set(json_ld)
    assert len(turtle) > 1_300
    assert problems_of(turtle) == {}


def test_both_formats_hold_the_same_triples_of_whatever_can_be_said(db, rich_document):
    turtle, json_ld = both(published(rich_document))
    assert set(turtle) == set(json_ld)
    assert problems_of(turtle) == {}
    assert turtle.value(it("units/left"), rdflib.DCTERMS.description) == Literal(NASTY, "en")
    assert not any(isinstance(each, rdflib.BNode) for triple in turtle for each in triple)


@given(document=documents())
@settings(
    max_examples=8 * LENGTH,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_both_formats_hold_the_same_triples_of_made_up_editions_and_keep_the_shapes(db, document):
    with transaction.atomic():
        turtle, json_ld = both(publish(load(document)))
        transaction.set_rollback(True)
    assert set(turtle) == set(json_ld)
    assert problems_of(turtle) == {}


def test_the_same_edition_gives_the_same_bytes(office, tmp_path):
    for suffix in ("ttl", "jsonld"):
        for name in ("once", "twice"):
            whole.write(office.edition, suffix, tmp_path / name)
        assert (tmp_path / "once").read_bytes() == (tmp_path / "twice").read_bytes()


def test_reading_an_edition_takes_few_rows_at_a_time(db, django_assert_max_num_queries, monkeypatch):
    edition = published(institution(30))
    monkeypatch.setattr("units.whole_editions.AT_ONCE", 7)
    with django_assert_max_num_queries(60):
        assert len({node["id"] for node in whole.nodes_of_edition(edition)}) == 1 + 30 + 60 + 1 + 1


def test_a_date_is_as_exact_as_its_source_and_no_more(rich):
    assert rich.value(it("api/v1/milestones/rain-begins"), DIR.byEndOf).datatype == XSD.gYearMonth
    assert rich.value(it("api/v1/milestones/opening"), DIR.onDate) == Literal("2025", datatype=XSD.gYear)
    report = it("api/v1/milestones/rain-report")
    assert rich.value(report, DIR.countedFrom) == it("api/v1/milestones/rain-begins")
    assert not set(rich.objects(report, DIR.onDate)) | set(rich.objects(report, DIR.byEndOf))
    assert str(rich.value(it("sources/charter"), DIR.printedAs)) == "2024-12-01T10:43"


def test_a_lower_bound_stays_one_and_an_open_list_open(rich):
    staff, task = it("api/v1/statements/staff"), it("api/v1/statements/measure-rain")
    assert rich.value(staff, DIR.moreThan) == Literal(140)
    assert rich.value(staff, DIR.certainty) == DIR["certainty-planned"]
    assert rich.value(task, DIR.listIsOpen) == Literal(True)
    assert rich.value(it("bodies/panel"), DIR.compositionIsOpen) == Literal(True)


def test_what_is_not_stated_is_absent(rich, office):
    assert rich.value(it("posts/head"), DIR.holder) is None
    assert rich.value(it("posts/deputy"), DIR.holder) == DIR["holder-vacant"]
    assert not [value for value in rich.objects() if isinstance(value, Literal) and str(value) == ""]


def test_a_name_that_only_we_use_is_none_of_the_sources(rich):
    assert set(rich.objects(it("units/root"), SKOS.altLabel)) == {Literal("The house", "en")}
    assert set(rich.objects(it("units/root"), DIR.editorialName)) == {Literal("HQ", "en")}


def test_what_a_unit_follows_is_a_change(rich):
    change = rich.value(it("units/left"), ORG.resultedFrom)
    assert set(rich.objects(change, ORG.originalOrganization)) == {it("units/older"), it("units/oldest")}


def test_a_fact_leads_to_its_passage_and_the_passage_to_its_source(rich):
    passage = rich.value(it("posts/head"), PROV.wasDerivedFrom)
    assert rich.value(passage, rdflib.DCTERMS.isPartOf) == it("sources/charter")


def test_every_word_of_ours_is_in_the_vocabulary_with_a_label_and_a_comment(rich, office):
    words = {term for graph in (rich, both(office.edition)[0]) for triple in graph for term in triple}
    own = {str(word).removeprefix(DIR) for word in words if str(word).startswith(DIR)}
    known = {
        name: (label, comment) for _heading, group in vocabulary.groups() for name, label, comment in group
    }
    assert own <= set(known)
    assert all(label and comment for label, comment in known.values())
    used = {prop.partition(":")[2] for prop, _how in terms.TERMS.values() if prop.startswith("dir:")}
    assert used == set(vocabulary.PROPERTIES)


BROKEN = {  # what is left out of the graph, what comes into it, and the shape that has to tell
    "no label": ('<units/left/#it> skos:prefLabel "Left unit"@en .', "", "label"),
    "two labels": ("", '<units/left/#it> skos:prefLabel "Lefter"@en .', "label"),
    "a label without its language": ("", '<units/left/#it> skos:prefLabel "Left" .', "label"),
    "no parent": ("<units/right/#it> org:subOrganizationOf <units/root/#it> .", "", "edition-root"),
    "two parents": ("", "<units/right/#it> org:subOrganizationOf <units/left/#it> .", "unit-parent"),
    "a post for a parent": ("", "<units/root/#it> org:subOrganizationOf <posts/head/#it> .", "unit-parent"),
    "a unit in itself": ("", "<units/root/#it> org:subOrganizationOf <units/left/#it> .", "unit-loop"),
    "a kind that is none": ("", "<units/left/#it> org:classification dir:kind-policy .", "unit-kind"),
    "a unit that cites nothing": (
        "<units/left/#it> prov:wasDerivedFrom <sources/charter/#p1> .",
        "",
        "citation",
    ),
    "a fact that cites a unit": ("", "<posts/head/#it> prov:wasDerivedFrom <units/left/#it> .", "citation"),
    "a unit of no edition": (
        "<units/left/#it> dir:inEdition <api/v1/editions/2025-01-01.1/#it> .",
        "",
        "edition-of-it",
    ),
    "a post in no unit": ("<posts/head/#it> org:postIn <units/left/#it> .", "", "post-unit"),
    "a post that its unit has not": ("<units/left/#it> org:hasPost <posts/head/#it> .", "", "post-of-unit"),
    "a post with a holder": ("", '<posts/head/#it> org:heldBy "Ada" .', "post-nobody"),
    "a person": ("", '<x> a foaf:Person ; skos:prefLabel "Ada"@en .', "person"),
    "a holder not stated": ("", "<posts/head/#it> dir:holder dir:holder-not-stated .", "post-holder"),
    "no role": ("<posts/head/#it> dir:role dir:role-leads .", "", "post-role"),
    "a statement without certainty": (
        "<api/v1/statements/staff/#it> dir:certainty dir:certainty-planned .",
        "",
        "certainty",
    ),
    "a certainty that is none": (
        "",
        "<api/v1/milestones/opening/#it> dir:certainty dir:certainty-sure .",
        "certainty",
    ),
    "a statement of nobody": (
        "<api/v1/statements/staff/#it> dir:saidOf <units/left/#it> .",
        "",
        "statement-owner",
    ),
    "a statement of an initiative": (
        "",
        "<api/v1/statements/staff/#it> dir:saidOf <initiatives/rain-year/#it> .",
        "statement-owner",
    ),
    "a task about a post": ("", "<api/v1/statements/staff/#it> dct:subject <posts/head/#it> .", "about"),
    "two parts": ("", "<api/v1/statements/staff/#it> dir:part dir:part-supports .", "statement-part"),
    "a bound and a number": ("", "<api/v1/statements/staff/#it> dir:exactly 140 .", "Statement"),
    "less than nothing": (
        "<api/v1/statements/staff/#it> dir:moreThan 140 .",
        "<api/v1/statements/staff/#it> dir:moreThan -1 .",
        "statement-number",
    ),
    "an open list of nothing": (
        '<api/v1/statements/measure-rain/#it> dir:example "drizzle"@en .',
        "",
        "Statement",
    ),
    "a milestone at no time": (
        '<api/v1/milestones/opening/#it> dir:onDate "2025"^^xsd:gYear .',
        "",
        "Milestone",
    ),
    "a date that is relative too": (
        "",
        '<api/v1/milestones/rain-report/#it> dir:onDate "2025-09"^^xsd:gYearMonth .',
        "Milestone",
    ),
    "a date to the minute": (
        '<api/v1/milestones/opening/#it> dir:onDate "2025"^^xsd:gYear .',
        '<api/v1/milestones/opening/#it> dir:onDate "2025-01-01T00:00:00"^^xsd:dateTime .',
        "milestone-date",
    ),
    "a source without a day": (
        '<sources/charter/#it> dct:issued "2024-12-01"^^xsd:date .',
        "",
        "source-date",
    ),
    "a passage of nothing": (
        "<sources/charter/#p1> dct:isPartOf <sources/charter/#it> .",
        "",
        "passage-source",
    ),
    "an edition without its hash": (
        "",
        '<api/v1/editions/2025-01-01.1/#it> dir:sha256 "0" .',
        "edition-hash",
    ),
    "an edition without a day": (
        '<api/v1/editions/2025-01-01.1/#it> dir:effectiveOn "2025-01-01"^^xsd:date .',
        "",
        "edition-day",
    ),
    "an initiative of no kind": (
        "<initiatives/rain-year/#it> dct:type dir:kind-programme .",
        "",
        "initiative-kind",
    ),
    "a composition that is open and empty": (
        '<bodies/panel/#it> dir:composedOf "experts"@en .',
        "",
        "Body",
    ),
    "a change from nothing": (
        "<units/left/#change> org:originalOrganization <units/older/#it>, <units/oldest/#it> .",
        "",
        "change-from",
    ),
    "CPOV: a name twice in a language": ("", '<units/root/#it> skos:prefLabel "X"@en .', "cpov-label"),
    "CPOV: a kind that is no concept": (
        "",
        "<units/root/#it> org:classification <units/left/#it> .",
        "cpov-classification",
    ),
    "CPOV: a unit of a unit": ("", "<units/right/#it> org:unitOf <units/left/#it> .", "cpov-unit-of"),
    "CPOV: a description without its language": (
        "",
        '<units/root/#it> dct:description "X" .',
        "cpov-description",
    ),
}


@pytest.mark.parametrize("case", BROKEN)
def test_a_broken_graph_fails_at_its_shape(rich, case):
    without, with_, shape = BROKEN[case]
    assert problems_of(changed(rich, without, with_)).get(shape)


def test_every_shape_but_those_inside_others_has_a_name_and_the_graphs_break_most_of_them():
    named = set(re.findall(r"^s:([a-z-]+)\s+sh:path", (ROOT / "docs" / "shapes.ttl").read_text(), re.M))
    broken = {shape for _without, _with, shape in BROKEN.values()}
    assert len(broken) > 25
    assert broken - named <= {"edition-root", "unit-loop", "Statement", "Milestone", "Body"}


def test_the_query_of_the_documentation_answers(office):
    text = (ROOT / "docs" / "linked-data.md").read_text()
    [query] = re.findall(r"```sparql\n(.*?)```", text, re.S)
    rows = list(both(office.edition)[0].query(query.replace("http://127.0.0.1:8000/", BASE)))
    assert ["Regulation and Compliance Unit", "9"] in [[str(row.unit), str(row.passage)] for row in rows]
    assert all(str(row.certainty).startswith(DIR + "certainty-") for row in rows)


def test_the_documentation_has_the_property_of_every_member():
    text = (ROOT / "docs" / "linked-data.md").read_text()
    rows = dict(re.findall(r"^\| `(\w+)` \| `([a-z]+:\w+)` \|", text, re.M))
    assert rows == {name: prop for name, (prop, _how) in terms.TERMS.items()}


def test_types_of_a_unit(rich):
    assert ORG.OrganizationalUnit in set(rich.objects(it("units/left"), RDF.type))
    assert rich.value(it("units/left"), ORG.unitOf) == it("units/root")
