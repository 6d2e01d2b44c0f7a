"""Every address that the README shows answers."""

import re

import pytest

from tests.conftest import ROOT

SITE = "http://127.0.0.1:8000"
SHOWN = re.findall(rf"{SITE}(/[^\s)>']*)", (ROOT / "README.md").read_text())
SHOWN += re.findall(r"^\| `(/[^`]+)` \|", (ROOT / "README.md").read_text(), re.M)


@pytest.mark.parametrize("address", SHOWN)
def test_an_address_of_the_readme_answers(client, office, address):
    answer = client.get(address)
    assert answer.status_code == (302 if address == "/admin/" else 200)
    assert b'"results":[]' not in answer.content


def test_the_readme_shows_some_addresses():
    assert len(SHOWN) >= 6
