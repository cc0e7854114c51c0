"""Who may ask for which paper."""

from __future__ import annotations

from typing import TYPE_CHECKING

from accounts.models import User
from reports.states import FORMATS, ExportFormat

if TYPE_CHECKING:
    from reports.models import Report


def may_ask_for(user: User, paper: ExportFormat) -> bool:
    """MAPO's own papers are MAPO's; a paper with files in it is for those who see files."""
    facts = FORMATS[paper]
    if facts.is_of_mapo and not user.is_mapo:
        return False
    return not facts.sees_files or sees_files(user)


def sees_files(user: User) -> bool:
    """Observers see none."""
    return user.is_mapo or user.is_agency_actor


def papers_of(user: User) -> list[ExportFormat]:
    """Every paper that a person may ask for, in the order of the list."""
    return [paper for paper in ExportFormat if may_ask_for(user, paper)]


def keeps_rights(user: User, report: Report) -> bool:
    """Whether a person may still see all that a summary of theirs was read with, and still ask for such a paper.

    Clearance counts up to the ceiling of the selection. Agency people must belong to the same agency, observers still
    be observers; MAPO sees what all of them see.
    """
    reader = report.reader
    if not user.is_active or user.clearance < min(reader.clearance, report.ceiling):
        return False
    if not may_ask_for(user, ExportFormat(report.paper)):
        return False
    is_same_agency = user.is_agency_actor and user.agency_id == reader.agency_id
    return (
        user.is_mapo
        or (reader.is_agency_actor and is_same_agency)
        or (reader.is_observer and user.is_observer)
    )
