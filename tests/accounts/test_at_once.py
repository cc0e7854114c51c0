"""Two people at the same instant, with real commits on real connections."""

from __future__ import annotations

from datetime import datetime
from threading import Barrier, Thread

from django.db import connection

from accounts import services
from accounts.models import User
from accounts.roles import Role
from audit.errors import DomainError
from tests.conftest import WorkerDatabase
from tests.factories.accounts import AgencyFactory, UserFactory


def both(*acts: tuple[User, User], now: datetime) -> list[str]:
    """Each (actor, person): the actor deactivates the person, all at once; how each ended."""
    start, outcomes = Barrier(len(acts)), [""] * len(acts)

    def act(place: int, actor: User, person: User) -> None:
        try:
            start.wait()
            services.deactivate_person(person, reason="x", actor=actor, now=now)
            outcomes[place] = "done"
        except DomainError as error:
            outcomes[place] = type(error).__name__
        finally:
            connection.close()

    threads = [Thread(target=act, args=(place, *pair)) for place, pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    return outcomes


def test_administrators_deactivating_each_other_leave_one(real_db: WorkerDatabase, now: datetime) -> None:
    agency = AgencyFactory()
    first, second = UserFactory.create_batch(2, role=Role.ADMINISTRATOR, agency=agency)
    assert sorted(both((first, second), (second, first), now=now)) == ["NotAllowed", "done"]
    assert User.objects.active().administrators().count() == 1


def test_one_person_deactivated_by_two_is_deactivated_once(real_db: WorkerDatabase, now: datetime) -> None:
    agency = AgencyFactory()
    first, second = UserFactory.create_batch(2, role=Role.ADMINISTRATOR, agency=agency)
    officer = UserFactory(agency=agency)
    assert sorted(both((first, officer), (second, officer), now=now)) == ["NotNow", "done"]
