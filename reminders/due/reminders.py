"""What would be said to whom on a day, or next by one rule, read from what is recorded now."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from heapq import nsmallest
from itertools import chain, product
from typing import NamedTuple

from accounts.models import Agency, StandIn, User
from recommendations.queries.sql import fetch_rows
from reminders.due.calendar import BEHIND, WorkCalendars, day_parameters
from reminders.due.preview_tables import PreviewRule, PreviewTables
from reminders.due.sql import due_relations, planning_relations
from reminders.kinds import RULED_BY

#: What is unique in the outbox: recipient, matter, due date and level.
ReminderKey = tuple[str, str, date, int]


class DueReminder(NamedTuple):
    """One reminder that a planning would add. The fields are those of `Reminder` of the same names."""

    recipient: str
    user_id: int | None
    agency_id: int | None
    matter: str
    what: str
    due_on: date
    level: int
    step: str
    is_escalation: bool
    is_urgent: bool
    is_muted: bool
    in_place_of_id: int | None
    cycle_id: int
    about_id: int | None
    assignment_id: int | None
    update_id: int | None
    action_id: int | None
    month: date | None
    rule_id: int
    send_on: date

    @property
    def key(self) -> ReminderKey:
        """What is unique in the outbox."""
        return self.recipient, self.matter, self.due_on, self.level


#: The columns of the table, and of the relation `highest`, in the order of `DueReminder`.
REMINDER_COLUMNS = ", ".join("rung" if name == "level" else name for name in DueReminder._fields)
DUE_COLUMNS = ", ".join("mailbox_id" if name == "agency_id" else name for name in DueReminder._fields)

_ON_THE_DAY = "highest.send_on = %(today)s::date"
_NOT_YET_SAID = """highest.level IS NOT NULL AND NOT EXISTS (
    SELECT FROM reminders_reminder reminder
    WHERE reminder.recipient = highest.recipient AND reminder.matter = highest.matter
      AND reminder.due_on = highest.due_on AND reminder.rung = highest.level
      AND (reminder.settled_at IS NULL OR reminder.sent_at IS NOT NULL))"""


def due_reminders(
    day: date,
    *,
    exactly: bool,
    supposed: PreviewTables | None = None,
    calendars: WorkCalendars | None = None,
) -> Iterator[DueReminder]:
    """Yield what a planning on the day would say; nothing is written. Two queries, with `calendars` one.

    `exactly`: what falls on that very day, whether or not it was said. Otherwise what a planning would add: what was
    reached by then and is neither in the outbox nor was sent. With a supposed rule, only what that rule would say: what
    other rules of the cycle say sooner, or to more people, is theirs.
    """
    supposed = supposed or PreviewTables()
    parameters = day_parameters(day, calendars=calendars or WorkCalendars.load()) | supposed.parameters
    conditions = [_ON_THE_DAY if exactly else _NOT_YET_SAID]
    if supposed.rule is not None:
        conditions.append("rule_id = %(rule_id)s")
    statement = f"""WITH {planning_relations(supposed.relations)}
        SELECT {DUE_COLUMNS} FROM highest WHERE {" AND ".join(conditions)} ORDER BY recipient, due_on, matter"""  # noqa: S608 - the words are ours
    yield from map(DueReminder._make, fetch_rows(statement, parameters))


def due_dates(rule: PreviewRule, *, today: date) -> list[date]:
    """Return the dates from which a rule counts: of every matter of its kind that stands in its cycle. One query."""
    supposed = PreviewTables(rule)
    what = rule.values.what
    kinds = [what, *(kind for kind, by in RULED_BY.items() if by == what)]
    statement = f"""WITH {due_relations(supposed.relations)}
        SELECT DISTINCT due_on FROM dues WHERE what = ANY(%(rule_kinds)s) AND cycle_id = %(rule_cycle)s ORDER BY due_on"""  # noqa: S608 - the words are ours
    return [
        day for (day,) in fetch_rows(statement, supposed.parameters | {"today": today, "rule_kinds": kinds})
    ]


#: So many days are asked for at most, none of them later than this.
MOST_DAYS = 12
HORIZON = timedelta(days=400)


@dataclass(frozen=True)
class ComingDay:
    """A day and what plannings up to it would add, if nothing changes until then."""

    day: date
    rows: list[DueReminder]


@dataclass(frozen=True)
class ComingReminders:
    """The next days of a rule with their reminders; `asked_until` is the last day that was looked at.

    `passed_by` are reminders that somebody would get in these days who cannot sign in, or is not cleared for them.
    `has_more`: there may be later days.
    """

    days: list[ComingDay]
    passed_by: list[DueReminder]
    asked_until: date
    has_more: bool


def coming_reminders(rule: PreviewRule, *, today: date, enough: int) -> ComingReminders:
    """Return what a rule would say from today on, day by day, until `enough` recipients are found.

    Each day is asked of the planning's own statement (`due_reminders`), so what is said of a day is what the planning
    adds on it: what earlier days have added is left out. At most `MOST_DAYS` + 6 queries.
    """
    calendars = WorkCalendars.load()
    wanted = _days_to_ask(rule, calendars, today=today)
    days: list[ComingDay] = []
    added: set[ReminderKey] = set()
    found, day = 0, today
    for day in wanted[:MOST_DAYS]:
        rows = due_reminders(day, exactly=False, supposed=PreviewTables(rule), calendars=calendars)
        fresh = [row for row in rows if row.key not in added]
        added.update(row.key for row in fresh)
        days.append(ComingDay(day, fresh))
        found += len({row.recipient for row in fresh})
        if found >= enough:
            break
    everybody = PreviewTables(rule, everybody=True)
    told = {(recipient, matter) for recipient, matter, _due_on, _level in added}
    could_be = due_reminders(day, exactly=False, supposed=everybody, calendars=calendars)
    return ComingReminders(
        days=[each for each in days if each.rows],
        passed_by=[row for row in could_be if (row.recipient, row.matter) not in told],
        asked_until=day,
        has_more=day < wanted[-1],
    )


def _days_to_ask(rule: PreviewRule, calendars: WorkCalendars, *, today: date) -> list[date]:
    """Return today and the days on which something may be reached for the first time, in order.

    These are the days of the rule's levels anywhere, and those on which somebody begins to stand in.
    """
    values, last = rule.values, today + HORIZON
    dates = [day for day in due_dates(rule, today=today) if today - BEHIND <= day <= last]
    starts = [
        day for day in (values.first_days, values.coordinator_days, values.mapo_days) if day is not None
    ]
    levels = chain.from_iterable(
        calendars[place].days_of_levels(
            due_on, start, every=values.every_days, times=values.times, since=today, most=MOST_DAYS + 1
        )
        for place, due_on, start in product(_places(), dates, starts)
    )
    days = {today, *levels, *_stand_ins_begin(today)}
    return nsmallest(MOST_DAYS + 1, (day for day in days if day <= last))


def _places() -> set[str]:
    """Return the places where anybody works. Two queries."""
    people = User.objects.active().exclude(place="").order_by()
    return {
        *people.values_list("place", flat=True),
        *Agency.objects.order_by().values_list("place", flat=True),
    }


def _stand_ins_begin(today: date) -> list[date]:
    """Return the days after today on which a stand-in begins. One query."""
    coming = StandIn.objects.standing(today).filter(from_on__gt=today)
    return list(coming.order_by().values_list("from_on", flat=True).distinct())
