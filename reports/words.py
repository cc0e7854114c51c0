"""The names of this app's actions, objects and fields in the audit trail."""

from django.utils.translation import gettext_lazy as _

from audit import labels


def register() -> None:
    """Register the names."""
    labels.register(
        {
            "report.asked": _("Summary asked for"),
            "report.made": _("Summary made"),
            "report.failed": _("Making of a summary failed"),
            "report.cancelled": _("Making of a summary cancelled"),
            "report.taken": _("Summary downloaded"),
            "report.broken_off": _("Evidence pack broken off"),
            "report.dropped": _("Kept file of a summary removed"),
            "report.verified": _("File verified"),
            "selection.kept": _("Selection kept"),
            "selection.shared": _("Sharing of a kept selection changed"),
            "selection.thrown_away": _("Kept selection removed"),
            "schedule.made": _("Monthly summary set up"),
            "schedule.stopped": _("Monthly summary stopped"),
        },
        objects={
            "reports.Report": _("Summary"),
            "reports.KeptSelection": _("Kept selection"),
            "reports.Schedule": _("Monthly summary"),
        },
        fields={
            "paper": _("Made as"),
            "as_at": _("As at"),
            "depth": _("Level of detail"),
            "selection": _("Selection"),
            "language": _("Language"),
            "fingerprint": _("Fingerprint"),
            "file_name": _("file name"),
            "rows_count": _("Rows"),
            "readers": _("Readers"),
            "is_shared": _("Shared with colleagues"),
            "day_of_month": _("day of the month"),
            "document": _("Evidence file"),
            "result": _("Result"),
        },
    )
