"""Who may ask for which export format, and download what was made."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from accounts.models import User
from reports.states import FORMATS, ExportFormat

if TYPE_CHECKING:
    from reports.models.report import Report


#: Why somebody cannot download what was made for them.
RIGHTS_CHANGED = _(
    "Your rights have changed since this was made, so it can no longer be downloaded. Make it again."
)


def may_ask_for(user: User, export_format: ExportFormat) -> bool:
    """Return whether a person may have a format: MAPO's own are for MAPO, one with files for those who see files."""
    spec = FORMATS[export_format]
    if spec.is_of_mapo and not user.is_mapo:
        return False
    return not spec.holds_files or sees_files(user)


def sees_files(user: User) -> bool:
    """Return whether a person may see evidence files; observers may not."""
    return user.is_mapo or user.is_agency_actor


def formats_for(user: User) -> list[ExportFormat]:
    """Return the formats that a person may ask for, in their declared order."""
    return [each for each in ExportFormat if may_ask_for(user, each)]


def keeps_rights(user: User, report: Report) -> bool:
    """Return whether a person may still see all that their report was read with, and still ask for its format.

    Clearance counts up to the ceiling of the selection. Agency people must belong to the same agency, observers still
    be observers; MAPO sees what all of them see.
    """
    reader = report.reader
    if not user.is_active or user.clearance < min(reader.clearance, report.ceiling):
        return False
    if not may_ask_for(user, ExportFormat(report.export_format)):
        return False
    is_same_agency = user.is_agency_actor and user.agency_id == reader.agency_id
    return (
        user.is_mapo
        or (reader.is_agency_actor and is_same_agency)
        or (reader.is_observer and user.is_observer)
    )


def is_shared_with(user: User, report: Report) -> bool:
    """Return whether a report is a person's own, or a ready one of a colleague that they may have.

    Colleagues are people of MAPO, or of one agency; observers have their own alone. `ReportQuerySet.shared_with` is
    the same rule for many.
    """
    if report.asked_by_id == user.pk:
        return True
    reader = report.reader
    is_colleague = (user.is_mapo and reader.is_mapo) or (user.is_agency_actor and reader.is_agency_actor)
    if not (is_colleague and report.is_ready and keeps_rights(user, report)):
        return False
    return report.classification is not None and user.clearance >= report.classification
