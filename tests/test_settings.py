"""Settings: nonsense is refused in one sentence, and a public site is a safe one."""

import os
import subprocess
import sys

import pytest

from tests.conftest import ROOT

SECRET = "made-up-for-this-test-" * 4
PUBLIC = {"SITE_URL": "https://directory.example", "SECRET_KEY": SECRET}
OURS = ["SITE_URL", "SECRET_KEY", "DEBUG", "DATABASE_URL", "ALLOWED_HOSTS", "BEHIND_TLS_PROXY"]


def check(*arguments, **environment):
    """Run manage.py check in `environment`; return (exit code, output)."""
    inherited = {name: value for name, value in os.environ.items() if name not in OURS}
    command = [sys.executable, "-W", "error", "manage.py", "check", *arguments]
    done = subprocess.run(command, cwd=ROOT, env=inherited | environment, capture_output=True, text=True)
    return done.returncode, done.stdout + done.stderr


@pytest.mark.parametrize(
    ("environment", "words"),
    [
        ({"DEBUG": "maybe"}, "DEBUG is 'maybe': write 1 or 0."),
        ({"DATABASE_URL": "mysql://somewhere/name"}, "DATABASE_URL: write sqlite:///"),
        ({"DATABASE_URL": "nonsense"}, "DATABASE_URL: "),
        ({"SITE_URL": "directory.example"}, "SITE_URL is 'directory.example': write an address"),
        ({"SITE_URL": "https://directory.example/path"}, "write an address"),
        ({"SITE_URL": "https://directory.example:99999"}, "write an address"),
        ({"SITE_URL": "https://directory.example"}, "SECRET_KEY is not set"),
        ({"SECRET_KEY": "short"}, "SECRET_KEY has 5 characters"),
        (PUBLIC | {"DEBUG": "1"}, "DEBUG shows the site's insides"),
    ],
)
def test_nonsense_is_refused_in_one_sentence(environment, words):
    code, output = check(**environment)
    assert code != 0
    assert words in output.splitlines()[-1]


def test_a_local_site_needs_no_settings():
    assert check() == (0, "System check identified no issues (0 silenced).\n")


def test_a_public_site_passes_djangos_look_over_a_deployment():
    code, output = check("--deploy", "--fail-level", "WARNING", **PUBLIC)
    assert (code, output) == (0, "System check identified no issues (0 silenced).\n")
