"""The form of a month: what is typed is kept, told, compared and sent; rights."""

from __future__ import annotations

from typing import Any

import pytest
from django.http import HttpResponse

from indicators.models import FigureReport, FigureSubmission
from submissions.states import SubmissionState
from tests.factories.evidence import make_document
from tests.factories.figure_reports import FigureDesk
from tests.recommendations.pages import browser_of, words_of

pytestmark = pytest.mark.django_db

URL, AUTOSAVE, MONTHS = "/figures/report/2023-08/", "/figures/report/2023-08/autosave/", "/figures/report/"


def fields(desk: FigureDesk, *, revision: int = 0, explanation: str = "", **numbers: str) -> dict[str, Any]:
    """The form as a browser sends it: every cell, also the empty ones."""
    names = [desk.cell(desk.ipo, value) for value in ("", "men", "women", "boys", "girls")]
    empty = dict.fromkeys([*names, desk.cell(desk.po)], "")
    typed = dict(desk.content(**numbers).typed)
    return {**empty, **typed, "explanation": explanation, "revision": str(revision), "documents": []}


def test_the_form_shows_every_cell_with_what_stands_beside_it(figure_desk: FigureDesk) -> None:
    figure_desk.accepted(po="7")
    page = browser_of(figure_desk.officer).get("/figures/report/2023-07/")
    assert page.status_code == 200
    for indicator, value in ((figure_desk.ipo, ""), (figure_desk.ipo, "women"), (figure_desk.po, "")):
        assert f'name="{figure_desk.cell(indicator, value)}"' in page.content.decode()
    figure_desk.accepted(month=figure_desk.july, po="5")
    august = words_of(browser_of(figure_desk.officer).get(URL))
    assert "Last month 5" in august
    assert "Accepted 7" in august


def test_autosave_keeps_what_is_typed_and_says_what_is_wrong(figure_desk: FigureDesk) -> None:
    answer = browser_of(figure_desk.officer).post(AUTOSAVE, fields(figure_desk, ipo="-3", po="7"))
    assert answer.status_code == 200
    assert answer.json()["revision"] == 1
    assert answer.json()["notes"] == {figure_desk.cell(figure_desk.ipo): ["A figure cannot be negative."]}
    assert FigureReport.objects.get().typed == dict(figure_desk.content(ipo="-3", po="7").typed)


def test_a_colleagues_figures_are_never_overwritten_and_stand_below(figure_desk: FigureDesk) -> None:
    figure_desk.save(figure_desk.content(po="7"))
    answer = browser_of(figure_desk.coordinator).post(AUTOSAVE, fields(figure_desk, po="9"))
    assert (answer.status_code, answer.json()["state"]) == (409, "stale")
    page = browser_of(figure_desk.coordinator).post(URL, fields(figure_desk, po="9") | {"action": "save"})
    assert page.status_code == 409
    assert "Theirs: 7" in words_of(page)
    assert 'value="9"' in page.content.decode()
    again = browser_of(figure_desk.coordinator).post(
        URL, fields(figure_desk, po="9", revision=1) | {"action": "save"}
    )
    assert again.status_code == 302
    assert FigureReport.objects.get().typed == dict(figure_desk.content(po="9").typed)


def test_newer_figures_of_the_reader_are_not_called_somebody_elses(figure_desk: FigureDesk) -> None:
    browser = browser_of(figure_desk.coordinator)
    browser.post(URL, fields(figure_desk, po="7") | {"action": "save"})
    for act, words in (
        ("save", "You saved newer figures elsewhere"),
        ("compare-tabs", "Your other tab saved newer figures"),
    ):
        page = browser.post(URL, fields(figure_desk, po="9") | {"action": act})
        assert words in words_of(page), (act, words)
        assert "Use the newer figures" in words_of(page), (act, words)
        assert figure_desk.coordinator.name + " saved" not in words_of(page), (act, words)


def test_the_coordinator_sends(figure_desk: FigureDesk) -> None:
    page = browser_of(figure_desk.coordinator).post(URL, fields(figure_desk, po="7") | {"action": "submit"})
    assert page["Location"] == MONTHS
    assert FigureSubmission.objects.get().figures.get().text == "7"
    assert browser_of(figure_desk.officer).get(URL)["Location"].startswith("/figures/reports/")


def test_an_officer_does_not_send_and_loses_nothing(figure_desk: FigureDesk) -> None:
    browser = browser_of(figure_desk.officer)
    assert "Send to MAPO" not in words_of(browser.get(URL)).replace("sends the figures", "")
    page = browser.post(URL, fields(figure_desk, po="7") | {"action": "submit"})
    assert page.status_code == 409
    assert "7" in words_of(page)
    assert not FigureSubmission.objects.exists()


def test_bad_input_is_told_beside_its_cell_and_everything_is_kept(figure_desk: FigureDesk) -> None:
    typed = fields(figure_desk, ipo="1.5", po="7", explanation="Belum lengkap")
    page = browser_of(figure_desk.coordinator).post(URL, typed | {"action": "submit"})
    assert page.status_code == 200
    words = words_of(page)
    assert "whole numbers" in words
    assert "Belum lengkap" in words
    assert 'value="1.5"' in page.content.decode()
    assert FigureReport.objects.get().typed == dict(figure_desk.content(ipo="1.5", po="7").typed)


def test_a_contradiction_asks_for_an_explanation(figure_desk: FigureDesk) -> None:
    browser = browser_of(figure_desk.coordinator)
    typed = fields(figure_desk, ipo="3", men="9")
    page = browser.post(URL, typed | {"action": "submit"})
    assert page.status_code == 200
    assert "The parts add up to 9, which is above the total of 3." in words_of(page)
    sent = browser.post(URL, typed | {"action": "submit", "revision": "1", "explanation": "Dikira dua kali."})
    assert sent.status_code == 302
    assert FigureSubmission.objects.get().explanation == "Dikira dua kali."


def test_an_unusual_figure_asks_back_and_is_sent_at_a_second_press(figure_desk: FigureDesk) -> None:
    figure_desk.accepted(month=figure_desk.july, po="12")
    browser = browser_of(figure_desk.coordinator)
    page = browser.post(URL, fields(figure_desk, po="120") | {"action": "submit"})
    assert page.status_code == 200
    assert "Unusual: last month it was 12." in words_of(page)
    assert 'value="submit_anyway"' in page.content.decode()
    again = fields(figure_desk, po="120", revision=1) | {"action": "submit_anyway"}
    assert browser.post(URL, again).status_code == 302


def test_evidence_is_cited_for_all(figure_desk: FigureDesk) -> None:
    document = make_document(figure_desk.agency, actor=figure_desk.officer, now=figure_desk.now)
    foreign = make_document(figure_desk.other_agency, actor=figure_desk.outsider, now=figure_desk.now)
    typed = fields(figure_desk, po="7") | {"documents": [document.pk, foreign.pk, "x"], "action": "submit"}
    browser_of(figure_desk.coordinator).post(URL, typed)
    assert list(FigureSubmission.objects.get().documents.all()) == [document]


def test_a_text_that_seems_to_identify_a_person_is_not_sent(figure_desk: FigureDesk) -> None:
    typed = fields(figure_desk, po="7", explanation="Mangsa 900101-14-5678") | {"action": "submit"}
    page = browser_of(figure_desk.coordinator).post(URL, typed)
    assert page.status_code == 200
    assert "identify a person" in words_of(page)
    assert FigureReport.objects.get().state == SubmissionState.DRAFT


def test_a_month_that_takes_nothing_says_why_and_what_is_no_month_is_not_found(
    figure_desk: FigureDesk,
) -> None:
    for month in ("2023-09", "2024-03", "2023-03", "1999-01", "9998-12"):
        for method in ("get", "post"):
            page: HttpResponse = getattr(browser_of(figure_desk.officer), method)(f"/figures/report/{month}/")
            assert page.status_code == 409, month
            assert "not over yet" in words_of(page) or "outside" in words_of(page), month
    for month in ("0000-01", "9999-12", "2023-13", "2023-8", "0001-01"):
        assert browser_of(figure_desk.officer).get(f"/figures/report/{month}/").status_code == 404, month


def test_only_agencies_report_and_those_without_indicators_are_told(figure_desk: FigureDesk) -> None:
    for person in (figure_desk.reviewer, figure_desk.observer):
        for url in (URL, MONTHS):
            assert browser_of(person).get(url).status_code == 404
    assert "reports no figures" in words_of(browser_of(figure_desk.outsider).get(URL))
    assert "reports no figures" in words_of(browser_of(figure_desk.outsider).get(MONTHS))


def test_the_months_show_their_state(figure_desk: FigureDesk) -> None:
    figure_desk.accepted(month=figure_desk.july, po="12")
    figure_desk.save(figure_desk.content(po="7"))
    words = words_of(browser_of(figure_desk.officer).get(MONTHS))
    assert "August 2023 Draft" in words
    assert "July 2023 Accepted" in words
    assert "September 2023 Not begun" not in words


def test_a_form_costs_as_many_queries_with_many_indicators(
    figure_desk: FigureDesk, django_assert_max_num_queries: Any
) -> None:
    browser = browser_of(figure_desk.officer)
    browser.get(URL)
    with django_assert_max_num_queries(24):
        browser.get(URL)
