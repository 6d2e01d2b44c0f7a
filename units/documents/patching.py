"""From one document to another in the rows of a draft: only what differs is written."""

from collections import defaultdict
from itertools import batched, chain

from units.documents.form import without_collecting
from units.documents.inserting import insert, keys_for, update
from units.documents.loading import MODELS, Loader, own_columns, refuse_broken, timing
from units.documents.things import EDITION, same_in, things_of
from units.models import Citation, Edition, Passage, Unit

AT_ONCE = 5_000  # rows that are asked for or deleted by their keys
LINKS = {"source": "republishes", "initiative": "part_of"}  # with others of their kind


def patch(draft, before, after):
    """Change the rows of `draft`, which say `before`, so that they say `after`; the caller holds its lock.

    All or nothing: DocumentError with every problem where `after` can't be loaded.
    """
    refuse_broken(after)
    with without_collecting():
        _Patch(draft, before, after).run()
    Edition.objects.filter(pk=draft.pk).update(**own_columns(after))


class _Patch:
    """One patch: the things that differ, and the primary keys of all that they are or refer to."""

    def __init__(self, draft, before, after):
        same = same_in(before, after)
        self.old, self.new = things_of(before, same), things_of(after, same)
        self.places, was = _places(self.new), _places(self.old)
        differ = {
            key
            for key, thing in self.new.items()
            if key != EDITION and (self.old.get(key) != thing or was.get(key) != self.places[key])
        }
        # What was removed has left gaps in the positions of its neighbours: they are written together. (Units
        # stand in order by their tree.)
        among = {(self.new[key].owner, key[0]) for key in differ if key[0] != "unit"}
        self.changed = [
            key for key, thing in self.new.items() if key in differ or (thing.owner, key[0]) in among
        ]
        self.gone = [key for key in self.old if key not in self.new]
        self.loader = Loader(draft, after)
        self.draft = draft

    def run(self):
        self.find_keys()
        written = defaultdict(list)
        for key in self.changed:
            written[key[0]].append(key)
        tree = self.tree()
        self.delete()
        for kind, model in MODELS.items():
            insert(model, [self.row(model, key, tree) for key in written[kind]])
        insert(Citation, self.citations())

    def find_keys(self):
        """Give the loader the primary key of each row that is written or referred to."""
        wanted = defaultdict(set)
        for kind, slug in self.old:
            wanted[kind].add(slug)
        for thing in map(self.new.get, self.changed):
            values = thing.values
            wanted[thing.owner[0]].add(thing.owner[1])
            for kind, slug in values.get("about", {}).items():
                wanted[kind].add(slug)
            if thing.kind in LINKS:
                wanted[thing.kind].add(values.get(LINKS[thing.kind]))
            wanted["milestone"].add(values.get("after", {}).get("milestone"))
            wanted["passage"] |= {citation["passage"] for citation in values.get("cites", ())}
        keys, numbers = self.loader.keys, defaultdict(int)
        for kind, slugs in wanted.items():
            if kind in MODELS:
                keys[kind] |= self.known(MODELS[kind], slugs)
        self.new_ones = [key for key in self.changed if key not in self.old]
        for kind, _slug in self.new_ones:
            numbers[kind] += 1
        fresh = {kind: keys_for(MODELS[kind], number) for kind, number in numbers.items()}
        for kind, slug in self.new_ones:
            keys[kind][slug] = next(fresh[kind])

    def known(self, model, slugs):
        """Return {slug: primary key} of those of `slugs` that the draft has; of a passage how it is cited."""
        rows = model._base_manager.filter(edition=self.draft).order_by()
        if model is Passage:
            return {
                f"{slug}#{number}": key
                for slug, number, key in rows.values_list("source__slug", "number", "pk")
            }
        found = {}
        for some in batched(slugs, AT_ONCE):
            found |= dict(rows.filter(slug__in=some).values_list("slug", "pk"))
        return found

    def delete(self):
        """Delete what goes, and what is written anew: nothing looks at what is missing before the end."""
        deleted = defaultdict(list)
        for kind, slug in chain(self.gone, (key for key in self.changed if key in self.old)):
            deleted[kind].append(self.loader.keys[kind][slug])
        for kind, keys in deleted.items():
            for some in batched(keys, AT_ONCE):
                if kind != "passage":
                    self.delete_rows(Citation, **{f"{kind}__in": some})
                self.delete_rows(MODELS[kind], pk__in=some)

    def delete_rows(self, model, **which):
        rows = model._base_manager.filter(edition=self.draft, **which)
        rows._raw_delete(rows.db)

    def tree(self):
        """Return {slug: columns of the tree} of the units that are written, and number the others anew."""
        written = {slug for kind, slug in self.changed if kind == "unit"}
        found, others = {}, {}
        for left, right, level, parent, unit in self.loader.numbered():
            if unit["slug"] in written:
                tree = {"tree_id": self.draft.tree_id, "lft": left, "rght": right, "level": level}
                found[unit["slug"]] = tree | {"parent_id": self.loader.keys["unit"].get(parent)}
            else:
                others[unit["slug"]] = left, right, level
        rows = Unit._base_manager.filter(edition=self.draft).order_by()
        rows = rows.values_list("pk", "slug", "lft", "rght", "level").iterator(2_000)
        moved = [
            (key, *others[slug]) for key, slug, *now in rows if slug in others and others[slug] != tuple(now)
        ]
        update(Unit, ["lft", "rght", "level"], moved)
        return found

    def row(self, model, key, tree):
        """Return the row of the thing `key` as insert() takes it."""
        thing = self.new[key]
        (kind, slug), (around, above) = key, thing.owner
        keys, values = self.loader.keys, thing.values
        others = {}
        if kind == "unit":
            return self.loader.row(model, values, None, **tree[slug])
        if kind in LINKS:
            others = {f"{LINKS[kind]}_id": keys[kind].get(values.get(LINKS[kind]))}
        elif kind == "milestone":
            others = timing(values) | {"anchor_id": keys[kind].get(values.get("after", {}).get("milestone"))}
        elif kind == "passage":
            others = {"id": keys[kind][slug], "source_id": keys["source"][above]}
        elif around != "edition":
            others = {f"{around}_id": keys[around][above]}
        return self.loader.row(model, values, self.places[key], **others)

    def citations(self):
        """Return the rows of the citations of what is written."""
        facts = [(kind, self.new[kind, slug].values) for kind, slug in self.changed if kind != "passage"]
        self.loader.of_citations = keys_for(Citation, sum(len(fact["cites"]) for _kind, fact in facts))
        return [row for kind, fact in facts for row in self.loader.citations_of(kind, fact)]


def _places(things):
    """Return {key: its place among its neighbours, from 0}."""
    numbers, found = defaultdict(int), {}
    for key, thing in things.items():
        found[key] = numbers[thing.owner, thing.kind]
        numbers[thing.owner, thing.kind] += 1
    return found
