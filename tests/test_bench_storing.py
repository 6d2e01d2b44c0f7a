"""What one run of a benchmark stores leaves the figures of other runs as they are."""

import json

import pytest

from bench.storing import store

pytestmark = pytest.mark.any_database
MACHINE = {"cores": 2, "processor": "A processor", "python": "3.13", "load": 0.1}


def test_targets_of_editing_take_the_place_of_those_of_the_same_size_and_database_alone(tmp_path):
    (tmp_path / "speed.json").write_text('{"rows": [1]}')
    (tmp_path / "speed.md").write_text(
        "Before\n<!-- editing: written by python -m bench.drafts --store -->\n"
        "<!-- end of the editing -->\nAfter\n"
    )
    verdict = {"what": "publish: at most 10 s", "units": 10, "database": "SQLite", "is": "9 s", "met": True}
    store([verdict, verdict | {"what": "another"}], MACHINE, tmp_path)
    store([verdict | {"database": "PostgreSQL", "met": False}], MACHINE, tmp_path)
    store([verdict | {"is": "8 s"}], MACHINE, tmp_path)
    told = json.loads((tmp_path / "speed.json").read_text())
    assert told["rows"] == [1]
    assert [(each["database"], each["is"]) for each in told["editing"]["targets"]] == [
        ("SQLite", "8 s"),
        ("PostgreSQL", "9 s"),
    ]
    page = (tmp_path / "speed.md").read_text()
    assert page.startswith("Before\n")
    assert page.endswith("After\n")
    assert "| 10 | PostgreSQL | publish: at most 10 s | 9 s | **missed** |" in page
