"""The monthly summaries as MAPO sees them: when each is made next, for whom, and the newest report of each reader."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta

from django.db.models import Prefetch
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from accounts.models import User
from audit.clock import local_date
from evidence.display import Badge
from reports.models.report import Report
from reports.models.schedule import Schedule, ScheduleReader
from reports.months import due_day, end_of_month_before, next_day
from reports.permissions import may_ask_for
from reports.queries.signs import state_sign
from reports.states import ExportFormat
from reports.summary.content import count_items
from reports.summary.monthly import is_month_alone, monthly_selection
from reports.summary.statement import selection_words
from ui import dates


@dataclass(frozen=True, slots=True)
class ScheduleReaderRow:
    """One reader: the newest report that was requested for them, and why the one that is due is not there."""

    person: User
    report: Report | None
    reason: str

    @property
    def sign(self) -> Badge | None:
        return state_sign(self.report) if self.report else None


@dataclass(frozen=True, slots=True)
class ScheduleRow:
    """One schedule; `next_on` is None when it has ended."""

    schedule: Schedule
    words: str
    readers: list[ScheduleReaderRow]
    next_on: date | None
    next_as_at: date | None

    @property
    def ended(self) -> str:
        """Why it has ended; empty while it runs."""
        schedule = self.schedule
        if schedule.stopped_at and schedule.stopped_by:
            words = {"name": schedule.stopped_by.name, "day": dates.day(schedule.stopped_at)}
            return _("Stopped by %(name)s on %(day)s") % words
        return _("Its cycle is closed") if self.next_on is None else ""


@dataclass(frozen=True, slots=True)
class SchedulesPage:
    """The schedules that run, and those that have ended, each by name."""

    running: list[ScheduleRow]
    ended: list[ScheduleRow]


def read_schedules(*, today: date) -> SchedulesPage:
    """Return the page: three queries, and up to three more for each reader whose report is due and not there."""
    by_name = ScheduleReader.objects.select_related("user__agency").order_by("user__name", "user_id")
    people = Schedule.objects.select_related("cycle", "made_by", "stopped_by")
    schedules = list(people.prefetch_related(Prefetch("readers", by_name)))
    newest = _newest(schedules)
    lines = [_line(each, newest, today=today) for each in schedules]
    return SchedulesPage(
        running=[line for line in lines if line.next_on], ended=[line for line in lines if not line.next_on]
    )


def _newest(schedules: Iterable[Schedule]) -> dict[tuple[int | None, int], Report]:
    reports = Report.objects.filter(schedule__in=schedules)
    pair = ("schedule_id", "asked_by_id")
    rows = reports.order_by(*pair, "-as_at").distinct(*pair)
    return {(row.schedule_id, row.asked_by_id): row for row in rows}


def _line(
    schedule: Schedule,
    newest: dict[tuple[int | None, int], Report],
    *,
    today: date,
) -> ScheduleRow:
    runs = schedule.stopped_at is None and not schedule.cycle.is_closed
    next_on = _next_on(schedule, today=today) if runs else None
    due = schedule.day_due(today) if runs else None
    readers = []
    for link in schedule.readers.all():
        person, report = link.user, newest.get((schedule.pk, link.user_id))
        reason = _reason(schedule, person, report, due=due, runs=runs)
        readers.append(ScheduleReaderRow(person, report, reason))
    next_as_at = end_of_month_before(next_on) if next_on else None
    return ScheduleRow(schedule, _words(schedule, day=next_as_at or today), readers, next_on, next_as_at)


def _next_on(schedule: Schedule, *, today: date) -> date:
    """Return the next day on which a report is made: next month's where this month's has come."""
    since = local_date(schedule.made_at)
    has_come = due_day(schedule.day_of_month, today=today, since=since) is not None
    return next_day(schedule.day_of_month, today=today + timedelta(days=has_come), since=since)


def _words(schedule: Schedule, *, day: date) -> str:
    words = selection_words(replace(monthly_selection(schedule.query, day=day), since=None))
    if not is_month_alone(schedule.query):
        return words
    return pgettext("between parts", "; ").join([words, _("accepted in the month alone")])


def _reason(schedule: Schedule, person: User, report: Report | None, *, due: date | None, runs: bool) -> str:
    """Return why a reader has not got what is due; empty where they have, or nothing is due."""
    if not runs:
        return ""
    if not person.is_active:
        return _("Cannot sign in any more: nothing is made.")
    if not may_ask_for(person, ExportFormat(schedule.export_format)):
        return _("This format is no longer available to this person: nothing is made.")
    if due is None or (report and report.as_at >= due):
        return ""
    selection = monthly_selection(schedule.query, day=due).lowered_to(person.clearance)
    if not count_items(selection, cycle=schedule.cycle, reader=person):
        return _("They may not see anything in this selection as at %(day)s: nothing is made.") % {
            "day": dates.day(due)
        }
    return _("As at %(day)s: it is made within the hour.") % {"day": dates.day(due)}
