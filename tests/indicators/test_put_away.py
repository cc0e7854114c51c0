"""A draft of a month that is discarded, and figures that are withdrawn after MAPO returned them."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from audit.errors import NotAllowed, NotNow, Stale
from audit.models import Event
from cycles.services import close_cycle
from indicators.cells import MonthContent
from indicators.models import FigureReport, FigureReportWriter, FigureSubmission
from indicators.services.decisions import CellDecision, decide_figures
from indicators.services.reports import discard_figures, restore_figures, withdraw_figures
from submissions.states import SubmissionState
from tests.factories.accounts import UserFactory
from tests.factories.evidence import make_document
from tests.factories.figure_reports import AUGUST, FigureDesk

pytestmark = pytest.mark.django_db


def discard(
    desk: FigureDesk, report: FigureReport, *, who: str = "officer", revision: int | None = None
) -> FigureReport:
    seen = report.revision if revision is None else revision
    return discard_figures(report, revision=seen, actor=getattr(desk, who), now=desk.now)


def restore(desk: FigureDesk, report: FigureReport, *, who: str = "officer") -> FigureReport:
    return restore_figures(report, actor=getattr(desk, who), now=desk.now)


def returned(desk: FigureDesk) -> FigureSubmission:
    submission = desk.send(desk.content(po="7", explanation="Semakan bulanan."))
    decisions = {
        sent.pk: CellDecision(is_accepted=False, reason="Semak.") for sent in submission.figures.all()
    }
    decide_figures(submission, decisions=decisions, actor=desk.reviewer, now=desk.now)
    return submission


class TestDiscarding:
    @pytest.mark.parametrize("who", ["officer", "coordinator"])
    def test_the_agency_discards_a_draft_and_what_was_typed_is_kept(
        self, figure_desk: FigureDesk, who: str
    ) -> None:
        report = discard(figure_desk, figure_desk.save(figure_desk.content(po="7")), who=who)
        assert report.state == SubmissionState.DISCARDED
        assert report.typed == dict(figure_desk.content(po="7").typed)
        event = Event.objects.get(action="figures.discarded")
        assert (event.before, event.after) == ({"state": "draft"}, {"state": "discarded"})

    @pytest.mark.parametrize("who", ["outsider", "reviewer", "observer"])
    def test_nobody_else_does(self, figure_desk: FigureDesk, who: str) -> None:
        report = figure_desk.save(figure_desk.content(po="7"))
        with pytest.raises(NotAllowed):
            discard(figure_desk, report, who=who)
        discard(figure_desk, report)
        with pytest.raises(NotAllowed):
            restore(figure_desk, report, who=who)

    @pytest.mark.parametrize("revision", [-1, 0, 1, 3])
    def test_what_was_typed_since_is_not_discarded_unseen(
        self, figure_desk: FigureDesk, revision: int
    ) -> None:
        seen = figure_desk.save(figure_desk.content(po="7"))
        newer = figure_desk.save(
            figure_desk.content(po="70"), actor=figure_desk.coordinator, revision=seen.revision
        )
        with pytest.raises(Stale):
            discard(figure_desk, newer, revision=revision)
        newer.refresh_from_db()
        assert newer.state == SubmissionState.DRAFT
        assert newer.typed == dict(figure_desk.content(po="70").typed)
        assert not Event.objects.filter(action="figures.discarded").exists()

    def test_the_month_can_be_begun_anew(self, figure_desk: FigureDesk) -> None:
        discard(figure_desk, figure_desk.save(figure_desk.content(po="7")))
        anew = figure_desk.save(figure_desk.content(po="8"))
        assert anew.state == SubmissionState.DRAFT
        assert FigureReport.objects.count() == 2

    def test_twice_discards_once(self, figure_desk: FigureDesk) -> None:
        report = figure_desk.save(figure_desk.content(po="7"))
        discard(figure_desk, report)
        discard(figure_desk, report, who="coordinator")
        assert Event.objects.filter(action="figures.discarded").count() == 1

    def test_what_was_sent_is_not_discarded(self, figure_desk: FigureDesk) -> None:
        with pytest.raises(NotNow):
            discard(figure_desk, figure_desk.send(figure_desk.content(po="7")).report)

    def test_returned_figures_are_not_discarded(self, figure_desk: FigureDesk) -> None:
        with pytest.raises(NotNow):
            discard(figure_desk, returned(figure_desk).report)

    def test_undoing_brings_everything_back_and_keeps_who_typed_it(self, figure_desk: FigureDesk) -> None:
        document = make_document(figure_desk.agency, actor=figure_desk.officer, now=figure_desk.now)
        content = MonthContent({figure_desk.cell(figure_desk.po): "7"}, "Sebab.", frozenset({document.pk}))
        report = discard(figure_desk, figure_desk.save(content))
        draft = restore(figure_desk, report, who="coordinator")
        assert (draft.state, MonthContent.of(draft)) == (SubmissionState.DRAFT, content)
        writers = set(FigureReportWriter.objects.filter(report=draft).values_list("user", flat=True))
        assert writers == {figure_desk.officer.pk, figure_desk.coordinator.pk}

    def test_undoing_is_refused_once_another_draft_was_begun(self, figure_desk: FigureDesk) -> None:
        report = discard(figure_desk, figure_desk.save(figure_desk.content(po="7")))
        figure_desk.save(figure_desk.content(po="8"))
        with pytest.raises(NotNow):
            restore(figure_desk, report)
        assert FigureReport.objects.open().get().typed == dict(figure_desk.content(po="8").typed)

    def test_a_page_of_the_discarded_draft_overwrites_nothing_in_the_new_one(
        self, figure_desk: FigureDesk
    ) -> None:
        seen = figure_desk.save(figure_desk.content(po="7"))
        discard(figure_desk, seen)
        new = figure_desk.save(figure_desk.content(po="8"))
        with pytest.raises(Stale):
            figure_desk.save(
                figure_desk.content(po="70"), actor=figure_desk.coordinator, revision=seen.revision
            )
        new.refresh_from_db()
        assert new.typed == dict(figure_desk.content(po="8").typed)

    def test_a_page_of_withdrawn_figures_overwrites_nothing_in_the_new_draft(
        self, figure_desk: FigureDesk
    ) -> None:
        seen = figure_desk.save(figure_desk.content(po="7"))
        sent = figure_desk.send(figure_desk.content(po="8"), revision=seen.revision).report
        draft = withdraw_figures(sent, actor=figure_desk.coordinator, now=figure_desk.now)
        with pytest.raises(Stale):
            figure_desk.save(figure_desk.content(po="70"), revision=seen.revision)
        draft.refresh_from_db()
        assert draft.typed == dict(figure_desk.content(po="8").typed)

    def test_a_page_that_showed_no_draft_overwrites_nothing_in_a_later_one(
        self, figure_desk: FigureDesk
    ) -> None:
        discard(figure_desk, figure_desk.save(figure_desk.content(po="7")))
        figure_desk.save(figure_desk.content(po="8"))
        with pytest.raises(Stale):
            figure_desk.save(figure_desk.content(po="70"))

    def test_a_draft_that_was_not_discarded_is_not_restored(self, figure_desk: FigureDesk) -> None:
        with pytest.raises(NotNow):
            restore(figure_desk, figure_desk.save(figure_desk.content(po="7")))

    def test_a_closed_cycle_takes_neither(self, figure_desk: FigureDesk) -> None:
        report = figure_desk.save(figure_desk.content(po="7"))
        other = discard(figure_desk, figure_desk.save(figure_desk.content(po="7"), month=figure_desk.july))
        administrator = UserFactory(role="administrator", agency=figure_desk.reviewer.agency)
        close_cycle(figure_desk.cycle, reason="Selesai.", actor=administrator, now=figure_desk.now)
        for act in (partial(discard, figure_desk, report), partial(restore, figure_desk, other)):
            with pytest.raises(NotNow):
                act()


class TestPages:
    def post(self, person: Any, name: str, report: FigureReport) -> Any:
        client = Client()
        client.force_login(person)
        return client.post(reverse(f"indicators:{name}", args=[report.pk]), follow=True)

    def page(self, person: Any, *path: Any) -> str:
        client = Client()
        client.force_login(person)
        return client.get(reverse(*path), follow=True).content.decode()

    def test_a_draft_offers_discarding_and_the_toast_its_undoing(self, figure_desk: FigureDesk) -> None:
        report = figure_desk.save(figure_desk.content(po="7"))
        url = reverse("indicators:report_discard", args=[report.pk])
        form = reverse("indicators:month", args=[AUGUST])
        client = Client()
        client.force_login(figure_desk.officer)
        assert url in client.get(form).content.decode()
        answer = client.post(url, {"revision": report.revision}, follow=True)
        assert reverse("indicators:report_restore", args=[report.pk]) in answer.content.decode()
        assert url not in client.get(form).content.decode()

    @pytest.mark.parametrize("revision", [None, "", "x", "-1", "1", "99999999999999999999"])
    def test_an_old_page_discards_nothing_and_leads_to_the_newer_figures(
        self, figure_desk: FigureDesk, revision: str | None
    ) -> None:
        report = figure_desk.save(figure_desk.content(po="7"))
        figure_desk.save(figure_desk.content(po="70"), actor=figure_desk.coordinator, revision=1)
        client = Client()
        client.force_login(figure_desk.officer)
        url = reverse("indicators:report_discard", args=[report.pk])
        answer = client.post(url, {} if revision is None else {"revision": revision}, follow=True)
        assert answer.redirect_chain == [(reverse("indicators:month", args=[AUGUST]), 302)]
        page = answer.content.decode()
        assert "Draf ini tidak dibuang" in page and 'value="70"' in page
        report.refresh_from_db()
        assert report.state == SubmissionState.DRAFT

    def test_a_page_shown_again_discards_only_what_it_was_opened_on(self, figure_desk: FigureDesk) -> None:
        figure_desk.save(figure_desk.content(po="7"))
        figure_desk.save(figure_desk.content(po="70"), actor=figure_desk.coordinator, revision=1)
        client = Client()
        client.force_login(figure_desk.officer)
        typed = {"action": "find", "find": "x", "revision": "1", "explanation": ""}
        page = client.post(reverse("indicators:month", args=[AUGUST]), typed).content.decode()
        assert '<input type="hidden" name="revision" value="1" data-follows-revision>' in page

    def test_coordinators_see_withdraw_on_returned_figures_and_officers_do_not(
        self, figure_desk: FigureDesk
    ) -> None:
        report = returned(figure_desk).report
        url = reverse("indicators:report_withdraw", args=[report.pk])
        for path in (("indicators:report", None, [report.pk]), ("indicators:month", None, [AUGUST])):
            assert url in self.page(figure_desk.coordinator, *path)
        assert url not in self.page(figure_desk.officer, "indicators:report", None, [report.pk])
        assert url not in self.page(figure_desk.reviewer, "indicators:report", None, [report.pk])

    def test_withdrawn_after_its_return_goes_on_as_a_draft(self, figure_desk: FigureDesk) -> None:
        report = returned(figure_desk).report
        answer = self.post(figure_desk.coordinator, "report_withdraw", report)
        assert answer.status_code == 200
        report.refresh_from_db()
        assert report.state == SubmissionState.WITHDRAWN
        assert FigureReport.objects.open().get().typed == report.typed

    def test_withdrawn_while_mapo_decides(self, figure_desk: FigureDesk) -> None:
        submission = figure_desk.send(figure_desk.content(po="7"))
        withdraw_figures(submission.report, actor=figure_desk.coordinator, now=figure_desk.now)
        with pytest.raises(NotNow):
            figure_desk.accept(submission)

    def test_others_do_not_find_it(self, figure_desk: FigureDesk) -> None:
        report = figure_desk.save(figure_desk.content(po="7"))
        for name in ("report_discard", "report_restore", "report_withdraw"):
            for who in ("outsider", "reviewer", "observer"):
                assert self.post(getattr(figure_desk, who), name, report).status_code in (403, 404), who
                report.refresh_from_db()
                assert report.state == SubmissionState.DRAFT
