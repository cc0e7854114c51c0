"""Monthly summaries: whom they are made for, when, of what, and what stops them."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from accounts.clearance import Clearance
from accounts.models import User
from accounts.roles import Role
from audit.errors import NotAllowed, NotNow
from audit.models import Event
from cycles.services import close_cycle
from reminders.messages.notices import NOTICE_KINDS
from reminders.models import Notice
from reports.models import Report, Schedule
from reports.months import due_day, end_of_month_before, next_day
from reports.services import requests
from reports.services.making import make
from reports.services.requests import request_due_reports
from reports.services.schedules import create_schedule, stop_schedule
from reports.states import ExportFormat, ReportState
from reports.summary.monthly import monthly_query
from tests.conftest import Clock
from tests.factories.accounts import UserFactory
from tests.reports.conftest import Told, kuala_lumpur

pytestmark = pytest.mark.django_db


def monthly(
    told: Told,
    *,
    export_format: ExportFormat = ExportFormat.CSV,
    day: int = 1,
    alone: bool = False,
    **asked: str,
) -> dict[str, Any]:
    """What is made every month, and on which day."""
    selection = told.select("administrator", **asked)
    query = monthly_query(selection, export_format, is_month_alone=alone)
    return {"export_format": export_format, "query": query, "day_of_month": day}


def set_up(told: Told, *by: str, name: str = "Bulanan", **about: Any) -> Schedule:
    """A schedule for these people of the world."""
    return create_schedule(
        name,
        **monthly(told, **about),
        cycle=told.cycle,
        readers=[told.people[each] for each in by or ("reviewer",)],
        actor=told.people["reviewer"],
        now=told.now,
    )


def turn_on(told: Told, clock: Clock, text: str) -> list[Report]:
    told.now = clock.move_to(kuala_lumpur(text))
    return request_due_reports(now=told.now)


def test_month_has_its_days() -> None:
    made = date(2023, 9, 14)
    assert due_day(14, today=date(2023, 9, 14), since=made) == date(2023, 9, 14)
    assert due_day(1, today=date(2023, 9, 30), since=made) is None
    assert due_day(1, today=date(2023, 10, 1), since=made) == date(2023, 10, 1)
    assert due_day(28, today=date(2023, 10, 27), since=made) is None
    assert next_day(1, today=made, since=made) == date(2023, 10, 1)
    assert next_day(28, today=date(2023, 12, 29), since=made) == date(2024, 1, 28)
    assert next_day(14, today=made, since=made) == made
    assert end_of_month_before(date(2024, 3, 1)) == date(2024, 2, 29)


def test_turn_makes_one_for_each_reader_with_their_own_rights(told: Told, clock: Clock) -> None:
    schedule = set_up(told, "reviewer", "officer")
    assert turn_on(told, clock, "2023-09-30 23:00") == []
    asked = turn_on(told, clock, "2023-10-01 00:30")
    assert [(each.asked_by_id, each.as_at, each.schedule_id) for each in asked] == [
        (told.people[by].pk, date(2023, 9, 30), schedule.pk)
        for by in sorted(("reviewer", "officer"), key=lambda by: told.people[by].pk)
    ]
    officers = next(each for each in asked if each.asked_by == told.people["officer"])
    assert (officers.reader_role, officers.ceiling) == (Role.OFFICER, Clearance.RESTRICTED)
    mapos = next(each for each in asked if each.asked_by == told.people["reviewer"])
    assert mapos.ceiling == Clearance.CONFIDENTIAL


def test_turn_again_makes_nothing_twice_and_the_next_month_its_own(told: Told, clock: Clock) -> None:
    set_up(told)
    set_up(told, name="Kosong", status="done")
    assert len(turn_on(told, clock, "2023-10-01 08:00")) == 1, "nothing for an empty selection"
    assert turn_on(told, clock, "2023-10-01 09:00") == []
    assert turn_on(told, clock, "2023-10-20 09:00") == []
    (november,) = turn_on(told, clock, "2023-11-01 09:00")
    assert november.as_at == date(2023, 10, 31)


def test_turn_that_was_missed_is_caught_up_within_the_month(told: Told, clock: Clock) -> None:
    set_up(told, day=5)
    assert turn_on(told, clock, "2023-09-28 09:00") == [], "the day before it was set up"
    (late,) = turn_on(told, clock, "2023-10-25 09:00")
    assert late.as_at == date(2023, 9, 30)
    (only,) = turn_on(told, clock, "2023-12-05 09:00")
    assert only.as_at == date(2023, 11, 30)


def test_made_summary_is_told_to_its_reader_by_mail_at_once(told: Told, clock: Clock) -> None:
    set_up(told)
    (report,) = turn_on(told, clock, "2023-10-01 08:00")
    assert make(report.pk, now=told.now) == ReportState.READY
    notice = Notice.objects.get(user=told.people["reviewer"])
    assert (notice.what, notice.path) == ("report_monthly", f"/summaries/{report.pk}/")
    assert notice.mail_after is not None
    assert report.schedule is not None and notice.about["schedule"] == report.schedule.name
    sentence = NOTICE_KINDS[notice.what].text(notice.about)
    assert f": {report.schedule.name}, " in sentence, "the mail names the schedule"
    event = Event.objects.filter(action="report.made", object_id=str(report.pk)).get()
    assert event.actor_id is None


def test_turn_passes_by_who_left_and_who_sees_nothing(told: Told, clock: Clock) -> None:
    invited = UserFactory(role=Role.OFFICER, agency=told.agencies["PDRM"])
    told.people["invited"] = invited
    set_up(told, "officer", "outsider", "invited", agency="JIM", depth="full")
    User.objects.filter(pk=told.people["officer"].pk).update(is_active=False)
    User.objects.filter(pk=invited.pk).update(joined_at=None)
    told_by = {each.asked_by_id for each in turn_on(told, clock, "2023-10-01 08:00")}
    assert told.people["officer"].pk not in told_by
    assert invited.pk not in told_by


def test_month_alone_begins_with_the_month_and_a_paper_takes_a_depth_that_it_has(
    told: Told, clock: Clock
) -> None:
    set_up(told, alone=True, since="2023-07-15")
    schedule = set_up(told, name="Kertas", export_format=ExportFormat.COUNCIL, depth="lines")
    assert "depth=full" in schedule.query
    made = {each.export_format: each for each in turn_on(told, clock, "2023-10-01 08:00")}
    assert "since=2023-08-31" in made["csv"].query and "day=2023-09-30" in made["csv"].query
    assert made["council"].depth == "full"


def test_fault_for_one_reader_keeps_nobody_else_waiting(
    told: Told, clock: Clock, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    set_up(told, "officer", "reviewer")
    set_up(told, "officer", "jim", name="Lain")
    asking = requests.request_report

    def ask(*arguments: Any, actor: User, **named: Any) -> Report:
        if actor == told.people["officer"]:
            raise RuntimeError("nobody foresaw it")
        return asking(*arguments, actor=actor, **named)

    monkeypatch.setattr(requests, "request_report", ask)
    reported = {each.asked_by for each in turn_on(told, clock, "2023-10-01 08:00")}
    assert reported == {told.people["reviewer"], told.people["jim"]}
    assert caplog.text.count("a fault for person") == 2
    monkeypatch.undo()
    assert {each.asked_by for each in request_due_reports(now=told.now)} == {told.people["officer"]}


def test_same_schedule_sent_twice_is_set_up_once_and_its_name_is_taken(told: Told) -> None:
    schedule = set_up(told)
    assert set_up(told) == schedule
    assert Schedule.objects.count() == 1
    with pytest.raises(NotNow):
        set_up(told, day=2)
    copied = {
        name: getattr(schedule, name) for name in ("cycle", "name", "export_format", "query", "made_by")
    }
    with pytest.raises(IntegrityError, match="schedule_name_once"), transaction.atomic():
        Schedule.objects.create(**copied, day_of_month=1, made_at=told.now)
    stop_schedule(schedule, actor=told.people["reviewer"], now=told.now)
    set_up(told, day=2)


def test_stopped_schedule_makes_nothing_more(told: Told, clock: Clock) -> None:
    schedule = set_up(told)
    stop_schedule(schedule, actor=told.people["administrator"], now=told.now)
    stop_schedule(schedule, actor=told.people["reviewer"], now=told.now)
    assert turn_on(told, clock, "2023-10-01 08:00") == []
    schedule.refresh_from_db()
    assert schedule.stopped_by == told.people["administrator"]
    assert Event.objects.filter(action="schedule.stopped").count() == 1


def test_closed_cycle_makes_nothing_and_takes_no_schedule(told: Told, clock: Clock) -> None:
    set_up(told)
    close_cycle(told.cycle, reason="Tamat.", actor=told.people["administrator"], now=told.now)
    with pytest.raises(NotNow):
        set_up(told, name="Lain")
    assert turn_on(told, clock, "2023-10-01 08:00") == []


def test_schedule_is_on_record_with_its_readers(told: Told) -> None:
    schedule = set_up(told, "officer", "reviewer")
    event = Event.objects.get(action="schedule.made")
    assert (event.object_id, event.label) == (str(schedule.pk), "Bulanan")
    assert event.after is not None
    assert event.after["day_of_month"] == 1
    assert told.people["officer"].name in event.after["readers"]


def test_schedule_that_cannot_be_is_refused(told: Told) -> None:
    for about, by in (
        ({"name": " "}, "reviewer"),
        ({"name": "x" * 61}, "reviewer"),
        ({"day": 0}, "reviewer"),
        ({"day": 29}, "reviewer"),
        ({"export_format": ExportFormat.COUNCIL}, "officer"),
        ({"export_format": ExportFormat.PACK}, "observer"),
    ):
        with pytest.raises(NotNow):
            set_up(told, by, **about)
    values = {**monthly(told), "cycle": told.cycle, "actor": told.people["reviewer"], "now": told.now}
    gone = UserFactory(is_active=False)
    for readers in ([], [gone], [gone, told.people["officer"]]):
        with pytest.raises(NotNow):
            create_schedule("Bulanan", readers=readers, **values)
    assert not Schedule.objects.exists()


def test_schedule_is_maposs_alone(told: Told) -> None:
    schedule = set_up(told)
    values = {**monthly(told), "cycle": told.cycle, "readers": [told.people["officer"]]}
    for acting in ({"actor": told.people[by], "now": told.now} for by in ("officer", "observer")):
        with pytest.raises(NotAllowed):
            create_schedule("Lain", **values, **acting)
        with pytest.raises(NotAllowed):
            stop_schedule(schedule, **acting)
