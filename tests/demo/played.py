"""The demonstration with everything in it that the matrix knows to make, and what happens later in its window."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from accounts.models import Agency, User
from accounts.roles import Role
from audit import clock
from audit.errors import DomainError
from cycles.services import close_cycle
from recommendations import services
from recommendations.models import Assignment, Cycle, ItemOverride, Submission
from recommendations.states import AssignmentRole, ItemKind, Stage
from submissions.states import SubmissionState
from tests import matrix
from tests.factories.accounts import UserFactory, World

#: Whose agencies the matrix's things are: the first has both kinds of people, and neither reports figures yet.
OWN, FOREIGN = "JKM", "MPOB"
_REASON = "Belum disahkan"
#: Their things are a cycle that is closed and one without anything in it: the demonstration's own stays as it is.
_OF_OTHER_CYCLES = {"cycles:cycle_open", "cycles:cycle_reopen", "cycles:cycle_delete"}
AFTER_INTERIM = datetime(2023, 10, 30, 10, tzinfo=clock.KUALA_LUMPUR)


@dataclass
class Played:
    """The demonstration on a day; `made` holds the arguments of addresses of what the matrix made, by name."""

    world: World
    made: dict[str, list[dict[str, Any]]] = field(default_factory=lambda: defaultdict(list))


def play_matrix(monkeypatch: pytest.MonkeyPatch) -> Played:
    """Make in the demonstration, on its opening day, what the rows of the matrix are about.

    Rows want an untouched thing each, and there are no more months or dates than there are: what cannot be made once
    more is left out.
    """
    now = clock.now()
    played = Played(_world(now))
    for module in matrix.modules():
        if hasattr(module, "NOW"):
            monkeypatch.setattr(module, "NOW", now)
    matrix.furnish(played.world, now)
    asked = {(row.name, row.target) for row in matrix.all_rows() if row.method == "get"}
    for row in matrix.all_rows():
        # A form and its act are about the same.
        if row.name in _OF_OTHER_CYCLES or (row.method == "post" and (row.name, row.target) in asked):
            continue
        try:
            with undoable():
                kwargs = row.kwargs(played.world)
        except (DomainError, IntegrityError, StopIteration):
            continue
        if kwargs:
            played.made[row.name].append(kwargs)
    _ask_who_has_completed(played, now)
    return played


def _ask_who_has_completed(played: Played, now: datetime) -> None:
    """Ask the first agency that has completed its part for an update, by the interim date."""
    administrator, due_on = played.world.people[Role.ADMINISTRATOR], date(2023, 9, 30)
    for assignment in Assignment.objects.filter(stage=Stage.CONFIRMED).order_by("pk"):
        if assignment.is_completed:
            services.ask_for_update(assignment, due_on=due_on, reason=_REASON, actor=administrator, now=now)
            return


def undoable() -> transaction.Atomic:
    """Return a savepoint in which durable blocks may begin, as in Django's own TestCase."""
    atomic = transaction.atomic()
    atomic._from_testcase = True  # type: ignore[attr-defined]
    return atomic


def _world(now: datetime) -> World:
    """The people of the demonstration in the places of the matrix's."""
    own, foreign = Agency.objects.get(code=OWN), Agency.objects.get(code=FOREIGN)
    of_mapo = {role.value: _person(role) for role in (Role.REVIEWER, Role.ADMINISTRATOR, Role.OBSERVER)}
    of_agency = {role.value: _person(role, own) for role in (Role.OFFICER, Role.COORDINATOR)}
    return World(
        own=own,
        foreign=foreign,
        secretariat=of_mapo[Role.ADMINISTRATOR].agency,
        people=of_agency | of_mapo,
        foreign_officer=_person(Role.OFFICER, foreign),
        foreign_coordinator=UserFactory(role=Role.COORDINATOR, agency=foreign),
        invited=UserFactory(name="Dijemput", agency=own, joined_at=None, invited_at=now),
    )


def _person(role: Role, agency: Agency | None = None) -> User:
    people = User.objects.filter(role=role, **({"agency": agency} if agency else {}))
    return people.order_by("pk")[:1].get()


def move_on(played: Played, day: date) -> None:
    """Do, after the interim date, what a window's later weeks bring, and move to a later day."""
    now = clock.move_to(AFTER_INTERIM)
    _act(played, now)
    clock.move_to(datetime(day.year, day.month, day.day, 10, tzinfo=clock.KUALA_LUMPUR))


def _act(played: Played, now: datetime) -> None:
    today = clock.local_date(now)
    administrator = played.world.people[Role.ADMINISTRATOR]
    about: dict[str, Any] = {"actor": administrator, "now": now}
    for override in ItemOverride.objects.standing().order_by("pk")[:1]:
        services.end_override(override, reason=_REASON, **about)
    # Items with an agency that is late, of which MAPO sets the state itself.
    in_force = Assignment.objects.filter(stage=Stage.CONFIRMED, item__kind=ItemKind.RECOMMENDATION)
    late = in_force.filter(next_due_on__lt=today, item__overrides=None).order_by("item__number")
    for assignment in late.distinct("item__number")[:2]:
        facts = {"status": "progress", "percent": 30, "reason": _REASON}
        services.override_item(assignment.item, **facts, **about)
    supporting = in_force.filter(role=AssignmentRole.SUPPORT, agency=played.world.own)
    ended, asking = supporting.order_by("pk")[:2]
    services.end_assignment(ended, reason=_REASON, **about)
    officer = played.world.people[Role.OFFICER]
    later = today + timedelta(days=14)
    services.ask_later_date(asking, reason=_REASON, proposed_on=later, actor=officer, now=now)
    waiting = Submission.objects.filter(update__state=SubmissionState.SUBMITTED)
    for submission in waiting.exclude(update__assignment__agency=administrator.agency).order_by("pk")[:1]:
        services.return_update(submission, reason=_REASON, resubmit_by=later, **about)


def close(played: Played) -> None:
    """Close the cycle, as MAPO does when its window is over."""
    now = clock.now()
    cycle = Cycle.objects.get(year=2023)
    close_cycle(cycle, reason=_REASON, actor=played.world.people[Role.ADMINISTRATOR], now=now)
