"""The pages of what is done and with whom: tasks, bodies, initiatives."""

from django.core.exceptions import BadRequest
from django.shortcuts import render
from django.utils.translation import gettext as _

from units.models import Body, Initiative, Milestone, Statement
from units.views.frame import asked_slice, footnotes_of, not_here, of_an_edition, part_at, part_of

OWNERS_TO_CHOOSE = 60


@of_an_edition
def tasks(request, moment):
    chosen = {key: request.GET.get(key, "").strip() for key in ("owner", "part", "theme")}
    parts = [part for part in Statement.Part if part in Statement.TASK_PARTS]
    if chosen["part"] not in ["", *parts]:
        raise BadRequest(_("“part” takes one of: %(parts)s.") % {"parts": ", ".join(parts)})
    if chosen["owner"]:  # few, so they are read at once; a page has no query to spare
        tasks = Statement.objects.with_names().tasks().owned_by(moment.edition, chosen["owner"])
        asked = asked_slice(request)
        part = part_at(asked, list(tasks.chosen(chosen["part"], chosen["theme"])[asked]))
    else:
        tasks = Statement.objects.listed_tasks(moment.edition)
        part = part_of(request, tasks.chosen(chosen["part"], chosen["theme"]))
    owners = Statement.objects.owners(moment.edition, OWNERS_TO_CHOOSE)
    context = {
        "moment": moment,
        "chosen": chosen,
        "is_chosen": any(chosen.values()),
        "parts": parts,
        "themes": Statement.objects.themes(moment.edition),
        "owners": owners,
        "owner_is_listed": chosen["owner"] in {owner.slug for owner in owners},
        "part": part,
        "footnotes": footnotes_of(part.rows),
    }
    return render(request, "units/tasks.html", context)


@of_an_edition
def bodies(request, moment):
    part = part_of(request, Body.objects.of(moment.edition))
    context = {"moment": moment, "part": part, "footnotes": footnotes_of(part.rows)}
    return render(request, "units/bodies.html", context)


@of_an_edition
def body(request, moment, slug):
    body = Body.objects.named(moment.edition, slug)
    if body is None:
        return not_here(request, moment, Body, slug)
    said = part_of(request, Statement.objects.around(body=body, about_body=body))
    milestones = list(Milestone.objects.about(body).for_display())
    context = {
        "moment": moment,
        "body": body,
        "part": said,
        "own": [statement for statement in said.rows if statement.body_id == body.pk],
        "of_others": [statement for statement in said.rows if statement.body_id != body.pk],
        "milestones": milestones,
        "footnotes": footnotes_of([body], said.rows, milestones),
    }
    return render(request, "units/body.html", context)


@of_an_edition
def initiatives(request, moment):
    part = part_of(request, Initiative.objects.of(moment.edition).for_display())
    context = {"moment": moment, "part": part, "footnotes": footnotes_of(part.rows)}
    return render(request, "units/initiatives.html", context)


@of_an_edition
def initiative(request, moment, slug):
    initiative = Initiative.objects.for_display().named(moment.edition, slug)
    if initiative is None:
        return not_here(request, moment, Initiative, slug)
    parts = list(initiative.parts.of(moment.edition))
    said = part_of(request, Statement.objects.around(about_initiative=initiative))
    milestones = list(Milestone.objects.about(initiative).for_display())
    context = {
        "moment": moment,
        "initiative": initiative,
        "parts": parts,
        "part": said,
        "milestones": milestones,
        "footnotes": footnotes_of([initiative], parts, said.rows, milestones),
    }
    return render(request, "units/initiative.html", context)
