"""Which edition an editor works on, what is refused, and what is said afterwards."""

import functools

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _

from units import backups, drafts
from units.documents import DocumentError
from units.models import Edition, PublishedEditionError
from units.resolve import in_force
from units.trees import TreeError

SESSION_KEY = "draft"
EDIT = "edit"  # the parameter that opens a form of the chart in force for changing
OF = "of"  # the hidden field that says which edition a form was shown for


def current_draft(request):
    """Return the draft that this editor has chosen, else the newest there is, else None."""
    ready = [draft for draft in Edition.objects.drafts() if not draft.is_being_copied]
    chosen = request.session.get(SESSION_KEY)
    return next((draft for draft in ready if draft.pk == chosen), ready[0] if ready else None)


def current_edition(request):
    """Return the edition that the admin's lists and forms show: the current draft, else the chart in force.

    A form that was sent is of the draft that it was shown for, as long as there is that. A form opened
    with `?edit=1` is of the chart in force, whatever drafts there are: it corrects that. None where there
    is neither. Looked up once for each request.
    """
    if not hasattr(request, "_current_edition"):
        draft = None if EDIT in request.GET else draft_named(request.POST.get(OF)) or current_draft(request)
        request._current_edition = draft or edition_in_force(request)
    return request._current_edition


def draft_named(identifier):
    """Return the draft `draft-7` if it can be edited, else None."""
    return next(
        (
            draft
            for draft in (Edition.objects.drafts() if identifier else ())
            if draft.identifier == identifier and not draft.is_being_copied
        ),
        None,
    )


def edition_in_force(request):
    """Return the published edition in force today in Brussels, or None; looked up once for each request."""
    if not hasattr(request, "_in_force"):
        request._in_force = in_force(Edition.objects.published(), timezone.localdate())
    return request._in_force


def edition_to_change(request):
    """Return the edition that a form which was sent is to change: a draft, or the chart in force.

    Raises TreeError where the form was shown for another one, PublishedEditionError where it was not
    opened for correcting what is in force, PermissionDenied.
    """
    edition, of = current_edition(request), request.POST.get(OF)
    if edition is None:
        raise TreeError(_("There is no edition yet."))
    if of and of != edition.identifier:
        if of.startswith("draft-"):
            raise TreeError(_("The draft that this page was about is gone: published, or discarded."))
        raise TreeError(superseded(edition))
    if not request.user.has_perm("units.change_edition"):
        raise PermissionDenied
    if edition.is_published and EDIT not in request.GET:
        raise PublishedEditionError
    return edition


def superseded(edition):
    """Return the sentence for somebody whose page showed what was in force before `edition`."""
    return _(
        "Edition %(name)s was published since you opened this page. Nothing was saved; look at it as it is "
        "now, then make your change again."
    ) % {"name": edition.identifier}


def choose(request, draft):
    """Make `draft` the one that this editor works on."""
    request.session[SESSION_KEY] = draft.pk
    request._current_edition = draft


def draft_address(page, draft):
    """Return the address of one of a draft's pages: change, changes, publish, rebase, discard, …"""
    return reverse(f"admin:units_edition_{page}", args=[draft.pk])


def conflict(request, refused):
    """Answer 409: what is published never changes."""
    context = {"title": _("This is published"), "sentence": str(refused), "status": 409}
    return render(request, "error.html", context, status=409)


def answering(view):
    """Give a page of the admin the answer for what is refused: its sentences, on the page it came from.

    Pages about an edition take its primary key as `key`; where that is gone, the list of editions answers.
    """

    @functools.wraps(view)
    def answered(request, *args, **kwargs):
        try:
            return view(request, *args, **kwargs)
        except PublishedEditionError as refused:
            return conflict(request, refused)
        except (
            TreeError,
            DocumentError,
            drafts.NotCurrentError,
            drafts.ChangedSinceError,
            drafts.SecondPersonError,
            Edition.DoesNotExist,
        ) as refused:
            say_refused(request, refused)
        return redirect(back(request, kwargs.get("key")))

    return answered


def back(request, key=None):
    """Return where to go after a refusal: the page that asked, or the list of editions if its draft is gone.

    With `key`, an edition's primary key, to the page of that edition.
    """
    if key is not None:
        edition = Edition.objects.filter(pk=key).first()
        return draft_address("change", edition) if edition else reverse("admin:units_edition_changelist")
    of = request.POST.get(OF, "")
    if of.startswith("draft-") and draft_named(of) is None:
        return reverse("admin:units_edition_changelist")
    return request.get_full_path()


def say_refused(request, refused):
    """Tell the editor why nothing was changed, and nothing else that was about to be said."""
    list(messages.get_messages(request))
    if isinstance(refused, Edition.DoesNotExist):
        refused = _("This draft has been discarded.")
    sentences = refused.sentences() if isinstance(refused, DocumentError) else [str(refused)]
    for sentence in sentences:
        messages.error(request, sentence)


def say_published(request, edition):
    """Tell the editor that `edition` is published, and which later ones still hold what it corrects.

    Returns whether there are such.
    """
    list(messages.get_messages(request))
    messages.success(request, _("Published as edition %(name)s.") % {"name": edition.identifier})
    transaction.on_commit(
        functools.partial(backups.after_publication, functools.partial(messages.warning, request))
    )
    late = drafts.still_old(edition)
    for later, old in late:
        names = ", ".join(sorted({change.name for change in old}))
        text = _("Edition %(name)s still says what this one corrects: %(names)s.")
        messages.warning(request, text % {"name": later.identifier, "names": names})
    return bool(late)


def say_saved(request, draft):
    """Tell the editor that what was saved isn't public yet, and where to go on."""
    list(messages.get_messages(request))  # what Django says of it is said better here
    links = [
        (reverse("edition:home", args=[draft.identifier]), _("Preview")),
        (draft_address("changes", draft), _("What changes")),
        (draft_address("publish", draft), _("Publish")),
    ]
    linked = format_html(" · ".join(['<a href="{}">{}</a>'] * 3), *(part for link in links for part in link))
    messages.success(request, format_html("{} {}", _("Saved to the draft; it is not public yet:"), linked))
