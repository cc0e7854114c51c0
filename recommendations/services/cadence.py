"""When an assignment owes its next update (docs/rules.md, Cadence).

Pages, reminders, calendars and summaries read `Assignment.next_due_on` and its past alone; this module keeps it.
"""

from __future__ import annotations

from datetime import date, datetime

from django.utils.translation import gettext_lazy as _

from accounts.models import User
from audit.clock import local_date
from audit.errors import NotNow
from recommendations.models import Assignment, Outcome, Review
from recommendations.states import Stage, Status


def next_due_under(status: str, *, regular: date | None) -> date | None:
    """Return when the next update is owed under a verdict: at the regular date, but after "completed" never.

    None is never late, due soon or in a calendar, so the date that is stored by this rule is all that pages, reminders,
    calendars and summaries ask, also as at a day. MAPO may ask for an update by a date all the same.
    """
    return None if status == Status.DONE else regular


def set_next_due(assignment: Assignment, day: date | None) -> None:
    """Set when the next update is owed; the database keeps what it was."""
    if assignment.next_due_on != day:
        assignment.next_due_on = day
        assignment.save(update_fields=["next_due_on"])


def settle_next_due(assignment: Assignment, *, status: str, actor: User, now: datetime) -> None:
    """Set the next date of the locked assignment as MAPO accepts an update with this status; what it asked for has come."""
    assignment.asked_updates.standing().end(actor=actor, now=now)
    if assignment.stage == Stage.CONFIRMED:
        set_next_due(assignment, next_due_under(status, regular=assignment.next_due_after(local_date(now))))


def correct_next_due(assignment: Assignment, *, old: Review, status: str, now: datetime) -> None:
    """Set the next date as a verdict is superseded by one with this status, where only one of the two is "completed".

    What is owed again is owed from the date that the verdict would have set; where that has passed, from today, as
    after an acceptance: nobody is late for the time in which nothing was owed. A date by which a returned update
    is due, or by which MAPO asked for one, stays.
    """
    if assignment.stage != Stage.CONFIRMED or (old.status == Status.DONE) is (status == Status.DONE):
        return
    if is_returned(assignment) or assignment.asked_updates.standing().exists():
        return
    judged_at = (
        old.submission.reviews.accepted().order_by("decided_at", "pk").values_list("decided_at", flat=True)
    )
    regular = assignment.next_due_after(local_date(judged_at[0]))
    if regular is not None and regular <= local_date(now):
        regular = assignment.next_due_after(local_date(now))
    set_next_due(assignment, next_due_under(status, regular=regular))


def release_next_due(assignment: Assignment) -> None:
    """As the agency withdraws an update: a date to send it again by is void where no regular update is owed."""
    if assignment.stage == Stage.CONFIRMED and assignment.is_completed:
        asked = assignment.asked_updates.standing().first()
        set_next_due(assignment, asked.due_on if asked else None)


def require_owing(assignment: Assignment) -> None:
    """Raise `NotNow` where no regular update is owed, so that there is no date to move."""
    if assignment.is_settled:
        raise NotNow(
            _(
                "%(agency)s has completed %(item)s, so no regular update is due. Ask for an update by a date instead."
            )
            % {"agency": assignment.agency.code, "item": assignment.item}
        )


def is_returned(assignment: Assignment) -> bool:
    """Whether an update is with the agency to be sent again."""
    return Outcome.objects.filter(pk=assignment.pk).exclude(returned=None).exists()
