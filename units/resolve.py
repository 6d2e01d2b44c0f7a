"""Which edition an address means: `?on=`, `?known=` and the prefix `/editions/{id}/`."""

import functools
import re
import time
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from django.core.exceptions import BadRequest
from django.http import Http404
from django.urls import NoReverseMatch, get_script_prefix, reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from units.models import Edition
from units.source import source

NAME = re.compile(r"(\d{4}-\d{2}-\d{2})(?:\.([1-9]\d{0,5}))?", re.ASCII)
PLAIN = re.compile(r"[-\w.]+", re.ASCII).fullmatch  # an argument that stands in an address as it is
HELD_SECONDS = 1.0
# Pages about the site or all editions: they have one address, whatever edition a link to them stands in.
OF_THE_SITE = {"opensearch", "editions", "data", "about", "accessibility", "privacy", "changes", "vocabulary"}


class UnknownEditionError(Exception):
    """There is no edition of that name."""


class NothingInForceError(Exception):
    """No published edition was in force on the day that was asked for."""

    def __init__(self, moment):
        self.moment = moment
        super().__init__(_("No chart was in force on that day."))


@dataclass(frozen=True)
class Moment:
    """What a page is of: an edition, the day it is shown for, and how its address said so.

    `edition` is None only where nothing was in force. `on` and `known` are dates, `known` None where the
    address doesn't name it; `asked` holds the parameters as given, which every internal link carries on.
    `is_copy` says that it is answered for a static copy of the edition.
    """

    edition: Edition | None
    on: date
    asked: dict
    edition_name: str = ""
    known: date | None = None
    is_copy: bool = False

    def url(self, name, *args):
        """Return the address of the page `name` at this same moment."""
        if self.edition_name and name not in OF_THE_SITE:
            return address_of(f"edition:{name}", self.edition_name, *args)
        return address_of(f"pages:{name}", *args) + self.query

    @cached_property
    def query(self):
        """What every internal link ends with: `?on=2024-06-16`, or an empty string."""
        query = "&".join(f"{key}={value}" for key, value in self.asked.items())
        return f"?{query}" if query else ""

    @property
    def api_query(self):
        """What an address of the API ends with to be of this moment; there the edition is a parameter."""
        return f"?edition={self.edition_name}" if self.edition_name else self.query

    @property
    def people_on(self):
        """The day whose holders of posts may be named; None on permanent pages, which may be kept."""
        return None if self.edition_name else self.on

    @property
    def is_ahead(self):
        """Whether the edition is announced and not yet in effect on the day it is shown for."""
        return self.edition.is_published and self.edition.effective_on > self.on


def address_of(name, *args):
    """Return what reverse() does. A page has a hundred addresses, of few forms, each looked up once."""
    form = _form_of(name, len(args), get_script_prefix())
    if form is None or not all(map(PLAIN, args)):
        return reverse(name, args=args)
    return form.format(*args)


@functools.cache
def _form_of(name, count, _prefix):
    """Return the address `name` with {0} and so on in the place of arguments; None where they are choosy."""
    try:
        address = reverse(name, args=[f"place-{number}-here" for number in range(count)])
    except NoReverseMatch:
        return None
    return re.sub(r"place-(\d)-here", r"{\1}", address.replace("{", "{{").replace("}", "}}"))


def published_editions():
    """Return the published editions, latest first; read from the database at most once a second."""
    now, held = time.monotonic(), _held
    since, editions = held.get(source(), (-HELD_SECONDS, []))
    if now - since >= HELD_SECONDS:
        editions = list(Edition.objects.published())
        held[source()] = now, editions  # where it was forgotten meanwhile, nobody looks at that any more
    copied = _copied.get()
    if copied:
        return [edition for edition in editions if edition.published_at <= copied.published_at]
    return editions


def forget_editions():
    """Read the editions anew at the next request (for tests, and for whoever has just published)."""
    global _held
    _held = {}


_held = {}  # {source: (since when, the editions that are published there)}
_copied = ContextVar("copied", default=None)


@contextmanager
def as_copy_of(edition):
    """Answer everything in here for a static copy of `edition`, a published one.

    That is of this edition only, on the day it takes effect, and as the site was when it was published: so
    the same edition gives the same bytes on any later day.
    """
    token = _copied.set(edition)
    try:
        yield
    finally:
        _copied.reset(token)


def copied_moment():
    """Return the Moment of the static copy that is being made in this process; None where there is none."""
    copied = _copied.get()
    return copied and Moment(copied, copied.effective_on, {}, copied.identifier, is_copy=True)


def in_force(editions, on, known=None):
    """Return the edition in force on the day `on`, or None.

    `editions` are published ones in any order. With `known` (a date), as the site said it at the end of
    that day in Brussels.
    """
    candidates = [
        edition
        for edition in editions
        if edition.effective_on <= on and (known is None or timezone.localdate(edition.published_at) <= known)
    ]
    return max(candidates, key=lambda edition: (edition.effective_on, edition.revision), default=None)


def in_succession(editions, known=None):
    """Return the editions that followed one another, oldest first: of each day its latest revision.

    `editions` are published ones in any order; with `known` (a date), as the site had them on that day.
    """
    latest = {}
    for edition in sorted(editions, key=lambda edition: edition.revision):
        if known is None or timezone.localdate(edition.published_at) <= known:
            latest[edition.effective_on] = edition
    return [latest[day] for day in sorted(latest)]


def what_each_followed(editions):
    """Return {primary key: the edition before} for each of `editions` (published ones) that has one.

    A correction followed what it corrects; a first revision the last correction of the day before it.
    """
    in_order = sorted(editions, key=lambda edition: (edition.effective_on, edition.revision))
    return {after.pk: before for before, after in pairwise(in_order)}


def edition_named(name, drafts=False):
    """Return the published edition `2024-06-16` (its latest revision) or `2024-06-16.1` (exactly that one).

    With `drafts` also `draft-7`. Raises UnknownEditionError.
    """
    draft = re.fullmatch(r"draft-([1-9]\d{0,9})", name, re.ASCII)
    edition = None
    if draft and drafts:
        edition = Edition.objects.drafts().filter(pk=int(draft[1])).first()
        if edition and edition.is_being_copied:
            edition = None  # not whole yet
    elif match := NAME.fullmatch(name):
        day, revision = match.groups()
        edition = next(
            (
                edition
                for edition in published_editions()
                if edition.effective_on.isoformat() == day and revision in (None, str(edition.revision))
            ),
            None,
        )
    if edition is None:
        raise UnknownEditionError(_("There is no edition “%(name)s”.") % {"name": name})
    return edition


def moment_of(request, edition_name=""):
    """Return the Moment that `request` asks for.

    Raises BadRequest for a date that is none, Http404 for an unknown edition and NothingInForceError for
    a day without one. Drafts are shown to those who may see them in the admin, and are unknown to others.
    """
    if copied := copied_moment():
        return copied
    asked = {key: request.GET.getlist(key) for key in ("on", "known") if key in request.GET}
    days = {key: _day(key, values) for key, values in asked.items()}
    on = days.get("on", timezone.localdate())
    asked = {key: day.isoformat() for key, day in days.items()}
    if edition_name:
        if asked:
            raise BadRequest(_("This address names its edition: leave out “on” and “known”."))
        drafts = edition_name.startswith("draft-") and request.user.has_perm("units.view_edition")
        try:
            return Moment(edition_named(edition_name, drafts), on, {}, edition_name)
        except UnknownEditionError as error:
            raise Http404(str(error)) from None
    known = days.get("known")
    moment = Moment(in_force(published_editions(), on, known), on, asked, known=known)
    if moment.edition is None:
        raise NothingInForceError(moment)
    return moment


def asked_by(request):
    """Return the days `on` and `known` that `request` names rightly, as given: what links carry on."""
    asked = {}
    for key in ("on", "known"):
        try:
            asked |= {key: _day(key, request.GET.getlist(key)).isoformat()}
        except BadRequest:
            continue
    return asked


def _day(key, values):
    try:
        [value] = values
        if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", value, re.ASCII):
            raise ValueError
        return date.fromisoformat(value)
    except ValueError:
        raise BadRequest(
            _("“%(key)s” takes one day that exists, written like 2024-06-16.") % {"key": key}
        ) from None
