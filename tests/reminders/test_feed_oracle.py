"""Random months: each calendar always holds what its reader would be reminded of, and only moves forward."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from random import Random

import pytest

from accounts.models import StandIn, User
from accounts.roles import AGENCY_ROLES
from accounts.services.people import (
    change_person,
    deactivate_person,
    move_person,
    name_acting,
    reactivate_person,
)
from audit.errors import DomainError
from cycles.services import close_cycle, reopen_cycle
from recommendations.models import Action, Assignment, Update
from recommendations.services import (
    accept_update,
    assign_agency,
    cancel_action,
    change_assignment,
    end_assignment,
    finish_action,
    name_officers,
    plan_action,
    return_update,
    withdraw_update,
)
from recommendations.states import Status
from tests.conftest import Clock
from tests.factories.recommendations import make_item, make_submission
from tests.recommendations.conftest import Desk
from tests.reminders.feeds import Subscriber
from tests.reminders.oracle import Matter, audience, matters
from tests.reminders.records import World, day_of, read_world

pytestmark = pytest.mark.long

KINDS = ("update_due", "final_due", "action_due", "resubmit_due")


class Company:
    """Two agencies, their people, and something that one of them does next."""

    def __init__(self, desk: Desk, random: Random) -> None:
        self.desk, self.random = desk, random
        self.people = [desk.officer, desk.colleague, desk.coordinator, desk.outsider]
        desk.cycle.refresh_from_db()
        for number, agency in ((2, desk.agency), (3, desk.other_agency)):
            item = make_item(desk.cycle, number=number)
            assign_agency(item, agency=agency, role="lead", actor=desk.administrator, now=desk.now)

    def act(self, now: datetime) -> None:
        """One random act; what the house refuses does not happen."""
        acts: list[Callable[[datetime], object]] = [
            self.submit, self.submit, self.decide, self.decide, self.withdraw, self.change, self.name, self.name,
            self.come_or_go, self.move, self.steer, self.stand_in, self.step, self.step, self.end, self.cycle,
        ]  # fmt: skip
        try:
            self.random.choice(acts)(now)
        except DomainError:
            return

    def _person(self) -> User:
        return User.objects.select_related("agency").get(pk=self.random.choice(self.people).pk)

    def _assignment(self) -> Assignment:
        return self.random.choice(list(Assignment.objects.select_related("item__cycle", "agency")))

    def _day(self, now: datetime) -> date:
        return day_of(now) + timedelta(days=self.random.randint(1, 60))

    def submit(self, now: datetime) -> None:
        make_submission(self._assignment(), actor=self._person(), now=now)

    def decide(self, now: datetime) -> None:
        for update in (
            Update.objects.filter(state="submitted")
            .order_by("submitted_at", "pk")
            .select_related("assignment")
        ):
            submission = update.newest_submission
            assert submission
            about = {"actor": self.desk.reviewer, "now": now}
            if self.random.random() < 0.5:
                return_update(submission, reason="Bukti", resubmit_by=self._day(now), **about)
            else:
                status, percent = self.random.choice([(Status.DONE, 100), (Status.PROGRESS, 50)])
                accept_update(submission, status=status, percent=percent, reason="Ya", **about)
            return

    def withdraw(self, now: datetime) -> None:
        for update in Update.objects.open().exclude(state="draft"):
            withdraw_update(update, revision=update.revision, actor=self._person(), now=now)
            return

    def change(self, now: datetime) -> None:
        assignment = self._assignment()
        change_assignment(
            assignment, role=assignment.role, due_on=self._day(now), cadence_days=None,
            next_due_on=self._day(now), actor=self.desk.reviewer, now=now,
        )  # fmt: skip

    def name(self, now: datetime) -> None:
        people = self.random.sample(self.people, self.random.randint(0, 2))
        officers = [User.objects.get(pk=person.pk) for person in people]
        name_officers(self._assignment(), officers=officers, actor=self.desk.administrator, now=now)

    def come_or_go(self, now: datetime) -> None:
        person = self._person()
        act = deactivate_person if person.is_active and self.random.random() < 0.5 else reactivate_person
        act(person, reason="Cuti", actor=self.desk.administrator, now=now)

    def move(self, now: datetime) -> None:
        agency = self.random.choice([self.desk.agency, self.desk.other_agency])
        move_person(self._person(), agency=agency, actor=self.desk.administrator, now=now)

    def steer(self, now: datetime) -> None:
        person = self._person()
        if self.random.random() < 0.5:
            name_acting(person, is_acting=not person.is_acting, actor=self.desk.administrator, now=now)
            return
        role = self.random.choice(["officer", "coordinator", "observer"])
        change_person(
            person, name=person.name, role=role, clearance=1, actor=self.desk.administrator, now=now
        )

    def stand_in(self, now: datetime) -> None:
        absent, colleague = self.random.sample(self.people, 2)
        StandIn.objects.create(
            absent=absent, colleague=colleague, from_on=day_of(now), until_on=self._day(now),
            named_by=self.desk.coordinator, named_at=now,
        )  # fmt: skip

    def step(self, now: datetime) -> None:
        planned = list(Action.objects.planned().select_related("assignment"))
        about = {"actor": self._person(), "now": now}
        if not planned or self.random.random() < 0.6:
            plan_action(
                self._assignment(), text="Langkah", owner=self._person(), due_on=self._day(now), **about
            )
        elif self.random.random() < 0.5:
            finish_action(self.random.choice(planned), done_on=day_of(now), **about)
        else:
            cancel_action(self.random.choice(planned), reason="Tidak", **about)

    def end(self, now: datetime) -> None:
        if self.random.random() < 0.2:
            end_assignment(self._assignment(), reason="Tamat", actor=self.desk.reviewer, now=now)

    def cycle(self, now: datetime) -> None:
        act, cycle = self.random.choice([close_cycle, reopen_cycle, reopen_cycle]), self.desk.cycle
        act(cycle, reason="Ya", actor=self.desk.administrator, now=now)


def reminded_of(person: User, world: World, today: date) -> dict[str, date]:
    """What the ladder of the reminders tells this person as one who answers for it, or who coordinates."""
    found: dict[str, date] = {}
    for matter in _dates(world):
        told = [
            one.recipient
            for step in ("responsible", "coordinator")
            for one in audience(world, matter, step, today)
            if one.step != "mapo"
        ]
        if f"person:{person.pk}" in told:
            number = matter.tasks[0].pk if matter.what == "resubmit_due" else matter.name.split(":")[1]
            found[f"{matter.what}-{number}"] = matter.due_on
    return found


def _dates(world: World) -> Iterator[Matter]:
    """As the reminders have it, but that the last day stays while MAPO decides, and a moved date holds."""
    for matter in matters(world):
        if matter.what == "resubmit_due":
            moved = matter.tasks[0].next_due_on
            if moved:
                yield matter._replace(due_on=moved)
        elif matter.what in KINDS:
            yield matter
    waiting = {report.task for report in world.reports if report.state == "submitted"}
    for task in world.tasks.values():
        if task.pk in waiting and task.due_on and not task.is_done:
            name = f"final_due:{task.pk}"
            yield Matter(name, "final_due", task.cycle, task.due_on, task.agency, (task,))


@pytest.mark.parametrize("seed", range(3))
def test_calendars_hold_what_their_readers_are_reminded_of(
    desk: Desk, clock: Clock, now: datetime, seed: int
) -> None:
    random = Random(seed)
    company = Company(desk, random)
    calendars = [Subscriber(person) for person in company.people]
    for _act in range(30):
        now = clock.move_to(now + timedelta(hours=random.choice([1, 30, 100])))
        company.act(now)
        world, today = read_world(), day_of(now)
        for calendar in calendars:
            person = User.objects.get(pk=calendar.person.pk)
            if person.is_active:
                expected = reminded_of(person, world, today) if person.role in AGENCY_ROLES else {}
                assert calendar.days() == expected
