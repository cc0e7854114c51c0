from django.db import migrations

# Writing a row fills in the rest of it. In the order of the keys, as in 0004.
FILL = "SELECT search_fill(); SET CONSTRAINTS ALL IMMEDIATE;"


class Migration(migrations.Migration):
    """What was written before says it too."""

    dependencies = [("search", "0006_hidden_words")]

    version_before = "it makes words anew that are the same"

    operations = [migrations.RunSQL(FILL, migrations.RunSQL.noop)]
