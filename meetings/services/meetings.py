"""A meeting is announced, changed, held, postponed, cancelled, and its minutes are closed and reopened."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, time
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from audit.acts import changed_fields, require, require_reason
from audit.clock import local_date
from audit.errors import BadValue, NotNow
from audit.services import digest
from meetings.models import Meeting, MeetingDetails
from meetings.permissions import may_keep_meetings
from meetings.services.checks import locked_meeting, record_meeting, require_preparing
from meetings.services.first_agenda import create_points
from meetings.states import MeetingState, move_of
from privacy.checks import check_identities
from recommendations.models import Cycle


@transaction.atomic
def announce_meeting(cycle: Cycle, *, details: MeetingDetails, actor: User, now: datetime) -> Meeting:
    """Announce a meeting of the council in a cycle; its day may be past, for a meeting that is recorded later.

    Raises `BadValue` for a number that another meeting of the cycle has.
    """
    require(may_keep_meetings(actor))
    cycle = Cycle.objects.held_open(cycle)
    with _number_is_free():
        meeting = Meeting.objects.create(cycle=cycle, **details.values, created_by=actor, created_at=now)
    create_points(meeting, actor=actor, now=now)
    record_meeting(meeting, "meeting.announced", actor=actor, now=now, after=_facts(details.values))
    return meeting


@transaction.atomic
def change_meeting(
    meeting: Meeting, *, seen: str, details: MeetingDetails, actor: User, now: datetime
) -> Meeting:
    """Change the details of a meeting that was not held; a postponed one is announced again with its new day.

    `seen` is the mark of the details that the person saw. Raises `NotNow` when they changed since or nothing would
    change, and `BadValue` for a number that is taken.
    """
    meeting = locked_meeting(meeting, actor=actor)
    require_preparing(meeting)
    if meeting.details.mark != seen:
        raise NotNow(
            _(
                "Somebody else changed this meeting meanwhile. Nothing was overwritten: open it again and compare."
            )
        )
    before, after = changed_fields(meeting, details.values)
    if not after:
        raise NotNow(_("The meeting already has these details. Nothing was changed."))
    if move := move_of("reschedule", meeting.state):
        before["state"], after["state"] = meeting.state, move.target
        after["state_reason"] = ""
    for name, value in after.items():
        setattr(meeting, name, value)
    with _number_is_free():
        meeting.save(update_fields=[*after])
    after.pop("state_reason", None)
    record_meeting(
        meeting, "meeting.changed", actor=actor, now=now, before=_facts(before), after=_facts(after)
    )
    return meeting


@transaction.atomic
def hold_meeting(
    meeting: Meeting, *, attendance: str = "", identities_reason: str = "", actor: User, now: datetime
) -> Meeting:
    """Say that the meeting takes place or took place, and who is present: its decisions are recorded now, its agenda stays."""
    meeting = locked_meeting(meeting, actor=actor)
    if meeting.state == MeetingState.HELD:
        return meeting
    if meeting.meets_on > local_date(now):
        raise NotNow(_("This meeting is on a later day. Change its date first if it took place already."))
    held = _moved(meeting, "hold", event="meeting.held", actor=actor, now=now)
    if attendance.strip():
        return record_attendance(
            held, attendance=attendance, identities_reason=identities_reason, actor=actor, now=now
        )
    return held


@transaction.atomic
def record_attendance(
    meeting: Meeting, *, attendance: str, identities_reason: str = "", actor: User, now: datetime
) -> Meeting:
    """Say who was present, a line for each agency, until the minutes are closed; the same again changes nothing."""
    meeting = locked_meeting(meeting, actor=actor)
    if meeting.state != MeetingState.HELD:
        raise NotNow(
            _("This meeting is now “%(state)s”, so who was present stays as it is. Nothing was changed.")
            % {"state": meeting.get_state_display()}
        )
    before, after = meeting.attendance, attendance.strip()
    if before == after:
        return meeting
    identities = check_identities({"attendance": after}, reason=identities_reason)
    meeting.attendance = after
    meeting.save(update_fields=["attendance"])
    facts: dict[str, Any] = {"before": {"attendance": digest(before)}, "reason": identities.reason}
    told = {"attendance": digest(after), **identities.event_facts}
    record_meeting(meeting, "meeting.attendance", actor=actor, now=now, after=told, **facts)
    return meeting


@transaction.atomic
def close_meeting(meeting: Meeting, *, actor: User, now: datetime) -> Meeting:
    """Close the minutes: no decision is recorded, corrected or withdrawn from now on. Closing twice closes once."""
    meeting = locked_meeting(meeting, actor=actor)
    if meeting.state == MeetingState.CLOSED:
        return meeting
    return _moved(meeting, "close", event="meeting.closed", actor=actor, now=now)


@transaction.atomic
def postpone_meeting(
    meeting: Meeting, *, reason: str, identities_reason: str = "", actor: User, now: datetime
) -> Meeting:
    """Postpone a meeting, with a reason; changing its details gives it a new day."""
    about: dict[str, Any] = {"reason": reason, "identities_reason": identities_reason}
    locked = locked_meeting(meeting, actor=actor)
    return _moved(locked, "postpone", event="meeting.postponed", actor=actor, now=now, **about)


@transaction.atomic
def cancel_meeting(
    meeting: Meeting, *, reason: str, identities_reason: str = "", actor: User, now: datetime
) -> Meeting:
    """Cancel a meeting that was not held, with a reason. Its number becomes free."""
    about: dict[str, Any] = {"reason": reason, "identities_reason": identities_reason}
    locked = locked_meeting(meeting, actor=actor)
    return _moved(locked, "cancel", event="meeting.cancelled", actor=actor, now=now, **about)


@transaction.atomic
def reopen_meeting(
    meeting: Meeting, *, reason: str, identities_reason: str = "", actor: User, now: datetime
) -> Meeting:
    """Open closed minutes again, with a reason, so that a decision can be recorded or corrected."""
    about: dict[str, Any] = {"reason": reason, "identities_reason": identities_reason}
    locked = locked_meeting(meeting, actor=actor)
    return _moved(locked, "reopen", event="meeting.reopened", actor=actor, now=now, **about)


def _moved(
    meeting: Meeting,
    act: str,
    *,
    event: str,
    reason: str = "",
    identities_reason: str = "",
    actor: User,
    now: datetime,
) -> Meeting:
    """Move the locked meeting by the table, and record it; `NotNow` where the table has no such move."""
    move = move_of(act, meeting.state)
    if move is None:
        raise NotNow(
            _(
                "This meeting is now “%(state)s”, so this cannot be done. Nothing was changed; reload the page."
            )
            % {"state": meeting.get_state_display()}
        )
    reason = require_reason(reason) if move.needs_reason else ""
    identities = check_identities({"reason": reason}, reason=identities_reason)
    meeting.state, meeting.state_reason = move.target, reason
    meeting.save(update_fields=["state", "state_reason"])
    facts: dict[str, Any] = {"before": {"state": move.source}, "reason": reason}
    after = {"state": move.target, **identities.trail_facts}
    record_meeting(meeting, event, actor=actor, now=now, after=after, **facts)
    return meeting


@contextmanager
def _number_is_free() -> Iterator[None]:
    """Turn the database's refusal of a number that another meeting of the cycle has into `BadValue`."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        if "meeting_number_once" not in str(error):
            raise
        words = _("Another meeting of this cycle has this number. Choose another.")
        raise BadValue(words, field="number") from error


def _facts(values: Mapping[str, Any]) -> dict[str, Any]:
    return {
        key: value.isoformat("minutes") if isinstance(value, time) else value for key, value in values.items()
    }
