"""Monthly summaries: MAPO sets one up and stops it; every turn has made what its day of the month brings."""

from __future__ import annotations

import logging
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, datetime
from urllib.parse import parse_qsl, urlencode

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.texts import seen_line
from audit.clock import local_date
from audit.errors import DomainError, NotNow
from audit.services import record
from recommendations.models import Cycle
from recommendations.services.checks import held_open_cycle, require
from reports.models import Report, Schedule, ScheduleReader
from reports.models.saved_selection import NAME_LENGTH
from reports.months import FIRST_DAY, LAST_DAY, due_day, end_of_month_before
from reports.permissions import may_ask_for
from reports.services.asking import ask_for_reader
from reports.states import FORMATS, ExportFormat
from reports.summary.selection import Selection, saved_selection

logger = logging.getLogger(__name__)

#: Stands for the last day of the month before: nothing that was accepted until then is told again.
_MONTH = "month"


@dataclass(frozen=True, slots=True)
class Monthly:
    """What is to be made every month: a selection, whose day is not kept, as a paper, on a day of the month.

    `is_month_alone`: it tells only what was accepted in the month that it is about.
    """

    selection: Selection
    paper: ExportFormat
    day_of_month: int
    is_month_alone: bool = False

    @property
    def query(self) -> str:
        """The selection as it is kept: without its day, and with no fixed day to begin from."""
        depths = FORMATS[self.paper].depths
        selection = (
            self.selection if self.selection.depth in depths else replace(self.selection, depth=depths[0])
        )
        kept = {name: value for name, value in selection.as_query().items() if name not in ("day", "since")}
        return urlencode(kept | ({"since": _MONTH} if self.is_month_alone else {}))


@transaction.atomic
def make_schedule(
    name: str, *, monthly: Monthly, cycle: Cycle, readers: Collection[User], actor: User, now: datetime
) -> Schedule:
    """Set up a monthly summary for these people; it begins with its next day. Sent twice, it is set up once.

    Raises `NotAllowed` for everybody but MAPO, `NotNow` where the cycle is closed, the name is missing, too long or
    taken by another that runs, the day is in no month, or a reader cannot sign in or may not have such a paper.
    """
    require(actor.is_active and actor.is_mapo)
    held = held_open_cycle(Cycle.objects.select_for_update(no_key=True).get(pk=cycle.pk))
    name = _fitting_name(name)
    if not FIRST_DAY <= monthly.day_of_month <= LAST_DAY:
        raise NotNow(_("Choose a day from 1 to 28: every month has those."))
    people = _fitting_readers(readers, paper=monthly.paper)
    running = Schedule.objects.filter(cycle=held, name=name, stopped_at=None).first()
    if running is not None:
        return _same_one(running, monthly=monthly, people=people)
    schedule = Schedule.objects.create(
        name=name,
        cycle=held,
        paper=monthly.paper,
        query=monthly.query,
        day_of_month=monthly.day_of_month,
        made_by=actor,
        made_at=now,
    )
    ScheduleReader.objects.bulk_create(ScheduleReader(schedule=schedule, user=person) for person in people)
    after = {
        "paper": schedule.paper,
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


def turn(*, now: datetime) -> list[Report]:
    """Ask for every summary whose day has come this month and that is not there yet; what was asked for.

    Idempotent, and safe beside another turn. What a missed turn left, the next one of the month does. Readers who
    cannot sign in, may not have the paper, or see nothing of the selection are passed by until they can; so is whoever's
    summary a fault keeps from being asked for, which is logged.
    """
    asked = []
    for schedule in Schedule.objects.running().select_related("cycle"):
        day = day_due(schedule, today=local_date(now))
        if day is None:
            continue
        for reader in readers_left(schedule, day=day):
            report = _ask_or_log(schedule, reader, day=day, now=now)
            asked += [report] if report else []
    return asked


def day_due(schedule: Schedule, *, today: date) -> date | None:
    """The day as at which a summary is due this month; None before its day, or where that lies before the window."""
    due = due_day(schedule.day_of_month, today=today, since=local_date(schedule.made_at))
    day = end_of_month_before(today)
    return day if due and day >= schedule.cycle.window_start else None


def readers_left(schedule: Schedule, *, day: date) -> QuerySet[User]:
    """Readers who can sign in and for whom the summary of that day was not asked yet."""
    named = ScheduleReader.objects.filter(schedule=schedule, user=OuterRef("pk"))
    there = Report.objects.filter(schedule=schedule, asked_by=OuterRef("pk"), as_at=day)
    able = User.objects.active().exclude(joined_at=None)
    return able.filter(Exists(named), ~Exists(there)).select_related("agency").order_by("pk")


def selection_of(schedule: Schedule, *, day: date) -> Selection:
    """What it holds as at a day; for each reader it is lowered to their clearance."""
    query = dict(parse_qsl(schedule.query))
    if query.get("since") == _MONTH:
        query["since"] = end_of_month_before(day).isoformat()
    return saved_selection(urlencode({**query, "day": day.isoformat()}))


def is_month_alone(schedule: Schedule) -> bool:
    """Whether it tells only what was accepted in the month that it is about."""
    return dict(parse_qsl(schedule.query)).get("since") == _MONTH


def _ask_or_log(schedule: Schedule, reader: User, *, day: date, now: datetime) -> Report | None:
    """What fails for one reader keeps nobody else waiting."""
    try:
        return _ask(schedule, reader, day=day, now=now)
    except Exception:
        logger.exception("Monthly summary %s: a fault for person %s", schedule.pk, reader.pk)
        return None


@transaction.atomic
def _ask(schedule: Schedule, reader: User, *, day: date, now: datetime) -> Report | None:
    """Whoever stops the schedule waits for this; afterwards nothing is asked for."""
    locked = Schedule.objects.select_for_update(no_key=True, of=("self",)).running().filter(pk=schedule.pk)
    if not locked.exists():
        return None
    try:
        return ask_for_reader(
            selection_of(schedule, day=day).lowered_to(reader.clearance),
            paper=ExportFormat(schedule.paper),
            cycle=schedule.cycle,
            reader=reader,
            schedule=schedule,
            now=now,
        )
    except DomainError as refusal:
        logger.info("Monthly summary %s: nothing for person %s: %s", schedule.pk, reader.pk, refusal)
        return None


def _fitting_name(text: str) -> str:
    name = seen_line(text)
    if not name:
        raise NotNow(_("Give it a name. Nothing was set up."))
    if len(name) > NAME_LENGTH:
        raise NotNow(_("A name has up to %(limit)s characters. Shorten it.") % {"limit": NAME_LENGTH})
    return name


def _fitting_readers(readers: Collection[User], *, paper: ExportFormat) -> list[User]:
    able = User.objects.active().exclude(joined_at=None).filter(pk__in=[person.pk for person in readers])
    people = list(able.order_by("name", "pk"))
    if len(people) < len({person.pk for person in readers}):
        raise NotNow(_("Somebody whom you chose cannot sign in any more. Look at the readers again."))
    if not people:
        raise NotNow(_("Choose at least one reader."))
    if others := [person.name for person in people if not may_ask_for(person, paper)]:
        raise NotNow(
            _("This paper is not made for %(names)s. Take them out, or choose another paper.")
            % {"names": ", ".join(others)}
        )
    return people


def _same_one(running: Schedule, *, monthly: Monthly, people: list[User]) -> Schedule:
    """The one that runs, where it is the very same; a second of its name would be told from it by nobody."""
    same = (running.paper, running.query, running.day_of_month) == (
        monthly.paper,
        monthly.query,
        monthly.day_of_month,
    )
    readers = set(running.readers.values_list("user_id", flat=True))
    if not same or readers != {person.pk for person in people}:
        raise NotNow(
            _("A monthly summary of this name runs already. Choose another name, or stop that one first.")
        )
    return running
