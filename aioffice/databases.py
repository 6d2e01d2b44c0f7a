"""The databases, from addresses in the environment: the primary, and a replica for what readers ask."""

import os
from pathlib import Path

import dj_database_url
from django.core.exceptions import ImproperlyConfigured

SQLITE, POSTGRESQL = "django.db.backends.sqlite3", "django.db.backends.postgresql"


def env_database(variable, default, seconds, folder=None):
    """Return what DATABASES has of the database that the environment names in `variable`, else of `default`.

    A statement may take so many `seconds`, 0 for no limit; on PostgreSQL only. The `folder` is made where it
    is that of an SQLite file. Refuses nonsense.
    """
    try:
        found = dj_database_url.parse(
            os.environ.get(variable, "").strip() or default, conn_max_age=60, conn_health_checks=True
        )
    except ValueError as error:
        raise ImproperlyConfigured(f"{variable}: {error}") from None
    if found["ENGINE"] == SQLITE:
        if folder and Path(found["NAME"]).parent == folder:
            folder.mkdir(exist_ok=True)
        _sqlite(variable, found)
    elif found["ENGINE"] == POSTGRESQL and found["NAME"]:
        _postgresql(found, seconds)
    else:
        raise ImproperlyConfigured(
            f"{variable}: write sqlite:///path/to/file or postgres://user:password@host/name."
        )
    return found


def env_replica(variable, primary, seconds):
    """Return the same of a replica of `primary`, to be read only; None where `variable` is empty.

    It is one server: of several, one of which is further behind than another, an older picture could be kept
    as the newer one.
    """
    if not os.environ.get(variable, "").strip():
        return None
    found = env_database(variable, "", seconds)
    if found["ENGINE"] != primary["ENGINE"]:
        raise ImproperlyConfigured(f"{variable} names another kind of database than DATABASE_URL.")
    options = found["OPTIONS"]
    if "," in found["HOST"] + str(options.get("host", "")):
        raise ImproperlyConfigured(f"{variable} names several servers: name one.")
    if found["ENGINE"] == SQLITE:
        options["init_command"] += "PRAGMA query_only=ON;"
    else:
        # Two seconds, three thousand milliseconds; the primary is there to be asked instead.
        options |= {"connect_timeout": 2, "tcp_user_timeout": 3_000}
        options["options"] = f"{options.get('options', '')} -c default_transaction_read_only=on".strip()
    found["TEST"] = {"MIRROR": "default"}
    return found


def _sqlite(variable, found):
    if found["NAME"] == ":memory:" or not Path(found["NAME"]).parent.is_dir():
        raise ImproperlyConfigured(
            f"{variable}: name a file in a folder that exists: sqlite:///path/to/file."
        )
    if Path(found["NAME"]).is_dir():
        raise ImproperlyConfigured(f"{variable} names a folder: name a file in it.")
    # IMMEDIATE and WAL: a writer waits for its turn instead of failing half-way with "database is locked".
    found["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        # Recursive triggers: else INSERT OR REPLACE deletes a published row without a trigger to refuse it.
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA recursive_triggers=ON; "
        # What is deleted is written over: a person can be erased.
        "PRAGMA secure_delete=ON;",
    }


def _postgresql(found, seconds):
    found["OPTIONS"] = {
        "connect_timeout": 3,
        "tcp_user_timeout": 15_000,  # milliseconds after which a server that says nothing is gone
        "keepalives_idle": 30,
        **found.get("OPTIONS", {}),
    }
    if seconds:
        limits = {
            "statement_timeout": seconds,
            "lock_timeout": min(20, seconds),
            "idle_in_transaction_session_timeout": 10 * seconds,  # publishing computes in between
        }
        told = " ".join(f"-c {name}={limit}s" for name, limit in limits.items())
        found["OPTIONS"]["options"] = f"{found['OPTIONS'].get('options', '')} {told}".strip()
