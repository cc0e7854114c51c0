"""May this person? Plain questions about a person and a thing; states and versions are not asked here.

What a person may see is decided by the querysets' `visible_to`; these say what they may do with what they see.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from recommendations.states import Stage

if TYPE_CHECKING:
    from accounts.models import Agency, User
    from recommendations.models import Action, Assignment, OpeningImport, Submission, Update

#: Why a reviewer may not decide, in the reader's words.
OWN_TEXT = _("You wrote this update. Somebody else must decide on it.")
OWN_REQUEST = _("You made this request. Somebody else must answer it.")
OWN_AGENCY = _("You belong to this agency, or did when it reported. Somebody else must decide.")


def may_keep_cycles(user: User) -> bool:
    """Administrators keep the cycles (docs/rules.md, People)."""
    return user.is_active and user.is_administrator


def may_report(user: User, assignment: Assignment) -> bool:
    """Officers and coordinators report for their own agency, on assignments that MAPO confirmed."""
    return (
        user.is_agency_actor
        and user.agency_id == assignment.agency_id
        and assignment.stage == Stage.CONFIRMED
    )


def may_work_on_step(user: User, step: Action) -> bool:
    """Officers and coordinators work on the steps of their own agency, MAPO on its own.

    A step that an agency planned is worked on while its assignment is in force; a decision stands without one.
    """
    if step.is_mapo:
        return user.is_mapo
    is_own = user.is_agency_actor and user.agency_id == step.agency_id
    if step.is_decision or step.assignment is None:
        return is_own
    return is_own and may_report(user, step.assignment)


def may_cancel_step(user: User, step: Action) -> bool:
    """Who works on a step gives it up; what the council decided only MAPO takes back (ADR 10)."""
    return user.is_mapo if step.is_decision else may_work_on_step(user, step)


def may_change_step(user: User, step: Action) -> bool:
    """Who works on a step changes it; of what the council decided its agency changes the owner alone (ADR 10)."""
    return may_work_on_step(user, step) or may_edit_decision(user, step)


def may_edit_decision(user: User, step: Action) -> bool:
    """Only MAPO changes the text or the due date of what the council decided (ADR 10)."""
    return user.is_mapo and step.is_decision


def may_write(user: User, update: Update) -> bool:
    """Any officer of the agency may continue a colleague's update (docs/rules.md, People)."""
    return (
        user.is_agency_actor
        and user.agency_id == update.assignment.agency_id
        and update.assignment.stage != Stage.SUGGESTED
    )


def may_steer(user: User) -> bool:
    """Reviewers and administrators assign, set dates, answer requests and enter letters."""
    return user.is_mapo


def may_import(user: User, agency: Agency) -> bool:
    """Officers and coordinators bring in what their own agency kept; MAPO may do it on any agency's behalf."""
    return user.is_mapo or (user.is_agency_actor and user.agency_id == agency.pk)


def is_above_opening(user: User, opening: OpeningImport) -> bool:
    """Whether any row of the import is classified above the person's clearance."""
    return opening.classification > user.clearance


def may_comment(user: User, assignment: Assignment) -> bool:
    """MAPO and the agency itself may comment on an assignment that MAPO has confirmed; nobody else may."""
    return user.is_mapo or (
        user.is_agency_actor
        and user.agency_id == assignment.agency_id
        and assignment.confirmed_at is not None
    )


def may_review(user: User, submission: Submission) -> bool:
    """MAPO decides, but nobody on their own text, nor on an agency of theirs now or when it was submitted."""
    return user.is_mapo and not (
        is_author(user, submission)
        or belongs_to_agency(user, submission)
        or is_above_clearance(user, submission)
    )


def is_author(user: User, submission: Submission) -> bool:
    """Whether the person began the update, saved its text, or sent any version of it."""
    return submission.update.writers.filter(user=user).exists()


def belongs_to_agency(user: User, submission: Submission) -> bool:
    """Whether the person belongs to the agency now, or did when the version was submitted."""
    agency_id = submission.update.assignment.agency_id
    return user.agency_id == agency_id or (
        user.postings.touching(submission.submitted_at).filter(agency_id=agency_id).exists()
    )


def is_above_clearance(user: User, submission: Submission) -> bool:
    """Whether the class of the submission, or of a document that it cites, is above the person's clearance."""
    return submission.classification > user.clearance or (submission.documents.above(user.clearance).exists())


def may_name_officers(user: User, assignment: Assignment) -> bool:
    """MAPO, and the coordinator of the agency, say who answers for an assignment."""
    return user.is_mapo or (user.is_coordinator and may_report(user, assignment))


def may_name_officers_in(user: User, agency_id: int) -> bool:
    """MAPO, and the coordinators of the agency, name officers for many of its assignments at once."""
    return user.is_mapo or (user.is_coordinator and user.agency_id == agency_id)
