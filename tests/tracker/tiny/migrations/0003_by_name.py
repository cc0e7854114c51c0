from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("tiny", "0002_name")]
    operations = [AddIndexConcurrently("thing", models.Index(fields=["name"], name="tiny_by_name"))]
