"""What the measured server runs: the site, and below /plain/ answers that nothing stands in front of."""

from aioffice.wsgi import application as site


def application(environ, start_response):
    path = environ["PATH_INFO"]
    if not path.startswith("/plain/"):
        return site(environ, start_response)
    body = b"." * int(path.removeprefix("/plain/").rstrip("/"))
    start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", str(len(body)))])
    return [body]
