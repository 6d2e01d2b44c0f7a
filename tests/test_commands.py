"""The commands, as somebody at a terminal uses them."""

import hashlib
import json

import pytest
from django.contrib.auth import get_user_model
from django.core.management import CommandError, call_command

from tests.conftest import FIRST_EDITION
from units.documents import canonical
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
    settings.VAR_DIR = tmp_path


def test_the_demo_editor_can_sign_in_and_stays_the_same(db, var_dir, client, capsys):
    call_command("demo_editor")
    call_command("demo_editor")
    first, second = capsys.readouterr().out.splitlines()
    assert first == second
    assert client.login(username="editor", password=first.split()[-1])
    assert client.get("/admin/units/unit/").status_code == 200


def test_the_demo_editors_own_password_is_left_alone(db, var_dir, capsys):
    get_user_model().objects.create_user("editor", password="chosen by a person", is_staff=True)  # noqa: S106
    call_command("demo_editor")
    assert "with the password that you gave it" in capsys.readouterr().out


def test_a_public_site_gets_no_demo_editor(db, settings):
    settings.LOCAL = False
    with pytest.raises(CommandError, match="public site"):
        call_command("demo_editor")
    assert not get_user_model().objects.exists()


def test_the_migrations_are_those_of_the_models(db):
    call_command("makemigrations", "--check", "--dry-run", verbosity=0)
