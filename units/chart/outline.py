"""The chart as nested nodes, for lists and for whatever draws them."""

from collections import defaultdict
from dataclasses import dataclass, field

from units.models import Post, Unit


@dataclass
class Node:
    """One unit of the chart with its posts and the nodes below it.

    `hidden` is the number of units below that the chart doesn't show.
    """

    unit: Unit
    leads: list[Post] = field(default_factory=list)
    advises: list[Post] = field(default_factory=list)
    below: list["Node"] = field(default_factory=list)

    @property
    def hidden(self):
        return 0 if self.below else self.unit.units_below


def outline(units, posts):
    """Return the root Node of `units`, which are in tree order and hold whole levels, with their `posts`.

    Linear in their number. None where there is no unit.
    """
    by_unit = defaultdict(list)
    for post in posts:
        by_unit[post.unit_id].append(post)
    root, path = None, []
    for unit in units:
        own = by_unit[unit.pk]
        node = Node(
            unit,
            leads=[post for post in own if post.role == Post.Role.LEADS],
            advises=[post for post in own if post.role == Post.Role.ADVISES],
        )
        del path[unit.level :]
        if path:
            path[-1].below.append(node)
        else:
            root = node
        path.append(node)
    return root
