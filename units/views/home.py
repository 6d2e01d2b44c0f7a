"""The home page: the chart, the key figures, and what was announced."""

from django.shortcuts import render

from units.chart.outline import outline
from units.models import Body, Milestone, Post, Statement, Unit
from units.resolve import published_editions, what_each_followed
from units.views.frame import footnotes_of, of_an_edition

UNITS_ON_HOME = 120
OF_EACH_ON_HOME = 12  # bodies and milestones; their own pages have them all


@of_an_edition
def home(request, moment):
    edition = moment.edition
    units = Unit.objects.top(edition, UNITS_ON_HOME)
    posts = list(Post.objects.in_units(units))
    bodies = list(Body.objects.of(edition)[: OF_EACH_ON_HOME + 1])
    milestones = list(Milestone.objects.of(edition).for_display()[: OF_EACH_ON_HOME + 1])
    office = next((unit for unit in units if unit.kind == Unit.Kind.OFFICE), units[0])
    shown = [bodies[:OF_EACH_ON_HOME], milestones[:OF_EACH_ON_HOME]]
    said = Statement.objects.said_of(units, posts, shown[0])
    for body in shown[0]:
        body.said = [statement for statement in said if statement.body_id == body.pk]
    context = {
        "moment": moment,
        "previous": what_each_followed(published_editions()).get(edition.pk) or edition.base,
        "office": office,
        "chart": outline(units, posts, [statement for statement in said if statement.is_task]),
        "bodies": shown[0],
        "more_bodies": len(bodies) > OF_EACH_ON_HOME,
        "staff": [statement for statement in said if statement.is_staff and statement.unit_id == office.pk],
        "milestones": shown[1],
        "more_milestones": len(milestones) > OF_EACH_ON_HOME,
        "footnotes": footnotes_of(units, posts, said, *shown),
    }
    return render(request, "units/home.html", context)
