"""What every address of the API shares: what may be asked, the envelope, the links, and 304."""

import functools
import hashlib
from itertools import batched

from django.conf import settings
from django.core.cache import cache
from django.http import StreamingHttpResponse
from django.utils import timezone
from django.utils.functional import classproperty
from django.utils.http import http_date, urlencode
from django.utils.translation import gettext as _
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from units import conditional
from units.api import answers
from units.api.asking import (
    FARTHEST,
    LONGEST_LIST,
    MOMENT,
    PAGING,
    SELECTION,
    moment_asked,
    number,
    refuse_unknown,
    selected,
)
from units.api.links import Links
from units.api.problems import Problem
from units.api.renderers import Graph, formats_of
from units.api.renderers import Table as TableRenderer
from units.api.tables import sent
from units.models import Citation, Unit
from units.resolve import in_force, in_succession, published_editions
from units.spreadsheets.columns import columns_of

# What a node of a graph can't be named or placed without, whatever members were asked for.
NAMING = {"id", "slug", "number", "parent_kind"}
# What parameters say of a list besides which things are in it.
SHOWN_OF_A_LIST = {*MOMENT, *SELECTION, *PAGING, "ordering"}
AT_ONCE = 500  # rows of a table that are read together


def answered(handler):
    """Make a method that returns what to answer, a dict or pieces of its JSON, one that answers a request.

    Whoever has the answer already gets 304 before `handler` runs; other conditions are looked at after it.
    A table is made last of all: of it a handler only says where its rows come from.
    """

    @functools.wraps(handler)
    def answer(view, request, *args, **kwargs):
        view.ask(request)
        etag, modified = view.version(request)
        headers = {"Cache-Control": "no-cache"}
        if etag and conditional.has_it(request, etag):
            return conditional.not_modified(headers | {"ETag": etag})
        body = handler(view, request, *args, **kwargs)
        # Answers that hold names: no edition's version tells when those change, but the answer itself does.
        etag = etag or conditional.etag_of(body, view.links_out, request.accepted_media_type)
        headers |= {"ETag": etag, "Link": ", ".join(view.links_out)}
        headers |= {"Last-Modified": http_date(modified)} if modified else {}
        if view.is_table:
            return sent(view, request, body, headers, modified)
        if isinstance(body, dict):
            response = Response(body, headers=headers)
        else:  # pieces of a large one
            media_type = request.accepted_media_type
            response = StreamingHttpResponse(body, headers=headers, content_type=media_type)
        return conditional.finished(request, response, etag, modified)

    return answer


class Reading(GenericViewSet):
    """An address of the API. `shape` is what it answers with, `page` the name of the page about the same."""

    shape = None
    page = "home"
    filterset_class = None
    filter_backends = ()
    lookup_field = "slug"
    lookup_value_regex = "[-a-zA-Z0-9_]+"
    moment_parameters = MOMENT
    usual_length = 50
    # Whether its answers hold names of people, who can be renamed and erased.
    holds_names = False
    # What kind of things its results are, as linked data; None where they are none.
    graph_kind = None
    # Whether its results can be rows of a table.
    has_table = True

    def get_renderers(self):
        return [renderer() for renderer in formats_of(self)]

    @property
    def default_response_headers(self):
        """The headers of every answer: without a suffix `Accept` decides what it is."""
        headers = super().default_response_headers
        return headers if self.kwargs.get("format") else headers | {"Vary": "Accept"}

    def ask(self, request):
        """Read what `request` asks for, or raise the Problem with it."""
        allowed = [*self.moment_parameters, *self.parameters_of_action()]
        refuse_unknown(request.GET, allowed)
        self.moment = None
        if self.moment_parameters:
            self.moment = moment_asked(request, self.kwargs.get("edition_name", ""))
        self.edition = (
            self.moment.edition if self.moment else in_force(published_editions(), timezone.localdate())
        )
        self.links = Links(self.moment)
        self.links_out = []
        self.is_graph = isinstance(request.accepted_renderer, Graph)
        self.is_table = isinstance(request.accepted_renderer, TableRenderer)
        members = dict.fromkeys(
            [column.member for column in columns_of(self.shape)] if self.is_table else self.shape().fields
        )
        self.members = set(selected(request.GET, list(members)))
        self.beside = []  # what a graph holds besides the results: pairs of a kind and its dict
        if self.is_graph:
            self.members |= NAMING
        longest = FARTHEST if self.is_table else self.longest_list()
        usual = None if self.is_table else min(self.usual_length, longest)
        self.limit = number(request.GET, "limit", usual, 1, longest)
        self.offset = number(request.GET, "offset", 0, 0, FARTHEST)

    def parameters_of_action(self):
        """Return the parameters of the address that is asked, but for those that name its moment."""
        names = list(SELECTION)
        if self.is_list:
            names += PAGING
        if self.action == "list" and self.filterset_class:
            names += self.filterset_class.base_filters
        return names

    def longest_list(self):
        """Return how many results may be asked for at once."""
        return LONGEST_LIST

    @property
    def is_list(self):
        return self.action != "retrieve"

    def version(self, request):
        """Return (the ETag, when it last changed in seconds) of the answer; None for what isn't known yet."""
        if self.holds_names and not self.names_nobody:
            return None, None
        asked = sorted(request.GET.items())
        on = self.on.isoformat()
        etag = conditional.etag_of(self.versions(), on, request.path, asked, request.accepted_media_type)
        if self.edition is None:
            return etag, None
        return etag, conditional.last_modified(self.edition, "on" not in request.GET)

    def versions(self):
        """Return what the answer is made of: the edition."""
        return [self.edition.identifier, self.edition.sha256]

    @property
    def names_nobody(self):
        """Whether this answer holds no name, whatever others of its address hold."""
        return self.is_graph or self.is_table

    @property
    def on(self):
        return self.moment.on if self.moment else timezone.localdate()

    def envelope(self, **members):
        """Return an answer of this edition and day with `members`, and link to the page about the same."""
        return {"edition": self.links.edition(self.edition), "on": self.on.isoformat(), **members}

    def link(self, address, rel, **attributes):
        given = "".join(f'; {name}="{value}"' for name, value in attributes.items())
        self.links_out.append(f'<{address}>; rel="{rel}"{given}')

    def link_page(self, *args):
        if self.moment:
            address = self.moment.url(self.page, *args)
            self.link(settings.SITE_URL + address, "alternate", type="text/html")

    def select(self, item):
        """Return of `item`, a dict, the members that were asked for."""
        return {name: value for name, value in item.items() if name in self.members}

    def wants(self, member):
        """Return whether the answer is to have `member`."""
        return member in self.members

    def page_of(self, rows):
        """Return the part of `rows`, a queryset or list, that was asked for; link to its neighbours."""
        asked = slice(self.offset, self.limit and self.offset + self.limit)
        self.link_parts(len(rows) if isinstance(rows, list) else self.length_of(rows))
        return rows[asked] if isinstance(rows, list) else rows.part(asked)

    def length_of(self, rows):
        """Return how many `rows`, a queryset, there are."""
        return rows.count()

    def in_batches(self, found, rows):
        """Return an iterable of lists: the part of `found` that was asked for, read from `rows`, a queryset.

        `found` is a queryset or a list of primary keys. There is one list, but for a table, of which a few
        hundred rows are read at a time; no cursor is held open while they are sent.
        """
        if not self.is_table:
            part = self.page_of(found)
            return [rows.at(part) if isinstance(found, list) else part]
        keys = self.page_of(found if isinstance(found, list) else [*found.values_list("pk", flat=True)])
        longest = self.request.accepted_renderer.longest
        if longest and len(keys) > longest:
            text = _("A workbook of so many rows takes too long: at most %(longest)s are made at once.")
            more = _("Ask for CSV, or for a part by “limit” and “offset”; /data/ has whole editions.")
            raise Problem("bad-request", f"{text % {'longest': longest}} {more}")
        return (rows.at(list(part)) for part in batched(keys, AT_ONCE))

    def link_parts(self, total):
        """Link to the parts of a list of which `total` is the length."""
        self.total = total
        if self.limit is None:  # all of it
            return
        last = max(self.total - 1, 0) // self.limit * self.limit
        places = {
            "first": 0,
            "prev": max(self.offset - self.limit, 0),
            "next": self.offset + self.limit,
            "last": last,
        }
        for rel, offset in places.items():
            if (rel != "prev" or self.offset > 0) and (
                rel != "next" or self.offset + self.limit < self.total
            ):
                asked = self.request.GET.dict() | {"limit": self.limit, "offset": offset}
                self.link(f"{settings.SITE_URL}{self.request.path}?{urlencode(asked)}", rel)

    def told_list(self, items):
        """Return the answer with `items`, dicts: a part of the list of which page_of() knows the length."""
        if self.is_table:
            return {"results": items}
        return self.envelope(count=self.total, results=[self.select(item) for item in items])


class Facts(Reading):
    """The facts of one kind: a list, and each by its slug.

    Subclasses have `everything(edition)`, the queryset, and `tell(row)`, its dict.
    """

    model = None
    detail_page = None

    @classproperty
    def graph_kind(cls):
        return cls.model and cls.model._meta.model_name

    @answered
    def list(self, request, **kwargs):
        found = self.filterset_class(request.GET, self.everything(), self.edition).found()
        self.link_page()
        return self.told_part(found)

    @answered
    def retrieve(self, request, slug, **kwargs):
        """One of them, by its slug."""
        row = self.everything().named(self.edition, slug)
        if row is None:
            raise self.missing(slug)
        [item] = self.tell_all([row])
        self.link_page_of(row)
        if self.is_graph:
            self.beside = list(self.things_beside(row))
        return self.envelope(**self.select(item))

    def length_of(self, rows):
        """Return the same; counted once in a process, since an edition, known by its hash, never changes."""
        chosen = {name: value for name, value in self.request.GET.items() if name not in SHOWN_OF_A_LIST}
        key = f"{self.edition.sha256} {self.request.path} {urlencode(sorted(chosen.items()))}"
        return cache.get_or_set(hashlib.sha256(key.encode()).hexdigest(), rows.count, timeout=None)

    def things_beside(self, row):
        """Yield what a graph of `row` holds besides it: pairs of a kind and its dict. Here nothing."""
        return ()

    def told_of(self, rows, tell):
        """Return pairs of a kind and the dict that `tell` makes, for `rows` of any kinds, with citations."""
        cited = self.citations_of(rows) if rows else {}
        kinds = [(row._meta.model_name, row) for row in rows]
        return [
            (kind, tell[kind](row, self.links) | {"citations": cited.get((kind, row.pk), [])})
            for kind, row in kinds
        ]

    def link_page_of(self, row):
        self.page = self.detail_page or self.page
        self.link_page(*([row.slug] if self.detail_page else []))

    def tell_all(self, rows):
        """Return the dicts of `rows`, a list, with their citations."""
        cited = self.citations_of(rows) if self.wants("citations") and rows else {}
        kind = self.model._meta.model_name
        return [self.tell(row) | {"citations": cited.get((kind, row.pk), [])} for row in rows]

    def citations_of(self, rows):
        return answers.citations(Citation.objects.of_facts(rows).in_short(), self.links)

    def told_part(self, found):
        """Return the answer with the part of `found` that was asked for, as in_batches() takes it."""
        batches = self.in_batches(found, self.everything())
        return self.told_list(item for rows in batches for item in self.tell_all(rows))

    def missing(self, slug):
        """Return the Problem that this edition has no fact `slug`; it tells which have, and what followed."""
        editions = in_succession(published_editions(), self.moment.known)
        rows = self.model.objects.elsewhere(slug, editions)
        kind = self.model._meta.verbose_name
        found = {}
        if having := [self.links.edition(edition) for edition in editions if edition.pk in rows]:
            found["in_editions"] = having
            if self.model is Unit:
                followers = Unit.objects.followers(slug, editions)
                found["followed_by"] = [self.links.to(unit) for unit in followers]
        text = _("There is no %(kind)s “%(slug)s” in this edition.") % {"kind": kind, "slug": slug}
        return Problem("not-found", text, **found)
