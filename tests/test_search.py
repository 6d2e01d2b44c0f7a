"""Search: every word has to occur, in whatever case, in the edition that is asked."""

import pytest

from tests.reading import published, text_of
from units.models import Initiative, Unit


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("regulation compliance", "Units Regulation and Compliance Unit"),
        ("SAFETY ai UNIT", "Units Unit on AI safety"),
        ("ai safety unit", "AI Safety Unit"),
        ("lead adviser", "Posts Lead Scientific Adviser"),
        ("forum", "Bodies Advisory Forum"),
        ("ai board", "Bodies European Artificial Intelligence Board"),
        ("genai4eu", "Initiatives GenAI4EU"),
        ("systemic", "Identifies the systemic risks"),
    ],
)
def test_what_is_looked_for_is_found(client, office, query, words):
    assert words in " ".join(text_of(client.get("/search/", {"q": query})).split())


def test_a_statement_is_found_with_its_owner_and_its_part(client, office):
    response = client.get("/search/?q=systemic+risks")
    assert "Unit on AI safety · responsible" in text_of(response)
    assert "/units/ai-safety/#statement-systemic-risks" in response.content.decode()


def test_every_word_has_to_occur(client, office):
    page = text_of(client.get("/search/?q=systemic+zebra"))
    assert "Nothing in this edition has every word of “systemic zebra”." in page


def test_letters_with_accents_have_no_case_either(db, small_document):
    small_document["units"][0]["units"][0] |= {"name": "Unité École", "aliases": [{"name": "ÉCOLE NORMALE"}]}
    edition = published(small_document)
    for words in (["école"], ["ÉCOLE"], ["normale", "unité"]):
        assert [unit.slug for unit in Unit.objects.of(edition).called(words, 9)] == ["left"]


def test_signs_mean_themselves_and_the_insides_of_a_list_are_not_searched(office):
    for words in (["name"], ["editorial"], [".*"], ["("], ["\\"], ["%"], ["a|b"], ["[a-z]"]):
        assert Initiative.objects.of(office.edition).called(words, 9) == []


def test_an_empty_search_explains_itself(client, office):
    for query in ("", "?q=", "?q=%20"):
        assert "Every word has to occur" in text_of(client.get(f"/search/{query}"))


def test_a_search_that_is_too_long_is_refused(client, office):
    assert client.get("/search/", {"q": "x" * 200}).status_code == 200
    response = client.get("/search/", {"q": "x" * 201})
    assert response.status_code == 400
    assert "at most 200 characters" in text_of(response)


def test_what_is_looked_for_is_never_taken_for_html(client, office):
    assert b"<script" not in client.get("/search/?q=%3Cscript%3E").content


def test_a_search_keeps_to_the_day(client, db, small_document):
    published(small_document)
    page = client.get("/search/?q=rain&on=2025-02-02").content.decode()
    assert '<input type="hidden" name="on" value="2025-02-02">' in page
    assert "/initiatives/rain-year/?on=2025-02-02" in page
