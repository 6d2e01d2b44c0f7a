"""How a chart is asked for: which State an address means, and the addresses that a drawing leads to."""

import functools
import re
from dataclasses import dataclass

from django.conf import settings
from django.core.exceptions import BadRequest
from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _

from units.chart.state import ALL, LEAST_ZOOM, LEVELS, LONGEST_QUERY, MOST_OPENED, MOST_ZOOM, State
from units.models import Unit
from units.resolve import Moment, UnknownEditionError, edition_named

LONGEST_WORDS, MOST_WORDS = 200, 8
SLUG = re.compile(r"[-\w]{1,120}", re.ASCII)


@dataclass(frozen=True)
class HereLinks:
    """The addresses in a drawing that stands on a page: they keep to the page's Moment."""

    moment: Moment

    def thing(self, kind, slug):
        return self.moment.url(kind, slug)

    def state(self, state):
        return with_query(self._chart, state.query)

    @functools.cached_property
    def _chart(self):
        return self.moment.url("chart")


@dataclass(frozen=True)
class LastingLinks:
    """The addresses in a drawing that stands by itself: whole, and always those of its very edition."""

    edition: object

    def thing(self, kind, slug):
        return settings.SITE_URL + reverse(f"edition:{kind}", args=[self.edition.identifier, slug])

    def state(self, state):
        return with_query(self._chart, state.query)

    @functools.cached_property
    def _chart(self):
        return settings.SITE_URL + reverse("edition:chart", args=[self.edition.identifier])


def with_query(address, query):
    """Return `address`, which may have parameters, with those of `query` too."""
    return f"{address}{'&' if '?' in address else '?'}{query}" if query else address


def state_asked(request, root=""):
    """Return the State that `request` asks for, by default of the branch `root`.

    Raises BadRequest with a sentence for a value that can't be read, Http404 where `root` can be no unit's:
    it becomes part of addresses, headers and the names of files.
    """
    given = {}
    for name in ("root", "depth", "open", "close", "find", "compare", "zoom", "at"):
        values = request.GET.getlist(name)
        if len(values) > 1:
            raise BadRequest(_("“%(name)s” is taken once.") % {"name": name})
        given[name] = values[0].strip() if values else ""
    if given["root"] and not SLUG.fullmatch(given["root"]):
        missing = {"kind": Unit._meta.verbose_name, "slug": given["root"]}
        raise Http404(_("There is no %(kind)s “%(slug)s” in this edition.") % missing)
    depth = given["depth"]
    if depth and depth != ALL and not re.fullmatch(r"\d{1,3}", depth, re.ASCII):
        raise BadRequest(_("“depth” takes a number of levels from 0, or “all”."))
    lists = {}
    for name in ("open", "close"):
        slugs = tuple(dict.fromkeys(filter(None, given[name].split(","))))
        if len(slugs) > MOST_OPENED or not all(map(SLUG.fullmatch, slugs)):
            sentence = _(
                "“%(name)s” takes at most %(count)s names of units as they stand in addresses, with commas."
            )
            raise BadRequest(sentence % {"name": name, "count": MOST_OPENED})
        lists[name] = slugs
    if len(given["find"]) > LONGEST_WORDS:
        raise BadRequest(_("“find” takes at most %(count)s characters.") % {"count": LONGEST_WORDS})
    zoom = given["zoom"] or "100"
    if not re.fullmatch(r"[1-9]\d{1,2}", zoom, re.ASCII) or not LEAST_ZOOM <= int(zoom) <= MOST_ZOOM:
        sentence = _("“zoom” takes a whole number of percent from %(least)s to %(most)s.")
        raise BadRequest(sentence % {"least": LEAST_ZOOM, "most": MOST_ZOOM})
    if given["at"] and not re.fullmatch(r"\d{1,7},\d{1,7}", given["at"], re.ASCII):
        raise BadRequest(_("“at” takes a point of the chart, like 400,200."))
    words = list(dict.fromkeys(given["find"].split()))
    if len(words) > MOST_WORDS:
        raise BadRequest(_("“find” takes at most %(count)s words.") % {"count": MOST_WORDS})
    state = State(
        root=root or given["root"],
        depth=(depth if depth == ALL else min(int(depth), LEVELS)) if depth else None,
        find=" ".join(words),
        compare=given["compare"],
        zoom=int(zoom),
        at=given["at"],
        **lists,
    )
    if len(state.query) > LONGEST_QUERY:
        raise BadRequest(_("This address opens and closes too much at once."))
    return state


def compared(state):
    """Return the edition that `state` compares with, or None; raises BadRequest where there is none such."""
    if not state.compare:
        return None
    try:
        return edition_named(state.compare)
    except UnknownEditionError as unknown:
        raise BadRequest(_("“compare” takes an edition. %(why)s") % {"why": unknown}) from None
