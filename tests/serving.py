"""The production server in a process of its own, for the tests of what it stands."""

import contextlib
import http.client
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass
from pathlib import Path

from scripts.site import ROOT, environment_in, stop, wait_for


@dataclass
class Served:
    """A running server: its `port`, `folder`, environment and first process."""

    port: int
    folder: Path
    environment: dict
    process: subprocess.Popen

    def ask(self, path, timeout=20, **headers):
        """Return (status, headers, text) of the answer to GET `path`, by a connection of its own."""
        with contextlib.closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)) as line:
            line.request("GET", path, headers=headers)
            answer = line.getresponse()
            return answer.status, answer.headers, answer.read().decode(errors="replace")

    @property
    def log(self):
        return (self.folder / "log").read_text()

    def workers(self):
        """Return the processes that answer."""
        path = f"/proc/{self.process.pid}/task/{self.process.pid}/children"
        return [int(number) for number in Path(path).read_text().split()]

    def until(self, condition, seconds=60):
        """Wait until `condition()` is true; fail with the log where it is not in time."""
        end = time.monotonic() + seconds
        while not condition():
            assert time.monotonic() < end, self.log
            time.sleep(0.1)


def free_port():
    """Return the number of a port of this machine that nobody listens at."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextlib.contextmanager
def served(like, folder=None, **settings):
    """Start the production server with a copy of the site in the folder `like`; give it as Served."""
    with contextlib.ExitStack() as stack:
        folder = Path(folder or stack.enter_context(tempfile.TemporaryDirectory()))
        shutil.copytree(like, folder, dirs_exist_ok=True)
        port = free_port()
        environment = environment_in(folder) | {"SITE_URL": f"http://127.0.0.1:{port}", "WORKERS": "1"}
        environment |= {"LISTEN": f"127.0.0.1:{port}", "THREADS": "4"} | settings
        with open(folder / "log", "w") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", "aioffice.serve"], cwd=ROOT, env=environment, stdout=log, stderr=log
            )
        stack.callback(stop, process)
        wait_for(process, port, folder / "log")
        yield Served(port, folder, environment, process)


class Load:
    """Clients that ask one address after the other until the end of the block, and note what failed."""

    def __init__(self, site, paths, clients=4):
        self.site, self.paths, self.failed = site, paths, []
        self.count = self.again = 0
        self.ended = threading.Event()
        self.threads = [threading.Thread(target=self.ask, args=(number,)) for number in range(clients)]

    def ask(self, number):
        while not self.ended.is_set():
            path = self.paths[(self.count + number) % len(self.paths)]
            try:
                try:
                    status, _headers, _text = self.site.ask(path)
                except ConnectionError:
                    # A worker that ends may close a connection that was opened at that moment, and on which
                    # nothing was asked yet. Proxies (nginx: proxy_next_upstream) then ask again, once.
                    self.again += 1
                    status, _headers, _text = self.site.ask(path)
            except (OSError, http.client.HTTPException) as error:
                status = repr(error)
            self.count += 1
            if status != 200:
                self.failed.append((path, status))

    def __enter__(self):
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *error):
        self.ended.set()
        for thread in self.threads:
            thread.join()


def hang_up(site):
    """Let `site` replace its workers, and wait until it has."""
    stopped = site.log.count("Stopped old worker")
    site.process.send_signal(signal.SIGHUP)
    count = int(site.environment["WORKERS"])
    site.until(lambda: site.log.count("Stopped old worker") == stopped + count)
