"""MAPO decides on each figure on one page; who sees what was sent."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from audit.models import Event
from indicators.models import Figure, FigureDecision, FigureReport, FigureSubmission
from indicators.services.revisions import revise_figure
from submissions.states import SubmissionState
from tests.factories.figure_reports import FigureDesk
from tests.recommendations.pages import browser_of, words_of

pytestmark = pytest.mark.django_db

LIST = "/figures/reports/"


@pytest.fixture
def submission(figure_desk: FigureDesk) -> FigureSubmission:
    """Two figures that wait for MAPO: 12 IPO and 7 PO."""
    return figure_desk.send(figure_desk.content(ipo="12", po="7"))


def url(submission: FigureSubmission) -> str:
    """The page of its report."""
    return f"{LIST}{submission.report_id}/"


def choices(submission: FigureSubmission, *decided: tuple[str, str]) -> dict[str, Any]:
    """The form, with a decision and a reason for each figure in its order."""
    data: dict[str, Any] = {"submission": submission.pk}
    figures = submission.figures.order_by("series__indicator__position")
    for sent, (decision, reason) in zip(figures, decided, strict=True):
        data |= {f"decision-{sent.pk}": decision, f"reason-{sent.pk}": reason}
    return data


def test_mapo_reads_all_figures_and_what_stands_beside(figure_desk: FigureDesk) -> None:
    figure_desk.accepted(month=figure_desk.july, po="5")
    submission = figure_desk.send(figure_desk.content(po="7"))
    words = words_of(browser_of(figure_desk.reviewer).get(url(submission)))
    assert "Indicator po 7 5" in words
    assert "Record the decisions" in words


def test_mapo_accepts_all(figure_desk: FigureDesk, submission: FigureSubmission) -> None:
    page = browser_of(figure_desk.reviewer).post(
        url(submission), choices(submission, ("accept", ""), ("accept", ""))
    )
    assert page["Location"] == LIST
    assert set(Figure.objects.values_list("value", flat=True)) == {12, 7}


def test_what_is_not_chosen_without_a_reason_or_of_an_older_version_is_not_recorded(
    figure_desk: FigureDesk, submission: FigureSubmission
) -> None:
    browser = browser_of(figure_desk.reviewer)
    page = browser.get(url(submission))
    assert [row["decision"].value() for row in page.context["form"].rows().values()] == [None, None]
    assert 'value="accept" selected' not in page.content.decode()
    untouched = choices(submission, ("", ""), ("", ""))
    assert browser.post(url(submission), untouched).status_code == 422
    assert not FigureDecision.objects.exists()
    data = choices(submission, ("", ""), ("return", "Semak semula.")) | {"act": "accept_all"}
    page = browser_of(figure_desk.reviewer).post(url(submission), data)
    assert page.status_code == 422 and "You chose to return a figure" in words_of(page)
    assert "Semak semula." in page.content.decode()
    assert not FigureDecision.objects.exists()
    page = browser_of(figure_desk.reviewer).post(
        url(submission), choices(submission, ("accept", ""), ("return", " "))
    )
    assert page.status_code == 422
    assert "Say what must be corrected" in words_of(page)
    assert not FigureDecision.objects.exists()
    data = choices(submission, ("accept", ""), ("return", "Mangsa 900101-14-5678"))
    page = browser_of(figure_desk.reviewer).post(url(submission), data)
    assert page.status_code == 422
    assert "Reason to send it as it is" in words_of(page)
    assert "900101-14-5678" in page.content.decode()
    data = choices(submission, ("accept", ""), ("accept", "")) | {"submission": submission.pk + 1}
    page = browser_of(figure_desk.reviewer).post(url(submission), data)
    assert page.status_code == 409
    assert not FigureDecision.objects.exists()


def test_all_are_accepted_by_a_button_of_its_own(
    figure_desk: FigureDesk, submission: FigureSubmission
) -> None:
    browser = browser_of(figure_desk.reviewer)
    assert "Accept all 2 figures" in words_of(browser.get(url(submission)))
    page = browser.post(url(submission), {"submission": submission.pk, "act": "accept_all"})
    assert page["Location"] == LIST
    assert set(Figure.objects.values_list("value", flat=True)) == {12, 7}


def test_mapo_returns_one_and_accepts_the_other(
    figure_desk: FigureDesk, submission: FigureSubmission
) -> None:
    browser = browser_of(figure_desk.reviewer)
    browser.post(url(submission), choices(submission, ("accept", ""), ("return", "Semak semula.")))
    assert FigureReport.objects.get().state == SubmissionState.RETURNED
    theirs = browser_of(figure_desk.officer)
    assert "Semak semula." in words_of(theirs.get(url(submission)))
    assert "Returned: Semak semula." in words_of(theirs.get("/figures/report/2023-08/"))


def test_a_figure_may_be_left_for_later(figure_desk: FigureDesk, submission: FigureSubmission) -> None:
    page = browser_of(figure_desk.reviewer).post(
        url(submission), choices(submission, ("accept", ""), ("", ""))
    )
    assert page["Location"] == url(submission)
    assert FigureReport.objects.get().state == SubmissionState.SUBMITTED


def test_who_was_second_is_told_and_nothing_is_recorded_twice(
    figure_desk: FigureDesk, submission: FigureSubmission
) -> None:
    data = choices(submission, ("accept", ""), ("", ""))
    browser_of(figure_desk.reviewer).post(url(submission), data)
    page = browser_of(figure_desk.second_reviewer).post(
        url(submission), choices(submission, ("return", "Salah"), ("accept", ""))
    )
    assert page.status_code == 409
    assert f"{figure_desk.reviewer.name} has already decided" in words_of(page)
    assert FigureDecision.objects.count() == 1


def test_its_agency_reads_but_does_not_decide(figure_desk: FigureDesk, submission: FigureSubmission) -> None:
    for who in ("officer", "coordinator"):
        browser = browser_of(getattr(figure_desk, who))
        assert "Record the decisions" not in words_of(browser.get(url(submission))), who
        page = browser.post(url(submission), choices(submission, ("accept", ""), ("accept", "")))
        assert page.status_code == 404, who
        assert not FigureDecision.objects.exists(), who


def test_others_do_not_find_it(figure_desk: FigureDesk, submission: FigureSubmission) -> None:
    for who in ("outsider", "observer"):
        browser = browser_of(getattr(figure_desk, who))
        for answer in (
            browser.get(url(submission)),
            browser.post(url(submission)),
            browser.post(f"{url(submission)}undo/"),
            browser.get(LIST),
        ):
            assert answer.status_code == 404, who
        assert Event.objects.filter(action="permission.refused").exists(), who


def test_mapo_sees_that_a_draft_exists_and_not_what_it_says(figure_desk: FigureDesk) -> None:
    report = figure_desk.save(figure_desk.content(po="777"))
    browser = browser_of(figure_desk.reviewer)
    words = words_of(browser.get(LIST))
    assert "August 2023 KPWKM Draft" in words
    assert "777" not in words
    assert browser.get(f"{LIST}{report.pk}/").status_code == 404


def test_the_coordinator_undoes_sending(figure_desk: FigureDesk, submission: FigureSubmission) -> None:
    browser = browser_of(figure_desk.coordinator)
    assert "Undo sending" in words_of(browser.get(url(submission)))
    assert browser.post(f"{url(submission)}undo/")["Location"] == "/figures/report/2023-08/"
    assert FigureReport.objects.open().get().typed == dict(figure_desk.content(ipo="12", po="7").typed)


def test_who_may_not_decide_reads_why(figure_desk: FigureDesk, submission: FigureSubmission) -> None:
    reviewer = figure_desk.reviewer
    reviewer.agency = figure_desk.agency
    reviewer.save()
    page = browser_of(reviewer).get(url(submission))
    assert "You cannot decide on these figures" in words_of(page)
    assert "Record the decisions" not in words_of(page)
    page = browser_of(reviewer).post(url(submission), choices(submission, ("accept", ""), ("accept", "")))
    assert page.status_code == 403


def test_decided_reports_stand_below_what_waits_the_newest_first(figure_desk: FigureDesk) -> None:
    """Given June and July decided and August sent, then August stands on top, then July, then June."""
    for month, po in ((date(2023, 6, 1), "5"), (figure_desk.july, "6")):
        figure_desk.accept(figure_desk.send(figure_desk.content(po=po), month=month))
    figure_desk.send(figure_desk.content(po="7"))
    words = words_of(browser_of(figure_desk.reviewer).get(LIST))
    places = [words.index(f"{month} 2023 , KPWKM") for month in ("August", "July", "June")]
    assert places == sorted(places)


def test_figure_leads_to_its_report_for_its_agency_and_mapo(figure_desk: FigureDesk) -> None:
    """Given an accepted figure that MAPO revised later, both lead to the report; others see no way, and find none."""
    report = figure_desk.accepted(po="7")
    first = Figure.objects.get()
    revised = revise_figure(
        first, text="8", reason="Dikira semula.", actor=figure_desk.reviewer, now=figure_desk.now
    )
    for figure in (first, revised):
        address = f"/figures/reports/of/{figure.pk}/"
        for person in (figure_desk.officer, figure_desk.reviewer):
            assert browser_of(person).get(address)["Location"] == f"{LIST}{report.pk}/"
        for person in (figure_desk.outsider, figure_desk.observer):
            assert browser_of(person).get(address).status_code == 404
    shown = f"/figures/reports/of/{revised.pk}/"
    assert shown in browser_of(figure_desk.officer).get("/figures/po/").content.decode()
    assert shown not in browser_of(figure_desk.observer).get("/figures/po/").content.decode()
