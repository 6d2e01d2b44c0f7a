"""The chart as nested nodes, for lists and for whatever draws them."""

from collections import defaultdict
from dataclasses import dataclass, field

from units.models import Post, Statement, Unit


@dataclass
class Node:
    """One unit of the chart with its posts, its tasks and the nodes below it.

    `hidden` is the number of units below that the chart doesn't show. Of a branch drawn by itself, the units
    above it have `is_above`, and `skipped` levels between this one and the next drawn. `is_found` says that
    it was searched for, `more_posts` how many of its posts are not shown, and `marks`, in words, how it
    differs from other editions.
    """

    unit: Unit
    leads: list[Post] = field(default_factory=list)
    advises: list[Post] = field(default_factory=list)
    tasks: list[Statement] = field(default_factory=list)
    below: list["Node"] = field(default_factory=list)
    is_above: bool = False
    skipped: int = 0
    is_found: bool = False
    more_posts: int = 0
    marks: list[str] = field(default_factory=list)

    @property
    def hidden(self):
        shown = sum(1 + node.unit.units_below for node in self.below)
        return self.unit.units_below - shown


def outline(units, posts, tasks):
    """Return the root Node of `units`, which are in tree order and hold whole levels.

    `posts` and `tasks` (Statements) are those of the units. Linear in their number. None where there is
    no unit.
    """
    posts_of, tasks_of = defaultdict(list), defaultdict(list)
    for post in posts:
        posts_of[post.unit_id].append(post)
    for task in tasks:
        tasks_of[task.unit_id].append(task)
    root, path = None, []
    for unit in units:
        own = posts_of[unit.pk]
        node = Node(
            unit,
            leads=[post for post in own if post.role == Post.Role.LEADS],
            advises=[post for post in own if post.role == Post.Role.ADVISES],
            tasks=tasks_of[unit.pk],
        )
        del path[unit.level :]
        if path:
            path[-1].below.append(node)
        else:
            root = node
        path.append(node)
    return root
