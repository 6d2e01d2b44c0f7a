"""The tags of the public pages: addresses at the page's moment, and source marks."""

from datetime import datetime

from django import template
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from units.diff import FIELDS, KINDS

register = template.Library()


@register.simple_tag(takes_context=True)
def address(context, name, *args):
    """Return the address of the page `name` for the edition and day of this page."""
    return context["moment"].url(name, *args)


@register.inclusion_tag("units/_marks.html", takes_context=True)
def marks(context, fact, *fields):
    """Show the source marks of `fact`, or of some fields of it."""
    return {"notes": context["footnotes"].of(fact, *fields)}


@register.filter
def as_printed(published):
    """Return a source's date (`2024-05-29`, or with `T10:43`) written out: 3 June 2024, 10:43."""
    moment = datetime.fromisoformat(published)
    day = date_format(moment.date(), "j F Y")
    return f"{day}, {moment:%H:%M}" if "T" in published else day


@register.filter
def as_said(value):
    """Return a value of a document in words: a text, list, reference, citation or other name."""
    if value is None:
        return _("not stated")
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
