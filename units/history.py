"""What became of a unit from edition to edition."""

from dataclasses import dataclass, field
from itertools import pairwise

from units.models import Statement, Unit


@dataclass
class Chapter:
    """What one edition says of a unit, and what that changed.

    `before` is the Edition that it followed, None for the first. `name` is None where the edition lacks
    the unit. `tasks` is {slug: (part, text)}.
    """

    edition: object
    before: object = None
    name: str | None = None
    parent: str | None = None
    parent_slug: str | None = None
    tasks: dict = field(default_factory=dict)
    began: bool = False
    ended: bool = False
    renamed: bool = False
    moved: bool = False
    added: list = field(default_factory=list)
    removed: list = field(default_factory=list)
    changed: list = field(default_factory=list)

    @property
    def differs(self):
        """Whether this edition says anything else of the unit than the one before."""
        return any([self.began, self.ended, self.renamed, self.moved, self.added, self.removed, self.changed])


def history_of(unit, editions):
    """Return the Chapters of `unit` over `editions` (published, oldest first), the latest first. One query.

    An edition that changed nothing has none. `unit.follows` gets {slug: (name, the last edition that has
    it)} of the units it follows; the slug itself and None where no edition has it.
    """
    chapters = {edition.pk: Chapter(edition) for edition in editions}
    unit.follows = {slug: (slug, None) for slug in unit.replaces}
    for row in Unit.objects.through_editions([unit.slug, *unit.replaces], editions):
        chapter = chapters[row["edition_id"]]
        if row["slug"] != unit.slug:
            _keep_the_last(unit.follows, row["slug"], row["name"], chapter.edition)
            continue
        chapter.name, chapter.parent, chapter.parent_slug = (
            row["name"],
            row["parent__name"],
            row["parent__slug"],
        )
        if row["statements__part"] in Statement.TASK_PARTS:
            chapter.tasks[row["statements__slug"]] = row["statements__part"], row["statements__text"]
    told = list(chapters.values())
    for before, after in pairwise([Chapter(None), *told]):
        _compare(before, after)
    return [chapter for chapter in reversed(told) if chapter.differs]


def _keep_the_last(follows, slug, name, edition):
    known = follows[slug][1]
    if known is None or edition.effective_on > known.effective_on:
        follows[slug] = name, edition


def _compare(before, after):
    after.before = before.edition
    after.began = before.name is None and after.name is not None
    after.ended = before.name is not None and after.name is None
    if before.name is None or after.name is None:
        return
    after.renamed = before.name != after.name
    after.moved = before.parent_slug != after.parent_slug
    after.added = [text for slug, (_, text) in after.tasks.items() if slug not in before.tasks]
    after.removed = [text for slug, (_, text) in before.tasks.items() if slug not in after.tasks]
    after.changed = [
        text
        for slug, (part, text) in after.tasks.items()
        if before.tasks.get(slug, (part, text)) != (part, text)
    ]
