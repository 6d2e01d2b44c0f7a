"""Many rows at once, past Django's models: these cost five times as much as the database itself.

What Python refuses to write, the callers have refused before; the database's own guard (triggers.py) looks at
these rows as at all others.
"""

import json
from itertools import batched, count

from django.db import connection
from django.db.models import DateField, JSONField

BATCH = 2_000  # rows held at a time


def keys_for(model, number):
    """Return an iterator over `number` primary keys of `model` in a row that nobody else will get."""
    return count(reserve(model, number) if number else 0)


def reserve(model, span):
    """Take `span` primary keys of `model` in a row out of its sequence; return the first."""
    table = model._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            # Nobody else writes: a transaction holds SQLite's one lock from its beginning.
            cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
            last = (cursor.fetchone() or [None])[0]
            if last is None:  # no row was ever in that table
                cursor.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (%s, 0)", [table])
                last = 0
            cursor.execute("UPDATE sqlite_sequence SET seq = %s WHERE name = %s", [last + span, table])
            return last + 1
        first, last = 0, -1
        while last - first + 1 != span:  # somebody else drew a number in between
            cursor.execute(
                """
                SELECT MIN(drawn), MAX(drawn) FROM (
                    SELECT nextval(pg_get_serial_sequence(%s, 'id')) AS drawn FROM generate_series(1, %s)
                ) AS numbers
                """,
                [table, span],
            )
            first, last = cursor.fetchone()
        return first


def insert(model, rows):
    """Insert `rows` of `model`: dicts of values by the name of their column, without those that are default.

    They are taken one after the other while they are written, so they can't ask the database for anything.
    """
    columns = []
    for field in model._meta.concrete_fields:
        write = json.dumps if isinstance(field, JSONField) else _day if isinstance(field, DateField) else None
        default = None if field.primary_key else field.get_default()
        columns.append((field.column, write, write(default) if write else default))

    def values(row):
        return [
            (write(row[name]) if write else row[name]) if name in row else default
            for name, write, default in columns
        ]

    table, names = model._meta.db_table, ", ".join(name for name, *_rest in columns)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(values(row))
            return
        places = ", ".join(["%s"] * len(columns))
        for batch in batched(rows, BATCH):
            statement = f"INSERT INTO {table} ({names}) VALUES ({places})"  # noqa: S608 (names from the model)
            cursor.executemany(statement, [values(row) for row in batch])


def update(model, columns, rows):
    """Set `columns` of many rows of `model`; `rows` is a list of (primary key, value, …)."""
    table, key = model._meta.db_table, model._meta.pk.column
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql" and rows:  # which takes ten times as long row by row
            names, told = ", ".join([key, *columns]), ", ".join(f"{name} = new.{name}" for name in columns)
            cursor.execute(f"CREATE TEMPORARY TABLE new AS SELECT {names} FROM {table} LIMIT 0")  # noqa: S608 (names from the model)
            with cursor.copy(f"COPY new ({names}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
            cursor.execute(f"UPDATE {table} SET {told} FROM new WHERE {table}.{key} = new.{key}")  # noqa: S608 (names from the model)
            cursor.execute("DROP TABLE new")
            return
        told = ", ".join(f"{name} = %s" for name in columns)
        for some in batched(rows, BATCH):
            statement = f"UPDATE {table} SET {told} WHERE {key} = %s"  # noqa: S608 (names from the model)
            cursor.executemany(statement, [(*values, number) for number, *values in some])


def _day(value):
    return value and value.isoformat()
