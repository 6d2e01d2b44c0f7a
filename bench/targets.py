"""Whether the targets are met: what the rows of `bench.site` say of each."""

TARGET = 10_000  # units, for which targets are set unless they say otherwise
SMALL, LARGE = 1_000, 100_000  # from which to which the cost of an answer may hardly grow
MOST_QUERIES, MOST_BYTES, MOST_MEMORY = 8, 60_000, 300_000_000
WARM, AGAIN, GROWTH, SAME = 0.5, 0.8, 1.2, 1.1
# Of the site, and as it is at this moment: whether it works, and which files have been made. Never kept.
OF_NO_EDITION = {"health", "data"}
BESIDE = [
    ("API: units, 50", "textbook: units, 50", 5),
    ("API: tree of 1,000", "textbook: tree of 1,000", 10),
    ("unit, in the middle", "textbook: one unit", 1),
]


def verdicts(rows):
    """Yield {"what", "is", "met"} for each target that `rows` have the figures of."""
    groups = {}
    for row in rows:
        groups.setdefault((row["database"], row["units"]), {})[row["name"]] = row
    for (database, size), found in groups.items():
        yield from _of_size(f"{size:,} units on {database}", size, found)
    for database in sorted({database for database, _size in groups}):
        if (database, SMALL) in groups and (database, LARGE) in groups:
            yield from _growth(database, groups[database, SMALL], groups[database, LARGE])


def _of_size(where, size, found):
    failed = [name for name, row in found.items() if "failed" in row]
    if failed:
        yield _verdict(f"everything is measured, {where}", f"not: {', '.join(failed)}", False)
    answers = [row for row in found.values() if "cold" in row and "nothing" in row]
    pages = [row for row in answers if "visit" in row]
    if size == TARGET:
        kept = [row for row in answers if row["name"] not in OF_NO_EDITION]
        yield from _part("kept", "warm", WARM, [row for row in kept if "warm" in row], where)
        yield from _part("304", "again", AGAIN, [row for row in kept if "again" in row], where)
        for ours, theirs, least in BESIDE:
            if "cold" in found.get(ours, ()) and "cold" in found.get(theirs, ()):
                times = found[ours]["cold"]["rps"] / found[theirs]["cold"]["rps"]
                what = f"made anew, {ours}, at least {least} times {theirs}, {where}"
                yield _verdict(what, f"{times:.1f}", times >= least)
    if answers:
        most = max(answers, key=lambda row: row["queries"])
        what = f"at most {MOST_QUERIES} queries, {where}"
        yield _verdict(what, f"{most['queries']}, {most['name']}", most["queries"] <= MOST_QUERIES)
    if pages:
        heaviest = max(pages, key=lambda row: row["visit"]["bytes"])
        bytes_, rounds = heaviest["visit"]["bytes"], max(row["visit"]["rounds"] for row in pages)
        said = f"{bytes_:,} bytes, {heaviest['name']}, {rounds} round"
        what = f"first visit at most 60 KB in one round, {where}"
        yield _verdict(what, said, bytes_ <= MOST_BYTES and rounds == 1)
    memory = found.get("a worker's memory")
    if memory and size == LARGE:
        most = max(memory["cold"], memory["warm"])
        yield _verdict(f"a worker takes at most 300 MB, {where}", f"{most / 1e6:.0f} MB", most <= MOST_MEMORY)


def _part(said, kind, least, rows, where):
    """Yield the verdict on requests per second as a part of those of a view that does nothing."""
    if not rows:
        return
    parts = sorted((row[kind]["rps"] / row["nothing"], row["name"]) for row in rows)
    low = [f"{name} {part:.2f}" for part, name in parts if part < least]
    worst = f"{parts[0][0]:.2f}, {parts[0][1]}, the least of {len(parts)}"
    what = f"{said}, at least {least:g} of a view that does nothing, {where}"
    yield _verdict(what, f"{len(low)} of {len(parts)} are below: {', '.join(low)}" if low else worst, not low)


def _growth(database, small, large):
    """Yield the verdict on answers whose content is the same at every size, and one on each of the others."""
    same, more = [], []
    for name, row in large.items():
        before = small.get(name, {})
        if all("nothing cpu" in each and "cold" in each for each in (row, before)):
            content = row["bytes"] / before["bytes"]
            (more if content > SAME else same).append((_cost(row) / _cost(before), name, content))
    where = f"made anew, from {SMALL:,} to {LARGE:,} units on {database}"
    if same:
        same.sort(reverse=True)
        high = [f"{name} {cost:.2f} times" for cost, name, _content in same if cost > GROWTH]
        worst = f"{same[0][0]:.2f} times, {same[0][1]}, the most of {len(same)}"
        said = f"{len(high)} of {len(same)} are dearer: {', '.join(high)}" if high else worst
        yield _verdict(f"at most 20 % dearer, {where}", said, not high)
    for cost, name, content in sorted(more, key=lambda each: each[1]):
        said = f"{cost:.2f} times, its content {content:.2f} times"
        yield _verdict(f"{name}, which says more, {where}", said, cost <= GROWTH * content)


def _cost(row):
    """Return what an answer costs when it is made anew, as a multiple of one of a view that does nothing.

    On SQLite all of it is processor time of the server, which a busy machine changes less than its speed.
    """
    if row["database"] == "SQLite":
        return row["cold"]["cpu"] / row["nothing cpu"]
    return row["nothing"] / row["cold"]["rps"]


def _verdict(what, said, met):
    return {"what": what, "is": said, "met": met}
