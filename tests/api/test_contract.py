"""The running API keeps what its OpenAPI document promises: schemathesis tries to prove that it doesn't."""

import os
import subprocess
import sys
from pathlib import Path

from tests.conftest import LENGTH, ROOT

# All checks are on, and none is excluded. What a schema can't say of our parameters stands in hooks.py.
PHASES = "examples,coverage,fuzzing,stateful"
EXAMPLES = 10 * LENGTH  # for each address


def test_schemathesis_finds_nothing(address, tmp_path):
    command = [Path(sys.executable).with_name("st"), "run", f"{address}/api/v1/openapi.json", "--checks=all"]
    command += [f"--phases={PHASES}", f"--max-examples={EXAMPLES}", "--workers=2", "--continue-on-failure"]
    # Over kept connections Django's own server answers 40 ms late, 4,000 times.
    command += ["--header=Connection: close"]
    environment = os.environ | {"SCHEMATHESIS_HOOKS": "tests.api.hooks", "PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout[-8_000:] + done.stderr
    assert "No issues found" in done.stdout
