"""Asking the site itself, in this process: through all of its middleware, as a server would."""

import functools
import io
import sys
from contextlib import closing, contextmanager
from dataclasses import dataclass
from urllib.parse import unquote

from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections


@dataclass
class Answer:
    """What the site answers: its status, its headers, and its body as an iterator of bytes."""

    status: int
    headers: dict
    body: object


@contextmanager
def asked(address, method="GET"):
    """Give the Answer to a reader's request for `address`, a path of the site with its query."""
    told = {}

    def start_response(status, headers, exc_info=None):
        told.update(status=int(status.split()[0]), headers=dict(headers))

    signals = request_started, request_finished
    for signal in signals:  # one connection to the database serves all requests
        signal.disconnect(close_old_connections)
    try:
        body = _site()(_environ(address, method), start_response)
        with closing(body):
            yield Answer(**told, body=body)
    finally:
        for signal in signals:
            signal.connect(close_old_connections)


@functools.cache
def _site():
    return WSGIHandler()


def _environ(address, method):
    path, _, query = address.partition("?")
    return {
        "REQUEST_METHOD": method,
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote(path),
        "QUERY_STRING": query,
        "SERVER_NAME": settings.SITE.hostname,
        "SERVER_PORT": str(settings.SITE.port or {"http": 80, "https": 443}[settings.SITE.scheme]),
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "HTTP_HOST": settings.SITE.netloc,
        "HTTP_ACCEPT": "*/*",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": settings.SITE.scheme,
        "wsgi.input": io.BytesIO(),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": False,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
