"""A static copy: whole, with no loose end, the same on every day, and what the site itself shows."""

import contextlib
import copy
import getpass
import gzip
import hashlib
import html
import io
import json
import os
import re
import shutil
import socket
import subprocess
import time
import urllib.request
from datetime import date
from types import SimpleNamespace
from urllib.error import HTTPError

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from django.test import Client

from tests.conftest import SMALL
from tests.copies import crawled, links_in, listed_in, served
from tests.reading import ids_of, problems_of, published
from units.api.renderers import Xlsx
from units.models import Appointment, Person, PostPublicity
from units.resolve import forget_editions
from units.static_copy.places import Places, leading

pytestmark = pytest.mark.django_db  # else the database of tests is not made for the copy that they share
NAME, BUSY = "Ada Example", "regulation-and-compliance"
SITE = "http://127.0.0.1:8000"
PERMANENT = "/editions/2024-06-16.1/"
CANONICAL = re.compile(r'<link rel="canonical" href="([^"]+)">')
# They say of a copy what is not so of the site.
OF_A_COPY = {"data/index.html", "privacy/index.html"}


def exported(folder, **options):
    out = io.StringIO()
    call_command("export_site", folder, stdout=out, **options)
    return out.getvalue()


def main_of(page):
    """Return the main part of `page` without where its links lead."""
    main = page[page.index("<main") : page.index("</main>")]
    return re.sub(r'\s(href|src|action|data-suggest|data-some|data-none|data-href)="[^"]*"', "", main)


@pytest.fixture(scope="module")
def made(django_db_setup, django_db_blocker, once, first_document):
    """A copy of the first edition with one busy unit, and what copied_twice() saw."""

    def make(folder):
        with django_db_blocker.unblock(), transaction.atomic():
            folder.mkdir()
            told = copied_twice(folder / "copy", copy.deepcopy(first_document))
            (folder / "told.json").write_text(json.dumps(told))
            transaction.set_rollback(True)
        forget_editions()

    folder = once("static-copy", make)
    told = json.loads((folder / "told.json").read_text())
    return SimpleNamespace(folder=folder / "copy", **told)


def copied_twice(folder, document):
    """Publish `document`, copy it to `folder`, publish more, copy it again; return what was seen."""
    unit = document["units"][0]["units"][0]["units"][0]
    assert unit["slug"] == BUSY
    task = unit["statements"][0]
    unit["statements"] += [task | {"slug": f"task-{n}", "text": f"Task {n}"} for n in range(60)]
    published(document)
    post = "head-of-the-ai-office"
    PostPublicity.objects.create(post=post, reason="The public elects to know")
    holder = {"post": post, "starts_on": date(2024, 6, 16), "source": "A decision"}
    Appointment.objects.create(person=Person.objects.create(name=NAME), **holder)
    assert NAME in Client().get("/people/").content.decode()  # so there is something to leave out
    exported(folder, edition="2024-06-16.1")
    shown = {}
    for path in folder.rglob("*.html"):
        if found := CANONICAL.search(path.read_text()):
            answer = Client().get(html.unescape(found[1]).removeprefix(SITE))
            shown[str(path.relative_to(folder))] = answer.content.decode()
    times = times_in(folder)
    published(copy.deepcopy(SMALL))
    published(copy.deepcopy(SMALL), effective_on="2999-01-01")
    second = exported(folder, edition="2024-06-16")
    return {"shown": shown, "second": second, "kept_its_times": times == times_in(folder)}


def times_in(folder):
    return {path: path.stat().st_mtime_ns for path in folder.rglob("*") if path.is_file()}


@pytest.fixture(scope="module")
def crawl(made):
    """What a reader of the copy finds who follows every link: see crawled()."""
    with served(made.folder) as start:
        return SimpleNamespace(
            start=start, **dict(zip(["pages", "types", "outside"], crawled(start), strict=True))
        )


def test_every_link_leads_to_what_is_there(crawl):
    ids = {address: ids_of(page) for address, page in crawl.pages.items()}
    for address, page in crawl.pages.items():
        assert page.count("<h1") == 1, address
        assert problems_of(page) == [], address
        for target, _, anchor in (link.partition("#") for link in links_in(address, page)):
            assert not anchor or anchor in ids.get(target, [anchor]), (address, target, anchor)
    assert len(crawl.pages) > 55


def test_everything_there_is_linked_to_and_listed(made, crawl):
    there = {str(path.relative_to(made.folder)) for path in made.folder.rglob("*") if path.is_file()}
    notes = {note["path"]: note for note in listed_in(made.folder)["files"]}
    packed = {f"{path}.gz" for path, note in notes.items() if "gzip" in note}
    found = {address.removeprefix(crawl.start) for address in crawl.types}
    found = {f"{place}index.html" if place.endswith("/") or not place else place for place in found}
    parts = {path for path in notes if re.search(r"/page/\d+\.\w+$", path)}  # by the header Link
    assert there == {*notes, *packed, "copy.json"}
    assert found | parts == {*notes} - {"404.html", "robots.txt", "nginx.conf"}
    assert {"tasks/page/2.json", "units/ai-office.ttl", f"tasks/owner/{BUSY}/page/2/index.html"} <= {*notes}


def test_the_list_has_the_size_hash_and_type_of_every_file(made, crawl):
    for note in listed_in(made.folder)["files"]:
        raw = (made.folder / note["path"]).read_bytes()
        assert (len(raw), hashlib.sha256(raw).hexdigest()) == (note["size"], note["sha256"])
        assert "ETag" in note["headers"]
        if "gzip" in note:
            assert gzip.decompress((made.folder / f"{note['path']}.gz").read_bytes()) == raw
        known = crawl.types.get(crawl.start + note["path"].removesuffix("index.html"), "")
        if not known.startswith("application/octet-stream"):  # that server knows no Turtle
            assert note["headers"]["Content-Type"].startswith(known), note["path"]


def test_a_page_shows_what_the_site_shows(made):
    assert len(made.shown) > 55
    for path, shown in made.shown.items():
        if path not in OF_A_COPY:
            assert main_of((made.folder / path).read_text()) == main_of(shown), path


def test_every_page_says_of_what_it_is_a_copy(crawl):
    for address, page in crawl.pages.items():
        assert "A copy of edition 2024-06-16.1, taken from <a" in page, address


def test_only_the_site_itself_and_sources_are_linked_to_outside(crawl):
    hosts = {link for link in crawl.outside if not link.startswith((f"{SITE}/", "https://ec.europa.eu/"))}
    assert hosts == set()


def test_what_is_published_later_changes_nothing(made):
    assert "gone: 0." in made.second
    assert "New or changed: 0," in made.second
    assert made.kept_its_times


def test_a_copy_names_nobody(made):
    raw = b"".join(path.read_bytes() for path in times_in(made.folder) if path.suffix != ".gz")
    assert b"head-of-the-ai-office" in raw
    assert NAME.encode() not in raw


def test_what_is_missing_is_told_from_any_folder(made):
    page = (made.folder / "404.html").read_text()
    assert 'href="/units/"' in page
    assert 'href="/static/units/site.css"' in page
    assert "There is no page at this address." in page


@pytest.mark.parametrize(
    ("address", "place"),
    [
        ("", ""),
        ("units/x/", "units/x/"),
        ("posts/page/?page=2", "posts/page/page/2/"),
        ("tasks/?owner=x&page=3", "tasks/owner/x/page/3/"),
        ("tasks/?owner=x&part=supports", None),
        ("chart/?root=x", "chart/root/x/"),
        ("chart/?root=x&depth=1", None),
        ("chart.svg?root=x", "units/x/chart.svg"),
        ("units.json?limit=50&offset=50", "units/page/2.json"),
        ("units.json?limit=50&offset=0", "units.json"),
        ("units/x/chart.pdf", None),
        ("search/?q=x", None),
        ("search.json?q=x", None),
    ],
)
def test_an_address_has_one_place_or_none(office, address, place):
    assert Places(office.edition).of(PERMANENT + address) == place
    assert Places(office.edition).of("/" + (address or "units/")) is None  # of today, not of an edition


def test_links_hold_in_any_folder():
    assert leading("units/x/", "units/y/") == "../y/"
    assert leading("units/x/", "") == "../../"
    assert leading("", "") == leading("units/", "units/") == "./"
    assert leading("units/x/", "units/x.json") == "../x.json"


@pytest.fixture
def small(db, small_document, tmp_path):
    published(small_document)
    exported(tmp_path / "copy")
    return tmp_path / "copy"


def test_whatever_goes_wrong_the_copy_before_stays_whole(small, monkeypatch):
    before = {path: path.read_bytes() for path in small.rglob("*") if path.is_file()}
    monkeypatch.setattr(Places, "of", lambda self, address: "404.html")
    with pytest.raises(CommandError, match=r"Nothing was changed\..*404.html"):
        exported(small)
    assert before == {path: path.read_bytes() for path in small.parent.rglob("*") if path.is_file()}


def test_a_workbook_that_would_be_too_large_is_left_to_the_site(small_document, db, tmp_path, monkeypatch):
    monkeypatch.setattr(Xlsx, "longest", 2)
    published(small_document)
    said = exported(tmp_path / "copy")
    page = (tmp_path / "copy" / "units" / "index.html").read_text()
    assert "The edition is too large for units.xlsx" in said
    assert not (tmp_path / "copy" / "units.xlsx").exists()
    assert f'href="{SITE}/editions/2025-01-01.1/units.xlsx"' in page
    assert 'href="../tasks.xlsx"' in (tmp_path / "copy" / "tasks" / "index.html").read_text()


def test_an_answer_that_is_none_ends_it(small_document, db, tmp_path, monkeypatch):
    published(small_document)
    monkeypatch.setattr("units.views.editions.render", lambda *args: 1 / 0)
    with pytest.raises(
        CommandError, match=r"Nothing was changed\. /(about|accessibility|data|privacy)/ answers 500\."
    ):
        exported(tmp_path / "copy")
    assert list(tmp_path.iterdir()) == []


def test_a_folder_with_anything_else_in_it_is_left_alone(office, tmp_path):
    (tmp_path / "letter").write_text("Dear")
    with pytest.raises(CommandError, match="holds something that is no copy"):
        exported(tmp_path)
    with pytest.raises(CommandError, match="is a file"):
        exported(tmp_path / "letter")
    assert [path.name for path in tmp_path.iterdir()] == ["letter"]


@pytest.mark.parametrize("name", ["2024-06-17", "draft-1", "nonsense"])
def test_only_a_published_edition_is_copied(office, tmp_path, name):
    with pytest.raises(CommandError, match=f"no edition “{name}”"):
        exported(tmp_path / "copy", edition=name)


def test_nginx_serves_it_with_the_headers_of_its_list(made, tmp_path):
    if not (program := shutil.which("nginx")):
        pytest.skip("there is no nginx on this machine")
    with nginx_serving(program, made.folder, tmp_path) as start:
        listed = listed_in(made.folder)
        for note in listed["files"]:
            packed = "gzip" in note
            headers, body = answered(start + note["path"].removesuffix("index.html"), packed)
            said = listed["headers"] | note["headers"]
            for name in said.keys() - {"ETag", "Link"}:
                assert headers[name] == said[name], (note["path"], name)
            assert hashlib.sha256(body).hexdigest() == note["sha256"], note["path"]
        with pytest.raises(HTTPError, match="404") as missing:
            answered(f"{start}units/nobody/", packed=False)
        assert gzip.decompress(missing.value.read()) == (made.folder / "404.html").read_bytes()


@contextlib.contextmanager
def nginx_serving(program, folder, scratch):
    """Start nginx for `folder`, with the lines that stand in it; give its address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    kinds = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
    places = " ".join(f"{kind}_temp_path {scratch}/{kind};" for kind in kinds)
    server = f"listen 127.0.0.1:{port}; root {folder}; include {folder}/nginx.conf;"
    text = f"daemon off; pid {scratch}/pid; events {{}} "
    text += f"http {{ access_log off; {places} server {{ {server} }} }}"
    (scratch / "main.conf").write_text(text)
    user = f"user {getpass.getuser()};" if os.geteuid() == 0 else ""  # else its workers may not read there
    command = [program, "-p", scratch, "-c", scratch / "main.conf", "-e", scratch / "log"]
    running = subprocess.Popen([*command, "-g", user] if user else command)
    try:
        for _try in range(100):
            with contextlib.suppress(OSError):
                socket.create_connection(("127.0.0.1", port)).close()
                break
            time.sleep(0.05)
        yield f"http://127.0.0.1:{port}/"
    finally:
        running.terminate()
        running.wait()


def answered(address, packed):
    """Return the headers and the body, unpacked, of an answer, which is sent `packed` or not."""
    request = urllib.request.Request(address, headers={"Accept-Encoding": "gzip"})
    with urllib.request.urlopen(request) as answer:
        body = answer.read()
        assert (answer.headers["Content-Encoding"] == "gzip") == packed, address
        return answer.headers, gzip.decompress(body) if packed else body
