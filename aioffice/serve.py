"""The production server: `python -m aioffice.serve`, with its settings from the environment.

It is granian, chosen by measurement. SIGTERM ends it after what is running; SIGHUP replaces its workers one
after the other, and new ones run the code that is there now.
"""

import os
import socket
from pathlib import Path

from granian import Granian
from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings

from aioffice import logs
from aioffice.env import env_number, env_place

HEAD_WITHIN = 10_000  # milliseconds that a client may take to say what it wants
LARGEST_HEAD = 65_536  # bytes; what is longer is refused before Python sees it
FINISH_WITHIN = 30  # seconds that a request may go on after its worker was told to end


class Server(Granian):
    """All workers share one listening socket, which the first process holds.

    By itself granian gives each worker one of its own on Linux: what waits at that of a worker that ends is
    reset, and where new code takes long to load, nobody listens for a while. With one, clients wait instead.
    """

    def _init_shared_socket(self):
        super()._init_shared_socket()
        if self._sfd is None:
            self._shd, self._ssp = self._ssp.build(), None
            self._sfd = self._shd.get_fd()
            self._sso = socket.socket(fileno=self._sfd)
            self._sso.set_inheritable(True)


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
    server().serve()
