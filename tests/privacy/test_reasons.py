"""Reasons and planned steps that seem to identify a victim are written with a reason alone, like updates and comments."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.urls import reverse

from accounts.services.people import deactivate_person
from audit.models import Event
from cycles.services import close_cycle, reopen_cycle
from evidence.services.lifecycle import seal_document, withdraw_document
from privacy.checks import IdentitiesFound
from recommendations.models import Action
from recommendations.services import (
    ask_later_step,
    cancel_action,
    change_action,
    change_assignment,
    change_role,
    end_assignment,
    end_override,
    link_answer,
    override_item,
    plan_action,
    plan_decision_step,
)
from recommendations.services.step_changes import current_version
from recommendations.states import ItemKind, Status
from reminders.services.nudges import send_nudges
from tests.factories.evidence import make_document
from tests.factories.recommendations import make_item
from tests.recommendations.conftest import Desk, desk, draft
from tests.recommendations.pages import browser_of

__all__ = ["desk", "draft"]
NAMING = "Mangsa Nguyen Van An (KP 900101-14-5567) sudah pulang."
WHY = "Nama rekaan untuk latihan."
pytestmark = pytest.mark.django_db


def _step(desk: Desk) -> Action:
    day = desk.assignment.cycle.window_end
    return plan_action(
        desk.assignment, text="Kursus.", owner=desk.officer, due_on=day, actor=desk.officer, now=desk.now
    )


def _document(desk: Desk) -> Any:
    return make_document(desk.agency, actor=desk.officer, now=desk.now)


def _override(desk: Desk) -> Any:
    about: dict[str, Any] = {"actor": desk.administrator, "now": desk.now}
    return override_item(desk.assignment.item, status=Status.PROGRESS, percent=5, reason="Sebab.", **about)


def _planning(desk: Desk) -> tuple[Callable[..., object], Any]:
    day = desk.assignment.cycle.window_end
    return partial(plan_action, desk.assignment, owner=desk.officer, due_on=day), desk.officer


def _changing(desk: Desk) -> tuple[Callable[..., object], Any]:
    row = desk.assignment
    terms = {"role": row.role, "due_on": row.due_on, "next_due_on": row.next_due_on, "cadence_days": 77}
    return partial(change_assignment, row, **terms), desk.administrator


def _deciding(desk: Desk) -> tuple[Callable[..., object], Any]:
    day = desk.assignment.cycle.window_end
    return partial(plan_decision_step, desk.item, desk.agency, due_on=day), desk.reviewer


def _decided(desk: Desk) -> Action:
    act, actor = _deciding(desk)
    step: Any = act(text="Melapor.", actor=actor, now=desk.now)
    return step


def _moving(desk: Desk) -> tuple[Callable[..., object], Any]:
    step = _decided(desk)
    day = step.due_on + timedelta(days=1)
    return (
        partial(change_action, step, seen=current_version(step).pk, text=step.text, owner=None, due_on=day),
        desk.reviewer,
    )


def _asking_later(desk: Desk) -> tuple[Callable[..., object], Any]:
    step = _decided(desk)
    return partial(ask_later_step, step, proposed_on=step.due_on + timedelta(days=1)), desk.officer


def _linking(desk: Desk) -> tuple[Callable[..., object], Any]:
    weakness = make_item(desk.cycle, number=2, kind=ItemKind.WEAKNESS)
    return partial(link_answer, weakness, answer=desk.item), desk.reviewer


ACTS: dict[str, Callable[[Desk], tuple[Callable[..., object], Any]]] = {
    "action.cancelled": lambda desk: (partial(cancel_action, _step(desk)), desk.officer),
    "action.planned": _planning,
    "action.decided": _deciding,
    "action.changed": _moving,
    "action.later_asked": _asking_later,
    "assignment.ended": lambda desk: (partial(end_assignment, desk.assignment), desk.administrator),
    "assignment.changed": _changing,
    "assignment.role_changed": lambda desk: (
        partial(change_role, desk.assignment, role="support", replaces=None),
        desk.administrator,
    ),
    "item.linked": _linking,
    "override.ended": lambda desk: (partial(end_override, _override(desk)), desk.administrator),
    "document.withdrawn": lambda desk: (partial(withdraw_document, _document(desk)), desk.officer),
    "document.sealed": lambda desk: (partial(seal_document, _document(desk)), desk.administrator),
    "cycle.closed": lambda desk: (partial(close_cycle, desk.assignment.cycle), desk.administrator),
    "person.deactivated": lambda desk: (
        partial(deactivate_person, desk.officer),
        desk.administrator,
    ),
    "nudge.sent": lambda desk: (partial(send_nudges, [desk.assignment]), desk.administrator),
}
TEXT_OF = {"action.planned": "text", "action.decided": "text", "nudge.sent": "line"}


@pytest.mark.parametrize("action", ACTS)
def test_a_reason_that_names_a_victim_needs_another(desk: Desk, action: str) -> None:
    act, actor = ACTS[action](desk)
    about: dict[str, Any] = {TEXT_OF.get(action, "reason"): NAMING, "actor": actor, "now": desk.now}
    with pytest.raises(IdentitiesFound) as refused:
        act(**about)
    assert list(refused.value.problems) == [TEXT_OF.get(action, "reason")]
    assert not Event.objects.filter(action=action).exists()
    act(identities_reason=WHY, **about)
    event = Event.objects.filter(action=action).latest("pk")
    assert (event.after["identity_card"], event.after["identity_name"]) == (1, 1)
    assert WHY in (event.reason, event.after.get("identities_reason"))


def test_the_page_of_a_reason_marks_the_place_and_redacts(desk: Desk) -> None:
    step, browser = _step(desk), browser_of(desk.officer)
    url = reverse("recommendations:action_cancel", args=[step.pk])
    page = browser.post(url, {"reason": NAMING}).content.decode()
    assert "<mark>Nguyen Van An</mark>" in page
    page = browser.post(url, {"reason": NAMING, "redact": "reason"}).content.decode()
    assert "Mangsa [name] (KP [identity-card number]) sudah pulang." in page
    step.refresh_from_db()
    assert step.is_planned
    assert browser.post(url, {"reason": NAMING, "identities_reason": WHY}).status_code == 302


def test_reopening_a_cycle_asks(desk: Desk) -> None:
    about: dict[str, Any] = {"actor": desk.administrator, "now": desk.now}
    closed = close_cycle(desk.assignment.cycle, reason="Selesai.", **about)
    with pytest.raises(IdentitiesFound):
        reopen_cycle(closed, reason=NAMING, **about)
