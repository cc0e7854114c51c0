"""What somebody sees who comes from a mail to report on an assignment, before a draft is begun."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from accounts.models import User
from recommendations.deadlines import is_due_soon, is_overdue
from recommendations.models import Assignment
from recommendations.queries.newest_verdicts import readable_reviews
from recommendations.queries.update_page import LastAccepted, last_accepted


@dataclass(frozen=True, slots=True, kw_only=True)
class StartPage:
    """An assignment in force without an open update: what is owed, and what MAPO accepted last.

    `repeats_since` is the day since which "nothing new" may be reported in one click; None where it may not.
    """

    assignment: Assignment
    last: LastAccepted | None
    repeats_since: date | None
    officers: tuple[str, ...]
    today: date

    @property
    def due_on(self) -> date | None:
        return self.assignment.next_due_on

    @property
    def is_overdue(self) -> bool:
        return is_overdue(self.due_on, today=self.today)

    @property
    def is_due_soon(self) -> bool:
        return is_due_soon(self.due_on, today=self.today, within_days=self.assignment.cycle.due_soon_days)


def read_start_page(assignment: Assignment, *, user: User, today: date) -> StartPage:
    """Return what the page shows to a person of the assignment's agency (four queries)."""
    last = last_accepted(assignment, user=user)
    until = readable_reviews([last.review.pk], user=user) if last else {}
    links = assignment.officer_links.order_by("user__name", "user_id")
    return StartPage(
        assignment=assignment,
        last=last,
        repeats_since=until.get(last.review.pk) if last else None,
        officers=tuple(links.values_list("user__name", flat=True)),
        today=today,
    )
