"""Two turns at the same moment, and a stop beside them: one summary for each reader and month, or none."""

from __future__ import annotations

from reports.models import Report
from reports.services.requests import request_due_reports
from reports.services.schedules import create_schedule, stop_schedule
from tests.conftest import Clock, WorkerDatabase
from tests.recommendations.at_once import at_once
from tests.reports.conftest import kuala_lumpur, make_told
from tests.reports.test_schedules import monthly, set_up


def test_two_turns_at_once_make_one_for_each_reader_and_none_beside_a_stop(
    real_db: WorkerDatabase, clock: Clock
) -> None:
    told = make_told(clock)
    schedule = set_up(told, "reviewer", "officer", "jim")
    now = clock.move_to(kuala_lumpur("2023-10-01 08:00"))
    outcomes = at_once(*[lambda: request_due_reports(now=now)] * 3)
    assert all(isinstance(each, list) for each in outcomes)
    assert Report.objects.count() == 3
    now = clock.move_to(kuala_lumpur("2023-11-01 08:00"))
    at_once(
        lambda: request_due_reports(now=now),
        lambda: stop_schedule(schedule, actor=told.people["administrator"], now=now),
    )
    made = Report.objects.count()
    assert request_due_reports(now=now) == []
    assert Report.objects.count() == made


def test_schedule_sent_twice_at_once_is_set_up_once(real_db: WorkerDatabase, clock: Clock) -> None:
    told = make_told(clock)
    wanted = monthly(told)

    def send() -> int:
        return create_schedule(
            "Bulanan",
            **wanted,
            cycle=told.cycle,
            readers=[told.people["officer"]],
            actor=told.people["reviewer"],
            now=told.now,
        ).pk

    assert len(set(at_once(send, send, send))) == 1
