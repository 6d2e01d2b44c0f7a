"""From rows to what an answer says of them: plain dicts, with the members of shapes.py in that order.

What the sources don't state is None, or an empty list. Plain dicts because a serializer's fields cost ten
times as much; a test holds them to the shapes.
"""

from collections import defaultdict

from units.documents.dumping import DATE_LENGTH
from units.search.answers import why

LISTED_DIFFERENCES = 100


def citations(rows, links):
    """Return {(kind, primary key): [citation, …]} for `rows`, as Citation.objects.in_short() yields them."""
    found, told = defaultdict(list), {}
    for kind, fact, field, note, passage in rows:
        key = id(passage)
        if key not in told:
            told[key] = {
                "source": links.to(passage.source),
                "passage": passage.number,
                "original": passage.address or None,
            }
        found[kind, fact].append(told[key] | {"field": field or None, "note": note or None})
    return found


def unit(unit, links):
    """Say what there is to say of a Unit; `unit.found_posts` are its posts."""
    return {
        **links.to(unit),
        "page": links.page(f"units/{unit.slug}/"),
        "kind": unit.kind,
        "purpose": unit.purpose or None,
        "aliases": aliases(unit),
        "parent": links.to(unit.parent),
        "posts": [links.to(post) for post in unit.found_posts],
        "replaces": unit.replaces,
        "units_below": unit.units_below,
    }


def node(unit, links, parent, depth):
    """Say where a Unit stands in the chart: below `parent` (a Unit, or None), `depth` levels down."""
    return {
        **links.to(unit),
        "page": links.page(f"units/{unit.slug}/"),
        "kind": unit.kind,
        "depth": depth,
        "parent": links.to(parent),
    }


def post(post, links):
    """Say what there is to say of a Post; `post.appointments` are those that may be told, None for nobody."""
    return {
        **links.to(post),
        "page": links.page(f"posts/{post.slug}/"),
        "role": post.role,
        "unit": links.to(post.unit),
        "holder": post.holder,
        "people": None if post.appointments is None else [holder(each) for each in post.appointments],
        "certainty": post.certainty or None,
    }


def holder(appointment):
    """Say who an Appointment is of, and what it rests on."""
    return {**person(appointment.person), **term(appointment)}


def person(person):
    return {"name": person.name, "official_page": person.page or None}


def term(appointment):
    return {
        "starts_on": appointment.starts_on and appointment.starts_on.isoformat(),
        "ends_on": appointment.ends_on and appointment.ends_on.isoformat(),
        "source": {"name": appointment.source, "original": appointment.source_address or None},
    }


def body(body, links):
    return {
        **links.to(body),
        "page": links.page(f"bodies/{body.slug}/"),
        "kind": body.kind,
        "aliases": aliases(body),
        "composition": {
            "groups": body.composition.get("groups", []),
            "open": body.composition.get("open", False),
        }
        if body.composition
        else None,
    }


def initiative(initiative, links):
    return {
        **links.to(initiative),
        "page": links.page(f"initiatives/{initiative.slug}/"),
        "kind": initiative.kind,
        "description": initiative.description or None,
        "aliases": aliases(initiative),
        "part_of": links.to(initiative.part_of),
    }


def statement(statement, links):
    """Say what there is to say of a Statement with its owner and what it is about."""
    owner = statement.owner
    path = f"{'bodies' if statement.body else owner._meta.model_name + 's'}/{owner.slug}/"
    return {
        "slug": statement.slug,
        "text": statement.text,
        "url": links.url("task" if statement.is_task else "statement", statement.slug),
        "page": links.page(path, f"#statement-{statement.slug}"),
        "owner": links.to_some(owner),
        "part": statement.part,
        "about": links.to_some(statement.about),
        "certainty": statement.certainty,
        "theme": statement.theme or None,
        "goal": statement.goal or None,
        "condition": statement.condition or None,
        "partners": statement.partners,
        "examples": statement.examples,
        "open": statement.open,
        "quantity": statement.quantity,
        "comparator": statement.comparator or None,
    }


def milestone(milestone, links):
    """Say what there is to say of a Milestone with its anchor and what it is about."""
    day = milestone.date and milestone.date.isoformat()
    return {
        "slug": milestone.slug,
        "text": milestone.text,
        "url": links.url("milestone", milestone.slug),
        "page": links.page("timeline/", f"#milestone-{milestone.slug}"),
        "when": milestone.when if day else f"{milestone.when} “{milestone.anchor.text}”",
        "certainty": milestone.certainty,
        "date": day and day[: DATE_LENGTH[milestone.precision]],
        "precision": milestone.precision or None,
        "bound": milestone.bound or None,
        "latest_day": day,
        "inferred": milestone.inferred,
        "after": {"milestone": links.to(milestone.anchor), "months": milestone.offset_months}
        if milestone.anchor
        else None,
        "about": links.to_some(milestone.about),
    }


def source(source, links):
    """Say what there is to say of a Source with what it republishes and its `passages_total`."""
    return {
        **links.to(source),
        "page": links.page(f"sources/{source.slug}/"),
        "publisher": source.publisher,
        "identifier": source.identifier or None,
        "published": source.published,
        "original": source.address or None,
        "republishes": links.to(source.republishes),
        "note": source.note or None,
        "passages_total": source.passages_total,
    }


def passage(passage, links):
    """Say what there is to say of a Passage with its source."""
    return {
        "number": passage.number,
        "says": passage.says,
        "page": links.page(f"sources/{passage.source.slug}/", f"#p{passage.number}"),
        "original": passage.address or None,
        "section": passage.section or None,
        "paragraph": passage.paragraph,
        "sentence": passage.sentence,
        "ambiguity": passage.ambiguity or None,
    }


def found(answer, found, cited, links):
    """Say what a search.Answer of `found` is and why; `cited` are citations() of all that is in it."""
    fact = answer.fact
    return {
        **links.to(fact),
        "page": links.page_of(fact),
        "kind": answer.kind,
        "reason": reason(answer, found.stems),
        "statements": [
            {
                "slug": said.slug,
                "text": said.text,
                "part": said.part,
                "certainty": said.certainty,
                "url": links.url("task" if said.is_task else "statement", said.slug),
                "page": links.page_of(fact, f"#statement-{said.slug}"),
                "citations": cited.get(("statement", said.pk), []),
            }
            for said in answer.statements
        ],
        "statements_total": len(answer.statements) + answer.more,
        "every_word": not (answer.is_partial or found.unknown),
        "citations": cited.get((answer.kind, fact.pk), []),
    }


def reason(answer, stems):
    """Return why a search.Answer was found, in a few words; None where its name tells."""
    for said in answer.statements:
        part = str(said.get_part_display())
        return said.text if said.text.casefold().startswith(part.casefold()) else f"{part}: {said.text}"
    return next(iter(why(answer, stems)), None)


def edition(edition, links, followed):
    """Say what there is to say of an Edition with its `size`; `followed` is the one before it, or None."""
    return {
        **links.edition(edition),
        "page": links.page(f"editions/{edition.identifier}/"),
        "title": edition.title,
        "note": edition.note or None,
        "revision": edition.revision,
        "announced_on": edition.announced_on and edition.announced_on.isoformat(),
        "published_at": edition.published_at.isoformat(),
        "follows": links.edition(followed),
        "document": {
            "url": f"{links.api}editions/{edition.identifier}/document/",
            "size": edition.size,
            "sha256": edition.sha256,
        },
    }


def change(edition, followed, differences, links):
    """Say what an Edition changed: `differences`, Changes, from the Edition `followed` (or None)."""
    page = f"editions/{followed.identifier}/diff/{edition.identifier}/" if followed else "editions/"
    return {
        "edition": links.edition(edition),
        "title": edition.title,
        "published_at": edition.published_at.isoformat(),
        "follows": links.edition(followed),
        "url": f"{links.api}changes/{edition.identifier}/",
        "page": links.page(page),
        "differences_total": len(differences),
        "differences": [difference(each) for each in differences[:LISTED_DIFFERENCES]],
    }


def difference(change):
    """Say what a Change of units.diff says."""
    return {
        "verb": change.verb,
        "kind": change.kind,
        "slug": change.slug or None,
        "name": change.name,
        "of": change.of or None,
        "field": change.field or None,
        "before": change.before,
        "after": change.after,
    }


def aliases(fact):
    return [{"name": each["name"], "editorial": each.get("editorial", False)} for each in fact.aliases]
