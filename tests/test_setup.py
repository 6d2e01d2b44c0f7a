"""The two commands of the README work on a fresh copy, and say plainly when they can't."""

import contextlib
import hashlib
import http.client
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

pytestmark = pytest.mark.any_database
ROOT = Path(__file__).resolve().parent.parent
# What the surrounding `make test` or pytest may have set, and a person at a fresh checkout has not.
NOT_OURS = {"DATABASE_URL", "DJANGO_SETTINGS_MODULE", "SITE_URL", "DEBUG", "SECRET_KEY", "ALLOWED_HOSTS"} | {
    "ARGS", "MAKEFLAGS", "MAKELEVEL", "MAKEOVERRIDES", "MFLAGS", "PORT", "PYTHON", "VENV"
}  # fmt: skip
ENV = {name: value for name, value in os.environ.items() if name not in NOT_OURS}


def free_port():
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return sock.getsockname()[1]


@pytest.fixture
def fresh_copy(tmp_path):
    """Return a copy of the checkout as a new clone would be, with the work that is not committed yet."""
    git = ["git", "-c", f"safe.directory={ROOT}", "ls-files", "-coz", "--exclude-standard"]
    names = subprocess.run(git, cwd=ROOT, check=True, capture_output=True, text=True).stdout.split("\0")
    for name in filter(None, names):
        if (ROOT / name).is_file():
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, tmp_path / name)
    return tmp_path


@pytest.fixture
def ready_venv():
    """Return this environment if setup.sh will take it as it is; it must never be rebuilt under our feet."""
    stamp = Path(sys.prefix) / ".requirements-sha256"
    wanted = hashlib.sha256((ROOT / "requirements-dev.txt").read_bytes()).hexdigest()
    if not stamp.is_file() or stamp.read_text().strip() != wanted:
        message = f"{sys.prefix} was not made by `make setup`, or is out of date"
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(message)
    return sys.prefix


@contextlib.contextmanager
def make_run(where, venv, port):
    """Start `make run`; give its output's file once the site answers; stop it with all it started."""
    log = where / f"make-run-{port}.log"
    command = ["make", "run", f"VENV={venv}", f"PORT={port}"]
    with (
        log.open("w") as out,
        subprocess.Popen(
            command,
            cwd=where,
            env=ENV,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        ) as process,
    ):
        try:
            yield home_page(process, port, log), log.read_text()
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGTERM)
            process.wait(timeout=10)
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)


def home_page(process, port, log):
    end = time.monotonic() + 60
    while time.monotonic() < end and process.poll() is None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        try:
            connection.request("GET", "/")
            response = connection.getresponse()
            return response.status, response.read().decode()
        except OSError:
            time.sleep(0.2)
        finally:
            connection.close()
    pytest.fail(f"make run did not bring up the site:\n{log.read_text()}")


def test_the_readme_names_only_make_targets_that_exist():
    blocks = re.findall(
        r"^```(?:sh|bash|shell|console)?\n(.*?)^```", (ROOT / "README.md").read_text(), re.M | re.S
    )
    commands = re.sub(r"#.*", "", "\n".join(blocks))
    targets = set(re.findall(r"\bmake +([a-z][\w-]*)", commands))
    assert {"run", "test"} <= targets
    for target in targets:
        subprocess.run(["make", "-n", target], cwd=ROOT, env=ENV, check=True, capture_output=True)


def test_make_run_brings_up_a_fresh_copy_and_the_same_edition_the_next_time(fresh_copy, ready_venv):
    for start in (1, 2):
        with make_run(fresh_copy, ready_venv, port := free_port()) as ((status, page), output):
            assert status == 200
            assert "AI Office" in page
            if start == 1:
                assert re.search(rf"127\.0\.0\.1:{port}/admin/ as editor with the password \S+", output)
    count = "from units.models import Edition; print(Edition.objects.count())"
    shell = [sys.executable, "manage.py", "shell", "--no-imports", "-c", count]
    editions = subprocess.run(shell, cwd=fresh_copy, env=ENV, check=True, capture_output=True, text=True)
    assert editions.stdout.strip() == "1"


def test_make_run_says_in_a_sentence_that_the_port_is_taken(ready_venv):
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        command = ["make", "run", f"VENV={ready_venv}", f"PORT={port}"]
        done = subprocess.run(command, cwd=ROOT, env=ENV, capture_output=True, text=True)
    assert done.returncode != 0
    assert re.search(rf"Port {port} is taken .* make run PORT=\d+", done.stderr)


def test_setup_says_what_to_do_where_no_python_will_do(tmp_path):
    bin_dir = tmp_path / "bin"
    bin_dir.mkdir()
    for name in ("cat", "dirname", "ls", "mktemp", "rm", "sed", "sh", "sort", "uname"):
        (bin_dir / name).symlink_to(shutil.which(name))
    for name in ("python3", "python3.12", "python3.13", "uv"):
        # As pyenv's shims do for a version that is installed but not selected.
        (bin_dir / name).write_text(f"#!/bin/sh\necho 'pyenv: {name}: command not found' >&2\nexit 127\n")
        (bin_dir / name).chmod(0o755)
    env = {"PATH": str(bin_dir), "HOME": str(tmp_path / "home"), "VENV": str(tmp_path / "venv")}
    done = subprocess.run([ROOT / "scripts/setup.sh"], env=env, capture_output=True, text=True)
    assert done.returncode == 1
    assert "This project needs Python 3.12 or newer" in done.stderr
    assert "python3.13: pyenv: python3.13: command not found" in done.stderr
    assert not (tmp_path / "venv").exists()


def test_the_build_files_name_no_host_but_this_machine():
    files = [ROOT / "Makefile", ROOT / ".ci/run", *(ROOT / "scripts").glob("*.*")]
    for file in files:
        assert not re.search(r"https?://(?!127\.0\.0\.1|localhost)", file.read_text()), file
