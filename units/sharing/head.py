"""What stands in the head of a page for search engines, networks and programs that follow it."""

import functools

from django.conf import settings
from django.templatetags.static import static
from django.urls import get_script_prefix, reverse
from django.utils.html import escape
from django.utils.http import urlencode
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from units.resolve import OF_THE_SITE, address_of
from units.sharing.descriptions import day_said, description_of

CARD = 1200, 630  # pixels of the picture: what networks show whole
# What of a page's address chooses what it shows, and the pages whose list comes in parts, by `page`.
STATE = ("root", "depth", "open", "close", "find", "compare")
CHOOSING = {
    "tasks": ("owner", "part", "theme"),
    "search": ("q", "kind"),
    "chart": STATE,
    "chart_table": STATE,
}
IN_PARTS = {"unit", "posts", "people", "bodies", "body", "tasks", "initiatives", "initiative", "sources"}
IN_PARTS |= {"search", "diff", "timeline", "data"}
OF_A_DAY = {"people"}  # who holds a post is of no edition
# Pages that can be asked for in endless ways, or say what another says: nobody is to find them by searching.
NOT_TO_FIND = {"chart_table"}
ONE_TO_FIND = {"search"}  # whatever is asked, what is to be found is the page that asks
WITH_DATES = {"home", "timeline"}


def head_of(title, page):
    """Return the title and all that a page says of itself, as HTML; `title` is HTML, `page` its context.

    Pages for what can't be shown, and drafts, say no more than that they are not to be found.
    """
    request, moment = page["request"], page.get("moment")
    match = request.resolver_match
    name = match.url_name if match else None
    title = " ".join(title.split()).replace('"', "&quot;")
    whole = f"{title}{_which(request, name, moment)} · {escape(_('AI Office directory'))}"
    parts = [f"<title>{whole}</title>"]
    about = "" if _is_missing(page) else description_of(name, page, moment)
    if not about or _is_draft(moment):
        return "".join([*parts, '<meta name="robots" content="noindex, nofollow">'])
    address = escape(address_shown(request, match, moment))
    about = escape(about)
    parts.append(f'<meta name="description" content="{about}">')
    is_state = name == "chart" and any(request.GET.get(key) for key in STATE)
    # A page of a static copy always names what it is a copy of.
    if (name in NOT_TO_FIND or is_state) and not (moment and moment.is_copy):
        parts.append('<meta name="robots" content="noindex, nofollow">')
    else:
        found_at = address.partition("?")[0] if name in ONE_TO_FIND else address
        parts.append(f'<link rel="canonical" href="{found_at}">')
    # A revision that was corrected is shared as itself: what it shows may be gone from the newer one.
    shared = address
    if moment and moment.edition_name and name not in OF_THE_SITE:
        shared = escape(_whole(request.path, request, name))
    kind = "website" if name == "home" or name in OF_THE_SITE else "article"
    parts.append(
        f'<meta property="og:type" content="{kind}">'
        f'<meta property="og:site_name" content="{escape(_("AI Office directory"))}">'
        f'<meta property="og:locale" content="en_GB"><meta property="og:url" content="{shared}">'
        f'<meta property="og:title" content="{title}"><meta property="og:description" content="{about}">'
        f"{_picture(name, page, moment)}"
    )
    parts.append(_followed(name, moment))
    return "".join(parts)


def _is_missing(page):
    """Return whether the page only says that what was asked for is not here, or can't be answered."""
    return "status" in page or "last_page" in page


def _is_draft(moment):
    return bool(moment and moment.edition and not moment.edition.is_published)


def _which(request, name, moment):
    """Return what tells a page from the same one of another edition or day, and from its other parts."""
    said = ""
    number = request.GET.get("page", "1") if name in IN_PARTS else "1"
    if number != "1":
        said += _(", page %(number)s") % {"number": number}
    if moment and moment.edition and name not in OF_THE_SITE:
        if moment.edition_name:
            said += _(" (edition %(name)s)") % {"name": moment.edition.identifier}
        elif moment.asked:
            said += _(" (on %(day)s)") % {"day": day_said(moment.on)}
        if moment.known:
            said += _(", as known on %(day)s") % {"day": day_said(moment.known)}
    return escape(said)


def address_shown(request, match, moment):
    """Return the whole address under which a page is to be found: that of its edition by its date.

    That is the address of what is shown, whatever day was asked for: today's page is it too until another
    edition takes effect, and it always has the latest correction. A static copy is of one revision and keeps
    to that. Pages about the site, and of people, have the one address.
    """
    if moment and moment.is_copy:
        return settings.SITE_URL + request.get_full_path()
    name, path = match.url_name, request.path
    if name in OF_A_DAY:
        path = address_of(f"pages:{name}")
    elif moment and moment.edition and name not in OF_THE_SITE and "api" not in match.namespaces:
        given = [value for key, value in match.kwargs.items() if key != "edition_name"]
        path = address_of(f"edition:{name}", moment.edition.effective_on.isoformat(), *given)
    return _whole(path, request, name)


def _whole(path, request, name):
    """Return `path` as a whole address, with what chooses the content of the page `name`."""
    if not request.GET:
        return settings.SITE_URL + path
    keys = [*CHOOSING.get(name, ()), *(["page"] if name in IN_PARTS else [])]
    chosen = {key: request.GET.get(key, "").strip() for key in keys}
    query = urlencode(
        {key: value for key, value in chosen.items() if value and (key, value) != ("page", "1")}
    )
    return f"{settings.SITE_URL}{path}{'?' if query else ''}{query}"


def _picture(name, page, moment):
    """Return the picture that networks show: the chart of the unit that the page is about, or of them all."""
    if not (moment and moment.edition):
        return '<meta name="twitter:card" content="summary">'
    unit = None
    if name in ("unit", "post"):
        unit = page["unit"] if name == "unit" else page["post"].unit
    elif name in ("chart", "chart_table") and page["chart"].state.root:
        unit = page["chart"].root.unit
    edition = moment.edition.identifier
    path = (
        address_of("edition:unit_card", edition, unit.slug) if unit else address_of("edition:card", edition)
    )
    words = {"day": day_said(moment.edition.effective_on)}
    words["name"] = unit.name if unit else _("AI Office directory")
    said = escape(_("Chart, in effect from %(day)s: %(name)s") % words)
    width, height = CARD
    return (
        f'<meta property="og:image" content="{settings.SITE_URL}{escape(path)}">'
        f'<meta property="og:image:type" content="image/png">'
        f'<meta property="og:image:width" content="{width}">'
        f'<meta property="og:image:height" content="{height}"><meta property="og:image:alt" content="{said}">'
        '<meta name="twitter:card" content="summary_large_image">'
    )


def _followed(name, moment):
    """Return what can be followed and kept: the calendar, the feed, the site as an application."""
    if moment and moment.is_copy:  # has no server for them
        return ""
    of_all = _of_all_pages(get_language(), get_script_prefix())
    if not (moment and moment.edition and name in WITH_DATES):
        return of_all
    address = escape(moment.url("calendar"))
    return (
        f'{of_all}<link rel="alternate" type="text/calendar" title="{escape(_("Dates"))}" href="{address}">'
    )


@functools.cache
def _of_all_pages(_language, _prefix):
    feed, manifest = reverse("pages:changes"), reverse("manifest")
    return (
        f'<link rel="alternate" type="application/atom+xml" title="{escape(_("Editions"))}" href="{feed}">'
        f'<link rel="manifest" href="{manifest}">'
        f'<link rel="apple-touch-icon" href="{static("units/mark-180.png")}">'
    )
