"""The trees of editions: the only place that changes a draft's tree, and the test of whether a tree is whole.

Every change is one transaction: it takes the edition's lock first, reads what it needs anew, moves the edges
with one UPDATE, and looks at the branches it touched before it commits. mptt's own way of writing costs the
same, and corrupts a tree from a stale instance or from two writers at once; so it is not used.
"""

from contextlib import contextmanager
from itertools import takewhile

from django.db import connection, transaction
from django.db.models import Case, F, IntegerField, Q, RestrictedError, Value, When
from django.utils.translation import gettext as _

from units.models import Edition, PublishedEditionError, Unit
from units.models.history import described, one_entry, tell

ENOUGH = 20


class TreeError(Exception):
    """A change of the tree is refused; the message is one sentence for the editor. Nothing has changed."""


@contextmanager
def editing(edition):
    """Hold the lock of the draft `edition`, in a transaction, and give the Edition as it is now.

    The first statement is a write to the draft: on both databases every other editor waits here until the
    transaction has ended. All that happens inside is one entry of the history.
    Raises PublishedEditionError where it is published, TreeError where it is gone.
    """
    with transaction.atomic():
        if not Edition.objects.drafts().filter(pk=edition.pk).update(version=F("version") + 1):
            if Edition.objects.published().filter(pk=edition.pk).exists():
                raise PublishedEditionError
            raise TreeError(_("This draft has been discarded."))
        with one_entry(edition.pk):
            yield Edition.objects.get(pk=edition.pk)


def add(edition, below, values, position=None):
    """Add a unit to the draft `edition` and return it.

    `below` is the slug of the unit it becomes part of, `values` its own columns (slug, name, kind, …),
    `position` its place among those there, from 0; None puts it last. Raises TreeError.
    """
    with editing(edition) as draft:
        if Unit.objects.of(draft).filter(slug=values["slug"]).exists():
            raise TreeError(_("There is a unit “%(slug)s” already.") % {"slug": values["slug"]})
        parent = _unit(draft, below)
        at = _edge_at(parent, _children(parent), position)
        _of_tree(draft).filter(rght__gte=at).update(
            lft=_case(When(lft__gte=at, then=F("lft") + 2), default=F("lft")), rght=F("rght") + 2
        )
        unit = Unit(
            edition=draft,
            parent_id=parent.pk,
            **{"tree_id": draft.tree_id, "lft": at, "rght": at + 1, "level": parent.level + 1},
            **values,
        )
        [unit] = Unit._base_manager.bulk_create([unit])
        _look_at_branches(parent.pk)
        tell(draft.pk, "added", **described(unit), to=parent.slug)
        return unit


def change(edition, slug, values):
    """Set the columns `values` of a unit of the draft `edition`; never those of the tree."""
    with editing(edition) as draft:
        unit = _unit(draft, slug)
        new = values.get("slug", slug)
        if new != slug and Unit.objects.of(draft).filter(slug=new).exists():
            raise TreeError(_("There is a unit “%(slug)s” already.") % {"slug": new})
        forbidden = {"edition", "parent", "lft", "rght", "level", "tree_id"} & set(values)
        if forbidden:
            raise ValueError(f"{', '.join(sorted(forbidden))}: move() changes the place of a unit.")
        Unit.objects.filter(pk=unit.pk).update(**values)
        if fields := [name for name, value in values.items() if getattr(unit, name) != value]:
            tell(draft.pk, "changed", **described(unit) | {"slug": new}, fields=fields)


def move(edition, slug, below, position=None):
    """Make the unit `slug` of the draft `edition` part of the unit `below`, at `position` among those there.

    `position` counts from 0 among the other units there; None puts it last. Raises TreeError where the
    root is to move or a unit would come to lie below itself.
    """
    move_all(edition, [slug], below, position)


def move_all(edition, slugs, below, position=None):
    """Make the units `slugs` part of the unit `below`, one behind the other, as move() does with one.

    `position` counts among the units there that do not move. Neighbours that are in this order already move
    with one UPDATE, however many they are.
    """
    with editing(edition) as draft:
        todo, moving, last = list(slugs), set(slugs), None
        while todo:
            run, parent = _run(draft, todo), _unit(draft, below)
            _refuse_to_move(run, parent)
            if last is None:
                others = Unit.objects.children_of(parent).values_list("pk", "lft", "slug")
                at = _edge_at(parent, [child for child in others if child[2] not in moving], position)
            else:
                at = _unit(draft, last).rght + 1
            _move_run(draft, run, parent, at)
            last, todo = run[-1].slug, todo[len(run) :]


def _run(draft, slugs):
    """Return the first of the units `slugs` with its neighbours behind it that are in this order."""
    first = _unit(draft, slugs[0])
    if len(slugs) == 1 or first.parent_id is None:
        return [first]
    behind = Unit.objects.filter(parent=first.parent_id, lft__gt=first.lft).order_by("lft")
    pairs = zip(slugs[1:], behind[: len(slugs) - 1], strict=False)
    return [first, *(unit for _slug, unit in takewhile(lambda pair: pair[0] == pair[1].slug, pairs))]


def _refuse_to_move(run, parent):
    for unit in run:
        if unit.parent_id is None:
            raise TreeError(
                _("“%(name)s” is the root; an edition has one, and it stays.") % {"name": unit.name}
            )
        if unit.lft <= parent.lft and parent.rght <= unit.rght:
            raise TreeError(
                _("“%(name)s” can’t become part of itself or of what is below it.") % {"name": unit.name}
            )


def _move_run(draft, run, parent, at):
    """Move the neighbours `run` below `parent`, so that they begin where the edge `at` is now."""
    left, right, above = run[0].lft, run[-1].rght, run[0].parent_id
    if not left <= at <= right + 1:
        _shift(draft, left, right, at, parent.level + 1 - run[0].level)
    if above != parent.pk:
        width = right - left + 1
        now = at if at <= left else at - width
        inside = {"lft__gte": now, "rght__lt": now + width}
        Unit.objects.filter(edition=draft, parent=above, **inside).update(**{"parent": parent.pk})
    _look_at_branches(above, parent.pk)
    for unit in run:
        tell(draft.pk, "moved", **described(unit), to=parent.slug)


def remove(edition, slug, move_below_to=None):
    """Remove the unit `slug` from the draft `edition` with its posts, statements and citations.

    What is below it is removed too, or first becomes part of the unit `move_below_to` (a slug). Raises
    TreeError for the root, or where something that stays refers to what would go.
    """
    with editing(edition) as draft:
        unit = _unit(draft, slug)
        if unit.parent_id is None:
            raise TreeError(
                _("“%(name)s” is the root; an edition has one, and it stays.") % {"name": unit.name}
            )
        if move_below_to and unit.units_below:
            to = _unit(draft, move_below_to)
            if unit.lft <= to.lft and to.rght <= unit.rght:
                raise TreeError(_("What is below a unit that goes can only move to a unit that stays."))
            below = Unit.objects.children_of(unit).values_list("slug", flat=True)
            move_all(draft, list(below), move_below_to)
            unit = _unit(draft, slug)
        width = unit.rght - unit.lft + 1
        inside = _of_tree(draft).filter(lft__gte=unit.lft, rght__lte=unit.rght)
        try:
            # Children before parents, whatever their number: one statement that needs no order.
            inside.delete()
        except RestrictedError as error:
            raise TreeError(_still_referred_to(unit, error)) from None
        _of_tree(draft).filter(rght__gt=unit.rght).update(
            lft=_case(When(lft__gt=unit.rght, then=F("lft") - width), default=F("lft")),
            rght=F("rght") - width,
        )
        _look_at_branches(unit.parent_id)
        tell(draft.pk, "removed", **described(unit), below=unit.units_below)


def put_back(edition, below, units, position=None):
    """Put `units`, a branch that was removed from the draft `edition`, below the unit `below` (a slug).

    `units` are Units in the order of their tree with all their columns, as they were read before they went.
    Raises TreeError where one of their slugs is taken.
    """
    with editing(edition) as draft:
        slugs = [unit.slug for unit in units]
        if taken := Unit.objects.of(draft).filter(slug__in=slugs).first():
            raise TreeError(_("There is a unit “%(slug)s” already.") % {"slug": taken.slug})
        parent, top = _unit(draft, below), units[0]
        at = _edge_at(parent, _children(parent), position)
        width = top.rght - top.lft + 1
        _of_tree(draft).filter(rght__gte=at).update(
            lft=_case(When(lft__gte=at, then=F("lft") + width), default=F("lft")), rght=F("rght") + width
        )
        by, levels = at - top.lft, parent.level + 1 - top.level
        for unit in units:
            unit.lft, unit.rght, unit.level = unit.lft + by, unit.rght + by, unit.level + levels
        top.parent_id = parent.pk
        Unit._base_manager.bulk_create(units, batch_size=2_000)
        _look_at_branches(parent.pk, *(unit.pk for unit in units[:ENOUGH]))
        tell(draft.pk, "added", **described(top), to=parent.slug)


def _case(*whens, default):
    return Case(*whens, default=default, output_field=IntegerField())


def _of_tree(draft):
    return Unit._base_manager.filter(tree_id=draft.tree_id, edition=draft)


def _unit(draft, slug):
    """Return the unit as it is now, under the lock."""
    unit = Unit.objects.filter(edition=draft, slug=slug).first()
    if unit is None:
        raise TreeError(_("There is no unit “%(slug)s” in this draft.") % {"slug": slug})
    return unit


def _children(parent):
    """Return [(primary key, left edge), …] of the units directly below `parent`, in order."""
    return list(Unit.objects.children_of(parent).values_list("pk", "lft"))


def _edge_at(parent, children, position):
    """Return the left edge that a unit gets at `position` among `children`, before anything makes way."""
    if position is None or position >= len(children):
        return parent.rght
    if position < 0:
        raise TreeError(_("Positions count from 0."))
    return children[position][1]


def _shift(draft, left, right, at, levels):
    """Move the branch with the edges `left` to `right` so that it begins where the edge `at` is now.

    What lies between makes way. One UPDATE, and only of the rows whose edges change.
    """
    width = right - left + 1
    if at > right:
        between, way, distance = (right + 1, at - 1), -width, at - 1 - right
    else:
        between, way, distance = (at, left - 1), width, at - left

    def moved(edge):
        return _case(
            When(**{f"{edge}__range": (left, right)}, then=F(edge) + distance),
            When(**{f"{edge}__range": between}, then=F(edge) + way),
            default=F(edge),
        )

    whole = (min(left, between[0]), max(right, between[1]))
    _of_tree(draft).filter(Q(lft__range=whole) | Q(rght__range=whole)).update(
        lft=moved("lft"),
        rght=moved("rght"),
        level=_case(When(lft__range=(left, right), then=F("level") + Value(levels)), default=F("level")),
    )


def _look_at_branches(*parents):
    """Raise TreeError, which rolls back, unless the units below each of `parents` fill it without a gap."""
    table = Unit._meta.db_table
    places = ", ".join(["%s"] * len(parents))
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            SELECT COUNT(*) FROM (
                SELECT c.lft, c.rght, c.level, p.lft AS p_lft, p.rght AS p_rght, p.level AS p_level,
                    LAG(c.rght) OVER (PARTITION BY c.parent_id ORDER BY c.lft) AS previous,
                    LEAD(c.lft) OVER (PARTITION BY c.parent_id ORDER BY c.lft) AS following
                FROM {table} c JOIN {table} p ON p.id = c.parent_id AND p.tree_id = c.tree_id
                WHERE p.id IN ({places})
            ) AS branch
            WHERE lft <> COALESCE(previous, p_lft) + 1 OR rght <= lft OR level <> p_level + 1
                OR (following IS NULL AND rght <> p_rght - 1)
            """,  # noqa: S608 (the table's name comes from the model)
            parents,
        )
        if cursor.fetchone()[0]:
            raise TreeError(
                _("The tree of this draft is damaged here; nothing was changed. Run manage.py verify.")
            )


def _still_referred_to(unit, error):
    first = next(iter(error.restricted_objects))
    return _("“%(name)s” can’t be removed: it is what “%(other)s” is about.") % {
        "name": unit.name,
        "other": first,
    }


def problems(edition):
    """Return what is wrong with the edition's tree as sentences, at most the first 20; empty if it is whole.

    Independent of mptt: one walk over the rows in the order of their left edges, holding the open branch.
    A tree is whole when its edges number 1 to twice its size without gap, every unit lies inside its
    parent and one level below it, and there is one root.
    """
    found = []
    branch = []  # (primary key, right edge) of the units that are open, the root first
    expected = 1
    columns = ("pk", "parent_id", "tree_id", "lft", "rght", "level", "slug")
    # All that belong to the edition: of() would leave out what is numbered in another tree.
    rows = Unit.objects.filter(edition=edition).order_by("lft").values_list(*columns).iterator(2_000)
    for key, parent, tree, left, right, level, slug in rows:
        while branch and branch[-1][1] < left:
            if branch.pop()[1] != expected:
                found.append(f"The right edge of the unit before {slug} is not {expected}.")
            expected += 1
        above = branch[-1][0] if branch else None
        if left != expected:
            found.append(f"The left edge of {slug} is {left}, not {expected}.")
            expected = left
        if parent != above:
            found.append(f"{slug} lies inside another unit than its parent.")
        if level != len(branch):
            found.append(f"{slug} says level {level} and lies on level {len(branch)}.")
        if tree != edition.tree_id:
            found.append(f"{slug} is numbered in another edition's tree.")
        if len(found) >= ENOUGH:
            return found[:ENOUGH]
        branch.append((key, right))
        expected += 1
    if expected == 1:
        return ["There is no unit: an edition has a tree with one root."]
    for _key, right in reversed(branch):
        if right != expected:
            found.append(f"A right edge at the tree's end is {right}, not {expected}.")
        expected += 1
    return found[:ENOUGH]
