"""The Nu Html Checker, the W3C's own, finds nothing wrong in any kind of page, public or of the admin.

It comes from npm and needs Java. Where either is lacking it is left out, and html5lib alone reads the pages
(test_crawl.py); `make trust` insists on it.
"""

import hashlib
import json
import shutil
import subprocess

import pytest

from tests.browser.every_page import PUBLIC
from tests.browser.test_violations import ADMIN, KINDS
from tests.conftest import LENGTH

CHECKER = "vnu-jar@26.9.27"
SHA256 = "22f15dd39a33bed929d2a5c0cddf5946849a647eca9272bf4d5d00bc7e7a4d47"
LACKING = [program for program in ("java", "npm") if not shutil.which(program)]
# Django's own pages of accounts: its read-only password is a `div` that is `disabled`.
OF_THE_ADMIN = [path for path in ADMIN.split() if not path.startswith("/auth/")]
OF_THE_ADMIN += [f"/units/{kind}/" for kind in KINDS]


@pytest.fixture(scope="session")
def checker(once):
    """The checker's jar, fetched; the test is skipped where that can't be, and fails where it has to be."""
    if LACKING:
        message = f"the Nu Html Checker needs {' and '.join(LACKING)}, not to be found here"
        pytest.fail(message) if LENGTH > 1 else pytest.skip(message)

    def fetch(folder):
        options = ["--prefix", folder, "--ignore-scripts", "--no-audit", "--no-fund"]
        subprocess.run(["npm", "install", *options, CHECKER], check=True, capture_output=True)

    jar = once("checker", fetch) / "node_modules" / "vnu-jar" / "build" / "dist" / "vnu.jar"
    assert hashlib.sha256(jar.read_bytes()).hexdigest() == SHA256
    return jar


def said_of(jar, folder):
    """Return what the checker says of the pages in `folder`: (name of the page, kind, message) of each."""
    options = ["--format", "json", "--stdout", "--skip-info-messages", "--exit-zero-always"]
    done = subprocess.run(
        ["java", "-Xss2m", "-XX:TieredStopAtLevel=1", "-jar", jar, *options, folder],
        check=True,
        capture_output=True,
    )
    return [
        (each["url"].rpartition("/")[2], each.get("subType", each["type"]), each["message"])
        for each in json.loads(done.stdout)["messages"]
    ]


def test_the_checker_finds_no_fault_in_any_page(checker, everything, tmp_path):
    asked = everything.context.request
    for name, path in PUBLIC.items():
        (tmp_path / f"{name}.html").write_text(asked.get(path).text())
    for number, path in enumerate(OF_THE_ADMIN):
        html = asked.get(f"/admin{path}").text()
        (tmp_path / f"admin-{number}.html").write_text(f"{html}<!-- {path} -->")
    (tmp_path / "broken.html").write_text("<!doctype html><html lang=en><title>x</title><p role=nonsense>")
    found = said_of(checker, tmp_path)
    assert [each for each in found if each[0] == "broken.html"]
    wrong = [each for each in found if each[0] != "broken.html" and not is_of_django(each)]
    assert wrong == []


def is_of_django(said):
    """Return whether it is said of the admin's own tables (warnings) or of its labels for hidden fields."""
    page, kind, message = said
    return page.startswith("admin-") and (kind == "warning" or "non-hidden form control" in message)
