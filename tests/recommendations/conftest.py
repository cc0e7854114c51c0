"""A small world for this room: one item, its agency and another, and the people who act."""

from dataclasses import dataclass, field
from datetime import datetime

import pytest

from accounts.models import Agency, User
from accounts.roles import Role
from recommendations.content import Content
from recommendations.models import Assignment, Cycle, Item, Review, Submission, Update
from tests.conftest import NOW, Clock, WorkerDatabase
from tests.factories.accounts import AgencyFactory, UserFactory
from tests.factories.recommendations import (
    REPORTED,
    make_accepted,
    make_assignment,
    make_cycle,
    make_draft,
    make_item,
    make_submission,
    start_update,
)
from tests.shared import shared


@dataclass
class Desk:
    """PDRM leads on recommendation 1; MPOB has nothing to do with it; KDN is the secretariat's agency."""

    now: datetime
    cycle: Cycle
    item: Item
    agency: Agency
    other_agency: Agency
    officer: User
    colleague: User
    coordinator: User
    outsider: User
    reviewer: User
    second_reviewer: User
    administrator: User
    observer: User
    assignment: Assignment = field(init=False)

    def __post_init__(self) -> None:
        self.assignment = make_assignment(self.item, self.agency, actor=self.administrator, now=self.now)

    def draft(self, content: Content = REPORTED) -> Update:
        return make_draft(self.assignment, actor=self.officer, now=self.now, content=content)

    def submission(self, content: Content = REPORTED) -> Submission:
        return make_submission(self.assignment, actor=self.officer, now=self.now, content=content)

    def accepted(self, content: Content = REPORTED) -> Review:
        return make_accepted(
            self.assignment, actor=self.officer, reviewer=self.reviewer, now=self.now, content=content
        )


def make_desk(now: datetime) -> Desk:
    """Build the world at an instant."""
    pdrm, mpob, kdn = (AgencyFactory(code=code) for code in ("PDRM", "MPOB", "KDN"))
    cycle = make_cycle()
    return Desk(
        now=now,
        cycle=cycle,
        item=make_item(cycle),
        agency=pdrm,
        other_agency=mpob,
        officer=UserFactory(role=Role.OFFICER, agency=pdrm),
        colleague=UserFactory(role=Role.OFFICER, agency=pdrm),
        coordinator=UserFactory(role=Role.COORDINATOR, agency=pdrm),
        outsider=UserFactory(role=Role.OFFICER, agency=mpob),
        reviewer=UserFactory(role=Role.REVIEWER, agency=kdn),
        second_reviewer=UserFactory(role=Role.REVIEWER, agency=kdn),
        administrator=UserFactory(role=Role.ADMINISTRATOR, agency=kdn),
        observer=UserFactory(role=Role.OBSERVER, agency=kdn),
    )


@shared
def desk(now: datetime) -> Desk:
    """The world, at the demonstration's opening instant, rolled back afterwards."""
    return make_desk(now)


@pytest.fixture
def open_desk(real_db: WorkerDatabase, clock: Clock) -> Desk:
    """The same world, really committed."""
    return make_desk(clock.move_to(NOW))


@shared
def draft(desk: Desk, now: datetime) -> Update:
    """An empty draft that the officer has begun."""
    return start_update(desk.assignment, actor=desk.officer, now=now)
