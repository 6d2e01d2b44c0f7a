"""Questions to the first edition as people would ask them, and how many are answered rightly.

They were written from the facts, in many voices, by people who did not know the search. `tuning` was looked
at while tuning, `held-out` was not. An answer is right where the question's `expect` names it, such as
`units/ai-safety`.
"""

import json
from dataclasses import dataclass
from pathlib import Path

from units.api.links import LIST_OF
from units.search import search

FOLDER = Path(__file__).resolve().parent.parent / "tests" / "data"
HALVES = ["tuning", "held-out"]


@dataclass
class Score:
    """How many of `asked` questions have a right answer first, and among the first three; the others."""

    asked: int
    first: int
    three: int
    wrong: list

    def __str__(self):
        first, three = self.first / self.asked, self.three / self.asked
        return f"{self.asked} questions: {first:.1%} first, {three:.1%} in the first three"


def score(half, edition):
    """Put the questions of `half` to `edition`, the first edition, and return the Score."""
    questions = json.loads((FOLDER / f"search-{half}.json").read_text())
    first, three, wrong = 0, 0, []
    for question in questions:
        answers = search(edition, question["asked"], part=slice(0, 3)).answers
        found = [f"{LIST_OF[answer.kind]}/{answer.fact.slug}" for answer in answers]
        first += found[:1] != [] and found[0] in question["expect"]
        if set(found) & set(question["expect"]):
            three += 1
        if found[:1] == [] or found[0] not in question["expect"]:
            wrong.append((question["asked"], question["expect"], found))
    return Score(len(questions), first, three, wrong)
