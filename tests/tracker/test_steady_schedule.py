"""A clock that jumps by an hour: the schedule neither stands still nor does anything twice."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from celery import Celery
from celery.beat import PersistentScheduler, ScheduleEntry

from tracker.celery import app as ours
from tracker.schedule import ClockSafeScheduler

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


@pytest.fixture
def begin(
    tmp_path: Path,
) -> Callable[[type[PersistentScheduler], timedelta], tuple[PersistentScheduler, list[str]]]:
    """Begin a schedule with one task a minute, which ran so long ago, and return it with what it starts."""

    def made(kind: type[PersistentScheduler], ago: timedelta) -> tuple[PersistentScheduler, list[str]]:
        app = Celery(broker="memory://", set_as_current=False)
        # Celery would add a cleaning at four in the morning, UTC.
        app.conf.result_expires = None
        app.conf.beat_schedule = {"turn": {"task": "turn", "schedule": MINUTE}}
        schedule = kind(app=app, schedule_filename=str(tmp_path / kind.__name__))
        started: list[str] = []
        schedule.apply_entry = lambda entry, producer=None: started.append(entry.name)
        for entry in schedule.schedule.values():
            entry.last_run_at = app.now() - ago
        return schedule, started

    return made


def entry_of(schedule: PersistentScheduler) -> ScheduleEntry:
    return next(entry for entry in schedule.schedule.values() if entry.name == "turn")


def turns(schedule: PersistentScheduler) -> float:
    """Take turns until there is nothing to start; return the pause."""
    while not (pause := schedule.tick()):
        continue
    return pause


def test_it_goes_on_after_the_clock_was_set_back(begin: Callable) -> None:
    schedule, started = begin(ClockSafeScheduler, -HOUR)
    assert 50 < turns(schedule) <= 60
    assert started == [], "it ran a moment ago"
    entry_of(schedule).last_run_at -= MINUTE
    schedule._heap = None
    turns(schedule)
    assert started == ["turn"]
    schedule.close()


def test_without_it_everything_stands_for_an_hour(begin: Callable) -> None:
    schedule, started = begin(PersistentScheduler, -HOUR)
    assert turns(schedule) > 60 and not started
    assert entry_of(schedule).is_due().next > 3000
    schedule.close()


def test_after_a_jump_ahead_each_task_starts_once(begin: Callable) -> None:
    schedule, started = begin(ClockSafeScheduler, HOUR)
    turns(schedule)
    turns(schedule)
    assert started == ["turn"]
    schedule.close()


def test_it_is_the_one_that_beat_keeps() -> None:
    assert ours.conf.beat_scheduler == "tracker.schedule:ClockSafeScheduler"
