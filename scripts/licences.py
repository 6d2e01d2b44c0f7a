"""Writes docs/licences.md: under which licence each package is that the project stands on.

`python -m scripts.licences` asks what is installed; where a package's licence is none of those that we may
use, or can't be told, it ends with a sentence and writes nothing.
"""

import re
import sys
from importlib.metadata import metadata
from pathlib import Path

from packaging.requirements import Requirement

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "licences.md"
# Which of them everything may be built on and run with; copyleft ones for what is used as it is, by import.
COMPATIBLE = {
    *("0BSD", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "CC0-1.0", "HPND", "ISC", "MIT", "MIT-0"),
    *("MIT-CMU", "MPL-2.0", "OFL-1.1", "PSF-2.0", "Python-2.0", "Unlicense", "W3C-20150513", "Zlib"),
    *("LGPL-2.1-or-later", "LGPL-3.0-only"),
}
# How packages that have no SPDX expression say it: the last part of a classifier, or a text of their own.
SAID = {
    "Apache Software License": "Apache-2.0",
    "Apache 2.0": "Apache-2.0",
    "BSD": "BSD-3-Clause",
    "BSD License": "BSD-3-Clause",
    "BSD 3-Clause": "BSD-3-Clause",
    "BSD 3-Clause OR Apache-2.0": "Apache-2.0 OR BSD-3-Clause",
    "CC0 1.0 Universal (CC0 1.0) Public Domain Dedication": "CC0-1.0",
    "GNU Lesser General Public License v2 or later (LGPLv2+)": "LGPL-2.1-or-later",
    "GNU Lesser General Public License v3 (LGPLv3)": "LGPL-3.0-only",
    "ISC License (ISCL)": "ISC",
    "MIT License": "MIT",
    "MIT No Attribution License (MIT-0)": "MIT-0",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
    "Python Software Foundation License": "PSF-2.0",
    "SIL Open Font License 1.1 (OFL-1.1)": "OFL-1.1",
    "The Unlicense (Unlicense)": "Unlicense",
}
# Whose metadata say nothing: their own file LICENSE, and that of axe-core, which is in it.
READ_BY_US = {"axe-playwright-python": "MIT AND MPL-2.0"}
HEAD = """# Licences

What the project stands on, and under which licence each is, as the packages say it themselves. Made by
`make licences`; a test compares. Packages that only other systems than Linux need are not listed.
"""


def names(requirements):
    """Return the names of the packages that `requirements` (a file's name) pins for this system."""
    lines = re.findall(r"^([a-z0-9][^ \\]*==[^\\]*?) *\\?$", (ROOT / requirements).read_text(), re.M)
    found = [Requirement(line) for line in lines]
    return [each.name for each in found if each.marker is None or each.marker.evaluate()]


def licence(name):
    """Return the licence of the installed package `name` as an SPDX expression; "" where it can't be told."""
    said = metadata(name)
    if said.get("License-Expression"):
        return said["License-Expression"]
    kinds = [
        line.split(" :: ")[-1] for line in said.get_all("Classifier", []) if line.startswith("License ::")
    ]
    kinds = [kind for kind in kinds if kind != "OSI Approved"]
    kinds = kinds or [said.get("License", "").strip()]
    if kinds == [""]:
        return READ_BY_US.get(name, "")
    known = sorted({SAID.get(kind, kind if kind in COMPATIBLE else "") for kind in kinds})
    return "" if "" in known else " OR ".join(known)


def is_compatible(expression):
    """Whether one may use a package under `expression`: of an AND all licences have to do, of an OR one."""
    groups = expression.replace("(", "").replace(")", "").split(" AND ")
    return all(any(part in COMPATIBLE for part in group.split(" OR ")) for group in groups)


def page():
    """Return the page as it has to be; raises ValueError with a sentence where a licence will not do."""
    of_the_site = names("requirements.txt")
    rest = [name for name in names("requirements-dev.txt") if name not in of_the_site]
    parts = [HEAD]
    for heading, packages in (("What runs the site", of_the_site), ("What tests and builds it", rest)):
        rows = []
        for name in packages:
            found = licence(name)
            if not is_compatible(found):
                raise ValueError(
                    f"{name} is under {found or 'a licence that it does not tell'}: may we use it?"
                )
            rows.append(f"| {name} | {found} |")
        parts.append("\n".join([f"## {heading}\n", "| package | licence |", "|---|---|", *rows]) + "\n")
    return "\n".join(parts)


if __name__ == "__main__":
    try:
        PAGE.write_text(page())
    except ValueError as error:
        sys.exit(str(error))
