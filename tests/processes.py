"""Several processes at one draft: `python -m tests.processes hammer 20` or `kill 200`, on DATABASE_URL.

Exits with 1 and a sentence as soon as a tree is damaged, an update is lost or a request ends in a 5xx.
"""

import contextlib
import os
import random
import signal
import sys
import time

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "aioffice.settings")
django.setup()

from django.contrib.auth import get_user_model
from django.db import connections
from django.test import Client

from bench.institutions import institution
from tests.editing import step
from units import drafts, trees
from units.documents import load, publish
from units.models import Edition, Unit

PROCESSES = 4
CHANGES = 25


def main():
    what, times = sys.argv[1], int(sys.argv[2])
    edition = Edition.objects.published().first() or publish(load(institution(60)))
    user, _ = get_user_model().objects.get_or_create(username="hammer", is_staff=True, is_superuser=True)
    {"hammer": hammer, "kill": kill}[what](edition, user, times)
    print(f"{times} times, and nothing was damaged, lost or refused without a reason.")


def hammer(edition, user, times):
    """Let PROCESSES processes change one draft at once, through the module and over HTTP, `times` times."""
    for turn in range(times):
        draft = drafts.start(edition)
        before = Unit.objects.of(draft).count()
        children = [forked(change_at_random, draft, user, turn * PROCESSES + i) for i in range(PROCESSES)]
        ended = [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children]
        check(ended == [0] * PROCESSES, f"processes ended with {ended}")
        check(trees.problems(draft) == [], str(trees.problems(draft)))
        units = dict(Unit.objects.of(draft).values_list("slug", "name"))
        check(
            len(units) == before + PROCESSES * CHANGES,
            f"{len(units)} units, of {before} and all that were added",
        )
        lost = [slug for slug, name in units.items() if slug.startswith("new-") and name != f"Renamed {slug}"]
        check(not lost, f"lost updates: {lost}")
        drafts.discard(draft)


def change_at_random(draft, user, seed):
    """Add, rename and move units; what one process adds no other removes, so that nothing may be missing."""
    dice = random.Random(seed)
    client = Client(SERVER_NAME="127.0.0.1", raise_request_exception=False)
    client.force_login(user)
    session = client.session
    session["draft"] = draft.pk
    session.save()
    for number in range(CHANGES):
        slugs = list(Unit.objects.of(draft).exclude(parent=None).values_list("slug", flat=True))
        new = f"new-{seed}-{number}"
        trees.add(
            draft, dice.choice(slugs), {"slug": new, "name": new, "kind": "unit"}, dice.choice([None, 0, 1])
        )
        try:
            trees.move(draft, dice.choice(slugs), dice.choice(slugs), dice.choice([None, 0, 1]))
        except trees.TreeError as error:  # below itself
            check("damaged" not in str(error), str(error))
        trees.change(draft, new, {"name": f"Renamed {new}"})
        page, slug = dice.choice(["up", "down", "in", "out", "move"]), dice.choice(slugs)
        answer = step(client, page, slug, **({"below": dice.choice(slugs)} if page == "move" else {}))
        check(answer.status_code < 500, f"{page} answered {answer.status_code}")


def kill(edition, user, times):
    """Kill a process that moves units, at any moment, `times` times; the tree is whole after each."""
    draft = drafts.start(edition)
    dice = random.Random(times)
    for _ in range(times):
        child = forked(move_without_end, draft)
        time.sleep(dice.uniform(0.02, 0.12))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        check(trees.problems(draft) == [], str(trees.problems(draft)))
    drafts.publish_on(draft, draft.effective_on, title=draft.title, note="")


def move_without_end(draft):
    dice = random.Random(os.getpid())
    slugs = list(Unit.objects.of(draft).values_list("slug", flat=True))
    while True:
        with contextlib.suppress(trees.TreeError):
            trees.move(draft, dice.choice(slugs), dice.choice(slugs), dice.choice([None, 0]))


def forked(work, *arguments):
    """Run `work` in a process of its own, with connections of its own; return the process's number."""
    connections.close_all()
    child = os.fork()
    if child:
        return child
    try:
        work(*arguments)
    except BaseException as error:  # whatever it is, the parent has to hear of it
        print(f"{type(error).__name__}: {error}", file=sys.stderr, flush=True)
        os._exit(1)
    os._exit(0)


def check(holds, sentence):
    if not holds:
        sys.exit(sentence)


if __name__ == "__main__":
    main()
