"""From a document to rows: a draft with its whole tree, in bulk."""

import calendar
from collections import Counter, defaultdict
from datetime import date
from itertools import count

from django.db import transaction

from units.documents.checking import check, facts
from units.documents.form import PLAIN, DocumentError, without_collecting
from units.documents.inserting import insert, keys_for
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

KIND = {model: model._meta.model_name for model in [*PLAIN, Citation]}
MODELS = {kind: model for model, kind in KIND.items()}


def load(document, base=None, by=None):
    """Store `document` as a new draft and return its Edition.

    `base` is the edition that the draft follows, if any, `by` the account that starts it. All or
    nothing: DocumentError with every problem where the document can't be loaded.
    """
    refuse_broken(document)
    with transaction.atomic():
        edition = Edition.objects.create(base=base, started_by=by, **own_columns(document))
        _insert(edition, document)
    return edition


def reload(draft, document):
    """Put `document` in the place of all that is in `draft`, whose lock the caller holds.

    All or nothing, as load().
    """
    refuse_broken(document)
    with transaction.atomic():
        clear(draft)
        Edition.objects.filter(pk=draft.pk).update(**own_columns(document))
        _insert(draft, document)


def clear(draft):
    """Delete all rows of `draft`, whose lock the caller holds; the time grows with their number alone."""
    for model in [Citation, Statement, Milestone, Initiative, Body, Post, Unit, Passage, Source]:
        rows = model._base_manager.filter(edition=draft)
        rows._raw_delete(rows.db)  # all of them go, so nothing has to be looked up and cascaded


def refuse_broken(document):
    """Raise DocumentError with every problem of `document` where it can't be loaded."""
    problems = check(document)
    if problems:
        raise DocumentError(problems, document)


def own_columns(document):
    """Return the columns of an Edition that `document` says itself."""
    return {
        "effective_on": date.fromisoformat(document["effective_on"]),
        "announced_on": date.fromisoformat(document["announced_on"]) if "announced_on" in document else None,
        "title": document["title"],
        "note": document.get("note", ""),
    }


def _insert(edition, document):
    with without_collecting():
        Loader(edition, document).run()


class Loader:
    """One load: the edition, its document, and the primary keys of its facts, by kind and slug."""

    def __init__(self, edition, document):
        self.edition = edition
        self.document = document
        self.keys = defaultdict(dict)

    def run(self):
        self.give_keys()
        get = self.document.get
        insert(Source, self.linked("source", get("sources", []), "republishes", _plain_link("republishes")))
        insert(Passage, self.passages())
        insert(Unit, self.units())
        insert(Post, self.posts())
        insert(Body, (self.row(Body, body, i) for i, body in enumerate(get("bodies", []))))
        insert(
            Initiative,
            self.linked("initiative", get("initiatives", []), "part_of", _plain_link("part_of")),
        )
        insert(Statement, self.statements())
        insert(Milestone, self.linked("milestone", get("milestones", []), "anchor", _anchor))
        insert(Citation, self.citations())

    def give_keys(self):
        """Reserve the primary keys of all rows, so that they can be written in any order."""
        numbers = Counter()
        for kind, fact, _ in facts(self.document):
            numbers[kind] += 1
            numbers["passage"] += len(fact.get("passages", ()))
            numbers["citation"] += len(fact["cites"])
        fresh = {kind: keys_for(model, numbers[kind]) for kind, model in MODELS.items()}
        for kind, fact, _ in facts(self.document):
            slug = fact["slug"]
            self.keys[kind][slug] = next(fresh[kind])
            for passage in fact.get("passages", ()):
                self.keys["passage"][f"{slug}#{passage['number']}"] = next(fresh["passage"])
        self.of_citations = fresh["citation"]

    def row(self, model, fact, position, **others):
        kind = KIND[model]
        columns = {name: fact[name] for name in PLAIN[model] if name in fact}
        if "about" in fact:
            [(about, slug)] = fact["about"].items()
            columns[f"about_{about}_id"] = self.keys[about][slug]
        key = {} if kind == "passage" else {"id": self.keys[kind][fact["slug"]]}
        return columns | key | {"edition_id": self.edition.pk, "position": position} | others

    def linked(self, kind, items, column, link):
        """Yield the rows of facts that may hang on others of their kind."""
        keys = self.keys[kind]
        for i, item in enumerate(items):
            yield self.row(MODELS[kind], item, i, **{f"{column}_id": keys.get(link(item))}, **timing(item))

    def numbered(self):
        """Return [left edge, right edge, level, slug of the parent, unit] of all units, in their order.

        mptt's columns are computed here: its own insertion costs an UPDATE of the tree for each unit.
        """
        entries = []
        count = 0
        todo = [(unit, None, 0) for unit in self.document["units"]]
        open_ends = []  # the entries whose right edge is not known yet, innermost last
        while todo:
            unit, parent, level = todo.pop()
            while len(open_ends) > level:
                count += 1
                open_ends.pop()[1] = count
            count += 1
            entry = [count, None, level, parent, unit]
            open_ends.append(entry)
            entries.append(entry)
            todo += [(child, unit["slug"], level + 1) for child in reversed(unit.get("units", []))]
        while open_ends:
            count += 1
            open_ends.pop()[1] = count
        return entries

    def units(self):
        for left, right, level, parent, unit in self.numbered():
            tree = {"tree_id": self.edition.tree_id, "lft": left, "rght": right, "level": level}
            yield self.row(Unit, unit, None, parent_id=self.keys["unit"].get(parent), **tree)

    def passages(self):
        for source in self.document.get("sources", []):
            slug = source["slug"]
            for i, passage in enumerate(source.get("passages", [])):
                key = self.keys["passage"][f"{slug}#{passage['number']}"]
                yield self.row(Passage, passage, i, id=key, source_id=self.keys["source"][slug])

    def posts(self):
        places = count()
        for kind, unit, _ in facts(self.document):
            if kind == "unit":
                for i, post in enumerate(unit.get("posts", [])):
                    of = {"unit_id": self.keys["unit"][unit["slug"]], "place": next(places)}
                    yield self.row(Post, post, i, **of)

    def statements(self):
        places, task_places = count(), count()
        for kind, owner in self.owners():
            for i, statement in enumerate(owner.get("statements", [])):
                of = {f"{kind}_id": self.keys[kind][owner["slug"]], "place": next(places)}
                if statement["part"] in Statement.TASK_PARTS:
                    of["task_place"] = next(task_places)
                yield self.row(Statement, statement, i, **of)

    def owners(self):
        """Yield (kind, fact) of whatever something can be said of, in the order of numbering.py."""
        for kind, fact, _ in facts(self.document):
            if kind in ("unit", "body"):
                yield kind, fact
                yield from (("post", post) for post in fact.get("posts", ()))

    def citations(self):
        for kind, fact, _ in facts(self.document):
            yield from self.citations_of(kind, fact)

    def citations_of(self, kind, fact):
        passages = self.keys["passage"]
        of = {f"{kind}_id": self.keys[kind][fact["slug"]], "edition_id": self.edition.pk}
        for i, citation in enumerate(fact["cites"]):
            yield of | {
                "id": next(self.of_citations),
                "position": i,
                "passage_id": passages[citation["passage"]],
                "field": citation.get("field", ""),
                "note": citation.get("note", ""),
            }


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
    return {
        "date": date(year, month, day or calendar.monthrange(year, month)[1]),
        "precision": precision.value,
    }
