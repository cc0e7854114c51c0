"""What the checks say beside each figure on MAPO's page of a month that was sent."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from indicators.models import FigureSubmission
from indicators.services.decisions import CellDecision, decide_figures
from indicators.states import CheckKind, PeriodKind
from tests.factories.figure_reports import FigureDesk
from tests.factories.indicators import make_check, make_figure, make_indicator, make_series, make_source
from tests.recommendations.pages import browser_of, words_of

pytestmark = pytest.mark.django_db

PARTS = "The parts add up to 9, which is above the total of 3."


def page_of(submission: FigureSubmission, reader: User) -> str:
    """The words of the page of a report."""
    return words_of(browser_of(reader).get(f"/figures/reports/{submission.report_id}/"))


def test_mapo_reads_which_total_does_not_agree_with_its_parts(figure_desk: FigureDesk) -> None:
    submission = figure_desk.send(figure_desk.content("Dikira dua kali.", ipo="3", men="9"))
    assert f"Indicator ipo {PARTS} 3" in page_of(submission, figure_desk.reviewer)
    assert PARTS not in page_of(submission, figure_desk.coordinator)


def test_a_new_part_speaks_for_a_total_that_was_accepted_before(figure_desk: FigureDesk) -> None:
    figure_desk.accepted(ipo="3")
    submission = figure_desk.send(figure_desk.content("Dikira dua kali.", men="9"))
    assert PARTS in page_of(submission, figure_desk.reviewer)


def test_mapo_reads_what_is_unusual(figure_desk: FigureDesk) -> None:
    figure_desk.accepted(month=figure_desk.july, po="12")
    submission = figure_desk.send(figure_desk.content(po="120"), asks_if_unusual=False)
    assert "Unusual: last month it was 12." in page_of(submission, figure_desk.reviewer)


def test_mapo_reads_a_check_that_compares_with_another_agency(figure_desk: FigureDesk) -> None:
    theirs = make_series(make_indicator("theirs", agency=figure_desk.other_agency))
    days = {"begins_on": date(2023, 8, 1), "ends_on": date(2023, 8, 31), "kind": PeriodKind.MONTH}
    make_figure(theirs, 5, now=figure_desk.now, **days)
    source = make_source(figure_desk.cycle, now=figure_desk.now)
    make_check(source, [make_series(figure_desk.po)], [theirs], kind=CheckKind.BOUND, code="po-within")
    submission = figure_desk.send(figure_desk.content(po="7"))
    told = "7 (Indicator po) is more than 5 (Indicator theirs), and should not be."
    assert told in page_of(submission, figure_desk.reviewer)
    assert told not in page_of(submission, figure_desk.coordinator)


def test_nothing_is_said_of_a_figure_that_was_returned(figure_desk: FigureDesk) -> None:
    submission = figure_desk.send(figure_desk.content("Dikira dua kali.", ipo="3", men="9", po="7"))
    men = submission.figures.get(value=9)
    returned = {men.pk: CellDecision(is_accepted=False, reason="Semak semula.")}
    decide_figures(submission, decisions=returned, actor=figure_desk.reviewer, now=figure_desk.now)
    assert PARTS not in page_of(submission, figure_desk.reviewer)


def test_more_figures_ask_no_more_queries(figure_desk: FigureDesk) -> None:
    few = figure_desk.send(figure_desk.content(po="7"), month=figure_desk.july)
    many = figure_desk.send(
        figure_desk.content("Dikira dua kali.", ipo="9", men="1", women="1", boys="1", girls="1", po="7")
    )
    page_of(few, figure_desk.reviewer)
    with CaptureQueriesContext(connection) as asked_of_few:
        page_of(few, figure_desk.reviewer)
    with CaptureQueriesContext(connection) as asked_of_many:
        page_of(many, figure_desk.reviewer)
    assert len(asked_of_many) <= len(asked_of_few) + 1  # the values of a breakdown
