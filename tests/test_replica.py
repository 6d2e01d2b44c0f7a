"""Several machines: PostgreSQL as the shipped files have it, and a replica that stands in and takes over."""

import contextlib
import glob
import json
import os
import re
import secrets
import shutil
import subprocess
import tempfile
import time
import urllib.request
from pathlib import Path

import pytest

from scripts.site import FIRST_EDITION, ROOT, manage, running_site
from tests.conftest import LENGTH
from tests.test_deployment import FILES, free_ports, program

pytestmark = [
    pytest.mark.any_database,
    pytest.mark.skipif(LENGTH == 1, reason="takes half a minute: make trust runs it"),
]
PASSWORD = secrets.token_urlsafe(20)


@contextlib.contextmanager
def servers():
    """Give a function that runs PostgreSQL's programs as the account that may, in a folder of its own."""
    found = sorted(glob.glob("/usr/lib/postgresql/*/bin"), key=lambda path: int(path.split("/")[4]))
    if not found:
        pytest.skip("PostgreSQL is not installed")
    started = []

    def run(name, *arguments, **options):
        as_postgres = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
        command = [*as_postgres, f"{found[-1]}/{name}", *map(str, arguments)]
        if name == "pg_ctl" and "start" in arguments:
            started.append(arguments[arguments.index("-D") + 1])
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, **options)
        assert done.returncode == 0 or name == "pg_ctl", done.stderr
        return done.stdout

    with tempfile.TemporaryDirectory() as folder:
        run.folder = Path(folder)
        if os.geteuid() == 0:
            shutil.chown(folder, "postgres")
        try:
            yield run
        finally:
            for data in started:
                run("pg_ctl", "-D", data, "-m", "immediate", "-s", "stop")


def set_up(run, data, port):
    """Put the shipped files into the folder `data` of a server, with the places of this test."""
    config = (FILES / "postgresql.conf").read_text().replace("'*'", "'localhost'")
    access = (FILES / "pg_hba.conf").read_text()
    assert "10.0.0.0/24" in access
    access += re.sub(r"10\.0\.0\.0/24", "127.0.0.0/8", access) + re.sub(r"10\.0\.0\.0/24", "::1/128", access)
    with (data / "postgresql.conf").open("a") as file:
        file.write(f"{config}\nport = {port}\nunix_socket_directories = '{run.folder}'\n")
    (data / "pg_hba.conf").write_text(access)


def start(run, data, log):
    run("pg_ctl", "-D", data, "-w", "-l", run.folder / log, "-s", "start")


@pytest.fixture
def pair():
    """A primary and a replica as the guide makes them; gives (run, its folder, ports, certificate)."""
    with servers() as run:
        ports = free_ports(2)
        primary, replica = run.folder / "db-1", run.folder / "db-2"
        run("initdb", "-D", primary, "--data-checksums", "-A", "peer", "-U", "postgres", "-E", "UTF8")
        key = ["-out", primary / "server.crt", "-keyout", primary / "server.key", "-subj", "/CN=localhost"]
        made = [program("openssl"), "req", "-x509", "-newkey", "rsa:2048", "-nodes", *key]
        subprocess.run([*made, "-addext", "subjectAltName=DNS:localhost"], check=True, stderr=-3)
        if os.geteuid() == 0:
            for name in ("server.crt", "server.key"):
                shutil.chown(primary / name, "postgres", "postgres")
        set_up(run, primary, ports[0])
        start(run, primary, "db-1.log")
        for statement in (
            f"CREATE ROLE directory LOGIN CREATEDB PASSWORD '{PASSWORD}'",
            "CREATE DATABASE directory OWNER directory",
            f"CREATE ROLE replication LOGIN REPLICATION PASSWORD '{PASSWORD}'",
        ):
            run("psql", "-h", run.folder, "-p", ports[0], "-U", "postgres", "-qc", statement)
        guide = (ROOT / "docs" / "deployment.md").read_text().replace("\\\n", " ")
        options = re.search(r"pg_basebackup --host=db-1.example (.+?)\n", guide)[1].split()
        where = [f"--pgdata={replica}" if option.startswith("--pgdata") else option for option in options]
        environment = os.environ | {"PGPASSWORD": PASSWORD, "PGSSLMODE": "require"}
        run("pg_basebackup", "--host=localhost", f"--port={ports[0]}", *where, env=environment)
        with (replica / "postgresql.conf").open("a") as file:
            file.write(f"port = {ports[1]}\n")
        start(run, replica, "db-2.log")
        certificate = Path(shutil.copy(primary / "server.crt", Path(tempfile.mkdtemp()) / "root.crt"))
        yield run, primary, ports, certificate
        shutil.rmtree(certificate.parent)


def address_of(certificate, *ports):
    where = f"host={','.join(['localhost'] * len(ports))}&port={','.join(map(str, ports))}"
    return f"postgres://directory:{PASSWORD}@/directory?{where}&sslmode=verify-full&sslrootcert={certificate}"


def read(address):
    with urllib.request.urlopen(address, timeout=30) as answer:
        return answer.read().decode()


def wait_until(holds, seconds=30):
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.2)


def test_readers_go_on_when_the_primary_is_gone_and_editors_when_the_replica_is_promoted(pair, tmp_path):
    run, primary, ports, certificate = pair
    ask = ("psql", "-h", run.folder, "-p", ports[1], "-U", "postgres", "-d", "directory", "-Atc")
    with running_site(DATABASE_URL=address_of(certificate, *ports)) as (site, environment):
        assert "AI Office" in read(f"{site}/units/")
        wait_until(lambda: run(*ask, "SELECT to_regclass('units_edition') IS NOT NULL") == "t\n")
        wait_until(lambda: run(*ask, "SELECT count(*) FROM units_edition WHERE sha256 <> ''") == "1\n")
        assert run(*ask, "SELECT pg_is_in_recovery()") == "t\n"

        run("pg_ctl", "-D", primary, "-m", "immediate", "-s", "stop")
        assert "AI Office" in read(f"{site}/units/ai-office/")
        with pytest.raises(subprocess.CalledProcessError) as refused:
            manage(environment, "load_synonyms", "fixtures/synonyms.json")
        assert "read-only transaction" in refused.value.stderr

        run("psql", *ask[1:-1], "-c", "SELECT pg_promote()")
        document = tmp_path / "another.json"
        text = (ROOT / FIRST_EDITION).read_text()
        document.write_text(text.replace('"effective_on": "2024-06-16"', '"effective_on": "2024-07-01"'))
        assert "2024-07-01.1" in manage(environment, "load_edition", str(document)).stdout
        wait_until(lambda: "2024-07-01" in read(f"{site}/editions/"))
        assert "all is well" in manage(environment, "verify").stdout

        backup = manage(environment, "backup", str(tmp_path)).stdout.strip()
        assert "2 editions, as they were" in manage(environment, "restore", backup, "--drill").stdout


def test_pages_come_from_the_replica_while_it_follows_and_while_it_does_not(pair, tmp_path):
    run, primary, ports, certificate = pair
    ask = ("psql", "-h", run.folder, "-p", ports[1], "-U", "postgres", "-d", "directory", "-Atc")
    addresses = {
        "DATABASE_URL": address_of(certificate, *ports),
        "REPLICA_URL": address_of(certificate, ports[1]),
    }
    with running_site(**addresses) as (site, environment):
        wait_until(lambda: "AI Office" in read(f"{site}/units/"))
        readers = (
            "SELECT count(*) FROM pg_stat_activity WHERE usename = 'directory' AND query LIKE '%units_%'"
        )
        assert int(run(*ask, readers)) > 0
        assert json.loads(read(f"{site}/health/ready/"))["replica"] == "ok"

        run(*ask, "SELECT pg_wal_replay_pause()")
        wait_until(lambda: run(*ask, "SELECT pg_get_wal_replay_pause_state()") == "paused\n")
        document = tmp_path / "another.json"
        text = (ROOT / FIRST_EDITION).read_text()
        document.write_text(text.replace('"effective_on": "2024-06-16"', '"effective_on": "2024-07-01"'))
        manage(environment, "load_edition", str(document))
        time.sleep(1.5)  # longer than lists of editions are held
        assert "2024-07-01" not in read(f"{site}/editions/")
        run(*ask, "SELECT pg_wal_replay_resume()")
        wait_until(lambda: "2024-07-01" in read(f"{site}/editions/"))

        run("pg_ctl", "-D", run.folder / "db-2", "-m", "immediate", "-s", "stop")
        assert "AI Office" in read(f"{site}/units/ai-office/")
        assert "answered from the primary" in json.loads(read(f"{site}/health/ready/"))["replica"]

        start(run, run.folder / "db-2", "db-2.log")
        wait_until(lambda: json.loads(read(f"{site}/health/ready/"))["replica"] == "ok")
        run("pg_ctl", "-D", primary, "-m", "immediate", "-s", "stop")
        assert "AI Office" in read(f"{site}/posts/")
