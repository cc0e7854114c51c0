"""Two people at one step at the same moment: one act counts, and the other is told what stands."""

from __future__ import annotations

from datetime import date

from accounts.models import Agency, User
from audit.errors import NotNow, Stale
from recommendations.models import Action, ActionVersion
from recommendations.services import (
    cancel_action,
    change_action,
    finish_action,
    plan_decision_step,
    undo_step_change,
)
from recommendations.services.step_changes import current_version
from tests.conftest import NOW, Clock, WorkerDatabase
from tests.recommendations.at_once import at_once
from tests.recommendations.conftest import Desk, make_desk

DAY = date(2023, 10, 31)


def test_two_at_once_at_one_step(real_db: WorkerDatabase, clock: Clock) -> None:
    desk = make_desk(clock.move_to(NOW))
    race_at_a_decision(desk, desk.agency, desk.officer)
    race_at_a_decision(desk, desk.other_agency, desk.outsider)


def race_at_a_decision(desk: Desk, agency: Agency, officer: User) -> None:
    """Two reviewers change it, both undo that, and one cancels it while its agency marks it as done."""
    mapo, now = (desk.reviewer, desk.second_reviewer), desk.now
    step = plan_decision_step(desk.item, agency, text="Melapor", due_on=DAY, actor=mapo[0], now=now)
    about = {"seen": current_version(step).pk, "owner": None, "due_on": DAY, "reason": "Silap.", "now": now}
    first, second = mapo
    answers = at_once(
        lambda: change_action(step, text="Satu", actor=first, **about),
        lambda: change_action(step, text="Dua", actor=second, **about),
    )
    (refused,) = [each for each in answers if isinstance(each, Stale)]
    assert refused.current.text == Action.objects.get(pk=step.pk).text in ("Satu", "Dua")
    version = current_version(step)
    undone = at_once(
        lambda: undo_step_change(version, actor=first, now=now),
        lambda: undo_step_change(version, actor=second, now=now),
    )
    assert sum(isinstance(each, NotNow) for each in undone) == 1
    ended = at_once(
        lambda: finish_action(step, done_on=now.date(), actor=officer, now=now),
        lambda: cancel_action(step, reason="Tidak perlu.", actor=first, now=now),
    )
    assert sum(isinstance(each, NotNow) for each in ended) == 1
    assert ActionVersion.objects.filter(action=step).count() == 4
    assert ActionVersion.objects.current().filter(action=step).count() == 1
