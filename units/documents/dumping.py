"""From rows to a document."""

import json
from collections import defaultdict

from django.db.models import JSONField, TextField
from django.db.models.functions import Cast

from units.documents.form import PLAIN, without_collecting
from units.models import Body, Citation, Initiative, Milestone, Passage, Post, Source, Statement, Unit
from units.models.sources import TARGETS

KIND = {model: model._meta.model_name for model in PLAIN}
ABOUT = ["about_unit__slug", "about_body__slug", "about_initiative__slug"]
# PostgreSQL gives the keys within a JSON column back in an order of its own; people read them in this one.
READING_ORDER = ["name", "editorial", "groups", "open"]
EMPTY = {"[]", "{}", "null"}
DATE_LENGTH = {"day": 10, "month": 7, "year": 4}


def dump(edition, shared=None):
    """Return the rows of `edition`, draft or published, as a document.

    With `shared`, a Shared, nobody may change what is returned: parts of it are parts of other documents.
    """
    with without_collecting():
        return _dumped(edition, shared)


def _dumped(edition, shared):
    document = {"effective_on": edition.effective_on.isoformat()}
    if edition.announced_on:
        document["announced_on"] = edition.announced_on.isoformat()
    document["title"] = edition.title
    if edition.note:
        document["note"] = edition.note
    dumper = _Dumper(edition, shared.part if shared else lambda item: item)
    lists = {
        "units": dumper.units(),
        "bodies": dumper.facts(Body, dumper.statements["body"]),
        "initiatives": dumper.facts(Initiative, {}, "part_of__slug"),
        "milestones": dumper.milestones(),
        "sources": dumper.sources(),
    }
    return document | {key: items for key, items in lists.items() if items}


def _in_reading_order(value):
    if isinstance(value, dict):
        return {key: value[key] for key in sorted(value, key=READING_ORDER.index)}
    return [_in_reading_order(item) for item in value] if isinstance(value, list) else value


class _Dumper:
    """One dump: the edition, and what hangs on its facts by (kind, primary key) or owner.

    `share` returns for an object that is finished the same one or one that equals it.
    """

    def __init__(self, edition, share):
        self.edition = edition
        self.share = share
        self.cites = self.citations()
        self.statements = self.statements_by_owner()

    def rows(self, model, *others):
        """Yield (row's primary key, its plain members as a dict, the values of the columns `others`)."""
        names = PLAIN[model]
        # JSON is read as text, which most often says that there is nothing.
        in_json = [name for name in names if isinstance(model._meta.get_field(name), JSONField)]
        columns = [Cast(name, TextField()) if name in in_json else name for name in names]
        rows = model.objects.of(self.edition).values_list("pk", *columns, *others)
        for key, *values in rows.iterator(2_000):
            # Left out is what is not stated: nothing, no text, or not so; 0 is a number like any.
            members = {
                name: value
                for name, value in zip(names, values, strict=False)
                if value or (value == 0 and value is not False)
            }
            for name in in_json:
                if members.get(name) in EMPTY:
                    del members[name]
                elif name in members:
                    members[name] = _in_reading_order(json.loads(members[name]))
            yield key, members, values[len(names) :]

    def facts(self, model, statements, link=None):
        items = []
        for key, item, links in self.rows(model, *([link] if link else [])):
            if link and links[0]:
                item[link.removesuffix("__slug")] = links[0]
            self.finish(model, key, item, statements)
            items.append(item)
        return items

    def finish(self, model, key, item, statements):
        item["cites"] = self.cites.pop((KIND[model], key), [])
        if key in statements:
            item["statements"] = statements[key]

    def citations(self):
        cites = defaultdict(list)
        columns = [
            "passage__source__slug",
            "passage__number",
            "field",
            "note",
            *(f"{name}_id" for name in TARGETS),
        ]
        for slug, number, field, note, *targets in (
            Citation.objects.of(self.edition).values_list(*columns).iterator(2_000)
        ):
            item = {"passage": f"{slug}#{number}"}
            if field:
                item["field"] = field
            if note:
                item["note"] = note
            for kind, key in zip(TARGETS, targets, strict=True):
                if key is not None:
                    cites[kind, key].append(self.share(item))
        return cites

    def statements_by_owner(self):
        """Return the statements as {kind of owner: {owner's primary key: [statement, …]}}."""
        owned = {"unit": defaultdict(list), "post": defaultdict(list), "body": defaultdict(list)}
        links = ["unit_id", "post_id", "body_id", *ABOUT]
        for key, item, (unit, post, body, *about) in self.rows(Statement, *links):
            self.add_about(item, about)
            self.finish(Statement, key, item, {})
            for kind, owner in (("unit", unit), ("post", post), ("body", body)):
                if owner is not None:
                    owned[kind][owner].append(self.share(item))
        return owned

    def add_about(self, item, slugs):
        for kind, slug in zip(("unit", "body", "initiative"), slugs, strict=True):
            if slug:
                item["about"] = {kind: slug}

    def units(self):
        posts = defaultdict(list)
        for key, item, (unit,) in self.rows(Post, "unit_id"):
            self.finish(Post, key, item, self.statements["post"])
            posts[unit].append(self.share(item))
        roots, path = [], []
        for key, item, (level,) in self.rows(Unit, "level"):
            self.finish(Unit, key, item, self.statements["unit"])
            if key in posts:
                item["posts"] = posts[key]
            self.close(path, level)
            (path[-1].setdefault("units", []) if path else roots).append(item)
            path.append(item)
        self.close(path, 1)
        return roots

    def close(self, path, level):
        """Leave the units of `path`, one in another, from `level` on: nothing more will be put into them."""
        for below in range(len(path) - 1, max(level, 1) - 1, -1):
            path[below - 1]["units"][-1] = self.share(path.pop())
        del path[level:]

    def milestones(self):
        items = []
        columns = ["date", "precision", "anchor__slug", "offset_months", *ABOUT]
        for key, item, (day, precision, anchor, months, *about) in self.rows(Milestone, *columns):
            if day:
                item["date"] = day.isoformat()[: DATE_LENGTH[precision]]
            else:
                item["after"] = {"milestone": anchor, "months": months}
            self.add_about(item, about)
            self.finish(Milestone, key, item, {})
            items.append(item)
        return items

    def sources(self):
        passages = defaultdict(list)
        for _, item, (source,) in self.rows(Passage, "source_id"):
            passages[source].append(item)
        items = []
        for key, item, (republished,) in self.rows(Source, "republishes__slug"):
            if republished:
                item["republishes"] = republished
            self.finish(Source, key, item, {})
            if key in passages:
                item["passages"] = passages[key]
            items.append(item)
        return items
