"""Meetings of the council in a cycle."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from audit.guarded_text import GuardedTextField
from audit.guards import any_changed, immutable, must_be_now, no_delete, refuse_update, transitions
from meetings.states import (
    HELD_STATES,
    LAID_STATES,
    MEETING_MOVES,
    NUMBER_LENGTH,
    PREPARED_STATES,
    STATE_LOOKS,
    VENUE_LENGTH,
    MeetingState,
    move_of,
)
from recommendations.models import Cycle
from ui import dates
from ui.form_snapshot import Marked

if TYPE_CHECKING:
    from accounts.models import User

#: The details of a meeting, which stay as they are once it was held.
DETAILS = ("number", "meets_on", "begins", "venue")
#: Each (from, to) once, in the order of the table: the trigger's text must not differ from run to run.
MOVES = tuple(dict.fromkeys((move.source, move.target) for move in MEETING_MOVES))
_LAID = ", ".join(f"'{state}'" for state in LAID_STATES)
_PREPARED = ", ".join(f"'{state}'" for state in PREPARED_STATES)


@dataclass(frozen=True, kw_only=True)
class MeetingDetails(Marked):
    """What is announced of a meeting."""

    number: str
    meets_on: date
    begins: time
    venue: str


class MeetingQuerySet(models.QuerySet["Meeting"]):
    def visible_to(self, user: User) -> MeetingQuerySet:
        """Meetings, their agendas and papers are MAPO's alone (docs/rules.md, Who sees what)."""
        return self if user.is_mapo else self.none()

    def held(self) -> MeetingQuerySet:
        """Those that took place."""
        return self.filter(state__in=HELD_STATES)

    def before(self, meeting: Meeting) -> MeetingQuerySet:
        """Meetings of the same cycle on an earlier day, the latest first."""
        earlier = self.filter(cycle=meeting.cycle_id, meets_on__lt=meeting.meets_on)
        return earlier.order_by("-meets_on", "-pk")


class Meeting(models.Model):
    """A meeting of the council: announced, then held, then its minutes are closed; or postponed or cancelled.

    `attendance` says who was there, a line for each agency; it is final with the minutes. `as_at_on` and `since_on` are the days between which its preparation gathers; both are empty until it is prepared.
    """

    cycle = models.ForeignKey(Cycle, on_delete=models.PROTECT, related_name="meetings")
    number = models.CharField(pgettext_lazy("meeting", "number"), max_length=NUMBER_LENGTH)
    meets_on = models.DateField(pgettext_lazy("meeting", "date"))
    begins = models.TimeField(pgettext_lazy("meeting", "time"))
    venue = models.CharField(pgettext_lazy("meeting", "venue"), max_length=VENUE_LENGTH)
    state = models.CharField(max_length=10, choices=MeetingState.choices, default=MeetingState.ANNOUNCED)
    state_reason = GuardedTextField(blank=True)
    as_at_on = models.DateField(_("as at"), null=True, blank=True)
    since_on = models.DateField(_("since"), null=True, blank=True)
    attendance = GuardedTextField(_("present"), blank=True, db_default="")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()

    objects = MeetingQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["cycle", "number"],
                condition=~Q(state=MeetingState.CANCELLED),
                name="meeting_number_once",
            ),
            models.CheckConstraint(condition=Q(state__in=MeetingState.values), name="meeting_state_known"),
            models.CheckConstraint(condition=~Q(number=""), name="meeting_numbered"),
            models.CheckConstraint(
                condition=~Q(state__in=[MeetingState.POSTPONED, MeetingState.CANCELLED])
                | ~Q(state_reason=""),
                name="meeting_state_with_reason",
            ),
            models.CheckConstraint(
                condition=Q(as_at_on=None, since_on=None)
                | Q(as_at_on__isnull=False, since_on__lte=models.F("as_at_on")),
                name="meeting_days_in_order",
            ),
        ]
        indexes = [models.Index(fields=["cycle", "-meets_on"], name="meeting_by_cycle")]
        triggers = [
            *no_delete("meeting"),
            *immutable("meeting", ["cycle", "created_by", "created_at"]),
            *must_be_now("meeting", "created_at"),
            *transitions("meeting", "state", MOVES),
            refuse_update(
                "meeting_details_final",
                f"OLD.{{columns.state}} NOT IN ({_PREPARED}) AND {any_changed([*DETAILS, 'as_at_on', 'since_on'])}",
            ),
            refuse_update(
                "meeting_attendance_final",
                f"OLD.{{columns.state}} NOT IN ({_LAID}) AND {any_changed(['attendance'])}",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def details(self) -> MeetingDetails:
        """What is announced of the meeting."""
        return MeetingDetails.of(self)

    @property
    def day_text(self) -> str:
        return dates.day(self.meets_on)

    @property
    def time_text(self) -> str:
        return dates.clock_time(self.begins)

    @property
    def tone(self) -> str:
        return STATE_LOOKS[self.state][0]

    @property
    def icon(self) -> str:
        return STATE_LOOKS[self.state][1]

    @property
    def is_prepared(self) -> bool:
        """Whether it was said as at which day it gathers."""
        return self.as_at_on is not None

    @property
    def is_held(self) -> bool:
        return self.state in HELD_STATES

    @property
    def may_be_prepared(self) -> bool:
        """Whether its agenda may still change."""
        return self.state in PREPARED_STATES

    def may(self, act: str) -> bool:
        """Whether the table of moves lets the meeting take this act now."""
        return move_of(act, self.state) is not None
