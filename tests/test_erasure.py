"""Erasing a person: a name that went in through the admin is nowhere afterwards; all else is as before."""

import http.cookiejar
import logging
import re
import urllib.parse
import urllib.request
from pathlib import Path

import pytest
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.db import connection
from django.urls import reverse

from scripts.site import manage, running_site
from tests.editing import form_of, start
from tests.test_crawl import crawl
from tests.test_pages import text_of
from units.documents import dump, load
from units.erasure import mentions
from units.models import Appointment, Edition, History, Person, PostPublicity, Unit

NAME = "Zephyrine Quillfeather"
NEW = {
    **{"post": "Head of the AI Office", "new_name": NAME, "start_not_stated": "on"},
    **{"source": f"A decision that appoints {NAME}", "new_page": "https://institution.example/quillfeather"},
}
API = ["units/ai-office/", "posts/head-of-the-ai-office/", "people/", "posts/", "editions/", "search/?q=head"]


@pytest.fixture
def named(admin_client, office):
    """A person recorded and published as an editor does it; gives the editor's client."""
    admin_client.post(reverse("admin:units_appointment_add"), NEW)
    mark = {"post": "head-of-the-ai-office", "reason": "It leads the Office"}
    admin_client.post(reverse("admin:units_postpublicity_add"), mark)
    assert NAME in text_of(admin_client.get("/units/ai-office/"))
    return admin_client


def everything_stored():
    """Return every column of every table of the database as one text."""
    tables, said = connection.introspection.table_names(), []
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            said += [
                bytes(value).decode("utf-8", "replace")
                if isinstance(value, bytes | memoryview)
                else str(value)
                for row in cursor.fetchall()
                for value in row
            ]
    return "\n".join([*said, *(str(session.get_decoded()) for session in Session.objects.all())])


def everything_shown(client, editor):
    """Return all that readers, programs and editors can see."""
    pages = crawl(client, ["/", "/people/", "/editions/", "/posts/head-of-the-ai-office/"])
    answers = [client.get(f"/api/v1/{path}") for path in API] + [client.get("/changes.atom")]
    answers += [client.get("/timeline.ics"), client.get("/editions/2024-06-16.1/document.json")]
    for model in ("person", "appointment", "history", "edition", "postpublicity"):
        answers.append(editor.get(reverse(f"admin:units_{model}_changelist")))
    answers.append(editor.get(reverse("admin:index")))
    return "\n".join([*pages.values(), *(answer.content.decode() for answer in answers)])


@pytest.mark.parametrize("how", ["command", "action", "page"])
def test_after_erasing_no_trace_of_the_name_is_stored_shown_logged_or_cached(client, named, caplog, how):
    caplog.set_level(logging.DEBUG)
    draft = start(named)
    before = dump(draft), Edition.objects.count(), PostPublicity.objects.count()
    person = Person.objects.get()
    assert NAME in everything_stored()
    named.post(reverse("admin:units_person_change", args=[person.pk]), {"name": f"{NAME}-Smith"})
    named.post(reverse("admin:units_person_change", args=[person.pk]), {"name": NAME})
    caplog.clear()
    if how == "command":
        call_command("erase_person", str(person.pk), "--yes")
    elif how == "action":
        chosen = {"action": "delete_selected", "_selected_action": person.pk}
        question = named.post(reverse("admin:units_person_changelist"), chosen)
        assert NAME in text_of(question)
        named.post(reverse("admin:units_person_changelist"), chosen | {"post": "yes"})
    else:
        assert NAME in text_of(named.get(reverse("admin:units_person_delete", args=[person.pk])))
        named.post(reverse("admin:units_person_delete", args=[person.pk]), {"post": "yes"})
    logged = "\n".join(
        record.getMessage() for record in caplog.records if record.name != "django.db.backends"
    )
    for where in (everything_stored(), everything_shown(client, named), logged, str(vars(cache))):
        assert "quillfeather" not in where.casefold()
        assert "zephyrine" not in where.casefold()
    assert (dump(draft), Edition.objects.count(), PostPublicity.objects.count()) == before
    assert "not stated in the source" in text_of(client.get("/units/ai-office/"))
    told = [step["did"] for entry in History.objects.filter(kind="people") for step in entry.what]
    assert told == ["removed", "removed", "changed", "changed", "added", "added", "added"]


def test_texts_that_somebody_wrote_the_name_into_are_told(named, capsys):
    PostPublicity.objects.update(reason=f"{NAME} agreed")
    with pytest.raises(CommandError, match=r"units\.PostPublicity \d+: reason"):
        call_command("erase_person", str(Person.objects.get().pk), "--yes")
    assert not Person.objects.exists()
    assert [found[0] for found in mentions(NAME)] == [PostPublicity]


def test_a_name_with_accents_is_found_in_lists_too(db, small_document):
    small_document["units"][0]["aliases"] = [{"name": "Office of José Núñez"}]
    draft = load(small_document)
    assert [found[0] for found in mentions("José Núñez")] == [Unit]
    assert Unit.objects.of(draft).count() == 3


@pytest.mark.django_db(transaction=True)
def test_where_the_files_could_not_be_written_anew_that_is_said(named, monkeypatch, capsys):
    person = Person.objects.get()
    monkeypatch.setattr("units.management.commands.erase_person.rewrite_files", lambda: False)
    with pytest.raises(CommandError, match="erase_person --files"):
        call_command("erase_person", str(person.pk), "--yes")
    assert not Person.objects.exists()


def test_nobody_is_erased_without_a_yes(named, monkeypatch, capsys):
    monkeypatch.setattr("builtins.input", lambda asked: "no")
    with pytest.raises(CommandError, match="Nothing was erased"):
        call_command("erase_person", str(Person.objects.get().pk))
    with pytest.raises(CommandError, match="There is no person 99999"):
        call_command("erase_person", "99999", "--yes")
    assert Person.objects.exists()


class Browser:
    """What a browser keeps: cookies, and the token of the form that it has open."""

    def __init__(self, site):
        self.site, jar = site, http.cookiejar.CookieJar()
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))

    def get(self, path):
        with self.opener.open(self.site + path, timeout=30) as answer:
            return answer.read().decode()

    def post(self, path, data):
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', self.get(path))[1]
        sent = urllib.parse.urlencode(data | {"csrfmiddlewaretoken": token}).encode()
        request = urllib.request.Request(self.site + path, sent, {"Referer": self.site + path})
        with self.opener.open(request, timeout=30) as answer:
            return answer.read().decode()


def files_in(folder):
    return [path for path in folder.rglob("*") if path.is_file()]


@pytest.mark.skipif(connection.vendor != "sqlite", reason="reads the files of SQLite")
def test_no_file_of_the_database_and_no_log_of_the_server_holds_the_name_afterwards(filled_site):
    with running_site(filled_site) as (site, environment):
        folder = Path(environment["DATABASE_URL"].removeprefix("sqlite:///")).parent
        account = {"DJANGO_SUPERUSER_PASSWORD": "a made-up pass phrase"}
        arguments = ["createsuperuser", "--noinput", "--username", "boss", "--email", ""]
        manage(environment | account, *arguments)
        browser = Browser(site)
        browser.post(
            "/admin/login/?next=/admin/",
            {"username": "boss", "password": "a made-up pass phrase", "next": "/admin/"},
        )
        browser.post("/admin/units/appointment/add/", NEW)
        mark = {"post": "head-of-the-ai-office", "reason": "It leads the Office"}
        browser.post("/admin/units/postpublicity/add/", mark)
        browser.post("/admin/units/person/1/change/", {"name": NAME + " " * 100 + "Another"})
        assert NAME in browser.get("/units/ai-office/")
        assert any(NAME.encode() in file.read_bytes() for file in files_in(folder))
        browser.post("/admin/units/person/1/delete/", {"post": "yes"})
        assert NAME not in browser.get("/units/ai-office/")
        held = {file.name: file.read_bytes().lower() for file in files_in(folder)}
    assert {"site.sqlite3", "log"} <= set(held)
    assert [name for name, content in held.items() if b"quillfeather" in content] == []


def test_a_person_who_holds_a_post_twice_at_one_time_is_refused_and_two_people_are_asked_about(named):
    person = Person.objects.get()
    add = reverse("admin:units_appointment_add")
    again = {"post": "head-of-the-ai-office", "person": person.pk, "starts_on": "2025-01-01", "source": "S"}
    assert "has an appointment to this post at that time already" in text_of(named.post(add, again))
    other = again | {"person": "", "new_name": "Bea Other"}
    page = text_of(named.post(add, other))
    assert f"{NAME} holds this post at that time (appointment {Appointment.objects.get().pk})" in page
    assert not Person.objects.filter(name="Bea Other").exists()
    assert named.post(add, other | {"together": "on"}).status_code == 302
    assert Appointment.objects.count() == 2


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"source": ""}, "This field is required"),
        ({"start_not_stated": ""}, "Give the first day, or say that the source does not state it."),
        ({"starts_on": "2025-01-01"}, "Give the first day, or say that the source does not state it."),
        ({"starts_on": "2025-01-02", "start_not_stated": "", "ends_on": "2025-01-01"}, "before the first"),
        ({"new_name": ""}, "Choose a person, or write the name of a new one."),
        ({"post": "Adviser"}, "“Adviser” may mean several: choose one, or write more of the name."),
        ({"post": "Cook"}, "No edition has a post “Cook”."),
    ],
)
def test_an_appointment_that_lacks_something_is_refused_with_a_sentence(admin_client, office, change, words):
    page = admin_client.post(reverse("admin:units_appointment_add"), NEW | change)
    assert words in text_of(page)
    assert not Person.objects.exists()


def test_an_appointment_is_opened_and_changed_as_it_was(named):
    one = Appointment.objects.get()
    address, data = form_of(named, reverse("admin:units_appointment_change", args=[one.pk]))
    assert (data["post"], str(data["person"])) == ("head-of-the-ai-office", str(one.person_id))
    assert named.post(address, data | {"ends_on": "2030-01-01"}).status_code == 302
    one.refresh_from_db()
    assert (str(one.ends_on), one.person.name, one.starts_on) == ("2030-01-01", NAME, None)
    assert "Head of the AI Office" in text_of(named.get(reverse("admin:units_appointment_changelist")))
