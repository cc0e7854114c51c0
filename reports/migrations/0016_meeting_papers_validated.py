"""Hold also the summaries that stood before to the wider list of papers of a meeting, without keeping anybody from the table."""

from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("reports", "0015_formats_validated")]

    operations = [ValidateConstraint("report", "report_of_meeting_is_paper")]
