"""Tables at the addresses of the API and of the pages: they hold what JSON holds, and nobody's name."""

import tracemalloc
from urllib.parse import quote

import pytest

from bench.institutions import institution
from tests.conftest import LENGTH
from tests.reading import published
from tests.sheets import BEGINS, PAYLOADS, cells_of, rows_of_csv, rows_of_xlsx, sheets_of
from units.api.renderers import FORMATS
from units.models import Appointment, Person, PostPublicity

XLSX = FORMATS["xlsx"].media_type
LISTS = ["units", "posts", "bodies", "tasks", "statements", "initiatives", "legal-acts", "milestones"]
LISTS += ["sources", "sources/ip-24-2982/passages", "tree", "units/ai-office/children", "editions"]
LISTS += ["units/ai-safety/ancestors", "units/european-commission/descendants", "search"]
THINGS = ["units/ai-safety", "posts/lead-scientific-adviser", "bodies/advisory-forum", "initiatives/ai-act"]
THINGS += ["tasks/systemic-risks", "milestones/ai-act-proposed", "sources/ip-24-2982", "editions/2024-06-16"]


def raw(client, address, **headers):
    answer = client.get(address, headers=headers)
    assert answer.status_code == 200, answer.content
    return b"".join(answer.streaming_content)


def headers_of(client, address, **headers):
    """Return the response to a request for `address` without what it sends."""
    answer = client.get(address, headers=headers)
    answer.close()
    return answer


def said(value):
    """Return what the cell of a plain value of JSON says."""
    return "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)


@pytest.mark.parametrize("name", LISTS + THINGS)
def test_a_table_says_what_json_says(client, office, name):
    query = "?q=office" if name == "search" else ""
    answer = client.get(f"/api/v1/{name}/{query or '?'}{'&limit=200' if name in LISTS[:7] else ''}").json()
    items = answer.get("results", [answer])
    table = rows_of_csv(raw(client, f"/api/v1/{name}.csv{query}"))
    assert table == rows_of_xlsx(raw(client, f"/api/v1/{name}.xlsx{query}"))
    assert len(table) == len(items) == answer.get("count", 1)
    for row, item in zip(table, items, strict=True):
        for member, value in item.items():
            if member in row and not isinstance(value, list | dict):
                assert row[member] == said(value)
            elif isinstance(value, dict) and "slug" in value:
                assert (row[f"{member}_slug"], row[f"{member}_name"]) == (value["slug"], value["name"])
        cited = [f"{each['source']['slug']}#{each['passage']}" for each in item.get("citations", ())]
        assert row.get("citations", "").split() == list(dict.fromkeys(cited))


def test_a_page_and_its_suffix_give_the_same_table_and_accept_does_too(client, office):
    by_suffix = headers_of(client, "/units.csv")
    assert by_suffix["Content-Type"] == "text/csv; charset=utf-8; header=present"
    assert 'filename="ai-office-directory-2024-06-16.1-units.csv"' in by_suffix["Content-Disposition"]
    whole = raw(client, "/units.csv")
    for accept in ("text/csv", f"text/html;q=0.5, {XLSX};q=0.1, text/csv"):
        assert raw(client, "/units/", accept=accept) == whole
    assert headers_of(client, "/units/", accept=XLSX)["Content-Type"] == XLSX


def test_filters_members_and_parts_are_those_of_the_list(client, office):
    [header, *rows] = cells_of(
        raw(client, "/tasks.csv?part=coordinates&fields=text,owner").decode().removeprefix("\ufeff")
    )
    assert header == ["text", "owner_slug", "owner_name", "owner_kind"]
    assert len(rows) == client.get("/tasks.json?part=coordinates").json()["count"]
    address = "/tasks.xlsx?part=coordinates&limit=1"
    answer = headers_of(client, address)
    assert (
        'filename="ai-office-directory-2024-06-16.1-tasks-limit-1-part-coordinates.xlsx"'
        in answer["Content-Disposition"]
    )
    sheets = sheets_of(raw(client, address))
    assert len(sheets["tasks"]) == 2
    about = {row[0]: row[1] for row in sheets["About"]}
    assert about["Filters"] == "limit: 1\npart: coordinates"
    assert about["SHA-256 of its document"] == office.edition.sha256


@pytest.mark.parametrize(
    "path", ["units.csv?fields=lft", "posts.xlsx?fields=people", "units.csv?kind=x", "units.csv?limit=0"]
)
def test_what_is_wrong_is_told_in_json(client, office, path):
    refused = client.get(f"/{path}")
    assert (refused.status_code, refused["Content-Type"]) == (400, "application/problem+json")


def test_a_table_of_units_within_units_is_refused(client, office):
    assert client.get("/api/v1/tree.csv?shape=nested").json()["parameter"] == "shape"


def test_what_is_no_table_says_what_it_is(client, office):
    refused = client.get("/api/v1/people/", headers={"accept": "text/csv"})
    assert (refused.status_code, refused.json()["allowed"]) == (406, ["application/json"])
    assert client.get("/people.csv").status_code == client.get("/api/v1/changes.xlsx").status_code == 404


@pytest.mark.parametrize("suffix", ["csv", "xlsx"])
def test_whoever_has_a_table_already_gets_304_and_nothing_is_made(client, office, monkeypatch, suffix):
    etag = headers_of(client, f"/posts.{suffix}")["ETag"]
    monkeypatch.setattr("units.api.renderers.Csv.response", None)
    monkeypatch.setattr("units.api.renderers.Xlsx.response", None)
    for known in (etag, "*"):
        again = client.get(f"/posts.{suffix}", headers={"if-none-match": known})
        assert (again.status_code, again["ETag"]) == (304, etag)
    assert client.get(f"/posts.{suffix}", headers={"if-match": '"x"'}).status_code == 412
    assert client.head(f"/posts.{suffix}")["ETag"] == etag


def test_a_workbook_of_too_many_rows_is_refused_and_csv_is_not(client, office, monkeypatch):
    monkeypatch.setattr("units.api.renderers.Xlsx.longest", 5)
    assert "at most 5" in client.get("/units.xlsx").json()["detail"]
    assert headers_of(client, "/units.xlsx?limit=5").status_code == 200
    assert len(rows_of_csv(raw(client, "/units.csv"))) == 7


def test_nobody_is_in_a_table(client, office):
    person = Person.objects.create(name="Ada Example")
    Appointment.objects.create(person=person, post=office.head.slug, source="A decision")
    PostPublicity.objects.create(post=office.head.slug, reason="The public elects to know")
    assert b"Ada Example" in client.get("/posts.json").content
    for name in [*LISTS[:-1], *THINGS, f"posts/{office.head.slug}"]:
        assert b"Ada" not in raw(client, f"/api/v1/{name}.csv"), name
    assert "Ada" not in str(sheets_of(raw(client, "/posts.xlsx")))
    assert client.get(f"/search.json?q={quote('Ada Example')}").json()["people"]
    assert rows_of_csv(raw(client, f"/search.csv?q={quote('Ada Example')}")) == []


def test_no_formula_that_an_edition_holds_is_alive_in_its_tables(client, db, small_document):
    [root] = small_document["units"]
    for number, payload in enumerate(PAYLOADS):
        unit = {"slug": f"unit-{number}", "name": payload, "kind": "unit", "purpose": payload}
        root["units"].append(
            unit | {"aliases": [{"name": "first"}, {"name": payload}], "cites": root["cites"]}
        )
    published(small_document)
    whole = raw(client, "/units.csv")
    rows = rows_of_csv(whole)[-len(PAYLOADS) :]
    assert [row["name"] for row in rows] == [row["purpose"] for row in rows] == PAYLOADS
    assert [row["aliases"] for row in rows] == [f"first\n{payload}" for payload in PAYLOADS]
    assert rows_of_xlsx(raw(client, "/units.xlsx")) == rows_of_csv(whole)
    cells = [cell for row in cells_of(whole.decode().removeprefix("\ufeff")) for cell in row]
    assert not [cell for cell in cells if cell.lstrip(' "').startswith(BEGINS)]


def test_memory_stays_flat_while_a_long_list_is_sent(client, db):
    size = 10_000 if LENGTH > 1 else 1_500
    published(institution(size))
    client.get("/units.csv?limit=1").close()
    sending = iter(client.get("/units.csv").streaming_content)
    for _ in range(3):
        next(sending)
    tracemalloc.start()
    try:
        sent = [part.count(b"\r\n") for part in sending]
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert sum(sent) > size - 500
    assert peak < 6_000_000  # of 5 MB or more for each thousand, were they kept
