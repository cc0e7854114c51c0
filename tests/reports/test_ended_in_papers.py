"""The accepted update of an assignment that ended stays in a full paper, which says that it ended, and when."""

from __future__ import annotations

import json

import pytest

from recommendations.services import end_assignment
from reports.states import ExportFormat
from tests.conftest import Clock
from tests.reports.conftest import Told, kuala_lumpur
from tests.reports.printed_pdf import PrintedPaper
from tests.reports.word_document import everything, opened
from ui.dates import NBSP

pytestmark = pytest.mark.django_db
TODAY = {"day": "2023-09-14", "language": "en"}
SAID = "The assignment ended on 14 Sep 2023"


@pytest.fixture(autouse=True)
def _ended(told: Told) -> None:
    """JIM's part in recommendation 1 ends on 14 September; its update was accepted on 1 August."""
    end_assignment(
        told.assignments["jim"], reason="Tugas dipindahkan.", actor=told.people["reviewer"], now=told.now
    )


@pytest.mark.parametrize("by", ["reviewer", "observer", "jim"])
def test_papers_say_so_beside_the_update(told: Told, by: str) -> None:
    for words in (
        PrintedPaper(told.made(ExportFormat.PDF, by, **TODAY)).words,
        everything(opened(told.made(ExportFormat.DOCX, by, **TODAY))),
    ):
        assert words.replace(NBSP, " ").count(SAID) == 1


def test_data_say_so(told: Told) -> None:
    updates = json.loads(told.made(ExportFormat.JSON, **TODAY))["updates"]
    assert [(each["agency"], each["ended_on"]) for each in updates if each["ended_on"]] == [
        ("JIM", "2023-09-14")
    ]


def test_day_before_knows_nothing_of_it(told: Told, clock: Clock) -> None:
    told.now = clock.move_to(kuala_lumpur("2023-09-16 10:00"))
    before, after = (list(told.content(day=day).updates()) for day in ("2023-09-13", "2023-09-15"))
    assert [update.ended_on for update in before] == [None] * 3
    assert [update.code for update in after if update.ended_on] == ["JIM"]
