"""What the services of meetings share: the locked row, and what many acts ask first."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.models import User
from audit.acts import jsonable, require
from audit.errors import NotNow
from audit.services import record
from meetings.models import Meeting
from meetings.permissions import may_keep_meetings
from recommendations.models import Cycle


def locked_meeting(meeting: Meeting, *, actor: User) -> Meeting:
    """Return the meeting as it is now, locked until the transaction ends, for somebody who may keep meetings.

    Raises `NotAllowed` for anybody else, and `NotNow` when its cycle is closed. Always the first lock taken.
    """
    require(may_keep_meetings(actor))
    rows = Meeting.objects.select_for_update(no_key=True, of=("self",)).select_related("cycle")
    locked = rows.get(pk=meeting.pk)
    locked.cycle = Cycle.objects.held_open(locked.cycle)
    return locked


def require_preparing(meeting: Meeting) -> None:
    """Raise `NotNow` once the meeting was held, closed or cancelled: its details and agenda stay as they are."""
    if not meeting.may_be_prepared:
        raise NotNow(
            _("This meeting is now “%(state)s”, so its agenda stays as it is. Nothing was changed.")
            % {"state": meeting.get_state_display()}
        )


def record_meeting(
    meeting: Meeting,
    action: str,
    *,
    actor: User,
    now: datetime,
    obj: Any = None,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    reason: str = "",
) -> None:
    """Record one Event on a meeting, or on `obj` of it. It is MAPO's own matter: no agency sees it."""
    record(
        action=action,
        actor=actor,
        obj=obj if obj is not None else meeting,
        label=meeting.number,
        before=jsonable(before),
        after=jsonable(after),
        reason=reason,
        now=now,
    )
