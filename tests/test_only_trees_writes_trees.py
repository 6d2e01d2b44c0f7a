"""Only trees.py and the documents' loader write the tree of units; the rest of the code is read to see."""

import ast

import pytest

from tests.conftest import ROOT

# trees.py changes a draft's tree; the others make or replace a whole one, with its numbers computed anew.
MAY = {"units/trees.py", "units/documents/loading.py", "units/documents/copying.py"}
TREE = {"parent", "parent_id", "lft", "rght", "level", "tree_id"}
BULK = {"bulk_create", "bulk_update"}
OF_MPTT = {
    "move_to",
    "move_node",
    "insert_at",
    "insert_node",
    "rebuild",
    "partial_rebuild",
    "delay_mptt_updates",
}


def offences(source):
    """Return what in `source` (Python) writes a tree of units, as (line, what)."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
            continue
        called, on = node.func.attr, ast.unparse(node.func.value)
        keywords = {keyword.arg for keyword in node.keywords}
        about_units = on.split(".")[0].split("(")[0] in ("Unit", "units", "unit")
        if called == "update" and keywords & TREE:
            found.append((node.lineno, f"update({', '.join(sorted(keywords & TREE))}"))
        if called in OF_MPTT or (
            called in BULK | {"delete", "create", "save", "get_or_create"} and about_units
        ):
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
        "Unit._base_manager.bulk_update(rows, ['name'])",
        "Unit.objects.filter(pk=1).delete()",
        "unit.delete()",
        "unit.save()",
        "Unit.objects.create(name='x')",
        "node.move_to(other)",
    ],
)
def test_what_would_write_a_tree_is_noticed(code):
    assert offences(code)


def test_what_only_reads_is_left_alone():
    assert offences("Unit.objects.filter(parent=unit).order_by('lft'); values.update(name='x')") == []
