"""What people of other agencies, observers and those who once answered for figures try, and do not get."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from accounts.clearance import Clearance
from accounts.models import User
from accounts.roles import Role
from audit.errors import NotAllowed
from indicators.models import Figure, FigureReport, FigureSubmission, Indicator
from indicators.queries.checks import judge_cycle
from indicators.services.reports import submit_figures
from indicators.services.revisions import revise_figure
from submissions.states import SubmissionState
from tests.conftest import Clock
from tests.factories.accounts import UserFactory
from tests.factories.evidence import make_document
from tests.factories.figure_reports import JULY, FigureDesk
from tests.factories.indicators import make_check, make_source
from tests.recommendations.pages import browser_of, words_of

pytestmark = pytest.mark.django_db
MONTH = "/figures/report/2023-08/"


@pytest.fixture
def own_observer(figure_desk: FigureDesk) -> User:
    """An observer who is posted in the agency that answers for the figures."""
    return UserFactory(role=Role.OBSERVER, agency=figure_desk.agency)


def revised(desk: FigureDesk, clock: Clock) -> Figure:
    """A figure of PO for August that MAPO revised the next day, for a reason."""
    desk.accepted(po="70")
    now = clock.move_to(desk.now + timedelta(days=1))
    about = {"reason": "Salah kira di pejabat.", "actor": desk.reviewer, "now": now}
    return revise_figure(Figure.objects.get(), text="71", **about)


def moved_to(indicator: Indicator, agency: Any) -> None:
    """Let another agency answer from now on."""
    indicator.agency = agency
    indicator.save(update_fields=["agency"])


def test_an_observer_in_the_agency_reads_no_reason(
    figure_desk: FigureDesk, own_observer: User, clock: Clock
) -> None:
    revised(figure_desk, clock)

    assert "Salah kira" in words_of(browser_of(figure_desk.officer).get("/figures/po/"))
    assert "Salah kira" not in words_of(browser_of(own_observer).get("/figures/po/"))


def test_an_observer_in_the_agency_reads_no_numbers_of_checks(
    figure_desk: FigureDesk, own_observer: User
) -> None:
    figure_desk.accepted(ipo="9", men="3", women="2", boys="1", girls="3")
    series = {each.key: each for each in figure_desk.ipo.series.all()}
    source = make_source(figure_desk.cycle, now=figure_desk.now)
    check = make_check(source, [each for key, each in series.items() if key], [series[""]])

    for user, sees in ((figure_desk.officer, True), (own_observer, False)):
        assert bool(judge_cycle(figure_desk.cycle, user=user).rows) is sees
        page = words_of(browser_of(user).get(f"/figures/contradictions/{check.pk}/"))
        assert ("3 + 2 + 1 + 3" in page) is sees


def test_who_answered_once_reads_no_reason_on_a_day_of_then(figure_desk: FigureDesk, clock: Clock) -> None:
    figure = revised(figure_desk, clock)
    day = figure.recorded_at.date().isoformat()
    clock.move_to(figure.recorded_at + timedelta(days=2))
    moved_to(figure_desk.po, figure_desk.other_agency)

    theirs = words_of(browser_of(figure_desk.officer).get("/figures/po/", {"day": day}))
    answering = words_of(browser_of(figure_desk.outsider).get("/figures/po/", {"day": day}))

    assert "Salah kira" not in theirs and "Salah kira" in answering


def test_who_answered_once_reads_no_later_number_beside_theirs(figure_desk: FigureDesk) -> None:
    submission = figure_desk.send(figure_desk.content(po="70"))
    moved_to(figure_desk.po, figure_desk.other_agency)
    about = {"revision": 0, "actor": figure_desk.outsider, "now": figure_desk.now}
    theirs = submit_figures(
        figure_desk.other_agency, figure_desk.cycle, JULY, content=figure_desk.content(po="3"), **about
    )
    figure_desk.accept(theirs)
    url = f"/figures/reports/{submission.report_id}/"

    assert "Indicator po 70 3" in words_of(browser_of(figure_desk.reviewer).get(url))
    assert "Indicator po 70 – – –" in words_of(browser_of(figure_desk.officer).get(url))


def test_nobody_revises_figures_that_they_sent_in_another_post(figure_desk: FigureDesk) -> None:
    figure_desk.accepted(po="70")
    mover = figure_desk.coordinator
    mover.role, mover.agency = Role.REVIEWER, figure_desk.reviewer.agency
    mover.save()

    with pytest.raises(NotAllowed):
        revise_figure(Figure.objects.get(), text="71", reason="Salah kira.", actor=mover, now=figure_desk.now)


def test_words_beside_evidence_above_the_clearance_are_not_shown(figure_desk: FigureDesk) -> None:
    secret = {"classification": Clearance.CONFIDENTIAL, "now": figure_desk.now}
    coordinator = figure_desk.coordinator
    coordinator.clearance = Clearance.CONFIDENTIAL
    coordinator.save(update_fields=["clearance"])
    document = make_document(figure_desk.agency, actor=coordinator, name="Senarai.pdf", **secret)
    content = replace(figure_desk.content("Rujuk operasi", po="70"), document_ids=frozenset([document.pk]))
    for who in ("reviewer", "officer"):
        url = f"/figures/reports/{figure_desk.send(content).report_id}/"
        reader = getattr(figure_desk, who)

        reader.clearance = Clearance.CONFIDENTIAL
        reader.save(update_fields=["clearance"])
        cleared = words_of(browser_of(reader).get(url))
        reader.clearance = Clearance.RESTRICTED
        reader.save(update_fields=["clearance"])
        words = words_of(browser_of(reader).get(url))

        assert "Rujuk operasi" in cleared and "Senarai.pdf" in cleared, who
        assert "Rujuk operasi" not in words and "Senarai.pdf" not in words, who
        assert "Classified above your clearance." in words and "No file was cited." not in words, who


def test_a_foreign_report_answers_as_if_there_was_none(figure_desk: FigureDesk, own_observer: User) -> None:
    submission = figure_desk.send(figure_desk.content(ipo="9", boys="2"))
    for who in ("outsider", "observer", "own_observer"):
        user = own_observer if who == "own_observer" else getattr(figure_desk, who)
        browser = browser_of(user)
        page, undo = (
            f"/figures/reports/{submission.report_id}/",
            f"/figures/reports/{submission.report_id}/undo/",
        )
        sent = {f"decision-{each.pk}": "accept" for each in submission.figures.all()}

        answers = [
            browser.get(page),
            browser.get(page, {"day": "2023-09-01"}),
            browser.post(page, {"submission": submission.pk, **sent}),
            browser.post(undo),
        ]

        assert {answer.status_code for answer in answers} == {404}, who
        assert words_of(answers[0]) == words_of(browser.get("/figures/reports/999999/")), who
        assert (
            FigureReport.objects.get().state == SubmissionState.SUBMITTED and not Figure.objects.exists()
        ), who


def test_foreign_cells_and_documents_in_a_form_are_nothing(figure_desk: FigureDesk) -> None:
    document = make_document(figure_desk.agency, actor=figure_desk.officer, now=figure_desk.now)
    cells = {figure_desk.cell(figure_desk.ipo, "boys"): "2", figure_desk.cell(figure_desk.po): "7"}
    data = {**cells, "documents": [document.pk], "revision": 0, "explanation": "Cubaan"}
    browser = browser_of(figure_desk.outsider)

    browser.post(MONTH, {**data, "action": "submit"})
    browser.post(f"{MONTH}autosave/", data)

    own = FigureReport.objects.filter(agency=figure_desk.other_agency)
    assert not own.exclude(typed={}).exists() and not own.filter(citations__isnull=False).exists()
    assert not FigureSubmission.objects.exists()
    assert document.display_name not in words_of(browser.get(MONTH))


def test_without_the_token_nothing_is_written(figure_desk: FigureDesk) -> None:
    report = figure_desk.send(figure_desk.content(po="7")).report
    for user, url in (
        (figure_desk.coordinator, MONTH),
        (figure_desk.coordinator, f"{MONTH}autosave/"),
        (figure_desk.coordinator, f"/figures/reports/{report.pk}/undo/"),
        (figure_desk.reviewer, f"/figures/reports/{report.pk}/"),
    ):
        client = Client(enforce_csrf_checks=True)
        client.force_login(user)
        assert client.post(url, {"revision": 0, "submission": 1}).status_code == 403
    report.refresh_from_db()
    assert report.state == SubmissionState.SUBMITTED


def test_whoever_is_deactivated_or_moved_writes_no_more(figure_desk: FigureDesk) -> None:
    gone, moved = browser_of(figure_desk.officer), browser_of(figure_desk.coordinator)
    report = figure_desk.send(figure_desk.content(po="7")).report
    User.objects.filter(pk=figure_desk.officer.pk).update(is_active=False)
    User.objects.filter(pk=figure_desk.coordinator.pk).update(agency=figure_desk.other_agency)
    data = {figure_desk.cell(figure_desk.po): "8", "revision": 1, "explanation": ""}

    assert gone.post(f"{MONTH}autosave/", data).status_code in (302, 401, 403, 404)
    assert gone.get(f"/figures/reports/{report.pk}/").status_code in (302, 404)
    assert moved.post(f"/figures/reports/{report.pk}/undo/").status_code == 404
    assert moved.get(f"/figures/reports/{report.pk}/").status_code == 404
    assert not FigureReport.objects.exclude(pk=report.pk).exclude(typed={}).exists()


def test_who_may_not_see_a_cited_file_does_not_drop_it(figure_desk: FigureDesk) -> None:
    secret = {"classification": Clearance.CONFIDENTIAL, "now": figure_desk.now}
    figure_desk.coordinator.clearance = Clearance.CONFIDENTIAL
    figure_desk.coordinator.save(update_fields=["clearance"])
    document = make_document(figure_desk.agency, actor=figure_desk.coordinator, **secret)
    content = replace(figure_desk.content(po="7"), document_ids=frozenset([document.pk]))
    report = figure_desk.save(content, actor=figure_desk.coordinator)
    report = figure_desk.save(
        figure_desk.content(po="8"), actor=figure_desk.officer, revision=report.revision
    )
    assert list(report.documents.all()) == [document]
    report = figure_desk.save(
        figure_desk.content(po="9"), actor=figure_desk.coordinator, revision=report.revision
    )
    assert not report.documents.exists()
