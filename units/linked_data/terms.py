"""What nodes are made of: prefixes, and of each member its property and how its value is written."""

from django.conf import settings

PREFIXES = {
    "cv": "http://data.europa.eu/m8g/",
    "dc": "http://purl.org/dc/elements/1.1/",
    "dct": "http://purl.org/dc/terms/",
    "org": "http://www.w3.org/ns/org#",
    "owl": "http://www.w3.org/2002/07/owl#",
    "prov": "http://www.w3.org/ns/prov#",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "schema": "https://schema.org/",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}

# How a member's value is written. A date says itself how exact it is: {"@value": "2024-06", "@type": …}.
LINK, WORDS, PLAIN, NUMBER, FLAG, DATED = "link", "words", "plain", "number", "flag", "dated"
ADDRESS, MOMENT = "xsd:anyURI", "xsd:dateTime"

# A member of a node: (its property, how its value is written). From here come the context, the Turtle, and
# the table in docs/linked-data.md, which a test compares.
TERMS = {
    "name": ("skos:prefLabel", WORDS),
    "otherName": ("skos:altLabel", WORDS),
    "editorialName": ("dir:editorialName", WORDS),
    "title": ("dct:title", WORDS),
    "text": ("schema:text", WORDS),
    "description": ("dct:description", WORDS),
    "note": ("skos:note", WORDS),
    "label": ("rdfs:label", WORDS),
    "comment": ("rdfs:comment", WORDS),
    "subClassOf": ("rdfs:subClassOf", LINK),
    "subPropertyOf": ("rdfs:subPropertyOf", LINK),
    "isDefinedBy": ("rdfs:isDefinedBy", LINK),
    "inScheme": ("skos:inScheme", LINK),
    "page": ("schema:url", LINK),
    "original": ("dir:original", ADDRESS),
    "identifier": ("dct:identifier", PLAIN),
    # Where a thing stands.
    "classification": ("org:classification", LINK),
    "category": ("dct:type", LINK),
    "subOrganizationOf": ("org:subOrganizationOf", LINK),
    "unitOf": ("org:unitOf", LINK),
    "hasPost": ("org:hasPost", LINK),
    "postIn": ("org:postIn", LINK),
    "role": ("dir:role", LINK),
    "holder": ("dir:holder", LINK),
    "resultedFrom": ("org:resultedFrom", LINK),
    "originalOrganization": ("org:originalOrganization", LINK),
    "resultingOrganization": ("org:resultingOrganization", LINK),
    "composedOf": ("dir:composedOf", WORDS),
    "compositionIsOpen": ("dir:compositionIsOpen", FLAG),
    "isPartOf": ("dct:isPartOf", LINK),
    # What is said of it.
    "saidOf": ("dir:saidOf", LINK),
    "part": ("dir:part", LINK),
    "about": ("dct:subject", LINK),
    "certainty": ("dir:certainty", LINK),
    "theme": ("dir:theme", WORDS),
    "goal": ("dir:goal", WORDS),
    "condition": ("dir:condition", WORDS),
    "partner": ("dir:partner", WORDS),
    "example": ("dir:example", WORDS),
    "listIsOpen": ("dir:listIsOpen", FLAG),
    "exactly": ("dir:exactly", NUMBER),
    "approximately": ("dir:approximately", NUMBER),
    "moreThan": ("dir:moreThan", NUMBER),
    "atLeast": ("dir:atLeast", NUMBER),
    "fewerThan": ("dir:fewerThan", NUMBER),
    "atMost": ("dir:atMost", NUMBER),
    # When.
    "onDate": ("dir:onDate", DATED),
    "byEndOf": ("dir:byEndOf", DATED),
    "inferredPart": ("dir:inferredPart", PLAIN),
    "countedFrom": ("dir:countedFrom", LINK),
    "monthsAfter": ("dir:monthsAfter", NUMBER),
    # What it stands on.
    "inEdition": ("dir:inEdition", LINK),
    "derivedFrom": ("prov:wasDerivedFrom", LINK),
    "derivation": ("prov:qualifiedDerivation", LINK),
    "derivedEntity": ("prov:entity", LINK),
    "provenField": ("dir:provenField", PLAIN),
    "publisher": ("dc:publisher", WORDS),
    "issued": ("dct:issued", DATED),
    "printedAs": ("dir:printedAs", PLAIN),
    "republishes": ("dir:republishes", LINK),
    "primarySource": ("prov:hadPrimarySource", LINK),
    "number": ("dir:number", NUMBER),
    "says": ("dir:says", WORDS),
    "section": ("dir:section", WORDS),
    "paragraph": ("dir:paragraph", NUMBER),
    "sentence": ("dir:sentence", NUMBER),
    "ambiguity": ("dir:ambiguity", WORDS),
    # The edition itself.
    "effectiveOn": ("dir:effectiveOn", DATED),
    "announcedOn": ("dir:announcedOn", DATED),
    "revision": ("dir:revision", NUMBER),
    "generatedAtTime": ("prov:generatedAtTime", MOMENT),
    "sha256": ("dir:sha256", PLAIN),
    "follows": ("dct:replaces", LINK),
    "document": ("schema:contentUrl", LINK),
}


def prefixes():
    """Return {prefix: namespace}, with that of this site's own vocabulary."""
    return {**PREFIXES, "dir": f"{settings.SITE_URL}/vocabulary#"}


def context():
    """Return the JSON-LD context of all answers. It only grows: a member never gets another meaning."""
    terms = {"id": "@id", "type": "@type", **prefixes()}
    for name, (prop, how) in TERMS.items():
        terms[name] = prop
        if how == LINK:
            terms[name] = {"@id": prop, "@type": "@id"}
        elif how == WORDS:
            terms[name] = {"@id": prop, "@language": "en"}
        elif how in (ADDRESS, MOMENT):
            terms[name] = {"@id": prop, "@type": how}
    return {"@context": {"@version": 1.1, **terms}}
