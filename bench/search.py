"""Measure the search: `python -m bench.search 100000`: how right it is, and how fast on a made-up edition."""

import random
import shutil
import statistics
import sys
import time
from pathlib import Path

from bench.scratch import database, published, set_up

set_up()

from django.conf import settings
from django.core.management import call_command
from django.test import Client

from bench.questions import HALVES, score
from units.models import Edition
from units.resolve import forget_editions
from units.search.index import forget, index_of
from units.search.meaning import question
from units.search.ranking import Ranked

QUESTIONS = 200
FIXTURES = settings.BASE_DIR / "fixtures"


def main():
    size = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    settings.ALLOWED_HOSTS = ["testserver"]
    with database():
        call_command("load_edition", FIXTURES / "ai-office-2024-06-16.json", verbosity=0)
        call_command("load_synonyms", FIXTURES / "synonyms.json", verbosity=0)
        how_right(Edition.objects.published().get())
        large = published(size, effective_on="2025-01-01")
        forget_editions()
        how_fast(large, size)


def how_right(edition):
    print("Search: questions to the first edition, the first half looked at while tuning, the second not")
    for half in HALVES:
        found = score(half, edition)
        print(f"{half:>10}: {found}")
        for asked, expect, answers in found.wrong:
            print(f"{'':12}{asked}: {', '.join(answers) or 'nothing'}, instead of {' or '.join(expect)}")


def how_fast(edition, size):
    shutil.rmtree(settings.CACHE_DIR)
    times = []
    for _ in ("made", "opened"):
        forget()
        start = time.perf_counter()
        index = index_of(edition, is_patient=True)
        times.append(time.perf_counter() - start)
    megabytes = sum(path.stat().st_size for path in Path(settings.CACHE_DIR).rglob("*")) / 1e6
    print(f"\nSearch in {size:,} units, {megabytes:.0f} MB: ", end="")
    print("index made in {:.1f} s, opened in {:.2f} s".format(*times))
    asked = questions(size)
    client = Client()
    address, suggest = "/api/v1/search/", {"limit": 8, "fields": "name,page,kind,reason"}
    typed = [text[: max(3, len(text) // 2)] for text in asked]
    figures = {
        "engine": [timed(lambda text=text: engine(text, index)) for text in asked],
        "answer": [timed(lambda text=text: client.get(address, {"q": text})) for text in asked],
        "page": [timed(lambda text=text: client.get("/search/", {"q": text})) for text in asked],
        "suggestion": [timed(lambda text=text: client.get(address, suggest | {"q": text})) for text in typed],
    }
    for what, times in figures.items():
        late = statistics.quantiles(times, n=20)[-1]
        print(f"{what:>12}: median {statistics.median(times):6.2f} ms, 95th percentile {late:6.2f} ms")


def questions(size):
    """Return what people ask such an institution: names, subjects, parts, common words, slips."""
    dice = random.Random(size)
    shapes = [
        "unit {unit}",
        "who coordinates subject {subject}",
        "the work on subject {subject} in field {field}",
        "matters of the kind {kind}",
        "who supports the work on field {field}",
        "subjct {subject}",
        "matters kind {kind} subject {subject} zebra",
        "unit",
        "wrok on feild {field}",
        "Unit {unit} for matters of the kind",
    ]
    ranges = {"unit": size, "subject": 1009, "field": 31, "kind": 97}
    return [
        shape.format(**{name: dice.randrange(most) for name, most in ranges.items()})
        for shape in shapes * (QUESTIONS // len(shapes))
    ]


def engine(text, index):
    Ranked(question(text, index), index).hits("", 0, 20)


def timed(act):
    """Return how many milliseconds the second call of `act` takes."""
    act()
    start = time.perf_counter()
    act()
    return 1000 * (time.perf_counter() - start)


if __name__ == "__main__":
    main()
