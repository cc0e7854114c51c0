"""Hold also the points that stood before to the wider list of kinds, without keeping anybody from the table."""

from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("meetings", "0006_minutes_and_points")]

    operations = [ValidateConstraint(model_name="agendapoint", name="agenda_kind_known")]
