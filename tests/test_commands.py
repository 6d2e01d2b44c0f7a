"""The commands, as somebody at a terminal uses them."""

import hashlib
import json
import os
import subprocess
import sys

import pytest
from django.contrib.auth import get_user_model
from django.core.management import CommandError, call_command

from tests.conftest import FIRST_EDITION, ROOT
from units.documents import canonical, dump, load, publish
from units.models import Edition


def test_a_document_is_loaded_once(db, capsys):
    call_command("load_edition", FIRST_EDITION)
    call_command("load_edition", FIRST_EDITION)
    first, second = capsys.readouterr().out.splitlines()
    assert first == "Loaded as 2024-06-16.1: The first structure of the AI Office"
    assert second == "This document is edition 2024-06-16.1 already; nothing was loaded."
    assert Edition.objects.count() == 1


def test_a_broken_document_is_refused_with_every_problem_and_its_path(db, small_document, tmp_path):
    small_document["effective_on"] = "2025-02-30"
    small_document["units"][0]["units"][1] |= {"slug": "Not a slug", "colour": "red"}
    file = tmp_path / "broken.json"
    file.write_text(json.dumps(small_document))
    with pytest.raises(CommandError) as refused:
        call_command("load_edition", file)
    message = str(refused.value)
    assert "was not loaded: 3 problems." in message
    for path in ("effective_on: ", "units[0].units[1].slug: ", "units[0].units[1]: "):
        assert f"\n  {path}" in message
    assert not Edition.objects.exists()


def test_at_a_terminal_a_broken_document_ends_with_an_exit_code_and_no_traceback(tmp_path):
    file = tmp_path / "broken.json"
    file.write_text("{}")
    environment = os.environ | {"DATABASE_URL": f"sqlite:///{tmp_path}/directory.sqlite3"}

    def manage(*arguments):
        command = [sys.executable, "manage.py", *arguments]
        return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)

    assert manage("migrate", "--verbosity", "0").returncode == 0
    done = manage("load_edition", str(file))
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith(f"CommandError: {file} was not loaded: ")
    assert "Traceback" not in done.stderr


def test_one_problem_is_not_called_problems(db, small_document, tmp_path):
    file = tmp_path / "broken.json"
    file.write_text(json.dumps(small_document | {"effective_on": "2025-02-30"}))
    with pytest.raises(CommandError, match=r"was not loaded: 1 problem\."):
        call_command("load_edition", file)


def test_a_folder_is_no_document(db, tmp_path):
    with pytest.raises(CommandError, match=r"can't be read: Is a directory\."):
        call_command("load_edition", tmp_path)


def test_a_document_that_differs_in_a_word_is_the_next_revision_of_its_day(
    db, first_document, tmp_path, capsys
):
    call_command("load_edition", FIRST_EDITION)
    file = tmp_path / "corrected.json"
    file.write_text(json.dumps(first_document | {"note": "A slip was mended."}))
    call_command("load_edition", file)
    assert "Loaded as 2024-06-16.2" in capsys.readouterr().out


def test_the_order_of_keys_and_the_spaces_of_a_file_do_not_make_another_edition(
    office, first_document, tmp_path
):
    file = tmp_path / "sorted.json"
    file.write_text(json.dumps(first_document, sort_keys=True, indent=7))
    call_command("load_edition", file)
    assert Edition.objects.count() == 1


def test_a_file_that_is_not_there_is_named(db):
    with pytest.raises(CommandError, match=r"nothing.json can't be read: No such file"):
        call_command("load_edition", "nothing.json")


def test_a_draft_can_be_loaded_and_is_not_published(db, capsys):
    call_command("load_edition", FIRST_EDITION, "--draft")
    assert "Loaded as draft-" in capsys.readouterr().out
    assert not Edition.objects.published().exists()


def test_a_site_that_has_an_edition_is_left_alone_on_request(office, capsys):
    call_command("load_edition", "nothing.json", "--if-none")
    assert capsys.readouterr().out == "There is an edition already; nothing was loaded.\n"


def test_a_draft_alone_is_no_edition_yet(draft, capsys):
    call_command("load_edition", FIRST_EDITION, "--if-none")
    assert Edition.objects.published().get().identifier == "2024-06-16.1"


def test_what_is_published_already_can_be_loaded_again_as_a_draft(office):
    call_command("load_edition", FIRST_EDITION, "--draft", verbosity=0)
    assert dump(Edition.objects.drafts().get()) == dump(office.edition)


def test_a_dump_of_a_draft_is_what_stands_in_it(draft, small_document, capsys):
    call_command("dump_edition", draft.identifier)
    assert json.loads(capsys.readouterr().out) == small_document


def test_a_dump_by_the_day_alone_is_of_its_last_revision(draft, small_document, capsys):
    publish(draft)
    publish(load(small_document | {"title": "Corrected"}))
    for name, title in (("2025-01-01", "Corrected"), ("2025-01-01.1", small_document["title"])):
        call_command("dump_edition", name)
        assert json.loads(capsys.readouterr().out)["title"] == title


@pytest.mark.parametrize("name", ["2024-06-16", "2024-06-16.1"])
def test_a_dump_is_the_file_that_was_loaded(office, capsys, name):
    call_command("dump_edition", name)
    assert capsys.readouterr().out == FIRST_EDITION.read_text()


def test_a_canonical_dump_has_the_hash_of_the_edition(office, first_document, capfdbinary):
    call_command("dump_edition", "2024-06-16.1", "--canonical")
    raw = capfdbinary.readouterr().out
    assert raw == canonical(first_document)
    assert hashlib.sha256(raw).hexdigest() == office.edition.sha256


@pytest.mark.parametrize("name", ["2024-06-16.2", "nonsense", "draft-1"])
def test_a_dump_of_what_is_not_there_is_refused(db, name):
    with pytest.raises(CommandError, match=f"no edition “{name}”"):
        call_command("dump_edition", name)


@pytest.fixture
def var_dir(settings, tmp_path):
    settings.VAR_DIR = tmp_path / "var"  # not made yet, as with PostgreSQL at the first start


def test_the_demo_editor_can_sign_in_and_stays_the_same(db, var_dir, client, capsys):
    call_command("demo_editor")
    call_command("demo_editor")
    first, second = capsys.readouterr().out.splitlines()
    assert first == second
    sent = {"username": "editor", "password": first.split()[-1]}
    assert client.post("/admin/login/?next=/admin/", sent).status_code == 302
    assert client.get("/admin/units/unit/").status_code == 200


def test_the_demo_editor_is_no_superuser_and_their_password_is_for_the_owners_eyes(db, var_dir, settings):
    call_command("demo_editor", verbosity=0)
    editor = get_user_model().objects.get()
    assert (editor.is_staff, editor.is_superuser) == (True, False)
    assert not editor.has_perm("auth.change_user")
    assert (settings.VAR_DIR / "demo-password").stat().st_mode & 0o077 == 0


def test_the_demo_editors_own_password_is_left_alone(db, var_dir, capsys):
    get_user_model().objects.create_user("editor", password="chosen by a person", is_staff=True)  # noqa: S106 (made up)
    call_command("demo_editor")
    assert "with the password that you gave it" in capsys.readouterr().out


def test_a_public_site_gets_no_demo_editor(db, settings):
    settings.LOCAL = False
    with pytest.raises(CommandError, match="public site"):
        call_command("demo_editor")
    assert not get_user_model().objects.exists()


def test_the_migrations_are_those_of_the_models(db):
    call_command("makemigrations", "--check", "--dry-run", verbosity=0)
