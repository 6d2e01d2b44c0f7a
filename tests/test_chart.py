"""The chart: its renderings agree, its states have addresses, and differences are said in words."""

import gzip
import html
import re
from datetime import timedelta

import pytest
from django.utils import timezone

from bench.institutions import institution
from tests.charts import (
    CITES,
    SOURCES,
    SVG,
    chain,
    drawing_of,
    in_drawing,
    in_list,
    in_outline,
    in_table,
    parsed,
    unit,
)
from tests.reading import problems_of, published, text_of
from units.chart.state import LONGEST_QUERY, State
from units.chart.tree import AT_MOST


def states_of(page):
    return {html.unescape(link) for link in re.findall(r'href="([^"]*/chart/\?[^"]*)"', page)}


@pytest.mark.parametrize(
    "query", ["", "?root=ai-safety", "?depth=1", "?close=ai-office", "?find=robotics", "?on=2024-07-01"]
)
def test_all_renderings_show_the_same_units_in_the_same_order(client, office, query):
    page = client.get(f"/chart/{query}").content.decode()
    names = in_drawing(drawing_of(page))
    assert names[:2] == ["European Commission", "AI Office"]
    assert in_list(page) == names
    assert in_table(client.get(f"/chart/table/{query}").content.decode()) == names
    assert in_outline(client.get(f"/chart.md{query}").content.decode()) == names
    assert in_drawing(client.get(f"/chart.svg{query}").content.decode()) == names


@pytest.mark.parametrize("address", ["/chart/", "/chart/table/", "/chart.md", "/chart.svg", "/chart/embed/"])
def test_every_rendering_has_posts_and_bodies_with_labelled_links(client, office, address):
    text = " ".join(text_of(client.get(address)).split())
    for words in ["Head of the AI Office", "Lead Scientific Adviser", "Adviser for international affairs"]:
        assert words in text
    assert re.search(r"AI Office: works with", text)
    assert re.search(r"Scientific Panel.{0,160}no link stated|no link stated.{0,9} Scientific Panel", text)


def test_who_leads_stands_in_the_box_and_who_advises_beside_the_line(client, office):
    svg = parsed(client.get("/chart.svg").content)
    [box] = [g for g in svg.iter(f"{SVG}g") if g.get("id") == "box-ai-office"]
    frame, *advisers = [rect for rect in box.iter(f"{SVG}rect") if "face" in rect.get("class")]
    bottom = int(frame.get("y")) + int(frame.get("height"))
    lead = next(text for text in box.iter(f"{SVG}text") if "led by" in "".join(text.itertext()))
    assert int(lead[0].get("y")) < bottom
    assert len(advisers) == 2
    assert all(int(rect.get("y")) > bottom and rect.get("stroke-dasharray") for rect in advisers)


def test_every_state_is_one_click_away_and_answers(client, office):
    page = client.get("/chart/?on=2024-07-01&known=2030-01-01").content.decode()
    states = states_of(page)
    assert len(states) > 6
    for address in states:
        assert "?on=2024-07-01&known=2030-01-01" in address
        response = client.get(address)
        assert response.status_code == 200, address
        assert problems_of(response.content.decode()) == [], address


def test_a_branch_closes_and_opens_by_its_link(client, office):
    page = client.get("/chart/").content.decode()
    [close] = re.findall(r'aria-expanded="true"[^>]*|<a [^>]*id="fold-ai-office"[^>]*>', page)[1:2]
    closed = client.get("/chart/?close=ai-office").content.decode()
    assert 'href="/chart/?close=ai-office"' in close
    assert in_list(closed) == ["European Commission", "AI Office"]
    assert "▸ 5 units below" in closed
    assert 'href="/chart/?open=ai-office"' in closed
    assert in_list(client.get("/chart/?open=ai-office").content.decode())[2:]


def test_a_branch_by_itself_has_its_path_upwards(client, office):
    page = client.get("/chart/?root=ai-safety").content.decode()
    assert in_list(page) == ["European Commission", "AI Office", "Unit on AI safety"]
    assert "4 other units below" in page


def test_searching_opens_the_branch_and_marks_what_is_found_in_words(client, db):
    published(institution(600))
    page = client.get("/chart/?find=unit+599").content.decode()
    assert "1 unit found for “unit 599”" in text_of(client.get("/chart/?find=unit+599"))
    assert 'href="#box-unit-599"' in page
    assert 'id="box-unit-599"' in page
    assert ">found<" in page
    assert client.get("/chart/?find=nothing-of-that").content.decode().count("No unit here is called") == 1


def test_opening_a_deep_unit_opens_the_way_to_it_and_what_is_below_it(client, db):
    published({"units": [chain(20)], **SOURCES})
    assert in_list(client.get("/chart/?depth=1&open=level-9").content.decode())[-1] == "level-10"


def test_at_most_so_many_boxes_are_drawn_and_the_rest_is_counted(client, db):
    published(institution(1_500))
    page = client.get("/chart/?depth=all").content.decode()
    drawn = in_list(page)
    assert AT_MOST / 2 < len(drawn) <= AT_MOST
    assert f"At most {AT_MOST} are drawn at once" in text_of(client.get("/chart/?depth=all"))
    counts = re.findall(r">▸ (\d+) units? below<", page)
    parts = re.findall(r">[▾▸] (\d+) of (\d+) units below<", page)
    missing = sum(map(int, counts)) + sum(int(whole) - int(part) for part, whole in parts)
    assert missing + len(drawn) == 1_500


def test_a_flat_chart_is_drawn_in_part_and_counts_the_rest(client, db):
    published({"units": [unit("root", below=[unit(f"unit-{n}") for n in range(1_000)])], **SOURCES})
    page = client.get("/chart/").content.decode()
    assert len(in_list(page)) == 100
    assert "99 of 1000 units below" in page
    assert '<a rel="nofollow" href="/chart/?open=root">901 more units' in page
    more = client.get("/chart/?open=root").content.decode()
    assert len(in_list(more)) == AT_MOST
    assert '<a href="/units/root/#below">801 more units' in more
    assert in_list(client.get("/chart/?find=unit-998").content.decode())[-1] == "unit-998"


def test_very_long_names_are_drawn_fewer_at_once_and_never_refused_unasked(client, db):
    units = [unit(f"unit-{n}-{'x' * 100}", f"{n} {'long ' * 50}".strip()) for n in range(200)]
    published({"units": [unit("root", below=units)], **SOURCES})
    page = client.get("/chart/?depth=all")
    assert len(gzip.compress(page.content)) < 60_000
    assert 30 < len(in_list(page.content.decode())) < 100
    assert client.get("/chart.svg").status_code == 200
    assert client.get("/chart.svg?depth=1").status_code == 400


def test_what_differs_from_another_edition_is_said_at_each_unit(client, db, small_document):
    published(small_document)
    root = small_document["units"][0]
    left, _right = root["units"]
    posts = [{"slug": "head", "name": "Head", "role": "leads", "holder": "not-stated", "cites": CITES}]
    root["units"] = [left | {"name": "Left and more", "posts": posts, "units": [unit("new")]}]
    published(small_document, effective_on="2025-06-01")
    for address in ["/chart/", "/chart/table/", "/chart.md", "/chart.svg", "/chart/embed/"]:
        text = text_of(client.get(f"{address}?compare=2025-01-01.1")).replace("\\", "")
        assert "renamed, was: Left unit" in text, address
        assert "posts changed" in text, address
        assert re.search(r"new since ?2025-01-01.1", text), address
        assert "No longer in the chart: Right unit" in text or address == "/chart/table/"
        assert "renamed" not in text_of(client.get(address))


def test_a_unit_that_moved_says_where_it_was(client, db, small_document):
    published(small_document)
    root = small_document["units"][0]
    root["units"] = [root["units"][0] | {"units": [root["units"][1]]}]
    published(small_document, effective_on="2025-06-01")
    assert "moved, was in: The institution" in text_of(client.get("/chart/?compare=2025-01-01"))


def test_what_is_announced_and_not_yet_in_effect_is_marked_in_words(client, db, small_document):
    published(small_document)
    tomorrow = timezone.localdate() + timedelta(days=1)
    small_document["units"][0]["units"].append(unit("new", "New unit"))
    published(small_document, effective_on=tomorrow.isoformat())
    page = text_of(client.get(f"/editions/{tomorrow}/chart/"))
    assert page.count("announced, in effect from") == 2  # in the drawing and in the list
    assert "announced, in effect from" not in text_of(client.get(f"/chart/?on={tomorrow}"))
    # A file is the same before and after its day.
    assert "announced, in effect" not in text_of(client.get(f"/editions/{tomorrow}.1/chart.svg"))


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("depth=-1", "“depth” takes"),
        ("depth=abc", "“depth” takes"),
        ("depth=999999", "“depth” takes"),
        ("depth=٣", "“depth” takes"),
        ("depth=1&depth=2", "taken once"),
        ("open=" + ",".join(f"u{n}" for n in range(51)), "at most 50 names"),
        ("open=<script>", "at most 50 names"),
        ("close=%F0%9F%8D%AA", "at most 50 names"),
        ("find=" + "x" * 201, "at most 200 characters"),
        ("zoom=401", "“zoom” takes a whole number of percent from 10 to 400."),
        ("zoom=9", "“zoom” takes a whole number"),
        ("zoom=1e9", "“zoom” takes a whole number"),
        ("zoom=050", "“zoom” takes a whole number"),
        ("at=1", "“at” takes a point"),
        ("at=1,99999999", "“at” takes a point"),
        ("compare=yesterday", "“compare” takes an edition"),
        ("compare=2020-01-01", "There is no edition"),
        ("root=a%00b", "NUL"),
    ],
)
def test_a_value_that_can_not_be_read_is_refused_in_a_sentence(client, office, query, words):
    for address in ["/chart/", "/chart.svg"]:
        response = client.get(f"{address}?{query}")
        assert response.status_code == 400
        assert words in text_of(response)


@pytest.mark.parametrize("root", ["nothing", "%3Csvg%3E", "🍪", "a'b\"c", "../..", "x" * 900, "a%0D%0AX:y"])
def test_a_branch_that_is_not_there_is_answered_in_a_sentence(client, office, root):
    for address in ["/chart/", "/chart.svg", "/chart.md", "/chart/embed/", "/chart/table/"]:
        response = client.get(f"{address}?root={root}")
        assert response.status_code == 404
        assert "There is no unit" in text_of(response)
    for address in ["/chart.png", "/chart.pdf"]:  # the name of the file is in a header
        assert client.get(f"{address}?root={root}", headers={"if-none-match": "*"}).status_code == 404


def test_unknown_units_to_open_and_names_that_are_not_ours_are_ignored(client, office):
    assert client.get("/chart/?open=nobody,ai-office&close=nobody&fbclid=1&depth=40").status_code == 200


def test_a_branch_that_is_gone_says_until_when_it_existed(client, db, small_document):
    published(small_document)
    del small_document["units"][0]["units"][1]
    published(small_document, effective_on="2025-06-01")
    response = client.get("/chart.svg?root=right")
    assert response.status_code == 404
    assert "Existed until 1 June 2025" in text_of(response)


def test_a_deep_branch_is_drawn_with_both_ends_of_its_path(client, db):
    published({"units": [chain(50)], **SOURCES})
    assert "9 units below" in text_of(client.get("/chart/?depth=all"))
    deep = client.get("/chart/?root=level-48")
    assert "42 levels between" in text_of(deep)
    names = in_list(deep.content.decode())
    assert names == ["level-0", *(f"level-{level}" for level in range(43, 50))]
    assert client.get("/chart.svg?root=level-9&open=level-20,level-49").status_code == 200


def test_each_units_page_has_its_own_branch(client, office):
    page = client.get("/units/ai-office/").content.decode()
    names = in_drawing(drawing_of(page))
    assert names[:2] == ["European Commission", "AI Office"]
    assert len(names) == 7
    assert 'href="/chart/?root=ai-office"' in page
    assert in_drawing(drawing_of(client.get("/units/ai-safety/").content.decode()))[-1] == "Unit on AI safety"


def test_the_chart_is_in_the_navigation(client, office):
    assert '<a href="/chart/" aria-current="page">Chart</a>' in client.get("/chart/").content.decode()


def test_a_site_without_an_edition_says_so(client, draft):
    for address in ["/chart/", "/chart.svg", "/chart/embed/"]:
        response = client.get(address)
        assert response.status_code == 404
        assert "No edition has been published yet" in text_of(response)


def test_an_address_that_opens_too_much_is_refused_and_no_state_is_closed_for_ever(client, office):
    slugs = [f"{'x' * 68}-{number}" for number in range(49)]
    assert client.get("/chart/", {"open": ",".join(slugs)}).status_code == 400
    closed = State(open=tuple(slugs)).closed("ai-office")
    assert len(closed.query) <= LONGEST_QUERY
    assert client.get("/chart/", {"find": "a b c d e f g h i"}).status_code == 400


def test_that_no_link_is_stated_is_said_only_where_none_is(client, office):
    whole, top = (client.get(f"/chart.md{query}").content.decode() for query in ("", "?depth=0"))
    assert whole.count("no link stated") == top.count("no link stated") == 2
    assert top.count("linked with units that are not drawn") == 3


def test_a_name_of_blanks_is_drawn_too(client, db, small_document):
    small_document["units"][0]["name"] = "\u00a0"
    published(small_document)
    for address in ("/chart.svg", "/chart/embed/", "/chart/", "/chart.md"):
        assert client.get(address).status_code == 200
