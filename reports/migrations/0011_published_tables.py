"""Published tables can be made as Word and as Excel files."""

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
    ("tabledoc", "Published tables (Word)"),
    ("tablexls", "Published tables (Excel)"),
]


class Migration(migrations.Migration):
    dependencies = [("reports", "0010_form_three")]

    operations = [
        migrations.RemoveConstraint("report", "report_paper_known"),
        migrations.AlterField(
            "report",
            "export_format",
            models.CharField(max_length=8, choices=FORMATS, db_column="paper"),
        ),
        migrations.AddConstraint(
            "report",
            models.CheckConstraint(
                condition=models.Q(export_format__in=[value for value, _label in FORMATS]),
                name="report_paper_known",
            ),
        ),
        migrations.AlterField(
            "schedule",
            "export_format",
            models.CharField(max_length=8, choices=FORMATS, db_column="paper", verbose_name="made as"),
        ),
    ]
