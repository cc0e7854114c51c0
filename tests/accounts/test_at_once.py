"""Two people act at the same instant, with real commits on real connections."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial
from threading import Barrier, Thread

from django.db import connection

from accounts.models import StandIn, User
from accounts.roles import Role
from accounts.services.agencies import change_agency
from accounts.services.people import change_address, deactivate_person
from accounts.services.stand_ins import name_stand_in
from audit.clock import local_date
from audit.errors import DomainError
from tests.conftest import WorkerDatabase
from tests.factories.accounts import AgencyFactory, UserFactory


def at_once(*acts: Callable[[], object]) -> list[str]:
    """Run all acts at the same instant; return how each ended, in alphabetical order."""
    start, outcomes = Barrier(len(acts)), [""] * len(acts)

    def perform(place: int, act: Callable[[], object]) -> None:
        try:
            start.wait()
            act()
            outcomes[place] = "done"
        except DomainError as error:
            outcomes[place] = type(error).__name__
        finally:
            connection.close()

    threads = [Thread(target=perform, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    return sorted(outcomes)


def deactivate(person: User, *, actor: User, now: datetime) -> Callable[[], object]:
    return partial(deactivate_person, person, reason="x", actor=actor, now=now)


def test_administrators_deactivating_each_other_leave_one(real_db: WorkerDatabase, now: datetime) -> None:
    agency = AgencyFactory()
    first, second = UserFactory.create_batch(2, role=Role.ADMINISTRATOR, agency=agency)
    acts = deactivate(second, actor=first, now=now), deactivate(first, actor=second, now=now)
    assert at_once(*acts) == ["NotAllowed", "done"]
    assert User.objects.active().filter(role="administrator").count() == 1


def test_one_person_deactivated_by_two_is_deactivated_once(real_db: WorkerDatabase, now: datetime) -> None:
    agency = AgencyFactory()
    first, second = UserFactory.create_batch(2, role=Role.ADMINISTRATOR, agency=agency)
    officer = UserFactory(agency=agency)
    acts = deactivate(officer, actor=first, now=now), deactivate(officer, actor=second, now=now)
    assert at_once(*acts) == ["NotNow", "done"]


def test_two_who_name_each_other_leave_one(real_db: WorkerDatabase, now: datetime) -> None:
    first, second = UserFactory.create_batch(2, agency=AgencyFactory())
    day = local_date(now)
    acts = [
        partial(name_stand_in, absent, colleague=other, from_on=day, until_on=day, actor=absent, now=now)
        for absent, other in ((first, second), (second, first))
    ]
    assert at_once(*acts) == ["BadValue", "done"]


def test_one_address_given_twice_is_given_once(real_db: WorkerDatabase, now: datetime) -> None:
    agency = AgencyFactory()
    administrator = UserFactory(role=Role.ADMINISTRATOR, agency=agency)
    officer = UserFactory(agency=agency)
    by = {"actor": administrator, "now": now}
    about = {"code": agency.code, "name_ms": "A", "name_en": "A", "shared_mailbox": "satu@agensi.example"}
    acts = [
        partial(change_address, officer, email="satu@agensi.example", **by),
        partial(change_agency, agency, **about, **by),
    ]
    assert at_once(*acts) == ["BadValue", "done"]


def test_stand_in_named_by_two_is_named_once(real_db: WorkerDatabase, now: datetime) -> None:
    agency = AgencyFactory()
    absent, colleague = UserFactory.create_batch(2, agency=agency)
    coordinator = UserFactory(role=Role.COORDINATOR, agency=agency)
    day = local_date(now)
    about = {"colleague": colleague, "from_on": day, "until_on": day, "now": now}
    acts = [partial(name_stand_in, absent, actor=actor, **about) for actor in (absent, coordinator)]
    assert at_once(*acts) == ["NotNow", "done"]
    assert StandIn.objects.count() == 1
