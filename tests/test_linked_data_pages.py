"""Linked data and the pages: they find each other, hold the same, and name nobody."""

import json
import re

import pytest
from rdflib import DCTERMS, RDF, SKOS, Literal, URIRef

from tests.linked_data import BASE, DIR, both, from_json_ld, from_turtle
from tests.reading import published
from tests.test_pages import MOST_QUERIES
from units.models import Appointment, Person, PostPublicity

THINGS = [
    *(
        "units/",
        "units/ai-safety/",
        "units/ai-office/",
        "posts/",
        "posts/lead-scientific-adviser/",
        "bodies/",
    ),
    *("bodies/advisory-forum/", "tasks/", "initiatives/", "initiatives/ai-act/", "timeline/", "sources/"),
    *("sources/ip-24-2982/", "api/v1/statements/systemic-risks/", "api/v1/milestones/", "api/v1/units/"),
    *("api/v1/sources/ip-24-2982/passages/", "api/v1/units/ai-safety/ancestors/", "api/v1/legal-acts/"),
]
OF_ONE = ["", "units/ai-safety/", "units/ai-office/", "posts/head-of-the-ai-office/", "sources/ip-24-2982/"]
OF_ONE += ["bodies/advisory-forum/", "initiatives/ai-act/"]


def turtle_of(client, address):
    answer = client.get(f"/{address}", headers={"accept": "text/turtle"})
    assert (answer.status_code, answer["Content-Type"]) == (200, "text/turtle; charset=utf-8")
    return from_turtle(answer.content.decode())


def embedded(client, address):
    """Return {type: node} of the data block in a page."""
    page = client.get(address).content.decode()
    [text] = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page, re.S)
    return {node["@type"]: node for node in json.loads(text)["@graph"]}


@pytest.mark.parametrize("address", THINGS)
def test_an_answer_says_in_both_formats_a_part_of_what_its_edition_says(client, office, address):
    turtle = turtle_of(client, address)
    answer = client.get(f"/{address.rstrip('/')}.jsonld")
    assert answer["Content-Type"] == "application/ld+json"
    assert set(from_json_ld(answer.content)) == set(turtle)
    assert set(turtle) <= set(both(office.edition)[0])
    assert len(turtle) > 15


@pytest.mark.parametrize("address", THINGS)
def test_linked_data_takes_as_few_queries_as_a_page(client, office, address, django_assert_max_num_queries):
    with django_assert_max_num_queries(MOST_QUERIES):
        client.get(f"/{address.rstrip('/')}.ttl")


def test_a_graph_of_a_unit_has_its_posts_its_tasks_their_sources_and_what_is_above_it(client, office):
    graph = turtle_of(client, "units/ai-office/")
    it = URIRef(f"{BASE}units/ai-office/#it")
    assert len(set(graph.subjects(DIR.saidOf, it))) > 10
    assert set(graph.objects(URIRef(f"{BASE}posts/lead-scientific-adviser/#it"), DIR.role))
    assert (
        URIRef(f"{BASE}units/european-commission/#it"),
        SKOS.prefLabel,
        Literal("European Commission", "en"),
    ) in graph
    assert (
        URIRef(f"{BASE}sources/ip-24-2982/#p5"),
        DCTERMS.isPartOf,
        URIRef(f"{BASE}sources/ip-24-2982/#it"),
    ) in graph


def test_a_name_of_a_thing_leads_to_what_is_said_of_it(client, office):
    graph = both(office.edition)[0]
    for kind in (
        DIR.Statement,
        DIR.Milestone,
        DIR.Edition,
        DIR.Source,
        DIR.Passage,
        DIR.Initiative,
        DIR.Body,
    ):
        thing = next(graph.subjects(RDF.type, kind))
        address = str(thing).removeprefix(BASE).partition("#")[0]
        assert (thing, RDF.type, kind) in turtle_of(client, address)


def test_what_is_left_out_leaves_things_their_names(client, office):
    graph = turtle_of(client, "api/v1/units/?fields=kind&limit=3")
    assert len(set(graph.subjects(RDF.type, URIRef("https://schema.org/GovernmentOrganization")))) == 3


def test_nobody_is_in_a_graph_or_in_a_data_block(client, office):
    person = Person.objects.create(name="Ada Example")
    Appointment.objects.create(person=person, post="head-of-the-ai-office", source="A decision")
    PostPublicity.objects.create(post="head-of-the-ai-office", reason="The public elects to know")
    assert b"Ada Example" in client.get("/posts/head-of-the-ai-office.json").content
    for suffix in ("ttl", "jsonld"):
        for address in ("posts", "posts/head-of-the-ai-office", "units/ai-office", "api/v1/posts"):
            answer = client.get(f"/{address}.{suffix}")
            assert answer.status_code == 200
            assert b"Ada" not in answer.content
        assert client.get(f"/people.{suffix}").status_code == 404
        whole = b"".join(client.get(f"/editions/2024-06-16.1/document.{suffix}").streaming_content)
        assert b"Ada" not in whole
    assert "Ada" not in json.dumps(embedded(client, "/posts/head-of-the-ai-office/"))


@pytest.mark.parametrize("page", ["people/", "search/?q=office"])
def test_a_page_without_linked_data_is_shown_to_whoever_prefers_that(client, office, page):
    answer = client.get(f"/{page}", headers={"accept": "text/turtle, text/html;q=0.5"})
    assert answer["Content-Type"].startswith("text/html")
    assert client.get(f"/api/v1/{page}", headers={"accept": "text/turtle"}).status_code == 406


@pytest.mark.parametrize("at", ["/", "/editions/2024-06-16.1/"])
def test_a_page_links_to_its_linked_data(client, office, at):
    page = client.get(f"{at}units/ai-safety/").content.decode()
    for kind, suffix in (("text/turtle", "ttl"), ("application/ld+json", "jsonld")):
        assert f'<link rel="alternate" type="{kind}" href="{at}units/ai-safety.{suffix}">' in page


def test_a_whole_edition_is_a_file_that_is_sent_once(client, office):
    answer = client.get("/editions/2024-06-16.1/document.ttl")
    assert set(from_turtle(b"".join(answer.streaming_content).decode())) == set(both(office.edition)[0])
    again = client.get("/editions/2024-06-16.1/document.ttl", headers={"if-none-match": answer["ETag"]})
    assert again.status_code == 304
    assert answer["Access-Control-Allow-Origin"] == "*"
    assert client.get("/editions/2030-01-01/document.ttl").status_code == 404


def test_the_context_the_vocabulary_and_the_shapes_can_be_read_from_anywhere(client, office):
    for address, kind in {"context.jsonld": "application/ld+json", "shapes.ttl": "text/turtle"}.items():
        answer = client.get(f"/{address}")
        assert answer["Content-Type"].startswith(kind)
        assert answer["Access-Control-Allow-Origin"] == "*"
        assert client.get(f"/{address}", headers={"if-none-match": answer["ETag"]}).status_code == 304
    assert turtle_of(client, "vocabulary")
    page = client.get("/vocabulary")
    assert 'id="certainty-planned"' in page.content.decode()
    assert "Accept" in page["Vary"]


@pytest.mark.parametrize("address", OF_ONE)
def test_a_page_about_one_thing_says_so_in_the_words_of_schema_org(client, office, address):
    found = embedded(client, f"/{address}")
    assert ("BreadcrumbList" in found) is bool(address)
    assert len(found) > 1


def test_a_unit_says_what_is_above_and_below_it(client, office):
    unit = embedded(client, "/units/ai-office/")["GovernmentOrganization"]
    assert unit["parentOrganization"]["name"] == "European Commission"
    assert [child["name"] for child in unit["subOrganization"]][1] == "Unit on AI safety"


def test_home_says_how_to_search(client, office):
    action = embedded(client, "/")["WebSite"]["potentialAction"]
    assert action["target"].endswith("/search/?q={search_term_string}")


def test_no_name_can_end_the_data_block(client, db, small_document):
    name = "</script><script>alert(1)</script> & \u2028 <!--"
    small_document["units"][0]["units"][0]["name"] = name
    published(small_document)
    page = client.get("/units/left/").content.decode()
    assert embedded(client, "/units/left/")["GovernmentOrganization"]["name"] == name
    assert "<script>alert" not in page


def test_a_page_about_nothing_here_has_no_data_block(client, office):
    assert b'ld+json">{' not in client.get("/units/no-such-unit/").content
    assert b'ld+json">{' not in client.get("/tasks/").content
