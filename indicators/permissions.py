"""May this person? Plain questions about figures; states and versions are not asked here.

What of figures a person reads: docs/rules.md, Who sees what.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from accounts.clearance import Clearance

if TYPE_CHECKING:
    from collections.abc import Iterable

    from accounts.models import User
    from indicators.models import FigureReport, FigureSubmission, Indicator

#: Why a reviewer may not decide, in the reader's words.
OWN_FIGURES = _("You typed or sent these figures. Somebody else must decide on them.")


def may_type_figures(user: User, agency_id: int) -> bool:
    """Officers and coordinators type the figures of their own agency."""
    return user.is_agency_actor and user.agency_id == agency_id


def may_send_figures(user: User, agency_id: int) -> bool:
    """The coordinators of the agency send its figures."""
    return user.is_coordinator and user.agency_id == agency_id


def may_decide_figures(user: User, submission: FigureSubmission) -> bool:
    """MAPO decides, but nobody on their own figures, nor on an agency of theirs now or when they were sent."""
    return user.is_mapo and not (
        typed_figures(user, submission.report)
        or belongs_to_giver(user, submission)
        or is_evidence_above(user, submission)
    )


def typed_figures(user: User, report: FigureReport) -> bool:
    """Whether the person typed in the report, or sent any version of it."""
    return report.writers.filter(user=user).exists()


def belongs_to_giver(user: User, submission: FigureSubmission) -> bool:
    """Whether the person belongs to the agency now, or did when the figures were sent."""
    agency_id = submission.report.agency_id
    return user.agency_id == agency_id or (
        user.postings.touching(submission.submitted_at).filter(agency_id=agency_id).exists()
    )


def is_evidence_above(user: User, submission: FigureSubmission) -> bool:
    """Whether a document that the version cites is above the person's clearance."""
    return submission.documents.above(user.clearance).exists()


def may_define_indicators(user: User) -> bool:
    """Administrators say what is counted, on which basis, and who answers for it."""
    return user.is_active and user.is_administrator


def may_set_targets(user: User) -> bool:
    """Reviewers and administrators set targets and end them."""
    return user.is_active and user.is_mapo


def may_revise_figures(user: User, indicator: Indicator) -> bool:
    """Reviewers and administrators revise what an agency reported, but nobody their own agency's."""
    return user.is_active and user.is_mapo and user.agency_id != indicator.agency_id


def may_read_pace(user: User, indicator: Indicator) -> bool:
    """The reason of a target and the pace are for MAPO and the agency that answers."""
    return user.is_mapo or (user.is_agency_actor and user.agency_id == indicator.agency_id)


def may_read_reasons(user: User, agency_id: int | None) -> bool:
    """Why reported figures were revised is for MAPO and the agency that answers now."""
    return may_read_small_cells(user, agency_id)


def may_read_small_cells(user: User, agency_id: int | None) -> bool:
    """Numbers from 1 to 4 of victims are for MAPO and the agency that answers for them."""
    return user.is_mapo or (user.is_agency_actor and user.agency_id == agency_id)


def class_of_page(user: User, agency_ids: Iterable[int | None]) -> Clearance:
    """Return the class of a page with figures of these agencies, as it is printed: restricted where not everybody reads it."""
    reads_more = any(may_read_small_cells(user, agency_id) for agency_id in agency_ids)
    return Clearance.RESTRICTED if reads_more else Clearance.OPEN


def reading_rights(user: User) -> tuple[bool, int | None]:
    """Return all of a person that decides what they read of figures: who has the same rights reads the same.

    Whatever is remembered of a page of figures is remembered by it. A right that asks for more must be in it.
    """
    return (user.is_mapo, user.agency_id if user.is_agency_actor else None)
