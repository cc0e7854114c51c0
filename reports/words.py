"""The names of this app's actions, objects and fields in the audit trail."""

from django.utils.translation import gettext_lazy as _

from audit import labels


def register() -> None:
    """Register the names."""
    labels.register(
        {
            "report.asked": _("Summary requested"),
            "report.made": _("Summary made"),
            "report.failed": _("Summary failed"),
            "report.cancelled": _("Summary cancelled"),
            "report.taken": _("Summary downloaded"),
            "minutes.taken": _("Minutes downloaded"),
            "report.broken_off": _("Evidence pack interrupted"),
            "report.found_harmed": _("Stored file of a summary found to differ or missing"),
            "report.dropped": _("Stored file of a summary removed"),
            "report.verified": _("File verified"),
            "selection.kept": _("Selection saved"),
            "selection.shared": _("Sharing of a saved selection changed"),
            "selection.thrown_away": _("Saved selection removed"),
            "schedule.made": _("Monthly summary set up"),
            "schedule.stopped": _("Monthly summary stopped"),
        },
        objects={
            "reports.Report": _("Summary"),
            "reports.KeptSelection": _("Saved selection"),
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
            "agenda": _("Agenda"),
            "result": _("Result"),
        },
    )
