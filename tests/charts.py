"""What tests of the chart share: trees of any shape, and how the renderings are read."""

import html
import re
from xml.etree import ElementTree

SVG = "{http://www.w3.org/2000/svg}"
CITES = [{"passage": "charter#1"}]


def unit(slug, name="", below=(), **more):
    units = {"units": list(below)} if below else {}
    return {"slug": slug, "name": name or slug, "kind": "unit", "cites": CITES, **units, **more}


def chain(length):
    node = None
    for level in reversed(range(length)):
        node = unit(f"level-{level}", below=[node] if node else ())
    return node


def parsed(svg):
    return ElementTree.fromstring(svg)  # noqa: S314 (our own)


def in_drawing(svg):
    """Return the names of the units of a drawing, in order."""
    tree = parsed(svg)
    nodes = [g for g in tree.iter(f"{SVG}g") if g.get("class") == "node"]
    return ["".join(next(t for t in g.iter(f"{SVG}text")).itertext()) for g in nodes]


def drawing_of(page):
    return re.search(r"<svg xmlns.*?</svg>", page, re.S)[0]


def in_list(page):
    nested = re.search(r'<ul class="nested">.*?</ul>\s*(<h3|</section)', page, re.S)[0]
    return [html.unescape(name) for name in re.findall(r"<p><a href=[^>]*>([^<]*)</a>", nested)]


def in_table(page):
    rows = re.findall(r'<th scope="row"><a href="[^"]*/units/[^>]*>([^<]*)</a>', page)
    return [html.unescape(name) for name in rows]


def in_outline(markdown):
    tree = markdown.split("## ")[0]
    return [re.sub(r"\\(.)", r"\1", name) for name in re.findall(r"^ *- \[(.*?)\]\(", tree, re.M)]


SOURCES = {
    "effective_on": "2025-01-01",
    "title": "T",
    "sources": [
        {
            "slug": "charter",
            "title": "C",
            "publisher": "I",
            "published": "2024-12-01",
            "cites": CITES,
            "passages": [{"number": 1, "says": "Sets it all up"}],
        }
    ],
}
DRAWN = {"svg", "title", "desc", "g", "a", "rect", "text", "tspan", "path"}
