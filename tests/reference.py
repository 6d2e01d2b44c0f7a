"""A tree of plain lists: what the real one is held against."""


class Refused(Exception):
    """A change that no tree takes."""


class TreeOfLists:
    """The units of a document by slug, with the same changes and the same refusals as units/trees.py."""

    def __init__(self, document):
        self.below, self.names = {}, {}
        [self.root] = document["units"]
        todo = [self.root]
        self.root = self.root["slug"]
        for unit in todo:
            inside = unit.get("units", [])
            self.below[unit["slug"]] = [child["slug"] for child in inside]
            self.names[unit["slug"]] = unit["name"]
            todo += inside

    def parent(self, slug):
        return next((above for above, below in self.below.items() if slug in below), None)

    def inside(self, slug):
        return [slug, *(found for child in self.below[slug] for found in self.inside(child))]

    def add(self, slug, name, below, position=None):
        if slug in self.below:
            raise Refused
        self.below[slug], self.names[slug] = [], name
        self._put(slug, below, position)

    def move(self, slug, below, position=None):
        if slug == self.root or below in self.inside(slug):
            raise Refused
        self.below[self.parent(slug)].remove(slug)
        self._put(slug, below, position)

    def move_all(self, slugs, below, position=None):
        """Take the units out of the tree, then put them in one behind the other."""
        inside = {found for slug in slugs for found in self.inside(slug)}
        if self.root in slugs or below in inside:
            raise Refused
        for slug in slugs:
            self.below[self.parent(slug)].remove(slug)
        siblings = self.below[below]
        at = len(siblings) if position is None else position
        siblings[at:at] = slugs

    def step(self, slug, by):
        """Move a unit up (-1) or down (1) among its neighbours, as far as there are such."""
        if slug == self.root:
            raise Refused
        parent = self.parent(slug)
        self.move(slug, parent, max(0, self.below[parent].index(slug) + by))

    def rename(self, slug, name):
        self.names[slug] = name

    def inwards(self, slug):
        """Make a unit part of the one before it, as its last."""
        siblings = self.below.get(self.parent(slug), [slug])
        if siblings.index(slug) == 0:
            raise Refused
        self.move(slug, siblings[siblings.index(slug) - 1])

    def outwards(self, slug):
        """Take a unit out of what it is part of, and put it behind that."""
        parent = self.parent(slug)
        if parent in (None, self.root):
            raise Refused
        above = self.parent(parent)
        self.move(slug, above, self.below[above].index(parent) + 1)

    def remove_alone(self, slug):
        """Remove a unit; those below it take its place."""
        if slug == self.root:
            raise Refused
        siblings = self.below[self.parent(slug)]
        place = siblings.index(slug)
        siblings[place : place + 1] = self.below.pop(slug)
        del self.names[slug]

    def remove(self, slug, to=None):
        children = self.below[slug]
        if slug == self.root or (children and to in self.inside(slug)):
            raise Refused
        if to is not None and to != slug:
            self.below[to] += children
            self.below[slug] = []
        self.below[self.parent(slug)].remove(slug)
        for gone in self.inside(slug):
            del self.below[gone], self.names[gone]

    def _put(self, slug, below, position):
        siblings = self.below[below]
        siblings.insert(len(siblings) if position is None else min(position, len(siblings)), slug)

    def __eq__(self, other):
        return (self.root, self.below, self.names) == (other.root, other.below, other.names)

    __hash__ = None
