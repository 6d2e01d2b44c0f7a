"""Work on large documents in a process of its own gives the same as in this one, and says what went wrong."""

import json
from itertools import pairwise

import pytest

from bench.institutions import institution
from units import apart, comparisons
from units.diff import diff
from units.documents import load, publish


@pytest.fixture
def everything_is_large(monkeypatch):
    monkeypatch.setattr(apart, "LARGE", 0)


def test_documents_compared_apart_differ_as_they_do_here(tmp_path, everything_is_large):
    before, after = institution(9), institution(12)
    for name, document in [("before", before), ("after", after)]:
        (tmp_path / name).write_text(json.dumps(document))
    found = apart.apart_if_large(comparisons.diff_of_files, tmp_path / "before", tmp_path / "after")
    assert found == diff(before, after)


def test_what_fails_apart_is_told_here(tmp_path, everything_is_large):
    (tmp_path / "broken").write_text("[")
    with pytest.raises(RuntimeError, match="JSONDecodeError"):
        apart.apart_if_large(comparisons.diff_of_files, tmp_path / "broken", tmp_path / "broken")


def test_only_so_many_changes_are_kept(db, monkeypatch):
    monkeypatch.setattr(comparisons, "KEPT_AT_MOST", 5)
    editions = [publish(load(institution(size))) for size in (2, 3, 8)]
    few, many = comparisons.differences(pairwise(editions))
    assert len(few) <= 5 < len(many)
    assert many not in comparisons._kept.values()
