"""Search: whoever asks in their own words gets what has to do with it first, and why."""

import xml.etree.ElementTree as ElementTree

import pytest
from django.core.management import call_command

from bench.questions import HALVES, score
from tests.conftest import ROOT
from tests.reading import published, text_of
from units.documents import load
from units.models import Appointment, Initiative, Person, PostPublicity, Synonym, Unit
from units.search import search
from units.search.answers import search_names
from units.search.meaning import forget_synonyms

pytestmark = pytest.mark.django_db


@pytest.fixture
def synonyms(db):
    call_command("load_synonyms", ROOT / "fixtures" / "synonyms.json", verbosity=0)
    forget_synonyms()


def first(edition, asked):
    answers = search(edition, asked).answers
    return answers[0].fact.slug if answers else None


@pytest.mark.parametrize("half", HALVES)
def test_questions_are_answered_rightly(office, synonyms, half):
    found = score(half, office.edition)
    assert found.three / found.asked >= 0.96, found.wrong
    assert found.first / found.asked >= 0.92, found.wrong


@pytest.mark.parametrize(
    ("asked", "slug"),
    [
        ("regulation compliance", "regulation-and-compliance"),
        ("SAFETY ai UNIT", "ai-safety"),
        ("robot", "excellence-in-ai-and-robotics"),  # as while one types
        ("sandbx", "regulatory-sandboxes"),
        ("complience", "regulation-and-compliance"),
        ("sceintific panel", "scientific-panel"),
        ("panel scientific", "scientific-panel"),
        ("who handels sandboxes", "ai-innovation-and-policy-coordination"),
        ("who supports sandboxes?", "ai-innovation-and-policy-coordination"),
        ("sandboxes", "regulatory-sandboxes"),
        ("EDIH", "european-digital-innovation-hubs"),
        ("fines", "regulation-and-compliance"),
        ("fiens", "regulation-and-compliance"),
        ("boss", "head-of-the-ai-office"),
        ("cancer", "ai-for-societal-good"),
        ("evaluating", "ai-safety"),
        ("when does the AI Act enter into force", "ai-act-enters-into-force"),
        ("16 June 2024", "structure-takes-effect"),
        ("IP/24/2982", "ip-24-2982"),
        ("Sándboxes", "regulatory-sandboxes"),
    ],
)
def test_what_is_meant_comes_first(office, synonyms, asked, slug):
    assert first(office.edition, asked) == slug


def test_an_answer_says_why_with_its_part_and_its_source(client, office):
    page = client.get("/search/?q=regulatory+sandboxes").content.decode()
    assert "AI Innovation and Policy Coordination Unit" in page
    assert '<span class="part supports">supports</span>' in page
    assert "Supports <mark>regulatory</mark> <mark>sandboxes</mark></a>" in page
    assert "/units/ai-innovation-and-policy-coordination/#statement-supporting-sandboxes" in page
    assert "passage 14" in text_of(client.get("/search/?q=regulatory+sandboxes"))


def test_what_somebody_is_responsible_for_counts_more_than_what_they_support(db, small_document):
    left, right = small_document["units"][0]["units"]
    task = left["statements"][0] | {"text": "Sees to umbrellas", "about": {"initiative": "rain-year"}}
    left["statements"] = [task | {"slug": "left-one", "part": "supports"}]
    right["statements"] = [task | {"slug": "right-one", "part": "responsible"}]
    assert first(published(small_document), "umbrellas") == "right"


def test_names_count_more_than_tasks_and_these_more_than_descriptions(db, small_document):
    left = small_document["units"][0]["units"][0]
    left["statements"][0]["text"] = "Counts umbrellas"
    small_document["units"][0]["units"][1] |= {"name": "Unit of umbrellas"}
    small_document["initiatives"][0]["description"] = "It is about umbrellas"
    answers = search(published(small_document), "umbrellas").answers
    assert [answer.fact.slug for answer in answers[:3]] == ["right", "left", "rain-year"]


def test_a_slip_is_said(client, office):
    assert "Nothing here is written “sandbx”; these have sandboxes ." in text_of(
        client.get("/search/?q=sandbx")
    )
    page = text_of(client.get("/search/?q=systemic+xylophones"))
    assert "Nothing here has “xylophones”, nor anything like it; these have the rest." in page


def test_where_nothing_is_found_the_way_on_is_shown(client, office):
    page = text_of(client.get("/search/?q=xylophones"))
    assert "Nothing in this edition has to do with “xylophones”." in page
    assert "who does what" in page
    assert "The nearest words in it:" in text_of(client.get("/search/?q=riskology"))


def test_kinds_are_counted_and_chosen(client, office):
    found = search(office.edition, "codes of practice")
    assert found.counts == {"unit": 1, "initiative": 1, "milestone": 1}
    page = text_of(client.get("/search/?q=codes+of+practice&kind=milestone"))
    assert "1 answer" in page
    assert "The codes of practice are due" in page
    assert client.get("/search/?q=codes&kind=zebra").status_code == 400


def test_long_lists_of_answers_have_pages(client, db, small_document):
    units = [small_document["units"][0]["units"][1] | {"slug": f"rain-{number}"} for number in range(30)]
    small_document["units"][0]["units"] += units
    published(small_document)
    one, two = (client.get(f"/search/?q=right+unit&page={page}") for page in (1, 2))
    assert 'rel="next"' in one.content.decode()
    assert "31 answers" in text_of(two)
    assert client.get("/search/?q=right+unit&page=3").status_code == 404


def test_the_api_gives_the_same_in_the_same_order(client, office, synonyms):
    for asked in ("sandboxes", "who handles fines", "AI Act", "experts"):
        page = client.get("/search/", {"q": asked})
        answer = client.get("/api/v1/search/", {"q": asked}).json()
        shown = [row.fact.slug for row in page.context["part"].rows]
        assert [result["slug"] for result in answer["results"]] == shown
        assert answer["count"] == page.context["found"].total
    first = answer["results"][0]
    assert first["citations"] or first["statements"][0]["citations"]


def test_the_api_says_the_reason_and_the_slip(client, office):
    answer = client.get("/api/v1/search/?q=sandbx&kind=unit&limit=1").json()
    assert answer["results"][0]["reason"] == "Supports regulatory sandboxes"
    assert answer["corrected"] == {"sandbx": ["sandboxes"]}
    assert answer["counts"] == {"unit": 2, "initiative": 1}
    assert client.get("/api/v1/search/").json()["detail"] == "“q” is missing."


def test_search_takes_few_queries(client, office, django_assert_max_num_queries):
    client.get("/search/?q=ai")
    for address in ("/search/?q=ai", "/search/?q=the+ai+office", "/api/v1/search/?q=ai&limit=200"):
        with django_assert_max_num_queries(8):
            assert client.get(address).status_code == 200


def test_each_kind_is_found_where_one_of_them_fills_the_whole_list(client, db, small_document):
    unit, initiative = small_document["units"][0]["units"][1], small_document["initiatives"][0]
    small_document["units"][0]["units"] += [
        unit | {"slug": f"unit-{number}", "name": "Umbrella unit"} for number in range(600)
    ]
    small_document["initiatives"] += [
        initiative | {"slug": f"plan-{number}", "name": f"Umbrella plan of the year {number}"}
        for number in range(30)
    ]
    published(small_document)
    answer = client.get("/api/v1/search/?q=umbrella&kind=initiative&limit=200").json()
    assert answer["count"] == len(answer["results"]) == 30
    assert answer["more"]
    assert "The best 530 answers" in text_of(client.get("/search/?q=umbrella"))


def test_a_word_that_is_nearly_everywhere_is_found_where_it_is_asked_for_alone(
    db, small_document, monkeypatch
):
    monkeypatch.setattr("units.search.ranking.FAR_TOO_MANY", 0)
    assert first(published(small_document), "measuring") == "left"


def test_a_search_keeps_to_the_day_and_the_edition(client, office, small_document):
    later = published(small_document)
    page = client.get("/search/?q=rain&on=2025-02-02").content.decode()
    assert '<input type="hidden" name="on" value="2025-02-02">' in page
    assert "/initiatives/rain-year/?on=2025-02-02" in page
    assert "rain-year" not in client.get("/search/?q=rain&on=2024-07-01").content.decode()
    assert f"/editions/{later.identifier}/initiatives/rain-year/" in (
        client.get(f"/editions/{later.identifier}/search/?q=rain").content.decode()
    )


def test_a_draft_is_searched_by_names_only(editor, small_document):
    draft = load(small_document | {"effective_on": "2030-01-01"})
    page = text_of(editor.get(f"/editions/{draft.identifier}/search/?q=left+unit"))
    assert "1 answer" in page
    nothing = text_of(editor.get(f"/editions/{draft.identifier}/search/?q=measuring"))
    assert "its tasks are searched once it is published" in nothing


def test_what_is_searched_by_names_finds_nothing_without_a_word_and_says_when_there_is_more(
    draft, monkeypatch
):
    assert search_names(draft, "?!").answers == []
    assert not search_names(draft, "unit").more
    monkeypatch.setattr("units.search.answers.MOST_NAMED", 1)
    assert search_names(draft, "unit").more


def test_somebody_is_found_by_name_as_long_as_that_may_be_told(client, office):
    person = Person.objects.create(name="Zoë Quillfeather")
    Appointment.objects.create(
        person=person, post=office.head.slug, starts_on="2024-06-16", source="A source"
    )
    assert "Quillfeather," not in text_of(client.get("/search/?q=Quillfeather"))
    PostPublicity.objects.create(post=office.head.slug, reason="It heads the Office")
    for asked in (
        "Quillfeather",
        "zoë quill",
        "ZOE quill",
        "zoe\u0308",
        "who is Zoë Quillfeather?",
        "head Quillfeather",
    ):
        page = text_of(client.get("/search/", {"q": asked}))
        assert "Zoë Quillfeather Head of the AI Office" in page
    [found] = client.get("/api/v1/search/?q=zo%C3%AB").json()["people"]
    assert found["name"] == "Zoë Quillfeather"
    assert found["post"]["slug"] == "head-of-the-ai-office"
    assert "Zoë" not in text_of(client.get(f"/editions/{office.edition.identifier}/search/?q=quillfeather"))
    person.delete()
    assert client.get("/api/v1/search/?q=zo%C3%AB").json()["people"] == []


HOSTILE = [
    *(
        'AND OR NOT "',
        "name:ai^9 -unit +(",
        "/(a+)+$/",
        "(a|a)*b" * 20,
        "* ? ~2 [a TO z]",
        "\\",
        "'; DROP TABLE x",
    ),
    *(
        "🦓" * 60,
        "مكتب الذكاء الاصطناعي",
        "\u202eecid",
        "日本語",
        "<script>alert(1)</script>",
        "%00",
        "{{ 7*7 }}",
    ),
    *("a " * 100, "x" * 200, "!!!", "ﬁnes", "\u0301\u0301"),
]


@pytest.mark.parametrize("asked", HOSTILE)
def test_hostile_questions_are_answered_like_others(client, office, synonyms, asked):
    for address in ("/search/", "/api/v1/search/"):
        assert client.get(address, {"q": asked}).status_code == 200
    assert b"<script>" not in client.get("/search/", {"q": asked}).content


@pytest.mark.parametrize("asked", ["x" * 201, "a" * 10_000, "nul\x00"])
def test_what_no_question_can_be_is_refused(client, office, asked):
    assert client.get("/search/", {"q": asked}).status_code == 400
    assert client.get("/api/v1/search/", {"q": asked}).status_code == 400


def test_an_empty_search_explains_itself(client, office):
    for query in ("", "?q=", "?q=%20"):
        assert "in your own words" in text_of(client.get(f"/search/{query}"))


def test_a_synonym_works_as_soon_as_an_editor_has_written_it(client, office):
    assert first(office.edition, "gizmo") is None
    Synonym.objects.create(said="gizmo", meant="robotics")
    forget_synonyms()
    assert first(office.edition, "gizmos") == "excellence-in-ai-and-robotics"


def test_bad_synonyms_are_refused_whole(db, tmp_path):
    file = tmp_path / "synonyms.json"
    for text in ("[]", "nonsense", '{"good": "fine", "!": "bad"}', '{"a": 1}'):
        file.write_text(text)
        with pytest.raises(Exception, match=r"JSON object|at least one word"):
            call_command("load_synonyms", file)
    assert not Synonym.objects.exists()


def test_a_browser_can_add_the_search(client, office):
    response = client.get("/opensearch.xml")
    assert response["Content-Type"].startswith("application/opensearchdescription+xml")
    found = ElementTree.fromstring(response.content)  # noqa: S314 (our own)
    name = "{http://a9.com/-/spec/opensearch/1.1/}"
    assert 1 <= len(found.find(f"{name}ShortName").text) <= 16
    assert found.find(f"{name}Url").get("template").endswith("/search/?q={searchTerms}")
    assert 'rel="search"' in client.get("/").content.decode()


def test_letters_with_accents_have_no_case_either(db, small_document):
    small_document["units"][0]["units"][0] |= {"name": "Unité École", "aliases": [{"name": "ÉCOLE NORMALE"}]}
    edition = published(small_document)
    for words in (["école"], ["ÉCOLE"], ["normale", "unité"]):
        assert [unit.slug for unit in Unit.objects.of(edition).called(words, 9)] == ["left"]
    assert first(edition, "ecole") == "left"


def test_signs_mean_themselves_and_the_insides_of_a_list_are_not_searched(office):
    for words in (["name"], ["editorial"], [".*"], ["("], ["\\"], ["%"], ["a|b"], ["[a-z]"]):
        assert Initiative.objects.of(office.edition).called(words, 9) == []
