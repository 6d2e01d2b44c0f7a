"""The API: what its answers hold, for which day, and how they are asked for."""

from datetime import date

import pytest

from tests.test_pages import published

LISTS = [
    *("editions", "changes", "tree", "units", "posts", "people", "tasks", "statements"),
    *("bodies", "initiatives", "legal-acts", "milestones", "sources"),
]
UNITS = [
    *("european-commission", "ai-office", "regulation-and-compliance", "ai-safety"),
    *("excellence-in-ai-and-robotics", "ai-for-societal-good", "ai-innovation-and-policy-coordination"),
]
ADDRESSES = [
    "/api/v1/",
    *(f"/api/v1/{name}/" for name in LISTS),
    *(f"/api/v1/units/ai-office/{name}" for name in ("", "ancestors/", "children/", "descendants/")),
    *("/api/v1/posts/head-of-the-ai-office/", "/api/v1/tasks/systemic-risks/"),
    *("/api/v1/statements/systemic-risks/", "/api/v1/bodies/scientific-panel/"),
    *("/api/v1/initiatives/genai4eu/", "/api/v1/legal-acts/ai-act/"),
    *("/api/v1/milestones/ai-act-proposed/", "/api/v1/sources/ip-24-2982/"),
    *("/api/v1/sources/ip-24-2982/passages/", "/api/v1/tree/?shape=nested"),
    *("/api/v1/editions/2024-06-16/", "/api/v1/changes/2024-06-16.1/"),
]


def get(client, path, **headers):
    return client.get(f"/api/v1/{path}", headers=headers)


def results(client, path):
    answer = get(client, path)
    assert answer.status_code == 200, answer.content
    return answer.json()["results"]


def slugs(client, path):
    return [item["slug"] for item in results(client, path)]


@pytest.mark.parametrize("address", ADDRESSES)
def test_every_answer_names_its_edition_and_its_day(client, office, address):
    answer = client.get(address).json()
    assert answer["edition"]["id"] == "2024-06-16.1"
    assert answer["edition"]["sha256"] == office.edition.sha256
    assert answer["edition"]["effective_on"] == "2024-06-16"
    assert date.fromisoformat(answer["on"])


@pytest.mark.parametrize("address", ADDRESSES)
def test_no_answer_holds_a_key_or_a_column_of_the_tree(client, office, address):
    text = client.get(address).content.decode()
    for name in ("pk", "id", "lft", "rght", "level", "tree_id", "position", "edition_id", "parent_id"):
        # The edition's id is its name.
        assert f'"{name}":' not in text.replace('"id":"2024-06-16', ""), name


@pytest.mark.parametrize(
    "address", [address for address in ADDRESSES if "?" not in address and address != "/api/v1/"]
)
def test_the_ending_json_and_accept_give_the_same(client, office, address):
    plain = client.get(address)
    assert client.get(f"{address.rstrip('/')}.json").content == plain.content
    assert client.get(address, headers={"accept": "application/json"}).content == plain.content
    assert plain.headers["Content-Type"] == "application/json"


def test_every_address_in_an_answer_leads_somewhere(client, office):
    waiting = list(ADDRESSES)
    for address in waiting:
        answer = client.get(address)
        assert answer.status_code == 200, address
        if answer.headers["Content-Type"] == "application/json":
            found = answer.content.decode().split('"http://127.0.0.1:8000')[1:]
            new = {part.split('"')[0].split("#")[0] for part in found}
            waiting += [path for path in sorted(new) if path not in waiting and "/docs/" not in path]
    assert len(waiting) > 120


def test_units_stand_in_the_order_of_the_chart(client, office):
    assert slugs(client, "units/") == UNITS
    assert slugs(client, "units/?ordering=-place") == UNITS[::-1]


def test_names_are_ordered_without_regard_to_accents_and_case(client, db, small_document):
    small_document["units"][0]["units"][0]["name"] = "Étoile"
    small_document["units"][0]["units"][1]["name"] = "enzyme"
    published(small_document)
    names = [item["name"] for item in results(client, "units/?ordering=name")]
    assert [name for name in names if name in ("Étoile", "enzyme")] == ["enzyme", "Étoile"]


def test_a_unit_tells_its_place_its_posts_and_what_it_stands_on(client, office):
    unit = get(client, "units/ai-office/").json()
    assert unit["parent"] == {
        "slug": "european-commission",
        "name": "European Commission",
        "url": "http://127.0.0.1:8000/api/v1/units/european-commission/",
    }
    assert unit["posts"][0]["slug"] == "head-of-the-ai-office"
    assert unit["citations"][0]["passage"] == 3
    assert unit["citations"][0]["original"].startswith("https://ec.europa.eu/")
    assert unit["units_below"] == 5


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("units/ai-safety/ancestors/", UNITS[:2]),
        ("units/ai-office/children/", UNITS[2:]),
        ("units/european-commission/children/", UNITS[1:2]),
        ("units/european-commission/descendants/", UNITS[1:]),
        ("units/?ancestor=ai-office", UNITS[2:]),
        ("units/?parent=european-commission", UNITS[1:2]),
        ("units/?kind=office", UNITS[1:2]),
        ("units/?q=SAFETY", ["ai-safety"]),
        ("units/?kind=unit&q=ai&ordering=name&limit=1", ["ai-for-societal-good"]),
        ("units/?kind=unit&q=unit+ai&ordering=-place&limit=1", UNITS[:-2:-1]),
        ("posts/?ancestor=european-commission&role=leads", ["head-of-the-ai-office"]),
        ("posts/?unit=european-commission", []),
        ("legal-acts/", ["ai-act", "commission-decision-establishing-the-ai-office"]),
        ("initiatives/?kind=legal-act", ["ai-act", "commission-decision-establishing-the-ai-office"]),
        ("bodies/?kind=class", ["governance-bodies-in-member-states", "fora-and-expert-groups"]),
        ("sources/?q=ESTABLISHES+office&ordering=-place&limit=1", ["otto-schmidt-2024-06-03"]),
    ],
)
def test_a_list_holds_what_was_asked_for(client, office, path, expected):
    assert slugs(client, path) == expected


@pytest.mark.parametrize(
    ("query", "member", "value"),
    [
        ("owner=ai-safety", "owner", "ai-safety"),
        ("owner=scientific-panel", "owner", "scientific-panel"),
        ("initiative=ai-act", "about", "ai-act"),
    ],
)
def test_tasks_are_found_by_whose_they_are_and_what_they_are_about(client, office, query, member, value):
    found = results(client, f"tasks/?{query}")
    assert found
    assert {item[member]["slug"] for item in found} == {value}


def test_tasks_are_found_by_part_theme_certainty_branch_and_words(client, office):
    assert {item["part"] for item in results(client, "tasks/?part=coordinates")} == {"coordinates"}
    assert {item["theme"] for item in results(client, "tasks/?theme=general-purpose AI models")} == {
        "general-purpose AI models"
    }
    assert {item["certainty"] for item in results(client, "tasks/?certainty=planned")} == {"planned"}
    assert {item["owner"]["kind"] for item in results(client, "tasks/?ancestor=ai-office")} <= {
        "unit",
        "post",
    }
    assert all("models" in item["text"].lower() for item in results(client, "tasks/?q=Models"))


def test_statements_hold_what_is_no_task_too(client, office):
    [staff] = (
        results(client, "statements/?part=employs&q=140") or results(client, "statements/?part=employs")[:1]
    )
    tasks, statements = get(client, "tasks/").json()["count"], get(client, "statements/").json()["count"]
    assert staff["quantity"] in (None, 140)
    assert tasks < statements
    assert get(client, f"tasks/{staff['slug']}/").status_code == 404


def test_milestones_come_in_time_with_what_is_counted_from_them(client, db, small_document):
    published(small_document)
    found = results(client, "milestones/")
    assert [item["slug"] for item in found] == ["rain-begins", "rain-report"]
    assert (found[0]["date"], found[0]["latest_day"]) == ("2025-03", "2025-03-31")
    assert found[1]["after"]["milestone"]["slug"] == "rain-begins"
    assert found[1]["after"]["months"] == 6
    assert slugs(client, "milestones/?initiative=rain-year") == ["rain-report"]


def test_the_tree_is_flat_or_nested(client, office):
    flat = results(client, "tree/?root=ai-office&fields=slug,depth,parent")
    assert [(item["slug"], item["depth"]) for item in flat] == [
        ("ai-office", 0),
        *((slug, 1) for slug in UNITS[2:]),
    ]
    assert flat[1]["parent"]["slug"] == "ai-office"
    [root] = results(client, "tree/?shape=nested&depth=1")
    assert [unit["slug"] for unit in root["units"]] == ["ai-office"]
    assert root["units"][0]["units"] == []


def test_members_are_chosen_or_left_out(client, office):
    assert results(client, "units/?fields=name,slug&limit=1") == [
        {"slug": "european-commission", "name": "European Commission"}
    ]
    assert "citations" not in results(client, "units/?omit=citations,page&limit=1")[0]
    assert set(get(client, "units/ai-safety/?fields=slug").json()) == {"edition", "on", "slug"}


def test_a_long_list_links_to_its_neighbours_and_to_its_page(client, office):
    answer = get(client, "units/?limit=2&offset=2&kind=unit&on=2025-01-01")
    base = "<http://127.0.0.1:8000/api/v1/units/?limit=2&offset={}&kind=unit&on=2025-01-01>"
    links = dict(reversed(link.split("; rel=")) for link in answer.headers["Link"].split(", "))
    assert {rel: links[f'"{rel}"'] for rel in ("first", "prev", "next", "last")} == {
        "first": base.format(0),
        "prev": base.format(0),
        "next": base.format(4),
        "last": base.format(4),
    }
    assert (
        '<http://127.0.0.1:8000/units/?on=2025-01-01>; rel="alternate"; type="text/html"'
        in answer.headers["Link"]
    )


def test_the_next_pages_give_the_whole_list(client, office):
    address, found = "/api/v1/tasks/?limit=7", []
    while address:
        answer = client.get(address)
        found += [item["slug"] for item in answer.json()["results"]]
        following = [link for link in answer.headers["Link"].split(", ") if 'rel="next"' in link]
        address = following[0].split(">")[0].removeprefix("<http://127.0.0.1:8000") if following else None
    assert found == slugs(client, "tasks/?limit=200")
