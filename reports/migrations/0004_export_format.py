import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

FORMATS = [
    ("pdf", "PDF"),
    ("docx", "Word document"),
    ("xlsx", "Excel workbook"),
    ("csv", "CSV table"),
    ("json", "JSON data"),
    ("council", "Council paper"),
    ("meeting", "Meeting sheet"),
    ("pack", "Evidence pack"),
]


class Migration(migrations.Migration):
    """`paper` is called `export_format` and `taken_by` `downloaded_by` in code; the columns keep their names.

    Nothing changes in the database.
    """

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("reports", "0003_saved_selection_user"),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.RemoveConstraint("report", "report_paper_known"),
                migrations.RenameField("report", "paper", "export_format"),
                migrations.AlterField(
                    "report",
                    "export_format",
                    models.CharField(max_length=8, choices=FORMATS, db_column="paper"),
                ),
                migrations.AddConstraint(
                    "report",
                    models.CheckConstraint(
                        condition=models.Q(export_format__in=[value for value, _label in FORMATS]), name="report_paper_known"
                    ),
                ),
                migrations.RenameField("schedule", "paper", "export_format"),
                migrations.AlterField(
                    "schedule",
                    "export_format",
                    models.CharField(
                        max_length=8, choices=FORMATS, db_column="paper", verbose_name="made as"
                    ),
                ),
                migrations.RenameField("download", "taken_by", "downloaded_by"),
                migrations.AlterField(
                    "download",
                    "downloaded_by",
                    models.ForeignKey(
                        db_column="taken_by_id",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
    ]
