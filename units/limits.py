"""How much a request may be and hold, and the refusal of one that is or holds more."""

import re
from urllib.parse import unquote_to_bytes

from django.core.exceptions import BadRequest
from django.utils.translation import gettext as _

LONGEST_PATH = 1_000  # characters; our longest address has under 300
LONGEST_QUERY = 4_000
LONGEST_HEADER = 8_000  # browsers send no more: cookies of a whole domain, say
LARGEST_BODY = 3_000_000  # bytes of a form
LARGEST_DOCUMENT = 200_000_000  # bytes of a file; an edition of 100,000 units has some 60 MB
LARGEST_TABLE = 50_000_000
MOST_ROWS = 500_000  # units and all that is about them, in a file
MOST_VALUES, VALUES_OF_A_ROW = 200_000, 20  # in a document, which has some 15 for each row: that many more
CONTROL = re.compile("[\x00-\x1f\x7f]")
CHARSET = re.compile(r'charset\s*=\s*"?([^\s;"]*)', re.I)


class RefusedError(BadRequest):
    """A request is more than is read here, or can't be read: a sentence, and the `status` of the answer."""

    def __init__(self, status, sentence):
        self.status = status
        super().__init__(sentence)


class TooLargeError(RefusedError):
    """The body of a request is too large."""


def check_address(request):
    """Raise BadRequest where the path or the query string can't be meant."""
    path, query = request.path, request.META.get("QUERY_STRING", "")
    if len(path) > LONGEST_PATH or len(query) > LONGEST_QUERY:
        raise BadRequest(_("This address is too long."))
    if "\x00" in path or "%00" in query or "\x00" in query:
        raise BadRequest(_("This address holds a character (NUL) that no address can have."))
    if CONTROL.search(path):
        raise BadRequest(_("This address holds a control character, which no address can have."))
    if not is_utf_8(query):
        raise BadRequest(_("This address can’t be read: it is not UTF-8."))


def check_headers(request):
    """Raise RefusedError where a header is too long, or says what can't be."""
    for name, value in request.META.items():
        if name.startswith(("HTTP_", "CONTENT_")) and len(value) > LONGEST_HEADER:
            header = name.removeprefix("HTTP_").replace("_", "-").title()
            sentence = _("The header %(name)s of this request is too long: at most %(count)s characters.")
            raise RefusedError(431, sentence % {"name": header[:100], "count": LONGEST_HEADER})
    said = request.META.get("CONTENT_TYPE", "")
    charset = CHARSET.search(said)
    if charset and charset[1].lower() not in ("utf-8", "utf8"):
        raise RefusedError(415, _("What is sent here has to be UTF-8."))


def check_length(request, most=LARGEST_BODY):
    """Raise RefusedError where a body has more than `most` bytes, or does not say how many; read nothing."""
    length = request.META.get("CONTENT_LENGTH") or "0"
    if request.META.get("HTTP_TRANSFER_ENCODING"):
        raise RefusedError(411, _("Say by Content-Length how much you send; bodies in chunks are not read."))
    if not re.fullmatch(r"\d{1,18}", length, re.ASCII):
        raise BadRequest(_("Content-Length has to be a number of bytes."))
    if int(length) > most:
        text = _("That is too much: at most %(size)s MB can be sent here.")
        raise TooLargeError(413, text % {"size": most // 1_000_000})


def is_utf_8(query):
    """Return whether what is percent-encoded in `query` is UTF-8."""
    try:
        unquote_to_bytes(query.encode("latin-1")).decode()
    except UnicodeError:
        return False
    return True
