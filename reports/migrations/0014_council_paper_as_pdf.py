"""The council paper can be made as PDF too, also for a meeting."""

from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models
from django.db.models import Q

FORMATS = [
    ("pdf", "PDF"),
    ("docx", "Word document"),
    ("xlsx", "Excel workbook"),
    ("csv", "CSV table"),
    ("json", "JSON data"),
    ("council", "Council paper"),
    ("meeting", "Meeting sheet"),
    ("pack", "Evidence pack"),
    ("tabledoc", "Published tables (Word)"),
    ("tablexls", "Published tables (Excel)"),
    ("paperpdf", "Council paper for printing"),
]
MEETING_PAPERS = ("council", "paperpdf", "meeting", "pack")


class Migration(migrations.Migration):
    dependencies = [("reports", "0013_form_four")]

    version_before = (
        "It writes formats and papers of a meeting that the wider rules know, and relies on neither in an ON CONFLICT."
    )

    operations = [
        migrations.RemoveConstraint("report", "report_paper_known"),
        migrations.RemoveConstraint("report", "report_of_meeting_is_paper"),
        migrations.AlterField(
            "report",
            "export_format",
            models.CharField(max_length=8, choices=FORMATS, db_column="paper"),
        ),
        AddConstraintNotValid(
            "report",
            models.CheckConstraint(
                condition=Q(export_format__in=[value for value, _label in FORMATS]),
                name="report_paper_known",
            ),
        ),
        AddConstraintNotValid(
            "report",
            models.CheckConstraint(
                condition=Q(laid_agenda=None) | Q(export_format__in=MEETING_PAPERS, schedule=None),
                name="report_of_meeting_is_paper",
            ),
        ),
        migrations.AlterField(
            "schedule",
            "export_format",
            models.CharField(max_length=8, choices=FORMATS, db_column="paper", verbose_name="made as"),
        ),
    ]
