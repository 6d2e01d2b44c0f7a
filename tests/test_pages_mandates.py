"""The pages of tasks, bodies, initiatives and dates, and the calendar."""

import re
from datetime import date

import pytest
from icalendar import Calendar

from tests.reading import published, text_of


def test_every_task_is_shown_with_its_owner_and_its_part(client, office):
    response = client.get("/tasks/")
    page = text_of(response)
    assert re.search(r"Regulation and Compliance Unit .{0,9}coordinates Coordinates the regulatory", page)
    assert (
        page.index("Has a key role")
        < page.index("Ensures scientific")
        < page.index("Identifies the systemic")
    )
    assert "Keeps up a strong link with the scientific community" in page
    assert response.content.count(b'class="statement"') == 38


@pytest.mark.parametrize(
    ("query", "number"),
    [
        ("owner=ai-safety", 3),
        ("owner=lead-scientific-adviser", 1),
        ("owner=advisory-forum", 1),
        ("part=coordinates", 3),
        ("owner=ai-office&part=coordinates", 1),
        ("theme=general-purpose+models", 1),
        ("owner=&part=&theme=", 38),
        ("owner=nobody", 0),
        ("theme=%3Cscript%3E", 0),
    ],
)
def test_tasks_are_chosen_by_owner_part_and_theme(client, office, query, number):
    response = client.get(f"/tasks/?{query}")
    assert response.content.count(b'class="statement"') == number
    assert ("No task in this edition fits" in text_of(response)) == (number == 0)
    assert b"<script>" not in response.content


def test_a_part_that_no_task_has_is_refused(client, office):
    response = client.get("/tasks/?part=employs")
    assert response.status_code == 400
    assert "“part” takes one of: responsible, coordinates, contributes, supports." in text_of(response)


@pytest.mark.parametrize("page", ["0", "-1", "x", "1.5", "", "٢", "9999999"])
def test_a_page_number_that_is_none_is_refused(client, office, page):
    response = client.get(f"/tasks/?page={page}")
    assert response.status_code == 400
    assert "“page” takes one number" in text_of(response)


def test_long_lists_come_in_parts_that_keep_what_was_chosen(client, db, small_document):
    left = small_document["units"][0]["units"][0]
    left["statements"] = [left["statements"][0] | {"slug": f"task-{n}"} for n in range(120)]
    published(small_document)
    page = client.get("/tasks/?on=2025-02-02&part=coordinates&page=2").content.decode()
    assert page.count('class="statement"') == 50
    assert 'rel="prev" href="?on=2025-02-02&amp;part=coordinates"' in page
    assert 'rel="next" href="?on=2025-02-02&amp;part=coordinates&amp;page=3"' in page
    assert client.get("/tasks/?page=4").status_code == 404


def test_a_body_shows_who_sits_there_and_who_works_with_it(client, office):
    page = text_of(client.get("/bodies/european-artificial-intelligence-board/"))
    assert "Who sits there: representatives of Member States" in page
    assert re.search(r"Who works with it .{0,30}AI Office Works closely with the Board", page)
    assert "by the end of June 2024" in page


def test_an_initiative_shows_who_has_a_part_in_it_and_what_belongs_to_it(client, office):
    page = text_of(client.get("/initiatives/european-support-structures-for-ai-uptake/"))
    assert "AI Office Opens the way to sandboxes" in page
    assert "What belongs to it instrument Regulatory sandboxes" in page


def test_a_statement_links_to_the_body_and_the_initiative_that_it_is_about(client, office):
    page = client.get("/units/ai-office/").content.decode()
    assert 'href="/bodies/european-artificial-intelligence-board/"' in page
    assert 'href="/initiatives/codes-of-practice/"' in page


def test_dates_stand_in_order_and_relative_ones_below_what_they_are_counted_from(client, office):
    page = client.get("/timeline/").content.decode()
    slugs = re.findall(r'<li id="milestone-([a-z-]+)"', page)
    assert slugs[0] == "ai-act-proposed"
    assert slugs.index("structure-takes-effect") < slugs.index("first-meeting-of-the-board")
    assert slugs[-4:] == [
        "ai-act-enters-into-force",
        "guidelines-on-the-ai-system-definition-due",
        "guidelines-on-the-prohibitions-due",
        "codes-of-practice-due",
    ]


def test_each_date_says_how_sure_and_how_exact_it_is_as_of_which_day(client, office):
    page = text_of(client.get("/timeline/"))
    assert "As of 29 May 2024" in page
    assert re.search(
        r"16 June 2024 The Office’s structure takes effect .{0,12}planned exact to the day", page
    )
    assert re.search(
        r"29 May 2024 The Commission unveiled the AI Office .{0,12}stated as a fact · exact", page
    )
    assert "exact to the month, not stated but inferred: year" in page
    assert "counted from another date, no date of its own · about Codes of practice" in page


def test_the_calendar_holds_the_dates_of_an_exact_day_and_no_others(client, office):
    response = client.get("/timeline.ics")
    assert response.headers["Content-Type"] == "text/calendar; charset=utf-8"
    events = Calendar.from_ical(response.content).walk("VEVENT")
    assert [event["dtstart"].dt for event in events] == [date(2024, 5, 29), date(2024, 6, 16)]
    assert [event["dtend"].dt for event in events] == [date(2024, 5, 30), date(2024, 6, 17)]
    assert events[1]["uid"] == "structure-takes-effect@127.0.0.1"
    assert events[1]["status"] == "TENTATIVE"
    assert "As of 29 May 2024: planned." in events[1]["description"]


def test_the_calendar_is_written_as_rfc_5545_wants_it(client, db, small_document):
    small_document["milestones"] = [
        small_document["milestones"][1]
        | {"date": "2025-03-04", "bound": "on", "text": "Ça; va, à " + "é" * 90}
    ]
    del small_document["milestones"][0]["inferred"]
    published(small_document)
    lines = client.get("/timeline.ics").content.split(b"\r\n")
    assert all(len(line) <= 75 and b"\n" not in line for line in lines)
    assert any(line.startswith("SUMMARY:Ça\\; va\\, à".encode()) for line in lines)


def test_empty_lists_say_so(client, db, small_document):
    del small_document["milestones"], small_document["initiatives"]
    small_document["units"][0]["units"][0].pop("statements")
    published(small_document)
    for page in ("tasks", "bodies", "initiatives", "timeline"):
        assert "The sources of this edition name no" in text_of(client.get(f"/{page}/")), page
