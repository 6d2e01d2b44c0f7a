"""All pages that are worth finding by a search, for those who make one: in parts, each of a few queries.

They are those of the edition in force, the first page of every other, and the pages about the site; each by
the address that it names as its own (head.py).
"""

from django.conf import settings
from django.contrib.sitemaps import Sitemap
from django.core.paginator import EmptyPage

from units.models import Body, Initiative, Post, Source, Unit
from units.resolve import address_of, in_succession

LISTS = ("home", "chart", "units", "posts", "bodies", "tasks", "initiatives", "timeline", "sources")
SITE = ("people", "editions", "data", "about", "accessibility", "privacy", "vocabulary")
MODELS = {"units": Unit, "posts": Post, "bodies": Body, "initiatives": Initiative, "sources": Source}


class NoPartError(Exception):
    """The sitemap has no such part."""


class _Pages(Sitemap):
    limit = 2_000  # addresses in a part: 50,000 are allowed, and would take seconds to write

    def __init__(self, edition):
        self.edition = edition

    def get_domain(self, site=None):
        return settings.SITE.netloc  # whatever host was asked for

    def get_protocol(self, protocol=None):
        return settings.SITE.scheme

    def _below(self, edition, name, *args):
        return address_of(f"edition:{name}", edition.effective_on.isoformat(), *args)


class _Things(_Pages):
    """The page of each unit, or of each thing of another kind, of an edition."""

    def __init__(self, edition, model):
        super().__init__(edition)
        self.model = model

    def items(self):
        return self.model.objects.slugs(self.edition)

    def location(self, slug):
        return self._below(self.edition, self.model._meta.model_name, slug)

    def lastmod(self, slug):
        return self.edition.published_at


class _Others(_Pages):
    """Lists of the edition in force, first pages of the other editions, and pages about the site."""

    def __init__(self, edition, editions):
        super().__init__(edition)
        self.editions = editions

    def items(self):
        lists = [(name, self.edition) for name in LISTS if self.edition]
        homes = [("home", each) for each in in_succession(self.editions) if each != self.edition]
        return [*lists, *homes, *((name, None) for name in SITE)]

    def location(self, item):
        name, edition = item
        return self._below(edition, name) if edition else address_of(f"pages:{name}")

    def lastmod(self, item):
        return item[1] and item[1].published_at


def parts(edition, editions):
    """Return (address, when it changed) of each part: with `edition` in force (or None) of all `editions`."""
    found = []
    for section in ("pages", *MODELS):
        pages = _section(section, edition, editions)
        for number in pages.paginator.page_range if pages else ():
            path = address_of("sitemap_part", section, str(number))
            found.append((settings.SITE_URL + path, edition and edition.published_at))
    return found


def part(section, number, edition, editions):
    """Return what Django's template of a sitemap shows of part `number`, from 1; raises NoPartError."""
    pages = _section(section, edition, editions)
    if pages is None:
        raise NoPartError
    try:
        return pages.get_urls(page=number)
    except EmptyPage:
        raise NoPartError from None


def _section(section, edition, editions):
    if section == "pages":
        return _Others(edition, editions)
    return _Things(edition, MODELS[section]) if edition and section in MODELS else None
