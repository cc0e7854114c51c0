"""Figures beside updates: on My work and on MAPO's queue."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest
from django.http import HttpResponse

from accounts.roles import Role
from audit.errors import NotNow
from cycles.queries import unfinished
from cycles.services import close_cycle
from indicators.services.decisions import CellDecision, decide_figures
from tests.factories.accounts import UserFactory
from tests.factories.figure_reports import FigureDesk
from tests.recommendations.pages import browser_of, words_of

pytestmark = pytest.mark.django_db

WORK, QUEUE = "/my-work/", "/reviews/"


def test_my_work_says_that_the_last_month_is_not_begun(figure_desk: FigureDesk) -> None:
    assert "Figures of August 2023 Not begun" in words_of(browser_of(figure_desk.officer).get(WORK))


def test_my_work_names_every_month_that_is_owed(figure_desk: FigureDesk) -> None:
    figure_desk.accepted(figure_desk.july, po="7", ipo="9")
    figure_desk.save(figure_desk.content(po="7"), month=date(2023, 6, 1))
    words = words_of(browser_of(figure_desk.officer).get(WORK))
    assert re.findall(r"Figures of (\w+) 2023 (Draft|Not begun)", words) == [
        ("June", "Draft"),
        ("April", "Not begun"),
        ("May", "Not begun"),
        ("August", "Not begun"),
    ]


def test_an_agency_without_indicators_reads_nothing_of_figures(figure_desk: FigureDesk) -> None:
    assert "Figures of" not in words_of(browser_of(figure_desk.outsider).get(WORK))


def test_my_work_shows_drafts_and_returned_months(figure_desk: FigureDesk) -> None:
    submission = figure_desk.send(figure_desk.content(po="7"), month=figure_desk.july)
    decisions = {submission.figures.get().pk: CellDecision(is_accepted=False, reason="Semak semula.")}
    decide_figures(submission, decisions=decisions, actor=figure_desk.reviewer, now=figure_desk.now)
    figure_desk.save(figure_desk.content(po="7"))
    words = words_of(browser_of(figure_desk.officer).get(WORK))
    assert "Figures of July 2023 Returned" in words
    assert "Figures of August 2023 Draft" in words


def reviews_count(response: HttpResponse) -> int:
    """The number beside Reviews in the navigation."""
    nav: list[dict[str, Any]] = response.context["nav"]  # type: ignore[attr-defined]
    return next(entry["count"] for entry in nav if entry["label"] == "Reviews")


def test_the_queue_shows_what_waits_and_the_navigation_counts_it(figure_desk: FigureDesk) -> None:
    submission = figure_desk.send(figure_desk.content(po="7"))
    browser = browser_of(figure_desk.reviewer)
    page = browser.get(QUEUE)
    assert "Figures of KPWKM, August 2023 Sent today" in words_of(page)
    assert "Nothing waits for a decision" not in words_of(page)
    assert reviews_count(page) == 1
    figure_desk.accept(submission)
    page = browser.get(QUEUE)
    assert reviews_count(page) == 0
    assert "Nothing waits for a decision" in words_of(page)


def test_closing_the_cycle_counts_months_of_figures_that_are_unfinished(figure_desk: FigureDesk) -> None:
    assert unfinished(figure_desk.cycle) == []
    submission = figure_desk.send(figure_desk.content(po="7"), month=figure_desk.july)
    figure_desk.save(figure_desk.content(po="7"))
    administrator = UserFactory(role=Role.ADMINISTRATOR, agency=figure_desk.reviewer.agency)
    words = words_of(browser_of(administrator).get("/cycles/2023/close/"))
    assert "Months of figures awaiting MAPO MAPO can still decide on them. 1" in words
    assert "Months of figures not yet sent They stay as they are; nobody can continue them. 1" in words
    close_cycle(figure_desk.cycle, reason="Tamat.", actor=administrator, now=figure_desk.now)
    with pytest.raises(NotNow):
        figure_desk.send(figure_desk.content(po="7"), revision=1)
    decisions = {submission.figures.get().pk: CellDecision(is_accepted=False, reason="Semak semula.")}
    decide_figures(submission, decisions=decisions, actor=figure_desk.reviewer, now=figure_desk.now)
    assert [count for count, *_words in unfinished(figure_desk.cycle)] == [1, 1]
    with pytest.raises(NotNow):
        figure_desk.send(figure_desk.content(po="8"), month=figure_desk.july)
