"""What a chart shows of an edition: read with a constant number of queries, however large the tree is."""

from dataclasses import dataclass, field

from django.db.models import Count, Exists, OuterRef, Q, Window
from django.utils.translation import gettext as _

from units.chart.outline import Node
from units.chart.state import ALL, LEVELS, State
from units.models import Body, Edition, Post, Statement, Unit

AT_FIRST = 100  # boxes, where an address doesn't say how many levels are open
AT_MOST = 200
FOUND_AT_MOST = 40
BODIES_AT_MOST = 12
LINKS_AT_MOST = 100
ABOVE_AT_MOST = 6  # units above a branch; of a longer path its two ends
SMALL_AT_MOST, SMALL_ABOVE_AT_MOST = 12, 2  # of the small chart on a unit's page
LETTERS_AT_MOST = 20_000  # of names and slugs: what a page within 60 KB has room for
POSTS_AT_MOST = 6  # of a unit that lead it, and as many that advise it


class UnknownUnitError(Exception):
    """The edition has no unit of that slug."""


@dataclass
class Neighbour:
    """A body beside the tree, with what links it: (the unit's Node, the statement) each.

    `is_linked`: the edition links it with a unit, be that drawn or not.
    """

    body: Body
    links: list[tuple[Node, Statement]] = field(default_factory=list)
    is_linked: bool = True


@dataclass
class Chart:
    """What is drawn of an edition.

    `top` is the Node that is drawn first: that of `root`, the unit asked for, or a unit above it. `is_cut`
    says that more was asked for than is drawn at once. `found` are the Nodes that were searched for (where
    `more_found`, only the first), `not_drawn` the Units that are called so and have no room, and `gone` what
    only the compared edition has: (name, name of what it was part of). `more_bodies` and `more_gone` are how
    many of those are left out.
    """

    edition: Edition
    state: State
    top: Node
    root: Node
    bodies: list[Neighbour] = field(default_factory=list)
    more_bodies: int = 0
    is_cut: bool = False
    found: list[Node] = field(default_factory=list)
    more_found: bool = False
    not_drawn: list[Unit] = field(default_factory=list)
    compared: Edition | None = None
    gone: list[tuple[str, str]] = field(default_factory=list)
    more_gone: int = 0

    @property
    def nodes(self):
        """All Nodes in order: each before those below it."""
        return in_order(self.top)

    @property
    def is_whole(self):
        """Whether nothing of the chart is left out."""
        return not any(node.hidden for node in self.nodes)


def fold_of(state, node):
    """Return what the foot of a box leads to: what is "above", to "close" or to "open", and that State."""
    slug = node.unit.slug
    if node.is_above:
        return "above", state.focused(slug)
    if node.below and not (node.hidden and slug not in state.open):
        return "close", state.closed(slug, [below.unit.slug for below in in_order(node)[1:]])
    return "open", state.opened(slug)


def in_order(top):
    """Return `top` and the Nodes below it, each before those below it."""
    found, todo = [], [top]
    while todo:
        node = todo.pop()
        found.append(node)
        todo += reversed(node.below)
    return found


def chart_of(edition, state):
    """Return the Chart of `edition` that `state` asks for; raises UnknownUnitError. At most 7 queries."""
    path = Unit.objects.with_ancestors(edition, state.root) if state.root else []
    if state.root and not path:
        raise UnknownUnitError
    hits = _hits(edition, path[-1] if path else None, state.find)
    more_hits, hits = len(hits) > FOUND_AT_MOST, hits[:FOUND_AT_MOST]
    most = AT_MOST - min(max(len(path) - 1, 0), ABOVE_AT_MOST)
    units, is_cut = _units(edition, path[-1] if path else None, state, hits, most)
    keys = {hit.pk for hit in hits}
    root = grow(units, state.close, keys)
    for node in in_order(root):
        node.is_found = node.unit.pk in keys
    top = _put_below(path[:-1], root)
    nodes = in_order(top)
    add_posts(nodes, Post.objects.in_units([node.unit for node in nodes]))
    bodies, more = neighbours_of(edition, [node for node in nodes if not node.is_above], everything=not path)
    found = [node for node in nodes if node.is_found]
    drawn = {node.unit.pk for node in nodes}
    not_drawn = [hit for hit in hits if hit.pk not in drawn]
    return Chart(edition, state, top, root, bodies, more, is_cut, found, more_hits, not_drawn)


def branch_of(edition, path, below, posts):
    """Return a small Chart of the last unit of `path`, which its ancestors precede: no query.

    `below` are units directly below it, `posts` those of the unit itself.
    """
    root = grow([path[-1], *below[:SMALL_AT_MOST]])
    root.marks = [_("on this page")]
    add_posts([root], posts)
    return Chart(
        edition, State(root=root.unit.slug), _put_below(path[:-1][-SMALL_ABOVE_AT_MOST:], root), root
    )


def grow(units, closed=(), kept=()):
    """Return the Node of the first of `units`, with those below it: each stands behind its parent.

    What is below a unit whose slug is in `closed` is left out, but for the way to the units `kept` (keys).
    """
    by_key = {unit.pk: unit for unit in units}
    needed = set()
    for key in kept:
        while key in by_key and by_key[key].parent_id not in needed:
            key = by_key[key].parent_id
            needed.add(key)
    nodes = {units[0].pk: Node(units[0])}
    for unit in units[1:]:
        above = nodes.get(unit.parent_id)
        if above and (above.unit.slug not in closed or above.unit.pk in needed):
            nodes[unit.pk] = Node(unit)
            above.below.append(nodes[unit.pk])
    return nodes[units[0].pk]


def add_posts(nodes, posts):
    """Give each Node of `nodes` those of `posts` that are of its unit; of very many only the first."""
    by_key = {node.unit.pk: node for node in nodes}
    for post in posts:
        node = by_key[post.unit_id]
        those = node.leads if post.role == Post.Role.LEADS else node.advises
        if len(those) < POSTS_AT_MOST:
            those.append(post)
        else:
            node.more_posts += 1


def _put_below(path, root):
    """Return the topmost Node of `path`, the units above `root`, as a chain; a long one is shortened."""
    shown = path
    if len(path) > ABOVE_AT_MOST:
        shown = [path[0], *path[-ABOVE_AT_MOST + 1 :]]
    for unit in reversed(shown):
        root = Node(unit, below=[root], is_above=True)
        if unit is path[0]:
            root.skipped = len(path) - len(shown)
    return root


def _hits(edition, root, find):
    if not find:
        return []
    units = Unit.objects.inside(root) if root else Unit.objects.of(edition)
    return units.called(find.split(), FOUND_AT_MOST + 1)


def _units(edition, root, state, hits, most):
    """Return the units to draw in tree order, the root first, and whether more were asked for than `most`."""
    level = root.level if root else 0
    depth = LEVELS if state.depth in (None, ALL) else min(state.depth, LEVELS)
    branch = Unit.objects.inside(root) if root else Unit.objects.of(edition)
    rows = branch.filter(level__lte=level + depth).defer("aliases", "purpose", "replaces")
    upper = list(rows.level_by_level()[: most + 1])
    root = root or upper[0]
    opened = _opened(edition, root, state, hits)
    levels = _whole_levels(upper, AT_FIRST, level) if state.depth is None else upper
    wanted = {unit.pk: unit for unit in [root, *opened, *levels]}
    asked = {root.pk, *(unit.pk for unit in opened)} if state.depth is None else set(wanted)
    drawn, letters = [], 0
    for unit in list(wanted.values())[:most]:
        letters += len(unit.name) + len(unit.slug)
        if letters > LETTERS_AT_MOST:
            break
        drawn.append(unit)
    is_cut = not asked <= {unit.pk for unit in drawn}
    return sorted(drawn, key=lambda unit: unit.lft), is_cut


def _whole_levels(upper, most, level):
    """Return as many whole levels of `upper` as hold `most` units; the first two in any case."""
    if len(upper) <= most:
        return upper
    deepest = max(level + 1, upper[most].level - 1)
    return [unit for unit in upper[:most] if unit.level <= deepest]


def _opened(edition, root, state, hits):
    """Return what is below the units that `state` opens, and on the way to them and to `hits`.

    The way itself comes first, so that nothing is without what it is part of. One query, or none.
    """
    slugs = [*state.open, *(hit.slug for hit in hits)]
    if not slugs:
        return []
    table = Unit._meta.db_table
    marks, opened = ", ".join(["%s"] * len(slugs)), ", ".join(["%s"] * len(state.open)) or "''"
    sql = f"""
        WITH RECURSIVE up(id, parent_id) AS (
            SELECT id, parent_id FROM {table} WHERE edition_id = %s AND slug IN ({marks})
            UNION
            SELECT above.id, above.parent_id FROM {table} AS above JOIN up ON above.id = up.parent_id
        ), way(id) AS (
            SELECT parent_id FROM up WHERE parent_id IS NOT NULL
            UNION
            SELECT id FROM {table} WHERE edition_id = %s AND slug IN ({opened})
        )
        SELECT unit.* FROM {table} AS unit
        WHERE unit.parent_id IN (SELECT id FROM way)
            AND unit.lft > %s AND unit.rght < %s AND unit.level <= %s
        ORDER BY CASE WHEN unit.id IN (SELECT id FROM up) THEN 0 ELSE 1 END, unit.level, unit.lft
        LIMIT %s
    """  # noqa: S608 (the table's name comes from the model, all else are placeholders)
    asked = [edition.pk, *slugs, edition.pk, *state.open]
    return list(Unit.objects.raw(sql, [*asked, root.lft, root.rght, root.level + LEVELS, AT_MOST]))


def neighbours_of(edition, nodes, everything):
    """Return the Neighbours of `nodes`, and how many more bodies there are than are drawn.

    With `everything` also the bodies that no statement links with a unit.
    """
    by_key = {node.unit.pk: node for node in nodes}
    links = (
        Statement.objects.with_bodies(edition)
        .filter(Q(unit__in=by_key) | Q(post__unit__in=by_key) | Q(about_unit__in=by_key))
        .select_related("about_body", "body", "post")
        .order_by("position", "pk")
    )[:LINKS_AT_MOST]
    any_link = Exists(Statement.objects.with_units_of(OuterRef("pk")))
    rows = Body.objects.of(edition).annotate(is_linked=any_link, count=Window(Count("pk")))
    bodies = list(rows[: BODIES_AT_MOST + 1]) if everything else []
    found = {body.pk: Neighbour(body, is_linked=body.is_linked) for body in bodies}
    for statement in links:
        body = statement.about_body or statement.body
        key = statement.unit_id or statement.about_unit_id or statement.post.unit_id
        found.setdefault(body.pk, Neighbour(body)).links.append((by_key[key], statement))
    found = sorted(found.values(), key=lambda neighbour: neighbour.body.position)
    count = bodies[0].count if bodies else len(found)
    return found[:BODIES_AT_MOST], max(0, count - BODIES_AT_MOST)
