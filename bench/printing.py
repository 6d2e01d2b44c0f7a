"""Measure the printed directory and the picture of the chart: `python -m bench.printing 12 1000 10000`.

For each size and file: seconds, bytes, and what the process that sets pages takes; or that it is refused.
"""

import os
import resource
import subprocess
import sys
import tempfile
import time

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "aioffice.settings")
ONE = "--one"
# What is asked for: the ending, then the parameters.
ASKED = ["pdf", "pdf depth=1", "pdf root=unit-9", "png", "png depth=all", "png root=unit-9"]


def main(size):
    with tempfile.TemporaryDirectory() as folder:
        more = {"DATABASE_URL": f"sqlite:///{folder}/bench.sqlite3", "CACHE_DIR": f"{folder}/cache"}
        for asked in ["load", *ASKED]:
            command = [sys.executable, "-m", "bench.printing", ONE, asked, str(size)]
            subprocess.run(command, env=os.environ | more, check=True)


def one(asked, size):
    """Load an institution of `size` units, or get the file that is `asked` for and print what it took."""
    django.setup()
    from django.core.management import call_command
    from django.test import Client

    from bench.institutions import institution
    from units.documents import load, publish

    if asked == "load":
        call_command("migrate", verbosity=0)
        publish(load(institution(size)))
        return
    ending, _, query = asked.partition(" ")
    since = time.perf_counter()
    answer = Client(SERVER_NAME="127.0.0.1").get(f"/chart.{ending}?{query}")
    took = time.perf_counter() - since
    child = resource.getrusage(resource.RUSAGE_CHILDREN)
    memory = f"{child.ru_maxrss / 1024:5.0f} MB, {child.ru_utime + child.ru_stime:5.1f} s of a processor"
    told = f"{len(answer.content) / 1e6:6.2f} MB  {memory}" if answer.status_code == 200 else "refused"
    print(f"{size:>7} units  {asked:<16} {answer.status_code} {took:6.2f} s  {told}", flush=True)


if __name__ == "__main__":
    if sys.argv[1:2] == [ONE]:
        one(sys.argv[2], int(sys.argv[3]))
    else:
        for size in map(int, sys.argv[1:] or ["12", "1000", "10000"]):
            main(size)
