"""Steps of MAPO itself and of the council's decisions: who sees them, who works on them, and what the database holds."""

from datetime import date, datetime
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from accounts.models import User
from audit.errors import NotAllowed, NotNow
from audit.models import Event
from recommendations.models import Action, ActionVersion
from recommendations.services import (
    cancel_action,
    end_assignment,
    finish_action,
    plan_action,
    plan_decision_step,
    plan_mapo_step,
)
from tests.factories.accounts import UserFactory
from tests.recommendations.conftest import Desk

pytestmark = pytest.mark.django_db

DAY = date(2023, 10, 31)


def decide(desk: Desk, agency: Any = "own", **values: Any) -> Action:
    """A step that the council decided, of the desk's agency unless another (or None: MAPO) is named."""
    agency = desk.agency if agency == "own" else agency
    about = {"text": "Melapor kepada majlis.", "due_on": DAY, "actor": desk.reviewer, "now": desk.now}
    return plan_decision_step(desk.item, agency, **about | values)


def plan_own(desk: Desk, **values: Any) -> Action:
    """A step of MAPO itself."""
    about = {"text": "Memanggil mesyuarat.", "owner": desk.reviewer, "due_on": DAY}
    return plan_mapo_step(desk.item, **about | {"actor": desk.administrator, "now": desk.now} | values)


def readers(desk: Desk, step: Action) -> set[str]:
    """Who sees the step."""
    names = ("officer", "colleague", "coordinator", "outsider", "reviewer", "administrator", "observer")
    return {n for n in names if Action.objects.visible_to(getattr(desk, n)).filter(pk=step.pk).exists()}


def test_decision_is_seen_by_its_agency_and_mapo_with_or_without_an_assignment(desk: Desk) -> None:
    with_one, without = decide(desk), decide(desk, desk.other_agency)
    assert (with_one.assignment, without.assignment) == (desk.assignment, None)
    assert readers(desk, with_one) == {"officer", "colleague", "coordinator", "reviewer", "administrator"}
    assert readers(desk, without) == {"outsider", "reviewer", "administrator"}


def test_mapo_step_is_mapos_alone_even_at_its_planners_agency(desk: Desk) -> None:
    neighbour = UserFactory(role="officer", agency=desk.reviewer.agency)
    step = plan_own(desk)
    assert readers(desk, step) == {"reviewer", "administrator"}
    assert not Action.objects.visible_to(neighbour).exists()
    event = Event.objects.get(action="action.planned")
    assert (event.agency_id, event.item_id, event.label.endswith("· MAPO")) == (None, desk.item.pk, True)


def test_decision_for_mapo_is_a_step_of_mapo(desk: Desk) -> None:
    step = decide(desk, None)
    assert (step.is_mapo, step.is_decision, step.assignment, step.owner) == (True, True, None, None)


def test_agencies_plan_neither_and_the_owner_belongs_to_the_agency_or_to_mapo(desk: Desk) -> None:
    for who in ("officer", "coordinator", "observer"):
        person: User = getattr(desk, who)
        with pytest.raises(NotAllowed):
            decide(desk, actor=person)
        with pytest.raises(NotAllowed):
            plan_own(desk, actor=person)
    with pytest.raises(NotNow):
        decide(desk, owner=desk.outsider)
    with pytest.raises(NotNow):
        plan_own(desk, owner=desk.officer)
    for invited, plan in (
        (UserFactory(role="officer", agency=desk.agency, joined_at=None), decide),
        (UserFactory(role="reviewer", agency=desk.reviewer.agency, joined_at=None), plan_own),
    ):
        with pytest.raises(NotNow, match="belum menerima jemputan"):
            plan(desk, owner=invited)
    assert decide(desk, owner=desk.colleague).owner == desk.colleague


def test_any_officer_of_its_agency_finishes_a_decision_and_only_mapo_cancels_it(desk: Desk) -> None:
    step, about = decide(desk, desk.other_agency), {"now": desk.now}
    for person in (desk.officer, desk.reviewer, desk.observer):
        with pytest.raises(NotAllowed):
            finish_action(step, done_on=desk.now.date(), actor=person, **about)
    with pytest.raises(NotAllowed):
        cancel_action(step, reason="Tiada bajet.", actor=desk.outsider, **about)
    assert finish_action(step, done_on=desk.now.date(), actor=desk.outsider, **about).done_on
    assert cancel_action(
        decide(desk), reason="Majlis menarik balik.", actor=desk.reviewer, **about
    ).cancelled_at


def test_any_reviewer_finishes_a_step_of_mapo_and_no_agency_does(desk: Desk) -> None:
    step = plan_own(desk)
    with pytest.raises(NotAllowed):
        finish_action(step, done_on=desk.now.date(), actor=desk.officer, now=desk.now)
    assert finish_action(step, done_on=desk.now.date(), actor=desk.second_reviewer, now=desk.now).done_on


def test_decision_stands_when_its_assignment_ends(desk: Desk) -> None:
    step = decide(desk)
    end_assignment(desk.assignment, reason="Salah agensi.", actor=desk.reviewer, now=desk.now)
    assert finish_action(step, done_on=desk.now.date(), actor=desk.officer, now=desk.now).done_on


def test_database_keeps_each_version_of_a_step(desk: Desk, now: datetime) -> None:
    step = decide(desk)
    finish_action(step, done_on=now.date(), actor=desk.officer, now=now)
    kept = ActionVersion.objects.filter(action=step).order_by("pk").values_list("done_on", flat=True)
    assert list(kept) == [None, now.date()]


def test_database_refuses_a_step_whose_item_or_agency_is_not_that_of_its_assignment(desk: Desk) -> None:
    values = {"item": desk.item, "text": "x", "owner": desk.officer, "due_on": DAY, "created_at": desk.now}
    wrong = {"agency": desk.other_agency, "assignment": desk.assignment, "created_by": desk.officer}
    with pytest.raises(DatabaseError), transaction.atomic():
        Action.objects.create(**values, **wrong)
    with pytest.raises(DatabaseError), transaction.atomic():
        Action.objects.create(**values, agency=desk.agency, created_by=desk.officer)
    step = plan_action(
        desk.assignment, text="x", owner=desk.officer, due_on=DAY, actor=desk.officer, now=desk.now
    )
    with pytest.raises(DatabaseError), transaction.atomic():
        Action.objects.filter(pk=step.pk).update(agency=desk.other_agency)
