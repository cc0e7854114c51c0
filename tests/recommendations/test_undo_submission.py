"""Undo after sending: one press, and the same text, dates and files are a draft again."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from django.db import transaction
from django.urls import reverse
from django.utils.translation import override

from audit.errors import DomainError, NotAllowed, NotNow
from audit.models import Event
from recommendations import services
from recommendations.content import Content
from recommendations.models import Assignment, Review, Submission, Update
from recommendations.permissions import is_author
from recommendations.queries.update_page import newest_return
from recommendations.services import undo_submission
from submissions.states import SubmissionState
from tests.conftest import NOW, Clock, WorkerDatabase
from tests.factories.evidence import make_document
from tests.factories.recommendations import REPORTED, start_update
from tests.recommendations.at_once import at_once
from tests.recommendations.conftest import Desk, make_desk
from tests.recommendations.pages import browser_of, words_of


def sent_with_file(desk: Desk) -> Submission:
    """An update that was sent with one file."""
    document = make_document(desk.agency, actor=desk.officer, now=desk.now)
    return desk.submission(replace(REPORTED, document_ids=frozenset({document.pk})))


def url(update: Update, name: str = "update_undo") -> str:
    return reverse(f"recommendations:{name}", args=[update.pk])


class TestService:
    def test_undo_submission_brings_text_dates_and_files_back(self, desk: Desk, now: datetime) -> None:
        submission = sent_with_file(desk)
        draft = undo_submission(submission.update, actor=desk.officer, now=now)
        assert (draft.state, Content.of(draft)) == (SubmissionState.DRAFT, Content.of(submission.update))
        assert Content.of(draft).document_ids
        sent = Update.objects.get(pk=submission.update_id)
        assert (sent.state, sent.closed_at) == (SubmissionState.WITHDRAWN, now)
        assert sent.submissions.get() == submission

    def test_undo_submission_records_one_event_without_text_and_pressed_twice_begins_one_draft(
        self, desk: Desk, now: datetime
    ) -> None:
        update = desk.submission().update
        known = set(Event.objects.values_list("pk", flat=True))
        draft = undo_submission(update, actor=desk.colleague, now=now)
        event = Event.objects.exclude(pk__in=known).get()
        assert (event.action, event.object_id) == ("update.submission_undone", str(update.pk))
        assert (event.before, event.after) == (
            {"state": "submitted"},
            {"state": "withdrawn", "draft": draft.pk},
        )
        assert (event.agency_id, event.item_id) == (desk.agency.pk, desk.item.pk)
        assert undo_submission(update, actor=desk.officer, now=now) == draft
        assert Update.objects.count() == 2

    def test_undo_submission_brings_lateness_back(self, desk: Desk, now: datetime) -> None:
        Assignment.objects.update(next_due_on=now.date() - timedelta(days=1))
        update = desk.submission().update
        assert not Assignment.objects.overdue(now.date()).exists()
        undo_submission(update, actor=desk.officer, now=now)
        assert Assignment.objects.overdue(now.date()).exists()

    def test_undo_submission_of_nothing_new_leaves_no_draft(self, desk: Desk, now: datetime) -> None:
        desk.accepted()
        sent = services.report_nothing_new(
            desk.assignment, speaks_for=date(2023, 9, 14), actor=desk.officer, now=now
        )
        assert undo_submission(sent.update, actor=desk.officer, now=now).state == SubmissionState.WITHDRAWN
        assert desk.assignment.open_update is None
        assert undo_submission(sent.update, actor=desk.colleague, now=now) == sent.update

    def test_undo_submission_of_a_correction_keeps_the_return(self, desk: Desk, now: datetime) -> None:
        first = desk.submission()
        services.return_update(
            first, reason="Nyatakan bilangan.", resubmit_by=date(2023, 9, 21), actor=desk.reviewer, now=now
        )
        second = desk.submission(replace(REPORTED, narrative="Sebanyak 12 kursus."))
        assert second.number == 2
        draft = undo_submission(second.update, actor=desk.officer, now=now)
        returned = newest_return(draft, user=desk.officer)
        assert returned is not None
        assert returned.reason == "Nyatakan bilangan."
        assert Assignment.objects.get().next_due_on == date(2023, 9, 21)

    def test_return_is_answered_once_mapo_accepts(self, desk: Desk, now: datetime) -> None:
        first = desk.submission()
        services.return_update(
            first, reason="Nyatakan bilangan.", resubmit_by=date(2023, 9, 21), actor=desk.reviewer, now=now
        )
        desk.accepted(replace(REPORTED, narrative="Sebanyak 12 kursus."))
        assert newest_return(desk.draft(), user=desk.officer) is None

    def test_writers_of_the_text_may_not_decide_on_the_draft(self, desk: Desk, now: datetime) -> None:
        update = desk.submission().update
        draft = undo_submission(update, actor=desk.colleague, now=now)
        again = services.submit_update(
            draft, content=REPORTED, revision=draft.revision, actor=desk.colleague, now=now
        )
        assert is_author(desk.officer, again)
        assert is_author(desk.colleague, again)

    @pytest.mark.parametrize("decide", ["accepted", "returned"])
    def test_undo_submission_refused_once_decided(self, desk: Desk, now: datetime, decide: str) -> None:
        if decide == "accepted":
            update = desk.accepted().submission.update
        else:
            submission = desk.submission()
            update = submission.update
            services.return_update(
                submission, reason="Kurang.", resubmit_by=date(2023, 9, 21), actor=desk.reviewer, now=now
            )
        with pytest.raises(NotNow, match="MAPO"):
            undo_submission(update, actor=desk.officer, now=now)
        assert Update.objects.get().state == decide

    def test_undo_submission_refused_before_sending_and_in_a_closed_cycle(
        self, desk: Desk, now: datetime
    ) -> None:
        draft = desk.draft()
        with pytest.raises(NotNow):
            undo_submission(draft, actor=desk.officer, now=now)
        update = desk.submission().update
        desk.cycle.closed_at = now
        desk.cycle.save()
        with pytest.raises(NotNow, match="ditutup"):
            undo_submission(update, actor=desk.officer, now=now)
        assert Update.objects.get().state == SubmissionState.SUBMITTED

    def test_undo_submission_refused_beside_a_newer_one(self, desk: Desk, now: datetime) -> None:
        update = desk.submission().update
        services.withdraw_update(update, actor=desk.officer, now=now)
        newer = desk.submission().update
        with pytest.raises(NotNow):
            undo_submission(update, actor=desk.officer, now=now)
        assert Update.objects.get(pk=newer.pk).state == SubmissionState.SUBMITTED

    @pytest.mark.parametrize("way", ["withdrawn", "undone and discarded"])
    def test_undo_submission_never_returns_a_draft_that_it_did_not_begin(
        self, desk: Desk, now: datetime, way: str
    ) -> None:
        update = desk.submission().update
        if way == "withdrawn":
            services.withdraw_update(update, actor=desk.officer, now=now)
        else:
            begun = undo_submission(update, actor=desk.officer, now=now)
            services.discard_update(begun, revision=begun.revision, actor=desk.officer, now=now)
        with override("en"), pytest.raises(NotNow, match="already withdrawn"):
            undo_submission(update, actor=desk.officer, now=now)
        other = start_update(desk.assignment, actor=desk.officer, now=now)
        with override("en"), pytest.raises(NotNow, match="already withdrawn"):
            undo_submission(update, actor=desk.officer, now=now)
        assert desk.assignment.open_update == other

    def test_undo_submission_refused_once_its_draft_was_sent_and_returned(
        self, desk: Desk, now: datetime
    ) -> None:
        update = desk.submission().update
        draft = undo_submission(update, actor=desk.officer, now=now)
        again = services.submit_update(
            draft, content=REPORTED, revision=draft.revision, actor=desk.officer, now=now
        )
        services.return_update(
            again, reason="Kurang.", resubmit_by=date(2023, 9, 21), actor=desk.reviewer, now=now
        )
        with override("en"), pytest.raises(NotNow, match="already withdrawn"):
            undo_submission(update, actor=desk.officer, now=now)

    def test_undo_submission_refused_to_others(self, desk: Desk, now: datetime) -> None:
        update = desk.submission().update
        for who in ("outsider", "reviewer", "administrator", "observer"):
            with pytest.raises(NotAllowed):
                undo_submission(update, actor=getattr(desk, who), now=now)
            assert Update.objects.get().state == SubmissionState.SUBMITTED, who

    def test_undo_submission_leaves_nothing_when_it_fails(
        self, desk: Desk, now: datetime, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        update = desk.submission().update

        def fail(*_args: object, **_kwargs: object) -> None:
            raise RuntimeError("the log is full")

        monkeypatch.setattr("recommendations.services.updates.record_on", fail)
        with pytest.raises(RuntimeError):
            undo_submission(update, actor=desk.officer, now=now)
        assert Update.objects.get().state == SubmissionState.SUBMITTED


class TestPages:
    def test_toast_after_sending_reopens_the_same_draft(self, desk: Desk) -> None:
        draft, browser = desk.draft(), browser_of(desk.officer)
        typed = {
            "action": "submit",
            "status": REPORTED.status,
            "percent": REPORTED.percent,
            "narrative": "Dua kursus di Kuching.",
            "covers_from": "2023-08-01",
            "covers_to": "2023-08-31",
            "classification": 1,
            "revision": draft.revision,
        }
        told = browser.post(url(draft, "update_edit"), typed, follow=True)
        assert f'action="{url(draft)}"' in told.content.decode()
        toast = told.content.decode().partition('class="toast"')[2].partition("data-dismiss")[0]
        assert 'class="toast__undo">Undo sending<' in toast
        page = browser.post(url(draft), follow=True)
        again = Update.objects.get(state=SubmissionState.DRAFT)
        assert page.redirect_chain[-1][0] == url(again, "update_edit")
        assert "Dua kursus di Kuching." in page.content.decode()
        assert "Sending was undone." in words_of(page)

    def test_my_work_and_the_update_page_offer_it_under_one_name(self, desk: Desk) -> None:
        for language, name in (("ms", "Buat asal penghantaran"), ("en", "Undo sending")):
            with transaction.atomic():
                update, browser = desk.submission().update, browser_of(desk.colleague, language)
                for page in (reverse("recommendations:my_work"), url(update, "update")):
                    response = browser.get(page)
                    assert url(update) in response.content.decode(), language
                    assert name in words_of(response), language
                transaction.set_rollback(True)

    def test_it_takes_the_place_of_withdraw_until_mapo_decides(self, desk: Desk, now: datetime) -> None:
        submission, browser = desk.submission(), browser_of(desk.officer)
        update = submission.update
        page = browser.get(url(update, "update"))
        assert url(update, "update_withdraw") not in page.content.decode()
        assert "Undo sending opens the same text, dates and files in a draft." in words_of(page)
        services.return_update(
            submission, reason="Kurang.", resubmit_by=date(2023, 9, 21), actor=desk.reviewer, now=now
        )
        page = browser.get(url(update, "update"))
        assert url(update) + '"' not in page.content.decode()
        assert url(update, "update_withdraw") in page.content.decode()
        assert "Withdraw ends this update. MAPO still sees what was sent." in words_of(page)

    def test_it_is_not_offered_once_decided_and_says_why(self, desk: Desk) -> None:
        update, browser = desk.accepted().submission.update, browser_of(desk.officer)
        assert url(update) not in browser.get(url(update, "update")).content.decode()
        response = browser.post(url(update))
        assert response.status_code == 409
        assert "MAPO has already decided on this update" in words_of(response)

    def test_withdrawn_update_beside_another_draft_says_so_and_opens_nothing(
        self, desk: Desk, now: datetime
    ) -> None:
        update, browser = desk.submission().update, browser_of(desk.officer)
        services.withdraw_update(update, actor=desk.officer, now=now)
        start_update(desk.assignment, actor=desk.officer, now=now)
        response = browser.post(url(update))
        assert response.status_code == 409
        assert "This update is already withdrawn" in words_of(response)
        assert "Sending was undone" not in words_of(browser.get(reverse("recommendations:my_work")))

    def test_nothing_new_returns_to_my_work(self, desk: Desk, now: datetime) -> None:
        desk.accepted()
        sent = services.report_nothing_new(
            desk.assignment, speaks_for=date(2023, 9, 14), actor=desk.officer, now=now
        )
        page = browser_of(desk.officer).post(url(sent.update), follow=True)
        assert page.redirect_chain[-1][0] == reverse("recommendations:my_work")
        assert "was undone. MAPO will not review it." in words_of(page)

    def test_it_is_not_found_by_others(self, desk: Desk) -> None:
        update = desk.submission().update
        for who in ("outsider", "reviewer", "observer"):
            assert browser_of(getattr(desk, who)).post(url(update)).status_code == 404, who
            assert Update.objects.get().state == SubmissionState.SUBMITTED, who


def test_undo_submission_and_a_decision_at_once_do_one_of_the_two(
    real_db: WorkerDatabase, clock: Clock
) -> None:
    desk = make_desk(clock.move_to(NOW))
    submission = desk.submission()
    update = submission.update
    undone, decided = at_once(
        lambda: undo_submission(update, actor=desk.officer, now=desk.now),
        lambda: services.accept_update(
            submission, status=REPORTED.status, percent=REPORTED.percent, actor=desk.reviewer, now=desk.now
        ),
    )
    assert isinstance(undone, DomainError) != isinstance(decided, DomainError)
    is_decided = Review.objects.exists()
    state = Update.objects.get(pk=update.pk).state
    assert state == (SubmissionState.ACCEPTED if is_decided else SubmissionState.WITHDRAWN)
    assert Update.objects.filter(state=SubmissionState.DRAFT).exists() != is_decided


def test_undo_submission_pressed_by_four_at_once_begins_one_draft(
    real_db: WorkerDatabase, clock: Clock
) -> None:
    desk = make_desk(clock.move_to(NOW))
    update = desk.submission().update
    drafts = at_once(*[lambda: undo_submission(update, actor=desk.officer, now=desk.now)] * 4)
    assert len({draft.pk for draft in drafts if isinstance(draft, Update)}) == 1
    assert Update.objects.filter(state=SubmissionState.DRAFT).count() == 1
