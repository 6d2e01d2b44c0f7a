"""What is read of an edition to be printed: its rows, tied together, with a constant number of queries."""

from collections import defaultdict

from units.footnotes import Footnotes
from units.models import Body, Citation, Initiative, Milestone, Passage, Post, Source, Statement, Unit
from units.printing.setting import TooMuchError

MOST_ROWS = 5_000  # of each kind besides units; a file with more takes too long


class Facts:
    """The rows of `edition` that have to do with `units`, which are printed, in tree order.

    `above` are the units above the first of them; `everything` says that what belongs to no unit is printed
    too. Every row that is tied to another has that one at hand. `is_complete` tells whether all units of the
    edition, `total`, are printed. Raises TooMuchError.
    """

    def __init__(self, edition, units, above, everything):
        self.edition, self.everything = edition, everything
        self.units = {unit.pk: unit for unit in units}
        self.top = units[0]
        self.total = Unit.objects.of(edition).count()
        self.is_complete = len(units) == self.total
        elsewhere = {unit.pk: unit for unit in Unit.objects.of(edition).about_which_something_is_said()}
        self.named = {unit.pk: unit for unit in above} | elsewhere | self.units
        self.bodies = self._read(Body.objects.of(edition))
        self.initiatives = self._read(Initiative.objects.of(edition))
        self.parts_of = defaultdict(list)
        for initiative in self.initiatives.values():
            initiative.part_of = self.initiatives.get(initiative.part_of_id)
            self.parts_of[initiative.part_of_id].append(initiative)
        self.sources, self.passages = self._read(Source.objects.of(edition)), {}
        for source in self.sources.values():
            source.republishes = self.sources.get(source.republishes_id)
        for key, passage in self._read(Passage.objects.of(edition)).items():
            passage.source = self.sources[passage.source_id]
            self.passages[key] = passage
        self._read_posts()
        self._read_statements()
        self._read_milestones()
        self._choose()
        self.footnotes = Footnotes(self._citations())

    def is_shown(self, kind, key):
        """Return whether what has that `kind` and `key` has a section of its own."""
        return (self.everything and kind != "unit") or (kind, key) in self._tied

    def initiatives_of(self, unit):
        """Return the initiatives that `unit` or a post in it has a part in, as the statements have them."""
        said = [*self.said["unit", unit.pk]]
        for post in self.posts[unit.pk]:
            said += self.said["post", post.pk]
        said.sort(key=lambda statement: (statement.position, statement.pk))
        found = {one.about_initiative_id: one.about_initiative for one in said if one.about_initiative}
        return list(found.values())

    def milestones_of(self, unit):
        """Return the milestones about `unit` and its initiatives, as a timeline has them."""
        found = self.milestones_about["unit", unit.pk][:]
        for initiative in self.initiatives_of(unit):
            found += self.milestones_about["initiative", initiative.pk]
        return sorted(found, key=lambda milestone: self._place_in_time[milestone.pk])

    def _read(self, rows):
        found = {row.pk: row for row in rows[: MOST_ROWS + 1]}
        if len(found) > MOST_ROWS:
            raise TooMuchError
        return found

    def _citations(self):
        facts = [*self.units.values(), *self.all_posts.values(), *self.statements.values()]
        facts += [*self.shown_bodies, *self.shown_initiatives, *self.shown_milestones]
        for citation in Citation.objects.of_facts([*facts, *self.sources.values()]).order_by(
            "position", "pk"
        ):
            citation.passage = self.passages[citation.passage_id]
            yield citation

    def _read_posts(self):
        self.posts = defaultdict(list)
        self.all_posts = self._read(Post.objects.in_units(self.units.values()))
        for post in self.all_posts.values():
            post.unit = self.units[post.unit_id]
            self.posts[post.unit_id].append(post)

    def _read_statements(self):
        """Sort the statements by their owners, and, in the order of owners, by what they are about."""
        self.said, self.about = defaultdict(list), defaultdict(list)
        self.statements = self._read(Statement.objects.said_of_any(self.units, self.all_posts, self.bodies))
        for statement in self.statements.values():
            owner = (
                self.units.get(statement.unit_id)
                or self.all_posts.get(statement.post_id)
                or self.bodies[statement.body_id]
            )
            setattr(statement, owner._meta.model_name, owner)
            statement.about_body = self.bodies.get(statement.about_body_id)
            statement.about_initiative = self.initiatives.get(statement.about_initiative_id)
            statement.about_unit = self.named.get(statement.about_unit_id)
            self.said[owner._meta.model_name, owner.pk].append(statement)
        for statement in sorted(self.statements.values(), key=_place_of_owner):
            for kind in ("body", "initiative", "unit"):
                if key := getattr(statement, f"about_{kind}_id"):
                    self.about[kind, key].append(statement)

    def _read_milestones(self):
        rows = self._read(Milestone.objects.of(self.edition))
        order = Milestone.objects.in_time(self.edition)
        self.milestones = [rows[key] for key in order]
        self._place_in_time = {key: place for place, key in enumerate(order)}
        self.milestones_about = defaultdict(list)
        for milestone in rows.values():
            milestone.anchor = rows.get(milestone.anchor_id)
            milestone.about_unit = self.named.get(milestone.about_unit_id)
            milestone.about_body = self.bodies.get(milestone.about_body_id)
            milestone.about_initiative = self.initiatives.get(milestone.about_initiative_id)
            if about := milestone.about:
                self.milestones_about[about._meta.model_name, about.pk].append(milestone)

    def _choose(self):
        """Choose what is printed besides the units: all, or what has to do with those that are."""
        self._tied = {("unit", key) for key in self.units}
        for (kind, _key), statements in self.said.items():
            if kind in ("unit", "post"):
                for statement in statements:
                    if statement.about:
                        self._tied.add((statement.about._meta.model_name, statement.about.pk))
        for (kind, key), statements in self.about.items():
            if kind == "unit" and key in self.units:
                self._tied |= {("body", statement.body_id) for statement in statements}
        self._tied = {(kind, key) for kind, key in self._tied if kind != "unit" or key in self.units}
        self.shown_bodies = [body for body in self.bodies.values() if self.is_shown("body", body.pk)]
        shown = [found for found in self.initiatives.values() if self.is_shown("initiative", found.pk)]
        self.shown_initiatives = shown
        self.shown_milestones = [
            milestone
            for milestone in self.milestones
            if self.everything
            or (milestone.about and self.is_shown(milestone.about._meta.model_name, milestone.about.pk))
        ]


def _place_of_owner(statement):
    """Return where the pages have a statement among those of several owners: in tree order, bodies last."""
    post = statement.post if statement.post_id else None
    unit = post.unit if post else statement.unit
    if unit is None:
        return 1, statement.body.position, 0, statement.position, statement.pk
    return 0, unit.lft, post.position + 1 if post else 0, statement.position, statement.pk
