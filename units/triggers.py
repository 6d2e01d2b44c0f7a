"""The database's own guard: triggers that refuse to change what is published, and the history at all.

Migrations rebuild tables, and SQLite drops a table's triggers with it silently; so `migrate` removes them
before and installs them after (management/commands/migrate.py), and `verify` tells which are missing.
"""

from django.apps import apps

from units.models import Edition, EditionRow, History

MESSAGE = "A published edition never changes."
KEPT = "The history is only ever added to."


def guarded_models():
    """Return the models whose rows belong to an edition."""
    return [model for model in apps.get_models() if issubclass(model, EditionRow)]


def install(connection):
    """Make every trigger anew on the tables that exist; those of a half-done migration may not yet."""
    remove(connection)
    tables = set(connection.introspection.table_names())
    if Edition._meta.db_table not in tables:
        return
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(POSTGRESQL_FUNCTIONS)
        for name, (table, operation) in _wanted(connection.vendor).items():
            if table in tables:
                cursor.execute(_create_sql(connection.vendor, name, table, operation))


def remove(connection):
    """Drop every trigger of this module that is there."""
    with connection.cursor() as cursor:
        for name, table in _present(connection).items():
            on = f" ON {table}" if connection.vendor == "postgresql" else ""
            cursor.execute(f"DROP TRIGGER {name}{on}")


def missing(connection):
    """Return the names of the triggers that should be there and are not, sorted."""
    return sorted(set(_wanted(connection.vendor)) - set(_present(connection)))


def _wanted(vendor):
    """Return {name of a trigger: (table, operation)}."""
    # PostgreSQL's TRUNCATE passes the row triggers; SQLite has none, its DELETE doesn't.
    truncate = ["truncate"] if vendor == "postgresql" else []
    pairs = [
        (model._meta.db_table, operation)
        for model in guarded_models()
        for operation in ["insert", "update", "delete", *truncate]
    ]
    pairs += [(Edition._meta.db_table, operation) for operation in ["update", "delete", *truncate]]
    wanted = {f"published_{table}_{operation}": (table, operation) for table, operation in pairs}
    kept = History._meta.db_table
    return wanted | {
        f"kept_{kept}_{operation}": (kept, operation) for operation in ["update", "delete", *truncate]
    }


def _present(connection):
    """Return {name of a trigger of this module: table} as the database has them."""
    query = {
        "sqlite": """
            SELECT name, tbl_name FROM sqlite_master WHERE type = 'trigger'
            AND (name LIKE 'published_%' OR name LIKE 'kept_%')
        """,
        "postgresql": """
            SELECT tgname, relname FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid
            WHERE NOT tgisinternal AND tgenabled IN ('O', 'A')
            AND (tgname LIKE 'published_%' OR tgname LIKE 'kept_%')
            AND pg_table_is_visible(pg_class.oid)
        """,
    }[connection.vendor]
    with connection.cursor() as cursor:
        cursor.execute(query)
        return dict(cursor.fetchall())


def _create_sql(vendor, name, table, operation):
    edition = Edition._meta.db_table
    if vendor == "postgresql":
        if table == History._meta.db_table:
            when, each, function = "BEFORE", "FOR EACH STATEMENT", "kept_refuse"
        elif operation == "truncate":
            when, each, function = "BEFORE", "FOR EACH STATEMENT", "published_refuse_truncate"
        elif table == edition:
            when, each, function = "BEFORE", "FOR EACH ROW", "published_refuse_edition"
        else:
            # Once for all rows of a statement: asked for each, it would cost more than writing them.
            when, each, function = "AFTER", ROWS[operation], f"published_refuse_{operation}"
        # Or replace: a trigger that somebody disabled is missing and there all the same.
        return (
            f"CREATE OR REPLACE TRIGGER {name} {when} {operation} ON {table} "
            f"{each} EXECUTE FUNCTION {function}()"
        )
    if table == History._meta.db_table:
        condition, message = "1", KEPT
    elif table == edition:
        condition, message = "OLD.published_at IS NOT NULL", MESSAGE
    else:
        rows = {"insert": "NEW", "update": "OLD NEW", "delete": "OLD"}[operation].split()
        keys = ", ".join(f"{row}.edition_id" for row in rows)
        condition = f"EXISTS (SELECT 1 FROM {edition} WHERE id IN ({keys}) AND published_at IS NOT NULL)"  # noqa: S608 (only our own words)
        message = MESSAGE
    return (
        f"CREATE TRIGGER {name} BEFORE {operation} ON {table} FOR EACH ROW WHEN {condition} "
        f"BEGIN SELECT RAISE(ABORT, '{message}'); END"
    )


# What a trigger of PostgreSQL sees of a statement that wrote rows of editions.
ROWS = {
    "insert": "REFERENCING NEW TABLE AS rows_after FOR EACH STATEMENT",
    "update": "REFERENCING OLD TABLE AS rows_before NEW TABLE AS rows_after FOR EACH STATEMENT",
    "delete": "REFERENCING OLD TABLE AS rows_before FOR EACH STATEMENT",
}
# FOR SHARE: rows that are being written hold up the publication of their edition until they are committed;
# where it was published while they were written, that is seen here, and the statement is undone.
POSTGRESQL_FUNCTIONS = f"""
CREATE OR REPLACE FUNCTION published_refuse(edition bigint) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    published timestamptz;
BEGIN
    SELECT published_at INTO published FROM units_edition WHERE id = edition FOR SHARE;
    IF published IS NOT NULL THEN
        RAISE EXCEPTION '{MESSAGE}' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
END $$;
CREATE OR REPLACE FUNCTION published_refuse_insert() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM published_refuse(edition_id) FROM (
        SELECT DISTINCT edition_id FROM rows_after ORDER BY edition_id
    ) AS touched;
    RETURN NULL;
END $$;
CREATE OR REPLACE FUNCTION published_refuse_update() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM published_refuse(edition_id) FROM (
        SELECT edition_id FROM rows_before UNION SELECT edition_id FROM rows_after ORDER BY edition_id
    ) AS touched;
    RETURN NULL;
END $$;
CREATE OR REPLACE FUNCTION published_refuse_delete() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM published_refuse(edition_id) FROM (
        SELECT DISTINCT edition_id FROM rows_before ORDER BY edition_id
    ) AS touched;
    RETURN NULL;
END $$;
CREATE OR REPLACE FUNCTION published_refuse_edition() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM published_refuse(OLD.id);
    IF TG_OP = 'DELETE' THEN
        RETURN OLD;
    END IF;
    RETURN NEW;
END $$;
CREATE OR REPLACE FUNCTION kept_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '{KEPT}' USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE OR REPLACE FUNCTION published_refuse_truncate() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '{MESSAGE}' USING ERRCODE = 'integrity_constraint_violation';
END $$;
"""  # noqa: S608 (only our own words are put in)
