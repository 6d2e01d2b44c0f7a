"""The examples in docs/api.md do what they say, against a running site."""

import re
import subprocess
import sys

import pytest

from tests.conftest import ROOT

RUN = {
    "sh": ["bash", "-c"],
    "python": [sys.executable, "-c"],
    "javascript": ["node", "--input-type=module", "-e"],
}
TEXT = (ROOT / "docs" / "api.md").read_text()
EXAMPLES = re.findall(r"```(sh|python|javascript)\n(.*?)```\n\n```text\n(.*?)```", TEXT, re.S)


@pytest.mark.parametrize(("language", "program", "expected"), EXAMPLES)
def test_an_example_prints_what_is_shown(address, language, program, expected):
    command = [*RUN[language], program.replace("http://127.0.0.1:8000", address)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    pattern = ".*".join(re.escape(part) for part in expected.strip().split("…"))
    assert re.fullmatch(pattern, done.stdout.strip().replace(address, "http://127.0.0.1:8000"), re.S), (
        done.stdout
    )


def test_there_is_an_example_for_every_language_and_none_is_left_out():
    assert {language for language, *_ in EXAMPLES} == set(RUN)
    assert len(EXAMPLES) == len(re.findall(r"```(?:sh|python|javascript)\n", TEXT))
