"""What the printed directory says of an edition: its parts, sections and tables, as plain data.

It is read with a constant number of queries and says what the pages say, in their words and order. Names of
people are not part of an edition, so none is printed.
"""

from collections import defaultdict

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from units.footnotes import Footnotes
from units.models import Body, Citation, Initiative, Milestone, Passage, Post, Source, Statement, Unit
from units.models.editions import plain
from units.printing.letters import printable
from units.printing.parts import (
    aliases_of,
    away,
    certainty,
    details_of,
    here,
    joined,
    label_of,
    passage_where,
    quiet,
    source_facts,
)

LISTED_AT_MOST = 80  # sections of a part in the contents; the index has all
LONG = 1_200  # letters of a table that is not to be kept on one page


def table_of(head, rows):
    """Return the table with the columns `head`, or None where it has no rows."""
    if not rows:
        return None
    for row in rows:
        row["is_long"] = len(str(row)) > LONG
    return {"head": head, "rows": rows, "is_long": len(rows) > 6 or len(str(rows)) > LONG}


def list_in_contents(parts):
    """Mark the sections of `parts` that the contents list: of each part as many whole levels as have room."""
    for part in parts:
        depths = sorted(section["depth"] for section in part["sections"]) or [0]
        deepest = depths[LISTED_AT_MOST] - 1 if len(depths) > LISTED_AT_MOST else depths[-1]
        for section in part["sections"]:
            section["is_listed"] = section["depth"] <= deepest


class Content:
    """Everything that is printed of `edition` behind its chart.

    `units` are those that are printed, in tree order, and `above` those above the first of them; `everything`
    says that what belongs to no unit is printed too.
    """

    def __init__(self, edition, units, above, everything):
        self.edition, self.everything = edition, everything
        self.units = {unit.pk: unit for unit in units}
        self.top = units[0].level
        self.named = {unit.pk: unit for unit in above} | self._named_elsewhere() | self.units
        self.sources = {source.pk: source for source in Source.objects.of(edition)}
        for source in self.sources.values():
            source.republishes = self.sources.get(source.republishes_id)
        self.passages = {}
        for passage in Passage.objects.of(edition):
            passage.source = self.sources[passage.source_id]
            self.passages[passage.pk] = passage
        self.marked = []  # every part that holds marks: they are numbered anew at the end
        self.footnotes = Footnotes(self._citations())
        self.bodies = {body.pk: body for body in Body.objects.of(edition)}
        self.initiatives = {found.pk: found for found in Initiative.objects.of(edition)}
        self.posts, self.said = defaultdict(list), defaultdict(list)
        self._read_posts()
        self._read_statements()
        self._read_milestones()
        self._choose()

    def parts(self):
        """Return the parts of the directory that are not empty, with title, label, sections and tables."""
        found = [
            {
                "title": _("Directory by unit"),
                "label": "units",
                "lead": _("In the order of the chart: each unit before those that belong to it."),
                "sections": [self._unit(unit) for unit in self.units.values()],
            },
            {
                "title": _("Bodies beside the tree"),
                "label": "bodies",
                "lead": _("Organisations outside the chart, and who works with them."),
                "sections": [self._body(body) for body in self.shown_bodies],
            },
            {
                "title": _("Initiatives"),
                "label": "initiatives",
                "lead": _("Programmes, legal acts, deliverables and the like, and who has a part in them."),
                "sections": [self._initiative(initiative) for initiative in self.shown_initiatives],
            },
        ]
        dates = self._dates(self.shown_milestones, exactly=True)
        if dates:
            lead = _(
                "What happened, what was planned and what is due: each as exactly, and as surely, as its "
                "source puts it."
            )
            found.append(
                {"title": _("Dates"), "label": "dates", "lead": lead, "sections": [], "tables": [dates]}
            )
        found = [part for part in found if part["sections"] or part.get("tables")]
        found.append(self._sources())
        list_in_contents(found)
        return found

    def _named_elsewhere(self):
        """Return the units that a statement or milestone is about, by key, printed or not."""
        found = Unit.objects.of(self.edition).about_which_something_is_said()
        return {unit.pk: unit for unit in found}

    def index(self):
        """Return (name, label) of all that has a section, and of the posts, in the order of the alphabet."""
        facts = [*self.units.values(), *self.all_posts.values(), *self.shown_bodies, *self.shown_initiatives]
        facts.sort(key=lambda fact: (plain(fact.name), fact.slug))
        return [(printable(fact.name), label_of(fact)) for fact in facts]

    def _citations(self):
        for citation in Citation.objects.of(self.edition).order_by("position", "pk"):
            citation.passage = self.passages[citation.passage_id]
            yield citation

    def _read_posts(self):
        for post in Post.objects.of(self.edition).in_print():
            if post.unit_id in self.units:
                post.unit = self.units[post.unit_id]
                self.posts[post.unit_id].append(post)
        self.all_posts = {post.pk: post for posts in self.posts.values() for post in posts}

    def _read_statements(self):
        """Sort the statements by their owners and by what they are about, each tied to the rows at hand."""
        self.about = defaultdict(list)
        for statement in Statement.objects.of(self.edition):
            owner = (
                self.units.get(statement.unit_id)
                or self.all_posts.get(statement.post_id)
                or self.bodies.get(statement.body_id)
            )
            if owner is None:
                continue
            setattr(statement, owner._meta.model_name, owner)
            statement.about_body = self.bodies.get(statement.about_body_id)
            statement.about_initiative = self.initiatives.get(statement.about_initiative_id)
            statement.about_unit = self.named.get(statement.about_unit_id)
            self.said[owner._meta.model_name, owner.pk].append(statement)
            for kind in ("body", "initiative", "unit"):
                if key := getattr(statement, f"about_{kind}_id"):
                    self.about[kind, key].append(statement)

    def _read_milestones(self):
        order = Milestone.objects.in_time(self.edition)
        rows = {milestone.pk: milestone for milestone in Milestone.objects.filter(edition=self.edition)}
        self.milestones = [rows[key] for key in order]
        self.place_in_time = {key: place for place, key in enumerate(order)}
        self.milestones_about = defaultdict(list)
        for milestone in self.milestones:
            milestone.anchor = rows.get(milestone.anchor_id)
            milestone.about_unit = self.named.get(milestone.about_unit_id)
            milestone.about_body = self.bodies.get(milestone.about_body_id)
            milestone.about_initiative = self.initiatives.get(milestone.about_initiative_id)
            if about := milestone.about:
                self.milestones_about[about._meta.model_name, about.pk].append(milestone)

    def _choose(self):
        """Choose what is printed besides the units: all, or what has to do with those that are."""
        tied = {("unit", key) for key in self.units}
        for (kind, _key), statements in self.said.items():
            if kind in ("unit", "post"):
                for statement in statements:
                    if statement.about:
                        tied.add((statement.about._meta.model_name, statement.about.pk))
        for (kind, key), statements in self.about.items():
            if kind == "unit" and key in self.units:
                tied |= {("body", statement.body_id) for statement in statements}
        self.tied = tied
        self.shown_bodies = [body for body in self.bodies.values() if self._is_shown("body", body.pk)]
        shown = [found for found in self.initiatives.values() if self._is_shown("initiative", found.pk)]
        self.shown_initiatives = shown
        self.shown_milestones = [
            milestone
            for milestone in self.milestones
            if self.everything
            or (milestone.about and self._is_shown(milestone.about._meta.model_name, milestone.about.pk))
        ]
        for initiative in shown:
            part_of = self.initiatives.get(initiative.part_of_id)
            initiative.part_of = part_of

    def _is_shown(self, kind, key):
        return (self.everything and kind != "unit") or (kind, key) in self.tied

    def marks(self, fact, *fields):
        """Return the part with the source marks of `fact`, or of some fields of it."""
        part = ["marks", *(note.number for note in self.footnotes.of(fact, *fields))]
        self.marked.append(part)
        return part

    def address(self, kind, slug):
        return settings.SITE_URL + reverse(f"edition:{kind}", args=[self.edition.identifier, slug])

    def link(self, fact, text=""):
        """Return a link to the section of `fact` in this file; to its page where it has no section here."""
        kind = fact._meta.model_name
        if kind in ("post", "source") or self._is_shown(kind, fact.pk):
            return here(label_of(fact), text or fact.name)
        return away(self.address(kind, fact.slug), text or fact.name)

    def _section(self, fact, kind, depth, **more):
        return {
            "title": printable(fact.name),
            "label": label_of(fact),
            "kind": printable(kind),
            "depth": depth,
            "address": self.address(fact._meta.model_name, fact.slug),
            "is_listed": True,
            "passages": [],
            **more,
        }

    def _unit(self, unit):
        facts, said = [], self.said["unit", unit.pk]
        if above := self.named.get(unit.parent_id):
            facts.append((_("Part of"), [self.link(above), self.marks(unit, "place")]))
        facts.append((_("Also called"), aliases_of(unit, self.marks)))
        if unit.replaces:
            facts.append((_("Follows"), [joined(unit.replaces), self.marks(unit, "replaces")]))
        tables = [
            self._posts(unit),
            self._tasks([one for one in said if one.is_task and not one.is_relation]),
            self._tasks([one for one in said if one.is_relation], _("Whom it works with")),
            self._involved(unit),
            self._staff([one for one in said if one.is_staff]),
            self._dates(self._milestones_of(unit)),
        ]
        return self._section(
            unit,
            unit.get_kind_display(),
            unit.level - self.top + 1,
            marks=self.marks(unit, "name"),
            lead=[printable(unit.purpose), self.marks(unit, "purpose")] if unit.purpose else [],
            facts=[fact for fact in facts if fact[1]],
            tables=[table for table in tables if table],
            none="" if any(one.is_task for one in said) else _("The sources name no task of its own."),
        )

    def _posts(self, unit):
        rows = []
        for post in self.posts[unit.pk]:
            name = [printable(post.name), self.marks(post)]
            if post.certainty and post.certainty != "actual":
                name += [" ", certainty(post.get_certainty_display())]
            tasks = [
                {"line": self._task_line(statement), "details": details_of(statement)}
                for statement in self.said["post", post.pk]
            ]
            holder = [printable(post.get_holder_display())]
            rows.append(
                {
                    "label": label_of(post),
                    "first": post.get_role_display(),
                    "line": name,
                    "tasks": tasks,
                    "last": holder,
                }
            )
        return table_of([_("Part"), _("Posts"), _("Holder")], rows)

    def _task_line(self, statement):
        said = [printable(statement.text), self.marks(statement)]
        return [*said, " ", certainty(f"{statement.get_part_display()}, {statement.get_certainty_display()}")]

    def _tasks(self, statements, title=None, with_owner=False, hide_about=False):
        rows = []
        for statement in statements:
            line = [printable(statement.text), self.marks(statement)]
            if with_owner:
                line = [self.link(statement.owner), ": ", *line]
            rows.append(
                {
                    "first": statement.get_part_display(),
                    "line": line,
                    "details": details_of(statement, hide_about),
                    "last": [statement.get_certainty_display()],
                }
            )
        return table_of([_("Part"), title or _("What it does"), _("How sure")], rows)

    def _initiatives_of(self, unit):
        said = [*self.said["unit", unit.pk]]
        for post in self.posts[unit.pk]:
            said += self.said["post", post.pk]
        said.sort(key=lambda statement: (statement.position, statement.pk))
        return list(
            {one.about_initiative_id: one.about_initiative for one in said if one.about_initiative}.values()
        )

    def _involved(self, unit):
        rows = [
            {
                "first": initiative.get_kind_display(),
                "line": [self.link(initiative), self.marks(initiative, "name")],
                "last": [["page", label_of(initiative)]],
            }
            for initiative in self._initiatives_of(unit)
        ]
        return table_of([_("Kind"), _("Initiatives it has a part in"), _("Described on")], rows)

    def _staff(self, statements):
        rows = []
        for statement in statements:
            first, said = "", [printable(statement.text), self.marks(statement)]
            if statement.quantity is not None:
                comparator = statement.get_comparator_display() if statement.comparator != "exactly" else ""
                first = f"{comparator} {statement.quantity}".strip()
            details = details_of(statement)
            if statement.examples and statement.open:
                details.append((_("Open list"), [_("the source’s list is not complete")]))
            last = [statement.get_certainty_display()]
            rows.append({"first": first, "line": said, "details": details, "last": last})
        return table_of([_("Number"), _("Staff"), _("How sure")], rows)

    def _milestones_of(self, unit):
        found = self.milestones_about["unit", unit.pk][:]
        for initiative in self._initiatives_of(unit):
            found += self.milestones_about["initiative", initiative.pk]
        return sorted(found, key=lambda milestone: self.place_in_time[milestone.pk])

    def _dates(self, milestones, exactly=False):
        rows = []
        for milestone in milestones:
            line = [printable(milestone.text), self.marks(milestone)]
            details = []
            if milestone.anchor:
                details.append((_("Counted from"), [printable(milestone.anchor.text)]))
            if exactly and not milestone.anchor:
                details.append((_("Date"), [printable(milestone.exactness)]))
            elif {"year", "month"} & set(milestone.inferred):
                line += [" ", certainty(_("date inferred"))]
            if exactly and milestone.about:
                details.append((_("About"), [self.link(milestone.about)]))
            rows.append(
                {
                    "first": printable(milestone.when),
                    "line": line,
                    "details": details,
                    "last": [milestone.get_certainty_display()],
                }
            )
        return table_of([_("When"), _("Dates"), _("How sure")], rows)

    def _body(self, body):
        facts = [(_("Also called"), aliases_of(body, self.marks))]
        groups = body.composition.get("groups")
        if groups:
            said = [joined(groups)]
            if body.composition.get("open"):
                said.append(quiet(" " + _("and others")))
            facts.append((_("Who sits there"), [*said, self.marks(body, "composition")]))
        elif body.kind == "named":
            facts.append((_("Who sits there"), [_("not stated in the source")]))
        others = [one for one in self.about["body", body.pk] if not one.body_id]
        own = self.said["body", body.pk]
        tables = [
            self._tasks(own),
            self._tasks(others, _("Who works with it"), with_owner=True, hide_about=True),
            self._dates(self.milestones_about["body", body.pk]),
        ]
        return self._section(
            body,
            body.get_kind_display(),
            1,
            marks=self.marks(body, "name"),
            lead=[],
            facts=[fact for fact in facts if fact[1]],
            tables=[table for table in tables if table],
            none="" if own else _("The sources name no task of its own."),
        )

    def _initiative(self, initiative):
        facts = [(_("Also called"), aliases_of(initiative, self.marks))]
        if initiative.part_of:
            line = [self.link(initiative.part_of), self.marks(initiative, "part_of")]
            facts.append((_("Part of"), line))
        involved = self._tasks(
            self.about["initiative", initiative.pk], _("Who has a part in it"), True, hide_about=True
        )
        dates = self._dates(self.milestones_about["initiative", initiative.pk])
        return self._section(
            initiative,
            initiative.get_kind_display(),
            1,
            marks=self.marks(initiative, "name"),
            lead=[printable(initiative.description), self.marks(initiative, "description")]
            if initiative.description
            else [],
            facts=[fact for fact in facts if fact[1]],
            tables=[table for table in (involved, dates) if table],
            none="" if involved else _("The sources say of no unit that it has a part in it."),
        )

    def _sources(self):
        """Return the last part: the sources with the passages that marks name, numbered through."""
        facts = {}
        wanted = set(self.sources) if self.everything else set()
        while wanted := (wanted | {note.passage.source_id for note in self.footnotes.used()}) - facts.keys():
            facts |= {key: source_facts(self.sources[key], self.marks) for key in wanted}
        used = [note.passage for note in self.footnotes.used()]
        shown = list(self.passages.values()) if self.everything else used
        place = {key: order for order, key in enumerate(self.sources)}
        shown.sort(key=lambda passage: (place[passage.source_id], passage.number))
        number = {passage.pk: order for order, passage in enumerate(shown, 1)}
        by_mark = {note.number: number[note.passage.pk] for note in self.footnotes.used()}
        for part in self.marked:
            part[1:] = sorted({by_mark[mark] for mark in part[1:]})
        of_source = defaultdict(list)
        for passage in shown:
            of_source[passage.source_id].append(
                {
                    "number": number[passage.pk],
                    "says": printable(passage.says),
                    "ambiguity": printable(passage.ambiguity),
                    "where": passage_where(passage),
                    "is_long": len(passage.says) + len(passage.ambiguity) > LONG,
                }
            )
        sections = [
            {
                "title": printable(source.title),
                "label": label_of(source),
                "kind": _("source"),
                "depth": 1,
                "address": self.address("source", source.slug),
                "is_listed": True,
                "marks": ["marks"],
                "lead": [],
                "facts": facts[key],
                "tables": [],
                "none": "",
                "passages": of_source[key],
            }
            for key, source in self.sources.items()
            if key in facts
        ]
        lead = _(
            "The numbers in the text stand for these passages. They say in our words what a sentence says."
        )
        return {"title": _("Sources"), "label": "sources", "lead": lead, "sections": sections}
