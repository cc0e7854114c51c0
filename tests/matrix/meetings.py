"""Rows of the council's meetings: MAPO's alone. A meeting is nobody's own, so its rows are about any."""

from __future__ import annotations

from collections.abc import Callable
from datetime import time, timedelta
from typing import Any
from uuid import uuid4

from meetings.models import AgendaPoint, Meeting, MeetingDetails
from meetings.services.agenda import prepare_meeting
from meetings.services.decisions import record_decision
from meetings.services.laying import lay_agenda
from meetings.services.meetings import announce_meeting, close_meeting, hold_meeting
from recommendations.models import Cycle
from tests.conftest import NOW
from tests.factories.accounts import World
from tests.factories.recommendations import make_cycle, make_item
from tests.matrix import ADMINISTRATOR, AGENCY, MAPO, Row, only

Kwargs = Callable[[World], dict[str, Any]]
SEEN, DONE, REFUSED = only(*MAPO), only(*MAPO, answer=302), only(*MAPO, answer=422)


def _cycle(_world: World) -> dict[str, Any]:
    if not Cycle.objects.exists():
        make_cycle()
    return {}


def _meeting(world: World, *, in_days: int = 0) -> Meeting:
    _cycle(world)
    details = MeetingDetails(
        number=f"Bil. {Meeting.objects.count() + 1}/2023",
        meets_on=NOW.date() + timedelta(days=in_days),
        begins=time(10, 30),
        venue="Putrajaya",
    )
    cycle = Cycle.objects.latest("pk")
    return announce_meeting(cycle, details=details, actor=world.people[ADMINISTRATOR], now=NOW)


def _announced(world: World) -> dict[str, Any]:
    return {"meeting_id": _meeting(world).pk}


def _held(world: World) -> dict[str, Any]:
    return {"meeting_id": hold_meeting(_meeting(world), actor=world.people[ADMINISTRATOR], now=NOW).pk}


def _closed(world: World) -> dict[str, Any]:
    meeting = Meeting.objects.get(pk=_held(world)["meeting_id"])
    return {"meeting_id": close_meeting(meeting, actor=world.people[ADMINISTRATOR], now=NOW).pk}


def _prepared(world: World) -> dict[str, Any]:
    meeting = _meeting(world)
    days = {"as_at_on": NOW.date(), "since_on": NOW.date() - timedelta(days=30)}
    prepare_meeting(meeting, **days, actor=world.people[ADMINISTRATOR], now=NOW)
    return {"meeting_id": meeting.pk}


def _laid(world: World) -> dict[str, Any]:
    meeting = _meeting(world)
    about: dict[str, Any] = {"actor": world.people[ADMINISTRATOR], "now": NOW}
    yesterday = NOW.date() - timedelta(days=1)
    prepare_meeting(meeting, as_at_on=yesterday, since_on=yesterday, **about)
    return {"meeting_id": meeting.pk, "laid_id": lay_agenda(meeting, **about).pk}


def _point(world: World) -> dict[str, Any]:
    kwargs = _prepared(world)
    return kwargs | {"point_id": AgendaPoint.objects.get(meeting=kwargs["meeting_id"], kind="late").pk}


def _decision(target: str) -> Kwargs:
    """A decision that names the agency of the officer, or another."""

    def kwargs(world: World) -> dict[str, Any]:
        meeting_id = _held(world)["meeting_id"]
        agency = world.own if target == "own" else world.foreign
        cycle = Meeting.objects.get(pk=meeting_id).cycle
        decision = record_decision(
            Meeting.objects.get(pk=meeting_id),
            text="Hantar data",
            item=make_item(cycle, number=300 + meeting_id % 1000),
            agency=agency,
            due_on=NOW.date() + timedelta(days=30),
            token=uuid4(),
            actor=world.people[ADMINISTRATOR],
            now=NOW,
        )
        return {"meeting_id": meeting_id, "decision_id": decision.pk}

    return kwargs


def _days(_world: World) -> dict[str, Any]:
    return {"as_at_on": "14/9/2023", "since_on": "1/9/2023"}


def _text(_world: World) -> dict[str, Any]:
    return {"text": "Untuk keputusan", "classification": "1", "revision": "1"}


def _reason(_world: World) -> dict[str, Any]:
    return {"reason": "Dewan tidak tersedia"}


def _rows(name: str, kwargs: Kwargs) -> list[Row]:
    """The page of an act that asks for something, and the act itself."""
    return [
        Row(f"meetings:{name}", SEEN, target="any", kwargs=kwargs),
        Row(f"meetings:{name}", DONE, "post", "any", kwargs, _reason),
    ]


ROWS = [
    Row("meetings:meetings", SEEN, kwargs=_cycle),
    Row("meetings:meeting_announce", SEEN, kwargs=_cycle),
    Row("meetings:meeting_announce", REFUSED, "post", kwargs=_cycle),
    Row("meetings:meeting", SEEN, target="any", kwargs=_announced),
    Row("meetings:meeting_change", SEEN, target="any", kwargs=_announced),
    Row("meetings:meeting_change", REFUSED, "post", "any", _announced),
    Row("meetings:meeting_hold", SEEN, target="any", kwargs=_announced),
    Row("meetings:meeting_hold", DONE, "post", "any", _announced),
    Row("meetings:meeting_attendance", SEEN, target="any", kwargs=_held),
    Row("meetings:meeting_attendance", DONE, "post", "any", _held),
    Row("meetings:meeting_close", DONE, target="any", kwargs=_held),
    Row("meetings:meeting_close", DONE, "post", "any", _held),
    *_rows("meeting_postpone", _announced),
    *_rows("meeting_cancel", _announced),
    *_rows("meeting_reopen", _closed),
    Row("meetings:meeting_prepare", SEEN, target="any", kwargs=_prepared),
    Row("meetings:meeting_prepare", DONE, "post", "any", _announced, _days),
    Row("meetings:meeting_papers", SEEN, target="any", kwargs=_prepared),
    Row("meetings:agenda_lay", DONE, "post", "any", _prepared),
    Row("meetings:agenda_laid", SEEN, target="any", kwargs=_laid),
    Row("meetings:meeting_decisions", SEEN, target="any", kwargs=_held),
    Row("meetings:meeting_decisions", REFUSED, "post", "any", _held),
    Row("meetings:our_decisions", only(*AGENCY)),
    # A decision that names the agency is on its own page; the minutes are MAPO's alone.
    *(
        row
        for target in ("own", "foreign")
        for row in (
            Row("meetings:decision_correct", SEEN, target=target, kwargs=_decision(target)),
            Row("meetings:decision_correct", REFUSED, "post", target, _decision(target)),
            Row("meetings:decision_withdraw", SEEN, target=target, kwargs=_decision(target)),
            Row("meetings:decision_withdraw", DONE, "post", target, _decision(target), _reason),
        )
    ),
    Row("meetings:point_save", DONE, "post", "any", _point, _text),
    Row("meetings:point_move", DONE, "post", "any", _point),
    Row("meetings:point_add", REFUSED, "post", "any", _prepared),
]
