"""Load one made-up institution and print the figures as JSON; `python -m bench` starts this."""

import json
import resource
import sys
import time

from bench.scratch import database, set_up

set_up()

from django.db import connection

from bench.institutions import institution
from units.documents import check, load, publish
from units.triggers import guarded_models
from units.verify import verify


def timed(work):
    start = time.perf_counter()
    result = work()
    return result, time.perf_counter() - start


def main():
    size = int(sys.argv[1])
    with database():
        document = institution(size)
        problems, check_seconds = timed(lambda: check(document))
        edition, load_seconds = timed(lambda: load(document))
        edition, publish_seconds = timed(lambda: publish(edition))
        found, verify_seconds = timed(lambda: list(verify(connection)))
        if problems or found:
            sys.exit(f"the figures would mean nothing: {[*problems, *found][:3]}")
        rows = sum(model.objects.count() for model in guarded_models())
    print(
        json.dumps(
            {
                "units": size,
                "rows": rows,
                "check s": round(check_seconds, 2),
                "load s": round(load_seconds, 2),
                "publish s": round(publish_seconds, 2),
                "verify s": round(verify_seconds, 2),
                "rows/s": round(rows / load_seconds),
                "peak MB": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
            }
        )
    )


if __name__ == "__main__":
    main()
