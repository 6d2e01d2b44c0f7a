"""Generated documents: every shape that the schema allows, within a size that a database takes quickly."""

import unicodedata

from hypothesis import strategies as st

# What a document may hold as text: no control characters, no half characters, composed form (NFC).
texts = st.text(st.characters(exclude_categories=["Cc", "Cs"]), min_size=1, max_size=30).filter(
    lambda text: unicodedata.is_normalized("NFC", text)
)
days = st.dates().map(lambda day: f"{day:%Y-%m-%d}".zfill(10))
numbers = st.integers(0, 2**53 - 1)


def some(strategy):
    """Return a strategy for a list of one to three."""
    return st.lists(strategy, min_size=1, max_size=3)


def object_of(required, optional):
    return st.fixed_dictionaries(required, optional=optional)


@st.composite
def documents(draw):
    """Draw a document that can be loaded."""
    slugs = (f"thing-{number}" for number in range(10_000))
    sources = draw(st.integers(1, 2))
    passages = [(f"source-{source}", number) for source in range(sources) for number in (1, 2)]
    references = st.sampled_from([f"{slug}#{number}" for slug, number in passages])
    fields = st.sampled_from(["name", "purpose", "place", "date"])
    citations = st.lists(
        object_of({"passage": references}, {"field": fields, "note": texts}),
        min_size=1,
        max_size=3,
        unique_by=lambda citation: (citation["passage"], citation.get("field")),
    )
    aliases = some(object_of({"name": texts}, {"editorial": st.just(True)}))
    certainty = st.sampled_from(["actual", "planned", "intended", "expected", "due"])

    def fact(required, optional):
        slug = next(slugs)
        return draw(object_of({"slug": st.just(slug), **required, "cites": citations}, optional))

    initiatives = []
    for _ in range(draw(st.integers(0, 3))):
        kinds = st.sampled_from(["policy", "legal-act", "group"])
        initiative = fact({"name": texts, "kind": kinds}, {"aliases": aliases, "description": texts})
        if initiatives and draw(st.booleans()):
            initiative["part_of"] = draw(st.sampled_from(initiatives))["slug"]
        initiatives.append(initiative)
    # In the document a part may stand before the whole.
    initiatives = draw(st.permutations(initiatives))

    def statements():
        made = []
        for _ in range(draw(st.integers(0, 2))):
            parts = st.sampled_from(["responsible", "supports", "collaborates", "employs"])
            statement = fact(
                {"part": parts, "text": texts, "certainty": certainty},
                {"theme": texts, "goal": texts, "condition": texts, "partners": some(texts)},
            )
            if draw(st.booleans()):
                statement |= {
                    "quantity": draw(numbers),
                    "comparator": draw(st.sampled_from(["exactly", "about"])),
                }
            if draw(st.booleans()):
                statement |= {"examples": draw(some(texts)), "open": True}
            if initiatives and draw(st.booleans()):
                statement["about"] = {"initiative": draw(st.sampled_from(initiatives))["slug"]}
            made.append(statement)
        return {"statements": made} if made else {}

    def unit(depth):
        kinds = st.sampled_from(["institution", "office", "unit"])
        node = fact(
            {"name": texts, "kind": kinds},
            {"aliases": aliases, "purpose": texts, "replaces": some(st.just("older"))},
        )
        node |= statements()
        posts = []
        for _ in range(draw(st.integers(0, 1))):
            roles, holders = st.sampled_from(["leads", "advises"]), st.sampled_from(["not-stated", "vacant"])
            post = fact({"name": texts, "role": roles, "holder": holders}, {"certainty": certainty})
            posts.append(post | statements())
        below = [unit(depth + 1) for _ in range(draw(st.integers(0, 3 - depth)))]
        return node | ({"posts": posts} if posts else {}) | ({"units": below} if below else {})

    bodies = []
    for _ in range(draw(st.integers(0, 2))):
        composition = object_of({"groups": some(texts)}, {"open": st.just(True)})
        kinds = st.sampled_from(["named", "class"])
        bodies.append(
            fact({"name": texts, "kind": kinds}, {"aliases": aliases, "composition": composition})
            | statements()
        )

    milestones = []
    for _ in range(draw(st.integers(0, 3))):
        milestone = fact({"text": texts, "certainty": certainty}, {})
        if milestones and draw(st.booleans()):
            anchor = draw(st.sampled_from(milestones))["slug"]
            milestone["after"] = {"milestone": anchor, "months": draw(st.integers(0, 1200))}
        else:
            length = draw(st.sampled_from([4, 7, 10]))
            milestone |= {"date": draw(days)[:length], "bound": draw(st.sampled_from(["on", "by"]))}
        milestones.append(milestone)

    made_sources = []
    for number in range(sources):
        source = draw(
            object_of(
                {
                    "slug": st.just(f"source-{number}"),
                    "title": texts,
                    "publisher": texts,
                    "published": days | days.map(lambda day: f"{day}T10:43"),
                    "cites": citations,
                },
                {"identifier": texts, "note": texts, "address": st.just("https://source.example/a?b=c#d")},
            )
        )
        if number and draw(st.booleans()):
            source["republishes"] = "source-0"
        place = {"section": texts, "paragraph": st.integers(1, 99), "sentence": st.integers(1, 9)}
        words = {"starts": texts, "ends": texts, "ambiguity": texts}
        source["passages"] = [
            draw(object_of({"number": st.just(number), "says": texts}, place | words)) for number in (1, 2)
        ]
        made_sources.append(source)

    document = draw(object_of({"effective_on": days, "title": texts}, {"announced_on": days, "note": texts}))
    document |= {"units": [unit(0)], "sources": made_sources}
    lists = {"bodies": bodies, "initiatives": initiatives, "milestones": draw(st.permutations(milestones))}
    return document | {key: items for key, items in lists.items() if items}
