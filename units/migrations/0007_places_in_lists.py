from django.db import migrations, models

# As documents/numbering.py has it today.
PLACES = """
    UPDATE units_post SET place = numbered.place FROM (
        SELECT units_post.id, ROW_NUMBER() OVER (
            PARTITION BY units_post.edition_id
            ORDER BY units_unit.lft, units_post.position, units_post.id
        ) - 1 AS place
        FROM units_post JOIN units_unit ON units_unit.id = units_post.unit_id
    ) AS numbered WHERE numbered.id = units_post.id;
    UPDATE units_statement SET place = numbered.place, task_place = numbered.task_place FROM (
        SELECT id, ROW_NUMBER() OVER in_order - 1 AS place,
            CASE WHEN is_task = 1 THEN SUM(is_task) OVER in_order - 1 END AS task_place
        FROM (
            SELECT said.id, said.edition_id, said.position,
                COALESCE(units_unit.lft, of_post.lft) AS lft,
                units_post.position AS of_post, units_body.position AS of_body,
                CASE WHEN said.part IN ('responsible', 'coordinates', 'contributes', 'supports')
                    THEN 1 ELSE 0 END AS is_task
            FROM units_statement AS said
            LEFT JOIN units_unit ON units_unit.id = said.unit_id
            LEFT JOIN units_post ON units_post.id = said.post_id
            LEFT JOIN units_unit AS of_post ON of_post.id = units_post.unit_id
            LEFT JOIN units_body ON units_body.id = said.body_id
        ) AS placed
        WINDOW in_order AS (
            PARTITION BY edition_id
            ORDER BY lft NULLS LAST, of_post NULLS FIRST, of_body NULLS FIRST, position, id
            ROWS UNBOUNDED PRECEDING
        )
    ) AS numbered WHERE numbered.id = units_statement.id;
"""


def column(help_text):
    return models.PositiveIntegerField(editable=False, help_text=help_text, null=True)


def look_at_indexes(apps, schema_editor):
    """Tell SQLite how much each index narrows down, as publication does from now on."""
    if schema_editor.connection.vendor == "sqlite":
        schema_editor.execute("PRAGMA analysis_limit = 1000")
        for name in ("unit", "post", "statement", "citation"):
            schema_editor.execute(f"ANALYZE units_{name}")


class Migration(migrations.Migration):
    dependencies = [("units", "0006_indexes_of_lists")]
    operations = [
        migrations.AddField("post", "place", column("Its place among all posts of its edition.")),
        migrations.AddField("statement", "place", column("Its place among all statements of its edition.")),
        migrations.AddField(
            "statement",
            "task_place",
            column("Its place among all tasks of its edition; none where it is no task."),
        ),
        migrations.RunSQL(PLACES, migrations.RunSQL.noop),
        migrations.RemoveIndex("statement", "statement_by_theme"),
        migrations.AddIndex("post", models.Index(fields=["edition", "place"], name="post_by_place")),
        migrations.AddIndex(
            "statement", models.Index(fields=["edition", "place"], name="statement_by_place")
        ),
        migrations.AddIndex(
            "statement", models.Index(fields=["edition", "part", "place"], name="statement_by_part")
        ),
        migrations.AddIndex(
            "statement",
            models.Index(fields=["edition", "theme", "place"], name="statement_by_theme"),
        ),
        migrations.AddIndex(
            "statement",
            models.Index(
                fields=["edition", "task_place"],
                condition=models.Q(task_place__isnull=False),
                name="statement_by_task_place",
            ),
        ),
        migrations.RunPython(look_at_indexes, migrations.RunPython.noop),
    ]
