"""What can be owed to whom, and what becomes of a mail."""

from __future__ import annotations

from django.db import models
from django.utils.translation import pgettext_lazy


class What(models.TextChoices):
    """The dates that Jejak knows. A matter is one of these about one thing, with the day that it counts from."""

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
    NUDGE = "nudge", pgettext_lazy("reminder", "Nudge from MAPO")


#: What rules can be about; a nudge is sent by hand.
RULED = tuple(what for what in What if what is not What.NUDGE)
#: These count from the day on which something happened: nobody can be told before it.
COUNTED_FROM_AN_ACT = frozenset({What.RETURNED, What.LETTER, What.REVIEW_WAITING, What.REQUEST_WAITING})
#: The dates of a cycle: one matter an agency that has not completed all.
OF_THE_CYCLE = frozenset({What.INTERIM, What.WINDOW_END, What.SUBMISSION})
#: What waits at MAPO, and is nobody else's to do.
OF_MAPO = frozenset({What.REVIEW_WAITING, What.REQUEST_WAITING})


class Step(models.TextChoices):
    """The audience ladder. An agency in which nobody can act is passed over: MAPO is told instead."""

    RESPONSIBLE = "responsible", pgettext_lazy("reminder", "Responsible officers")
    COORDINATOR = "coordinator", pgettext_lazy("reminder", "Coordinators of the agency")
    MAPO = "mapo", pgettext_lazy("reminder", "MAPO")


#: The ladder from the bottom to the top.
LADDER = tuple(Step)


class Kind(models.TextChoices):
    """Why a mail goes out: the one of the day, at once, or with news (notices) that nobody has read in Jejak."""

    DIGEST = "digest", pgettext_lazy("mail", "Daily digest")
    URGENT = "urgent", pgettext_lazy("mail", "Urgent")
    NEWS = "news", pgettext_lazy("mail", "Notice")


class DeliveryState(models.TextChoices):
    """What became of a mail. `EMPTY`: everything in it was done before it went, so nothing was sent."""

    WAITING = "waiting", pgettext_lazy("mail", "Waiting")
    SENT = "sent", pgettext_lazy("mail", "Sent")
    FAILED = "failed", pgettext_lazy("mail", "Failed")
    EMPTY = "empty", pgettext_lazy("mail", "Nothing left to say")


class Outcome(models.TextChoices):
    """How one attempt ended; empty while it runs, and for ever if the worker fell in the middle of it."""

    SENT = "sent", pgettext_lazy("attempt", "Accepted by the server")
    TEMPORARY = "temporary", pgettext_lazy("attempt", "Refused for now")
    PERMANENT = "permanent", pgettext_lazy("attempt", "Refused for good")
    UNKNOWN = "unknown", pgettext_lazy("attempt", "The connection broke")
