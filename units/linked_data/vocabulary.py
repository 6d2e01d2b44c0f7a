"""The words that the public vocabularies lack, each with a label and what it means: a page, and Turtle."""

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from units.linked_data.writing import turtle
from units.models import Body, Certainty, Initiative, Post, Statement, Unit

CLASSES = {
    "Edition": (
        _("Edition"),
        _("One complete, dated state of the directory; it never changes."),
        "prov:Entity",
    ),
    "Body": (
        _("Body"),
        _("An organisation, or an unnamed group of such, outside the organisation tree."),
        None,
    ),
    "GroupOfBodies": (
        _("Group of bodies"),
        _("Bodies that a source speaks of together, without naming them: no organisation by itself."),
        "dir:Body",
    ),
    "Initiative": (
        _("Initiative"),
        _("A programme, network, facility, policy, deliverable or legal act."),
        None,
    ),
    "Statement": (
        _("Statement"),
        _("What an edition says of a unit, post or body. It is no more certain than dir:certainty says."),
        "prov:Entity",
    ),
    "Task": (_("Task"), _("A statement on something that its subject does."), "dir:Statement"),
    "Milestone": (
        _("Milestone"),
        _("What happened, or is to happen. It is no more certain than dir:certainty says."),
        "prov:Entity",
    ),
    "Source": (_("Source"), _("A document that facts are taken from."), "prov:Entity"),
    "Passage": (_("Passage"), _("A numbered sentence of a source, told in our words."), "prov:Entity"),
}
PROPERTIES = {
    "editorialName": (
        _("editorial name"),
        _("Another name, which this directory uses and no source does."),
        "skos:altLabel",
    ),
    "original": (
        _("original"),
        _("The address of the original document, or of that very sentence in it."),
        None,
    ),
    "role": (_("role"), _("Whether a post leads or advises its unit."), None),
    "holder": (
        _("holder"),
        _("What the sources say of who holds a post. Absent: they don’t say. Never who it is."),
        None,
    ),
    "composedOf": (_("composed of"), _("Who sits in a body, as its source puts it."), None),
    "compositionIsOpen": (
        _("composition is open"),
        _("True where the source doesn’t list all who sit there."),
        None,
    ),
    "saidOf": (_("said of"), _("The unit, post or body that a statement is about the doings of."), None),
    "part": (_("part"), _("The part that the subject of a statement has in it."), None),
    "certainty": (
        _("certainty"),
        _("How the source puts it: as a fact, a plan, a purpose, an expectation."),
        None,
    ),
    "theme": (_("theme"), _("The subject area of a statement."), None),
    "goal": (_("goal"), _("What is to be reached by it."), None),
    "condition": (_("condition"), _("When, or if, it is done."), None),
    "partner": (_("partner"), _("With whom it is done, as the source puts it."), None),
    "example": (_("example"), _("One of the examples that the source gives."), None),
    "listIsOpen": (_("list is open"), _("True where the source’s list of examples isn’t complete."), None),
    "exactly": (_("exactly"), _("The number that the source states."), None),
    "approximately": (_("about"), _("A number that the source gives as about right."), None),
    "moreThan": (_("more than"), _("A number that the real one lies above."), None),
    "atLeast": (_("at least"), _("A number that the real one does not lie below."), None),
    "fewerThan": (_("fewer than"), _("A number that the real one lies below."), None),
    "atMost": (_("at most"), _("A number that the real one does not lie above."), None),
    "onDate": (
        _("on date"),
        _("The day, month or year on or in which it is, no more exact than the source."),
        None,
    ),
    "byEndOf": (
        _("by the end of"),
        _("The day, month or year by the end of which it is, at the latest."),
        None,
    ),
    "inferredPart": (
        _("inferred part"),
        _("A part of the date (year, month, day) that the source doesn’t state."),
        None,
    ),
    "countedFrom": (_("counted from"), _("The milestone that a relative date is counted from."), None),
    "monthsAfter": (
        _("months after"),
        _("How many months after the milestone that it is counted from."),
        None,
    ),
    "inEdition": (_("in edition"), _("An edition that says what stands here."), None),
    "provenField": (_("proven field"), _("The one member that a passage proves; absent: the whole."), None),
    "printedAs": (
        _("printed as"),
        _("The day and time of a source as they are printed, without a time zone."),
        None,
    ),
    "republishes": (
        _("republishes"),
        _("The source whose text this one has again."),
        "prov:hadPrimarySource",
    ),
    "number": (_("number"), _("The number of a passage in its source."), None),
    "says": (_("says"), _("What a passage says, in our words."), None),
    "section": (_("section"), _("The heading that a passage stands under."), None),
    "paragraph": (_("paragraph"), _("The number of its paragraph."), None),
    "sentence": (_("sentence"), _("The number of its sentence in the paragraph."), None),
    "ambiguity": (_("ambiguity"), _("What a passage leaves open, and how the edition reads it."), None),
    "effectiveOn": (_("effective on"), _("The day on which the chart of an edition takes effect."), None),
    "announcedOn": (_("announced on"), _("The day on which it was made known."), None),
    "revision": (_("revision"), _("1 for the first edition of its day, more for a correction."), None),
    "sha256": (
        _("SHA-256"),
        _("The hash of the edition’s document in the canonical form of RFC 8785."),
        None,
    ),
}
# Named values, by what their names begin with: (their scheme, its label, what they say, the choices).
CONCEPTS = {
    "kind": (
        "kinds",
        _("Kinds"),
        _("What a unit, a body or an initiative is."),
        [*Unit.Kind.choices, *Body.Kind.choices, *Initiative.Kind.choices],
    ),
    "role": ("roles", _("Roles"), _("What a post does for its unit."), Post.Role.choices),
    "holder": (
        "holders",
        _("Holders"),
        _("What the sources say of who holds a post."),
        [each for each in Post.Holder.choices if each[0] != Post.Holder.NOT_STATED],
    ),
    "part": ("parts", _("Parts"), _("The part that somebody has in something."), Statement.Part.choices),
    "certainty": ("certainties", _("Certainties"), _("How the source puts it."), Certainty.choices),
}
CERTAINTIES = {
    Certainty.ACTUAL: _("The source states it as a fact."),
    Certainty.PLANNED: _("The source says that it will be so."),
    Certainty.INTENDED: _("The source says that it is what something is for."),
    Certainty.EXPECTED: _("The source says that it should be so."),
    Certainty.DUE: _("The source says that it has to be done by then."),
}


def groups():
    """Return the vocabulary for people: [(heading, [(name, label, what it means), …]), …]."""
    found = [
        (_("Classes"), [(name, label, comment) for name, (label, comment, _above) in CLASSES.items()]),
        (_("Properties"), [(name, label, comment) for name, (label, comment, _above) in PROPERTIES.items()]),
    ]
    for group, (scheme, heading, meaning, choices) in CONCEPTS.items():
        values = [(f"{group}-{value}", label, CERTAINTIES.get(value, meaning)) for value, label in choices]
        found.append((heading, [(scheme, heading, meaning), *values]))
    return found


def nodes():
    """Yield the vocabulary as nodes: the ontology, its terms, and the concepts that are values."""
    here = f"{settings.SITE_URL}/vocabulary"
    about = _(
        "What the public directory of the European AI Office says that ORG, CPOV and PROV have no word for."
    )
    yield {
        "id": here,
        "type": ["owl:Ontology"],
        "label": str(_("AI Office directory")),
        "comment": str(about),
    }
    for kind, above, terms in [
        ("rdfs:Class", "subClassOf", CLASSES),
        ("rdf:Property", "subPropertyOf", PROPERTIES),
    ]:
        for name, (label, comment, over) in terms.items():
            node = {"id": f"{here}#{name}", "type": [kind], "label": str(label), "comment": str(comment)}
            yield node | ({above: over} if over else {}) | {"isDefinedBy": here}
    for scheme, heading, meaning, _choices in CONCEPTS.values():
        node = {"id": f"{here}#{scheme}", "type": ["skos:ConceptScheme"], "label": str(heading)}
        yield node | {"comment": str(meaning), "isDefinedBy": here}
    yield from concepts().values()


def concepts():
    """Return {`dir:part-supports`: its node} of all values that are named."""
    here = f"{settings.SITE_URL}/vocabulary"
    return {
        f"dir:{group}-{value}": {
            "id": f"{here}#{group}-{value}",
            "type": ["skos:Concept"],
            "name": str(label),
            "comment": str(CERTAINTIES.get(value, meaning)),
            "inScheme": f"{here}#{scheme}",
            "isDefinedBy": here,
        }
        for group, (scheme, _heading, meaning, choices) in CONCEPTS.items()
        for value, label in choices
    }


def written():
    """Return the vocabulary as Turtle."""
    return "".join(turtle(nodes()))
