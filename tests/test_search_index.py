"""The index of an edition can be lost, broken or half-written at any time, and no reader notices."""

import fcntl
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from datetime import date
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from tests.conftest import ROOT
from tests.reading import published
from units import apart
from units.documents import load
from units.drafts import publish_on
from units.models import Appointment, Edition, Person, PostPublicity
from units.search import NotThereYetError, index, making, search
from units.search.entries import WEIGHT
from units.verify import verify


@pytest.fixture(autouse=True)
def empty_cache(settings, tmp_path):
    settings.CACHE_DIR = tmp_path / "cache"
    index.forget()
    yield
    index.forget()


def folder_of(edition):
    return Path(settings.CACHE_DIR) / f"search-{index.VERSION}" / edition.sha256


def finds(edition):
    index.forget()
    return [answer.fact.slug for answer in search(edition, "systemic risks").answers][:1] == ["ai-safety"]


def test_it_is_made_when_it_is_first_needed_and_read_after_that(office):
    assert not folder_of(office.edition).exists()
    assert finds(office.edition)
    made = {path: path.stat().st_mtime_ns for path in folder_of(office.edition).iterdir()}
    assert finds(office.edition)
    assert {path: path.stat().st_mtime_ns for path in folder_of(office.edition).iterdir()} == made


def emptied(path):
    path.write_bytes(b"")


def garbled(path):
    path.write_bytes(b"x" * 999)


def test_whatever_happens_to_its_files_it_is_made_anew(office):
    assert finds(office.edition)
    for place in range(len(list(folder_of(office.edition).iterdir()))):
        for spoil in (Path.unlink, emptied, garbled):
            file = sorted(folder_of(office.edition).iterdir())[place]
            spoil(file)
            assert finds(office.edition), file.name
    (folder_of(office.edition) / "checksums.json").write_text("[]")
    assert finds(office.edition)


def test_an_open_index_outlives_its_files(office):
    assert finds(office.edition)
    for path in folder_of(office.edition).iterdir():
        path.write_bytes(b"")
    shutil.rmtree(settings.CACHE_DIR)
    assert search(office.edition, "fines or sanctions").answers


def test_where_nothing_can_be_written_it_stays_in_memory(office, settings, tmp_path):
    settings.CACHE_DIR = tmp_path / "a-file" / "cache"
    (tmp_path / "a-file").write_text("")
    assert finds(office.edition)


def test_what_others_have_left_is_thrown_away(office):
    old = Path(settings.CACHE_DIR) / "search-0" / "old"
    dead = Path(settings.CACHE_DIR) / f"search-{index.VERSION}" / ".new-dead"
    for folder in (old, dead):
        folder.mkdir(parents=True)
    os.utime(dead, (0, 0))
    assert finds(office.edition)
    assert not old.exists()
    assert not dead.exists()


def test_verify_compares_it_with_the_edition(office, monkeypatch):
    assert finds(office.edition)
    assert list(verify(connection)) == []
    monkeypatch.setattr("units.search.entries.WEIGHT", WEIGHT | {"source": 9.0})
    [(identifier, problem)] = verify(connection)
    assert identifier == office.edition.identifier
    assert problem.startswith("Its search index holds something else than the edition")
    emptied(folder_of(office.edition) / "meta.json")
    [(_identifier, problem)] = verify(connection)
    assert "is broken and will be made anew: meta.json has changed" in problem


def test_only_what_is_in_the_document_is_in_it(office):
    person = Person.objects.create(name="Zebedee Quillfeather")
    Appointment.objects.create(person=person, post=office.head.slug, source="A source")
    PostPublicity.objects.create(post=office.head.slug, reason="It heads the Office")
    assert finds(office.edition)
    text = Edition.objects.document_bytes(office.edition).decode().casefold()
    words = {word for of_a_length in index.index_of(office.edition).words.values() for word in of_a_length}
    assert "quillfeather" not in words
    assert len([word for word in words if word in text]) > 400


def test_an_index_of_another_edition_in_its_place_is_made_anew(office, small_document):
    other = published(small_document)
    search(other, "rain")
    shutil.copytree(folder_of(other), folder_of(office.edition))
    assert finds(office.edition)


def test_nothing_but_older_versions_of_ours_is_thrown_away(office):
    kept = [Path(settings.CACHE_DIR) / name for name in ("search-engine", "search-99", "other")]
    for folder in kept:
        folder.mkdir(parents=True)
    assert finds(office.edition)
    assert all(folder.exists() for folder in kept)
    assert folder_of(office.edition).stat().st_mode & 0o777 == 0o755


def test_it_is_there_as_soon_as_an_edition_is_published(
    db, small_document, django_capture_on_commit_callbacks
):
    draft = load(small_document)
    with django_capture_on_commit_callbacks(execute=True):
        edition = publish_on(draft, date(2025, 1, 1), title=draft.title, note="")
    assert folder_of(edition).exists()


def test_no_trouble_with_it_undoes_a_publication(office, monkeypatch):
    monkeypatch.setattr(index, "_found_or_made", lambda edition, is_patient: 1 / 0)
    index.make_ready(office.edition)
    assert Edition.objects.get(pk=office.edition.pk).is_published


MAKE = """
import django; django.setup()
from units.models import Edition
from units.search import search
print([answer.fact.slug for answer in search(Edition.objects.published().get(), "rain").answers])
"""


def test_several_processes_make_it_at_once(tmp_path, small_document):
    (tmp_path / "document.json").write_text(json.dumps(small_document))
    environment = os.environ | {
        "DATABASE_URL": f"sqlite:///{tmp_path}/db.sqlite3",
        "CACHE_DIR": str(tmp_path / "shared"),
        "DJANGO_SETTINGS_MODULE": "aioffice.settings",
    }
    for command in (["migrate", "-v0"], ["load_edition", str(tmp_path / "document.json")]):
        subprocess.run([sys.executable, "manage.py", *command], cwd=ROOT, env=environment, check=True)
    shutil.rmtree(tmp_path / "shared")
    command = [sys.executable, "-c", MAKE]
    makers = [
        subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True)
        for _ in range(4)
    ]
    assert {maker.communicate()[0] for maker in makers} == {"['rain-year', 'left', 'rain-report']\n"}
    [made] = (tmp_path / "shared" / f"search-{index.VERSION}").iterdir()
    assert (made / "checksums.json").exists()


@pytest.fixture
def every_edition_is_large(monkeypatch):
    monkeypatch.setattr(apart, "LARGE", 0)


def until_found(edition, asked="systemic risks"):
    """Ask until the index is there; return the slug of the first answer."""
    for _ in range(1200):
        try:
            return search(edition, asked).answers[0].fact.slug
        except NotThereYetError:
            time.sleep(0.1)
    return None


def test_nobody_waits_for_the_index_of_a_large_edition_and_one_process_makes_it(
    office, every_edition_is_large, monkeypatch
):
    begun = []
    monkeypatch.setattr(
        making, "begin_apart", lambda *work, held: begun.append((work, os.dup(held.fileno())))
    )
    for _ in range(3):
        with pytest.raises(NotThereYetError):
            search(office.edition, "systemic risks")
    [((make, *paths), lock)] = begun
    make(*paths)
    os.close(lock)
    assert until_found(office.edition) == "ai-safety"


def test_a_process_that_dies_is_followed_by_another_but_not_at_once(
    office, every_edition_is_large, monkeypatch
):
    begun = []
    monkeypatch.setattr(making, "begin_apart", lambda *work, held: begun.append(work))  # dies at once
    for _ in range(3):
        index.make_ready(office.edition)
    assert len(begun) == 1
    monkeypatch.setattr(making, "TRY_AGAIN", 0)
    index.make_ready(office.edition)
    assert len(begun) == 2


def test_a_process_of_its_own_makes_it_while_the_site_goes_on(office, client, every_edition_is_large):
    page = client.get("/search/?q=safety")
    assert page.headers["Cache-Control"] == "no-store"
    assert "not ready yet" in (text := page.content.decode())
    assert "/units/ai-safety/" in text
    assert "No name has every word" in client.get("/search/?q=systemic+fines").content.decode()
    refused = client.get("/api/v1/search/?q=safety")
    assert (refused.status_code, refused.headers["Retry-After"]) == (503, "15")
    assert until_found(office.edition) == "ai-safety"
    assert "not ready yet" not in client.get("/search/?q=safety").content.decode()
    assert client.get("/api/v1/search/?q=safety").status_code == 200


def test_a_large_one_is_made_elsewhere_where_nothing_can_be_written(
    office, settings, tmp_path, every_edition_is_large
):
    settings.CACHE_DIR = tmp_path / "a-file" / "cache"
    (tmp_path / "a-file").write_text("")
    assert index.index_of(office.edition, is_patient=True).searcher.num_docs > 50
    assert finds(office.edition)


def test_where_there_is_no_place_at_all_for_a_large_one_it_is_not_there_yet(
    office, settings, tmp_path, monkeypatch, every_edition_is_large
):
    def full(**which):
        raise OSError(28, "No space left on device")

    settings.CACHE_DIR = tmp_path / "a-file" / "cache"
    (tmp_path / "a-file").write_text("")
    index._own_folder.cache_clear()
    monkeypatch.setattr(tempfile, "mkdtemp", full)
    with pytest.raises(NotThereYetError):
        search(office.edition, "sandboxes")


def test_what_fails_in_a_process_of_its_own_is_logged(tmp_path, caplog):
    with (tmp_path / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        apart.begin_apart(Path, 1, held=lock)
    with (tmp_path / "lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # it is that process's until its end
    for _ in range(300):
        if caplog.text:
            break
        time.sleep(0.1)
    assert "TypeError" in caplog.text
