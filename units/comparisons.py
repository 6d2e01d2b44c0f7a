"""What changed between published editions: compared once, and the latest comparisons kept."""

import tempfile
from collections import OrderedDict
from pathlib import Path

from units.apart import apart_if_large
from units.diff import diff
from units.documents.form import without_collecting
from units.documents.sharing import Shared
from units.models import Edition

KEPT_AT_MOST = 20_000  # Changes that a process keeps, of all comparisons together

_kept = OrderedDict()  # {(hash before, hash after): [Change, …]}, those that were asked for longest ago first


def differences(pairs):
    """Return the Changes from the first to the second of each of `pairs` of published editions, as lists.

    At most one query, and never more than two documents at hand. Published documents never change, so the
    latest comparisons are kept.
    """
    pairs = list(pairs)
    hashes = [(before.sha256, after.sha256) for before, after in pairs]
    found = {pair: _kept.pop(pair) for pair in hashes if pair in _kept}
    new = {pair: editions for pair, editions in zip(hashes, pairs, strict=True) if pair not in found}
    found |= _compared(new) if new else {}
    _kept.update(found)
    while sum(map(len, _kept.values())) > KEPT_AT_MOST:
        _kept.popitem(last=False)
    return [found[pair] for pair in hashes]


def _compared(new):
    """Return {hashes: [Change, …]} for `new`, {hashes: (edition before, edition after)}."""
    needed = {edition.pk: edition for editions in new.values() for edition in editions}
    with tempfile.TemporaryDirectory() as folder:
        for key, raw in Edition.objects.documents(needed.values()):
            (Path(folder) / str(key)).write_bytes(raw)
        return {
            pair: apart_if_large(diff_of_files, *(f"{folder}/{edition.pk}" for edition in editions))
            for pair, editions in new.items()
        }


def diff_of_files(before, after):
    """Return the Changes between the documents in the files at these paths."""
    shared = Shared()
    with without_collecting():
        return diff(*(shared.read(Path(path).read_bytes()) for path in (before, after)))
