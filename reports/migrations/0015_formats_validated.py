"""Hold also the summaries that stood before to the wider list of formats, without keeping anybody from the table."""

from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("reports", "0014_council_paper_as_pdf")]

    operations = [ValidateConstraint("report", "report_paper_known")]
