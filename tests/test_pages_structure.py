"""The pages of units, posts and people: their history, and what they say once they are gone."""

import pytest

from tests.reading import published, text_of
from units.models import Appointment, Person, PostPublicity


@pytest.fixture
def renamed(db, small_document):
    """A unit `left` in a first edition, renamed and moved in a second, followed by `lefter` in a third."""
    published(small_document)
    root = small_document["units"][0]
    left = root["units"].pop(0) | {"name": "Left and more"}
    left["statements"][0]["slug"] = "measure-hail"
    root["units"][0]["units"] = [left]
    published(small_document, effective_on="2025-03-01")
    root["units"][0]["units"] = [left | {"slug": "lefter", "name": "Lefter", "replaces": ["left"]}]
    published(small_document, effective_on="2025-06-01")


def test_units_are_listed_as_a_tree_in_the_order_of_the_source(client, office):
    page = text_of(client.get("/units/"))
    assert "The European Commission and 6 units below it" in page
    assert page.index("Regulation and Compliance Unit") < page.index("AI for Societal Good Unit")


def test_a_unit_tells_what_became_of_it_with_links_to_the_differences(client, renamed):
    response = client.get("/units/left/?on=2025-03-01")
    page = text_of(response)
    assert "1 June 2025 Is no longer part of the chart." in page
    assert "Named Left and more , part of Right unit, 1 task. New name Moved New task:" in page
    assert "1 January 2025 Named Left unit , part of The institution, 1 task." in page
    assert "/editions/2025-01-01.1/diff/2025-03-01.1/?on=2025-03-01" in response.content.decode()


def test_an_edition_that_changed_nothing_of_a_unit_is_not_in_its_history(client, renamed):
    assert text_of(client.get("/units/root/")).count("Named The institution") == 1


def test_a_unit_that_is_gone_says_until_when_and_what_follows_it(client, renamed):
    response = client.get("/units/left/")
    assert response.status_code == 404
    assert "Left and more Existed until 1 June 2025, followed by Lefter ." in text_of(response)
    assert 'href="/units/lefter/"' in response.content.decode()
    assert 'href="/editions/2025-03-01.1/units/left/"' in response.content.decode()


def test_a_unit_that_follows_another_says_so_and_links_to_it(client, renamed):
    response = client.get("/units/lefter/")
    assert "Follows Left and more" in text_of(response)
    assert 'href="/editions/2025-03-01.1/units/left/"' in response.content.decode()


def test_a_unit_that_is_only_in_a_later_edition_says_from_when(client, renamed):
    response = client.get("/units/lefter/?on=2025-02-01")
    assert response.status_code == 404
    assert "Is in the chart from 1 June 2025, and not yet in this edition." in text_of(response)


def test_what_was_not_known_on_that_day_is_not_told(client, renamed):
    # All three editions are published today: yesterday the site knew none of them.
    assert client.get("/units/lefter/?on=2025-02-01&known=2025-01-01").status_code == 404


def test_a_unit_with_very_many_tasks_shows_some_and_the_way_to_all(client, db, small_document):
    left = small_document["units"][0]["units"][0]
    left["statements"] = [left["statements"][0] | {"slug": f"task-{n}"} for n in range(200)]
    published(small_document)
    response = client.get("/units/left/")
    assert response.content.count(b'class="statement"') == 50
    assert "All 200 tasks" in text_of(response)
    assert "/tasks/?owner=left" in response.content.decode()


def test_units_below_come_in_parts_of_a_list(client, db, small_document):
    root = small_document["units"][0]
    root["units"] = [root["units"][1] | {"slug": f"unit-{n}", "name": f"Unit {n}"} for n in range(120)]
    published(small_document)
    first, third = client.get("/units/root/"), client.get("/units/root/?page=3")
    assert "?page=2" in first.content.decode()
    assert "Unit 119" in text_of(third)
    assert "Next" not in text_of(third)
    assert client.get("/units/root/?page=4").status_code == 404


def test_a_flat_chart_is_shown_as_far_as_a_page_goes_and_counts_the_rest(client, db, small_document):
    root = small_document["units"][0]
    root["units"] = [root["units"][1] | {"slug": f"unit-{n}", "name": f"Unit {n}"} for n in range(1000)]
    published(small_document)
    assert "881 more units" in text_of(client.get("/"))
    assert "701 more units" in text_of(client.get("/units/"))


def test_a_post_shows_its_unit_its_holder_and_its_tasks(client, office):
    page = text_of(client.get("/posts/lead-scientific-adviser/"))
    assert "Advises AI Office" in page
    assert "Holder not stated in the source" in page
    assert "Ensures scientific excellence" in page


def test_a_person_is_named_on_pages_of_a_day_and_never_on_permanent_ones(client, office):
    person = Person.objects.create(name="Ada Example")
    Appointment.objects.create(person=person, post="head-of-the-ai-office", source="A notice")
    PostPublicity.objects.create(post="head-of-the-ai-office", reason="It leads the Office")
    for address in ("/people/", "/posts/head-of-the-ai-office/", "/units/ai-office/"):
        assert "Ada Example" in text_of(client.get(address)), address
        assert "Ada Example" not in text_of(client.get(f"/editions/2024-06-16.1{address}")), address


def test_without_a_mark_nobody_is_named(client, office):
    Appointment.objects.create(person=Person.objects.create(name="Ada Example"), post="head-of-the-ai-office")
    assert text_of(client.get("/people/")).count("not stated in the source") == 3


def test_an_edition_without_posts_says_so(client, db, small_document):
    published(small_document)
    assert "name no post" in text_of(client.get("/posts/"))
    assert "name no post" in text_of(client.get("/people/"))
