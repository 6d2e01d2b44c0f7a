"""Where an address of the site is in a copy of one edition: the one rule for every link.

An address in a copy is a path without its first slash; with a slash at its end, or empty, it is of a page.
"""

import posixpath
import re
from urllib.parse import parse_qsl

from django.conf import settings
from django.urls import reverse

SLUG = r"[-\w]{1,120}"
# Pages about the site that are the same whatever the edition, and what they lead to.
OF_THE_SITE = {
    **{"pages:about": "about/", "pages:accessibility": "accessibility/", "pages:privacy": "privacy/"},
    **{"pages:data": "data/", "pages:vocabulary": "vocabulary/", "vocabulary_ttl": "vocabulary.ttl"},
    **{"context": "context.jsonld", "shapes": "shapes.ttl"},
}
# What a search finds, what is drawn to stand in pages of others, and the print of each branch, for which a
# process of its own is started, is asked of the site itself.
NOT_COPIED = re.compile(r"search[/.].*|chart/embed/|units/[^/]*/chart\.(pdf|png)")
# The parameters that have an address of their own in a copy, by the address without them: there are as many
# as the edition has lists, owners and units. All others (states of the chart, filters) are without number.
ASKED = [
    (re.compile(r"tasks/"), re.compile(rf"owner=(?P<slug>{SLUG})"), "tasks/owner/{slug}/"),
    (re.compile(r"chart/"), re.compile(rf"root=(?P<slug>{SLUG})"), "chart/root/{slug}/"),
    (re.compile(r"chart\.svg"), re.compile(rf"root=(?P<slug>{SLUG})"), "units/{slug}/chart.svg"),
]
PAGE = re.compile(r"(?:^|&)page=(?P<number>[1-9]\d{0,5})$", re.ASCII)


class Places:
    """The places in a copy of `edition`."""

    def __init__(self, edition):
        self.home = reverse("edition:home", args=[edition.identifier])
        self.of_the_site = {reverse(name): place for name, place in OF_THE_SITE.items()}
        self.left_out = set()  # places that would be there if the site did not refuse to answer

    def of(self, address):
        """Return the place of `address`, a path of the site with its query; None where a copy has it not."""
        path, _, query = address.partition("?")
        if path in self.of_the_site or path.startswith(f"/{settings.STATIC_URL.strip('/')}/"):
            return None if query else self.of_the_site.get(path, path[1:])
        if not path.startswith(self.home) or NOT_COPIED.fullmatch(path[len(self.home) :]):
            return None
        place = _asked(path[len(self.home) :], query)
        return None if place in self.left_out else place


def _asked(place, query):
    if "." in place.rpartition("/")[2] and (number := _part_of_data(query)):
        stem, _, suffix = place.rpartition(".")
        return f"{stem}/page/{number}.{suffix}" if number > 1 else place
    paged = PAGE.search(query) if place.endswith("/") else None
    if paged:
        query = query[: paged.start()]
    if query:
        ways = (
            (plain, asked.fullmatch(query), there) for plain, asked, there in ASKED if plain.fullmatch(place)
        )
        place = next((there.format(**asked.groupdict()) for _plain, asked, there in ways if asked), None)
    if place is None or not paged:
        return place
    return f"{place}page/{paged['number']}/"


def _part_of_data(query):
    """Return which part of a list of the API `limit` and `offset` are, from 1; None for other queries."""
    asked = dict(parse_qsl(query, keep_blank_values=True))
    if set(asked) != {"limit", "offset"} or not all(value.isdecimal() for value in asked.values()):
        return None
    limit, offset = int(asked["limit"]), int(asked["offset"])
    return offset // limit + 1 if limit and offset % limit == 0 else None


def file_of(place):
    """Return the file that `place` is read from."""
    return f"{place}index.html" if not place or place.endswith("/") else place


def leading(start, target):
    """Return the link from the page `start` to `target`, both places: it holds in whatever folder."""
    there = posixpath.relpath(f"/{target}", f"/{start}")
    return f"{there}/" if not target or target.endswith("/") else there
