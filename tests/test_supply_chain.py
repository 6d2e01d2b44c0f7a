"""What the project stands on is pinned by hash, listed, and free to use; exceptions to rules have reasons."""

import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from scripts import licences
from scripts.site import ROOT

pytestmark = pytest.mark.any_database
SOURCES = [
    file
    for folder in ("aioffice", "bench", "scripts", "tests", "units")
    for file in (ROOT / folder).rglob("*.py")
]
PIN = re.compile(r"^([a-z0-9.-]+)(?:\[\w+\])?==([^ ;\\]+)", re.M)


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_every_package_is_pinned_with_its_hashes(name):
    pins = re.split(r"\n(?=\S)", (ROOT / name).read_text().strip())
    assert len(pins) > 30
    assert [
        pin.split()[0] for pin in pins if not re.search(r"==\S+.*--hash=sha256:[0-9a-f]{64}", pin, re.S)
    ] == []


def test_nothing_is_installed_without_its_hash():
    texts = {
        file: file.read_text() for file in [ROOT / "scripts/setup.sh", ROOT / ".ci/run", ROOT / "Makefile"]
    }
    texts |= {file: file.read_text() for file in [*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")]}
    for file, text in texts.items():
        for command in re.findall(r"pip(?:\"?) install(?:[^\n]*\\\n)*[^\n]*", text):
            assert "--require-hashes" in command, f"{file.name}: {command}"


def test_the_list_of_licences_is_up_to_date_and_all_are_fine():
    assert licences.PAGE.read_text() == licences.page()


@pytest.mark.parametrize(
    ("expression", "fine"),
    [
        ("MIT", True),
        ("GPL-3.0-only OR MIT", True),
        ("MIT AND GPL-3.0-only", False),
        ("", False),
        ("SSPL-1.0", False),
    ],
)
def test_a_licence_that_will_not_do_is_found(expression, fine, monkeypatch):
    assert licences.is_compatible(expression) is fine
    monkeypatch.setattr(licences, "licence", lambda name: expression)
    if not fine:
        with pytest.raises(ValueError, match="may we use it"):
            licences.page()


def test_the_list_for_programs_has_every_package_with_its_hashes_and_is_valid():
    command = [Path(sys.prefix) / "bin" / "cyclonedx-py", "requirements", "requirements.txt"]
    command += [
        "--pyproject",
        "pyproject.toml",
        "--output-reproducible",
        "--of",
        "JSON",
        "--validate",
        "-o",
        "-",
    ]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, check=True)
    components = json.loads(done.stdout)["components"]
    pinned = sorted(PIN.findall((ROOT / "requirements.txt").read_text()))
    assert sorted((each["name"], each["version"]) for each in components) == pinned
    for each in components:
        assert any(
            len(hashed["content"]) == 64 for where in each["externalReferences"] for hashed in where["hashes"]
        )


def test_every_exception_to_a_rule_has_its_reason():
    without = []
    for file in SOURCES:
        said = set()
        for number, line in enumerate(file.read_text().splitlines(), 1):
            if exception := re.search(r"# n[o]qa\b(?::? ?([A-Z0-9, ]+))?(.*)", line):
                rules, why = exception.groups()
                # A row of imports has it once.
                if not (rules and (re.match(r" ?\(.{6,}\)$", why) or (rules in said and rules == "E402"))):
                    without.append(f"{file.relative_to(ROOT)}:{number}")
                said.add((rules or "").strip())
    assert without == []


def test_the_rules_against_weaknesses_are_on_and_what_is_left_out_is_said():
    rules = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["ruff"]["lint"]
    assert "S" in rules["select"]
    assert not [rule for rule in rules["ignore"] if rule.startswith("S")]
    lines = (ROOT / "pyproject.toml").read_text().split("per-file-ignores]")[1].splitlines()
    assert [line for line in lines if '"S' in line and "#" not in line] == []
