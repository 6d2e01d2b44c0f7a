"""The last part of a printed directory: the sources, and the passages that all marks stand for."""

from collections import defaultdict

from django.utils.translation import gettext as _

from units.footnotes import said_of
from units.printing.letters import printable
from units.printing.parts import LONG, label_of, passage_where, source_facts


def sources_part(content):
    """Return the last part of `content`, a Content: the sources with the passages that marks name.

    The passages are numbered through, and the marks that `content` has given out get these numbers.
    """
    read = content.facts
    facts = {}
    wanted = set(read.sources) if read.everything else set()
    while wanted := (wanted | {note.passage.source_id for note in read.footnotes.used()}) - facts.keys():
        for key in sorted(wanted):
            source = read.sources[key]
            facts[key] = content.marks(source, "title"), source_facts(source, content.marks)
    used = [note.passage for note in read.footnotes.used()]
    shown = list(read.passages.values()) if read.everything else used
    place = {key: order for order, key in enumerate(read.sources)}
    shown.sort(key=lambda passage: (place[passage.source_id], passage.number))
    number = {passage.pk: order for order, passage in enumerate(shown, 1)}
    by_mark = {note.number: number[note.passage.pk] for note in read.footnotes.used()}
    for part in content.marked:
        part[1:] = sorted({by_mark[mark] for mark in part[1:]})
    notes = {note.passage.pk: note.notes for note in read.footnotes.used() if note.notes}
    of_source = defaultdict(list)
    for passage in shown:
        of_source[passage.source_id].append(
            {
                "number": number[passage.pk],
                "says": printable(passage.says),
                "ambiguity": printable(passage.ambiguity),
                "notes": [
                    printable(f"{said_of(names)} {text}") for text, names in notes.get(passage.pk, {}).items()
                ],
                "where": passage_where(passage),
                "is_long": len(passage.says) + len(passage.ambiguity) > LONG or passage.pk in notes,
            }
        )
    sections = [
        {
            "title": printable(source.title),
            "label": label_of(source),
            "kind": _("source"),
            "depth": 1,
            "address": content.address("source", source.slug),
            "is_listed": True,
            "marks": facts[key][0],
            "lead": [],
            "facts": facts[key][1],
            "tables": [],
            "none": "",
            "passages": of_source[key],
        }
        for key, source in read.sources.items()
        if key in facts
    ]
    lead = _("The numbers in the text stand for these passages. They say in our words what a sentence says.")
    return {"title": _("Sources"), "label": "sources", "lead": lead, "sections": sections}
