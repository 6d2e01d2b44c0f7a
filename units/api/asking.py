"""What a request asks for: known parameters, one value of each, and of which edition."""

from django.core.exceptions import BadRequest
from django.http import Http404
from django.utils.translation import gettext as _

from units.api.problems import ALLOWED_AT_MOST, Problem, bad_parameter, names_nothing
from units.resolve import NAME, NothingInForceError, asked_by, moment_of, published_editions

MOMENT = ["on", "known", "edition"]
SELECTION = ["fields", "omit"]
PAGING = ["limit", "offset"]
LONGEST_LIST = 200
FARTHEST = 1_000_000


def refuse_unknown(asked, allowed):
    """Raise a Problem if the QueryDict `asked` has a parameter that is not `allowed`, twice, or empty."""
    for name, values in asked.lists():
        if name not in allowed:
            detail = _("There is no parameter “%(name)s” here.") % {"name": name[:100]}
            raise Problem("unknown-parameter", detail, parameter=name[:100], allowed=sorted(allowed))
        if len(values) > 1:
            raise bad_parameter(name, _("“%(name)s” may be given only once.") % {"name": name})
        if not values[0]:
            raise bad_parameter(name, _("“%(name)s” is empty: leave it out.") % {"name": name})


def moment_asked(request, in_path=""):
    """Return the Moment that `on`, `known` or `edition` of `request` ask for; raise a Problem for others.

    `in_path` is the edition that the address of a page names; a draft has no data.
    """
    if in_path:
        for name in MOMENT:
            if name in request.GET:
                raise bad_parameter(
                    name, _("This address names its edition: leave out “%(name)s”.") % {"name": name}
                )
        if not NAME.fullmatch(in_path):
            raise Problem("not-found", _("There is no edition “%(name)s”.") % {"name": in_path})
        return moment_of(request, in_path)
    name = request.GET.get("edition", "")
    if name and ("on" in request.GET or "known" in request.GET):
        raise bad_parameter("edition", _("Give “edition”, or “on” and “known”, not both."))
    if name and not NAME.fullmatch(name):
        raise bad_parameter("edition", _("“edition” takes a name like 2024-06-16 or 2024-06-16.1."))
    try:
        return moment_of(request, name)
    except BadRequest as error:
        good = asked_by(request)
        bad = next(key for key in ("on", "known") if key in request.GET and key not in good)
        raise bad_parameter(bad, str(error)) from None
    except Http404 as error:
        raise names_nothing("edition", str(error), edition_names()) from None
    except NothingInForceError as error:
        parameter = {"parameter": "on"} if error.moment.asked else {}
        raise Problem("not-found", str(error), **parameter) from None


def edition_names():
    """Return the names of the latest published editions."""
    return [edition.identifier for edition in published_editions()[:ALLOWED_AT_MOST]]


def number(asked, name, default, least, most):
    """Return the whole number `name` of the QueryDict `asked`; raise a Problem unless `least` to `most`."""
    given = asked.get(name)
    if given is None:
        return default
    # No longer than the largest: int() refuses thousands of digits in an exception of its own.
    if not (
        given.isascii() and given.isdigit() and len(given) <= len(str(most)) and least <= int(given) <= most
    ):
        text = _("“%(name)s” takes a whole number from %(least)s to %(most)s.")
        raise bad_parameter(name, text % {"name": name, "least": least, "most": most})
    return int(given)


def selected(asked, names):
    """Return those of `names` that `fields` and `omit` leave, in order; raise a Problem for unknown ones."""
    chosen = {}
    for parameter in SELECTION:
        chosen[parameter] = asked[parameter].split(",") if parameter in asked else []
        for name in chosen[parameter]:
            if name not in names:
                text = _(
                    "“%(parameter)s” takes names of members with commas between them; there is no “%(name)s”."
                )
                text %= {"parameter": parameter, "name": name[:100]}
                raise bad_parameter(parameter, text, list(names))
    return [name for name in names if name in (chosen["fields"] or names) and name not in chosen["omit"]]
