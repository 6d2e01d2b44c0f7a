"""A new draft as a copy of an edition: its rows themselves, in steps short enough for others to wait."""

from django.db import connection, transaction
from django.db.models import Max, Min

from units.documents.inserting import reserve
from units.models import (
    Body,
    Citation,
    Edition,
    EditionRow,
    Initiative,
    Milestone,
    Passage,
    Post,
    Source,
    Statement,
    Unit,
)

# In this order every row comes after what it points to; rows of the same table may point to one another.
TABLES = [Source, Passage, Unit, Post, Body, Initiative, Statement, Milestone, Citation]
POINT_TO_THEIR_OWN = {Source, Initiative, Milestone}
ROWS_PER_STEP = 5_000  # half a second where the database is slow


def start_copy(content, base, by=None):
    """Return a new draft that copy_some() will fill with the rows of `content`, a published Edition.

    `base` is the edition that the draft follows, `by` the primary key of the account that starts it. The
    rows' primary keys are shifted by a fixed number for each table, reserved here, so that copying needs no
    look-up; the draft remembers the numbers.
    """
    shifts, total = {}, 0
    for model in TABLES:
        # Each by itself, so that nobody waits for all of them; what is published does not change meanwhile.
        with transaction.atomic():
            rows = model._base_manager.filter(edition=content)
            ends = rows.aggregate(first=Min("pk"), last=Max("pk"))
            if ends["first"] is not None:
                span = ends["last"] - ends["first"] + 1
                shifts[model._meta.model_name] = reserve(model, span) - ends["first"]
                total += rows.count()
    return Edition.objects.create(
        effective_on=content.effective_on,
        announced_on=content.announced_on,
        title=content.title,
        note=content.note,
        base=base,
        started_by=by,
        copying={
            **{"content": content.pk, "shifts": shifts, "total": total},
            **{"done": 0, "table": 0, "after": 0},
        },
    )


def copy_some(draft):
    """Copy up to ROWS_PER_STEP more rows of one table into `draft`; return the draft as it is then.

    One transaction that can be repeated by anyone until `draft.is_being_copied` is false.
    """
    with transaction.atomic():
        draft = Edition.objects.select_for_update().get(pk=draft.pk)
        state = draft.copying
        if not draft.is_being_copied:
            return draft
        model = TABLES[state["table"]]
        copied, last = _copy(model, draft, state) if model._meta.model_name in state["shifts"] else (0, 0)
        state["done"] += copied
        if copied < ROWS_PER_STEP or model in POINT_TO_THEIR_OWN:
            following = state["table"] + 1
            state |= {"table": following if following < len(TABLES) else None, "after": 0}
        else:
            state["after"] = last
        draft.save(update_fields=["copying"])
        return draft


def _copy(model, draft, state):
    """Insert the next rows of `model`; return (their number, the place of the last one)."""
    table = model._meta.db_table
    place = "lft" if model is Unit else "id"  # units in the order of the tree: parents first
    columns, values, parameters = [], [], []
    for field in model._meta.concrete_fields:
        columns.append(field.column)
        target = field.related_model
        if field.primary_key:
            values.append("id + %s")
            parameters.append(state["shifts"][model._meta.model_name])
        elif field.name == "edition" or field.column == "tree_id":
            values.append("%s")
            parameters.append(draft.pk if field.name == "edition" else draft.tree_id)
        elif target and issubclass(target, EditionRow) and target._meta.model_name in state["shifts"]:
            values.append(f"{field.column} + %s")
            parameters.append(state["shifts"][target._meta.model_name])
        else:
            values.append(field.column)
    limit = "" if model in POINT_TO_THEIR_OWN else f"LIMIT {ROWS_PER_STEP}"
    chosen = f"FROM {table} WHERE edition_id = %s AND {place} > %s ORDER BY {place} {limit}"
    where = [state["content"], state["after"]]
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT COUNT(*), MAX({place}) FROM (SELECT {place} {chosen}) AS chosen", where)  # noqa: S608 (our own words)
        count, last = cursor.fetchone()
        if count:
            cursor.execute(
                f"INSERT INTO {table} ({', '.join(columns)}) SELECT {', '.join(values)} {chosen}",
                [*parameters, *where],
            )
    return count, last
