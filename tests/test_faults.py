"""What the server stands: restarts under load, killed workers, slow clients, a database that is gone."""

import contextlib
import os
import re
import shutil
import signal
import socket
import sqlite3
import subprocess
import tempfile
import threading
import time
from pathlib import Path

import pytest
from django.contrib.auth import get_user_model
from django.db import connection
from django.test import Client
from django.urls import reverse

from scripts.site import environment_in, fill, manage
from tests.conftest import LENGTH
from tests.databases import ON_POSTGRESQL
from tests.serving import Load, free_port, hang_up, served
from units.models import Edition, History

pytestmark = pytest.mark.any_database
PAGES = ["/", "/units/ai-office/", "/tasks/", "/api/v1/units/", "/search/?q=safety", "/chart.svg"]
BINARIES = sorted(Path("/usr/lib/postgresql").glob("*/bin/pg_ctl"))
MOST_GROWTH = 12  # megabytes, and fewer than so many more descriptors


@pytest.fixture(scope="module")
def server(filled_site):
    """A server with two workers, which tests may ill-treat: it has to go on."""
    with served(filled_site, WORKERS="2") as site:
        yield site


def test_a_rolling_restart_under_load_refuses_nobody(server):
    before = set(server.workers())
    with Load(server, ["/health/live/", *PAGES]) as load:
        hang_up(server)
    assert load.failed == [], server.log
    assert load.count > 20
    assert not before & set(server.workers())


def test_code_that_does_not_start_replaces_nothing(filled_site):
    with served(filled_site) as site:
        working = site.workers()
        shutil.rmtree(site.folder / "cache", ignore_errors=True)
        (site.folder / "cache").write_text("no folder, so settings refuse it")
        site.process.send_signal(signal.SIGHUP)
        site.until(lambda: "does not start" in site.log)
        site.until(lambda: site.workers() == working)
        assert site.ask("/about/")[0] == 200


def test_a_worker_that_is_killed_just_after_a_restart_is_replaced_and_the_others_go_on(server):
    hang_up(server)
    killed = server.workers()[0]
    os.kill(killed, signal.SIGKILL)
    server.until(lambda: len(set(server.workers()) - {killed}) == 2)
    assert all(server.ask("/")[0] == 200 for _turn in range(10))


def test_slow_clients_keep_nobody_waiting(server):
    server.ask("/chart/")
    with contextlib.ExitStack() as stack:
        for number in range(60):
            client = stack.enter_context(socket.create_connection(("127.0.0.1", server.port)))
            if number % 2:
                client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2_048)
                client.sendall(b"GET /chart/ HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")  # and reads nothing
            else:
                client.sendall(b"GET / HTTP/1.1\r\nHost: 127.0")  # and never says the rest
        assert [server.ask("/about/", timeout=15)[0] for _turn in range(5)] == [200] * 5


def test_a_server_that_is_told_to_end_finishes_what_is_running(filled_site):
    with served(filled_site) as site:
        site.ask("/about/")
        found = []
        asking = [
            threading.Thread(target=lambda n=n: found.append(site.ask(f"/chart.pdf?depth={n}", 60)[0]))
            for n in (1, 2, 3)
        ]
        for thread in asking:
            thread.start()
        time.sleep(0.3)
        site.process.terminate()
        assert site.process.wait(60) == 0
        for thread in asking:
            thread.join()
        assert len(found) == 3, site.log
        assert set(found) <= {200, 503}, site.log  # 503: others have their files made


def size_of(process):
    """Return (resident megabytes, open descriptors) of a process."""
    status = Path(f"/proc/{process}/status").read_text()
    return int(re.search(r"VmRSS:\s+(\d+)", status)[1]) / 1024, len(os.listdir(f"/proc/{process}/fd"))


def test_thousands_of_requests_take_no_more_memory_and_no_more_descriptors(filled_site):
    with served(filled_site, KEPT_ANSWERS="20") as site:
        addresses = [*PAGES, "/nothing/", "/?on=nonsense", "/people/", "/units/?fbclid=1"]

        def ask(count, first):
            for number in range(first, first + count):
                site.ask(
                    f"/search/?q=word{number}" if number % 9 == 0 else addresses[number % len(addresses)]
                )

        ask(150, 0)
        memory, descriptors = size_of(site.workers()[0])
        ask(200 if LENGTH == 1 else 20_000, 150)
        more_memory, more_descriptors = size_of(site.workers()[0])
    assert more_memory - memory < MOST_GROWTH
    assert more_descriptors - descriptors < MOST_GROWTH


def check_outage(site):
    """Check what readers, programs and editors get while the database is gone; PAGES were asked before."""
    page, data, late = site.ask("/"), site.ask("/api/v1/units/"), site.ask("/timeline/")
    assert (page[0], data[0], late[0]) == (200, 200, 503), site.log
    assert 'class="outage"' in page[2]
    assert "database" in data[1]["Cache-Status"]
    editor = site.ask("/admin/", Cookie="sessionid=made-up-and-long-enough")
    program = site.ask("/api/v1/milestones/")
    ready = site.ask("/health/ready/")
    assert (editor[0], program[0], ready[0], site.ask("/health/live/")[0]) == (503, 503, 503, 200)
    assert late[1]["Retry-After"] == program[1]["Retry-After"] == "10"


@contextlib.contextmanager
def cluster():
    """Start a PostgreSQL of its own; give (its DATABASE_URL, what runs pg_ctl, the words to start it)."""
    with tempfile.TemporaryDirectory() as place:
        port = free_port()
        as_whom = []
        if os.geteuid() == 0:  # PostgreSQL refuses to run as root
            shutil.chown(place, "postgres")
            as_whom = ["runuser", "-u", "postgres", "--"]

        def control(*words):
            program = [*as_whom, str(BINARIES[-1]), *words, "-D", f"{place}/data", "-s", "-w"]
            subprocess.run(program, cwd=place, check=True, stdin=subprocess.DEVNULL)

        control("init", "-o", "-U aioffice -A trust -E UTF8 --locale=C.UTF-8 --no-sync")
        options = f"-p {port} -c listen_addresses=127.0.0.1 -k {place} -c fsync=off"
        start = ["start", "-l", f"{place}/log", "-o", options]
        control(*start)
        try:
            yield f"postgres://aioffice@127.0.0.1:{port}/postgres", control, start
        finally:
            with contextlib.suppress(subprocess.CalledProcessError):
                control("stop", "-m", "immediate")


@pytest.mark.skipif(not BINARIES, reason="There is no PostgreSQL on this machine.")
def test_postgresql_stopped_and_started_again_under_load(tmp_path):
    with cluster() as (address, control, start):
        fill(environment_in(tmp_path) | {"DATABASE_URL": address})
        with served(tmp_path, DATABASE_URL=address) as site:
            assert all(site.ask(path)[0] == 200 for path in PAGES)
            with Load(site, PAGES[:-1], clients=2) as load:
                control("stop", "-m", "immediate")
                site.until(lambda: "outage" in site.ask("/")[2], 20)
                check_outage(site)
                control(*start)
                site.until(lambda: "outage" not in site.ask("/")[2], 20)
            assert load.failed == []
            assert [site.ask(path)[0] for path in ("/timeline/", "/health/ready/")] == [200, 200]


@pytest.mark.skipif(not shutil.which("redis-server"), reason="There is no Redis on this machine.")
def test_what_is_kept_in_redis_is_there_for_all_and_without_redis_everything_is_made_anew(
    filled_site, tmp_path
):
    port = free_port()
    command = ["redis-server", "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", tmp_path]
    redis = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    try:
        with served(filled_site, CACHE_URL=f"redis://127.0.0.1:{port}/0", WORKERS="2") as site:
            etag = site.ask("/tasks/")[1]["ETag"]
            assert {site.ask("/tasks/")[1]["ETag"] for _turn in range(6)} == {etag}
            hang_up(site)  # new processes, which have made nothing themselves
            whole = (site.folder / "site.sqlite3").read_bytes()
            (site.folder / "site.sqlite3").write_bytes(b"no database any more" * 1_000)
            site.until(lambda: "outage" in site.ask("/tasks/")[2], 20)
            redis.terminate()
            redis.wait()
            site.until(lambda: site.ask("/tasks/")[0] == 503, 20)
            (site.folder / "site.sqlite3").write_bytes(whole)
            site.until(lambda: site.ask("/tasks/")[0] == 200, 20)
    finally:
        redis.kill()


def test_a_locked_database_keeps_no_reader_waiting(server):
    database = server.folder / "site.sqlite3"
    with contextlib.closing(sqlite3.connect(database, isolation_level=None)) as locking:
        locking.execute("BEGIN IMMEDIATE")
        begin = time.monotonic()
        assert [server.ask(path)[0] for path in ("/bodies/", "/sources/", "/")] == [200] * 3
        assert time.monotonic() - begin < 10
        locking.execute("ROLLBACK")


def test_a_database_file_that_is_gone_is_an_outage_until_it_is_back(filled_site):
    with served(filled_site) as site:
        assert all(site.ask(path)[0] == 200 for path in PAGES)
        database = site.folder / "site.sqlite3"
        with contextlib.closing(sqlite3.connect(database)) as writing:
            writing.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        whole = database.read_bytes()
        database.write_bytes(b"no database any more" * 1_000)
        site.until(lambda: "outage" in site.ask("/")[2], 20)
        check_outage(site)
        database.write_bytes(whole)
        site.until(lambda: site.ask("/timeline/")[0] == 200, 20)
        site.until(lambda: "outage" not in site.ask("/")[2], 20)


@pytest.mark.skipif(os.geteuid() != 0, reason="Only root can make a small disk, or one that is read-only.")
def test_a_full_disk_and_a_read_only_one_keep_no_reader_from_reading(filled_site, tmp_path):
    disk = tmp_path / "disk"
    disk.mkdir()
    made = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=40m", "tmpfs", disk], check=False)
    if made.returncode:
        pytest.skip("This machine lets nobody mount a disk.")
    try:
        with served(filled_site, folder=disk) as site:
            with contextlib.suppress(OSError), open(disk / "filler", "wb") as filler:
                while True:
                    filler.write(b"x" * 65_536)
                    filler.flush()
            assert [site.ask(path)[0] for path in ["/", "/bodies/", "/search/?q=fines"]] == [200] * 3
            with pytest.raises(subprocess.CalledProcessError):
                manage(site.environment, "load_edition", "fixtures/ai-office-2024-06-16.json", "--draft")
            (disk / "filler").unlink()
            assert [site.ask(path)[0] for path in ["/sources/", "/health/ready/"]] == [200] * 2
    finally:
        subprocess.run(["umount", "-l", disk], check=True)


def only_read():
    """Let this connection, and no later one, refuse each write."""
    statement = "SET default_transaction_read_only = on" if ON_POSTGRESQL else "PRAGMA query_only = ON"
    with connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.mark.usefixtures("own_database")
def test_a_database_that_can_only_be_read_serves_readers_and_tells_editors(settings, tmp_path):
    settings.KEEP_ANSWERS = False
    settings.CACHE_DIR = tmp_path  # where no other test has left what verify found
    editor, reader = (Client(raise_request_exception=False) for _turn in range(2))
    editor.force_login(get_user_model().objects.create_superuser("editor"))
    begun = reverse("admin:units_edition_start"), {"from": Edition.objects.published().first().identifier}
    before = Edition.objects.count(), History.objects.count()
    only_read()
    pages = [*PAGES, "/health/ready/"]
    assert [reader.get(path).status_code for path in pages] == [200] * len(pages)
    assert editor.get("/admin/").status_code == 200
    refused = editor.post(*begun)
    assert (refused.status_code, refused["Retry-After"]) == (503, "10")
    assert "can only be read at the moment, so nothing was changed" in refused.text
    assert (Edition.objects.count(), History.objects.count()) == before
    assert editor.post(*begun).status_code == 302  # by a new connection, which may write
    assert Edition.objects.count() == before[0] + 1
