"""The pages of units and posts, and of who holds a post."""

from django.shortcuts import render

from units.chart.outline import outline
from units.history import history_of
from units.models import Milestone, Post, Statement, Unit
from units.resolve import in_succession, published_editions
from units.views.chart import branch_svg
from units.views.frame import (
    asked_slice,
    footnotes_of,
    not_here,
    of_an_edition,
    part_at,
    part_of,
)

UNITS_IN_LIST = 300
TASKS_ON_UNIT = 50  # the rest is on /tasks/?owner=


@of_an_edition
def units(request, moment):
    units = Unit.objects.top(moment.edition, UNITS_IN_LIST)
    context = {"moment": moment, "chart": outline(units, [], []), "footnotes": footnotes_of(units)}
    return render(request, "units/units.html", context)


@of_an_edition
def unit(request, moment, slug):
    asked = asked_slice(request)
    path, below = Unit.objects.with_neighbours(moment.edition, slug, asked)
    if not path:
        return not_here(request, moment, Unit, slug)
    unit, below = path[-1], part_at(asked, below)
    posts = Post.objects.in_units([unit]).with_appointments(moment.people_on)
    said = Statement.objects.said_of([unit], posts)
    of_unit = [statement for statement in said if statement.unit_id]
    for post in posts:
        post.said = [statement for statement in said if statement.post_id == post.pk]
    about = {statement.about_initiative_id: statement.about_initiative for statement in said}
    initiatives = [initiative for initiative in about.values() if initiative]
    milestones = list(Milestone.objects.about_any(unit, initiatives).for_display())
    tasks = [statement for statement in of_unit if statement.is_task and not statement.is_relation]
    context = {
        "moment": moment,
        "path": path[:-1],
        "unit": unit,
        "branch": branch_svg(moment, path, below.rows, posts),
        "posts": posts,
        "below": below,
        "tasks": tasks[:TASKS_ON_UNIT],
        "tasks_total": len(tasks),
        "relations": [statement for statement in of_unit if statement.is_relation],
        "staff": [statement for statement in of_unit if statement.is_staff],
        "initiatives": initiatives,
        "milestones": milestones,
        "history": history_of(unit, in_succession(published_editions(), moment.known)),
        "footnotes": footnotes_of(path, posts, below.rows, said, initiatives, milestones),
    }
    return render(request, "units/unit.html", context)


@of_an_edition
def posts(request, moment):
    part = part_of(request, Post.objects.for_list().listed(moment.edition))
    context = {"moment": moment, "part": part, "footnotes": footnotes_of(part.rows)}
    return render(request, "units/posts.html", context)


@of_an_edition
def post(request, moment, slug):
    post = Post.objects.for_list().named(moment.edition, slug)
    if post is None:
        return not_here(request, moment, Post, slug)
    [post] = Post.objects.with_holders([post], moment.people_on)
    said = list(Statement.objects.around(post=post))
    context = {
        "moment": moment,
        "path": Unit.objects.with_ancestors(moment.edition, post.unit.slug),
        "post": post,
        "said": said,
        "footnotes": footnotes_of([post], said),
    }
    return render(request, "units/post.html", context)


@of_an_edition
def people(request, moment):
    part = part_of(request, Post.objects.for_list().listed(moment.edition))
    posts = Post.objects.with_holders(part.rows, moment.people_on)
    context = {"moment": moment, "part": part, "posts": posts, "footnotes": footnotes_of(posts)}
    return render(request, "units/people.html", context)
