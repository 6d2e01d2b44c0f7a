"""A site of its own on this machine, with the first edition, for a browser to look at."""

import http.client
import os
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FIRST_EDITION = "fixtures/ai-office-2024-06-16.json"
SYNONYMS = "fixtures/synonyms.json"
STARTS_WITHIN = 60  # seconds
# What settings.py reads: the site here is to be the same whatever this machine is set up for.
SETTINGS = {
    "ALLOWED_HOSTS",
    "API_RATE",
    "BACKUPS_KEPT",
    "BACKUP_DIR",
    "BEHIND_TLS_PROXY",
    "CACHE_DIR",
    "CACHE_URL",
    "DATABASE_URL",
    "DEBUG",
    "KEPT_ANSWERS",
    "LISTEN",
    "METRICS",
    "REPLICA_URL",
    "REPORT_ERRORS_TO",
    "SECOND_FACTOR",
    "SECOND_PERSON_APPROVES",
    "SECRET_KEY",
    "SECRET_KEY_FALLBACKS",
    "SECURITY_CONTACT",
    "SITE_URL",
    "STATEMENT_TIMEOUT",
    "THREADS",
    "TRUSTED_PROXIES",
    "WORKERS",
}


@contextmanager
def running_site(like=None, **settings):
    """Start the site in a new database in a new folder; give (its address, its environment).

    It starts as a copy of the folder `like` that `fill` has filled, or, which takes seconds, from nothing.
    `settings` are variables of its environment, such as the DATABASE_URL of another empty database. Programs
    that are to work on the same database run in that environment. Everything is stopped and removed in the
    end.
    """
    with tempfile.TemporaryDirectory() as folder, socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
        address = f"http://127.0.0.1:{port}"
        environment = environment_in(folder) | {"SITE_URL": address} | settings
        probe.close()
        if like:
            shutil.copytree(like, folder, dirs_exist_ok=True)
        else:
            fill(environment)
        command = [sys.executable, "manage.py", "runserver", "--noreload", f"127.0.0.1:{port}"]
        with open(f"{folder}/log", "w") as log:
            site = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log)
        try:
            wait_for(site, port, f"{folder}/log")
            yield address, environment
        finally:
            stop(site)


def environment_in(folder):
    """Return the environment of a site whose database, an SQLite file, and caches are in `folder`."""
    environment = {name: value for name, value in os.environ.items() if name not in SETTINGS}
    environment |= {"DATABASE_URL": f"sqlite:///{folder}/site.sqlite3", "CACHE_DIR": f"{folder}/cache"}
    return environment | {"DEBUG": "0", "SECRET_KEY": secrets.token_urlsafe(50)}


def fill(environment):
    """Put the first edition and the synonyms into the empty database of `environment`."""
    manage(environment, "migrate", "--verbosity", "0")
    manage(environment, "load_edition", FIRST_EDITION)
    manage(environment, "load_synonyms", SYNONYMS)


def manage(environment, *arguments):
    """Run manage.py with `arguments`; raises CalledProcessError where it fails."""
    command = [sys.executable, "manage.py", *arguments]
    return subprocess.run(command, cwd=ROOT, env=environment, check=True, capture_output=True, text=True)


def stop(site):
    """End the process `site`, if need be by force."""
    site.terminate()
    try:
        site.wait(10)
    except subprocess.TimeoutExpired:
        site.kill()
        site.wait()


def wait_for(site, port, log):
    """Return as soon as the site is ready; raises RuntimeError with its output where it ends or hangs."""
    end = time.monotonic() + STARTS_WITHIN
    while time.monotonic() < end and site.poll() is None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        try:
            connection.request("GET", "/health/ready/")
            if connection.getresponse().status == 200:
                return
        except OSError:
            time.sleep(0.1)
        finally:
            connection.close()
    raise RuntimeError(f"The site did not start:\n{Path(log).read_text()}")


def chromium():
    """Return how playwright is to start Debian's Chromium, as keyword arguments; None where there is none."""
    program = shutil.which("chromium") or shutil.which("chromium-browser")
    # Chromium's own sandbox refuses to run as root, as it has to in a container.
    return program and {"executable_path": program, "args": ["--no-sandbox"] if os.geteuid() == 0 else []}
