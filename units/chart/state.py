"""What of a chart is drawn, and how it is asked for: every state has an address."""

from dataclasses import dataclass, replace
from urllib.parse import quote

LEVELS = 40  # that are drawn below one another; deeper ones are reached by drawing a branch of its own
MOST_OPENED = 50  # branches that one address opens or closes one by one
LONGEST_QUERY = 3_000
ZOOMS = (25, 33, 50, 67, 80, 100, 125, 150, 200, 300, 400)  # the steps; an address may have any between
LEAST_ZOOM, MOST_ZOOM = 10, 400
ALL = "all"


@dataclass(frozen=True)
class State:
    """What is asked of a chart.

    `root` is the slug of the branch that is drawn, empty for the whole chart. `depth` is how many levels
    below it are open, ALL or None: as many whole ones as look well. `open` and `close` are slugs of units
    whose branches differ from that. `find` are words to be found, `compare` the identifier of an edition,
    `zoom` a percentage and `at` the point in the middle of the window, "x,y".
    """

    root: str = ""
    depth: int | str | None = None
    open: tuple[str, ...] = ()
    close: tuple[str, ...] = ()
    find: str = ""
    compare: str = ""
    zoom: int = 100
    at: str = ""

    @property
    def query(self):
        """The parameters of an address that asks for this state, without a question mark."""
        parts = [
            ("root", self.root),
            ("depth", "" if self.depth is None else str(self.depth)),
            ("open", ",".join(self.open)),
            ("close", ",".join(self.close)),
            ("find", quote(self.find, safe="")),
            ("compare", self.compare),
            ("zoom", "" if self.zoom == 100 else str(self.zoom)),
            ("at", self.at),
        ]
        return "&".join(f"{name}={value}" for name, value in parts if value)

    @property
    def drawn(self):
        """This state without what is only about the window through which it is seen."""
        return replace(self, zoom=100, at="")

    @property
    def is_plain(self):
        return self == State()

    def opened(self, slug):
        """Return the state in which the branch of `slug` is open too.

        Where the address would be too long for that, only that branch is drawn.
        """
        close = tuple(other for other in self.close if other != slug)
        opened = replace(self, open=(*self.open, slug) if slug not in self.open else self.open, close=close)
        if len(opened.open) > MOST_OPENED or len(opened.query) > LONGEST_QUERY:
            return self.focused(slug)
        return opened

    def closed(self, slug, inside=()):
        """Return the state in which the branch of `slug` is closed; `inside` are the slugs of that branch."""
        gone = {slug, *inside}
        close = (*(other for other in self.close if other not in gone), slug)
        opened = tuple(other for other in self.open if other not in gone)
        closed = replace(self, open=opened, close=close[-MOST_OPENED:], find="")
        # Of an address that would be too long what was closed first is open again, and then the other way.
        while len(closed.query) > LONGEST_QUERY and (closed.close or closed.open):
            closed = replace(closed, close=closed.close[1:], open=closed.open[not closed.close :])
        return closed

    def focused(self, slug):
        """Return the state in which only the branch of `slug` is drawn."""
        return State(root=slug, compare=self.compare)

    def zoomed(self, step):
        """Return the state one step larger (1) or smaller (-1); None where there is no such step."""
        steps = [zoom for zoom in ZOOMS if (zoom - self.zoom) * step > 0]
        return replace(self, zoom=steps[0 if step > 0 else -1]) if steps else None
