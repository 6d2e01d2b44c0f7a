"""The production server, as deployed but with a made-up edition, and the program that loads it."""

import math
import os
import re
import secrets
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from scripts.site import ROOT, SETTINGS, STARTS_WITHIN, stop

SITE = "directory.example"
# As a proxy in front of it asks that ends TLS.
HEADERS = {"Host": SITE, "X-Forwarded-Proto": "https", "X-Forwarded-For": "192.0.2.1"}
CONNECTIONS = 4
LEAST_ANSWERS, LONGEST = 10, 40  # answers, and the seconds that are given for them
TRIES, LATE = 3, 60  # how often a load is tried; seconds after which what should have ended is given up
SECONDS = {"us": 1e-6, "ms": 1e-3, "s": 1, "m": 60}


def environment_of(folder, database, **more):
    """Return the environment of a public site whose caches and static files are in `folder`."""
    environment = {name: value for name, value in os.environ.items() if name not in SETTINGS}
    environment |= {"DATABASE_URL": database, "CACHE_DIR": f"{folder}/cache", "SITE_URL": f"https://{SITE}"}
    environment |= {"BENCH_STATIC": f"{folder}/static", "DJANGO_SETTINGS_MODULE": "bench.settings"}
    environment |= {"BEHIND_TLS_PROXY": "1", "API_RATE": "0", "SECRET_KEY": secrets.token_urlsafe(50)}
    return environment | more


class LoadError(Exception):
    """There are no figures: the server refused, or did not answer in time. The text says which."""


class Server:
    """A server that runs: its `address`, and what its processes have used."""

    def __init__(self, process, port):
        self.process = process
        self.address = f"http://127.0.0.1:{port}"

    def workers(self):
        """Return the numbers of the processes that answer."""
        task = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        return [int(number) for number in task.read_text().split()] or [self.process.pid]

    def memory(self):
        """Return the resident bytes of the worker that has most."""
        return max(self._status(worker, "VmRSS") for worker in self.workers())

    def cpu(self):
        """Return the seconds of processor time that the workers have used."""
        ticks = 0
        for worker in self.workers():
            fields = Path(f"/proc/{worker}/stat").read_text().rpartition(")")[2].split()
            ticks += int(fields[11]) + int(fields[12])
        return ticks / os.sysconf("SC_CLK_TCK")

    def _status(self, number, name):
        text = Path(f"/proc/{number}/status").read_text()
        return 1024 * int(re.search(rf"{name}:\s+(\d+) kB", text)[1])

    def ask(self, path, **headers):
        """Return (status, headers, body) of one answer."""
        address = self.address + path
        request = urllib.request.Request(address, headers=HEADERS | headers)  # noqa: S310 (our own server)
        try:
            with urllib.request.urlopen(request, timeout=LATE) as answer:  # noqa: S310 (our own server)
                return answer.status, answer.headers, answer.read()
        except urllib.error.HTTPError as refused:
            with refused:
                return refused.code, refused.headers, refused.read()


@contextmanager
def running(environment, log):
    """Start the server in `environment`; give the Server, and stop it in the end."""
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with open(log, "w") as out:
        command = [sys.executable, "-m", "bench.served"]
        environment = environment | {"LISTEN": f"127.0.0.1:{port}"}
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=out, stderr=out)
    try:
        server = Server(process, port)
        _wait_for(server, log)
        yield server
    finally:
        stop(process)


def _wait_for(server, log):
    end = time.monotonic() + STARTS_WITHIN
    while time.monotonic() < end and server.process.poll() is None:
        try:
            if server.ask("/health/live/")[0] == 200:
                return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError(f"The server did not start:\n{Path(log).read_text()}")


@dataclass
class Load:
    """What a server answered under load: requests per second, milliseconds, and processor time of each."""

    rps: float
    p50: float
    p99: float
    cpu: float


def load(server, path, seconds, **headers):
    """Ask `server` for `path` for so many seconds, over CONNECTIONS connections; return the Load.

    Longer where it is so slow that this would give only a few answers. Raises LoadError.
    """
    try:
        began = time.monotonic()
        server.ask(path, **headers)
        needed = (time.monotonic() - began) * LEAST_ANSWERS / (os.cpu_count() or 1)
    except OSError as error:
        raise LoadError(f"{path}: {error}") from None
    seconds = max(seconds, min(math.ceil(needed), LONGEST))
    for again in reversed(range(TRIES)):
        try:
            return _loaded(server, path, seconds, headers)
        except LoadError:
            if not again:
                raise
            seconds = min(2 * seconds, LONGEST)


def _loaded(server, path, seconds, headers):
    wrk = shutil.which("wrk")
    if not wrk:
        sys.exit("The load comes from wrk: apt-get install wrk, or brew install wrk.")
    given = [f"-H{name}: {value}" for name, value in (HEADERS | headers).items()]
    options = ["-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", f"--timeout={LATE}s", "--latency"]
    before = server.cpu()
    command = [wrk, *options, *given, server.address + path]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=seconds + LATE)
    except subprocess.TimeoutExpired:
        raise LoadError(f"{path}: wrk did not end") from None
    cpu = server.cpu() - before
    said = done.stdout
    answered = re.search(r"(\d+) requests in", said)
    if "Non-2xx" in said or "Socket errors" in said or not answered or not int(answered[1]):
        raise LoadError(f"{path}:\n{said}{done.stderr}")
    times = {part: _milliseconds(said, part) for part in (50, 99)}
    rps = float(re.search(r"Requests/sec:\s+([\d.]+)", said)[1])
    return Load(rps, times[50], times[99], 1000 * cpu / int(answered[1]))


def _milliseconds(said, part):
    number, unit = re.search(rf"^\s+{part}%\s+([\d.]+)(us|ms|s|m)\s*$", said, re.MULTILINE).groups()
    return 1000 * float(number) * SECONDS[unit]
