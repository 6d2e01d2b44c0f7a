"""Whole editions in every format: made once, the same bytes again, whole, and with nobody's name."""

import hashlib
import io
import os
import re
import subprocess
import sys
from zipfile import ZipFile

import pytest
from django.core.management import CommandError, call_command
from pdfminer.high_level import extract_text

from scripts.site import ROOT, environment_in
from tests.reading import published, read_to_the_end, text_of
from tests.sheets import cells_of, rows_of_csv, sheets_of
from units import downloads, exports
from units.models import Appointment, Person, PostPublicity, Statement, Unit

AT = "/editions/2024-06-16.1/document"
MADE = [suffix for suffix in downloads.FORMATS if suffix != "json"]


def file(client, suffix):
    answer = client.get(f"{AT}.{suffix}")
    assert answer.status_code == 200
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


def texts_in(client, suffix):
    """Return all that a whole edition says in a format, as one text."""
    raw = file(client, suffix)
    if suffix == "csv.zip":
        archive = ZipFile(io.BytesIO(raw))
        return "".join(archive.read(name).decode() for name in archive.namelist())
    if suffix == "pdf":
        return extract_text(io.BytesIO(raw))
    return str(sheets_of(raw)) if suffix == "xlsx" else raw.decode()


def test_the_tables_of_an_edition_hold_all_of_it_in_both_forms(client, office):
    sheets, archive = sheets_of(file(client, "xlsx")), ZipFile(io.BytesIO(file(client, "csv.zip")))
    for name in archive.namelist():
        table = cells_of(archive.read(name).decode().removeprefix("\ufeff"))
        if name != "edition.csv":
            rows = sheets[name.removesuffix(".csv")]
            assert [row + [""] * (len(table[0]) - len(row)) for row in rows] == table
    [edition] = rows_of_csv(archive.read("edition.csv"))
    assert edition["sha256"] == office.edition.sha256
    assert len(sheets["units"]) - 1 == Unit.objects.of(office.edition).count()
    assert len(sheets["statements"]) - 1 == Statement.objects.of(office.edition).count()
    assert ["SHA-256 of its document", office.edition.sha256] in sheets["About"]
    assert sheets["passages"][1][0] == "ip-24-2982"


def test_nobody_is_in_a_file_of_an_edition(client, office):
    person = Person.objects.create(name="Ada Example")
    Appointment.objects.create(person=person, post=office.head.slug, source="A decision")
    PostPublicity.objects.create(post=office.head.slug, reason="The public elects to know")
    for suffix in downloads.FORMATS:
        text = texts_in(client, suffix)
        assert "Head of the" in text.replace("\u00a0", " "), suffix
        assert "Ada" not in text, suffix


@pytest.mark.parametrize("suffix", [each for each in MADE if each != "pdf"])
def test_a_file_is_made_once_and_not_sent_to_whoever_has_it(client, office, suffix, monkeypatch):
    first = client.get(f"{AT}.{suffix}")
    raw = b"".join(first.streaming_content)
    assert int(first["Content-Length"]) == len(raw)
    assert f'filename="ai-office-directory-2024-06-16.1.{suffix}"' in first["Content-Disposition"]
    monkeypatch.setattr("units.exports.tempfile.mkstemp", None)
    assert file(client, suffix) == raw
    again = client.get(f"{AT}.{suffix}", headers={"if-none-match": first["ETag"]})
    assert (again.status_code, again.headers.get("Content-Length", "0")) == (304, "0")


def test_two_processes_write_the_same_bytes(filled_site, tmp_path):
    made = []
    for seed in ("1", "2"):
        environment = environment_in(filled_site) | {
            "CACHE_DIR": str(tmp_path / seed),
            "PYTHONHASHSEED": seed,
        }
        command = [sys.executable, "manage.py", "make_exports", "--format=csv.zip", "--format=xlsx"]
        done = subprocess.run(
            command, cwd=ROOT, env=os.environ | environment, check=True, capture_output=True
        )
        made.append(re.findall("[0-9a-f]{64}", done.stdout.decode()))
    assert len(made[0]) == 2
    assert made[0] == made[1]


def test_data_says_of_each_file_what_it_is_once_it_is_made(client, office, settings, tmp_path):
    settings.CACHE_DIR = tmp_path  # where no other test has made any
    before = text_of(client.get("/data/"))
    assert before.count("not made yet") == 2 * len(MADE)  # that in force, and again among all
    raw = file(client, "ttl")
    after = text_of(client.get("/data/"))
    assert after.count(hashlib.sha256(raw).hexdigest()) == 2
    assert after.count("not made yet") == 2 * len(MADE) - 2


def test_looking_at_data_makes_no_file_and_keeps_none_longer(client, office, monkeypatch):
    file(client, "ttl")
    monkeypatch.setattr("units.exports.os.utime", None)
    monkeypatch.setattr("units.exports.tempfile.mkstemp", None)
    assert client.get("/data/").status_code == 200


def test_data_shows_the_edition_in_force_first_and_has_many_on_pages(client, db, small_document):
    for _ in range(21):
        published(small_document)
    published(small_document, effective_on="2999-01-01")
    page = text_of(client.get("/data/"))
    assert page.index("2025-01-01.21") < page.index("2999-01-01.1")
    assert "Page 1" in page
    assert "2025-01-01.1 " in text_of(client.get("/data/?page=2"))
    assert client.get("/data/?page=3").status_code == 404


def test_a_program_that_has_to_wait_is_told_so_and_how_long(client, office, monkeypatch):
    def busy(*args):
        raise exports.BusyError

    monkeypatch.setattr("units.exports.export", busy)
    answer = client.get(f"{AT}.xlsx")
    assert (answer.status_code, answer["Retry-After"]) == (503, "60")
    assert "Other files are being made" in answer.json()["detail"]
    shown = client.get(f"{AT}.xlsx", headers={"accept": "text/html,*/*;q=0.8"})
    assert (shown.status_code, shown["Retry-After"]) == (503, "60")
    assert "Other files are being made" in text_of(shown)


def test_a_file_of_a_very_large_edition_is_made_by_the_command_only(client, office, monkeypatch, capsys):
    monkeypatch.setattr("units.downloads.LARGEST", 1_000)
    assert client.get(f"{AT}.ttl")["Retry-After"] == "3600"
    call_command("make_exports", "2024-06-16", "--format", "ttl")
    assert re.search(r"^2024-06-16\.1 ttl: \d+ bytes, SHA-256 [0-9a-f]{64}, ", capsys.readouterr().out)
    assert file(client, "ttl")
    with pytest.raises(CommandError, match="There is no edition"):
        call_command("make_exports", "2000-01-01")


@pytest.mark.parametrize("at", ["/", "/editions/2024-06-16.1/"])
def test_a_page_offers_each_of_its_formats(client, office, at):
    page = client.get(f"{at}units/ai-safety/").content.decode()
    links = re.findall(r'<link rel="alternate" type="([^"]+)" href="([^"]+)">', page)
    assert "Data: JSON · JSON-LD · Turtle · CSV · XLSX" in text_of(client.get(f"{at}units/ai-safety/"))
    for kind, address in links:
        answer = client.get(address)
        read_to_the_end(answer)
        assert answer["Content-Type"].partition(";")[0] == kind
    assert "Data: JSON · CSV · XLSX" in text_of(client.get(at))


def test_what_a_page_was_filtered_by_its_data_is_too(client, office):
    page = client.get("/tasks/?part=coordinates&theme=&fbclid=1").content.decode()
    assert 'href="/tasks.csv?part=coordinates"' in page
    assert 'href="/search.csv?q=fines"' in client.get("/search/?q=fines").content.decode()


def test_any_site_may_read_the_document_as_it_may_its_other_formats(client, office):
    for suffix in downloads.FORMATS:
        answer = client.get(f"{AT}.{suffix}")
        read_to_the_end(answer)
        assert (suffix, answer.headers.get("Access-Control-Allow-Origin")) == (suffix, "*")
        assert answer["Cross-Origin-Resource-Policy"] == "cross-origin"


@pytest.mark.parametrize("suffix", downloads.FORMATS)
def test_a_file_of_no_edition_is_refused_in_the_sentence_that_says_so(client, office, suffix):
    refused = client.get(f"/editions/2024-06-16.9/document.{suffix}")
    assert refused.status_code == 404
    assert refused.json()["detail"] == "There is no edition “2024-06-16.9”."


def test_a_page_about_nothing_here_offers_no_data(client, office):
    assert "Data:" not in text_of(client.get("/units/no-such-unit/"))
