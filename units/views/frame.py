"""What the pages share: their edition, their source marks, their parts, and what is not there."""

import functools
import re
from dataclasses import dataclass

from django.core.exceptions import BadRequest
from django.http import Http404
from django.shortcuts import render
from django.utils.translation import gettext as _

from units.footnotes import Footnotes
from units.models import Citation, Edition, Unit
from units.resolve import NothingInForceError, in_succession, moment_of, published_editions
from units.views.errors import not_found

PER_PAGE = 50


def of_an_edition(view):
    """Give a page view the Moment that its address asks for, as its second argument."""

    @functools.wraps(view)
    def with_moment(request, *args, edition_name="", **kwargs):
        moment = None
        try:
            moment = moment_of(request, edition_name)
            response = view(request, moment, *args, **kwargs)
        except NothingInForceError as nothing:
            response = before_the_first(request, nothing.moment)
        except Http404 as missing:
            # Answered here, so that its links keep to the edition and the day.
            response = not_found(request, missing, moment)
        is_draft = edition_name.startswith("draft-")
        response.headers.setdefault("Cache-Control", "no-store" if is_draft else "no-cache")
        return response

    return with_moment


def of_the_site(view):
    """Give a view about the site as a whole the Moment that its links keep to, or None."""

    @functools.wraps(view)
    def with_moment(request, *args, **kwargs):
        try:
            moment = moment_of(request)
        except NothingInForceError:
            moment = None
        response = view(request, moment, *args, **kwargs)
        response.headers.setdefault("Cache-Control", "no-cache")
        return response

    return with_moment


def footnotes_of(*facts):
    """Return the Footnotes of the lists of rows that a page shows."""
    cited = Citation.objects.of_facts([fact for some in facts for fact in some])
    return Footnotes(cited.for_display().order_by())


def before_the_first(request, moment):
    """Explain that nothing was in force on that day, and show the way to what is."""
    first = Edition.objects.published().last()
    return render(request, "units/before.html", {"day": moment.on, "first": first}, status=404)


@dataclass(frozen=True)
class Part:
    """One part of a long list: its `rows`, its `number` from 1, and whether there is `more` after it."""

    rows: list
    number: int
    more: bool

    @property
    def is_all(self):
        return self.number == 1 and not self.more

    @property
    def previous(self):
        """What `?page=` has for the part before: nothing for the first."""
        return self.number - 1 if self.number > 2 else None

    @property
    def next(self):
        return self.number + 1


def asked_slice(request, per_page=PER_PAGE):
    """Return the slice of a long list that `?page=` asks for, with one row more to tell whether it goes on.

    Raises BadRequest for a value that is no number.
    """
    values = request.GET.getlist("page", ["1"])
    if len(values) != 1 or not re.fullmatch(r"[1-9]\d{0,5}", values[0], re.ASCII):
        raise BadRequest(_("“page” takes one number, from 1."))
    start = (int(values[0]) - 1) * per_page
    return slice(start, start + per_page + 1)


def part_at(asked, found, per_page=PER_PAGE):
    """Return the Part of which the slice `asked` of a list found the rows `found`; Http404 beyond the end."""
    number = asked.start // per_page + 1
    if not found and number > 1:
        raise Http404(_("The list has no page %(number)s.") % {"number": number})
    return Part(found[:per_page], number, len(found) > per_page)


def part_of(request, rows):
    """Return the Part of `rows` (a queryset or list) that `?page=` asks for, without counting them all."""
    asked = asked_slice(request)
    return part_at(asked, rows[asked] if isinstance(rows, list) else rows.part(asked))


def not_here(request, moment, model, slug):
    """Answer for the fact `slug` of `model`, which this edition lacks: where it was, or is to come.

    Raises Http404 where no published edition has it.
    """
    editions = in_succession(published_editions(), moment.known)
    rows = model.objects.elsewhere(slug, editions)
    kind = model._meta.verbose_name
    having = [edition for edition in editions if edition.pk in rows]
    if not having:
        raise Http404(_("There is no %(kind)s “%(slug)s” in this edition.") % {"kind": kind, "slug": slug})
    day = moment.edition.effective_on
    last = next((edition for edition in reversed(having) if edition.effective_on < day), None)
    coming = next((edition for edition in having if edition.effective_on > day), None)
    context = {
        "moment": moment,
        "kind": kind,
        "last_page": f"edition:{model._meta.model_name}",
        "slug": slug,
        "name": rows[(last or coming or having[0]).pk],
        "last": last,
        "ended": next(
            (edition for edition in editions if last and edition.effective_on > last.effective_on), None
        ),
        "coming": coming,
        "here_too": None if last or coming else having[0],
        "followers": Unit.objects.followers(slug, editions) if model is Unit and last else [],
    }
    return render(request, "units/gone.html", context, status=404)
