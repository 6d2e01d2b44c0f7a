"""Only trees.py and the documents' loader write the tree of units; the rest of the code is read to see."""

import ast
import re

import pytest

from tests.conftest import ROOT

# trees.py changes a draft's tree; the others make or replace a whole one, with its numbers computed anew.
MAY = {"units/trees.py", "units/documents/loading.py", "units/documents/copying.py"}
MAY |= {"units/documents/patching.py"}
TREE = {"parent", "parent_id", "lft", "rght", "level", "tree_id"}
WRITES = {"bulk_create", "bulk_update", "delete", "_raw_delete", "create", "save", "get_or_create"}
WRITES |= {"update_or_create"}
OF_MPTT = {
    *("move_to", "move_node", "insert_at", "insert_node", "rebuild", "partial_rebuild"),
    *("delay_mptt_updates", "disable_mptt_updates"),
}
UNITS = re.compile(r"\b(Unit|unit_set|units?|children|get_children|get_descendants)\b")


def offences(source):
    """Return what in `source` (Python) writes a tree of units, as [(line, what), …].

    What is called on an expression that speaks of units counts, and on a name that was given one.
    """
    tree = ast.parse(source)
    given = {
        target.id
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign) and UNITS.search(ast.unparse(node.value))
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and ast.unparse(node).startswith("insert(Unit"):
            found.append((node.lineno, "insert"))
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
            continue
        called, on = node.func.attr, node.func.value
        tree_columns = {keyword.arg for keyword in node.keywords} & TREE
        # `**{"parent": …}` is seen too.
        tree_columns |= {
            key.value
            for keyword in node.keywords
            if keyword.arg is None and isinstance(keyword.value, ast.Dict)
            for key in keyword.value.keys
            if isinstance(key, ast.Constant) and key.value in TREE
        }
        about_units = UNITS.search(ast.unparse(on)) or (isinstance(on, ast.Name) and on.id in given)
        if called == "update" and tree_columns:
            found.append((node.lineno, f"update({', '.join(sorted(tree_columns))}"))
        if called in OF_MPTT or (called in WRITES and about_units):
            found.append((node.lineno, called))
    return found


@pytest.mark.parametrize("file", sorted((ROOT / "units").rglob("*.py")), ids=lambda file: file.name)
def test_no_other_file_writes_a_tree(file):
    name = file.relative_to(ROOT).as_posix()
    if name not in MAY and "migrations" not in name:
        assert offences(file.read_text()) == []


@pytest.mark.parametrize(
    "code",
    [
        "Unit.objects.filter(pk=1).update(parent=None)",
        "rows.update(lft=1)",
        "Unit.objects.bulk_create(rows)",
        "insert(Unit, rows)",
        "Unit._base_manager.bulk_update(rows, ['name'])",
        "Unit.objects.filter(pk=1).delete()",
        "unit.delete()",
        "unit.save()",
        "Unit.objects.create(name='x')",
        "node.move_to(other)",
        "rows = Unit.objects.of(draft)\nrows.delete()",
        "edition.unit_set.filter(lft=1).delete()",
        "rows.update(**{'parent': other})",
    ],
)
def test_what_would_write_a_tree_is_noticed(code):
    assert offences(code)


def test_what_only_reads_is_left_alone():
    assert offences("Unit.objects.filter(parent=unit).order_by('lft'); values.update(name='x')") == []
