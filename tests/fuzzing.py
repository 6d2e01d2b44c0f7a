"""Requests that nobody would mean: every address of the table of permissions, bent in all its parts.

One number makes one request, always the same for the same site, so that what it broke can be tried again.
"""

import random
import re
import sys
from html import unescape
from io import BytesIO
from urllib.parse import quote_from_bytes, urlencode

from django.core.signals import got_request_exception, request_finished, request_started
from django.db import close_old_connections

BOUNDARY = "made-up-boundary"


def words(text):
    r"""Return the words of `text` as bytes; what is written as \x00 stands for that byte."""
    return [word.encode("latin-1").decode("unicode_escape").encode("latin-1") for word in text.split()]


# Values that programs stumble over, and good ones.
NASTY = [b"", b" " * 50, b"9" * 400, b"a" * 300, b"(" * 200, b"e\xcc\x81" * 50, b",".join([b"left"] * 90)]
NASTY += words(
    r"""
    \x00 %00 \xff\xfe \xc0\xaf \xed\xa0\x80 \xf0\x9f\x98\x80 \r\nX:y \x1b[0m ../../etc/passwd ..%2f
    // ; ' " % %s%n '\x20OR\x201=1\x20-- {{7*7}} ${x} <script>alert(1)</script> -1 0 1.5 1e999
    9999999999999999999 -999999999999999999999999999999 NaN inf None null true [] {} \xd9\xa3
    \xe2\x82\x84 \xc2\xb2 \xc2\xa0 2024-13-45 0000-00-00 9999-12-31 0001-01-01 2025-01-01.0
    2025-01-01.999999999 draft- draft-999999999999999999999999 \xef\xbf\xbf \xf3\xa0\x81\x81 * ?
    a,b,,c left,right + ~ \\ AND\x20OR\x20NOT "a id:1 name:* [a\x20TO\x20b] x^9 x~9 \xe2\x80\xae
    __class__ edition__id
    """
)
GOOD = words(
    """
    2025-01-01 2025-01-01.1 2999-01-01 left root head panel rain rain-year charter charter#1 unit
    kind office all coordinates planned 1 2 50 name slug nested inline side up move remove add undo
    edit yes on theme
    """
)
NAMES = words(
    """
    on known edition since shape root depth open close find compare zoom at page kind owner part
    theme q limit offset fields omit ordering parent ancestor certainty initiative body include
    start against layout ask step p o e all _popup _to_field _changelist_filters _facets edit of
    effective_on title note format until edition__id__exact id__in id__isnull kind__exact
    name__regex action select_across _selected_action index why seen shown place below unit do from
    empty onto version upload next username password code
    """
)
OF_THE_API = words(
    """
    on known edition q kind parent ancestor owner part theme certainty initiative body since shape root depth
    limit offset fields omit ordering
    """
)
HEADERS = """
    ACCEPT ACCEPT_LANGUAGE ACCEPT_ENCODING IF_NONE_MATCH IF_MATCH IF_MODIFIED_SINCE
    IF_UNMODIFIED_SINCE IF_RANGE RANGE ORIGIN REFERER USER_AGENT X_FORWARDED_FOR X_FORWARDED_PROTO
    X_FORWARDED_HOST FORWARDED COOKIE X_REQUESTED_WITH X_CSRFTOKEN ACCESS_CONTROL_REQUEST_METHOD
    X_HTTP_METHOD_OVERRIDE AUTHORIZATION HOST TE TRANSFER_ENCODING EXPECT SEC_FETCH_SITE
    X_REQUEST_ID TRACEPARENT
    """.split()  # noqa: SIM905 (easier to read)
SUFFIXES = words("/ .json .jsonld .ttl .svg .md .png .pdf .ics .csv .JSON .html .json.ttl .")
# Making one of these takes a second, so they are asked for less often.
PRINTED = (".png", ".pdf")
OF_HEADERS = [b'"a",' * 500, b"x" * 9_000]
OF_HEADERS += words(
    r"""
    text/turtle application/ld+json application/ld+json;profile="x";q=0.3,text/html;q=0 text/*;q=0.1
    application/pdf image/png
    */* application/json text/html;q=0.5,*/*;q=0.1 a/b;q=x / ;;; application/json;a=" * "etag" W/"x"
    "unclosed ,,,, bytes=0- bytes=5-1 bytes=-9999999999999999 bytes=a-b
    Mon,\x2001\x20Jan\x202024\x2000:00:00\x20GMT Mon,\x2099\x20Jan\x2099999\x2000:00:00\x20GMT
    Thu,\x2001\x20Jan\x200000\x2000:00:00\x20GMT sessionid=x;sessionid=y csrftoken=x =;=;= a="\\
    messages=x gzip;q=nonsense chunked 100-continue null http://[ directory.example:99999999 [::1
    127.0.0.1,x
    """
)
FORM = "application/x-www-form-urlencoded"
TYPES = [FORM, f"multipart/form-data; boundary={BOUNDARY}", "multipart/form-data; boundary=" + "x" * 300, ""]
TYPES += [
    "application/json",
    "multipart/form-data",
    "multipart/form-data; boundary=",
    'a/b; charset="',
    ";",
    "\xff",
]
TYPES += [
    f"{FORM}; charset={name}"
    for name in ("utf-8", "latin-1", "rot13", "utf-16", "base64", "idna", "punycode")
]
SENT = {
    "document": "",
    "table": "",
    "from": "2025-01-01.1",
    "onto": "2025-01-01.1",
    "version": "0",
    "upload": "1",
}
FIELD = re.compile(
    r'<input[^>]*? name="([^"]+)"(?:[^>]*? value="([^"]*)")?|<(?:select|textarea)[^>]*? name="([^"]+)"'
)


class Site:
    """The site as a server sees it: a WSGI application, asked without a network."""

    def __init__(self, application):
        self.application = application
        self.broken = None
        got_request_exception.connect(self.note)
        # Between requests a connection may be closed; not within a test's transaction.
        for signal in (request_started, request_finished):
            signal.disconnect(close_old_connections)

    def note(self, **kwargs):
        self.broken = sys.exc_info()[1]

    def ask(self, environ):
        """Return (status, body) of the answer to `environ`."""
        self.broken, said = None, []
        response = self.application(environ, lambda status, headers, *more: said.append(status))
        try:
            body = b"".join(response)
        finally:
            response.close()
        return int(said[0].split()[0]), body

    def close(self):
        got_request_exception.disconnect(self.note)
        for signal in (request_started, request_finished):
            signal.connect(close_old_connections)


def environ_of(path, cookie="", **more):
    """Return the WSGI environment of a request without a body for the bytes `path`."""
    return {
        "REQUEST_METHOD": "GET",
        "SCRIPT_NAME": "",
        "PATH_INFO": path.decode("latin-1"),
        "QUERY_STRING": "",
        "SERVER_NAME": "testserver",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "HTTP_HOST": "testserver",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.input": BytesIO(),
        "wsgi.errors": BytesIO(),
        "wsgi.multithread": False,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
        **({"HTTP_COOKIE": cookie} if cookie else {}),
        **more,
    }


def forms_of(site, addresses, cookie):
    """Return {address: fields of the forms on its page}, as a browser would send them.

    To some addresses only forms of other pages are sent: they get the fields of those.
    """
    found = {}
    for address in addresses:
        path, query = address, "at=left&ask=move" if address.endswith("/tree/") else ""
        _status, body = site.ask(environ_of(path.encode(), cookie, QUERY_STRING=query))
        fields = FIELD.findall(body.decode("utf-8", "replace"))
        found[address] = {name or other: unescape(value) for name, value, other in fields} or dict(SENT)
        found[address].pop("csrfmiddlewaretoken", None)  # a header has it
    return found


def bent(dice, value):
    """Return the bytes `value` with something done to them."""
    for _ in range(dice.choice([1, 1, 1, 2, 5])):
        place = dice.randrange(len(value) + 1)
        match dice.randrange(5):
            case 0:
                value = value[:place] + bytes([dice.randrange(256)]) + value[place:]
            case 1:
                value = value[:place] + value[place + 1 :]
            case 2:
                value = value[:place] + bytes([dice.randrange(256)]) + value[place + 1 :]
            case 3:
                value = value[:place] + dice.choice(NASTY) + value[place:]
            case _:
                value = value[place:] + value[:place]
    return value


def a_value(dice, usual=b""):
    """Return bytes for a parameter, a field or a part of a path: good, nasty, or bent."""
    kind = dice.randrange(10)
    if kind == 0:
        return bytes(dice.randrange(256) for _ in range(dice.randrange(20)))
    if kind < 4:
        return dice.choice(NASTY)
    if kind == 4:
        return bent(dice, usual or dice.choice(GOOD))
    return dice.choice(GOOD)


def a_query(dice, given, names):
    """Return a query string: `given`, and some of `names` with values."""
    if dice.random() < 0.05:
        return bent(dice, given.encode() or b"on=2025-01-01").decode("latin-1")
    names = [dice.choice(names) for _ in range(dice.choice([0, 0, 1, 1, 2, 3]))]
    pairs = [f"{name.decode()}={quote_from_bytes(a_value(dice))}" for name in names]
    return "&".join(filter(None, [given, *pairs]))


def a_path(dice, path):
    kind = dice.randrange(12)
    if kind == 0:
        return bent(dice, path)
    if kind in (1, 2):
        parts = path.split(b"/")
        place = dice.randrange(len(parts))
        parts[place] = a_value(dice, parts[place])
        return b"/".join(parts)
    if kind == 3:
        before, _, name = path.rstrip(b"/").rpartition(b"/")
        return before + b"/" + name.split(b".")[0] + dice.choice(SUFFIXES)
    return path


def a_body(dice, fields):
    """Return (content type, bytes) of what is sent: most often the fields of a form, some of them bent."""
    fields = {name: value.encode() for name, value in fields.items()}
    for _ in range(dice.choice([0, 1, 1, 2, 3])):
        name = dice.choice([*fields, dice.choice(NAMES).decode()])
        fields[name] = a_value(dice, fields.get(name, b""))
    kind = dice.randrange(20)
    if kind == 0:
        return dice.choice(TYPES), bytes(dice.randrange(256) for _ in range(dice.randrange(200)))
    if kind == 1:
        return dice.choice(TYPES), bent(dice, urlencode(fields).encode())
    if kind < 10:
        return TYPES[0], urlencode(fields).encode()
    for name in ("document", "table"):
        if name in fields:
            fields[f'{name}"; filename="f'] = a_file(dice)
    parts = [
        b'--%s\r\nContent-Disposition: form-data; name="%s"\r\n\r\n%s\r\n'
        % (BOUNDARY.encode(), name.encode(), value)
        for name, value in fields.items()
    ]
    body = b"".join(parts) + b"--%s--\r\n" % BOUNDARY.encode()
    return TYPES[1], bent(dice, body) if kind == 19 else body


def a_file(dice):
    """Return the bytes of a file: a small document or table, bent, or what is neither."""
    document = b'{"effective_on":"2025-01-01","title":"T","sources":[],'
    document += b'"units":[{"slug":"a","name":"A","kind":"institution","cites":[]}]}'
    table = b"slug,name,kind,parent,cites\r\nroot,R,institution,,charter#1\r\nleft,L,unit,root,charter#1\r\n"
    deep = b"[" * dice.choice([10, 200, 100_000]) + b'{"a":' * dice.choice([0, 1, 500])
    file = dice.choice([document, table, deep, dice.choice(NASTY)])
    return bent(dice, file) if dice.random() < 0.8 else file


def a_request(number, addresses, cookies, forms):
    """Return the WSGI environment of request `number`."""
    dice = random.Random(number)
    address, (_got, sent) = dice.choice(addresses)
    if address.endswith(PRINTED) and dice.random() < 0.9:
        address, (_got, sent) = dice.choice(addresses)
    path, _, query = address.partition("?")
    cookie = dice.choice(cookies)
    names = OF_THE_API if path.startswith("/api/") else NAMES
    environ = environ_of(a_path(dice, path.encode()), cookie, QUERY_STRING=a_query(dice, query, names))
    posts = sent[-1] != 405 and dice.random() < 0.6
    environ["REQUEST_METHOD"] = (
        "POST" if posts else dice.choice(["GET"] * 8 + ["HEAD", "POST", "OPTIONS", "PUT"])
    )
    if posts or dice.random() < 0.05:
        kind, body = a_body(dice, forms.get(address, {}))
        environ |= {"CONTENT_TYPE": kind, "wsgi.input": BytesIO(body), "CONTENT_LENGTH": str(len(body))}
        environ["HTTP_X_CSRFTOKEN"] = "c" * 32
        if dice.random() < 0.03:
            environ["CONTENT_LENGTH"] = dice.choice(["-1", "x", "", "9" * 30, "\xb2", "0", "99999999", "1"])
    for _ in range(dice.choice([0, 0, 0, 1, 2])):
        value = dice.choice(OF_HEADERS) if dice.random() < 0.6 else a_value(dice)
        environ[f"HTTP_{dice.choice(HEADERS)}"] = value.decode("latin-1")
    return environ


def told(environ):
    """Return in a few lines what was asked, for whoever has to mend what it broke."""
    asked = {name: value for name, value in environ.items() if name.startswith(("HTTP_", "CONTENT_"))}
    body = environ["wsgi.input"].getvalue()[:2_000]
    where = f"{environ['PATH_INFO']!a} ? {environ['QUERY_STRING']!a}"
    return f"{environ['REQUEST_METHOD']} {where}\n  {asked}\n  {body!r}"
