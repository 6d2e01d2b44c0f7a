"""What is of whole editions: their list, their documents, what changed, and the chart as a tree."""

import re
from datetime import date
from itertools import batched

from django.conf import settings
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.http import quote_etag
from django.utils.translation import gettext as _
from rest_framework.decorators import action

from units import comparisons, conditional
from units.api import answers, filters, shapes
from units.api.asking import LONGEST_LIST, PAGING, SELECTION, edition_names, number, refuse_unknown
from units.api.frame import Reading, answered
from units.api.problems import Problem, bad_parameter, names_nothing
from units.api.renderers import Json
from units.models import Citation, Edition, Unit
from units.resolve import (
    NAME,
    UnknownEditionError,
    edition_named,
    published_editions,
    what_each_followed,
)

CHANGES_AT_ONCE = 20
DEEPEST = 100
STREAMED, PART = 5_000, 1_000  # units: a larger tree is answered in pieces, read part by part
SHAPES = ["flat", "nested"]
DIFFERENCES = {"differences", "differences_total"}


class OfEditions(Reading):
    """An address whose answer is of all published editions."""

    moment_parameters = ()
    lookup_field = "name"
    lookup_value_regex = r"\d{4}-\d{2}-\d{2}(?:\.[1-9]\d{0,5})?"

    def versions(self):
        return [[edition.identifier, edition.sha256] for edition in published_editions()]

    def named(self, name):
        """Return the edition `name` and the one before it, or None; raise a Problem where there is none."""
        try:
            edition = edition_named(name)
        except UnknownEditionError as unknown:
            raise Problem("not-found", str(unknown)) from None
        return edition, what_each_followed(published_editions()).get(edition.pk)

    def link_to_page(self, name, *args):
        self.link(settings.SITE_URL + reverse(name, args=args), "alternate", type="text/html")


class Editions(OfEditions):
    """The published editions, the one with the latest date first."""

    shape, graph_kind = shapes.EditionShape, "edition"

    def get_renderers(self):
        # The document is of one form, the one that its hash is of.
        return [Json()] if self.action == "document" else super().get_renderers()

    @answered
    def list(self, request, **kwargs):
        before = what_each_followed(published_editions())
        rows = self.page_of(Edition.objects.published().with_size())
        self.link_to_page("pages:editions")
        return self.told_list(answers.edition(row, self.links, before.get(row.pk)) for row in rows)

    @answered
    def retrieve(self, request, name, **kwargs):
        """One edition, by its name."""
        self.edition, before = self.named(name)
        row = Edition.objects.with_size().get(pk=self.edition.pk)
        self.link_to_page("edition:home", self.edition.identifier)
        return self.envelope(**self.select(answers.edition(row, self.links, before)))

    @action(detail=True)
    def document(self, request, name, **kwargs):
        """The document of an edition, byte for byte as it was published."""
        refuse_unknown(request.GET, [])
        edition, _before = self.named(name)
        etag = quote_etag(edition.sha256)
        headers = {
            "ETag": etag,
            "Cache-Control": conditional.FOR_EVER if name == edition.identifier else "no-cache",
            "Content-Disposition": f'attachment; filename="ai-office-directory-{edition.identifier}.json"',
        }
        if conditional.has_it(request, etag):
            return conditional.not_modified(headers)
        raw = Edition.objects.document_bytes(edition)
        answer = HttpResponse(raw, headers=headers, content_type="application/json")
        return conditional.finished(request, answer, etag)


class Changes(OfEditions):
    """Every published edition as a change: what is different from the edition before it."""

    def longest_list(self):
        # Each of them compares two whole documents; the differences of one are a list like any other.
        return CHANGES_AT_ONCE if self.action == "list" else LONGEST_LIST

    @property
    def has_table(self):
        # The differences of one edition; the editions themselves have their own list.
        return self.action == "retrieve"

    @property
    def shape(self):
        return shapes.ChangeShape if self.action == "list" else shapes.Difference

    def parameters_of_action(self):
        return [*SELECTION, *PAGING, *(["since"] if self.action == "list" else [])]

    @answered
    def list(self, request, **kwargs):
        """The editions as changes, the latest publication first."""
        found = published_since(request.GET.get("since"))
        chosen = self.page_of(sorted(found, key=lambda edition: edition.published_at, reverse=True))
        self.link_to_page("pages:editions")
        before = what_each_followed(published_editions())
        differences = differences_of(chosen, before) if self.members & DIFFERENCES else {}
        return self.told_list(
            answers.change(edition, before.get(edition.pk), differences.get(edition.pk, ()), self.links)
            for edition in chosen
        )

    @answered
    def retrieve(self, request, name, **kwargs):
        """All differences of one edition from the edition before it."""
        self.edition, before = self.named(name)
        followed = {self.edition.pk: before} if before else {}
        [differences] = differences_of([self.edition], followed).values()
        if before:
            self.link_to_page("diff", before.identifier, self.edition.identifier)
        rows = [answers.difference(each) for each in self.page_of(differences)]
        return {**self.told_list(rows), "follows": self.links.edition(before)}


def published_since(asked):
    """Return the editions published after the edition `asked`, or on that day or later; all for None."""
    editions = published_editions()
    if asked is None:
        return editions
    if not NAME.fullmatch(asked):
        raise bad_parameter(
            "since", _("“since” takes a day like 2024-06-16, or an edition like 2024-06-16.1.")
        )
    if "." in asked:
        try:
            known = edition_named(asked)
        except UnknownEditionError as unknown:
            raise names_nothing("since", str(unknown), edition_names()) from None
        return [edition for edition in editions if edition.published_at > known.published_at]
    try:
        day = date.fromisoformat(asked)
    except ValueError:
        raise bad_parameter("since", _("“since” takes a day that exists.")) from None
    return [edition for edition in editions if timezone.localdate(edition.published_at) >= day]


def differences_of(editions, before):
    """Return {primary key: [Change, …]} for `editions`; `before` has the edition that each followed."""
    following = [edition for edition in editions if edition.pk in before]
    found = comparisons.differences((before[edition.pk], edition) for edition in following)
    known = {edition.pk: changes for edition, changes in zip(following, found, strict=True)}
    return {edition.pk: known.get(edition.pk, []) for edition in editions}


class Tree(Reading):
    """The whole chart, in order: flat with parent and depth, or nested."""

    shape = shapes.Node

    def parameters_of_action(self):
        return [*SELECTION, "root", "depth", "shape"]

    @answered
    def list(self, request, **kwargs):
        depth = number(request.GET, "depth", None, 0, DEEPEST)
        form = request.GET.get("shape", "flat")
        if form not in SHAPES:
            raise bad_parameter("shape", _("“shape” takes one of: flat, nested."), SHAPES)
        root = self.root(request.GET.get("root"))
        branch = Unit.objects.branch(root, depth)
        self.link_page()
        path = []
        if self.is_table:
            if form == "nested":
                raise bad_parameter("shape", _("A table is flat."), ["flat"])
            batches = self.in_batches(branch, branch)
            return {"results": (node for rows in batches for node in self.nodes(rows, root, path))}
        self.total = root.units_below + 1
        if self.total > STREAMED and depth is not None:
            self.total = branch.count()
        if self.total > STREAMED:
            return self.streamed(self.nodes_in_parts(branch, root), self.total, form == "nested")
        nodes = self.nodes(branch, root, path)
        self.total = len(nodes)
        results = [self.select(node) for node in nodes]
        if form == "nested":
            results = nested(results, [node["depth"] for node in nodes])
        return self.envelope(count=len(nodes), results=results)

    def streamed(self, nodes, count, is_nested):
        """Return the same answer in pieces, so that no more than a part of it is in memory at a time."""

        def written(value):
            return Json().render(value)

        def pieces():
            yield written(self.envelope(count=count))[:-1] + b',"results":['
            levels = 0  # that are open, where what hangs below a unit comes before its end
            for place, node in enumerate(nodes):
                piece = written(self.select(node))
                comma = b"," if place else b""
                if is_nested:
                    ends = levels - node["depth"]
                    comma = b"]}" * ends + b"," if ends else b""
                    piece = piece[:-1] + b',"units":['
                    levels = node["depth"] + 1
                yield comma + piece
            yield b"]}" * levels + b"]}"

        return (b"".join(part) for part in batched(pieces(), PART))

    def root(self, slug):
        """Return the unit `slug`, or the root of all; raise a Problem where there is none."""
        units = Unit.objects.for_list()
        if slug is None:
            return units.root(self.edition)
        if not re.fullmatch(filters.SLUG, slug) or len(slug) > filters.LONGEST["slug"]:
            raise bad_parameter("root", _("“root” takes the slug of a unit."))
        unit = units.named(self.edition, slug)
        if unit is None:
            raise filters.nothing_named("root", [Unit], self.edition, slug)
        return unit

    def nodes_in_parts(self, branch, root):
        """Yield the dicts of the units of `branch`, reading PART of them at a time."""
        path, last = [], root.lft - 1
        while part := list(branch.filter(lft__gt=last)[:PART]):
            last = part[-1].lft
            yield from self.nodes(part, root, path)

    def nodes(self, branch, root, path):
        """Return the dicts of the units of `branch`: all of a queryset, or a list of some, in their order.

        `path` has the units on the way from `root` to the last one told; it is kept up.
        """
        cited = {}
        if self.wants("citations"):
            rows = Citation.objects
            rows = rows.of_facts(branch) if isinstance(branch, list) else rows.of_units(branch)
            cited = answers.citations(rows.in_short(), self.links)
        found = []
        for unit in branch:
            depth = unit.level - root.level
            del path[depth:]
            node = answers.node(unit, self.links, path[-1] if path else root.parent, depth)
            path.append(unit)
            found.append(node | {"citations": cited.get(("unit", unit.pk), [])})
        return found


def nested(items, depths):
    """Return a list with the first of `items`; the others hang below it in `units`, as `depths` tell."""
    path = []
    for item, depth in zip(items, depths, strict=True):
        item["units"] = []
        del path[depth:]
        if path:
            path[-1]["units"].append(item)
        path.append(item)
    return path[:1]
