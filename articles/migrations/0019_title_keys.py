from django.db import migrations

from articles.text.citations.identifiers import title_key

AT_ONCE = 500


def fill(apps, schema_editor):
    """Give each work of the library the key by which its duplicates are found. It is derived, and has no history."""
    works = apps.get_model("articles", "Reference").objects.using(schema_editor.connection.alias)
    waiting = []
    for work in works.iterator(chunk_size=AT_ONCE):
        work.title_key = title_key(work.csl)
        waiting.append(work)
        if len(waiting) == AT_ONCE:
            works.bulk_update(waiting, ["title_key"])
            waiting = []
    works.bulk_update(waiting, ["title_key"])


class Migration(migrations.Migration):
    dependencies = [("articles", "0018_reference_library")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
