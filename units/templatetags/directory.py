"""The tags of the public pages: addresses at the page's moment, and source marks."""

import functools
from datetime import datetime
from urllib.parse import quote

from django import template
from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import escape, format_html
from django.utils.safestring import mark_safe
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from units import page_data
from units.diff import FIELDS, KINDS
from units.footnotes import said_of
from units.linked_data import embedded
from units.resolve import in_force, published_editions
from units.search.answers import details_of
from units.search.answers import why as why_found
from units.search.words import marked

# The fields of documents that hold a day, a month or a year.
DATES = {"announced_on", "date", "effective_on", "published"}

# The pages in the header: name, label, and the pages that are inside it.
SECTIONS = [
    ("home", gettext_lazy("Overview"), []),
    ("chart", gettext_lazy("Chart"), ["chart_table"]),
    ("tasks", gettext_lazy("Who does what"), []),
    ("units", gettext_lazy("Units"), ["unit"]),
    ("posts", gettext_lazy("Posts"), ["post", "people"]),
    ("bodies", gettext_lazy("Bodies"), ["body"]),
    ("initiatives", gettext_lazy("Initiatives"), ["initiative"]),
    ("timeline", gettext_lazy("Dates"), []),
    ("sources", gettext_lazy("Sources"), ["source"]),
]

register = template.Library()
for tag in (page_data.data_address, page_data.formats, page_data.search_data):
    register.simple_tag(tag, takes_context=True)


@register.simple_tag(takes_context=True)
def address(context, name, *args):
    """Return the address of the page `name` for the edition and day of this page."""
    return page_data.moment_of_page(context).url(name, *args)


@register.simple_tag(takes_context=True)
def schema_org(context):
    """Say in schema.org's words what this page is about, if it is about one thing of a published edition."""
    match, moment = context["request"].resolver_match, context.get("moment")
    if not (match and moment and moment.edition and moment.edition.is_published):
        return ""
    return embedded.script(match.url_name, context, moment)


@register.simple_tag(takes_context=True)
def kept_days(context):
    """Return (name, value) for each day in this page's address, for the forms on it."""
    return list(page_data.moment_of_page(context).asked.items())


@register.simple_tag(takes_context=True)
def fact_address(context, fact):
    """Return the address of what shows `fact`, a row of any citable kind, at this page's moment."""
    kind, moment = fact._meta.model_name, context["moment"]
    if kind == "milestone":
        return f"{moment.url('timeline')}#milestone-{fact.slug}"
    if kind == "statement":
        return f"{moment.url(fact.owner._meta.model_name, fact.owner.slug)}#statement-{fact.slug}"
    return moment.url(kind, fact.slug)


@register.simple_tag(takes_context=True)
def tasks_of(context, owner):
    """Return the address of all tasks of `owner`, a Unit, Post or Body, at this page's moment."""
    moment = context["moment"]
    return f"{moment.url('tasks')}{'&' if moment.query else '?'}owner={owner.slug}"


@register.simple_tag(takes_context=True)
def chart_address(context, root):
    """Return the address of the chart of the branch `root`, the slug of a unit, at this page's moment."""
    moment = context["moment"]
    return f"{moment.url('chart')}{'&' if moment.query else '?'}root={root}"


@register.inclusion_tag("units/_navigation.html", takes_context=True)
def navigation(context):
    """Show the ways into the directory, and mark the one that this page is on."""
    match = context["request"].resolver_match
    here = match.url_name if match else ""
    moment = page_data.moment_of_page(context)
    sections = [
        (moment.url(name), label, "page" if here == name else "true" if here in inside else "")
        for name, label, inside in SECTIONS
    ]
    return {"sections": sections}


@register.inclusion_tag("units/_another_day.html", takes_context=True)
def another_day(context):
    """Show the form that leads to this same page on another day."""
    moment, request = context["moment"], context["request"]
    match = request.resolver_match
    given = {key: value for key, value in match.kwargs.items() if key != "edition_name"}
    kept = [(key, value) for key, value in request.GET.items() if key not in {"on", "known", "page"}]
    kept += [(key, value) for key, value in moment.asked.items() if key == "known"]
    return {"action": reverse(f"pages:{match.url_name}", kwargs=given), "day": moment.on, "kept": kept}


@register.simple_tag
def site_address():
    """Return where the site itself is."""
    return settings.SITE_URL


@register.simple_tag(takes_context=True)
def report_address(context):
    """Return where an error on this page is reported, with the page's address; empty where nowhere."""
    to, request = settings.REPORT_ERRORS_TO, context["request"]
    page = settings.SITE_URL + request.get_full_path()
    if not to or "://" in to:
        return to and f"{to}{'&' if '?' in to else '?'}page={quote(page, safe='')}"
    subject = quote(_("An error in the AI Office directory"), safe="")
    body = quote(_("Page: %(page)s\r\n\r\nWhat is wrong:\r\n") % {"page": page}, safe="")
    return f"mailto:{quote(to, safe='@')}?subject={subject}&body={body}"


@register.simple_tag(takes_context=True)
def edit_link(context, fact):
    """Show the way to the form of `fact`, a row of any kind, to whoever may change what this page is of."""
    request, moment = context["request"], context["moment"]
    if not _may_edit(request, moment.edition, moment.edition_name):
        return ""
    kind = fact._meta.model_name
    args = [fact.source.slug, fact.number] if kind == "passage" else [fact.slug]
    address = reverse(f"admin:units_{kind}_edit", args=args)
    of = "" if moment.edition.is_published else f"?of={moment.edition.identifier}"
    text = '<a class="edit" href="{}{}">{}<span class="unseen"> {}</span></a>'
    return format_html(text, address, of, _("Edit"), getattr(fact, "says", fact))


def _may_edit(request, edition, edition_name):
    # Readers have no session and cost nothing. Of what is published, only the chart in force is corrected.
    if settings.SESSION_COOKIE_NAME not in request.COOKIES or not request.user.has_perm("units.change_unit"):
        return False
    if not edition.is_published:
        return True
    return not edition_name and edition == in_force(published_editions(), timezone.localdate())


@register.simple_tag(takes_context=True)
def marks(context, fact, *fields):
    """Show the source marks of `fact`, or of some fields of it."""
    # Without a template of its own: a page has hundreds.
    notes = context["footnotes"].of(fact, *fields)
    source = escape(_("Source"))
    shown = [
        f'<a class="mark" href="#source-{note.number}"><span class="unseen">{source} </span>{note.number}</a>'
        for note in notes
    ]
    inside = "".join(shown)
    return mark_safe(f'<span class="marks">{inside}</span>' if notes else "")  # noqa: S308 (all is escaped)


@register.simple_tag(takes_context=True)
def sources_of_page(context):
    """Show the items of the list of sources that this page's marks lead to: without templates, as marks()."""
    moment, told = page_data.moment_of_page(context), {}
    items = (_source_item(note, moment, told) for note in context["footnotes"].used())
    return mark_safe("\n".join(items))  # noqa: S308 (all is escaped)


def _source_item(note, moment, told):
    """Return the item of the Footnote `note`; `told` holds what is said of each source so far."""
    passage, source = note.passage, note.passage.source
    if source.pk not in told:
        names = [source.publisher, *filter(None, [source.identifier]), as_printed(source.published)]
        told[source.pk] = moment.url("source", source.slug), escape(", ".join(names))
    address, named = told[source.pk]
    number = escape(_("passage %(number)s") % {"number": passage.number})
    where = f'<a href="{escape(address)}#p{passage.number}">{named}, {number}</a>'
    if passage.address:
        original = escape(_("in the original"))
        where += f' · <a href="{escape(passage.address)}" rel="external noreferrer">{original}</a>'
    says = f'<span class="says">{escape(passage.says)}</span>'
    if passage.ambiguity:
        reading = f"<strong>{escape(_('Left open:'))}</strong> {escape(passage.ambiguity)}"
        says += f' <span class="ambiguity">{reading}</span>'
    for text, names in note.notes.items():
        says += f' <span class="note">{escape(said_of(names))} {escape(text)}</span>'
    return f'<li id="source-{note.number}">{says} <span class="where">{where}</span></li>'


@register.filter
def mark(text, found):
    """Return `text` with the words marked that the Found was looking for."""
    return marked(str(text), found.stems)


@register.filter
def why(answer, found):
    """Return the texts about an Answer's fact itself that have a word of what the Found was looking for."""
    return why_found(answer, found.stems)


@register.filter
def details(statement, found):
    """Return the texts of `statement`, besides its own, that have a word that the Found was looking for."""
    return details_of(statement, found.stems)


@register.filter
def as_printed(published):
    """Return a source's date (`2024-05-29`, or with `T10:43`) written out: 3 June 2024, 10:43."""
    return _printed(published, get_language())


@functools.lru_cache(maxsize=1_000)
def _printed(published, _language):
    moment = datetime.fromisoformat(published)
    day = date_format(moment.date(), "j F Y")
    return f"{day}, {moment:%H:%M}" if "T" in published else day


def _month(value):
    return date_format(datetime.strptime(value, "%Y-%m"), "F Y") if "-" in value else value


@register.filter
def as_said(value, field=""):
    """Return a value of a document in words, be it of one of DATES or a text, list, reference or citation."""
    if value is None:
        return _("not stated")
    if field in DATES:
        return as_printed(value) if len(value) > len("2024-05") else _month(value)
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, list):
        return "; ".join(as_said(item) for item in value)
    if isinstance(value, tuple):
        return value[1]
    if isinstance(value, dict) and value.get("editorial"):
        return _("%(name)s (ours, used by no source)") % {"name": value["name"]}
    if isinstance(value, dict) and "months" in value:
        months = ngettext("%(count)s month after", "%(count)s months after", value["months"])
        return f"{months % {'count': value['months']}} {value['milestone']}"
    if isinstance(value, dict):
        return ", ".join(as_said(item) for item in value.values())
    return str(value)


@register.filter
def kind_said(kind):
    """Return what a kind of thing in a document is called on screen."""
    return KINDS[kind]


@register.filter
def field_said(field):
    """Return what a member of a document is called on screen."""
    return FIELDS[field]


@register.simple_tag
def today():
    """Return today's date in Brussels."""
    return timezone.localdate()
