"""Search over one edition: every word has to occur, in whatever case."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from units.models import Body, Initiative, Post, Statement, Unit

OF_EACH_KIND = 50


@dataclass(frozen=True)
class Group:
    """What was found of one kind: at most OF_EACH_KIND rows, and whether there is `more`."""

    title: str
    rows: list
    more: bool


def search(edition, words):
    """Return the Groups of what `edition` holds with every one of `words`; kinds without any are left out.

    Names and other names are searched, and of statements the text. Five queries.
    """
    found = [
        (_("Units"), Unit.objects.of(edition).called(words, OF_EACH_KIND + 1)),
        (_("Posts"), Post.objects.of(edition).for_list().called(words, OF_EACH_KIND + 1)),
        (_("Bodies"), Body.objects.of(edition).called(words, OF_EACH_KIND + 1)),
        (_("Initiatives"), Initiative.objects.of(edition).called(words, OF_EACH_KIND + 1)),
        (
            _("Tasks and other statements"),
            list(Statement.objects.of(edition).saying(words).for_tasks()[: OF_EACH_KIND + 1]),
        ),
    ]
    return [Group(title, rows[:OF_EACH_KIND], len(rows) > OF_EACH_KIND) for title, rows in found if rows]
