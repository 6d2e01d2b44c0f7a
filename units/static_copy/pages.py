"""The links of a page: to files of the copy where it has them, and else to the site itself."""

import html
import re
from urllib.parse import urljoin

from django.conf import settings

from units.static_copy.places import leading

TAG = re.compile(r"<(\w+)\b[^<>]*>")
LINK = re.compile(r'(?<=\s)(href|src|action)="([^"]*)"')


class Links:
    """Makes the links of one page, the answer to `address`, which in the copy is at `place`.

    `found` has {place: address} of what the page links to and a copy has. With `under`, the path that the
    copy is served at, links begin there: for the page that stands in for any that is missing.
    """

    def __init__(self, places, address, place, under=None):
        self.places, self.address, self.place, self.under = places, address, place, under
        self.path = address.partition("?")[0]
        self.found = {}

    def rewritten(self, page):
        """Return `page`, HTML whose attributes stand in double quotes, with links of the copy."""
        return TAG.sub(self._tag, page)

    def _tag(self, match):
        name, tag = match[1], match[0]
        if name == "form":  # what is asked for in a form needs a server
            if " action=" not in tag:
                tag = tag.replace("<form", f'<form action="{self.path}"', 1)
            return LINK.sub(lambda link: self._written(link[1], self._on_the_site(link[2])), tag)
        return LINK.sub(lambda link: self._written(link[1], self._in_the_copy(link[2])), tag)

    def _written(self, name, value):
        return f'{name}="{html.escape(value)}"'

    def _on_the_site(self, written):
        return settings.SITE_URL + self._whole(html.unescape(written))

    def _in_the_copy(self, written):
        given = html.unescape(written)
        if not given or given.startswith("#") or re.match(r"[a-z]+:", given):
            return given
        address, sharp, anchor = self._whole(given).partition("#")
        place = self.places.of(address)
        if place is None:
            return f"{settings.SITE_URL}{address}{sharp}{anchor}"
        self.found[place] = address
        link = leading(self.place, place) if self.under is None else self.under + place
        return f"{link}{sharp}{anchor}"

    def _whole(self, given):
        """Return the address that `given` means on this page, as path and query."""
        # urljoin keeps the page's own query where a link has an empty one.
        return f"{self.path}{given}".rstrip("?") if given.startswith("?") else urljoin(self.path, given)
