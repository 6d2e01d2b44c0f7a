"""The resources: what each is made of and how its rows are told."""

from itertools import pairwise

from django.utils.translation import gettext as _
from rest_framework.decorators import action

from units.api import answers, filters, shapes
from units.api.frame import Facts, Reading, answered
from units.api.problems import Problem
from units.models import (
    Appointment,
    Body,
    Initiative,
    Milestone,
    Passage,
    Post,
    Source,
    Statement,
    Unit,
)
from units.search import SHOWN_STATEMENTS, NotThereYetError, search
from units.search.ranking import MOST as MOST_ANSWERS


class Units(Facts):
    """The units of the organisation, in the order of the chart."""

    model, shape, filterset_class = Unit, shapes.UnitShape, filters.UnitsAsked
    page, detail_page = "units", "unit"

    def everything(self):
        return Unit.objects.for_list().listed(self.edition)

    def tell_all(self, rows):
        by_unit = {}
        for post in Post.objects.in_units(rows) if self.wants("posts") else ():
            by_unit.setdefault(post.unit_id, []).append(post)
        for unit in rows:
            unit.found_posts = by_unit.get(unit.pk, [])
        return super().tell_all(rows)

    def tell(self, unit):
        more = {"parent_kind": unit.parent and unit.parent.kind} if self.is_graph else {}
        return answers.unit(unit, self.links) | more

    def things_beside(self, unit):
        posts = list(Post.objects.in_units([unit]))
        for post in posts:
            post.appointments = None
        said = list(Statement.objects.around(unit=unit, post__in=posts))
        return self.told_of([*posts, *said], {"post": answers.post, "statement": answers.statement})

    def the_unit(self, slug):
        """Return the unit `slug`, and link to its page; raise the Problem where there is none."""
        unit = Unit.objects.named(self.edition, slug)
        if unit is None:
            raise self.missing(slug)
        self.link_page_of(unit)
        return unit

    @action(detail=True)
    @answered
    def ancestors(self, request, slug, **kwargs):
        """The units that a unit is in, the root first."""
        path = Unit.objects.with_ancestors(self.edition, slug)
        if not path:
            raise self.missing(slug)
        self.link_page_of(path[-1])
        # Each is the parent of the next: known already, so not read again.
        for parent, unit in pairwise(path):
            unit.parent = parent
        return self.told_list(self.tell_all(self.page_of(path[:-1])))

    @action(detail=True)
    @answered
    def children(self, request, slug, **kwargs):
        """The units directly below a unit, in order."""
        return self.told_part(self.everything().children_of(self.the_unit(slug)))

    @action(detail=True)
    @answered
    def descendants(self, request, slug, **kwargs):
        """All units below a unit, in the order of the chart."""
        return self.told_part(self.everything().below(self.the_unit(slug)))


class Posts(Facts):
    """The posts, unit by unit in the order of the chart, with who holds them where that may be told."""

    model, shape, filterset_class = Post, shapes.PostShape, filters.PostsAsked
    page, detail_page = "posts", "post"
    holds_names = True

    def everything(self):
        return Post.objects.for_list().listed(self.edition)

    def tell_all(self, rows):
        day = None if self.names_nobody else self.moment.people_on
        for post in Post.objects.with_holders(rows, day):
            post.appointments = post.appointments if day else None
        return super().tell_all(rows)

    def tell(self, post):
        return answers.post(post, self.links)

    def things_beside(self, post):
        return self.told_of(list(Statement.objects.around(post=post)), {"statement": answers.statement})


class Bodies(Facts):
    """The bodies outside the tree that the Office works with."""

    model, shape, filterset_class = Body, shapes.BodyShape, filters.BodiesAsked
    page, detail_page = "bodies", "body"

    def everything(self):
        return Body.objects.of(self.edition)

    def tell(self, body):
        return answers.body(body, self.links)

    def things_beside(self, body):
        return self.told_of(list(Statement.objects.around(body=body)), {"statement": answers.statement})


class Initiatives(Facts):
    """Programmes, networks, facilities, instruments, policies, deliverables and legal acts."""

    model, shape, filterset_class = Initiative, shapes.InitiativeShape, filters.InitiativesAsked
    page, detail_page = "initiatives", "initiative"

    def everything(self):
        return Initiative.objects.of(self.edition).for_display()

    def tell(self, initiative):
        return answers.initiative(initiative, self.links)


class LegalActs(Initiatives):
    """The initiatives that are legal acts."""

    filterset_class = filters.LegalActsAsked

    def everything(self):
        return super().everything().legal_acts()


class Statements(Facts):
    """All that is said of units, posts and bodies: tasks, whom they work with, how many staff they have."""

    model, shape, filterset_class = Statement, shapes.StatementShape, filters.StatementsAsked
    page = "tasks"

    def everything(self):
        return Statement.objects.listed(self.edition)

    def tell(self, statement):
        return answers.statement(statement, self.links)


class Tasks(Statements):
    """Who does what: the tasks of units, posts and bodies, and the part that they have in them."""

    shape, filterset_class = shapes.TaskShape, filters.TasksAsked

    def everything(self):
        return Statement.objects.listed_tasks(self.edition)


class Milestones(Facts):
    """What happened, is planned or due, in the order of time."""

    model, shape, filterset_class = Milestone, shapes.MilestoneShape, filters.MilestonesAsked
    page = "timeline"

    def everything(self):
        return Milestone.objects.of(self.edition).for_display()

    def tell(self, milestone):
        return answers.milestone(milestone, self.links)


class Sources(Facts):
    """The documents that the facts are taken from."""

    model, shape, filterset_class = Source, shapes.SourceShape, filters.SourcesAsked
    page, detail_page = "sources", "source"

    def everything(self):
        return Source.objects.of(self.edition).for_list()

    def tell(self, source):
        return answers.source(source, self.links)

    def things_beside(self, source):
        passages = Passage.objects.of_source(source).for_list()
        return [("passage", answers.passage(passage, self.links)) for passage in passages]


class Passages(Reading):
    """The sentences of a source that facts stand on, in their order, each in our words."""

    shape, page, graph_kind = shapes.PassageShape, "source", "passage"
    missing, model = Facts.missing, Source

    @answered
    def list(self, request, slug, **kwargs):
        source = Source.objects.named(self.edition, slug)
        if source is None:
            raise self.missing(slug)
        self.link_page(slug)
        passages = Passage.objects.of_source(source).for_list()
        batches = self.in_batches(passages, passages)
        return self.told_list(answers.passage(passage, self.links) for rows in batches for passage in rows)


class Search(Reading):
    """Who handles what: the units, posts, bodies, initiatives, dates and sources that answer a question.

    The best first, each with what it has to do with the question. What was meant may be written in other
    words, in other forms of them, or with a slip.
    """

    shape, page = shapes.FoundShape, "search"
    filterset_class, usual_length = filters.SearchAsked, 20
    holds_names = True
    names_nobody = False  # and hangs on the synonyms, which change without an edition

    @answered
    def list(self, request, **kwargs):
        asked, kind = self.filterset_class(request.GET, Unit.objects.none(), self.edition).found()
        part = slice(self.offset, self.offset + (self.limit or MOST_ANSWERS))
        shown = SHOWN_STATEMENTS if self.wants("statements") else 1  # for the reason
        day = None if self.is_table else self.moment.people_on
        is_cited = self.wants("citations") or self.wants("statements")
        try:
            found = search(self.edition, asked, kind, part, day, shown, passages=is_cited)
        except NotThereYetError as early:
            raise Problem("busy", str(early), headers={"Retry-After": str(early.again)}) from None
        self.link_parts(found.total)
        cited = {}
        if is_cited:
            cited = answers.citations((citation.in_short() for citation in found.citations), self.links)
        results = [answers.found(each, found, cited, self.links) for each in found.answers]
        return self.told_list(results) | {
            "counts": found.counts,
            "more": found.more,
            "people": [
                {"name": name, "post": self.links.to(post), "page": self.links.page_of(post)}
                for name, post in found.people
            ],
            "corrected": found.corrected,
            "unknown": found.unknown,
            "nearest": found.nearest,
        }


class People(Reading):
    """Who holds a post on a day, where an editor has published that; people are not part of editions."""

    shape, page = shapes.PersonShape, "people"
    moment_parameters = ["on", "known"]
    holds_names, has_table = True, False

    @answered
    def list(self, request, **kwargs):
        if self.moment.people_on is None:
            raise Problem("not-found", _("People are of a day, not of an edition: use “on”."))
        posts = Post.objects.of(self.edition)
        appointments = Appointment.objects.public(self.on).in_edition(posts)
        people = self.page_of(appointments.by_person())
        found = {each.post for person in people for each in person.found}
        by_slug = {post.slug: post for post in posts.of_slugs(found)}
        self.link_page()
        return self.told_list(
            answers.person(person)
            | {
                "appointments": [
                    {"post": self.links.to(by_slug[each.post]), **answers.term(each)} for each in person.found
                ]
            }
            for person in people
        )
