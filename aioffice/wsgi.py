"""What a WSGI server runs: `aioffice.wsgi:application`."""

import os
from pathlib import Path

import django
from django.core.handlers.wsgi import WSGIHandler, WSGIRequest


class Request(WSGIRequest):
    """A request of which all is read as UTF-8, whatever its Content-Type says.

    At some charsets that Python knows (rot13, idna) Django fails before any middleware could refuse them.
    """

    encoding = property(lambda self: None, lambda self, value: None)


class Handler(WSGIHandler):
    request_class = Request


os.environ.setdefault("DJANGO_SETTINGS_MODULE", "aioffice.settings")
os.environ.setdefault("STATEMENT_TIMEOUT", "30")  # seconds; nobody waits longer for a page
django.setup(set_prefix=False)
application = Handler()
if "_STARTED_IN" in os.environ:  # the server waits for this note before it ends the worker before (serve.py)
    Path(os.environ["_STARTED_IN"], str(os.getpid())).touch()
