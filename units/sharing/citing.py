"""How a page is cited: its lasting address, a sentence for a text, and the same as BibTeX."""

import functools
import re

from django.conf import settings
from django.templatetags.static import static
from django.urls import get_script_prefix
from django.utils.html import escape
from django.utils.safestring import mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from units.resolve import address_of
from units.sharing.descriptions import day_said

# What TeX would take for a command, and how it is written.
TEX = {
    "\\": r"\textbackslash{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    **{sign: f"\\{sign}" for sign in "&%$#_{}"},
}
FOR_TEX = str.maketrans(TEX)


def lasting_address(edition, name, *args, query=""):
    """Return the whole address at which the page `name` shows exactly the revision `edition` for ever."""
    path = address_of(f"edition:{name}", edition.identifier, *args)
    return f"{settings.SITE_URL}{path}{'?' if query else ''}{query}"


def citation(title, edition, address):
    """Return how `address`, the lasting one of a page with this `title`, is cited in a text.

    No day of access is needed: what is there never changes, and the hash tells.
    """
    words = {"title": title.rstrip("."), "name": edition.identifier, "address": address}
    words |= {"day": day_said(edition.effective_on), "hash": edition.sha256}
    said = _(
        "%(title)s. In: AI Office directory, edition %(name)s, in effect from %(day)s. %(address)s "
        "(SHA-256 of the edition: %(hash)s)."
    )
    return said % words


def bibtex(title, edition, address):
    """Return the same as an entry for BibTeX."""
    key = re.sub(r"[^a-z0-9]+", "-", address.removeprefix(settings.SITE_URL).lower()).strip("-")
    note = _("Edition %(name)s, SHA-256 %(hash)s") % {"name": edition.identifier, "hash": edition.sha256}
    fields = {
        "title": f"{{{_for_tex(title)}}}",
        "publisher": _("AI Office directory"),
        "year": str(edition.effective_on.year),
        "url": address,
        "note": _for_tex(note),
    }
    lines = "".join(f"  {name} = {{{value}}},\n" for name, value in fields.items())
    return f"@misc{{ai-office-directory-{key},\n{lines}}}"


def _for_tex(text):
    return text.translate(FOR_TEX)


def shown(title, edition, address):
    """Return what a page shows of it, as HTML: each text can be selected, and copied where scripts run."""
    begin, end, labels = _around(get_language(), get_script_prefix())
    texts = address, citation(title, edition, address), bibtex(title, edition, address)
    rows = (
        f'<div><dt>{name}</dt><dd><span class="to-copy" data-copy="{copy}">{escape(text)}</span></dd></div>'
        for (name, copy), text in zip(labels, texts, strict=True)
    )
    return mark_safe(f"{begin}{''.join(rows)}{end}")  # noqa: S308 (all is escaped)


@functools.cache
def _around(_language, _prefix):
    """Return what stands before and after the texts, and (name, label of the button) of each of them."""
    copied, failed = escape(_("Copied.")), escape(_("It could not be copied. Select the text instead."))
    summary = escape(_("Cite or link to this page as it is"))
    begin = f'<details class="cite" data-copied="{copied}" data-failed="{failed}">'
    begin += f"<summary>{summary}</summary><dl>"
    script = f'<script src="{static("units/cite.js")}" defer></script>'
    labels = [
        (_("Link to this date"), _("Copy link")),
        (_("Citation"), _("Copy citation")),
        ("BibTeX", _("Copy BibTeX")),
    ]
    escaped = [tuple(map(escape, each)) for each in labels]
    return begin, f'</dl><p class="unseen" role="status"></p></details>{script}', escaped
