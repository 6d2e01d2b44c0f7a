"""From a document to rows: a draft with its whole tree, in bulk."""

import calendar
import gc
from collections import defaultdict
from datetime import date
from itertools import batched

from django.db import transaction

from units.documents.checking import check, facts
from units.documents.form import PLAIN, DocumentError
from units.models import (
    Body,
    Citation,
    Edition,
    Initiative,
    Milestone,
    Passage,
    Post,
    Source,
    Statement,
    Unit,
)

BATCH = 2_000  # rows held as model instances at a time


def load(document, base=None, by=None):
    """Store `document` as a new draft and return its Edition.

    `base` is the edition that the draft follows, if any, `by` the account that starts it. All or
    nothing: DocumentError with every problem where the document can't be loaded.
    """
    _refuse_broken(document)
    with transaction.atomic():
        edition = Edition.objects.create(base=base, started_by=by, **_own_columns(document))
        _insert(edition, document)
    return edition


def reload(draft, document):
    """Put `document` in the place of all that is in `draft`, whose lock the caller holds.

    All or nothing, as load().
    """
    _refuse_broken(document)
    with transaction.atomic():
        clear(draft)
        Edition.objects.filter(pk=draft.pk).update(**_own_columns(document))
        _insert(draft, document)


def clear(draft):
    """Delete all rows of `draft`, whose lock the caller holds; the time grows with their number alone."""
    for model in [Citation, Statement, Milestone, Initiative, Body, Post, Unit, Passage, Source]:
        rows = model._base_manager.filter(edition=draft)
        rows._raw_delete(rows.db)  # all of them go, so nothing has to be looked up and cascaded


def _refuse_broken(document):
    problems = check(document)
    if problems:
        raise DocumentError(problems, document)


def _own_columns(document):
    return {
        "effective_on": date.fromisoformat(document["effective_on"]),
        "announced_on": date.fromisoformat(document["announced_on"]) if "announced_on" in document else None,
        "title": document["title"],
        "note": document.get("note", ""),
    }


def _insert(edition, document):
    # The document of a large edition is millions of objects; the garbage collector would walk them all
    # again and again while rows are made from them, and take as long as the load itself.
    gc.freeze()
    try:
        _Loader(edition, document).run()
    finally:
        gc.unfreeze()


class _Loader:
    """One load: the edition, its document, and the primary keys given so far, by kind and slug."""

    def __init__(self, edition, document):
        self.edition = edition
        self.document = document
        self.keys = defaultdict(dict)

    def run(self):
        get = self.document.get
        self.insert_linked(Source, "source", get("sources", []), "republishes", _plain_link("republishes"))
        self.insert("passage", self.passages())
        self.insert_units()
        self.insert("post", self.posts())
        self.insert("body", (self.row(Body, body, i) for i, body in enumerate(get("bodies", []))))
        self.insert_linked(
            Initiative, "initiative", get("initiatives", []), "part_of", _plain_link("part_of")
        )
        self.insert("statement", self.statements())
        self.insert_linked(Milestone, "milestone", get("milestones", []), "anchor", _anchor)
        self.insert("citation", self.citations())

    def row(self, model, fact, position, **others):
        columns = {name: fact[name] for name in PLAIN.get(model, ()) if name in fact}
        if "about" in fact:
            [(kind, slug)] = fact["about"].items()
            others[f"about_{kind}_id"] = self.keys[kind][slug]
        return model(edition_id=self.edition.pk, position=position, **columns, **others)

    def insert(self, kind, rows):
        """Insert `rows` (instances of one model) in batches; keep the keys of those with a slug."""
        for batch in batched(rows, BATCH):
            for row in type(batch[0])._base_manager.bulk_create(batch):
                if hasattr(row, "slug"):
                    self.keys[kind][row.slug] = row.pk

    def insert_linked(self, model, kind, items, column, link):
        """Insert facts that may hang on others of their kind, wave by wave: first those that hang on none."""
        keys = self.keys[kind]
        waiting = list(enumerate(items))
        while waiting:
            ready = [(i, item) for i, item in waiting if link(item) is None or link(item) in keys]
            ready_numbers = {i for i, _ in ready}
            waiting = [(i, item) for i, item in waiting if i not in ready_numbers]
            self.insert(
                kind,
                [
                    self.row(model, item, i, **{f"{column}_id": keys.get(link(item))}, **timing(item))
                    for i, item in ready
                ],
            )

    def insert_units(self):
        """Number the tree in one walk, then insert it level by level, so that every parent has its key.

        mptt's columns are computed here: its own insertion costs an UPDATE of the tree for each unit.
        """
        levels = defaultdict(list)
        count = 0
        todo = [(unit, None, 0) for unit in self.document["units"]]
        open_ends = []  # the entries whose right edge is not known yet, innermost last
        while todo:
            unit, parent, level = todo.pop()
            while len(open_ends) > level:
                count += 1
                open_ends.pop()[2] = count
            count += 1
            entry = [unit, count, None, parent]
            open_ends.append(entry)
            levels[level].append(entry)
            todo += [(child, unit["slug"], level + 1) for child in reversed(unit.get("units", []))]
        while open_ends:
            count += 1
            open_ends.pop()[2] = count
        for level, entries in levels.items():
            self.insert("unit", (self.unit(level, *entry) for entry in entries))

    def unit(self, level, unit, left, right, parent):
        columns = {name: unit[name] for name in PLAIN[Unit] if name in unit}
        return Unit(
            edition_id=self.edition.pk,
            parent_id=self.keys["unit"].get(parent),
            **columns,
            **{"tree_id": self.edition.tree_id, "lft": left, "rght": right, "level": level},
        )

    def passages(self):
        for source in self.document.get("sources", []):
            for i, passage in enumerate(source.get("passages", [])):
                yield self.row(Passage, passage, i, source_id=self.keys["source"][source["slug"]])

    def posts(self):
        for kind, unit, _ in facts(self.document):
            if kind == "unit":
                for i, post in enumerate(unit.get("posts", [])):
                    yield self.row(Post, post, i, unit_id=self.keys["unit"][unit["slug"]])

    def statements(self):
        for kind, owner, _ in facts(self.document):
            for i, statement in enumerate(owner.get("statements", [])):
                yield self.row(Statement, statement, i, **{f"{kind}_id": self.keys[kind][owner["slug"]]})

    def citations(self):
        passages = {
            f"{slug}#{number}": key
            for slug, number, key in Passage.objects.of(self.edition).values_list(
                "source__slug", "number", "pk"
            )
        }
        for kind, fact, _ in facts(self.document):
            for i, citation in enumerate(fact["cites"]):
                yield Citation(
                    edition_id=self.edition.pk,
                    position=i,
                    passage_id=passages[citation["passage"]],
                    field=citation.get("field", ""),
                    note=citation.get("note", ""),
                    **{f"{kind}_id": self.keys[kind][fact["slug"]]},
                )


def _plain_link(key):
    return lambda item: item.get(key)


def _anchor(milestone):
    return milestone.get("after", {}).get("milestone")


def timing(item):
    """Return a milestone's columns for its date or offset; empty for other facts."""
    if "after" in item:
        return {"offset_months": item["after"]["months"]}
    if "date" not in item:
        return {}
    year, month, day = (*map(int, item["date"].split("-")), None, None)[:3]
    precision = (
        Milestone.Precision.DAY if day else Milestone.Precision.MONTH if month else Milestone.Precision.YEAR
    )
    month = month or 12
    return {"date": date(year, month, day or calendar.monthrange(year, month)[1]), "precision": precision}
