from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models

KINDS = ("item", "narrative", "comment", "document")


def _shown(kind):
    return GinIndex(
        fields=["shown_words"],
        fastupdate=False,
        condition=models.Q(shown_words__isnull=False),
        name=f"search_{kind}_shown_words",
    )


def _texts(kind):
    return GinIndex(fields=["texts"], fastupdate=False, name=f"search_{kind}_texts")


class Migration(migrations.Migration):
    """What is shown is found by an index, and so are the rows of a text."""

    atomic = False

    dependencies = [("search", "0007_hide_words")]

    operations = [
        AddIndexConcurrently(f"{kind}words", index(kind)) for kind in KINDS for index in (_shown, _texts)
    ]
