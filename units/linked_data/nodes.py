"""What an answer says, as nodes: the one mapping, for a single thing, a list, and a whole edition.

It takes the dicts of units/api/answers.py and the kind of each, and makes dicts with the members of TERMS.
What is None or empty there (not stated) has no member here. A name of a person is never looked at.
"""

from django.conf import settings

# Of which page, or of which answer of the API, a thing is the subject: `…/#it` there is the thing itself.
PLACE = {
    "unit": "units",
    "post": "posts",
    "body": "bodies",
    "initiative": "initiatives",
    "source": "sources",
    "statement": "api/v1/statements",
    "milestone": "api/v1/milestones",
    "edition": "api/v1/editions",
}
TASK_PARTS = {"responsible", "coordinates", "contributes", "supports"}
# A number is named by what it bounds, so that none can be read without its bound.
COMPARED = {
    "exactly": "exactly",
    "about": "approximately",
    "more-than": "moreThan",
    "at-least": "atLeast",
    "fewer-than": "fewerThan",
    "at-most": "atMost",
}
DATE_TYPES = {4: "xsd:gYear", 7: "xsd:gYearMonth", 10: "xsd:date"}


def link_of(kind, slug):
    """Return the IRI of the thing `slug`: the same in every edition, and it leads to what is said of it."""
    return f"{settings.SITE_URL}/{PLACE[kind]}/{slug}/#it"


def passage_link(source, number):
    return f"{settings.SITE_URL}/sources/{source}/#p{number}"


def date_of(text):
    """Return a date as exact as it is written: `2024`, `2024-06` or `2024-06-16`; None for none."""
    return text and {"@value": text, "@type": DATE_TYPES[len(text)]}


def nodes_of(kind, item, edition, of_source=""):
    """Return the nodes of `item`, the answer's dict of a thing of `kind`; the first is the thing itself.

    `edition` is the identifier of the edition that says so, `of_source` the slug of a passage's source.
    """
    if kind == "edition":
        return [_kept(_edition(item))]
    if kind == "passage":
        return [_kept(_passage(item, of_source, edition))]
    link = link_of(kind, item["slug"])
    main, *others = _MADE_BY[kind](link, item)
    if item.get("citations"):
        main["derivedFrom"] = _once(
            passage_link(each["source"]["slug"], each["passage"]) for each in item["citations"]
        )
        derivations = list(_derivations(link, item["citations"]))
        main["derivation"] = _once(each["id"] for each in derivations)
        others += derivations
    main["inEdition"] = link_of("edition", edition)
    return [_kept(main), *map(_kept, others)]


def related_to(kind, item):
    """Yield a short node of each thing that `item` refers to: what it is called, so that a reader knows."""
    for name in ("parent", "unit", "owner", "about", "part_of", "republishes"):
        if related := item.get(name):
            of_kind = related.get("kind") or {"part_of": "initiative", "republishes": "source"}.get(
                name, "unit"
            )
            yield _short(of_kind, related)
    for post in item.get("posts", ()):
        yield _short("post", post)
    if item.get("after"):
        yield _short("milestone", item["after"]["milestone"])
    for each in item.get("citations", ()):
        yield _kept(
            {
                "id": passage_link(each["source"]["slug"], each["passage"]),
                "type": ["dir:Passage", "prov:Entity"],
                "number": each["passage"],
                "original": each["original"],
                "isPartOf": link_of("source", each["source"]["slug"]),
            }
        )
        yield _short("source", each["source"])


def _short(kind, related):
    member = {"source": "title", "statement": "text", "milestone": "text"}.get(kind, "name")
    return {"id": link_of(kind, related["slug"]), member: related["name"]}


def _kept(node):
    """Return `node` without what is not stated."""
    return {name: value for name, value in node.items() if value is not None and value not in ("", [])}


def _once(values):
    return list(dict.fromkeys(values))


def _concept(group, value):
    return value and f"dir:{group}-{value}"


def _to(kind, related):
    return related and link_of(related.get("kind") or kind, related["slug"])


def _names(item):
    """Return the members that name `item`: what sources call it, apart from what only this directory does."""
    aliases = item.get("aliases") or ()
    return {
        "name": item.get("name"),
        "otherName": _once(each["name"] for each in aliases if not each["editorial"]),
        "editorialName": _once(each["name"] for each in aliases if each["editorial"]),
    }


def _page(kind, slug):
    return f"{settings.SITE_URL}/{PLACE[kind]}/{slug}/"


def _unit(link, item):
    kind, parent = item.get("kind"), item.get("parent")
    types = ["org:Organization", "schema:GovernmentOrganization"]
    types += {"institution": ["cv:PublicOrganisation"], None: []}.get(kind, ["org:OrganizationalUnit"])
    above = _to("unit", parent)
    # ORG and CPOV have units only of organisations that stand for themselves.
    is_unit_of = kind != "institution" and item.get("parent_kind") == "institution"
    change = link.replace("#it", "#change")
    yield {
        "id": link,
        "type": types,
        **_names(item),
        "classification": _concept("kind", kind),
        "description": item.get("purpose"),
        "page": _page("unit", item["slug"]),
        "subOrganizationOf": above,
        "unitOf": above if is_unit_of else None,
        "hasPost": [link_of("post", post["slug"]) for post in item.get("posts", ())],
        "resultedFrom": change if item.get("replaces") else None,
    }
    if item.get("replaces"):
        yield {
            "id": change,
            "type": ["org:ChangeEvent"],
            "originalOrganization": _once(link_of("unit", slug) for slug in item["replaces"]),
            "resultingOrganization": link,
        }


def _post(link, item):
    holder = item.get("holder")
    yield {
        "id": link,
        "type": ["org:Post"],
        "name": item.get("name"),
        "page": _page("post", item["slug"]),
        "role": _concept("role", item.get("role")),
        "postIn": _to("unit", item.get("unit")),
        "holder": None if holder == "not-stated" else _concept("holder", holder),
        "certainty": _concept("certainty", item.get("certainty")),
    }


def _body(link, item):
    composition = item.get("composition") or {}
    types = {
        "named": ["org:Organization", "schema:Organization"],
        "class": ["dir:GroupOfBodies"],
    }
    yield {
        "id": link,
        "type": ["dir:Body", *types.get(item.get("kind"), [])],
        **_names(item),
        "category": _concept("kind", item.get("kind")),
        "page": _page("body", item["slug"]),
        "composedOf": _once(composition.get("groups", [])),
        "compositionIsOpen": composition.get("open") or None,
    }


def _initiative(link, item):
    yield {
        "id": link,
        "type": ["dir:Initiative", *(["schema:Legislation"] if item.get("kind") == "legal-act" else [])],
        **_names(item),
        "category": _concept("kind", item.get("kind")),
        "description": item.get("description"),
        "page": _page("initiative", item["slug"]),
        "isPartOf": _to("initiative", item.get("part_of")),
    }


def _statement(link, item):
    quantity = {}
    if item.get("quantity") is not None and item.get("comparator"):
        quantity[COMPARED[item["comparator"]]] = item["quantity"]
    is_task = item.get("part") in TASK_PARTS
    yield {
        "id": link,
        "type": ["dir:Statement", *(["dir:Task"] if is_task else []), "prov:Entity"],
        "text": item.get("text"),
        "saidOf": _to("", item.get("owner")),
        "part": _concept("part", item.get("part")),
        "about": _to("", item.get("about")),
        "certainty": _concept("certainty", item.get("certainty")),
        "theme": item.get("theme"),
        "goal": item.get("goal"),
        "condition": item.get("condition"),
        "partner": _once(item.get("partners", ())),
        "example": _once(item.get("examples", ())),
        "listIsOpen": item.get("open") or None,
        **quantity,
    }


def _milestone(link, item):
    after = item.get("after")
    dated = {"on": "onDate", "by": "byEndOf"}.get(item.get("bound"))
    yield {
        "id": link,
        "type": ["dir:Milestone", "prov:Entity"],
        "text": item.get("text"),
        "certainty": _concept("certainty", item.get("certainty")),
        **({dated: date_of(item.get("date"))} if dated else {}),
        "inferredPart": _once(item.get("inferred", ())),
        "countedFrom": after and link_of("milestone", after["milestone"]["slug"]),
        "monthsAfter": after and after["months"],
        "about": _to("", item.get("about")),
    }


def _source(link, item):
    published = item.get("published")
    yield {
        "id": link,
        "type": ["dir:Source", "schema:CreativeWork", "prov:Entity"],
        "title": item.get("name"),
        "page": _page("source", item["slug"]),
        "publisher": item.get("publisher"),
        "identifier": item.get("identifier"),
        "issued": date_of(published and published[:10]),
        # An hour without seconds and zone: no type of a moment takes it, and none is made up.
        "printedAs": published if published and "T" in published else None,
        "original": item.get("original"),
        "republishes": _to("source", item.get("republishes")),
        "primarySource": _to("source", item.get("republishes")),
        "note": item.get("note"),
    }


def _passage(item, source, edition):
    return {
        "id": passage_link(source, item["number"]),
        "type": ["dir:Passage", "prov:Entity"],
        "number": item["number"],
        "original": item.get("original"),
        "isPartOf": link_of("source", source),
        "says": item.get("says"),
        "section": item.get("section"),
        "paragraph": item.get("paragraph"),
        "sentence": item.get("sentence"),
        "ambiguity": item.get("ambiguity"),
        "inEdition": link_of("edition", edition),
    }


def _edition(item):
    follows = item.get("follows")
    return {
        "id": link_of("edition", item["id"]),
        "type": ["dir:Edition", "prov:Entity"],
        "identifier": item["id"],
        "title": item.get("title"),
        "note": item.get("note"),
        "effectiveOn": date_of(item.get("effective_on")),
        "announcedOn": date_of(item.get("announced_on")),
        "revision": item.get("revision"),
        "generatedAtTime": item.get("published_at"),
        "sha256": item.get("sha256"),
        "follows": follows and link_of("edition", follows["id"]),
        "document": f"{settings.SITE_URL}/editions/{item['id']}/document.json",
    }


def _derivations(link, cited):
    """Yield a node for each citation that proves one field, or has a note."""
    for each in cited:
        field, note = each["field"], each["note"]
        if field or note:
            source, number = each["source"]["slug"], each["passage"]
            end = f"-{field}" if field else ""
            yield {
                "id": link.replace("#it", f"#cites-{source}-{number}{end}"),
                "type": ["prov:Derivation"],
                "derivedEntity": passage_link(source, number),
                "provenField": field,
                "note": note,
            }


_MADE_BY = {
    "unit": _unit,
    "post": _post,
    "body": _body,
    "initiative": _initiative,
    "statement": _statement,
    "milestone": _milestone,
    "source": _source,
}
