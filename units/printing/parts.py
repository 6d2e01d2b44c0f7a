"""What a line of print is made of: plain lists that directory.typ knows, of text that can be printed.

A line is a list of parts: a text, or a list that begins with what it is: ["quiet", text],
["certainty", text], ["marks", number, …], ["away", address, text], ["here", label, text], ["page", label].
"""

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from units.printing.letters import printable
from units.templatetags.directory import as_printed

LONG = 1_200  # letters of what is not to be kept on one page


def quiet(text):
    return ["quiet", printable(text)]


def certainty(text):
    return ["certainty", printable(text)]


def here(label, text):
    """Return a link to the place `label` of this same file."""
    return ["here", label, printable(text)]


def away(address, text=""):
    """Return a link to another address, which is shown where there is no `text`."""
    return ["away", address, printable(text or address)]


def label_of(fact):
    """Return the label of the section about `fact`, a Unit, Body, Initiative or Source."""
    return f"{fact._meta.model_name}-{fact.slug}"


def joined(words):
    return printable(", ".join(words))


def aliases_of(fact, marks):
    """Return the line of the other names of `fact`, or None."""
    if not fact.aliases:
        return None
    line = []
    for alias in fact.aliases:
        line += ["; "] if line else []
        line.append(printable(alias["name"]))
        if alias.get("editorial"):
            line.append(quiet(" " + _("(our name for it, not the source’s)")))
    return [*line, marks(fact, "aliases")]


def details_of(statement, link, hide_about=False):
    """Return (label, line) of all that is said about `statement` besides its text; `link(fact)` is one."""
    found = [
        (_("Goal"), [printable(statement.goal)] if statement.goal else None),
        (_("Theme"), [printable(statement.theme)] if statement.theme else None),
        (_("Condition"), [printable(statement.condition)] if statement.condition else None),
        (_("Together with"), [joined(statement.partners)] if statement.partners else None),
    ]
    if statement.examples:
        said = [joined(statement.examples)]
        found.append((_("For example") if statement.open else _("Namely"), said))
    about = statement.about
    if about and not (hide_about and not statement.about_unit_id):
        names = {"unit": _("Unit"), "body": _("With")}
        kind = about._meta.model_name
        name = names.get(kind) or capfirst(about.get_kind_display())
        found.append((name, [link(about)]))
    return [(printable(label), line) for label, line in found if line]


def table_of(head, rows):
    """Return the table with the columns `head`, or None where it has no rows."""
    if not rows:
        return None
    for row in rows:
        row["is_long"] = len(str(row)) > LONG
    return {"head": head, "rows": rows, "is_long": len(rows) > 6 or len(str(rows)) > LONG}


def passage_where(passage):
    """Return the line that says where a Passage stands in its source."""
    said = [_("passage %(number)s") % {"number": passage.number}]
    if passage.section:
        said.append(passage.section)
    if passage.paragraph:
        said.append(_("paragraph %(paragraph)s") % {"paragraph": passage.paragraph})
    if passage.sentence:
        said.append(_("sentence %(sentence)s") % {"sentence": passage.sentence})
    line = [quiet(", ".join(said))]
    return [*line, quiet(" · "), away(passage.address, _("in the original"))] if passage.address else line


def source_facts(source, marks):
    """Return (label, line) of all that is known about a Source."""
    facts = [
        (_("Published by"), [printable(source.publisher), marks(source, "publisher")]),
        (_("Identifier"), source.identifier and [printable(source.identifier), marks(source, "identifier")]),
        (_("Date"), [as_printed(source.published), marks(source, "published")]),
        (
            _("Republishes"),
            source.republishes
            and [here(label_of(source.republishes), source.republishes.title), marks(source, "republishes")],
        ),
        (_("Original"), [away(source.address)] if source.address else [_("no address known")]),
        (_("Note"), source.note and [printable(source.note)]),
    ]
    return [(label, line) for label, line in facts if line]
