"""How tests read linked data: graphs of answers and editions, and what is wrong with them."""

import functools
import io
import json

import pyshacl
import rdflib
from django.conf import settings
from rdflib import RDF, SH, Namespace

from tests.conftest import ROOT
from units.linked_data import terms, whole
from units.linked_data.graph import with_concepts
from units.linked_data.writing import json_ld, turtle

BASE = f"{settings.SITE_URL}/"
DIR, SHAPES = Namespace(f"{BASE}vocabulary#"), Namespace(f"{BASE}shapes.ttl#")


def from_turtle(text):
    return rdflib.Graph().parse(data=text, format="turtle")


def from_json_ld(text):
    """Return the graph of JSON-LD that names our context, without asking the network for it."""
    data = json.loads(text)
    assert data["@context"] == f"{BASE}context.jsonld"
    text = json.dumps(data | terms.context())
    return rdflib.Graph().parse(data=text, format="json-ld")


def both(edition):
    """Return all of `edition` as (the graph of its Turtle, the graph of its JSON-LD)."""
    nodes = list(with_concepts(whole.nodes_of_edition(edition)))
    return from_turtle("".join(turtle(nodes))), from_json_ld("".join(json_ld(nodes)))


@functools.cache
def _shapes():
    return rdflib.Graph().parse(ROOT / "docs" / "shapes.ttl", publicID=BASE)


def problems_of(graph):
    """Return {the name of a shape: how often it is broken} for `graph`, an edition's."""
    _conforms, report, _text = pyshacl.validate(graph, shacl_graph=_shapes())
    found = {}
    for result in report.subjects(RDF.type, SH.ValidationResult):
        shape = report.value(result, SH.sourceConstraint) or report.value(result, SH.sourceShape)
        name = str(shape).removeprefix(SHAPES)
        found[name] = found.get(name, 0) + 1
    return found


def changed(graph, without="", with_=""):
    """Return a copy of `graph` without the triples of one Turtle text and with those of another."""
    lead = io.StringIO()
    lead.write(f"@base <{BASE}> . @prefix foaf: <http://xmlns.com/foaf/0.1/> .\n")
    for prefix, namespace in terms.prefixes().items():
        lead.write(f"@prefix {prefix}: <{namespace}> .\n")
    gone = from_turtle(lead.getvalue() + without)
    assert all(triple in graph for triple in gone), "what is to be left out is not there"
    return graph - gone + from_turtle(lead.getvalue() + with_)
