"""One of several writers that write at the same time, each on an assignment of its own."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from accounts.models import User
from audit import clock
from recommendations.models import Assignment
from recommendations.services import cancel_action, plan_action

REASON = "Tidak diperlukan lagi."


def answers(facts: dict[str, Any], number: str) -> Mapping[str, Callable[..., object]]:
    """Answer `write`: so many audited writes. Steps are planned and given up in turns, so that few are ever open."""
    assignment_id, person_id = facts["writers"][int(number)]
    assignment = Assignment.objects.get(pk=assignment_id)
    actor = User.objects.get(pk=person_id)
    due_on = clock.local_date(clock.now()) + timedelta(days=30)

    def write(times: int) -> None:
        for _pair in range(times // 2):
            step = plan_action(
                assignment, text="Langkah", owner=actor, due_on=due_on, actor=actor, now=clock.now()
            )
            cancel_action(step, reason=REASON, actor=actor, now=clock.now())

    return {"write": write}
