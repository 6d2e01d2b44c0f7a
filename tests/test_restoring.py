"""Backups are restored whole or not at all, proven by their hashes, and without those erased since."""

import contextlib
import os
import random
import subprocess
import sys
from pathlib import Path

import pytest
from django.contrib.auth import get_user_model
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection

from tests.conftest import LENGTH, ROOT
from tests.databases import ON_POSTGRESQL, maintenance, make_database
from units import backups, drafts
from units.backups import BackupError
from units.backups.manifest import beside
from units.backups.restoring import at
from units.erasure import erase
from units.models import Edition, History, Person, Unit
from units.verify import verify


def damage(file, place):
    """Turn one bit of the byte at `place`."""
    raw = bytearray(file.read_bytes())
    raw[place] ^= 1
    file.write_bytes(raw)


def everything():
    """Return what is in the database that a restored one has to have too."""
    rows = {
        model: list(model.objects.order_by("pk").values_list()) for model in (Edition, Unit, Person, History)
    }
    return {name: [tuple(map(str, row)) for row in found] for name, found in rows.items()}


def test_what_was_backed_up_comes_back_as_it_was_with_its_guard(directory, backup):
    before = everything()
    Person.objects.update(name="Another")
    draft = drafts.start(Edition.objects.get())
    done = backups.restore(backup, replace=True)
    assert everything() == before
    assert (done.editions, done.erased, list(verify(connection))) == (1, [], [])
    with pytest.raises(DatabaseError, match="A published edition never changes"):
        Unit._base_manager.update(name="Another")
    assert not Edition.objects.filter(pk=draft.pk).exists()


def test_what_was_replaced_is_kept_and_can_be_gone_back_to(directory, backup):
    Person.objects.update(name="Later")
    done = backups.restore(backup, replace=True)
    kept = done.kept.removeprefix("database ")
    with at(kept):
        assert Person.objects.get().name == "Later"
    assert Person.objects.get().name == "Ada Example"


def test_a_database_that_holds_something_is_only_replaced_where_that_is_said(directory, backup):
    before = everything()
    with pytest.raises(CommandError, match="say --replace"):
        call_command("restore", str(backup))
    assert everything() == before


@pytest.mark.parametrize("where", ["first", "middle", "last", "manifest", "cut", "longer", "no manifest"])
def test_a_backup_that_is_not_as_it_was_written_is_refused(directory, backup, where):
    before, raw = everything(), backup.read_bytes()
    match where:
        case "manifest":
            damage(beside(backup), beside(backup).read_text().index('"taken_at"') + 20)
        case "no manifest":
            beside(backup).unlink()
        case "cut":
            backup.write_bytes(raw[:-1])
        case "longer":
            backup.write_bytes(raw + b"\0")
        case _:
            damage(backup, {"first": 0, "middle": len(raw) // 2, "last": -1}[where])
    for arguments in (["--replace"], ["--drill"]):
        with pytest.raises(CommandError, match=r"damaged|can't be read"):
            call_command("restore", str(backup), *arguments)
    assert everything() == before
    assert_nothing_is_left_over(backup)


def assert_nothing_is_left_over(backup):
    if ON_POSTGRESQL:
        with maintenance(connection) as cursor:
            cursor.execute(
                "SELECT datname FROM pg_database WHERE datname LIKE %s",
                [f"{connection.settings_dict['NAME']}_%"],
            )
            assert cursor.fetchall() == []
    else:
        assert [file.name for file in backup.parent.parent.glob(".*")] == []


def test_every_byte_of_the_manifest_counts(directory, backup):
    manifest, raw = beside(backup), beside(backup).read_bytes()
    for place in range(0, len(raw), 31 if LENGTH == 1 else 1):
        damage(manifest, place)
        with pytest.raises(BackupError):
            backups.read(backup)
        manifest.write_bytes(raw)


def forge(backup, **changes):
    """Write the manifest anew, as its seal wants it, with `changes`."""
    manifest = backups.read(backup)
    beside(backup).write_text(type(manifest)(**(vars(manifest) | changes)).text())


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"migrations": ["units.9999_newer"]}, "made by newer code: the migration units.9999_newer"),
        ({"database": "sqlite" if ON_POSTGRESQL else "postgresql"}, "This is a backup of"),
        ({"format": 2}, "take the code that made it"),
        ({"editions": {"2024-06-16.1": "0" * 64}}, "other editions than"),
        ({"file": "another"}, "is of another backup: another"),
    ],
)
def test_a_backup_that_does_not_fit_is_refused(directory, backup, changes, words):
    forge(backup, **changes)
    before = everything()
    with pytest.raises(CommandError, match=words):
        call_command("restore", str(backup), "--replace")
    assert everything() == before
    assert_nothing_is_left_over(backup)


def test_a_backup_of_what_was_not_whole_is_refused(directory):
    with connection.cursor() as cursor:
        on = " ON units_unit" if ON_POSTGRESQL else ""
        cursor.execute(f"DROP TRIGGER published_units_unit_update{on}")
    with pytest.raises(CommandError, match="published_units_unit_update is missing"):
        call_command("restore", str(backups.take(directory)), "--drill")


def test_a_backup_from_before_a_migration_is_brought_up_to_date(directory):
    call_command("migrate", "units", "0004", verbosity=0)
    backup = backups.take(directory)
    call_command("migrate", verbosity=0)
    assert "units.0005_history_without_texts" not in backups.read(backup).migrations
    backups.restore(backup, replace=True)
    assert list(verify(connection)) == []
    assert "units.0005_history_without_texts" in backups.read(backups.take(directory)).migrations


def test_a_drill_tells_by_its_exit_code_and_leaves_everything_as_it_was(directory, backup, settings, capsys):
    settings.BACKUP_DIR = str(directory)
    before = everything()
    call_command("restore", "--drill")
    assert f"{backup} can be restored: 1 edition, as they were" in capsys.readouterr().out
    assert everything() == before
    assert_nothing_is_left_over(backup)


def test_nothing_is_replaced_while_somebody_uses_it(directory, backup):
    with at(connection.settings_dict["NAME"]) as other:
        assert Edition.objects.count() == 1
        mine = other.copy()
        with mine.cursor() as cursor:
            cursor.execute("SELECT 1")
            with pytest.raises(BackupError, match="stop the site"):
                backups.restore(backup, replace=True)
        mine.close()


def test_who_was_erased_since_is_erased_again_and_everybody_is_signed_out(directory, backup, client):
    other = Person.objects.create(name="Bea Other")
    erase(Person.objects.get(name="Ada Example"))
    client.force_login(get_user_model().objects.get())
    later = backups.take(directory)
    done = backups.restore(backup, replace=True)
    assert (len(done.erased), done.knows_erasures, Person.objects.count()) == (1, True, 0)
    done = backups.restore(later, replace=True)
    assert (done.erased, [*Person.objects.all()]) == ([], [other])
    assert client.get("/admin/").status_code == 302
    if not ON_POSTGRESQL:
        assert b"Ada Example" not in Path(connection.settings_dict["NAME"]).read_bytes()


def test_where_the_database_is_lost_notes_beside_the_backups_tell_who_was_erased(directory, settings, capsys):
    settings.BACKUP_DIR = str(directory)
    backup = backups.take(directory)
    erase(Person.objects.get())
    name = connection.settings_dict["NAME"]
    connection.close()
    if ON_POSTGRESQL:
        make_database(name)
    else:
        Path(name).unlink()
    call_command("restore", str(backup))
    assert not Person.objects.exists()
    assert "Erased again, as they had been since this backup: people 1." in capsys.readouterr().out


def test_a_note_that_cannot_be_read_is_not_passed_over(directory, backup):
    (directory / "erased.jsonl").write_text('{"at": "2026-01-01T00:00:00+00:00", "per')
    with pytest.raises(CommandError, match=r"Line 1 of .*erased.jsonl can't be read"):
        call_command("restore", str(backup), "--replace")


@pytest.mark.skipif(not ON_POSTGRESQL, reason="SQLite makes its file by itself")
def test_a_server_without_the_database_is_told_of_in_a_sentence(directory, backup):
    with at("no_such"), pytest.raises(CommandError, match="There is no database no_such on the server"):
        call_command("restore", str(backup))


RESTORES = """
import django
django.setup()
from pathlib import Path
from units import backups
print("now", flush=True)
backups.restore(Path({!r}), replace=True)
"""


def test_a_restore_that_is_killed_leaves_the_old_or_the_new_and_never_less(directory, backup):
    name, dice = str(connection.settings_dict["NAME"]), random.Random(LENGTH)
    address = (
        f"{os.environ['DATABASE_URL'].rpartition('/')[0]}/{name}" if ON_POSTGRESQL else f"sqlite:///{name}"
    )
    environment = os.environ | {"DATABASE_URL": address, "DJANGO_SETTINGS_MODULE": "aioffice.settings"}
    command, found = [sys.executable, "-c", RESTORES.format(str(backup))], set()
    for _turn in range(2 * LENGTH):
        Person.objects.update(name="Later")
        connection.close()
        with subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE) as process:
            process.stdout.readline()
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(dice.uniform(0, 1.5))
            process.kill()
        found.add(Person.objects.get().name)
        assert list(verify(connection, indexes=False)) == []
    assert found <= {"Later", "Ada Example"}
