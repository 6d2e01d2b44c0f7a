"""Backups of PostgreSQL: dumps in its own format, made and read by its own programs."""

import contextlib
import os
import secrets
import subprocess
import time

from units.backups.manifest import BackupError, copied
from units.backups.sqlite import facts

RESTORES_WITHIN = 3600  # seconds
MAINTENANCE = "postgres"  # the database that is there on every server
LONGEST_NAME = 63
# How libpq's programs are told what psycopg gets; the password too, so that no list of processes shows it.
VARIABLES = {
    "dbname": "PGDATABASE",
    "application_name": "PGAPPNAME",
    "connect_timeout": "PGCONNECT_TIMEOUT",
    "target_session_attrs": "PGTARGETSESSIONATTRS",
    "host": "PGHOST",
    "hostaddr": "PGHOSTADDR",
    "port": "PGPORT",
    "user": "PGUSER",
    "password": "PGPASSWORD",
    "passfile": "PGPASSFILE",
    "service": "PGSERVICE",
    "options": "PGOPTIONS",
    "sslmode": "PGSSLMODE",
    "sslrootcert": "PGSSLROOTCERT",
    "sslcert": "PGSSLCERT",
    "sslkey": "PGSSLKEY",
}


def dump(connection, path, until):
    """Write the database to `path`; return its (migrations, editions), those of the same moment.

    Raises BackupError where pg_dump fails, or is not done at the time.monotonic() of `until`.
    """
    with contextlib.closing(connection.copy()) as own, own.cursor() as cursor:
        # It waits for pg_dump to take over its snapshot, and longer.
        cursor.execute("SET idle_in_transaction_session_timeout = 0")
        cursor.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        cursor.execute("SELECT pg_export_snapshot()")
        snapshot = cursor.fetchone()[0]

        def rows(query):
            cursor.execute(query)
            return cursor.fetchall()

        found = facts(rows)
        options = ["--format=custom", "--no-owner", "--no-privileges", f"--snapshot={snapshot}"]
        _run(connection, "pg_dump", *options, f"--file={path}", until=until)
    return found


def exists(connection):
    """Whether there is a database: raises BackupError where there is none."""
    with _maintenance(connection) as cursor:
        _collation(cursor, connection.settings_dict["NAME"])
    return True


def _collation(cursor, name):
    cursor.execute("SELECT datcollate, datctype FROM pg_database WHERE datname = %s", [name])
    found = cursor.fetchone()
    if found is None:
        raise BackupError(f"There is no database {name} on the server: make an empty one first.")
    return found


def refuse_users(connection):
    """Raise BackupError where another program is connected to the database."""
    connection.close()
    with _maintenance(connection) as cursor:
        _refuse_users(cursor, connection.settings_dict["NAME"])


def _refuse_users(cursor, name):
    cursor.execute(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = %s AND backend_type = 'client backend'", [name]
    )
    if cursor.fetchone()[0]:
        raise BackupError("The database is being used: stop the site, then try again.")


@contextlib.contextmanager
def new_place(connection, file, manifest, throw_away):
    """Restore the backup `file` into a new database of the server; give its name. It goes in the end.

    The account needs the right to make databases (CREATEDB).
    """
    copied(file, manifest)
    place = f"{connection.settings_dict['NAME'][:40]}_{secrets.token_hex(8)}"
    quoted = connection.ops.quote_name(place)
    with _maintenance(connection) as cursor:
        cursor.execute(
            f"CREATE DATABASE {quoted} TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE %s LC_CTYPE %s",
            _collation(cursor, connection.settings_dict["NAME"]),
        )
    try:
        options = ["--exit-on-error", "--single-transaction", "--no-owner", "--no-privileges"]
        until = time.monotonic() + RESTORES_WITHIN
        _run(connection, "pg_restore", *options, f"--dbname={place}", str(file), until=until)
        yield place
    finally:
        with _maintenance(connection) as cursor:
            cursor.execute(f"DROP DATABASE IF EXISTS {quoted} WITH (FORCE)")


def swap(connection, place, aside):
    """Give the database `place` the name of the site's own, and that another; return the other.

    Both names change in one transaction, which PostgreSQL refuses while anybody is connected.
    """
    name = connection.settings_dict["NAME"]
    kept = f"{name[: LONGEST_NAME - len(aside) - 1]}_{aside}"
    old, new, other = map(connection.ops.quote_name, (name, place, kept))
    connection.close()
    with _maintenance(connection) as cursor:
        _refuse_users(cursor, name)
        cursor.execute("BEGIN")
        cursor.execute(f"ALTER DATABASE {old} RENAME TO {other}")
        cursor.execute(f"ALTER DATABASE {new} RENAME TO {old}")
        cursor.execute("COMMIT")
    return f"database {kept}"


@contextlib.contextmanager
def _maintenance(connection):
    """Give a cursor of a connection to the same server that is to none of our databases."""
    other = connection.copy()
    other.settings_dict["NAME"] = MAINTENANCE
    with contextlib.closing(other), other.cursor() as cursor:
        yield cursor


def _run(connection, program, *arguments, until):
    """Run one of PostgreSQL's programs for the database of `connection`; raises BackupError if it fails."""
    told = connection.get_connection_params()
    environment = os.environ | {
        variable: str(told[name]) for name, variable in VARIABLES.items() if told.get(name) is not None
    }
    try:
        subprocess.run(  # noqa: S603 (our own arguments; S607 finds the program as libpq's users do)
            [program, *arguments],
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=True,
            timeout=max(until - time.monotonic(), 0),
        )
    except FileNotFoundError:
        raise BackupError(f"{program} is not installed here: it comes with PostgreSQL's client.") from None
    except subprocess.TimeoutExpired:
        raise BackupError(f"{program} took too long.") from None
    except subprocess.CalledProcessError as error:
        said = error.stderr.strip().splitlines()
        raise BackupError(f"{program} failed: {said[0] if said else error.returncode}") from None
