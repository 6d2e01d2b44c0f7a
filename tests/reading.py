"""How tests read pages: their words, their links, and whether their HTML is sound."""

import html
import re
from urllib.parse import urljoin, urlsplit

import html5lib

from units.documents import load, publish
from units.resolve import forget_editions

HREF = re.compile(r'href="([^"]+)"')


def text_of(response):
    """Return the words of a page as a reader sees them, without tags, in one line."""
    without_tags = re.sub(r"<[^>]+>", " ", response.content.decode())
    return " ".join(html.unescape(without_tags).split())


def read_to_the_end(response):
    """Read all that `response` sends piece by piece, as whoever asked does: then its file is closed.

    Its close() alone would close the database's connection too, in the middle of the test.
    """
    for _piece in response.streaming_content if response.streaming else ():
        pass


def published(document, **changes):
    edition = publish(load(document | changes))
    forget_editions()
    return edition


def links_of(address, page):
    """Return where the links of `page`, the HTML at `address`, lead on this site, with their anchors.

    Links that nobody is to follow (nofollow) are left out: the states of a chart are without number.
    """
    links = [
        link for tag in re.findall(r"<[^>]*>", page) if "nofollow" not in tag for link in HREF.findall(tag)
    ]
    targets = [urljoin(address, html.unescape(link)) for link in links]
    return [
        target
        for target in targets
        if not urlsplit(target).scheme and not target.startswith(("/static/", "/admin/"))
    ]


def ids_of(page):
    return re.findall(r' id="([^"]+)"', page)


def problems_of(page):
    """Return what a strict HTML parser finds wrong in `page`; empty where it is sound."""
    parser = html5lib.HTMLParser(strict=False)
    parser.parse(page)
    return [(place, code, details) for place, code, details in parser.errors]
