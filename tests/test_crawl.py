"""Every page of every edition, found by its links: sound, with what it links to, and at its day."""

import pytest
from django.utils import timezone

from bench.institutions import institution
from tests.conftest import LENGTH
from tests.reading import ids_of, links_of, problems_of, published, read_to_the_end

MOST_QUERIES = 8
FOR_PROGRAMS = {"/vocabulary.ttl", "/context.jsonld", "/shapes.ttl"}
FOR_PROGRAMS |= {"/changes.atom", "/opensearch.xml", "/site.webmanifest"}
SMALL, LARGE = 10, 10_000 if LENGTH > 1 else 2_000


@pytest.fixture
def three_editions(db, first_document, small_document):
    """The first edition, a second one that looks quite different, and one of the future."""
    published(first_document)
    published(small_document)
    small_document["units"][0]["units"][0] |= {"slug": "lefter", "name": "Lefter", "replaces": ["left"]}
    small_document["units"][0]["units"][0]["statements"][0]["slug"] = "measure-hail"
    published(small_document, effective_on="2999-01-01", title="To come")


def crawl(client, starts):
    """Return {address: HTML} of the pages that links lead to from the pages `starts`; each answers 200."""
    waiting, seen, others = list(starts), {}, set()
    while waiting:
        address = waiting.pop()
        if address in seen or address in others:
            continue
        # A table is there; what is in it, its own tests tell.
        is_table = address.partition("?")[0].endswith((".csv", ".xlsx"))
        response = (client.head if is_table else client.get)(address)
        assert response.status_code == 200, address
        if not response.headers["Content-Type"].startswith("text/html"):
            others.add(address)
            read_to_the_end(response)
            continue
        page = seen[address] = response.content.decode()
        waiting += {link.split("#")[0] for link in links_of(address, page)}
    return seen


def test_every_link_of_every_edition_leads_to_a_sound_page(client, three_editions):
    starts = ["/", "/?on=2024-07-01", "/?on=2999-01-01", "/editions/", "/editions/?on=2024-07-01"]
    seen = crawl(client, starts)
    ids = {address: ids_of(page) for address, page in seen.items()}
    for address, page in seen.items():
        assert page.count("<h1") == 1, address
        assert len(ids[address]) == len(set(ids[address])), address
        assert problems_of(page) == [], address
        for path, _, anchor in (link.partition("#") for link in links_of(address, page)):
            assert not anchor or anchor in ids[path], (address, path, anchor)
    assert len(seen) > 150


def test_every_link_keeps_to_the_day_that_was_asked_for(client, three_editions):
    today = timezone.localdate().isoformat()
    query = f"?on=2024-07-01&known={today}"
    for address, page in crawl(client, [f"/{query}"]).items():
        if query not in address:  # from here on another edition was chosen, on purpose
            continue
        links = {link.split("#")[0] for link in links_of(address, page)}
        loose = {link for link in links if query not in link}
        permanent = {link for link in loose if link.startswith("/editions/2")}
        assert loose - permanent <= {"/api/v1/docs/", *FOR_PROGRAMS}, address


def test_every_link_below_a_permanent_address_stays_there(client, three_editions):
    base = "/editions/2024-06-16.1/"
    of_the_site = {"/editions/", "/data/", "/about/", "/about/#words", "/accessibility/", "/privacy/"}
    of_the_site |= {"/api/v1/docs/", *FOR_PROGRAMS}
    for address, page in crawl(client, [base]).items():
        if address.startswith(base) and "/diff/" not in address:
            left = {link for link in links_of(address, page) if not link.startswith("/editions/2")}
            data = {link for link in left if link.endswith("?edition=2024-06-16.1")}
            assert left - data <= of_the_site, address


@pytest.fixture(scope="module")
def figures(django_db_setup, django_db_blocker):
    """The numbers of queries of every list and page, at SMALL and at LARGE units."""
    from django.db import connection, transaction
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from units.resolve import forget_editions
    from units.search.meaning import forget_synonyms

    found = {}
    with django_db_blocker.unblock():
        for size in (SMALL, LARGE):
            with transaction.atomic():
                published(full(institution(size)))
                for address in ADDRESSES:
                    forget_editions()
                    forget_synonyms()  # they are held for a moment, which can end here or there
                    with CaptureQueriesContext(connection) as queries:
                        assert Client().get(address).status_code == 200, address
                    found[size, address] = len(queries)
                transaction.set_rollback(True)
    forget_editions()
    return found


def full(document):
    """Return `document` with one of everything that made-up institutions lack."""
    cites = [{"passage": "charter#1"}]
    root = document["units"][0]
    root["posts"] = [
        {"slug": "head", "name": "Head", "role": "leads", "holder": "not-stated", "cites": cites}
    ]
    task = {"part": "supports", "text": "Helps", "certainty": "actual", "cites": cites, "theme": "rain"}
    about = {"slug": "plan-task", "about": {"initiative": "plan"}}
    root["statements"] += [task | about, task | {"slug": "panel-task", "about": {"body": "panel"}}]
    document["bodies"] = [{"slug": "panel", "name": "Panel", "kind": "named", "cites": cites}]
    document["initiatives"] = [{"slug": "plan", "name": "Plan", "kind": "policy", "cites": cites}]
    milestone = {"slug": "start", "text": "Start", "certainty": "actual", "date": "2024-01-02", "bound": "on"}
    document["milestones"] = [milestone | {"about": {"initiative": "plan"}, "cites": cites}]
    return document


ADDRESSES = [
    "/",
    "/units/",
    "/units/unit-0/",
    "/units/unit-9/",
    "/chart/",
    "/chart/?root=unit-1&open=unit-0&find=unit+2",
    "/chart.svg",
    "/chart.md",
    "/chart/embed/",
    "/posts/",
    "/posts/head/",
    "/people/",
    "/bodies/",
    "/bodies/panel/",
    "/tasks/",
    "/tasks/?part=supports",
    "/tasks/?owner=unit-0&theme=rain",
    "/initiatives/",
    "/initiatives/plan/",
    "/timeline/",
    "/timeline.ics",
    "/sources/",
    "/sources/charter/",
    "/search/?q=unit",
    "/editions/",
    "/data/",
    "/changes.atom",
    "/about/",
    "/sitemap.xml",
    "/sitemap-units-1.xml",
    "/units/unit-9/card.png",
]


@pytest.mark.parametrize("address", ADDRESSES)
def test_the_number_of_queries_is_small_and_the_same_at_any_size(figures, address):
    assert figures[SMALL, address] == figures[LARGE, address] <= MOST_QUERIES
