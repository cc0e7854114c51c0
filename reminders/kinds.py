"""What reminders are about, and the dates behind them: where each stands, and while what.

The one source for the SQL of the planning (`due.sql`), the calendar feed (`queries.feed`) and the checks of rules.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db import models
from django.utils.translation import pgettext_lazy

from submissions.states import SubmissionState


class ReminderKind(models.TextChoices):
    """What a reminder is about. Together with one thing and the day it counts from this makes a matter."""

    UPDATE_DUE = "update_due", pgettext_lazy("reminder", "Next update due")
    FINAL_DUE = "final_due", pgettext_lazy("reminder", "Final due date")
    ACTION_DUE = "action_due", pgettext_lazy("reminder", "Step due")
    RETURNED = "returned", pgettext_lazy("reminder", "Update returned")
    RESUBMIT_DUE = "resubmit_due", pgettext_lazy("reminder", "Returned update to be sent again")
    LETTER = "letter", pgettext_lazy("reminder", "Update entered from a letter")
    REVIEW_WAITING = "review_waiting", pgettext_lazy("reminder", "Update waiting for a decision")
    REQUEST_WAITING = "request_waiting", pgettext_lazy("reminder", "Request waiting for an answer")
    INTERIM = "interim", pgettext_lazy("reminder", "Interim date")
    WINDOW_END = "window_end", pgettext_lazy("reminder", "End of the window")
    SUBMISSION = "submission", pgettext_lazy("reminder", "Information due")
    FIGURES_DUE = "figures_due", pgettext_lazy("reminder", "Figures of a month owed")
    FIGURES_RETURNED = "figures_returned", pgettext_lazy("reminder", "Figures returned")
    FIGURES_WAITING = "figures_waiting", pgettext_lazy("reminder", "Figures waiting for a decision")
    NUDGE = "nudge", pgettext_lazy("reminder", "Nudge from MAPO")


#: Reports of figures have no rules of their own: what is said of updates is said of them.
RULED_BY: Mapping[str, ReminderKind] = {
    ReminderKind.FIGURES_DUE: ReminderKind.UPDATE_DUE,
    ReminderKind.FIGURES_RETURNED: ReminderKind.RETURNED,
    ReminderKind.FIGURES_WAITING: ReminderKind.REVIEW_WAITING,
}
#: The kinds that are about an agency's report of a month.
FIGURE_KINDS = frozenset(RULED_BY)
#: The kinds that rules can be about. A nudge is sent by hand.
RULE_KINDS = tuple(kind for kind in ReminderKind if kind not in RULED_BY and kind is not ReminderKind.NUDGE)
#: These count from the day on which something happened, so nobody can be reminded before it.
EVENT_KINDS = frozenset(
    {
        ReminderKind.RETURNED,
        ReminderKind.LETTER,
        ReminderKind.REVIEW_WAITING,
        ReminderKind.REQUEST_WAITING,
        *FIGURE_KINDS,
    }
)
#: The dates of a cycle: one matter for each agency that has not completed everything.
CYCLE_KINDS = frozenset({ReminderKind.INTERIM, ReminderKind.WINDOW_END, ReminderKind.SUBMISSION})
#: What waits for MAPO and is nobody else's to do.
MAPO_KINDS = frozenset(
    {ReminderKind.REVIEW_WAITING, ReminderKind.REQUEST_WAITING, ReminderKind.FIGURES_WAITING}
)
#: These have a day by which something is to be done, and are late after it.
DEADLINE_KINDS = frozenset(
    {
        ReminderKind.UPDATE_DUE,
        ReminderKind.FINAL_DUE,
        ReminderKind.ACTION_DUE,
        ReminderKind.RESUBMIT_DUE,
        ReminderKind.SUBMISSION,
    }
)


#: In the place of an update's state: no update is open.
NO_UPDATE = ""
_UPDATE_STATES = frozenset(
    {NO_UPDATE, SubmissionState.DRAFT, SubmissionState.SUBMITTED, SubmissionState.RETURNED}
)


@dataclass(frozen=True, kw_only=True)
class AssignmentDate:
    """A date of an assignment in force.

    `field` is the assignment's column that holds the day. The date stands while the open update is in one of the
    states `while_update`; in calendars while it is in one of `in_calendar_while`. `until_done`: not after the newest
    verdict is "completed". `once_per_import`: of an opening import, only the row that speaks for it counts.
    """

    kind: ReminderKind
    field: str
    while_update: frozenset[str]
    in_calendar_while: frozenset[str]
    until_done: bool = False
    once_per_import: bool = False

    @property
    def condition(self) -> str:
        """The condition in SQL, over the columns of the relation `live`."""
        states = ", ".join(f"'{state}'" for state in sorted(_UPDATE_STATES - self.while_update))
        until_done = " AND NOT is_done" if self.until_done else ""
        return f"{self.field} IS NOT NULL AND coalesce(update_state, '') NOT IN ({states}){until_done}"

    def is_in_calendar(self, *, update_state: str, speaks_for_import: bool, is_done: bool) -> bool:
        """Whether calendars show the date, for an assignment whose open update is in this state."""
        if self.until_done and is_done:
            return False
        return update_state in self.in_calendar_while and (speaks_for_import or not self.once_per_import)


_NOTHING_SENT = frozenset({NO_UPDATE, SubmissionState.DRAFT.value})

NEXT_UPDATE = AssignmentDate(
    kind=ReminderKind.UPDATE_DUE,
    field="next_due_on",
    while_update=_NOTHING_SENT,
    in_calendar_while=_NOTHING_SENT,
)
#: Nobody is reminded of it while MAPO decides, but calendars keep it.
FINAL = AssignmentDate(
    kind=ReminderKind.FINAL_DUE,
    field="due_on",
    while_update=_UPDATE_STATES - {SubmissionState.SUBMITTED},
    in_calendar_while=_UPDATE_STATES,
    until_done=True,
)
RESUBMISSION = AssignmentDate(
    kind=ReminderKind.RESUBMIT_DUE,
    field="next_due_on",
    while_update=frozenset({SubmissionState.RETURNED.value}),
    in_calendar_while=frozenset({SubmissionState.RETURNED.value}),
    once_per_import=True,
)
ASSIGNMENT_DATES = (NEXT_UPDATE, RESUBMISSION, FINAL)

#: The dates of a cycle and the columns that hold them.
CYCLE_DATES: Mapping[str, str] = {
    ReminderKind.INTERIM: "interim_on",
    ReminderKind.WINDOW_END: "window_end",
    ReminderKind.SUBMISSION: "submission_on",
}
