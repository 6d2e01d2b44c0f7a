"""The chart as a picture and the directory for printing: asked for, made once, kept, refused."""

import json
import os
import re
import subprocess
import sys

import pytest

from bench.institutions import institution
from scripts.site import ROOT, environment_in
from tests.printed import Printed
from tests.printed_words import InPrint
from tests.reading import published, text_of
from units import downloads, exports
from units.chart.state import State
from units.printing import files, setting
from units.printing.directory import write_directory

PRINTED = ["/chart.pdf", "/chart.png"]


@pytest.fixture(autouse=True)
def nothing_kept(settings, tmp_path):
    settings.CACHE_DIR = tmp_path


@pytest.mark.parametrize("address", PRINTED)
def test_a_file_of_an_edition_is_made_once(client, office, address, monkeypatch):
    first = client.get(address)
    assert first.status_code == 200
    assert first.content[:4] in (b"%PDF", b"\x89PNG")
    monkeypatch.setattr("units.printing.setting.subprocess", None)
    assert client.get(address).content == first.content
    again = client.get(address, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    head = client.head(address)
    assert (head.status_code, head.headers["Content-Length"]) == (200, str(len(first.content)))


def test_the_file_of_a_whole_edition_is_the_one_at_its_address(client, office):
    assert downloads.made(office.edition, "pdf") is None
    made = downloads.file_of(office.edition, "pdf")
    assert made.path.read_bytes() == client.get("/editions/2024-06-16.1/chart.pdf").content
    assert downloads.made(office.edition, "pdf") == made


@pytest.mark.any_database
def test_the_same_edition_gives_the_same_bytes_in_any_process_zone_and_language(filled_site, tmp_path):
    script = (
        "import django, sys; django.setup()\n"
        "from units.models import Edition; from units.downloads import file_of\n"
        "from django.test import Client\n"
        "sys.stdout.write(file_of(Edition.objects.published().get(), 'pdf').sha256)\n"
        "made = Client(SERVER_NAME='127.0.0.1').get('/chart.png').content\n"
        "import hashlib; sys.stdout.write(hashlib.sha256(made).hexdigest())\n"
    )
    given = [("Pacific/Auckland", "de_DE.UTF-8", "1"), ("America/Lima", "C", "2")]
    running = []
    for zone, language, seed in given:
        environment = environment_in(filled_site) | {"DJANGO_SETTINGS_MODULE": "aioffice.settings"}
        environment |= {"CACHE_DIR": str(tmp_path / seed), "TZ": zone, "PYTHONHASHSEED": seed}
        environment |= {"LANG": language, "LC_ALL": language, "LANGUAGE": language[:2]}
        command = [sys.executable, "-c", script]
        running.append(
            subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True)
        )
    said = [process.communicate()[0] for process in running]
    assert len(said[0]) == 128
    assert said[0] == said[1]


def test_parameters_choose_what_is_printed(client, office):
    root = client.get("/chart.pdf?root=ai-office&depth=0&on=2024-07-01")
    [unit] = InPrint(Printed(root.content)).parts["Directory by unit"]
    assert unit["name"] == "AI Office"
    of_unit = client.get("/editions/2024-06-16/units/ai-office/chart.pdf?depth=0")
    assert of_unit.content == root.content
    picture = client.get("/units/ai-safety/chart.png")
    assert picture.content == client.get("/chart.png?root=ai-safety").content
    name = 'inline; filename="ai-office-directory-2024-06-16.1-ai-safety.png"'
    assert picture.headers["Content-Disposition"] == name
    assert client.get("/chart.pdf?on=2020-01-01").status_code == 404


@pytest.mark.parametrize("ending", ["pdf", "png"])
def test_what_cannot_be_read_or_is_not_there_is_answered_as_pages_do(client, office, ending):
    for query, named in [("depth=deep", "depth"), ("on=2024-13-01", "on"), ("compare=nothing", "compare")]:
        response = client.get(f"/chart.{ending}?{query}")
        assert (response.status_code, f"“{named}”" in text_of(response)) == (400, True)
    assert client.get(f"/chart.{ending}?root=nobody").status_code == 404
    assert client.get(f"/units/nobody/chart.{ending}").status_code == 404
    assert client.post(f"/chart.{ending}").status_code == 405


def test_what_units_that_are_not_printed_do_is_not_denied(client, office):
    printed = Printed(client.get("/chart.pdf?depth=0").content)
    parts = InPrint(printed).parts
    assert "Units in this file1 of 7" in [tag.text() for tag in printed.tree.all("LI")]
    assert len(parts["Initiatives"]) == 15
    assert not any(thing["is_silent"] or thing["tables"].keys() - {"Dates"} for thing in parts["Initiatives"])


@pytest.mark.parametrize(
    "state",
    [
        *({}, {"depth": 0}, {"depth": 1}, {"root": "ai-office", "depth": 0}, {"root": "ai-safety"}),
        *({"close": ("ai-office",)}, {"depth": 0, "open": ("ai-office",)}, {"find": "robotics"}),
    ],
    ids=str,
)
def test_every_link_in_a_file_leads_to_a_place_in_it(office, state, monkeypatch):
    given = []
    monkeypatch.setattr(
        "units.printing.directory.set_pages", lambda _template, data, *_more: given.append(data)
    )
    write_directory(office.edition, State(**state), None)
    said = json.dumps(given)
    places = set(re.findall(r'"label": "([^"]+)"', said)) | set(given[0]["sheets"][0]["labels"])
    links = re.findall(r'\["(?:here|page)", "([^"]+)"', said) + re.findall(r'"to": "#([^"]+)"', said)
    links += [label for _name, label in given[0]["index"]]
    assert links
    assert set(links) <= places


def test_a_branch_with_a_task_about_a_unit_elsewhere_leads_to_its_page(client, db, small_document):
    left, right = small_document["units"][0]["units"]
    left["statements"][0]["about"] = {"unit": right["slug"]}
    published(small_document)
    [unit] = InPrint(Printed(client.get("/units/left/chart.pdf").content)).parts["Directory by unit"]
    [task] = unit["tables"]["Whom it works with"]
    assert task[2] == {"Unit": "Right unit"}


def files_left(folder):
    """Return the names of the files below `folder` that are no locks of units/exports.py."""
    names = [path.name for path in folder.rglob("*") if path.is_file()]
    return [name for name in names if name != "lock" and not name.startswith("waiting-")]


def test_a_draft_is_printed_and_nothing_of_it_kept(draft, db, tmp_path):
    made = files.passing(lambda path: write_directory(draft, State(), path))
    printed = Printed(made)
    assert printed.faults == []
    assert "Draft, not public" in printed.artifacts[0]
    assert files_left(tmp_path) == []


def refused(client, address):
    response = client.get(address)
    assert response.status_code == 400
    assert "“root”" in text_of(response)
    assert "“depth”" in text_of(response)
    return True


def test_too_many_units_are_refused_before_anything_is_set(client, db, monkeypatch):
    published(institution(1_001))
    monkeypatch.setattr("units.printing.setting.subprocess", None)
    assert all(refused(client, f"{address}?depth=all") for address in PRINTED)


@pytest.mark.parametrize(
    "limit", ["units.printing.reading.MOST_ROWS", "units.printing.setting.MOST_DATA"], ids=["rows", "bytes"]
)
def test_too_many_rows_or_bytes_are_refused_before_anything_is_set(client, office, limit, monkeypatch):
    monkeypatch.setattr("units.printing.setting.subprocess", None)
    monkeypatch.setattr(limit, 10)
    assert refused(client, "/chart.pdf")


@pytest.mark.parametrize(("limit", "least"), [("SECONDS", 0), ("MEGABYTES", 100)], ids=["time", "memory"])
def test_what_takes_too_much_is_stopped_and_leaves_nothing_behind(
    client, office, limit, least, monkeypatch, tmp_path
):
    with monkeypatch.context() as patch:
        patch.setattr(setting, limit, least)
        assert all(refused(client, address) for address in PRINTED)
    assert files_left(tmp_path) == []
    with pytest.raises(ChildProcessError):
        os.waitpid(-1, os.WNOHANG)
    assert client.get("/chart.png").status_code == 200


def test_a_machine_that_is_too_busy_says_when_to_ask_again(client, office, monkeypatch, tmp_path):
    with monkeypatch.context() as patch:
        patch.setattr(setting, "CLOCK", 0.01)
        slow = client.get("/chart.pdf")
    monkeypatch.setattr(exports, "WAIT", 0)
    with exports.turn():
        waiting = client.get("/chart.png")
    for response in (slow, waiting):
        assert (response.status_code, response.headers["Retry-After"]) == (503, "60")
        assert "ask again in a minute" in text_of(response)
    assert files_left(tmp_path) == []
    assert client.get("/chart.pdf").status_code == 200


def test_the_process_that_sets_pages_gets_no_secret_and_few_threads(monkeypatch, tmp_path, office):
    given = []
    monkeypatch.setattr(setting.subprocess, "run", lambda *_args, **how: given.append(how) or 1 / 0)
    with pytest.raises(ZeroDivisionError):
        setting.set_pages("picture.typ", {}, tmp_path / "x", office.edition)
    assert given[0]["env"] == {"RAYON_NUM_THREADS": "2", "MALLOC_ARENA_MAX": "2"}
