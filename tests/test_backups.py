"""Backups: taken while others write and after each publication, for their owner only, whole or not at all."""

import json
import resource
import stat
import threading
import time
from types import SimpleNamespace

import pytest
from django.contrib.auth import get_user_model
from django.core.management import CommandError, call_command
from django.db import connection, connections

from tests.conftest import FIRST_EDITION, LENGTH
from tests.editing import publication, start
from units import backups, drafts
from units.backups import postgresql
from units.backups.manifest import all_in, beside
from units.backups.restoring import at
from units.documents import publish
from units.models import Edition


def test_backups_are_for_their_owner_only_and_say_what_they_are(directory, backup):
    assert {stat.S_IMODE(file.stat().st_mode) for file in directory.iterdir()} == {0o600}
    assert len(list(directory.iterdir())) == 2
    manifest = json.loads(beside(backup).read_text())
    assert manifest["editions"] == {"2024-06-16.1": Edition.objects.get().sha256}
    assert manifest["size"] == backup.stat().st_size


def test_the_oldest_go_where_more_are_kept_than_wanted_and_nothing_else_goes(directory, settings):
    settings.BACKUP_DIR, settings.BACKUPS_KEPT = str(directory), 2
    (directory / "notes.json").write_text("{}")
    taken = [backups.take(directory) for _ in range(4)]
    assert all_in(directory) == [taken[3], taken[2]]
    assert len(list(directory.iterdir())) == 5
    assert backups.newest(directory) == taken[3]


def test_a_backup_taken_while_others_write_can_be_restored(directory):
    edition, name = Edition.objects.get(), connection.settings_dict["NAME"]
    stop, written, taken = threading.Event(), [], []

    def write():
        with at(name):
            while not stop.is_set():
                draft = drafts.start(edition)
                written.append(publish(draft).pk if len(written) % 2 else draft.pk)
        connections.close_all()

    writer = threading.Thread(target=write)
    writer.start()
    try:
        while writer.is_alive() and len(written) < 4 * LENGTH:
            taken.append(backups.take(directory))
    finally:
        stop.set()
        writer.join()
    counts = [backups.drill(file) for file in [*taken[:: len(taken) // 4 or 1], backups.take(directory)]]
    assert counts == sorted(counts)
    assert counts[-1] > 1


@pytest.fixture
def publisher(directory, settings, client):
    settings.BACKUP_DIR = str(directory)
    client.force_login(get_user_model().objects.get())
    return client


def publish_in_admin(client):
    """Publish a copy of the edition in force as its correction; return the page that follows."""
    draft = start(client)
    return publication(client, draft, note="Again")[0].content.decode()


def test_each_publication_is_backed_up_where_that_is_wanted(publisher, directory):
    assert "no backup" not in publish_in_admin(publisher)
    assert list(backups.read(backups.newest(directory)).editions) == ["2024-06-16.1", "2024-06-16.2"]
    call_command("load_edition", str(FIRST_EDITION))  # is there already
    assert len(all_in(directory)) == 1


@pytest.mark.parametrize("fault", ["no folder", "too slow", "a fault of ours"])
def test_a_backup_that_fails_is_told_and_logged_and_the_publication_stands(
    publisher, settings, monkeypatch, caplog, fault
):
    if fault == "no folder":
        settings.BACKUP_DIR = "/no/such/folder"
    elif fault == "too slow":
        monkeypatch.setattr("units.backups.taking.WITHIN_A_REQUEST", -1)
        monkeypatch.setattr("units.backups.sqlite.OFTEN", 1)
    else:
        monkeypatch.setattr("units.backups.taking.code_version", lambda: 1 / 0)
    page = publish_in_admin(publisher)
    assert "Published as edition 2024-06-16.2" in page
    assert "no backup of it was taken. Tell whoever runs this site" in page
    assert "No backup was taken" in caplog.text
    assert Edition.objects.published().count() == 2


def test_a_full_disk_is_told_and_nothing_is_left(directory):
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, hard))
    try:
        with pytest.raises(CommandError, match=r"not be written|pg_dump failed"):
            call_command("backup", str(directory))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert list(directory.iterdir()) == []


def test_a_clock_that_was_put_back_does_not_make_the_new_backup_go(directory, settings):
    settings.BACKUP_DIR, settings.BACKUPS_KEPT = str(directory), 1
    old = backups.take(directory)
    for file in (old, beside(old)):
        file.rename(directory / file.name.replace("directory-20", "directory-30"))
    assert backups.take(directory) in all_in(directory)


def test_a_backup_that_fails_leaves_nothing_half_written(directory, monkeypatch):
    monkeypatch.setattr("units.backups.taking.code_version", lambda: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        backups.take(directory)
    assert list(directory.iterdir()) == []


def test_no_list_of_processes_shows_the_password(tmp_path, monkeypatch):
    (tmp_path / "pg_dump").write_text(
        f'#!/bin/sh\necho "$0 $*" >{tmp_path}/args\nenv >{tmp_path}/environment\n'
    )
    (tmp_path / "pg_dump").chmod(0o700)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    told = {"host": "db.example", "dbname": "directory", "password": "made up", "sslmode": "verify-full"}
    postgresql._run(
        SimpleNamespace(get_connection_params=lambda: told), "pg_dump", "--x", until=time.monotonic() + 60
    )
    assert "made up" not in (tmp_path / "args").read_text()
    lines = (tmp_path / "environment").read_text().splitlines()
    assert {"PGPASSWORD=made up", "PGHOST=db.example", "PGSSLMODE=verify-full"} <= set(lines)
