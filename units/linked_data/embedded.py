"""What a page says of itself in schema.org's words, for search engines: made from what the page shows.

Only names and places in the chart, and sources: schema.org has no word for how certain a task or a date is.
"""

import json

from django.conf import settings
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from units.linked_data.nodes import link_of

ESCAPES = {ord(sign): f"\\u{ord(sign):04x}" for sign in "<>&\u2028\u2029"}
SECTIONS = {
    "body": ("bodies", gettext_lazy("Bodies")),
    "initiative": ("initiatives", gettext_lazy("Initiatives")),
    "source": ("sources", gettext_lazy("Sources")),
}


def script(name, page, moment):
    """Return the data block of the page `name` at `moment`, whose context is `page`; empty for none."""
    make = _MADE_BY.get(name)
    fact = page.get("office" if name == "home" else name)
    if not (make and fact):
        return ""
    nodes = [_kept(node) for node in make(fact, page, moment)]
    if name != "home":
        nodes.append(_crumbs(name, fact, page, moment))
    data = {"@context": "https://schema.org", "@graph": nodes}
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":")).translate(ESCAPES)
    return mark_safe(f'<script type="application/ld+json">{text}</script>')  # noqa: S308 (escaped above)


def _kept(node):
    return {name: value for name, value in node.items() if value not in (None, "", [])}


def _url(moment, name, *args):
    return settings.SITE_URL + moment.url(name, *args)


def _short(unit, moment):
    return {
        "@type": "GovernmentOrganization",
        "@id": link_of("unit", unit.slug),
        "name": unit.name,
        "url": _url(moment, "unit", unit.slug),
    }


def _aliases(fact):
    return [alias["name"] for alias in fact.aliases if not alias.get("editorial")]


def _home(office, page, moment):
    yield {
        "@type": "WebSite",
        "name": _("AI Office directory"),
        "description": _("An independent directory, not an official website of the European Commission."),
        "url": _url(moment, "home"),
        "about": {"@id": link_of("unit", office.slug)},
        "potentialAction": {
            "@type": "SearchAction",
            "target": f"{settings.SITE_URL}/search/?q={{search_term_string}}",
            "query-input": "required name=search_term_string",
        },
    }
    yield _short(office, moment) | {"description": office.purpose, "alternateName": _aliases(office)}


def _unit(unit, page, moment):
    path = page["path"]
    yield _short(unit, moment) | {
        "description": unit.purpose,
        "alternateName": _aliases(unit),
        "parentOrganization": _short(path[-1], moment) if path else None,
        "subOrganization": [_short(child, moment) for child in page["below"].rows],
    }


def _post(post, page, moment):
    yield _about("post", post, moment, {"@type": "OrganizationRole", "roleName": post.name})
    yield _short(post.unit, moment)


def _body(body, page, moment):
    kind = "Organization" if body.kind == body.Kind.NAMED else "Thing"
    said = {"@type": kind, "@id": link_of("body", body.slug), "alternateName": _aliases(body)}
    yield _about("body", body, moment, said | {"name": body.name})


def _initiative(initiative, page, moment):
    kind = "Legislation" if initiative.kind == initiative.Kind.LEGAL_ACT else "Thing"
    said = {"@type": kind, "@id": link_of("initiative", initiative.slug), "name": initiative.name}
    said |= {"description": initiative.description, "alternateName": _aliases(initiative)}
    yield _about("initiative", initiative, moment, said)


def _source(source, page, moment):
    said = {
        "@type": "CreativeWork",
        "@id": link_of("source", source.slug),
        "name": source.title,
        "identifier": source.identifier,
        "publisher": {"@type": "Organization", "name": source.publisher},
        "datePublished": source.published[:10],
        "url": source.address,
    }
    yield _about("source", source, moment, said)


def _about(name, fact, moment, said):
    """Return the page itself as what is about something: that claims no more than that the page is there."""
    return {"@type": "WebPage", "name": str(fact), "url": _url(moment, name, fact.slug), "about": _kept(said)}


def _crumbs(name, fact, page, moment):
    steps = [(_("Overview"), _url(moment, "home"))]
    if name in SECTIONS:
        section, label = SECTIONS[name]
        steps.append((str(label), _url(moment, section)))
    steps += [(unit.name, _url(moment, "unit", unit.slug)) for unit in page.get("path", ())]
    steps.append((str(fact), _url(moment, name, fact.slug)))
    return {
        "@type": "BreadcrumbList",
        "itemListElement": [
            {"@type": "ListItem", "position": place, "name": label, "item": address}
            for place, (label, address) in enumerate(steps, 1)
        ],
    }


_MADE_BY = {
    "home": _home,
    "unit": _unit,
    "post": _post,
    "body": _body,
    "initiative": _initiative,
    "source": _source,
}
