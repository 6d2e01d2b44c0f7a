"""Setting a page: Typst in a process of its own, which has so much time and memory and no more."""

import json
import signal
import subprocess
import sys
from datetime import UTC, datetime, time
from pathlib import Path

from django.core.exceptions import BadRequest
from django.utils.translation import gettext as _

from units.exports import BusyError
from units.printing.letters import FONTS

CHILD = Path(__file__).with_name("child.py")
# Tests and measurements set these otherwise.
MOST_DATA = 8_000_000  # bytes that are set at all
SECONDS = 15  # of a processor
CLOCK = 20  # seconds until so busy a machine is not waited for any more
MEGABYTES = 2_000  # of addresses; nearly all of them are really used
# No more threads, with memory of their own each, than a small machine has; and none of the site's secrets.
ENVIRONMENT = {"RAYON_NUM_THREADS": "2", "MALLOC_ARENA_MAX": "2"}
# Our own code for it, or killed: by an allocation that failed, by the kernel, as out of time.
TOO_MUCH = {3, -signal.SIGABRT, -signal.SIGSEGV, -signal.SIGKILL, -signal.SIGXCPU}


class TooMuchError(BadRequest):
    """What is asked for can't be set within the limits."""

    def __init__(self):
        super().__init__(
            _("That is too much for one file. Take one branch by “root”, or fewer levels by “depth”.")
        )


class SlowError(BusyError):
    """The machine is so busy that nothing is set soon enough."""

    def __init__(self):
        Exception.__init__(
            self, _("This takes longer than usual at the moment. Please ask again in a minute.")
        )


def set_pages(template, data, path, edition, ppi=None):
    """Write what the Typst file `template` makes of `data` (plain values) to `path`: PDF/UA, PNG with `ppi`.

    The date in the file is that of `edition`: the same data gives the same bytes. Raises TooMuchError, and
    SlowError where the machine is too busy to have it done soon enough.
    """
    asked = {
        "template": str(CHILD.with_name(template)),
        "fonts": str(FONTS),
        "output": str(path),
        "ppi": ppi,
        "timestamp": datetime.combine(edition.effective_on, time(), UTC).isoformat(),
        "seconds": SECONDS,
        "megabytes": MEGABYTES,
        "data": json.dumps(data, ensure_ascii=False),
    }
    given = json.dumps(asked).encode()
    if len(given) > MOST_DATA:
        raise TooMuchError
    command = [sys.executable, "-I", str(CHILD)]
    try:
        done = subprocess.run(  # noqa: S603 (our own script; what comes from outside goes in as data)
            command, input=given, capture_output=True, timeout=CLOCK, check=False, env=ENVIRONMENT
        )
    except subprocess.TimeoutExpired:
        raise SlowError from None
    if done.returncode in TOO_MUCH:
        raise TooMuchError
    if done.returncode:
        raise RuntimeError(done.stderr.decode(errors="replace")[-4_000:])
