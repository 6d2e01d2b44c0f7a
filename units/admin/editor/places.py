"""Where a unit stands among its neighbours, and whether it still stands where a page showed it."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from units.models import Unit
from units.trees import TreeError

NONE = "-"  # no slug is a hyphen alone


@dataclass(frozen=True)
class Place:
    """The slugs of what a unit is part of and of its neighbours, in order, itself among them."""

    slug: str
    parent: str | None
    parent_name: str
    order: tuple

    @property
    def index(self):
        return self.order.index(self.slug)

    @property
    def before(self):
        return self.order[self.index - 1] if self.index else None

    @property
    def after(self):
        return self.order[self.index + 1] if self.index + 1 < len(self.order) else None

    @property
    def seen(self):
        """What a form sends along of it: the slugs of the parent and of both neighbours."""
        return " ".join(slug or NONE for slug in (self.parent, self.before, self.after))

    @property
    def said(self):
        """“position 2 of 5 below European AI Office”."""
        return _("position %(number)s of %(count)s below %(name)s") % {
            **{"number": self.index + 1, "count": len(self.order), "name": self.parent_name},
        }


def place_of(unit):
    """Return the Place of `unit`, in one query: a page is read while others move units."""
    if unit.parent_id is None:
        return Place(unit.slug, None, "", (unit.slug,))
    neighbours = Unit.objects.filter(parent__children=unit.pk).order_by("lft")
    rows = list(neighbours.values_list("slug", "parent__slug", "parent__name"))
    if not rows:  # it went just now
        return Place(unit.slug, unit.parent.slug, unit.parent.name, (unit.slug,))
    return Place(unit.slug, *rows[0][1:], tuple(slug for slug, *_parent in rows))


def refuse_if_elsewhere(unit, place, seen):
    """Raise TreeError unless `unit` at `place` is where a page showed it, which sent `seen`.

    It has to be below the same unit, and not on the other side of one of its neighbours. What came between
    them, or went, is no matter: that is somebody else's change of something else.
    """
    parent, before, after = (seen.split(" ") + [NONE] * 3)[:3]
    order = place.order
    elsewhere = (
        parent != (place.parent or NONE)
        or (before in order and order.index(before) > place.index)
        or (after in order and order.index(after) < place.index)
    )
    if elsewhere:
        raise TreeError(
            _(
                "“%(name)s” is not any more where this page showed it: somebody has moved it to %(place)s. "
                "Nothing was changed; look at it, then decide again."
            )
            % {"name": unit.name, "place": place.said}
        )
