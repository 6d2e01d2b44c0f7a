"""The places of posts, statements and tasks in the lists of their edition: stored, so that an index has them.

The order is that of the tree, which stands in another table: without their places all rows would be put into
order for each part of a list that is shown.
"""

from django.db import connection
from django.db.models import Case, F, IntegerField, RowRange, Sum, Value, When, Window
from django.db.models.functions import RowNumber

from units.models import Post, Statement
from units.models.statements import in_tree_order


def number(edition):
    """Give the posts and statements of the draft `edition` their places; return how many had others.

    Inside a transaction, which on PostgreSQL may take as long as it takes from here on: one task more at the
    front gives every other one a new place, and what can't be done in time could never be published.
    """
    written = 0
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL statement_timeout = 0")
    for model, rows in _numbered(edition).items():
        table, columns = model._meta.db_table, [name.removeprefix("new_") for name in _new(rows)]
        new, wanted = rows.query.sql_with_params()
        given = ", ".join(f"{name} = numbered.new_{name}" for name in columns)
        differs = "IS NOT" if connection.vendor == "sqlite" else "IS DISTINCT FROM"
        other = " OR ".join(f"{table}.{name} {differs} numbered.new_{name}" for name in columns)
        with connection.cursor() as cursor:
            cursor.execute(
                f"UPDATE {table} SET {given} FROM ({new}) AS numbered "  # noqa: S608 (our own words)
                f"WHERE numbered.id = {table}.id AND ({other})",
                wanted,
            )
            written += cursor.rowcount
    return written


def problems(edition):
    """Return what is wrong with the places of the published `edition`, as sentences."""
    found = []
    for model, rows in _numbered(edition).items():
        columns = [name.removeprefix("new_") for name in _new(rows)]
        stored = rows.values_list(*columns, *_new(rows)).iterator(2_000)
        if wrong := sum(places[: len(columns)] != places[len(columns) :] for places in stored):
            found.append(f"{wrong} {model._meta.model_name} rows say another place in lists than is theirs.")
    return found


def _numbered(edition):
    """Return {model: its rows in `edition`, as values: their key, and the places that are theirs}."""
    is_task = Case(When(part__in=Statement.TASK_PARTS, then=1), default=0, output_field=IntegerField())
    before = Window(Sum(is_task), order_by=in_tree_order(), frame=RowRange(start=None, end=0))
    posts = Post.objects.filter(edition=edition).order_by()
    statements = Statement.objects.filter(edition=edition).order_by()
    return {
        Post: posts.annotate(
            new_place=Window(RowNumber(), order_by=("unit__lft", "position", "pk")) - 1
        ).values("id", "new_place"),
        Statement: statements.annotate(
            new_place=Window(RowNumber(), order_by=in_tree_order()) - 1,
            counted=before - 1,
            new_task_place=Case(When(part__in=Statement.TASK_PARTS, then=F("counted")), default=Value(None)),
        ).values("id", "new_place", "new_task_place"),
    }


def _new(rows):
    return [name for name in rows.query.annotation_select if name.startswith("new_")]
