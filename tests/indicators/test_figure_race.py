"""Two coordinators send, two reviewers decide, at the same moment: one does, the other is told."""

from __future__ import annotations

from datetime import datetime
from functools import partial

import pytest

from indicators.errors import FigureAlreadyDecided
from indicators.models import Figure, FigureDecision, FigureReport, FigureSubmission
from indicators.services.decisions import CellDecision, decide_figures
from tests.conftest import NOW, Clock, WorkerDatabase
from tests.factories.figure_reports import FigureDesk
from tests.recommendations.at_once import at_once


@pytest.fixture
def desk(real_db: WorkerDatabase, clock: Clock) -> FigureDesk:
    """The small world, committed."""
    now: datetime = clock.move_to(NOW)
    return FigureDesk(now)


def test_two_first_saves_at_once_make_one_draft(desk: FigureDesk) -> None:
    save = partial(desk.save, desk.content(po="7"))
    at_once(partial(save, actor=desk.officer), partial(save, actor=desk.coordinator))
    assert FigureReport.objects.count() == 1


def test_two_coordinators_at_once_send_once(desk: FigureDesk) -> None:
    send = partial(desk.send, desk.content(po="7"))
    first, second = at_once(
        partial(send, actor=desk.coordinator), partial(send, actor=desk.second_coordinator)
    )
    assert first == second == FigureSubmission.objects.get()


def test_two_reviewers_at_once_decide_one_figure_once(desk: FigureDesk) -> None:
    submission = desk.send(desk.content(po="7", ipo="12"))
    decisions = {submission.figures.order_by("pk")[0].pk: CellDecision(is_accepted=True)}
    decide = partial(decide_figures, submission, decisions=decisions, now=desk.now)
    answers = at_once(partial(decide, actor=desk.reviewer), partial(decide, actor=desk.second_reviewer))
    assert sum(isinstance(answer, FigureAlreadyDecided) for answer in answers) == 1
    assert FigureDecision.objects.count() == Figure.objects.count() == 1
