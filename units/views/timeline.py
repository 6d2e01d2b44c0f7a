"""What happened, is planned or due: as a page, and as a calendar."""

from django.http import HttpResponse
from django.shortcuts import render

from units.feeds import calendar_of
from units.models import Milestone
from units.views.frame import footnotes_of, of_an_edition, part_of


@of_an_edition
def timeline(request, moment):
    part = part_of(request, Milestone.objects.in_time(moment.edition))
    milestones = Milestone.objects.of_timeline(part.rows)
    context = {
        "moment": moment,
        "part": part,
        "milestones": milestones,
        "footnotes": footnotes_of(milestones),
    }
    return render(request, "units/timeline.html", context)


@of_an_edition
def calendar(request, moment):
    """Answer with the milestones of an exact day, for a calendar program."""
    milestones = Milestone.objects.of(moment.edition).on_an_exact_day().for_display()
    return HttpResponse(calendar_of(moment, milestones), content_type="text/calendar; charset=utf-8")
