"""The agenda is laid before the council: kept as a whole, with a fingerprint."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from copy import copy
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from accounts.clearance import Clearance
from accounts.models import User
from audit.clock import local_date
from audit.errors import NotNow
from meetings.models import AgendaPoint, LaidAgenda, Meeting
from meetings.queries.agenda import PreparedAgenda, PreparedPoint, read_agenda
from meetings.services.checks import locked_meeting, record_meeting
from meetings.states import LAID_STATES
from privacy.reading import NOBODY, reading_as

#: The form of `content`; a new number when its keys change, because the fingerprint covers them.
LAID_FORM = 1


@transaction.atomic
@reading_as(NOBODY)
def lay_agenda(meeting: Meeting, *, actor: User, now: datetime) -> LaidAgenda:
    """Keep the agenda as it is laid before the council: points in order, texts, gathered facts. Laying the same again
    keeps nothing new.

    Hidden words are hidden in it from everybody. Its class is the highest of its texts, at least restricted; facts above that class are not in it. Raises `NotNow`
    for a meeting that is not prepared as at a day that is over, or has a text above the person's own clearance.
    """
    meeting = locked_meeting(meeting, actor=actor)
    _require_layable(meeting, today=local_date(now))
    if not _reads_all_points(meeting, actor):
        raise NotNow(
            _(
                "A point is classified above your clearance. Somebody who may read it must lay the agenda. Nothing "
                "was kept."
            )
        )
    content, classification = _content_to_lay(meeting, actor=actor)
    sha256 = fingerprint_of(content)
    last = meeting.laid_agendas.order_by("-number").first()
    if last is not None and last.sha256 == sha256:
        return last
    laid = LaidAgenda.objects.create(
        meeting=meeting,
        number=last.number + 1 if last else 1,
        content=json.loads(canonical(content)),
        sha256=sha256,
        classification=classification,
        laid_by=actor,
        laid_at=now,
    )
    after = {"number": laid.number, "sha256": sha256, "classification": classification}
    record_meeting(meeting, "agenda.laid", actor=actor, now=now, obj=laid, after=after)
    return laid


@reading_as(NOBODY)
def is_laid_as_it_stands(meeting: Meeting, *, user: User) -> bool | None:
    """Return whether the agenda was laid before the council as it is now; None where the person may not read all of it."""
    last = meeting.laid_agendas.order_by("-number").first()
    if last is None or not meeting.is_prepared:
        return False
    if not _reads_all_points(meeting, user):
        return None
    content, _classification = _content_to_lay(meeting, actor=user)
    return fingerprint_of(content) == last.sha256


def _reads_all_points(meeting: Meeting, person: User) -> bool:
    return not meeting.points.filter(classification__gt=person.clearance).exists()


def _content_to_lay(meeting: Meeting, *, actor: User) -> tuple[dict[str, Any], int]:
    """Return what would be laid of the agenda now, and its class."""
    classification = class_of(point for point in meeting.points.all() if not point.is_left_out)
    agenda = _agenda_up_to(classification, meeting, actor=actor)
    if (needed := class_of(each.point for each in agenda.laid_points)) < classification:
        # The point of the highest class has nothing to say, so it is not laid.
        classification = needed
        agenda = _agenda_up_to(classification, meeting, actor=actor)
    return content_of(meeting, agenda), classification


def _require_layable(meeting: Meeting, *, today: date) -> None:
    if meeting.state not in LAID_STATES:
        raise NotNow(
            _("This meeting is now “%(state)s”, so its agenda cannot be laid before the council.")
            % {"state": meeting.get_state_display()}
        )
    if meeting.as_at_on is None or meeting.as_at_on >= today:
        raise NotNow(
            _("Prepare the meeting as at a day that is over first: today still changes. Nothing was kept.")
        )


def class_of(points: Iterable[AgendaPoint]) -> int:
    """Return the class of an agenda with these points: the highest of theirs, at least restricted."""
    return max([Clearance.RESTRICTED.value, *(point.classification for point in points)])


def _agenda_up_to(classification: int, meeting: Meeting, *, actor: User) -> PreparedAgenda:
    """Return the agenda with facts up to a class, whatever the person who lays it may read beyond."""
    reader = copy(actor)
    reader.clearance = classification
    return read_agenda(meeting, user=reader)


def canonical(content: dict[str, Any]) -> bytes:
    """Return the JSON that the fingerprint covers: UTF-8, keys in order, no spaces."""
    text = json.dumps(
        content, cls=DjangoJSONEncoder, sort_keys=True, ensure_ascii=False, separators=(",", ":")
    )
    return text.encode()


def fingerprint_of(content: dict[str, Any]) -> str:
    """Return the fingerprint of what was laid: the SHA-256 of its canonical JSON, 64 hexadecimal digits."""
    return hashlib.sha256(canonical(content)).hexdigest()


def content_of(meeting: Meeting, agenda: PreparedAgenda) -> dict[str, Any]:
    """Return what is laid of an agenda, in both languages where Jejak words it."""
    return {
        "form": LAID_FORM,
        "meeting": {
            "number": meeting.number,
            "cycle": meeting.cycle.year,
            "meets_on": meeting.meets_on,
            "begins": meeting.begins,
            "venue": meeting.venue,
        },
        "as_at": agenda.gathering.as_at,
        "since": agenda.gathering.since,
        "points": [_laid_point(each) for each in agenda.laid_points],
        "months": [asdict(month) for month in agenda.gathering.months],
    }


def _laid_point(prepared: PreparedPoint) -> dict[str, Any]:
    headings = {}
    for language in ("ms", "en"):
        with override(language):
            headings[f"heading_{language}"] = prepared.heading
    return {
        "kind": prepared.kind,
        **headings,
        "text": prepared.point.text,
        "classification": prepared.point.classification,
        "rows": [asdict(row) for row in prepared.rows],
    }
