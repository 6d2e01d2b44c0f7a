"""Files of editions: whoever asks for very many of them keeps no server from its readers."""

import threading
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace

import pytest

from units import exports

pytestmark = pytest.mark.any_database
EDITION = SimpleNamespace(identifier="2025-01-01.1", sha256="0" * 64)


@pytest.fixture
def asked(settings, tmp_path):
    """A function that lets `count` ask at once for a file each; making goes on until `refused` are refused.

    It returns how many got their file, and how many were told to come again.
    """
    settings.CACHE_DIR = tmp_path

    def at_once(count, refused):
        told, enough = [], threading.Event()

        def write(path):
            assert not refused or enough.wait(20)
            path.write_text("made")

        def ask(number):
            try:
                return exports.export(EDITION, f"file-{number}", write).size
            except exports.BusyError:
                told.append(number)
                if len(told) >= refused:
                    enough.set()

        with ThreadPoolExecutor(count) as pool:
            made = [size for size in pool.map(ask, range(count)) if size]
        return len(made), len(told)

    return at_once


def test_a_few_wait_while_one_file_is_made_and_all_others_are_told_at_once(asked):
    made, told = asked(8, refused=8 - 1 - exports.WAITING)
    assert 1 <= made <= 1 + exports.WAITING
    assert made + told == 8


def test_afterwards_there_is_room_again(asked):
    asked(8, refused=5)
    assert asked(exports.WAITING, refused=0) == (exports.WAITING, 0)
