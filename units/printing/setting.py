"""Setting a page: Typst in a process of its own, which has so much time and memory and no more."""

import json
import subprocess
import sys
from datetime import UTC, datetime, time
from pathlib import Path

from django.core.exceptions import BadRequest
from django.utils.translation import gettext as _

from units.printing.letters import FONTS

CHILD = Path(__file__).with_name("child.py")
SECONDS = 20  # of the clock; a server gives a request half a minute
MEGABYTES = 3_000  # of addresses; about half of it is really used


class TooMuchError(BadRequest):
    """What is asked for can't be set within the limits."""

    def __init__(self):
        super().__init__(
            _("That is too much for one file. Take one branch by “root”, or fewer levels by “depth”.")
        )


def set_pages(template, data, path, edition, seconds=SECONDS, megabytes=MEGABYTES, ppi=None):
    """Write what the Typst file `template` makes of `data` (plain values) to `path`: PDF/UA, PNG with `ppi`.

    The date in the file is that of `edition`: the same data gives the same bytes. Raises TooMuchError.
    """
    asked = {
        "template": str(CHILD.with_name(template)),
        "fonts": str(FONTS),
        "output": str(path),
        "ppi": ppi,
        "timestamp": datetime.combine(edition.effective_on, time(), UTC).isoformat(),
        "megabytes": megabytes,
        "data": json.dumps(data, ensure_ascii=False),
    }
    command = [sys.executable, "-I", str(CHILD)]
    try:
        done = subprocess.run(  # noqa: S603 (our own script; what comes from outside goes in as data)
            command, input=json.dumps(asked).encode(), capture_output=True, timeout=seconds, check=False
        )
    except subprocess.TimeoutExpired:
        raise TooMuchError from None
    if done.returncode in OUT_OF_MEMORY:
        raise TooMuchError
    if done.returncode:
        raise RuntimeError(done.stderr.decode(errors="replace")[-4_000:])


OUT_OF_MEMORY = {3, -6, -9, -11}  # our own code for it; or killed by an allocation that failed
