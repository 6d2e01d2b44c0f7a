"""The tags of what a page gives to others: its head, and how it is cited."""

from django import template
from django.utils.safestring import mark_safe

from units.sharing import citing
from units.sharing.head import head_of

register = template.Library()


@register.simple_block_tag(takes_context=True)
def page_head(context, content):
    """Show the title of the page, which is what stands between the tags, and all that is said of the page."""
    return mark_safe(head_of(content, context))  # noqa: S308 (head.py escapes all but the title, which is HTML)


@register.simple_tag(takes_context=True)
def cite(context, name, title, *args, state=None):
    """Show how the page `name` with this `title` is cited; nothing for a draft, which does not last."""
    edition = context["moment"].edition
    if not edition.is_published:
        return ""
    address = citing.lasting_address(edition, name, *args, query=state.query if state else "")
    return citing.shown(title, edition, address)
