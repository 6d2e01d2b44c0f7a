"""Which edition an editor works on, and the lock under which everything there is changed."""

from contextlib import contextmanager

from django.contrib import messages
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _

from units import drafts, trees
from units.models import Edition
from units.resolve import in_force

SESSION_KEY = "draft"
EDIT = "edit"  # the parameter that opens a form of the chart in force for changing


def current_draft(request):
    """Return the draft that this editor has chosen, else the newest there is, else None."""
    ready = [draft for draft in Edition.objects.drafts() if not draft.is_being_copied]
    chosen = request.session.get(SESSION_KEY)
    return next((draft for draft in ready if draft.pk == chosen), ready[0] if ready else None)


def current_edition(request):
    """Return the edition that the admin's lists and forms show: the current draft, else the chart in force.

    A form opened with `?edit=1` is of the chart in force, whatever drafts there are: it corrects that. None
    where there is neither. Looked up once for each request.
    """
    if not hasattr(request, "_current_edition"):
        draft = None if EDIT in request.GET else current_draft(request)
        request._current_edition = draft or edition_in_force()
    return request._current_edition


def edition_in_force():
    """Return the published edition in force today in Brussels, or None."""
    return in_force(Edition.objects.published(), timezone.localdate())


def choose(request, draft):
    """Make `draft` the one that this editor works on."""
    request.session[SESSION_KEY] = draft.pk
    request._current_edition = draft


@contextmanager
def writing(request):
    """Hold the lock of the draft that this request changes, and give it.

    Where the request is of the chart in force, a draft is started from that.
    """
    edition = current_edition(request)
    if edition.is_published:
        edition = drafts.start(edition, by=request.user.pk)
        edition.was_started_here = True
    with trees.editing(edition) as draft:
        draft.was_started_here = hasattr(edition, "was_started_here")
        request._current_edition = draft
        yield draft


def draft_address(page, draft):
    """Return the address of one of a draft's pages: change, changes, publish, rebase, discard, …"""
    return reverse(f"admin:units_edition_{page}", args=[draft.pk])


def say_published(request, edition):
    """Tell the editor that `edition` is published, and which later ones still hold what it corrects.

    Returns whether there are such.
    """
    messages.success(request, _("Published as edition %(name)s.") % {"name": edition.identifier})
    late = drafts.still_old(edition)
    for later, old in late:
        names = ", ".join(sorted({change.name for change in old}))
        text = _("Edition %(name)s still says what this one corrects: %(names)s.")
        messages.warning(request, text % {"name": later.identifier, "names": names})
    return bool(late)


def say_saved(request, draft):
    """Tell the editor that what was saved isn't public yet, and where to go on."""
    links = [
        (reverse("edition:home", args=[draft.identifier]), _("Preview")),
        (draft_address("changes", draft), _("What changes")),
        (draft_address("publish", draft), _("Publish")),
    ]
    linked = format_html(" · ".join(['<a href="{}">{}</a>'] * 3), *(part for link in links for part in link))
    messages.success(request, format_html("{} {}", _("Saved to the draft; it is not public yet:"), linked))
