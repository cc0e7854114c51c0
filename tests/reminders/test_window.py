"""A whole window, day by day: 20 agencies, 21 items, and people who act as they like. What the mails must never do.

After each planning the outbox equals the oracle's; each mail is held against what stands at the moment of sending.
"""

from __future__ import annotations

import os
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

import pytest
from django.core import mail
from django.db import connection
from pytest_django import Settings

from reminders.models import Delivery, PlanningRun, Reminder
from reminders.services.packing import pack
from reminders.services.planning import plan
from reminders.services.sending import send
from reminders.states import MailKind
from tests.conftest import Clock
from tests.reminders.course import Course
from tests.reminders.oracle import Concern, ReachedLevel, concerned
from tests.reminders.oracle_days import days_of
from tests.reminders.posts import dead_port, use_server
from tests.reminders.records import World, day_of, read_world
from tests.reminders.steps import Ledger, at

DAY = timedelta(days=1)
FIRST, LAST = date(2023, 4, 1), date(2024, 4, 15)
#: Most rest then; in some states people work.
WEEKEND = (5, 6)
#: When the beat comes, and at which of these times somebody's digest is due.
MORNING, NOON, EVENING = (8, 10), (13, 5), (17, 40)
NIGHT = (22, 0)
#: On these days the cycle is closed and opened again.
CLOSED = (date(2023, 12, 11), date(2023, 12, 18))
#: From the first of these days until before the last the mail server is away.
AWAY = (date(2023, 10, 10), date(2023, 10, 12))


@dataclass
class Window:
    """The course, the ledger that it must leave behind, and what was seen of the mails."""

    course: Course
    clock: Clock
    random: Random
    settings: Settings
    ledger: Ledger = field(default_factory=Ledger)
    world: World = field(default_factory=World)
    is_world_old: bool = True
    known: tuple[World | None, date, dict[Concern, ReachedLevel | None]] = (None, FIRST, {})
    digests: Counter[tuple[str, date]] = field(default_factory=Counter)
    mails: Counter[str] = field(default_factory=Counter)
    lines: int = 0
    last_planned: date | None = None

    def run(self) -> None:
        today = FIRST
        while today <= LAST:
            if self.random.random() < 0.02:
                today += self.random.randint(1, 3) * DAY
            self.day(today)
            today += DAY
        # What people did after the last planning is planned as well.
        self.tick(at(today, *MORNING))

    def day(self, today: date) -> None:
        self._close_or_reopen(today)
        if today.day == 1:
            analyze()
        is_away = AWAY[0] <= today < AWAY[1]
        if is_away:
            use_server(self.settings, dead_port())
        else:
            self.settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
        self.tick(at(today, *MORNING), acts=self.course.morning)
        if self.random.random() < 0.1:
            self.tick(at(today, *MORNING) + timedelta(minutes=1))
        if self.random.random() < 0.2:
            self.tick(at(today, *NOON))
        is_weekend = today.weekday() in WEEKEND
        self.tick(at(today, *EVENING), acts=None if is_weekend else self.course.afternoon)
        if not is_away:
            self._nothing_is_unsaid(today)
        if self.random.random() < 0.05:
            self.tick(at(today, *NIGHT))

    def tick(self, now: datetime, acts: Any = None) -> None:
        """The beat comes; people act between the packing and the sending, as the worst moment has it."""
        self.clock.move_to(now)
        world = self._world()
        plan(now=now)
        self.ledger.plan(self._concerned(day_of(now)), now)
        if (now.hour, now.minute) == EVENING:
            assert self.ledger.standing_differences() == []
        pack(now=now)
        if acts is not None:
            self.is_world_old |= acts(world, now)
        world = self._world()
        mail.outbox.clear()
        send(now=now)
        self._hold_against(world, now)

    def _close_or_reopen(self, today: date) -> None:
        for day, act in zip(CLOSED, (self.course.close, self.course.reopen), strict=True):
            if today == day:
                act(self.clock.move_to(at(day, 7)))
                self.is_world_old = True

    def _world(self) -> World:
        if self.is_world_old:
            self.world, self.is_world_old = read_world(self.world), False
        return self.world

    def _concerned(self, today: date) -> dict[Concern, ReachedLevel | None]:
        """What concerns whom now, calculated once for a world and a day."""
        world = self._world()
        if self.known[0] is not world or self.known[1] != today:
            self.known = (world, today, concerned(world, today))
        return self.known[2]

    # What the mails must never do

    def _hold_against(self, world: World, now: datetime) -> None:
        if not mail.outbox:
            return
        today, days, stands = day_of(now), days_of(world), self._concerned(day_of(now)).keys()
        deliveries, reminders = self._sent()
        for message in mail.outbox:
            delivery = deliveries[message.extra_headers["Message-ID"].strip("<>")]
            assert (7, 0) <= (now.hour, now.minute) < (18, 0)
            assert days.is_working(self._place_of(delivery, world), today)
            assert delivery.address == message.to[0]
            if delivery.kind == MailKind.DIGEST:
                self.digests[delivery.recipient, today] += 1
                assert self.digests[delivery.recipient, today] == 1
            said = reminders[delivery.pk]
            assert said
            assert {told for told, _is_muted in said} <= stands
            assert not any(is_muted for _told, is_muted in said)
            self.mails[delivery.kind] += 1
            self.lines += len(said)

    def _sent(self) -> tuple[dict[str, Delivery], dict[int, list[tuple[Concern, bool]]]]:
        """Return the mails that were just sent by Message-ID, and by mail what each said and whether it was muted."""
        ids = [message.extra_headers["Message-ID"].strip("<>") for message in mail.outbox]
        assert len(ids) == len(set(ids))
        deliveries = {row.message_id: row for row in Delivery.objects.filter(message_id__in=ids)}
        rows = Reminder.objects.order_by().filter(
            delivery__in=[row.pk for row in deliveries.values()], sent_at__isnull=False
        )
        reminders: dict[int, list[tuple[Concern, bool]]] = defaultdict(list)
        for delivery, is_muted, *told in rows.values_list("delivery", "is_muted", *Concern._fields):
            reminders[delivery].append((Concern._make(told), is_muted))
        return deliveries, reminders

    def _place_of(self, delivery: Delivery, world: World) -> str:
        if delivery.agency_id is not None:
            return world.offices[delivery.agency_id].place
        person = world.people[delivery.user_id]
        assert person.is_here
        return world.place_of(person)

    def _nothing_is_unsaid(self, today: date) -> None:
        """At the end of a working day: what was owed in its morning has gone, and what would be late tomorrow."""
        world, days = self._world(), days_of(self._world())
        morning = at(today, *MORNING)
        stands = self._concerned(today).keys()
        rows = Reminder.objects.open().order_by().filter(sent_at=None, is_muted=False)
        for row in rows.only("recipient", "matter", "due_on", "level", "user", "agency", "delivery"):
            place = self._place_of_row(row, world)
            if Concern(row.recipient, row.matter, row.due_on) not in stands or not days.is_working(
                place, today
            ):
                continue
            is_old = self.ledger.since[row.recipient, row.matter, row.due_on, row.level] <= morning
            would_be_late = today <= row.due_on < days.next_after(place, today)
            assert not (is_old or would_be_late), (today, row, row.delivery_id)

    def _place_of_row(self, row: Reminder, world: World) -> str:
        if row.agency_id is not None:
            return world.offices[row.agency_id].place
        return world.place_of(world.people[row.user_id])


def analyze() -> None:
    """Count the rows for PostgreSQL's planner, as autovacuum does in an installation; a year passes too fast for it."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


@pytest.mark.long
@pytest.mark.parametrize("seed", [2023])
def test_whole_window_day_by_day(real_db: object, clock: Clock, settings: Settings, seed: int) -> None:
    seed = int(os.environ.get("WINDOW_SEED", seed))
    course = Course(Random(seed))
    course.begin(clock.move_to(at(FIRST, 0, 30)))
    window = Window(course, clock, Random(seed + 1), settings)

    window.run()

    assert window.ledger.differences() == []
    assert window.mails[MailKind.DIGEST] > 1_000 and window.mails[MailKind.URGENT] > 20
    assert PlanningRun.objects.filter(late_count__gt=0).exists()
    print(window.mails, window.lines, len(window.ledger.rows), course.refused)
