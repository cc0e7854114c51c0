"""The secretary prepares an agenda: days, order, what is left out, texts, own points."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.clearance import Clearance, highest_class
from accounts.models import User
from audit.acts import require
from audit.clock import local_date
from audit.errors import BadValue, NotNow, Stale
from audit.services import digest
from meetings.models import AgendaPoint, Meeting
from meetings.services.checks import locked_meeting, record_meeting, require_preparing
from meetings.services.first_agenda import create_points
from meetings.states import MOST_OWN_POINTS, PointKind
from privacy.checks import check_identities


def _stale_point(current: AgendaPoint) -> Stale:
    """Return the refusal of a text that is older than the one that stands."""
    words = _(
        "%(name)s has saved a newer version of this point, shown below. Yours is kept in the form: save again to replace it."
    )
    return Stale(words % {"name": current.saved_by.name}, current)


@transaction.atomic
def prepare_meeting(
    meeting: Meeting, *, as_at_on: date, since_on: date, actor: User, now: datetime
) -> Meeting:
    """Say between which days the agenda gathers: what was recorded by the end of `as_at_on`, changes after `since_on`.

    Raises `BadValue` for a day in the future, and for days in the wrong order.
    """
    meeting = locked_meeting(meeting, actor=actor)
    require_preparing(meeting)
    if as_at_on > local_date(now):
        raise BadValue(_("This date is in the future. Enter a date up to today."), field="as_at_on")
    if since_on > as_at_on:
        raise BadValue(_("This date is after the day as at which you prepare."), field="since_on")
    create_points(meeting, actor=actor, now=now)
    before = {"as_at_on": meeting.as_at_on, "since_on": meeting.since_on}
    after = {"as_at_on": as_at_on, "since_on": since_on}
    if before == after:
        return meeting
    meeting.as_at_on, meeting.since_on = as_at_on, since_on
    meeting.save(update_fields=["as_at_on", "since_on"])
    record_meeting(meeting, "meeting.prepared", actor=actor, now=now, before=before, after=after)
    return meeting


@transaction.atomic
def save_point(
    point: AgendaPoint,
    *,
    revision: int,
    title: str = "",
    text: str,
    classification: int,
    is_left_out: bool,
    left_out: Sequence[str] = (),
    identities_reason: str = "",
    actor: User,
    now: datetime,
) -> AgendaPoint:
    """Save the secretary's part of a point: its text, its class, and what is left out of it.

    `revision` is that of the version which the person saw. Raises `Stale` when somebody saved another one since,
    `BadValue` for a class above the person's own, and `IdentitiesFound` as `check_identities` does.
    """
    meeting = locked_meeting(point.meeting, actor=actor)
    require_preparing(meeting)
    current = AgendaPoint.objects.select_related("saved_by").get(pk=point.pk)
    require(current.classification <= actor.clearance)
    own_title = title.strip() if current.is_own else ""
    wanted = {
        "title": own_title,
        "text": text.strip(),
        "classification": classification,
        "is_left_out": is_left_out,
        "left_out": sorted(set(left_out)),
    }
    if all(getattr(current, name) == value for name, value in wanted.items()):
        return current
    if current.revision != revision:
        raise _stale_point(current)
    _require_class(classification, actor=actor)
    identities = check_identities({"title": own_title, "text": text}, reason=identities_reason)
    before = _facts(current)
    for name, value in wanted.items():
        setattr(current, name, value)
    current.revision, current.saved_by, current.saved_at = current.revision + 1, actor, now
    current.save(update_fields=[*wanted, "revision", "saved_by", "saved_at"])
    after = _facts(current) | identities.event_facts
    about: dict[str, Any] = {"before": before, "after": after, "reason": identities.reason}
    record_meeting(meeting, "agenda.point_saved", actor=actor, now=now, obj=current, **about)
    return current


@transaction.atomic
def add_point(
    meeting: Meeting,
    *,
    title: str,
    text: str,
    classification: int = Clearance.RESTRICTED,
    identities_reason: str = "",
    actor: User,
    now: datetime,
) -> AgendaPoint:
    """Add an own point at the end of the agenda. Raises as `save_point` does."""
    meeting = locked_meeting(meeting, actor=actor)
    require_preparing(meeting)
    _require_class(classification, actor=actor)
    positions = list(meeting.points.values_list("position", "kind"))
    if sum(kind == PointKind.OWN for _position, kind in positions) >= MOST_OWN_POINTS:
        raise NotNow(
            _("This agenda has %(count)s own points already. Nothing was added.") % {"count": MOST_OWN_POINTS}
        )
    identities = check_identities({"title": title, "text": text}, reason=identities_reason)
    point = AgendaPoint.objects.create(
        meeting=meeting,
        kind=PointKind.OWN,
        position=max((position for position, _kind in positions), default=0) + 1,
        title=title.strip(),
        text=text.strip(),
        classification=classification,
        saved_by=actor,
        saved_at=now,
    )
    after = _facts(point) | identities.event_facts
    about: dict[str, Any] = {"after": after, "reason": identities.reason}
    record_meeting(meeting, "agenda.point_added", actor=actor, now=now, obj=point, **about)
    return point


@transaction.atomic
def move_point(point: AgendaPoint, *, by: int, actor: User, now: datetime) -> AgendaPoint:
    """Move a point up (-1) or down (1) by one place; at the end of the agenda it stays where it is."""
    meeting = locked_meeting(point.meeting, actor=actor)
    require_preparing(meeting)
    points = list(meeting.points.order_by("position"))
    at = next(index for index, each in enumerate(points) if each.pk == point.pk)
    to = at + (1 if by > 0 else -1)
    if not 0 <= to < len(points):
        return points[at]
    points[at].position, points[to].position = points[to].position, points[at].position
    AgendaPoint.objects.bulk_update([points[at], points[to]], ["position"])
    about: dict[str, Any] = {"before": {"position": at + 1}, "after": {"position": to + 1}}
    record_meeting(meeting, "agenda.point_moved", actor=actor, now=now, obj=points[at], **about)
    return points[at]


def _require_class(classification: int, *, actor: User) -> None:
    """Raise `BadValue` for a class that the person may not give."""
    if classification > highest_class(actor):
        raise BadValue(_("You may not give this classification. Choose a lower one."), field="classification")


def _facts(point: AgendaPoint) -> dict[str, Any]:
    """What the log holds of a point: never its text."""
    return {
        "text": digest(f"{point.title}\n{point.text}"),
        "classification": point.classification,
        "is_left_out": point.is_left_out,
        "rows_left_out": len(point.left_out),
    }
