"""The chart by itself: files that can be cited, a page for frames, and what no name and no depth breaks."""

import re
from datetime import date

import pytest

from bench.institutions import institution
from tests.charts import DRAWN, SVG, in_drawing, in_outline, parsed
from tests.reading import published, text_of
from units.chart.lists import list_of, table_of
from units.chart.markdown import markdown_of, written
from units.chart.outline import Node
from units.chart.state import State
from units.chart.svg import Drawing, svg_of
from units.chart.tree import Chart
from units.drafts import document_of_edition
from units.models import Edition, Unit

RLO = "\u202e"


@pytest.mark.parametrize("file", ["/chart.svg", "/chart.md", "/chart/embed/"])
def test_what_would_be_too_large_is_refused_in_a_sentence(client, db, file):
    published(institution(600))
    response = client.get(f"{file}?depth=all")
    assert response.status_code == 400
    assert "Draw fewer levels by “depth”, or one branch by “root”" in text_of(response)
    assert client.get(file).status_code == 200


def test_a_drawing_is_whole_in_itself(client, office):
    response = client.get("/chart.svg")
    assert response.headers["Content-Type"] == "image/svg+xml"
    assert response.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    svg = parsed(response.content)
    assert svg.find(f"{SVG}title").text == "Chart of the European Commission"
    assert "16 June 2024" in svg.find(f"{SVG}desc").text
    for element in svg.iter():
        assert element.tag.removeprefix(SVG) in {
            "svg",
            "title",
            "desc",
            "g",
            "a",
            "rect",
            "text",
            "tspan",
            "path",
        }
        assert not {"style", "onload", "onclick"} & set(element.keys())
        assert element.get("href", "http").startswith("http"), element.get("href")
    ids = [element.get("id") for element in svg.iter() if element.get("id")]
    assert len(ids) == len(set(ids))


def test_the_same_edition_gives_the_same_bytes_at_each_of_its_addresses(client, office):
    digest = office.edition.sha256[:16]
    addresses = ["/chart.svg", "/chart.svg?on=2025-01-01", "/editions/2024-06-16/chart.svg"]
    addresses += ["/editions/2024-06-16.1/chart.svg", f"/editions/2024-06-16.1/chart-{digest}.svg"]
    assert len({client.get(address).content for address in addresses}) == 1
    branch = {
        client.get(f"/{path}").content for path in ["chart.svg?root=ai-office", "units/ai-office/chart.svg"]
    }
    assert len(branch) == 1


def test_the_address_to_cite_never_changes_and_refuses_another_hash(client, office):
    page = client.get("/chart/?root=ai-office&zoom=200").content.decode()
    [address] = re.findall(r'href="(/editions/[^"]*/chart-[0-9a-f]{16}\.svg[^"]*)"', page)
    assert address == f"/editions/2024-06-16.1/chart-{office.edition.sha256[:16]}.svg?root=ai-office"
    assert "immutable" in client.get(address).headers["Cache-Control"]
    assert "immutable" not in client.get(address.replace("16.1", "16")).headers["Cache-Control"]
    assert "immutable" not in client.get(f"{address}&compare=2024-06-16").headers["Cache-Control"]
    assert "immutable" in client.get(f"{address}&compare=2024-06-16.1").headers["Cache-Control"]
    for digest in ["0" * 16, office.edition.sha256[:15], "x"]:
        response = client.get(f"/editions/2024-06-16.1/chart-{digest}.svg")
        assert response.status_code == 404
        assert "another hash than the one in this address" in text_of(response)
        assert "immutable" not in response.headers["Cache-Control"]


def test_who_has_the_drawing_already_is_told_so_without_drawing(client, office, monkeypatch):
    first = client.get("/chart.svg?depth=1")
    assert first.headers["Cache-Control"] == "no-cache"
    monkeypatch.setattr("units.views.chart_files.chart_of", lambda *_: pytest.fail("drawn again"))
    again = client.get("/chart.svg?depth=1", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_another_state_has_another_etag(client, office):
    queries = ["", "?depth=1", "?root=ai-office", "?compare=2024-06-16.1"]
    assert len({client.get(f"/chart.svg{query}").headers["ETag"] for query in queries}) == len(queries)


def test_a_revision_with_the_content_of_an_earlier_one_has_an_etag_of_its_own(client, db, small_document):
    etags, hashes = set(), set()
    for _ in range(2):
        hashes.add(published(small_document).sha256)
        etags.add(client.get("/chart.svg").headers["ETag"])
    assert (len(hashes), len(etags)) == (1, 2)


def test_only_the_page_to_embed_may_be_framed(client, office):
    embed, page = client.get("/chart/embed/"), client.get("/chart/")
    assert "frame-ancestors *" in embed.headers["Content-Security-Policy"]
    assert "default-src 'none'" in embed.headers["Content-Security-Policy"]
    assert "X-Frame-Options" not in embed.headers
    assert embed.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert "frame-ancestors 'none'" in page.headers["Content-Security-Policy"]
    assert page.headers["X-Frame-Options"] == "DENY"
    assert client.get("/chart/embed/?root=nobody").headers["X-Frame-Options"] == "DENY"
    assert client.get("/chart/embed/?depth=x").headers["X-Frame-Options"] == "DENY"


def test_a_draft_is_drawn_for_editors_alone_and_never_kept(client, admin_client, draft):
    for path in ["chart/", "chart/table/", "chart.svg", "chart.md", "units/left/chart.svg"]:
        address = f"/editions/draft-{draft.pk}/{path}"
        assert client.get(address).status_code == 404
        response = admin_client.get(address)
        assert response.status_code == 200
        assert response.headers["Cache-Control"] == "no-store"
        assert response.headers["Cross-Origin-Resource-Policy"] == "same-origin"
        assert "ETag" not in response.headers
    for path in ["chart/embed/", "chart-.svg", f"chart-{'0' * 16}.svg"]:
        assert admin_client.get(f"/editions/draft-{draft.pk}/{path}").status_code == 404
    assert admin_client.get(f"/chart/?compare=draft-{draft.pk}").status_code == 404  # no edition in force
    published(document_of_edition(draft))
    assert admin_client.get(f"/chart/?compare=draft-{draft.pk}").status_code == 400


def test_a_thousand_levels_are_no_problem_for_any_rendering():
    node = None
    for level in reversed(range(1_000)):
        made = Unit(pk=level + 1, slug=f"level-{level}", name=f"Level {level}", kind="unit", lft=0, rght=1)
        node = Node(made, below=[node] if node else [])
    drawing = Drawing(Chart(Edition(effective_on=date(2025, 1, 1)), State(), node, node), Nowhere())
    assert len(in_drawing(svg_of(drawing))) == 1_000
    assert len(in_outline(markdown_of(drawing))) == 1_000
    assert sum(len(row.ends) for row in list_of(drawing)) == 999
    assert len(table_of(drawing.chart)) == 1_000


class Nowhere:
    """Links of a drawing that lead nowhere."""

    def thing(self, kind, slug):
        return f"https://directory.example/{kind}/{slug}"

    def state(self, state):
        return "https://directory.example/chart/"


NASTY = [
    "x" * 300,
    "</text></svg><script>alert(1)</script>",
    "&amp; \"quoted\" 'single'",
    f"{RLO}reversed",
    "وحدة تنظيم الذكاء الاصطناعي " * 4,
    "人工知能規制・コンプライアンス部" * 6,
    "e\u0301\u0323" * 40,
    "[link](javascript:alert(1)) `code` | # <b>",
    "\ufffe\uffff noncharacters",
]


@pytest.mark.parametrize("name", NASTY)
def test_a_nasty_name_breaks_no_rendering(name):
    unit = Unit(pk=1, slug="nasty", name=name + "\x08\x1b", kind="unit", lft=0, rght=1)
    node = Node(unit)
    drawing = Drawing(Chart(Edition(effective_on=date(2025, 1, 1)), State(), node, node), Nowhere())
    [drawn] = in_drawing(svg_of(drawing))
    forbidden = re.compile("[\x08\x1b\ufffd-\uffff\\s]")
    assert forbidden.sub("", drawn) == forbidden.sub("", name)
    assert {element.tag.removeprefix(SVG) for element in parsed(svg_of(drawing)).iter()} <= DRAWN
    assert len(markdown_of(drawing).split("\n- ")) == 2


def test_the_outline_takes_no_name_for_markdown():
    assert written("a [b](c) *d* <e> `f`\ng") == r"a \[b\](c) \*d\* \<e\> \`f\` g"
