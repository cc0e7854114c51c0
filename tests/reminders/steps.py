"""Helpers of the planning tests: days, plannings, and the comparison of the outbox with the oracle."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date, datetime, time, timedelta

from django.db import connection

from accounts.models import User
from accounts.services.people import deactivate_person
from benchmarks.children.plans import explained, statements_of
from recommendations.models import Assignment
from recommendations.services import change_assignment
from reminders.models import PlanningRun, Reminder
from reminders.queries.bell import Bell
from reminders.services.planning import plan
from tests.conftest import Clock
from tests.recommendations.conftest import Desk
from tests.reminders.oracle import Concern, ReachedLevel, concerned
from tests.reminders.records import KUALA_LUMPUR, day_of, read_world

#: The desk's assignment is next due on a Saturday in October.
DUE = date(2023, 10, 14)
#: The working day before and after it, in Putrajaya.
FRIDAY, MONDAY = date(2023, 10, 13), date(2023, 10, 16)
DAY = timedelta(days=1)


def at(day: date, hour: int = 8, minute: int = 0) -> datetime:
    """Return an instant of a day in Kuala Lumpur."""
    return datetime.combine(day, time(hour, minute), tzinfo=KUALA_LUMPUR)


def planned_on(clock: Clock, day: date, hour: int = 8) -> PlanningRun:
    """Plan on a day to which the clock moves, and compare the outbox with the oracle."""
    now = clock.move_to(at(day, hour))
    return planned(now)


def planned(now: datetime) -> PlanningRun:
    """Plan, and compare the open reminders with what is due by the oracle."""
    done = plan(now=now)
    world, today = read_world(), day_of(now)
    expected = {(*told, reached.level) for told, reached in concerned(world, today).items() if reached}
    standing = {row.key for row in rows() if row.is_standing}
    assert expected <= standing
    assert {Concern(*key[:3]) for key in standing} <= concerned(world, today).keys()
    return done


def due_on(assignment: Assignment, day: date | None, desk: Desk, now: datetime) -> None:
    """Set when the next update is due, as MAPO."""
    assignment = Assignment.objects.get(pk=assignment.pk)
    facts = {name: getattr(assignment, name) for name in ("role", "due_on", "cadence_days")}
    change_assignment(assignment, **facts, next_due_on=day, actor=desk.reviewer, now=now)


def recipients() -> set[str]:
    """Return who has an open reminder."""
    return set(Reminder.objects.open().values_list("recipient", flat=True))


def names(*people: User) -> set[str]:
    """Return these people as recipients."""
    return {f"person:{person.pk}" for person in people}


def leave(person: User, desk: Desk) -> None:
    """Deactivate the person."""
    deactivate_person(person, reason="Bersara.", actor=desk.administrator, now=desk.now)


def mapo(desk: Desk) -> set[str]:
    """Return all of MAPO as recipients."""
    return names(desk.reviewer, desk.second_reviewer, desk.administrator)


def told(person: User) -> list[str]:
    """Return the open reminders of a person, as "update_due -3", in order."""
    mine = Reminder.objects.open().filter(user=person).order_by("what", "level", "pk")
    return [f"{row.what} {row.level}" for row in mine]


@dataclass
class Row:
    """A reminder, as both the oracle and the table have it."""

    recipient: str
    matter: str
    due_on: date
    level: int
    send_on: date
    step: str
    is_escalation: bool
    is_urgent: bool
    is_muted: bool
    in_place_of: int | None
    is_standing: bool = True

    @property
    def key(self) -> tuple[str, str, date, int]:
        return self.recipient, self.matter, self.due_on, self.level


def rows() -> Iterator[Row]:
    """Return the rows of the table that rules have planned."""
    names = [name for name in Row.__dataclass_fields__ if name not in ("in_place_of", "is_standing")]
    for *values, in_place_of, settled_at in Reminder.objects.filter(nudge=None).values_list(
        *names, "in_place_of_id", "settled_at"
    ):
        yield Row(*values, in_place_of, settled_at is None)


def plan_of_bell(person: User) -> str:
    """Return how PostgreSQL counts what a person's bell shows if it may use indexes only; one statement."""
    (statement,) = statements_of(lambda: Bell(person).count)
    with connection.cursor() as cursor:
        # Counted anew: what another test left of this table's statistics would choose the plan.
        cursor.execute("ANALYZE reminders_reminder")
        for habit in ("enable_seqscan", "enable_bitmapscan"):
            cursor.execute(f"SET LOCAL {habit} = off")
    return "\n".join(explained(statement, "EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF) "))


class Ledger:
    """What the outbox must hold, derived from planning to planning by the rules alone."""

    def __init__(self) -> None:
        self.rows: dict[tuple[str, str, date, int], Row] = {}
        self.standing: dict[Concern, list[Row]] = {}
        #: What concerned whom at the last planning. As long as nothing changes, there is nothing to settle or to add.
        self.planned: dict[Concern, ReachedLevel | None] = {}
        #: Since when a row stands, or stands again.
        self.since: dict[tuple[str, str, date, int], datetime] = {}

    def plan(self, now: dict[Concern, ReachedLevel | None], instant: datetime) -> None:
        """Settle what concerns nobody any more; add, or open again, what each recipient has reached."""
        if now is self.planned:
            return
        self.planned = now
        for told in self.standing.keys() - now.keys():
            for row in self.standing.pop(told):
                row.is_standing = False
        for told, reached in now.items():
            if reached is None:
                continue
            row = self.rows.setdefault(
                (*told, reached.level), Row(*told, **reached._asdict(), is_standing=False)
            )
            if not row.is_standing:
                row.is_standing = True
                self.since[row.key] = instant
                self.standing.setdefault(told, []).append(row)

    def standing_differences(self) -> list[str]:
        """Return where the open rows of the table differ, in words; quicker than `differences`."""
        expected = {row.key for found in self.standing.values() for row in found}
        found = set(
            Reminder.objects.open().filter(nudge=None).values_list("recipient", "matter", "due_on", "level")
        )
        return [f"{key}: {'missing' if key in expected else 'too much'}" for key in expected ^ found]

    def differences(self) -> list[str]:
        """Return where the table differs, in words."""
        found = {row.key: row for row in rows()}
        return [
            f"{key}: expected {_words(self.rows.get(key))}, found {_words(found.get(key))}"
            for key in sorted(self.rows.keys() | found.keys())
            if self.rows.get(key) != found.get(key)
        ]


def _words(row: Row | None) -> str:
    return str(asdict(row)) if row else "nothing"
