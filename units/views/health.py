"""Whether the site runs, for whoever watches it."""

from django.db import Error, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import JsonResponse
from django.utils import timezone

from units import replica, triggers
from units.resolve import forget_editions, in_force, published_editions
from units.verify import last_result


def live(request):
    """Answer 200: the process runs."""
    return _answer({"live": "ok"})


def ready(request):
    """Answer 200 when the site can serve readers, else 503, naming what is not so."""
    checks = {"database": "ok"}
    try:
        executor = MigrationExecutor(connection)
        waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
        checks["migrations"] = "migrations are waiting: run manage.py migrate" if waiting else "ok"
        if not waiting:
            checks["triggers"] = (
                "triggers are missing: run manage.py verify" if triggers.missing(connection) else "ok"
            )
            forget_editions()
            edition = in_force(published_editions(), timezone.localdate())
            checks["edition"] = "ok" if edition else "no edition is in force: run manage.py load_edition"
            checks["verify"] = last_result()
    except Error:
        checks["database"] = "the database does not answer"
    follower = replica.state()
    return _answer(checks, {"replica": follower} if follower else {})


def _answer(checks, noted=()):
    """Answer with `checks`, all of which have to be ok, and with what is only `noted`."""
    status = 200 if set(checks.values()) == {"ok"} else 503
    return JsonResponse(checks | dict(noted), status=status, headers={"Cache-Control": "no-store"})
