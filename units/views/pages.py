"""The public pages; each is of one edition."""

import functools
from itertools import groupby

from django.conf import settings
from django.http import Http404
from django.shortcuts import render
from django.utils.translation import gettext as _

from units.chart.outline import outline
from units.footnotes import Footnotes
from units.models import (
    Body,
    Citation,
    Edition,
    Milestone,
    Passage,
    Post,
    Source,
    Statement,
    Unit,
)
from units.resolve import NothingInForceError, moment_of

UNITS_ON_HOME = 120
FACTS_PER_PASSAGE = 20


def of_an_edition(view):
    """Give a page view the Moment that its address asks for, as its second argument."""

    @functools.wraps(view)
    def with_moment(request, *args, edition_name="", **kwargs):
        try:
            moment = moment_of(request, edition_name)
            response = view(request, moment, *args, **kwargs)
        except NothingInForceError as nothing:
            response = before_the_first(request, nothing.moment)
        is_draft = edition_name.startswith("draft-")
        response.headers.setdefault("Cache-Control", "no-store" if is_draft else "no-cache")
        return response

    return with_moment


def may_edit(request):
    """Return whether whoever asks may change this in the admin; readers have no session and cost nothing."""
    return settings.SESSION_COOKIE_NAME in request.COOKIES and request.user.has_perm("units.change_unit")


def footnotes_of(*facts):
    """Return the Footnotes of the lists of rows that a page shows."""
    return Footnotes(Citation.objects.of_facts([fact for some in facts for fact in some]).for_display())


def before_the_first(request, moment):
    """Explain that nothing was in force on that day, and show the way to what is."""
    first = Edition.objects.published().last()
    return render(request, "units/before.html", {"asked": moment, "first": first}, status=404)


@of_an_edition
def home(request, moment):
    edition = moment.edition
    units = list(Unit.objects.top(edition, UNITS_ON_HOME))
    posts = list(Post.objects.in_units(units))
    bodies = list(Body.objects.of(edition))
    milestones = list(Milestone.objects.of(edition).for_display())
    office = next((unit for unit in units if unit.kind == Unit.Kind.OFFICE), units[0])
    said = list(Statement.objects.said_of(units, bodies))
    for body in bodies:
        body.said = [statement for statement in said if statement.body_id == body.pk]
    context = {
        "moment": moment,
        "office": office,
        "chart": outline(units, posts, [statement for statement in said if statement.is_task]),
        "bodies": bodies,
        "staff": [statement for statement in said if statement.is_staff and statement.unit_id == office.pk],
        "milestones": milestones,
        "footnotes": footnotes_of(units, posts, bodies, milestones, said),
    }
    return render(request, "units/home.html", context)


@of_an_edition
def unit(request, moment, slug):
    path = Unit.objects.with_ancestors(moment.edition, slug)
    if not path:
        raise Http404(_("There is no unit “%(slug)s” in this edition.") % {"slug": slug})
    unit = path[-1]
    below = list(Unit.objects.children_of(unit))
    posts = Post.objects.in_units([unit]).with_appointments(moment.people_on)
    said = list(Statement.objects.said_of([unit]))
    of_unit = [statement for statement in said if statement.unit_id]
    for post in posts:
        post.said = [statement for statement in said if statement.post_id == post.pk]
    about = {statement.about_initiative_id: statement.about_initiative for statement in said}
    initiatives = [initiative for initiative in about.values() if initiative]
    milestones = list(Milestone.objects.about_any(unit, initiatives).for_display())
    context = {
        "moment": moment,
        "may_edit": may_edit(request),
        "path": path[:-1],
        "unit": unit,
        "posts": posts,
        "below": below,
        "tasks": [statement for statement in of_unit if statement.is_task and not statement.is_relation],
        "relations": [statement for statement in of_unit if statement.is_relation],
        "staff": [statement for statement in of_unit if statement.is_staff],
        "initiatives": initiatives,
        "milestones": milestones,
        "footnotes": footnotes_of(path, posts, below, said, initiatives, milestones),
    }
    return render(request, "units/unit.html", context)


@of_an_edition
def source(request, moment, slug):
    source = Source.objects.named(moment.edition, slug)
    if source is None:
        raise Http404(_("There is no source “%(slug)s” in this edition.") % {"slug": slug})
    passages = list(Passage.objects.of_source(source))
    facts = {
        passage: list(citations)
        for passage, citations in groupby(
            Citation.objects.of_passages(passages, FACTS_PER_PASSAGE),
            key=lambda citation: citation.passage_id,
        )
    }
    totals = Citation.objects.totals(passages)
    for passage in passages:
        passage.source = source
        passage.facts = facts.get(passage.pk, [])
        passage.facts_total = totals.get(passage.pk, 0)
    context = {
        "moment": moment,
        "source": source,
        "passages": passages,
        "footnotes": footnotes_of([source]),
    }
    return render(request, "units/source.html", context)
