"""Holds the rule of opened cycles for the rows that stand."""

from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("recommendations", "0020_opened_at")]

    operations = [ValidateConstraint(model_name="cycle", name="cycle_closed_until_opened")]
