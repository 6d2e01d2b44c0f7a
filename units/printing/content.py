"""What the printed directory says of an edition: its parts, sections and tables, as plain data.

It says what the pages say, in their words and order. Names of people are not part of an edition, so none is
printed.
"""

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from units.models.rows import plain
from units.printing.cited import sources_part
from units.printing.letters import printable
from units.printing.parts import (
    aliases_of,
    away,
    certainty,
    details_of,
    here,
    joined,
    label_of,
    quiet,
    table_of,
)

LISTED_AT_MOST = 80  # sections of a part in the contents; the index has all


def list_in_contents(parts):
    """Mark the sections of `parts` that the contents list: of each part as many whole levels as have room."""
    for part in parts:
        depths = sorted(section["depth"] for section in part["sections"]) or [0]
        deepest = depths[LISTED_AT_MOST] - 1 if len(depths) > LISTED_AT_MOST else depths[-1]
        for section in part["sections"]:
            section["is_listed"] = section["depth"] <= deepest


class Content:
    """Everything that is printed of the Facts `facts` behind their chart."""

    def __init__(self, facts):
        self.facts, self.edition = facts, facts.edition
        self.marked = []  # every part that holds marks: they are numbered anew at the end

    def parts(self):
        """Return the parts of the directory that are not empty, with title, label, sections and tables."""
        found = [
            {
                "title": _("Directory by unit"),
                "label": "units",
                "lead": _("In the order of the chart: each unit before those that belong to it."),
                "sections": [self._unit(unit) for unit in self.facts.units.values()],
            },
            {
                "title": _("Bodies beside the tree"),
                "label": "bodies",
                "lead": _("Organisations outside the chart, and who works with them."),
                "sections": [self._body(body) for body in self.facts.shown_bodies],
            },
            {
                "title": _("Initiatives"),
                "label": "initiatives",
                "lead": _("Programmes, legal acts, deliverables and the like, and who has a part in them."),
                "sections": [self._initiative(initiative) for initiative in self.facts.shown_initiatives],
            },
        ]
        dates = self._dates(self.facts.shown_milestones, exactly=True)
        if dates:
            lead = _(
                "What happened, what was planned and what is due. Each date is as exact and as certain as "
                "its source has it."
            )
            found.append(
                {"title": _("Dates"), "label": "dates", "lead": lead, "sections": [], "tables": [dates]}
            )
        found = [part for part in found if part["sections"] or part.get("tables")]
        found.append(sources_part(self))
        list_in_contents(found)
        return found

    def index(self):
        """Return (name, label) of all that has a section, and of the posts, in the order of the alphabet."""
        facts = [
            *self.facts.units.values(),
            *self.facts.all_posts.values(),
            *self.facts.shown_bodies,
            *self.facts.shown_initiatives,
        ]
        facts.sort(key=lambda fact: (plain(fact.name), fact.slug))
        return [(printable(fact.name), label_of(fact)) for fact in facts]

    def marks(self, fact, *fields):
        """Return the part with the source marks of `fact`, or of some fields of it."""
        part = ["marks", *(note.number for note in self.facts.footnotes.of(fact, *fields))]
        self.marked.append(part)
        return part

    def address(self, kind, slug):
        return settings.SITE_URL + reverse(f"edition:{kind}", args=[self.edition.identifier, slug])

    def link(self, fact, text=""):
        """Return a link to the section of `fact` in this file; to its page where it has no section here."""
        kind = fact._meta.model_name
        if kind in ("post", "source") or self.facts.is_shown(kind, fact.pk):
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
        facts, said = [], self.facts.said["unit", unit.pk]
        if above := self.facts.named.get(unit.parent_id):
            facts.append((_("Part of"), [self.link(above), self.marks(unit, "place", "date")]))
        facts.append((_("Also called"), aliases_of(unit, self.marks)))
        if unit.replaces:  # slugs: names would be those of other editions, and could change
            facts.append((_("Follows"), [joined(unit.replaces), self.marks(unit, "replaces")]))
        tables = [
            self._posts(unit),
            self._tasks([one for one in said if one.is_task and not one.is_relation]),
            self._tasks([one for one in said if one.is_relation], _("Whom it works with")),
            self._involved(unit),
            self._staff([one for one in said if one.is_staff]),
            self._dates(self.facts.milestones_of(unit)),
        ]
        return self._section(
            unit,
            unit.get_kind_display(),
            unit.level - self.facts.top.level + 1,
            marks=self.marks(unit, "name"),
            lead=[printable(unit.purpose), self.marks(unit, "purpose")] if unit.purpose else [],
            facts=[fact for fact in facts if fact[1]],
            tables=[table for table in tables if table],
            none="" if any(one.is_task for one in said) else _("The sources name no task of its own."),
        )

    def _posts(self, unit):
        rows = []
        for post in self.facts.posts[unit.pk]:
            name = [printable(post.name), self.marks(post)]
            if post.certainty and post.certainty != "actual":
                name += [" ", certainty(post.get_certainty_display())]
            tasks = [
                {"line": self._task_line(statement), "details": details_of(statement, self.link)}
                for statement in self.facts.said["post", post.pk]
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
                    "details": details_of(statement, self.link, hide_about),
                    "last": [statement.get_certainty_display()],
                }
            )
        return table_of([_("Part"), title or _("What it does"), _("How sure")], rows)

    def _involved(self, unit):
        rows = [
            {
                "first": initiative.get_kind_display(),
                "line": [self.link(initiative), self.marks(initiative, "name")],
                "last": [["page", label_of(initiative)]],
            }
            for initiative in self.facts.initiatives_of(unit)
        ]
        return table_of([_("Kind"), _("Initiatives it has a part in"), _("Described on")], rows)

    def _staff(self, statements):
        rows = []
        for statement in statements:
            first, said = "", [printable(statement.text), self.marks(statement)]
            if statement.quantity is not None:
                comparator = statement.get_comparator_display() if statement.comparator != "exactly" else ""
                first = f"{comparator} {statement.quantity}".strip()
            details = details_of(statement, self.link)
            if statement.examples and statement.open:
                details.append((_("Open list"), [_("the source’s list is not complete")]))
            last = [statement.get_certainty_display()]
            rows.append({"first": first, "line": said, "details": details, "last": last})
        return table_of([_("Number"), _("Staff"), _("How sure")], rows)

    def _dates(self, milestones, exactly=False):
        rows = []
        for milestone in milestones:
            line = [printable(milestone.text), self.marks(milestone)]
            details = []
            if milestone.anchor:
                details.append((_("Counted from"), [printable(milestone.anchor.text)]))
            if exactly and not milestone.anchor:
                details.append((_("Date"), [printable(milestone.exactness)]))
            if {"year", "month"} & set(milestone.inferred):
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
        others = [one for one in self.facts.about["body", body.pk] if one.body_id != body.pk]
        own = self.facts.said["body", body.pk]
        of_these = _("Who works with it, of the units printed here")
        title = _("Who works with it") if self.facts.is_complete else of_these
        tables = [
            self._tasks(own),
            self._tasks(others, title, with_owner=True, hide_about=True),
            self._dates(self.facts.milestones_about["body", body.pk]),
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
        if below := self.facts.parts_of[initiative.pk]:
            line = [part for one in below for part in (", ", self.link(one), self.marks(one, "part_of"))][1:]
            facts.append((_("What belongs to it"), line))
        of_these = _("Who has a part in it, of the units printed here")
        title = _("Who has a part in it") if self.facts.is_complete else of_these
        involved = self._tasks(self.facts.about["initiative", initiative.pk], title, True, hide_about=True)
        nobody = _("The sources say of no unit that it has a part in it.")
        dates = self._dates(self.facts.milestones_about["initiative", initiative.pk])
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
            none="" if involved or not self.facts.is_complete else nobody,
        )
