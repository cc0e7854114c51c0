"""Monthly summaries: MAPO sets one up and stops it; an hourly task requests what is due."""

from __future__ import annotations

import logging
from collections.abc import Collection
from datetime import date, datetime

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.texts import visible_line
from audit.clock import local_date
from audit.errors import DomainError, NotNow
from audit.services import record
from recommendations.models import Cycle
from recommendations.saved_filters import NAME_LENGTH
from recommendations.services.checks import held_open_cycle, require
from reports.models.report import Report
from reports.models.schedule import Schedule, ScheduleReader
from reports.months import FIRST_DAY, LAST_DAY
from reports.permissions import may_ask_for
from reports.services.requests import request_report
from reports.states import ExportFormat
from reports.summary.monthly import MonthlyPlan, monthly_selection

logger = logging.getLogger(__name__)


@transaction.atomic
def create_schedule(
    name: str, *, plan: MonthlyPlan, cycle: Cycle, readers: Collection[User], actor: User, now: datetime
) -> Schedule:
    """Set up a monthly summary for these people, from its next day on. Sent twice, it is set up once.

    Raises `NotAllowed` for everybody but MAPO, `NotNow` where the cycle is closed, the name is missing, too long or
    taken by another that runs, the day is in no month, or a reader cannot sign in or may not have such a paper.
    """
    require(actor.is_active and actor.is_mapo)
    held = held_open_cycle(Cycle.objects.select_for_update(no_key=True).get(pk=cycle.pk))
    name = _valid_name(name)
    if not FIRST_DAY <= plan.day_of_month <= LAST_DAY:
        raise NotNow(_("Choose a day from 1 to 28: every month has those."))
    people = _valid_readers(readers, export_format=plan.export_format)
    running = Schedule.objects.filter(cycle=held, name=name, stopped_at=None).first()
    if running is not None:
        return _unless_different(running, plan=plan, people=people)
    schedule = Schedule.objects.create(
        name=name,
        cycle=held,
        export_format=plan.export_format,
        query=plan.query,
        day_of_month=plan.day_of_month,
        made_by=actor,
        made_at=now,
    )
    ScheduleReader.objects.bulk_create(ScheduleReader(schedule=schedule, user=person) for person in people)
    after = {
        "paper": schedule.export_format,
        "selection": schedule.query,
        "day_of_month": schedule.day_of_month,
        "readers": ", ".join(person.name for person in people),
    }
    record(action="schedule.made", actor=actor, obj=schedule, label=schedule.name, after=after, now=now)
    return schedule


@transaction.atomic
def stop_schedule(schedule: Schedule, *, actor: User, now: datetime) -> Schedule:
    """Stop it: nothing more is begun, what was made stays. Stopping twice stops once. `NotAllowed` but for MAPO."""
    require(actor.is_active and actor.is_mapo)
    row = Schedule.objects.select_for_update(no_key=True).get(pk=schedule.pk)
    if row.stopped_at is None:
        row.stopped_at, row.stopped_by = now, actor
        row.save(update_fields=["stopped_at", "stopped_by"])
        record(action="schedule.stopped", actor=actor, obj=row, label=row.name, now=now)
    return row


def request_due_reports(*, now: datetime) -> list[Report]:
    """Request every report whose day has come this month and that is not there yet. Return what was requested.

    Idempotent, and safe beside another run; a later run of the month makes up for a missed one. Readers who cannot sign
    in, may not have the format, or see nothing of the selection are passed by until they can; so is a reader for whom
    the request fails, which is logged.
    """
    requested = []
    for schedule in Schedule.objects.running().select_related("cycle"):
        day = schedule.day_due(local_date(now))
        if day is None:
            continue
        for reader in _readers_left(schedule, day=day):
            report = _request_or_log(schedule, reader, day=day, now=now)
            requested += [report] if report else []
    return requested


def _readers_left(schedule: Schedule, *, day: date) -> QuerySet[User]:
    """Return readers who can sign in and for whom the report of that day was not requested yet."""
    named = ScheduleReader.objects.filter(schedule=schedule, user=OuterRef("pk"))
    there = Report.objects.filter(schedule=schedule, asked_by=OuterRef("pk"), as_at=day)
    able = User.objects.active().exclude(joined_at=None)
    return able.filter(Exists(named), ~Exists(there)).select_related("agency").order_by("pk")


def _request_or_log(schedule: Schedule, reader: User, *, day: date, now: datetime) -> Report | None:
    """Request a report, or log why that fails: nobody else waits for it. Return the report, if any."""
    try:
        return _request(schedule, reader, day=day, now=now)
    except Exception:
        logger.exception("Monthly summary %s: a fault for person %s", schedule.pk, reader.pk)
        return None


@transaction.atomic
def _request(schedule: Schedule, reader: User, *, day: date, now: datetime) -> Report | None:
    """Request a report, unless the schedule was stopped or refuses this reader. Return the report, if any."""
    locked = Schedule.objects.select_for_update(no_key=True, of=("self",)).running().filter(pk=schedule.pk)
    if not locked.exists():
        return None
    try:
        return request_report(
            monthly_selection(schedule.query, day=day).lowered_to(reader.clearance),
            export_format=ExportFormat(schedule.export_format),
            cycle=schedule.cycle,
            actor=reader,
            schedule=schedule,
            now=now,
        )
    except DomainError as refusal:
        logger.info("Monthly summary %s: nothing for person %s: %s", schedule.pk, reader.pk, refusal)
        return None


def _valid_name(text: str) -> str:
    """Return the name as it is stored. Raises NotNow when it is empty or too long."""
    name = visible_line(text)
    if not name:
        raise NotNow(_("Give it a name. Nothing was set up."))
    if len(name) > NAME_LENGTH:
        raise NotNow(_("A name has up to %(limit)s characters. Shorten it.") % {"limit": NAME_LENGTH})
    return name


def _valid_readers(readers: Collection[User], *, export_format: ExportFormat) -> list[User]:
    """Return the readers by name. Raises NotNow when one cannot sign in or may not have the format, or there is none."""
    able = User.objects.active().exclude(joined_at=None).filter(pk__in=[person.pk for person in readers])
    people = list(able.order_by("name", "pk"))
    if len(people) < len({person.pk for person in readers}):
        raise NotNow(_("Somebody whom you chose cannot sign in any more. Look at the readers again."))
    if not people:
        raise NotNow(_("Choose at least one reader."))
    if others := [person.name for person in people if not may_ask_for(person, export_format)]:
        raise NotNow(
            _("This paper is not made for %(names)s. Take them out, or choose another paper.")
            % {"names": ", ".join(others)}
        )
    return people


def _unless_different(running: Schedule, *, plan: MonthlyPlan, people: list[User]) -> Schedule:
    """Return the schedule that runs under the name. Raises NotNow when it is another than the one asked for."""
    same = (running.export_format, running.query, running.day_of_month) == (
        plan.export_format,
        plan.query,
        plan.day_of_month,
    )
    readers = set(running.readers.values_list("user_id", flat=True))
    if not same or readers != {person.pk for person in people}:
        raise NotNow(
            _("A monthly summary of this name runs already. Choose another name, or stop that one first.")
        )
    return running
