"""The production server: `python -m aioffice.serve`, with its settings from the environment.

It is granian, chosen by measurement. SIGTERM ends it after what is running; SIGHUP replaces its workers one
after the other, and new ones run the code that is there now, if that starts.
"""

import logging
import os
import socket
import tempfile
import time
from pathlib import Path

from granian import Granian
from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings

from aioffice import logs
from aioffice.env import env_number, env_place

HEAD_WITHIN = 10_000  # milliseconds that a client may take to say what it wants
LARGEST_HEAD = 65_536  # bytes; what is longer is refused before Python sees it
STARTS_WITHIN = 60  # seconds that a worker may take to load the site
SETTLES = 0.5  # seconds from then until its predecessor ends
FINISH_WITHIN = 30  # seconds that a request may go on after its worker was told to end


log = logging.getLogger("_granian")


class NotStartedError(Exception):
    """A new worker did not start, or not soon enough."""


class Server(Granian):
    """All workers share one listening socket, which the first process holds; none ends before the next works.

    By itself granian gives each worker a socket of its own on Linux, so what waits at that of a worker that
    ends is reset; and it ends the old worker some seconds after it began the new one, working or not.
    """

    awaits = False

    def _init_shared_socket(self):
        super()._init_shared_socket()
        if self._sfd is None:
            self._shd, self._ssp = self._ssp.build(), None
            self._sfd = self._shd.get_fd()
            self._sso = socket.socket(fileno=self._sfd)
            self._sso.set_inheritable(True)

    def _respawn_workers(self, workers, spawn_target, target_loader, delay=0):
        for number in workers:
            old = self.wrks[number]
            self.awaits = old.is_alive()
            try:
                super()._respawn_workers([number], spawn_target, target_loader, delay=SETTLES if delay else 0)
            except NotStartedError:
                self.wrks.insert(number, old)
                log.error("The code that is there now does not start; what was running goes on.")
                return
            finally:
                if self.awaits:
                    # Replaced as wanted: granian ends the whole server where a worker dies within seconds of
                    # having replaced one that died.
                    self.respawned_wrks.pop(number, None)
                self.awaits = False

    def _spawn_worker(self, *args, **kwargs):
        worker = super()._spawn_worker(*args, **kwargs)
        if self.awaits:
            watch, worker._watch = worker._watch, lambda: None
            start = worker.start

            def start_and_wait():
                start()
                self._wait_for(worker)
                watch()  # that it ends is a fault from now on

            worker.start = start_and_wait
        return worker

    def _wait_for(self, worker):
        """Return once `worker` has loaded the site, as wsgi.py notes. Raises NotStartedError."""
        note = Path(os.environ["_STARTED_IN"], str(worker.inner.pid))
        end = time.monotonic() + STARTS_WITHIN
        while not note.exists():
            if not worker.is_alive() or time.monotonic() > end or self.interrupt_signal:
                worker.kill()
                raise NotStartedError
            time.sleep(0.05)


def server():
    """Return the server, ready to serve()."""
    place = env_place("LISTEN", "127.0.0.1:8000")
    if isinstance(place, Path):
        at = {"uds": place, "uds_permissions": 0o660}
    else:
        at = dict(zip(("address", "port"), place, strict=True))
    watched = env_place("METRICS", "")
    if watched:
        watched = dict(zip(("metrics_address", "metrics_port"), watched, strict=True))
    return Server(
        "aioffice.wsgi:application",
        **at,
        interface=Interfaces.WSGI,
        workers=env_number("WORKERS", os.cpu_count() or 1, 1, 64),
        blocking_threads=env_number("THREADS", 8, 1, 64),
        http=HTTPModes.http1,
        http1_settings=HTTP1Settings(header_read_timeout=HEAD_WITHIN, max_buffer_size=LARGEST_HEAD),
        websockets=False,
        respawn_failed_workers=True,
        workers_kill_timeout=FINISH_WITHIN,
        metrics_enabled=bool(watched),
        **(watched or {}),
        log_dictconfig=logs.config(is_json=os.environ.get("SITE_URL", "").startswith("https:")),
    )


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        os.environ["_STARTED_IN"] = folder
        server().serve()
