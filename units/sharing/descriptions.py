"""What each page says it is about, in a sentence or two: made from the rows that the page shows, never more.

Nobody's name is in them: names are on pages only, and a description is kept by others.
"""

import functools

from django.utils.formats import date_format
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from units.models.sources import Certainty

LONGEST = 200  # characters; search engines and networks show fewer
FEWEST_OF_A_WORD = 20  # characters before the end at which a text may still be cut between words


def description_of(name, page, moment):
    """Return the description of the page `name`, whose context is `page`, at `moment` (a Moment or None)."""
    if name in _OF_THE_SITE:
        return str(_OF_THE_SITE[name])
    if name == "diff":
        said = _("What changed in the chart of the AI Office from edition %(before)s to edition %(after)s.")
        return said % {key: page[key].identifier for key in ("before", "after")}
    if not (moment and moment.edition):
        return ""
    day = {"day": day_said(moment.edition.effective_on)}
    if name in _LISTS:
        return str(_LISTS[name]) % day
    make = _MADE_BY.get(name)
    return cut(" ".join(filter(None, make(page, day)))) if make else ""


def day_said(day):
    """Return the date `day` written out; a site has few of them, so that each is made once."""
    return _day_said(day, get_language())


@functools.lru_cache(maxsize=1_000)
def _day_said(day, _language):
    return date_format(day, "j F Y")


def cut(text):
    """Return `text` in one line of at most LONGEST characters; a longer one ends between two words."""
    text = " ".join(text.split())
    if len(text) <= LONGEST:
        return text
    kept = text[: LONGEST - 1]
    end = kept.rfind(" ")
    return (kept[:end] if end > LONGEST - FEWEST_OF_A_WORD else kept).rstrip(" ,;:.") + "…"


def _tasks(statements):
    """Return the texts of `statements` as one sentence; None for none."""
    told = "; ".join(map(_surely, statements[:5]))
    return _("What the sources say it does: %(tasks)s.") % {"tasks": told} if told else None


def _surely(statement):
    """Return the text of `statement`, behind how certain it is where it is not stated as a fact."""
    if statement.certainty == Certainty.ACTUAL:
        return statement.text
    return f"{statement.get_certainty_display()}: {statement.text}"


def _home(page, day):
    office = page["office"]
    count = {"name": office.name, "count": office.units_below}
    yield _("Who handles what at the %(name)s, in the chart of %(day)s.") % (count | day)
    yield office.purpose
    yield _("Units: %(count)s, with their tasks and sources.") % count


def _unit(page, day):
    unit, path = page["unit"], page["path"]
    if path:
        words = {"name": unit.name, "above": path[-1].name} | day
        yield _("%(name)s, part of %(above)s, in the chart of %(day)s.") % words
    else:
        yield _("%(name)s, in the chart of %(day)s.") % ({"name": unit.name} | day)
    yield unit.purpose
    yield _tasks(page["tasks"])


def _post(page, day):
    post = page["post"]
    words = {"name": post.name, "role": post.get_role_display(), "unit": post.unit.name} | day
    yield _("%(name)s (%(role)s: %(unit)s), in the chart of %(day)s.") % words
    yield _tasks([statement for statement in page["said"] if statement.post_id == post.pk])


def _body(page, day):
    body = page["body"]
    words = {"name": body.name, "kind": body.get_kind_display()} | day
    yield _("%(name)s (%(kind)s), beside the chart of %(day)s.") % words
    yield _tasks(page["own"])


def _initiative(page, day):
    initiative = page["initiative"]
    words = {"name": initiative.name, "kind": initiative.get_kind_display()} | day
    yield _("%(name)s (%(kind)s), as the chart of %(day)s has it.") % words
    yield initiative.description


def _source(page, day):
    source = page["source"]
    words = {"title": source.title, "publisher": source.publisher} | day
    said = _("“%(title)s” (%(publisher)s), sentence by sentence, with the facts that stand on each.")
    yield said % words
    yield _("For the chart of %(day)s.") % day


def _chart(page, day):
    words = {"name": page["chart"].root.unit.name, "count": len(page["chart"].nodes)} | day
    yield _("The chart of the %(name)s in effect from %(day)s, as a drawing and as a list.") % words
    yield _("Units drawn: %(count)s.") % words


def _chart_table(page, day):
    words = {"name": page["chart"].root.unit.name} | day
    yield _("The chart of the %(name)s in effect from %(day)s, with a row for each unit and body.") % words


_MADE_BY = {
    "home": _home,
    "unit": _unit,
    "post": _post,
    "body": _body,
    "initiative": _initiative,
    "source": _source,
    "chart": _chart,
    "chart_table": _chart_table,
}


_LISTS = {
    "units": gettext_lazy("The units of the AI Office in the chart of %(day)s, as a tree."),
    "posts": gettext_lazy("The posts of the AI Office in the chart of %(day)s: what each leads or advises."),
    "people": gettext_lazy(
        "Who holds which post at the AI Office, as far as it may be told; posts of the chart of %(day)s."
    ),
    "bodies": gettext_lazy("The bodies that stand beside the AI Office in the chart of %(day)s."),
    "tasks": gettext_lazy(
        "Who does what at the AI Office, in the chart of %(day)s: each task with its owner and source."
    ),
    "initiatives": gettext_lazy(
        "Programmes, legal acts and deliverables that units of the AI Office have a part in, as of %(day)s."
    ),
    "timeline": gettext_lazy(
        "The dates of the AI Office as of the chart of %(day)s, each as certain as its source has it."
    ),
    "sources": gettext_lazy("The sources that the chart of %(day)s stands on, with their passages."),
    "search": gettext_lazy("Search the AI Office directory, in the chart of %(day)s."),
}
_OF_THE_SITE = {
    "editions": gettext_lazy(
        "All editions of the AI Office directory, with what changed from one to the next."
    ),
    "data": gettext_lazy(
        "The AI Office directory as files: each edition with its formats, sizes and hashes."
    ),
    "about": gettext_lazy("What the AI Office directory is, who makes it, and what it stands on."),
    "accessibility": gettext_lazy(
        "How accessible the AI Office directory is, and whom to tell of a barrier."
    ),
    "privacy": gettext_lazy(
        "What the AI Office directory knows of its readers and of people in posts: very little."
    ),
    "vocabulary": gettext_lazy("The words that the AI Office directory is written in as linked data."),
    "docs": gettext_lazy(
        "The API of the AI Office directory: every address, with its parameters and answers."
    ),
}
