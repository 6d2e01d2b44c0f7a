"""What is measured of an edition: every kind of page, every endpoint of the API, and what others do."""

from dataclasses import dataclass

TREE = 1_000  # units, of the tree that is compared with a textbook's


@dataclass(frozen=True)
class Address:
    """One address; `kind` is page, data, file or beside (what others do, to compare with)."""

    name: str
    path: str
    kind: str = "page"
    accept: str = ""


def addresses(size, branch):
    """Return the Addresses of an edition of a whole institution with `size` units.

    `branch` is the slug of the unit whose branch comes closest to TREE units.
    """
    middle, last = f"unit-{size // 10}", f"unit-{size - 1}"
    return [
        *(Address(name, path) for name, path in _pages(middle, last).items()),
        *(Address(f"API: {name}", f"/api/v1/{path}", "data") for name, path in _data(middle, branch).items()),
        *(Address(name, path, "file") for name, path in _files(branch).items()),
    ]


def beside(size, branch, bytes_):
    """Return the Addresses that those are compared with; `bytes_` is how long the plain answers are to be."""
    return [
        Address("plain WSGI answer", f"/plain/{bytes_}/", "beside"),
        Address("Django view that does nothing", f"/nothing/{bytes_}/", "beside"),
        Address("textbook: units, 50", "/textbook/units/?limit=50&offset=100", "beside"),
        Address("textbook: one unit", f"/textbook/units/unit-{size // 10}/", "beside"),
        Address("textbook: tree of 1,000", f"/textbook/trees/{branch}/", "beside"),
    ]


def _pages(middle, last):
    return {
        "home": "/",
        "unit, the root": "/units/unit-0/",
        "unit, in the middle": f"/units/{middle}/",
        "unit, a leaf": f"/units/{last}/",
        "chart": "/chart/",
        "chart, all levels": "/chart/?depth=all",
        "chart, as a table": "/chart/table/",
        "chart, embedded": "/chart/embed/",
        "units": "/units/",
        "posts": "/posts/",
        "post": "/posts/leads-unit-0/",
        "people": "/people/",
        "bodies": "/bodies/",
        "body": "/bodies/body-0/",
        "tasks": "/tasks/",
        "tasks of one owner": f"/tasks/?owner={middle}",
        "initiatives": "/initiatives/",
        "initiative": "/initiatives/initiative-0/",
        "timeline": "/timeline/",
        "sources": "/sources/",
        "source": "/sources/source-0/",
        "search": "/search/?q=grants+for+research",
        "editions": "/editions/",
        "data": "/data/",
        "about": "/about/",
    }


def _data(middle, branch):
    return {
        "units, 50": "units/?limit=50&offset=100",
        "one unit": f"units/{middle}/",
        "units below": f"units/{middle}/descendants/",
        "units above": f"units/{middle}/ancestors/",
        "tree of 1,000": f"tree/?root={branch}",
        "tree of 1,000, nested": f"tree/?shape=nested&root={branch}",
        "posts": "posts/",
        "people": "people/",
        "tasks": "tasks/",
        "statements": "statements/",
        "bodies": "bodies/",
        "initiatives": "initiatives/",
        "legal acts": "legal-acts/",
        "milestones": "milestones/",
        "sources": "sources/",
        "passages": "sources/source-0/passages/",
        "search": "search/?q=grants+for+research",
        "editions": "editions/",
        "changes": "changes/",
    }


def _files(branch):
    return {
        "chart as SVG": "/chart.svg",
        "chart as Markdown": "/chart.md",
        "branch as SVG": f"/units/{branch}/chart.svg",
        "calendar": "/timeline.ics",
        "feed of editions": "/changes.atom",
        "unit as JSON-LD": f"/units/{branch}.jsonld",
        "unit as Turtle": f"/units/{branch}.ttl",
        "health": "/health/ready/",
    }
