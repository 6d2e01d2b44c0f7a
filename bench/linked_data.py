"""Measure whole editions as linked data, and rdflib beside: `python -m bench.linked_data 10000 rdflib`."""

import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from bench.scratch import database, published, scratch_database, set_up

ONE = "--one"


def main(size, names):
    """Print for each of `names` seconds, bytes, and the most memory of a process that does only that."""
    with scratch_database(is_sqlite=True) as environment, tempfile.TemporaryDirectory() as folder:
        for name in ["load", *names]:
            command = [sys.executable, "-m", "bench.linked_data", ONE, name, str(size), folder]
            subprocess.run(command, env=environment, check=True)


def one(name, size, folder):
    """Load an institution of `size` units, or write it to the `folder` in the format `name`."""
    set_up()
    from units.linked_data import whole
    from units.models import Edition

    if name == "load":
        with database():
            published(size)
        return
    path = folder / f"document.{name}"
    edition = Edition.objects.published().get()
    graph = None
    if name == "rdflib":
        import rdflib

        graph = rdflib.Graph().parse(folder / "document.ttl", format="turtle")
    since, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    if graph is None:
        whole.write(edition, name, path)
    else:
        graph.serialize(path, format="turtle")
    took, after = time.perf_counter() - since, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    told = f"{took:6.2f} s  {path.stat().st_size / 1e6:7.2f} MB"
    print(f"{size:>7} units  {name:<7} {told}  {after / 1024:6.0f} MB of memory, {before / 1024:.0f} before")


if __name__ == "__main__":
    if sys.argv[1:2] == [ONE]:
        one(sys.argv[2], int(sys.argv[3]), Path(sys.argv[4]))
    else:
        sizes = [int(each) for each in sys.argv[1:] if each.isdigit()] or [1_000, 10_000]
        for each in sizes:
            main(each, ["ttl", "jsonld", *(["rdflib"] if "rdflib" in sys.argv else [])])
