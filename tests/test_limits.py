"""How much a request may be: what is more is refused at once, with a sentence and never with a fault."""

import json
import time

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from aioffice.wsgi import Handler
from tests.conftest import ROOT
from tests.editing import start
from tests.fuzzing import Site, environ_of
from tests.reading import text_of
from units import limits
from units.models import Upload

# Seconds of work. The clock would also count what else the machine does: on a busy one everything takes long.
AT_ONCE = 0.05
CHECK = "/admin/units/edition/check/"


def said(answer):
    """Return the sentence of a refusal, for people or for programs."""
    if answer.headers["Content-Type"] == "application/problem+json":
        return answer.json()["detail"]
    return text_of(answer)


def refused(ask, status):
    """Return the sentence of the refusal that `ask` makes, which has to come at once.

    It may ask again: the first time is slower.
    """
    for _ in range(3):
        begun = time.thread_time()
        answer = ask()
        took = time.thread_time() - begun
        assert answer.status_code == status
        if took < AT_ONCE:
            return said(answer)
    pytest.fail(f"That took {took:.3f} s.")


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("q=" + "x" * limits.LONGEST_QUERY, "too long"),
        ("&".join(["q=x"] * 2_000), "too long"),
        ("q=%00", "(NUL)"),
        ("q=%FF", "not UTF-8"),
        ("q=%ED%A0%80", "not UTF-8"),
        ("\xff", "not UTF-8"),
    ],
)
def test_a_query_that_can_not_be_meant(client, office, query, words):
    for base in ("/units/", "/units.ttl", "/chart.pdf", "/api/v1/units/", "/admin/units/unit/"):
        assert words in refused(lambda base=base: client.get(base, QUERY_STRING=query), 400)


@pytest.mark.parametrize(
    ("path", "words"),
    [("/" + "x" * limits.LONGEST_PATH, "too long"), ("/units/a%01b/", "control"), ("/%0A", "control")],
)
def test_a_path_that_can_not_be_meant(client, office, path, words):
    assert words in refused(lambda: client.get(path), 400)
    assert words in refused(lambda: client.get(f"/api/v1{path}"), 400)


def test_a_path_that_is_not_utf_8_leads_nowhere(client, office):
    assert "There is no page" in refused(lambda: client.get("/units/%FF/"), 404)


@pytest.mark.parametrize("header", ["accept", "if-none-match", "cookie", "referer", "range", "x-anything"])
def test_a_header_that_is_too_long(client, office, header):
    long = {header: "a" * (limits.LONGEST_HEADER + 1)}
    for base in ("/units/", "/api/v1/units/", "/admin/"):
        assert f"The header {header.title()} " in refused(
            lambda base=base: client.get(base, headers=long), 431
        )


@pytest.mark.parametrize(
    "headers",
    [
        *(
            {"accept": each}
            for each in ("/", ";;;", "a/b;q=x", ",,,,", "*", "application/json;" + "a=b;" * 1_900)
        ),
        *({"if-none-match": each} for each in ('"unclosed', 'W/"x', ",,,", '"a",' * 1_900)),
        *({"range": each} for each in ("bytes=5-1", "bytes=-", "lines=1-2", "bytes=0-0,1-1," * 500)),
        *({"if-modified-since": each} for each in ("yesterday", "Mon, 99 Jan 99999 00:00:00 GMT")),
        *({"cookie": each} for each in ("=;=", "sessionid=" + "x" * 7_000, 'a="\\', "csrftoken=\xff")),
        {"host": "testserver:80"},
        {"x-forwarded-for": "1" * 5_000, "forwarded": "for=x", "x-http-method-override": "DELETE"},
    ],
)
def test_an_odd_header_is_no_fault_and_costs_nothing(client, office, headers):
    for base in ("/units/", "/units.jsonld", "/vocabulary", "/chart.svg", "/static/units/site.css"):
        begun = time.thread_time()
        answer = client.get(base, headers=headers)
        assert answer.status_code < 500
        assert time.thread_time() - begun < 1
        b"".join(answer)  # files are sent piece by piece


def test_a_host_that_this_site_has_not(client, office):
    for host in ("elsewhere.example", "a b", "testserver:port", "[::1", "testserver\x01"):
        assert "not reached by the host" in refused(
            lambda host=host: client.get("/", headers={"host": host}), 400
        )


@pytest.fixture
def server():
    """A function that asks as a server does: (path, cookie, more of the WSGI environment) → status, page."""
    site = Site(Handler())
    yield lambda path, cookie="", **more: site.ask(environ_of(path.encode(), cookie, **more))
    site.close()


@pytest.mark.parametrize("charset", ["rot13", "utf-16", "idna", "latin-1", "base64"])
def test_a_body_in_another_charset(server, db, charset):
    kind = f"text/plain; charset={charset}"
    status, page = server("/units/", CONTENT_TYPE=kind, QUERY_STRING="q=x")
    assert (status, "has to be UTF-8" in page.decode()) == (415, True)


class Unread:
    """A body that nobody may read."""

    def read(self, *args):
        pytest.fail("The body was read.")

    readline = read


@pytest.mark.parametrize(
    ("address", "most", "who"),
    [
        ("/admin/login/", limits.LARGEST_BODY, "nobody"),
        ("/admin/units/unit/tree/", limits.LARGEST_BODY, "editor"),
        (CHECK, limits.LARGEST_BODY, "nobody"),
        (CHECK, limits.LARGEST_DOCUMENT, "editor"),
        ("/admin/units/edition/1/table/", limits.LARGEST_BODY, "nobody"),
        ("/admin/units/edition/1/table/", limits.LARGEST_TABLE, "editor"),
    ],
)
def test_a_body_that_is_too_large_is_not_read(server, editor, address, most, who):
    cookie = f"sessionid={editor.cookies['sessionid'].value}" if who == "editor" else ""
    sent = {
        "wsgi.input": Unread(),
        "CONTENT_LENGTH": str(most + 1),
        "CONTENT_TYPE": "multipart/form-data; boundary=x",
    }
    begun = time.thread_time()
    status, page = server(address, cookie, REQUEST_METHOD="POST", **sent)
    assert time.thread_time() - begun < 10 * AT_ONCE  # the first is slower
    assert (status, f"at most {most // 1_000_000} MB can be sent here" in page.decode()) == (413, True)


def test_a_body_with_a_page_that_is_only_read(client, office):
    for address in ("/units/", "/api/v1/units/"):
        ask = {"CONTENT_LENGTH": str(limits.LARGEST_BODY + 1)}
        assert "too much" in refused(lambda address=address, ask=ask: client.get(address, **ask), 413)


def test_a_body_in_chunks_or_without_a_length(editor):
    chunked = {"HTTP_TRANSFER_ENCODING": "chunked", "CONTENT_LENGTH": ""}
    assert "in chunks" in refused(lambda: editor.generic("POST", CHECK, **chunked), 411)
    for length in ("-1", "x", "1.5", "9" * 30, "\xb2"):
        odd = {"CONTENT_LENGTH": length}
        assert "Content-Length" in refused(lambda odd=odd: editor.generic("POST", CHECK, **odd), 400)


def test_a_form_of_too_many_fields_or_too_much_text(editor, settings):
    address = "/admin/units/edition/start/"
    settings.DATA_UPLOAD_MAX_NUMBER_FIELDS = 100
    fields = {f"f{n}": "" for n in range(101)}
    assert "more than 100 fields" in refused(lambda: editor.post(address, fields), 413)
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 10_000
    assert "more text" in refused(lambda: editor.post(address, {"why": "x" * 10_001}), 413)
    files = {f"f{n}": SimpleUploadedFile("f", b"x") for n in range(6)}
    assert "More files" in refused(lambda: editor.post(address, files), 413)
    broken = "multipart/form-data"
    assert "can’t be read" in refused(lambda: editor.generic("POST", address, b"x", broken), 400)


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (b"[" * 100_000, "nested too deeply"),
        (b'{"a":' * 100_000, "nested too deeply"),
        (b"[" * 100 + b"1" + b"]" * 100, "This is not"),
        (b"9" * 5_000, "too many digits"),
        (b"\xff\xfe", "not UTF-8"),
        (b"{", "not JSON"),
    ],
)
def test_a_document_that_no_parser_should_meet(editor, raw, words):
    def ask():
        return editor.post(CHECK, {"document": SimpleUploadedFile("d.json", raw)})

    assert words in refused(ask, 422)
    assert not Upload.objects.exists()


def test_a_document_whose_units_are_nested_too_deeply(editor, small_document):
    unit = small_document["units"][0]
    for n in range(60):
        unit["units"] = [{"slug": f"u{n}", "name": "U", "kind": "unit", "cites": unit["cites"]}]
        unit = unit["units"][0]
    raw = json.dumps(small_document).encode()
    answer = editor.post(CHECK, {"document": SimpleUploadedFile("d.json", raw)})
    assert answer.status_code == 422
    assert "deeper than 50 levels" in text_of(answer)


@pytest.mark.parametrize("claimed", [201, 9_999_999_999])
def test_a_form_that_claims_more_sources_than_it_sends(editor, claimed):
    start(editor)
    sent = dict.fromkeys(("slug", "name", "citations-0-passage"), "") | {"kind": "unit"}
    rows = {"citations-TOTAL_FORMS": claimed, "citations-INITIAL_FORMS": 0}
    answer = editor.post("/admin/units/unit/add/", sent | rows)
    assert "at most 200" in text_of(answer)
    assert b"citations-199-note" in answer.content
    assert b"citations-200-note" not in answer.content


def test_a_file_of_too_many_rows(editor, monkeypatch):
    monkeypatch.setattr("units.admin.exchange.MOST_ROWS", 10)
    document = SimpleUploadedFile("d.json", b'[{"slug": 1}]' * 11)
    table = SimpleUploadedFile("t.csv", b"x\n" * 11)
    address = reverse("admin:units_edition_table", args=[start(editor).pk])
    for page, files in ((CHECK, {"document": document}), (address, {"table": table})):
        answer = editor.post(page, files)
        assert answer.status_code == 400
        assert "at most 10 rows" in text_of(answer)


def test_a_file_of_too_many_values_and_one_of_too_many_problems(editor, monkeypatch):
    monkeypatch.setattr("units.documents.checking.MOST_PROBLEMS", 50)
    for nonsense in (b"null", b"[]"):
        file = SimpleUploadedFile("d.json", b'{"units":[' + b",".join([nonsense] * 500) + b"]}")
        page = text_of(editor.post(CHECK, {"document": file}))
        assert "Nothing was stored" in page
        assert "units[400]" not in page
    monkeypatch.setattr("units.admin.exchange.MOST_VALUES", 5)
    answer = editor.post(CHECK, {"document": SimpleUploadedFile("d.json", b"[[],[],[],[],[]]")})
    assert answer.status_code == 400
    assert "too much in this file" in text_of(answer)


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("/tasks/?page=0", "takes one number"),
        ("/tasks/?page=9999999", "takes one number"),
        (f"/tasks/?page={'9' * 3_000}", "takes one number"),
        ("/api/v1/units/?limit=201", "from 1 to 200"),
        ("/api/v1/units/?offset=1000001", "from 0 to 1000000"),
        ("/units.jsonld?limit=201", "from 1 to 200"),
        ("/chart/?depth=9999", "“depth” takes"),
        ("/chart.png?depth=9999", "“depth” takes"),
        ("/units/ai-office/chart.pdf?close=" + ",".join(map(str, range(51))), "names of units"),
        (f"/search/?q={'x' * 201}", "at most"),
    ],
)
def test_a_part_of_a_list_that_is_too_large_or_too_far(client, office, address, words):
    assert words in refused(lambda: client.get(address), 400)


def test_the_manual_names_these_limits(settings):
    text = (ROOT / "docs" / "manual.md").read_text()
    for number in (
        limits.LONGEST_PATH,
        limits.LONGEST_QUERY,
        limits.LONGEST_HEADER,
        limits.MOST_ROWS,
        20_000,
    ):
        assert f"{number:,}" in text
    for size in (limits.LARGEST_BODY, limits.LARGEST_DOCUMENT, limits.LARGEST_TABLE):
        assert f"{size // 1_000_000} MB" in text
    assert settings.DATA_UPLOAD_MAX_NUMBER_FIELDS == 20_000
    assert f"{settings.DATA_UPLOAD_MAX_MEMORY_SIZE / 1_000_000} MB" in text
    assert f"{settings.DATA_UPLOAD_MAX_NUMBER_FILES} files" in text
