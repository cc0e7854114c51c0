"""Who is told, what becomes of a mail, and limits that several modules share."""

from django.db import models
from django.utils.translation import pgettext_lazy

#: Mails go out from this hour of Kuala Lumpur until before `CLOSING_HOUR`, on working days.
OPENING_HOUR, CLOSING_HOUR = 7, 18
#: The kinds of notices that stand only while their reader is concerned (`NoticeQuerySet.standing_for`): a comment
#: mentions them; MAPO asks for an update; an agency asks for a later date of a step, or set one; MAPO answered, or
#: the council decided on a step; a colleague handed over; the agency's role changed.
MENTIONED, UPDATE_ASKED = "mentioned", "update_asked"
STEP_LATER_ASKED, STEP_MOVED, STEP_ANSWERED = "step_later_asked", "step_moved", "step_answered"
STEP_DECIDED = "step_decided"
HANDED_OVER = "handed_over"
#: Another agency leads an item, or none: the agencies are told.
ROLE_CHANGED = "role_changed"
#: Stored bytes are no longer those that were recorded: administrators are told.
FILE_HARMED = "file_harmed"
#: Backups fail or are missing; after a restore mail is held back: administrators are told.
BACKUP_TROUBLE, MAIL_HELD = "backup_trouble", "mail_held"
#: No place outside took the head of the log for days: administrators are told.
ANCHOR_LATE = "anchor_late"
CONCERNING = frozenset(
    {
        MENTIONED,
        UPDATE_ASKED,
        STEP_LATER_ASKED,
        STEP_MOVED,
        STEP_ANSWERED,
        STEP_DECIDED,
        HANDED_OVER,
        ROLE_CHANGED,
    }
)
#: The hour of the daily digest for people who chose none.
DEFAULT_HOUR = 8
#: A rule reaches at most this many working days before or after a date.
MAX_RULE_DAYS = 90


class Audience(models.TextChoices):
    """Who is told: the steps of the ladder, from the bottom to the top.

    A step with nobody who can act is skipped: MAPO is told instead.
    """

    RESPONSIBLE = "responsible", pgettext_lazy("reminder", "Responsible officers")
    COORDINATOR = "coordinator", pgettext_lazy("reminder", "Coordinators of the agency")
    MAPO = "mapo", pgettext_lazy("reminder", "MAPO")


LADDER = tuple(Audience)


class MailKind(models.TextChoices):
    """Why a mail goes out: as the daily digest, at once, or with notices that were not read in Jejak."""

    DIGEST = "digest", pgettext_lazy("mail", "Daily digest")
    URGENT = "urgent", pgettext_lazy("mail", "Urgent")
    NEWS = "news", pgettext_lazy("mail", "Notice")


class DeliveryState(models.TextChoices):
    """What became of a mail. `EMPTY`: everything in it was done before it went, so nothing was sent."""

    WAITING = "waiting", pgettext_lazy("mail", "Waiting")
    SENT = "sent", pgettext_lazy("mail", "Sent")
    FAILED = "failed", pgettext_lazy("mail", "Failed")
    EMPTY = "empty", pgettext_lazy("mail", "Nothing left to send")


class AttemptOutcome(models.TextChoices):
    """How an attempt ended. Empty while it runs, and for ever if the worker died in the middle of it."""

    SENT = "sent", pgettext_lazy("attempt", "Accepted by the server")
    TEMPORARY = "temporary", pgettext_lazy("attempt", "Refused temporarily")
    PERMANENT = "permanent", pgettext_lazy("attempt", "Refused permanently")
    UNKNOWN = "unknown", pgettext_lazy("attempt", "Connection lost")


#: How an attempt is called that has no outcome and does not run.
CUT_OFF_LABEL = pgettext_lazy("mail", "Interrupted while sending")
