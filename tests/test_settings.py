"""Settings: nonsense is refused in one sentence, and a public site is a safe one."""

import os
import re
import subprocess
import sys

import pytest
from django.core.exceptions import ImproperlyConfigured

from aioffice.env import env_bool, env_list, env_secret
from aioffice.serve import server
from tests.conftest import ROOT

pytestmark = pytest.mark.any_database

SECRET = "made-up-for-this-test-" * 4
PUBLIC = {"SITE_URL": "https://directory.example", "SECRET_KEY": SECRET}
OURS = [
    "SITE_URL",
    "SECRET_KEY",
    "DEBUG",
    "DATABASE_URL",
    "REPLICA_URL",
    "ALLOWED_HOSTS",
    "BEHIND_TLS_PROXY",
    "TRUSTED_PROXIES",
    "SECURITY_CONTACT",
    "CACHE_DIR",
    "BACKUP_DIR",
    "BACKUPS_KEPT",
    "SECRET_KEY_FALLBACKS",
    "API_RATE",
    "REPORT_ERRORS_TO",
    "SECOND_FACTOR",
    "SECOND_PERSON_APPROVES",
    "CACHE_URL",
    "KEPT_ANSWERS",
    "METRICS",
    "STATEMENT_TIMEOUT",
    "LISTEN",
    "WORKERS",
    "THREADS",
]


def check(*arguments, **environment):
    """Run manage.py check in `environment`; return (exit code, output)."""
    inherited = {name: value for name, value in os.environ.items() if name not in OURS}
    command = [sys.executable, "-W", "error", "manage.py", "check", *arguments]
    done = subprocess.run(command, cwd=ROOT, env=inherited | environment, capture_output=True, text=True)
    return done.returncode, done.stdout + done.stderr


def run_in(environment, code):
    """Return what `code` (Python) prints with the settings of `environment`."""
    inherited = {name: value for name, value in os.environ.items() if name not in OURS}
    command = [sys.executable, "-c", code]
    environment = inherited | {"DJANGO_SETTINGS_MODULE": "aioffice.settings"} | environment
    return subprocess.run(
        command, cwd=ROOT, env=environment, check=True, capture_output=True, text=True
    ).stdout


@pytest.mark.parametrize(
    ("environment", "words"),
    [
        ({"DEBUG": "maybe"}, "DEBUG is 'maybe': write 1 or 0."),
        ({"DATABASE_URL": "mysql://somewhere/name"}, "DATABASE_URL: write sqlite:///"),
        ({"DATABASE_URL": "nonsense"}, "DATABASE_URL: "),
        ({"DATABASE_URL": "postgres://host:port/name"}, "DATABASE_URL: "),
        ({"SECOND_FACTOR": "maybe"}, "SECOND_FACTOR is 'maybe': write 1 or 0."),
        ({"BEHIND_TLS_PROXY": "2"}, "BEHIND_TLS_PROXY is '2': write 1 or 0."),
        ({"SITE_URL": "directory.example"}, "SITE_URL is 'directory.example': write an address"),
        ({"SITE_URL": "https://directory.example/path"}, "write an address"),
        ({"SITE_URL": "https://directory.example:99999"}, "write an address"),
        ({"SITE_URL": "https://directory.example?page=1"}, "write an address"),
        ({"SITE_URL": "https://directory.example#top"}, "write an address"),
        ({"SITE_URL": "https://me:secret@directory.example"}, "write an address"),
        ({"SITE_URL": "https://directory example"}, "write an address"),
        ({"SITE_URL": "https://..."}, "write an address"),
        ({"SITE_URL": "https://directory\n.example"}, "write an address"),
        ({"SITE_URL": "http://directory.example"}, "a public site is reached by https"),
        ({"DATABASE_URL": "sqlite://:memory:"}, "name a file in a folder that exists"),
        ({"DATABASE_URL": "sqlite:////no/such/folder/file"}, "name a file in a folder that exists"),
        ({"DATABASE_URL": "sqlite:////tmp"}, "names a folder"),
        ({"DATABASE_URL": "postgres://host"}, "DATABASE_URL: write sqlite:///"),
        ({"REPLICA_URL": "nonsense"}, "REPLICA_URL: "),
        ({"REPLICA_URL": "sqlite:////tmp"}, "REPLICA_URL names a folder"),
        ({"REPLICA_URL": "postgres://a@b/c"}, "another kind of database"),
        ({"DATABASE_URL": "postgres://a@b/c", "REPLICA_URL": "postgres://a@/c?host=b,c"}, "name one"),
        ({"CACHE_DIR": __file__}, "a file: name a folder"),
        ({"BACKUP_DIR": __file__}, "BACKUP_DIR is"),
        ({"BACKUP_DIR": "backups"}, "write the whole path of a folder"),
        ({"BACKUPS_KEPT": "0"}, "BACKUPS_KEPT is '0': write a whole number from 1 to 10000."),
        ({"BACKUPS_KEPT": "many"}, "BACKUPS_KEPT is 'many'"),
        ({"SECRET_KEY_FALLBACKS": f"{SECRET},short"}, "SECRET_KEY_FALLBACKS has 5 characters"),
        ({"API_RATE": "often"}, "API_RATE is 'often': write a rate"),
        ({"ALLOWED_HOSTS": "*"}, "ALLOWED_HOSTS has '*': write hosts"),
        ({"ALLOWED_HOSTS": ".example"}, "ALLOWED_HOSTS has '.example': write hosts"),
        ({"ALLOWED_HOSTS": "https://directory.example"}, "write hosts such as"),
        ({"ALLOWED_HOSTS": "directory.example:443"}, "write hosts such as"),
        ({"TRUSTED_PROXIES": "my-proxy"}, "TRUSTED_PROXIES: 'my-proxy' does not appear to be"),
        ({"TRUSTED_PROXIES": "10.0.0.7/24"}, "TRUSTED_PROXIES: 10.0.0.7/24 has host bits set"),
        ({"TRUSTED_PROXIES": "10.0.0.7, 0.0.0.0/0"}, "holds every address there is"),
        ({"TRUSTED_PROXIES": "0.0.0.0/1, 128.0.0.0/1"}, "holds every address there is"),
        ({"SECURITY_CONTACT": "nobody"}, "SECURITY_CONTACT is 'nobody': write a mail address"),
        ({"SECRET_KEY": "ab" * 40}, "SECRET_KEY can be guessed"),
        ({"SECRET_KEY": f"django-insecure-{SECRET}"}, "SECRET_KEY can be guessed"),
        ({"SITE_URL": "https://*"}, "write an address"),
        ({"SITE_URL": "http://[::1"}, "write an address"),
        ({"SITE_URL": "https://directory.example"}, "SECRET_KEY is not set"),
        ({"SECRET_KEY": "short"}, "SECRET_KEY has 5 characters"),
        ({"REPORT_ERRORS_TO": "nobody"}, "REPORT_ERRORS_TO is 'nobody': write a mail address"),
        ({"REPORT_ERRORS_TO": "http://directory.example"}, "write a mail address"),
        ({"REPORT_ERRORS_TO": "https://me:secret@directory.example"}, "write a mail address"),
        ({"REPORT_ERRORS_TO": "a@b.example?bcc=c@d.example"}, "write a mail address"),
        ({"REPORT_ERRORS_TO": "javascript:alert(1)"}, "write a mail address"),
        (PUBLIC | {"DEBUG": "1"}, "DEBUG shows the site's insides"),
    ],
)
def test_nonsense_is_refused_in_one_sentence(environment, words):
    inherited = {name: value for name, value in os.environ.items() if name not in OURS}
    command = [sys.executable, "-c", "import aioffice.settings"]
    done = subprocess.run(command, cwd=ROOT, env=inherited | environment, capture_output=True, text=True)
    assert done.returncode != 0
    assert words in done.stderr.splitlines()[-1]


def test_a_local_site_needs_no_settings():
    assert check() == (0, "System check identified no issues (0 silenced).\n")


def test_a_variable_that_is_there_and_empty_counts_as_not_set():
    assert check(**dict.fromkeys(OURS, ""))[0] == 0


def test_a_public_site_behind_a_proxy_with_postgresql_passes_too():
    production = PUBLIC | {
        "DATABASE_URL": "postgres://directory:made-up@db.example/directory",
        "ALLOWED_HOSTS": "directory.example, www.directory.example",
        "BEHIND_TLS_PROXY": "yes",
        "TRUSTED_PROXIES": "10.0.0.0/24, 2001:db8::7",
        "DEBUG": "no",
    }
    code, output = check("--deploy", "--fail-level", "WARNING", **production)
    assert (code, output) == (0, "System check identified no issues (0 silenced).\n")


@pytest.mark.parametrize(("value", "expected"), [("1", True), (" Yes ", True), ("FALSE", False), ("", None)])
def test_a_switch_is_read_in_any_case_and_empty_is_the_default(monkeypatch, value, expected):
    monkeypatch.setenv("SWITCH", value)
    assert env_bool("SWITCH", None) is expected


def test_a_list_is_read_without_its_blanks(monkeypatch):
    monkeypatch.setenv("LIST", " one, two,, ")
    assert env_list("LIST", ["default"]) == ["one", "two"]
    monkeypatch.delenv("LIST")
    assert env_list("LIST", ["default"]) == ["default"]


def test_a_local_secret_is_made_once_for_the_owners_eyes_and_kept(monkeypatch, tmp_path):
    monkeypatch.delenv("SECRET_KEY", raising=False)
    file = tmp_path / "var" / "secret-key"
    secret = env_secret("SECRET_KEY", file)
    assert env_secret("SECRET_KEY", file) == secret == file.read_text()
    assert len(secret) >= 50
    assert file.stat().st_mode & 0o077 == 0


def test_a_public_site_passes_djangos_look_over_a_deployment():
    code, output = check("--deploy", "--fail-level", "WARNING", **PUBLIC)
    assert (code, output) == (0, "System check identified no issues (0 silenced).\n")


def test_postgresql_has_its_limits_in_the_server_and_none_in_commands():
    code = "from django.conf import settings; print(settings.DATABASES['default']['OPTIONS'])"
    database = {"DATABASE_URL": "postgres://somebody@127.0.0.1/somewhere"}
    assert "connect_timeout" in run_in(database, code)
    assert "statement_timeout" not in run_in(database, code)
    server = run_in(database, f"import aioffice.wsgi; {code}")
    assert "-c statement_timeout=30s -c lock_timeout=20s" in server


@pytest.mark.parametrize(
    ("variable", "value", "words"),
    [
        ("LISTEN", "8000", "LISTEN is '8000': write an address and a port"),
        ("LISTEN", "127.0.0.1:0", "LISTEN is"),
        ("LISTEN", "somewhere:80", "LISTEN is"),
        ("WORKERS", "many", "WORKERS is 'many': write a whole number from 1 to 64."),
        ("THREADS", "0", "THREADS is '0'"),
    ],
)
def test_the_server_refuses_nonsense(monkeypatch, variable, value, words):
    monkeypatch.setenv(variable, value)
    with pytest.raises(ImproperlyConfigured, match=re.escape(words)):
        server()


def test_the_server_listens_where_it_is_told(monkeypatch):
    monkeypatch.setenv("LISTEN", "[::1]:8123")
    assert (server().bind_addr, server().bind_port) == ("::1", 8123)
    monkeypatch.setenv("LISTEN", "unix:/run/somewhere.sock")
    assert str(server().bind_uds) == "/run/somewhere.sock"
