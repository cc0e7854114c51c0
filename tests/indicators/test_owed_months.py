"""A month is owed until every indicator as a whole was sent: one figure of many is not a month."""

from __future__ import annotations

from datetime import date

import pytest
from django.utils import translation

from indicators.queries.owed_months import read_owing
from indicators.services.decisions import CellDecision, decide_figures
from tests.factories.figure_reports import FigureDesk
from tests.indicators.conftest import figure_desk
from tests.recommendations.visitors import Visitor, text_of

__all__ = ["figure_desk"]
pytestmark = pytest.mark.django_db
TODAY = date(2023, 9, 14)


def owed(desk: FigureDesk) -> str:
    """What MAPO's page says that KPWKM owes."""
    with translation.override("en"):
        lines = {line.agency.code: line.months_text for line in read_owing(desk.cycle, today=TODAY)}
    return lines.get("KPWKM", "").replace("\u00a0", " ")


def accept(desk: FigureDesk, **numbers: str) -> None:
    submission = desk.send(desk.content(**numbers))
    decisions = {sent.pk: CellDecision(is_accepted=True) for sent in submission.figures.all()}
    decide_figures(submission, decisions=decisions, actor=desk.reviewer, now=desk.now)


def test_month_without_anything_is_owed(figure_desk: FigureDesk) -> None:
    assert owed(figure_desk) == "April 2023, May 2023, June 2023, July 2023, August 2023"


def test_one_figure_that_waits_leaves_the_month_owed(figure_desk: FigureDesk) -> None:
    figure_desk.send(figure_desk.content(po="5"))
    assert owed(figure_desk).endswith("July 2023, August 2023 (1 of 6 figures sent)")


def test_one_accepted_figure_leaves_the_month_owed_and_the_rest_ends_it(figure_desk: FigureDesk) -> None:
    accept(figure_desk, po="5")
    assert owed(figure_desk).endswith("August 2023 (1 of 6 figures sent)")
    accept(figure_desk, ipo="9")
    assert "August" not in owed(figure_desk), "parts may be unknown"


def test_returned_month_speaks_for_itself(figure_desk: FigureDesk) -> None:
    submission = figure_desk.send(figure_desk.content(po="5"))
    decisions = {
        sent.pk: CellDecision(is_accepted=False, reason="Semak.") for sent in submission.figures.all()
    }
    decide_figures(submission, decisions=decisions, actor=figure_desk.reviewer, now=figure_desk.now)
    assert "August" not in owed(figure_desk)


def test_pages_of_mapo_and_of_the_agency_say_how_much_was_sent(figure_desk: FigureDesk) -> None:
    accept(figure_desk, po="5")
    pages = [
        (figure_desk.reviewer, "/figures/reports/"),
        (figure_desk.coordinator, "/figures/report/"),
        (figure_desk.coordinator, "/my-work/"),
    ]
    for person, url in pages:
        with translation.override("en"):
            assert "1 of 6 figures sent" in text_of(Visitor(person).get(url)), url
