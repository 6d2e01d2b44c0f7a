"""The public pages; each is of one edition."""

import functools
from itertools import groupby

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
        response.headers.setdefault("Cache-Control", "no-cache")
        return response

    return with_moment


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
    said = list(Statement.objects.for_unit(office))
    shown = [*units, *posts, *bodies, *milestones, *said]
    context = {
        "moment": moment,
        "office": office,
        "chart": outline(units, posts),
        "units_total": units[0].units_below,
        "bodies": bodies,
        "staff": [statement for statement in said if statement.part == Statement.Part.EMPLOYS],
        "milestones": milestones,
        "footnotes": Footnotes(Citation.objects.of_facts(shown).for_display()),
    }
    return render(request, "units/home.html", context)


@of_an_edition
def unit(request, moment, slug):
    path = Unit.objects.with_ancestors(moment.edition, slug)
    if not path:
        raise Http404(_("There is no unit “%(slug)s” in this edition.") % {"slug": slug})
    unit = path[-1]
    below = list(Unit.objects.children_of(unit))
    posts = Post.objects.in_units([unit]).with_appointments(moment.on)
    said = list(Statement.objects.for_unit(unit))
    initiatives = list(
        {s.about_initiative_id: s.about_initiative for s in said if s.about_initiative}.values()
    )
    milestones = list(Milestone.objects.about_any(unit, initiatives).for_display())
    context = {
        "moment": moment,
        "path": path[:-1],
        "unit": unit,
        "posts": posts,
        "tasks": [s for s in said if s.part in Statement.TASK_PARTS and s.unit_id and not s.about_body_id],
        "relations": [
            s for s in said if s.unit_id and (s.about_body_id or s.part == Statement.Part.COLLABORATES)
        ],
        "staff": [s for s in said if s.part == Statement.Part.EMPLOYS],
        "said_of_posts": [s for s in said if s.post_id],
        "initiatives": initiatives,
        "milestones": milestones,
        "below": below,
        "footnotes": Footnotes(
            Citation.objects.of_facts(
                [unit, *path, *posts, *said, *initiatives, *milestones, *below]
            ).for_display()
        ),
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
    for passage in passages:
        passage.source = source
        passage.facts = facts.get(passage.pk, [])
    context = {
        "moment": moment,
        "source": source,
        "passages": passages,
        "footnotes": Footnotes(Citation.objects.of_facts([source]).for_display()),
    }
    return render(request, "units/source.html", context)
