"""The source marks of one page: which passages its facts stand on, numbered as a reader meets them."""

from collections import defaultdict
from dataclasses import dataclass

from units.models import Passage


@dataclass(frozen=True)
class Footnote:
    """A numbered passage; `number` is its mark on this page."""

    number: int
    passage: Passage


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
        the whole.
        """
        citations = self._of_fact[(fact._meta.model_name, fact.pk)]
        if fields:
            whole = [citation for citation in citations if not citation.field]
            citations = [
                citation
                for field in fields
                for citation in [own for own in citations if own.field == field] or whole
            ]
        notes = {}
        for citation in citations:
            passage = citation.passage
            note = self._numbered.setdefault(passage.pk, Footnote(len(self._numbered) + 1, passage))
            notes[note.number] = note
        return list(notes.values())

    def used(self):
        """Return every Footnote given out so far, by number."""
        return list(self._numbered.values())
