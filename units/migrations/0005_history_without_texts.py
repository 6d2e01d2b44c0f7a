from django.db import migrations

TEXTS = {"name", "before", "to"}  # what somebody wrote; `to` is a slug from now on


def leave_out_texts(apps, schema_editor):
    """Take out of the entries that there are what a person's name may have been written into."""
    entries = apps.get_model("units", "History").objects.using(schema_editor.connection.alias)
    for key, what in entries.values_list("pk", "what").iterator():
        kept = [{name: value for name, value in step.items() if name not in TEXTS} for step in what]
        if kept != what:
            entries.filter(pk=key).update(what=kept)


class Migration(migrations.Migration):
    dependencies = [("units", "0004_upload")]
    operations = [migrations.RunPython(leave_out_texts, migrations.RunPython.noop)]
