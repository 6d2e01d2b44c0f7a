"""Count what answers take from the database: reads paths from standard input, prints JSON."""

import gzip
import json
import sys

import django

django.setup()

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bench.serving import SITE
from units.resolve import forget_editions


def main():
    client = Client(SERVER_NAME=SITE, headers={"X-Forwarded-Proto": "https"}, REMOTE_ADDR="127.0.0.1")
    found = {}
    for path in json.load(sys.stdin):
        client.get(path)
        forget_editions()
        with CaptureQueriesContext(connection) as queries:
            answer = client.get(path)
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content
        found[path] = {"queries": len(queries), "bytes": len(body), "packed": len(gzip.compress(body))}
        found[path]["status"] = answer.status_code
    print(json.dumps(found))


if __name__ == "__main__":
    main()
