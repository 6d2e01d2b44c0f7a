"""The trees of editions: whether one is whole. Changing a draft's tree belongs here too, and nowhere else."""

from units.models import Unit

ENOUGH = 20


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
    rows = Unit.objects.of(edition).values_list(*columns).iterator(2_000)
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
    for _, right in reversed(branch):
        if right != expected:
            found.append(f"A right edge at the tree's end is {right}, not {expected}.")
        expected += 1
    return found[:ENOUGH]
