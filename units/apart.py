"""Work on whole documents of large editions, in a process of its own.

A document of 100,000 units is millions of objects: made in a server process, they would leave it as large as
that. Made apart they go back to the machine with the process that held them.
"""

import contextlib
import logging
import os
import pickle
import subprocess
import sys
import threading

from django.conf import settings

LARGE = 4_000_000  # bytes of a document, about 10,000 units; below that a process costs more than it saves

logger = logging.getLogger(__name__)


def apart_if_large(work, *paths):
    """Return work(*paths), called in a new process where one of the files at `paths` is LARGE.

    `work` is a function of a module, which returns plain data. Raises RuntimeError with what the process said
    where it fails.
    """
    if max(os.path.getsize(path) for path in paths if os.path.isfile(path)) <= LARGE:
        return work(*paths)
    done = subprocess.run(
        [sys.executable, "-m", "units.apart"],
        input=pickle.dumps((work, paths)),
        cwd=settings.BASE_DIR,
        capture_output=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(done.stderr.decode(errors="replace")[-4_000:])
    return pickle.loads(done.stdout)  # noqa: S301 (what our own process has written)


def begin_apart(work, *arguments, held):
    """Begin work(*arguments) in a new process, which goes on when this one ends; nobody waits for it.

    `held` is an open file that stays open there until that process ends. What it says where it fails is
    logged, as long as this one is there.
    """
    process = subprocess.Popen(
        [sys.executable, "-m", "units.apart"],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        cwd=settings.BASE_DIR,
        pass_fds=[held.fileno()],
        start_new_session=True,  # what ends a server from the keyboard does not end it
    )
    with process.stdin as asked:
        asked.write(pickle.dumps((work, arguments)))
    threading.Thread(target=_see_it_through, args=[process], daemon=True).start()


def _see_it_through(process):
    with process.stderr as errors:
        said = errors.read()
    if process.wait():
        logger.error("Work in a process of its own failed: %s", said.decode(errors="replace")[-4_000:])


def main():
    import django  # only here: whoever imports this has Django set up

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "aioffice.settings")
    with contextlib.redirect_stdout(sys.stderr):  # whatever is printed or logged on the way is no answer
        django.setup()
        work, paths = pickle.loads(sys.stdin.buffer.read())  # noqa: S301 (what our own process has written)
        answer = pickle.dumps(work(*paths))
    sys.stdout.buffer.write(answer)


if __name__ == "__main__":
    main()
