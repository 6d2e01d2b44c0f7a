"""Files in the admin: looked at before anything is stored, and fetched as they are."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models.signals import pre_save
from django.urls import reverse

from tests.editing import row, start
from tests.test_pages import text_of
from units import drafts, trees
from units.documents import canonical, dump, readable
from units.models import Edition, History, Unit, Upload

UPLOAD = "admin:units_edition_upload"


def send(editor, raw, page="check", name="document", keys=()):
    address = reverse(f"admin:units_edition_{page}", args=keys)
    return editor.post(address, {name: SimpleUploadedFile("file", raw)}, follow=True)


def decide(editor, page, **data):
    return editor.post(reverse(UPLOAD), {"upload": page.context["upload"].pk} | data, follow=True)


def table_of(editor, edition):
    return editor.get(reverse("admin:units_edition_table", args=[edition.pk]))


def test_a_document_is_shown_with_its_differences_and_stored_after_a_yes(editor, small_document):
    changed = small_document | {"title": "Sent"}
    changed["units"][0]["units"][0]["name"] = "West unit"
    page = send(editor, canonical(changed))
    assert "The document is sound: “Sent”" in text_of(page)
    assert "Name: from Left unit to West unit" in text_of(page)
    assert not Edition.objects.drafts().exists()
    decide(editor, page, why="Sent by the Secretariat")
    assert dump(Edition.objects.drafts().get()) == changed
    assert (History.objects.first().kind, History.objects.first().why) == (
        "started",
        "Sent by the Secretariat",
    )
    assert not Upload.objects.exists()


def test_a_broken_document_is_refused_with_all_its_errors_by_name(editor, small_document):
    small_document["units"][0]["units"][0] |= {"kind": "circus", "name": "Left unit"}
    small_document["units"][0]["units"][1]["cites"] = [{"passage": "charter#9"}]
    page = text_of(send(editor, canonical(small_document)))
    assert "Nothing was stored" in page
    assert "“Left unit”, kind:" in page
    assert not Upload.objects.exists()
    assert not Edition.objects.drafts().exists()


def test_a_document_can_be_compared_with_any_edition_or_draft(editor, small_document):
    draft = start(editor)
    trees.change(draft, "left", {"name": "Of the draft"})
    send(editor, canonical(small_document))
    page = editor.get(reverse(UPLOAD), {"against": draft.identifier})
    assert "Name: from Of the draft to Left unit" in text_of(page)
    assert editor.get(reverse(UPLOAD), {"against": "nonsense"}).status_code == 404


def test_a_table_changes_a_draft_after_a_look(editor):
    draft = start(editor)
    text = table_of(editor, draft).content.decode()
    raw = text.replace("Left unit", "West unit").encode()
    page = send(editor, raw, "table", "table", [draft.pk])
    assert "Nothing is stored yet" in text_of(page)
    assert "Name: from Left unit to West unit" in text_of(page)
    assert row(Unit, draft, "left").name == "Left unit"
    decide(editor, page)
    assert row(Unit, draft, "left").name == "West unit"
    assert trees.problems(draft) == []
    assert History.objects.first().kind == "imported"


def test_a_draft_that_changed_after_the_look_is_not_overwritten(editor):
    draft = start(editor)
    page = send(editor, table_of(editor, draft).content, "table", "table", [draft.pk])
    trees.change(draft, "left", {"name": "Meanwhile"})
    assert "Send it again to see what it changes" in text_of(decide(editor, page))
    assert row(Unit, draft, "left").name == "Meanwhile"


def test_a_draft_that_was_discarded_after_the_look_is_said_to_be(editor):
    draft = start(editor)
    page = send(editor, table_of(editor, draft).content, "table", "table", [draft.pk])
    drafts.discard(draft)
    assert "This draft has been discarded" in text_of(decide(editor, page))
    assert not Upload.objects.exists()


def test_the_wrong_lines_of_a_table_are_told(editor):
    draft = start(editor)
    page = send(editor, b"slug,name,kind,parent\na,A,unit,b\n", "table", "table", [draft.pk])
    assert "line 2: “a” is to be part of “b”, which the table has not." in text_of(page)


def test_a_draft_and_an_edition_are_fetched_as_document_and_as_table(editor, small_document):
    for edition in (start(editor), Edition.objects.published().get()):
        answer = editor.get(reverse("admin:units_edition_document", args=[edition.pk]))
        assert answer.content.decode() == readable(json.loads(answer.content))
        assert json.loads(answer.content) == small_document
        assert f'-{edition.identifier}.json"' in answer.headers["Content-Disposition"]
        table = table_of(editor, edition)
        assert table.content.decode().startswith(
            "\ufeffslug,name,kind,parent,purpose,aliases,replaces,cites\r\n"
        )
        assert "no-store" in table.headers["Cache-Control"]


def test_what_is_published_takes_no_table(editor):
    edition = Edition.objects.get()
    address = reverse("admin:units_edition_table", args=[edition.pk])
    assert editor.post(address, {"table": SimpleUploadedFile("t", b"x")}).status_code == 409


@pytest.mark.parametrize(("page", "name"), [("check", "document"), ("table", "table")])
def test_a_file_that_is_too_large_or_none_is_refused_with_a_sentence(editor, monkeypatch, page, name):
    for limit in ("LARGEST_DOCUMENT", "LARGEST_TABLE"):
        monkeypatch.setattr(f"units.admin.exchange.{limit}", 10)
    keys = [start(editor).pk] if page == "table" else []
    assert "This file is too large" in text_of(send(editor, b"x" * 11, page, name, keys))
    answer = editor.post(reverse(f"admin:units_edition_{page}", args=keys))
    assert (answer.status_code, "Choose a file to send" in text_of(answer)) == (400, True)


def test_a_yes_to_another_file_than_the_last_is_refused(editor, small_document):
    first = send(editor, canonical(small_document))
    send(editor, canonical(small_document | {"title": "Second"}))
    assert decide(editor, first).status_code == 400
    assert not Edition.objects.drafts().exists()


def test_what_one_has_sent_nobody_else_sees(editor, admin_client, small_document):
    send(editor, canonical(small_document | {"title": "Not yet"}))
    assert "Not yet" not in text_of(admin_client.get(reverse(UPLOAD), follow=True))


def test_of_two_files_that_one_account_sends_at_once_one_is_kept_and_neither_fails(db):
    """Another file comes between forgetting what was sent before and keeping this one."""
    others = [Upload(by=1, document=b"the other")]

    def comes_between(**_signal):
        if others:
            Upload.objects.bulk_create([others.pop()])

    pre_save.connect(comes_between, sender=Upload)
    try:
        Upload.keep(1, document=b"this one")
    finally:
        pre_save.disconnect(comes_between, sender=Upload)
    assert [bytes(upload.document) for upload in Upload.objects.all()] == [b"this one"]
