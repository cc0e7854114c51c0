"""Several first saves at the same moment: one begins the draft, the others are told or find the same; nothing is twice."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from functools import partial

from accounts.models import User
from audit.errors import NotNow, Stale
from audit.models import Event
from recommendations import services
from recommendations.models import Update
from tests.conftest import NOW, Clock, WorkerDatabase
from tests.factories.recommendations import REPORTED
from tests.recommendations.at_once import at_once
from tests.recommendations.conftest import Desk, make_desk


def save(desk: Desk, person: User, narrative: str) -> Callable[[], object]:
    content = replace(REPORTED, narrative=narrative)
    begun = Update(assignment=desk.assignment)
    return partial(services.save_update, begun, content=content, revision=0, actor=person, now=desk.now)


def test_of_two_first_saves_one_begins_and_the_other_is_told(real_db: WorkerDatabase, clock: Clock) -> None:
    desk = make_desk(clock.move_to(NOW))
    answers = at_once(save(desk, desk.officer, "Satu"), save(desk, desk.colleague, "Dua"))
    draft, [refusal] = Update.objects.get(), [each for each in answers if isinstance(each, Stale)]
    assert [each for each in answers if each != refusal] == [draft]
    assert {draft.narrative} < {"Satu", "Dua"} and draft.revision == 1
    assert draft.writers.get().user == draft.created_by
    assert Event.objects.filter(action="update.started").count() == 1


def test_same_text_saved_many_times_at_once_is_one_draft(real_db: WorkerDatabase, clock: Clock) -> None:
    desk = make_desk(clock.move_to(NOW))
    answers = at_once(*(save(desk, desk.officer, "Satu") for _press in range(6)))
    draft = Update.objects.get()
    assert answers == [draft] * 6 and draft.revision == 1


def test_first_save_and_nothing_new_at_once_leave_one_update(real_db: WorkerDatabase, clock: Clock) -> None:
    desk = make_desk(clock.move_to(NOW))
    desk.accepted()
    nothing_new = partial(
        services.report_nothing_new,
        desk.assignment,
        speaks_for=date(2023, 9, 14),
        actor=desk.colleague,
        now=desk.now,
    )
    answers = at_once(save(desk, desk.officer, "Satu"), nothing_new)
    assert sum(isinstance(each, NotNow) for each in answers) == 1
    assert desk.assignment.updates.open().count() == 1
