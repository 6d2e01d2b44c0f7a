"""What the tree editor shows: some open branches of an edition's tree, each list by itself and made to HTML.

The page starts with the upper levels, or with the ways to one unit or to all that a search has found. Other
branches are asked for one by one. A list shows at most SHOWN_AT_ONCE units; the rest is a link away.
"""

from collections import defaultdict

from django.template.loader import render_to_string
from django.urls import reverse

from units.admin.editor.marks import marks_of
from units.admin.editor.places import place_of
from units.models import Unit

TOP = 60  # units of the upper levels that a first view shows
SHOWN_AT_ONCE = 100
FOUND_AT_MOST = 30


class Branches:
    """Some open branches of `edition`, `parents`, as HTML; the same seven queries and marks for any number.

    `at` is a Unit or None: the selected one, with its panel. `panel` is the HTML below it. `only` is a set
    of primary keys outside of which nothing is shown. `start` is where the list below `at` begins.
    """

    def __init__(self, request, edition, parents, *, at=None, panel="", only=None, start=None, found=()):
        self.request, self.edition = request, edition
        self.parents, self.at, self.panel, self.only, self.start = parents, at, panel, only, start
        self.found = {unit.pk for unit in found}
        self.read()

    def read(self):
        keys = defaultdict(list)
        rows = Unit.objects.filter(parent__in=[parent.pk for parent in self.parents])
        for key, parent in rows.order_by("lft").values_list("pk", "parent_id"):
            keys[parent].append(key)
        self.of = {parent.pk: self.window(parent, keys[parent.pk]) for parent in self.parents}
        shown = [key for window in self.of.values() for key in window["keys"]]
        self.units = Unit.objects.defer("aliases", "purpose", "replaces").in_bulk(shown)
        self.marks = (
            {}
            if self.edition.is_published
            else marks_of(self.edition, self.parents, list(self.units.values()))
        )

    def window(self, parent, keys):
        """Return which of the units below `parent` are shown, and how many stand before and behind them."""
        on_the_way = {unit.pk for unit in self.parents} | ({self.at.pk} if self.at else set())
        start = 0
        if self.start is not None and self.at and self.at.pk == parent.pk:
            start = min(self.start, max(0, len(keys) - 1))
        else:
            inside = [place for place, key in enumerate(keys) if key in on_the_way]
            start = inside[0] // SHOWN_AT_ONCE * SHOWN_AT_ONCE if inside else 0
        chosen = keys[start : start + SHOWN_AT_ONCE]
        if self.only is not None:
            chosen = [key for key in keys if key in self.only]
        return {
            **{"keys": chosen, "start": start, "count": len(keys)},
            "hidden": len(keys) - len(chosen) if self.only is not None else 0,
            "back": max(0, start - SHOWN_AT_ONCE) if start and self.only is None else None,
            "on": start + SHOWN_AT_ONCE if start + SHOWN_AT_ONCE < len(keys) and self.only is None else None,
        }

    def html(self):
        """Return {parent's primary key: its list as HTML}, the branches that are open in it inside."""
        made = {}
        # The deepest first: what is nested is ready when the list around it is made, at any depth.
        for parent in sorted(self.parents, key=lambda unit: -unit.level):
            window = self.of[parent.pk]
            items = [self.item(self.units[key], made.get(key, "")) for key in window["keys"]]
            context = window | {"parent": parent, "items": items, "edition": self.edition}
            made[parent.pk] = render_to_string("admin/units/tree/_list.html", context)
        return made

    def item(self, unit, below=""):
        return {
            **{"unit": unit, "below": below, "marks": self.marks.get(unit.slug, [])},
            **{"is_at": bool(self.at and unit.pk == self.at.pk), "panel": ""},
            "is_found": unit.pk in self.found,
        } | ({"panel": self.panel} if self.at and unit.pk == self.at.pk else {})

    def root_html(self, root):
        """Return the root with all that is open below it as HTML."""
        return self.rows([root], {root.pk: self.html().get(root.pk, "")})[root.slug]

    def rows(self, units, below=None):
        """Return {slug: HTML} of single `units`; `below` is {primary key: HTML of what is below one}."""
        marks = {}
        if not self.edition.is_published:
            above = [unit.parent for unit in units if unit.parent_id]
            marks = marks_of(self.edition, above, list(units))
        made = {}
        for unit in units:
            item = self.item(unit, (below or {}).get(unit.pk, "")) | {"marks": marks.get(unit.slug, [])}
            made[unit.slug] = render_to_string(
                "admin/units/tree/_row.html", {"item": item, "edition": self.edition}
            )
        return made


def open_at_first(edition):
    """Return the units of the upper levels whose branches a first view opens."""
    top = Unit.objects.top(edition, TOP)
    deepest = max((unit.level for unit in top), default=0)
    return [unit for unit in top if unit.level < deepest and unit.units_below]


def ways_to(edition, units):
    """Return `units` of `edition` with all units above them, in the order of the tree. One query."""
    if not units:
        return []
    table = Unit._meta.db_table
    places = ", ".join(["%s"] * len(units))
    rows = Unit.objects.raw(
        f"""
        WITH RECURSIVE up AS (
            SELECT * FROM {table} WHERE edition_id = %s AND id IN ({places})
            UNION
            SELECT above.* FROM {table} AS above JOIN up ON above.id = up.parent_id
        )
        SELECT id FROM up
        """,  # noqa: S608 (the table's name comes from the model)
        [edition.pk, *(unit.pk for unit in units)],
    )
    return list(Unit.objects.filter(pk__in=[row.pk for row in rows]).order_by("lft"))


def address(at=None, **more):
    """Return the address of the tree editor, with the unit `at` selected."""
    query = {"at": at, **more}
    query = "&".join(f"{name}={value}" for name, value in query.items() if value is not None)
    return reverse("admin:units_unit_tree") + (f"?{query}" if query else "")


def panel(request, edition, unit, ask=None, form=None, more=None):
    """Return the HTML of what can be done with `unit`; `ask` is the question that stands open, in `form`."""
    place = place_of(unit)
    context = {
        **{"unit": unit, "place": place, "edition": edition, "ask": ask, "form": form},
        "can_go_in": place.before is not None,
        "can_go_out": bool(unit.parent_id and unit.parent.parent_id),
        **(more or {}),
    }
    return render_to_string("admin/units/tree/_panel.html", context, request)
