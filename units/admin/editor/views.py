"""The page of the tree editor, the parts of it that a script asks for, and the steps that are sent to it."""

import re

from django.contrib import messages
from django.core.exceptions import BadRequest, PermissionDenied
from django.http import JsonResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from units import trees
from units.admin.current import OF, choose, current_edition, edition_to_change
from units.admin.editor import forms, marks, steps, undo
from units.admin.editor.page import FOUND_AT_MOST, Branches, address, open_at_first, panel, ways_to
from units.admin.editor.places import place_of, refuse_if_elsewhere
from units.models import PublishedEditionError, Unit
from units.trees import TreeError

MOVES = {"up": steps.up, "down": steps.down, "in": steps.inwards, "out": steps.outwards}
QUESTIONS = {
    "rename": (forms.RenameForm, steps.rename),
    "below": (forms.AddForm, steps.add),
    "after": (forms.AddForm, steps.add),
    "move": (forms.MoveForm, steps.move),
    "remove": (forms.RemoveForm, steps.remove),
}
NUMBER = re.compile(r"\d{1,6}", re.ASCII)


class AskAgain(Exception):
    """An answer that can't be used; `ask` and `form` show the question again with what is wrong."""

    def __init__(self, ask, form):
        self.ask, self.form = ask, form


class TreeEditor:
    """Part of the admin of units: the tree of the draft that somebody works on, or read-only of a chart."""

    def tree(self, request):
        if request.method == "POST":
            return self.take_step(request)
        if not self.has_view_permission(request):
            raise PermissionDenied
        edition = current_edition(request)
        if edition is None:
            return redirect("admin:units_unit_changelist")
        if by_script(request):
            if request.GET.get(OF) != edition.identifier:
                return JsonResponse({"reload": True})
            return JsonResponse(self.part(request, edition))
        return self.page(request, edition)

    def page(self, request, edition, ask=None, form=None):
        words = request.GET.get("q", "")[:200].split()
        at = self.selected(request, edition)
        found = Unit.objects.of(edition).called(words, FOUND_AT_MOST + 1) if words else []
        only = None
        if words:
            way = ways_to(edition, found[:FOUND_AT_MOST] + ([at] if at else []))
            only = {unit.pk for unit in way}
            parents = [unit for unit in way if unit.units_below and unit not in found]
        else:
            parents = {
                unit.pk: unit for unit in [*open_at_first(edition), *ways_to(edition, [at] if at else [])]
            }
            parents = [unit for unit in parents.values() if unit.units_below]
        shown = Branches(
            request,
            edition,
            parents,
            at=at,
            panel=self.panel(request, edition, at, ask, form),
            only=only,
            start=number(request.GET.get("start")),
            found=found,
        )
        root = Unit.objects.root(edition)
        context = self.admin_site.each_context(request) | self.context(request)
        context |= self.around(request, edition) | {
            **{"title": _("The tree"), "opts": self.opts, "draft": edition, "at": at},
            **{"words": " ".join(words), "found": len(found), "most": FOUND_AT_MOST},
            **{"root": shown.root_html(root), "may_step": self.may_step(request), "of": OF},
        }
        return render(request, "admin/units/tree/page.html", context)

    def around(self, request, edition):
        """Return what stands beside the tree: what can be undone, what was removed."""
        removed = [] if edition.is_published else marks.removed(edition)
        return {
            **{"last": undo.last(request, edition) if self.may_step(request) else None, "edition": edition},
            **{"removed": removed[: marks.REMOVED_AT_MOST], "more": len(removed) > marks.REMOVED_AT_MOST},
            "at": None,
        }

    def may_step(self, request):
        return self.has_change_permission(request)

    def selected(self, request, edition):
        """Return the unit `?at=` with its parent, or None; says so where it is gone."""
        slug = request.GET.get("at", "")
        if not slug or "\x00" in slug:
            return None
        unit = Unit.objects.filter(edition=edition, slug=slug).select_related("parent__parent").first()
        if unit is None and not by_script(request):
            messages.warning(request, _("There is no unit “%(slug)s” in this draft.") % {"slug": slug})
        return unit

    def panel(self, request, edition, unit, ask=None, form=None):
        if unit is None or not self.may_step(request):
            return ""
        asked = ask or request.GET.get("ask")
        if asked == "remove" and unit.parent_id is None:
            asked = None  # nobody is asked: the root stays
        self.refuse_who_may_not(request, asked)
        if asked in QUESTIONS and form is None:
            form = self.question(request, asked, edition, unit)
        may = {
            "may_add": self.has_add_permission(request),
            "may_remove": self.has_delete_permission(request),
        }
        return panel(request, edition, unit, asked if asked in QUESTIONS else None, form, may)

    def question(self, request, ask, edition, unit, data=None):
        kind = QUESTIONS[ask][0]
        more = {"where": ask} if kind is forms.AddForm else {}
        return kind(data, edition=edition, unit=unit, **more)

    def part(self, request, edition):
        """Return what a script asks for: a branch (`?branch=`), or a unit with its panel (`?at=`)."""
        if slug := request.GET.get("branch"):
            parent = Unit.objects.filter(edition=edition, slug=slug).first()
            if parent is None:
                return {"reload": True}
            start = number(request.GET.get("start"))
            shown = Branches(
                request, edition, [parent], at=parent if start is not None else None, start=start
            )
            return {"swaps": [swap("below", parent.slug, shown.html()[parent.pk])]}
        unit = self.selected(request, edition)
        if unit is None:
            return {"reload": True}
        shown = Branches(request, edition, [], at=unit, panel=self.panel(request, edition, unit))
        return {"at": unit.slug, "swaps": [swap("unit", *row) for row in shown.rows([unit]).items()]}

    def take_step(self, request):
        """Do what a form asks; a script gets what has changed on the page, others the page anew."""
        slug = request.POST.get("unit", "")
        try:
            with trees.editing(edition_to_change(request)) as draft:
                request._current_edition = draft
                if not self.may_step(request):
                    raise PermissionDenied
                done = self.step(request, draft, slug)
        except AskAgain as again:
            return self.ask_again(request, slug, again)
        except (TreeError, PublishedEditionError) as refused:
            if not by_script(request):
                raise
            return JsonResponse(self.refusal(request, slug, refused))
        choose(request, draft)
        if not by_script(request):
            messages.success(request, done.said)
            return redirect(f"{address(done.at)}#unit-{done.at}")
        return JsonResponse({"said": done.said} | self.changed(request, draft, done.at, done.touched))

    def step(self, request, draft, slug):
        """Do one step in `draft`, whose lock is held; return what was Done."""
        do = request.POST.get("do", "")
        if do == "undo":
            return self.undo(request, draft)
        seen = request.POST.get("place", "")
        if do in MOVES:
            done = MOVES[do](draft, slug, seen)
        elif do == "drop":
            target = {name: request.POST.get(name) or None for name in ("before", "after")}
            done = steps.move(draft, slug, seen, request.POST.get("below", ""), **target)
        elif do in QUESTIONS:
            done = self.answered(request, draft, slug, do, {"seen": seen} if do == "move" else {})
        else:
            raise BadRequest(_("There is no such step."))
        undo.remember(request, draft, done)
        return done

    def answered(self, request, draft, slug, ask, more):
        self.refuse_who_may_not(request, ask)
        unit = steps.unit_of(draft, slug)
        if ask == "remove" and unit.parent_id is None:
            trees.remove(draft, slug)  # says why not
        form = self.question(request, ask, draft, unit, request.POST)
        if ask == "remove":
            form.refuse_if_changed()
            if seen := request.POST.get("place"):
                refuse_if_elsewhere(unit, place_of(unit), seen)
        if not form.is_valid():
            raise AskAgain(ask, form)
        return QUESTIONS[ask][1](draft, **form.arguments(), **more)

    def refuse_who_may_not(self, request, ask):
        may = {"below": self.has_add_permission, "after": self.has_add_permission}
        may["remove"] = self.has_delete_permission
        if ask in may and not may[ask](request):
            raise PermissionDenied

    def undo(self, request, draft):
        last = undo.last(request, draft)
        if last is None or last["id"] != request.POST.get("step"):
            raise TreeError(_("That step was undone already, or is not the last one any more."))
        done = undo.undo(draft, last)
        undo.forget(request, draft, last)  # only now: a refused step may be possible again later
        return done

    def ask_again(self, request, slug, again):
        edition = current_edition(request)
        if not by_script(request):
            request.GET = request.GET.copy()
            request.GET["at"] = slug
            return self.page(request, edition, again.ask, again.form)
        unit = steps.unit_of(edition, slug)
        shown = Branches(
            request, edition, [], at=unit, panel=self.panel(request, edition, unit, again.ask, again.form)
        )
        swaps = [swap("unit", *row) for row in shown.rows([unit]).items()]
        return JsonResponse({"at": slug, "swaps": swaps, "again": True})

    def refusal(self, request, slug, refused):
        """Return why nothing was done, with the unit's branch as it is now."""
        draft = current_edition(request)
        said = {"refused": str(refused)}
        if draft is None or draft.is_published or isinstance(refused, PublishedEditionError):
            return said
        unit = Unit.objects.filter(edition=draft, slug=slug).select_related("parent").first()
        if unit is None:
            return said | self.changed(request, draft, None, []) | {"gone": slug}
        return said | self.changed(request, draft, slug, [unit.parent.slug] if unit.parent else [])

    def changed(self, request, draft, at, touched):
        """Return the parts of the page that a step changed, as a script puts them into it."""
        parents = list(Unit.objects.filter(edition=draft, slug__in=set(touched)).select_related("parent"))
        unit = Unit.objects.filter(edition=draft, slug=at).select_related("parent__parent").first()
        shown = Branches(request, draft, parents, at=unit, panel=self.panel(request, draft, unit))
        rows = {one.slug: one for one in [*parents, *([unit] if unit else [])]}
        lists = shown.html()
        swaps = [swap("unit", *row) for row in shown.rows(list(rows.values())).items()]
        swaps += [swap("below", parent.slug, lists[parent.pk]) for parent in parents]
        around = self.around(request, draft)
        for name in ("undo", "removed"):
            html = render_to_string(f"admin/units/tree/_{name}.html", around, request)
            swaps.append({"id": name, "html": html})
        way = [one.slug for one in ways_to(draft, [unit])] if unit else []
        return {"at": at, "swaps": swaps, "way": way}


def swap(kind, slug, html):
    return {"id": f"{kind}-{slug}", "html": html}


def number(text):
    return int(text) if text and NUMBER.fullmatch(text) else None


def by_script(request):
    """Whether the page's own script asks, which takes parts of the page."""
    return request.headers.get("Accept") == "application/json"
