"""Two people act on a workbook, or on the draft that it goes into, at the same moment: nothing is lost or doubled."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any

import pytest

from accounts.models import User
from audit.errors import NotNow, Stale
from audit.models import Event
from imports.services.batches import discard_batch
from indicators.models import FigureImport, FigureReport
from indicators.models.workbook import FigureImportState
from indicators.services.workbooks import correct_rows, rows_of
from tests.conftest import NOW, Clock, WorkerDatabase
from tests.factories.figure_reports import FigureDesk
from tests.factories.figure_workbooks import GOOD, begun, taken
from tests.recommendations.at_once import at_once


@pytest.fixture
def desk(real_db: WorkerDatabase, clock: Clock) -> FigureDesk:
    """The small world, committed."""
    now: datetime = clock.move_to(NOW)
    return FigureDesk(now)


def outcome(act: Callable[[], Any]) -> Any:
    """What an act returned, or why it was refused."""
    try:
        return act()
    except NotNow as refusal:
        return refusal


def test_two_at_once_take_over_once(desk: FigureDesk) -> None:
    kept = begun(desk, *GOOD)
    at_once(*(partial(taken, desk, kept, actor=person) for person in (desk.officer, desk.coordinator)))
    assert FigureReport.objects.get().revision == 1
    assert Event.objects.filter(action="figure_import.taken").count() == 1


def test_taken_over_or_discarded_but_not_both(desk: FigureDesk) -> None:
    kept = begun(desk, *GOOD)
    at_once(
        partial(outcome, partial(taken, desk, kept)),
        partial(outcome, partial(discard_batch, kept, revision=0, actor=desk.coordinator, now=desk.now)),
    )
    state = FigureImport.objects.get().state
    assert state != FigureImportState.DRAFT
    assert FigureReport.objects.exists() == (state == FigureImportState.TAKEN)


def test_what_a_colleague_types_meanwhile_is_never_lost(desk: FigureDesk) -> None:
    kept = begun(desk, *GOOD)
    typing = partial(desk.save, desk.content(girls="1"), actor=desk.coordinator)
    results = at_once(partial(outcome, partial(taken, desk, kept)), partial(outcome, typing))
    refused = [each for each in results if isinstance(each, NotNow)]
    texts = FigureReport.objects.get().typed
    both = {**desk.content(girls="1").typed, **desk.content(ipo="12", women="8", men="4", po="7").typed}
    if refused:
        assert len(refused) == 1
        assert len(texts) in (1, 4)
    else:
        assert texts == both


def test_two_corrections_of_one_row_at_once_leave_one_and_tell_the_other(desk: FigureDesk) -> None:
    kept = begun(desk, *GOOD)
    cells = rows_of(kept)[0].cells

    def correct(person: User, text: str) -> Any:
        about: dict[str, Any] = {"actor": person, "now": desk.now}
        return outcome(partial(correct_rows, kept, corrections={1: ({**cells, "number": text}, 0)}, **about))

    results = at_once(partial(correct, desk.officer, "21"), partial(correct, desk.coordinator, "22"))
    assert sum(isinstance(each, Stale) for each in results) == 1
    assert rows_of(FigureImport.objects.get())[0].text("number") in ("21", "22")
