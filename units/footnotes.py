"""The source marks of one page: which passages its facts stand on, numbered as a reader meets them."""

from collections import defaultdict
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from units.models import Passage


@dataclass(frozen=True)
class Footnote:
    """A numbered passage; `number` is its mark on this page.

    `notes` is {what a citation says of it: [the names of the facts that it says so for]}.
    """

    number: int
    passage: Passage
    notes: dict = field(default_factory=dict)


class Footnotes:
    """The citations of a page's facts, given out as numbered footnotes."""

    def __init__(self, citations):
        """Take `citations`, in any order, of all that the page shows, with their passages and sources."""
        self._of_fact = defaultdict(list)
        # Put into order here: to write the SQL of an order, Django compares each term with every column.
        for citation in sorted(citations, key=lambda citation: (citation.position, citation.pk)):
            kind = citation.target_kind
            self._of_fact[(kind, getattr(citation, f"{kind}_id"))].append(citation)
        self._numbered = {}

    def of(self, fact, *fields):
        """Return the Footnotes of `fact`, a row, in the order in which they were given.

        With `fields` those that prove these fields; where a field has none of its own, those that prove
        the whole. (But a unit has no date: what is cited for that says since when it has its place.)
        """
        citations = self._of_fact[(fact._meta.model_name, fact.pk)]
        if fields:
            whole = [citation for citation in citations if not citation.field]
            own = {name: [citation for citation in citations if citation.field == name] for name in fields}
            citations = [
                citation
                for name in fields
                for citation in own[name] or (whole if name != "date" or hasattr(fact, name) else ())
            ]
        notes = {}
        for citation in citations:
            passage = citation.passage
            note = self._numbered.setdefault(passage.pk, Footnote(len(self._numbered) + 1, passage))
            notes[note.number] = note
            if citation.note:
                names = note.notes.setdefault(citation.note, [])
                names += [] if str(fact) in names else [str(fact)]
        return list(notes.values())

    def used(self):
        """Return every Footnote given out so far, by number."""
        return list(self._numbered.values())


def said_of(names):
    """Return the words before a note that is made for the facts with `names`: “On “Publishes a code”:”."""
    return _("On %(facts)s:") % {"facts": ", ".join(f"“{name}”" for name in names)}
