"""An update's page: versions, files and decisions for its agency and MAPO; withdraw, discard and copy."""

from dataclasses import replace
from datetime import date, datetime

import pytest
from django.db import transaction
from django.urls import reverse

from accounts.clearance import Clearance
from audit.models import Event
from recommendations.content import Content
from recommendations.models import Update
from recommendations.services import (
    accept_update,
    discard_update,
    enter_letter,
    return_update,
    save_update,
    submit_update,
    withdraw_update,
)
from submissions.states import SubmissionState
from tests.factories.evidence import make_document
from tests.factories.recommendations import REPORTED
from tests.recommendations.conftest import Desk
from tests.recommendations.pages import browser_of, words_of
from tests.shared import shared

BY = date(2023, 9, 20)


def url(update: Update, name: str = "update") -> str:
    return reverse(f"recommendations:{name}", args=[update.pk])


@shared
def corrected(desk: Desk, now: datetime) -> Update:
    """An update with two versions: returned with a reason, then sent again with a file and waiting."""
    submission = desk.submission()
    update = submission.update
    return_update(submission, reason="Nyatakan bilangan.", resubmit_by=BY, actor=desk.reviewer, now=now)
    document = make_document(desk.agency, actor=desk.officer, now=now, name="Laporan.pdf")
    content = replace(REPORTED, narrative="Sebanyak 96 orang.", document_ids=frozenset({document.pk}))
    submit_update(update, content=content, revision=update.revision, actor=desk.colleague, now=now)
    return Update.objects.get(pk=update.pk)


class TestRead:
    def test_page_shows_versions_files_and_reasons_and_refused_looks_are_recorded(
        self, desk: Desk, corrected: Update
    ) -> None:
        for who in ("officer", "coordinator", "reviewer", "administrator"):
            for language in ("ms", "en"):
                words = words_of(browser_of(getattr(desk, who), language).get(url(corrected)))
                for part in (REPORTED.narrative, "Sebanyak 96 orang.", "Laporan.pdf", "Nyatakan bilangan."):
                    assert part in words, (who, language)
                assert words.index("Sebanyak 96 orang.") < words.index(REPORTED.narrative), (who, language)
        for who in ("outsider", "observer"):
            browser_of(getattr(desk, who)).get(url(corrected))
            event = Event.objects.filter(action="permission.refused").latest("pk")
            assert (event.object_id, event.actor_id) == (str(corrected.pk), getattr(desk, who).pk), who

    def test_draft_is_not_found_by_mapo(self, desk: Desk) -> None:
        update = desk.draft()
        assert browser_of(desk.reviewer).get(url(update)).status_code == 404
        words = words_of(browser_of(desk.colleague).get(url(update)))
        assert REPORTED.narrative in words
        assert "Continue draft" in words

    def test_correction_in_progress_is_the_agencys_alone(self, desk: Desk, now: datetime) -> None:
        submission = desk.submission()
        update = submission.update
        return_update(submission, reason="Nyatakan bilangan.", resubmit_by=BY, actor=desk.reviewer, now=now)
        content = replace(REPORTED, narrative="Belum siap ditulis.")
        save_update(update, content=content, revision=update.revision, actor=desk.officer, now=now)
        assert "Belum siap ditulis." in words_of(browser_of(desk.colleague).get(url(update)))
        assert "Belum siap ditulis." not in words_of(browser_of(desk.reviewer).get(url(update)))

    def test_version_above_the_clearance_is_left_out(self, desk: Desk, now: datetime) -> None:
        desk.officer.clearance = Clearance.CONFIDENTIAL
        desk.officer.save()
        secret = replace(REPORTED, classification=int(Clearance.CONFIDENTIAL), narrative="Teks sulit.")
        submission = desk.submission(secret)
        update = submission.update
        return_update(submission, reason="Sebab sulit.", resubmit_by=BY, actor=desk.reviewer, now=now)
        submit_update(update, content=REPORTED, revision=update.revision, actor=desk.officer, now=now)
        words = words_of(browser_of(desk.colleague).get(url(update)))
        assert REPORTED.narrative in words
        assert "Teks sulit." not in words
        assert "Sebab sulit." not in words

    def test_verdict_that_differs_is_shown_with_its_reason(
        self, desk: Desk, corrected: Update, now: datetime
    ) -> None:
        submission = corrected.newest_submission
        assert submission is not None
        accept_update(
            submission,
            status="progress",
            percent=30,
            reason="Dua kontinjen belum.",
            actor=desk.reviewer,
            now=now,
        )
        words = words_of(browser_of(desk.officer).get(url(corrected)))
        assert "In progress 40% as reported" in words
        assert "Accepted by MAPO In progress 30%" in words
        assert "Dua kontinjen belum." in words

    def test_update_by_letter_is_marked(self, desk: Desk, now: datetime) -> None:
        submission = enter_letter(
            desk.assignment,
            content=REPORTED,
            reference="PDRM 100-1/2",
            letter_on=date(2023, 9, 1),
            actor=desk.reviewer,
            now=now,
        )
        words = words_of(browser_of(desk.officer).get(url(submission.update)))
        assert "Entered by MAPO from letter PDRM 100-1/2 of 1 September 2023" in words

    def test_page_keeps_its_number_of_queries(
        self,
        desk: Desk,
        corrected: Update,
        now: datetime,
        django_assert_max_num_queries: pytest.FixtureRequest,
    ) -> None:
        for _version in range(3):
            submission = corrected.newest_submission
            assert submission is not None
            return_update(submission, reason="Lagi.", resubmit_by=BY, actor=desk.reviewer, now=now)
            current = Update.objects.get(pk=corrected.pk)
            submit_update(current, content=REPORTED, revision=current.revision, actor=desk.officer, now=now)
        browser = browser_of(desk.officer)
        with django_assert_max_num_queries(11):
            assert browser.get(url(corrected)).status_code == 200


class TestWithdraw:
    def test_withdraw_takes_it_back_and_offers_a_copy(self, desk: Desk, corrected: Update) -> None:
        response = browser_of(desk.officer).post(url(corrected, "update_withdraw"), follow=True)
        assert Update.objects.get(pk=corrected.pk).state == SubmissionState.WITHDRAWN
        assert "Copy into a new draft" in words_of(response)

    def test_withdraw_of_what_a_colleague_corrected_leads_to_the_newer_text(
        self, desk: Desk, corrected: Update, now: datetime
    ) -> None:
        submission = corrected.newest_submission
        assert submission is not None
        return_update(submission, reason="Lagi.", resubmit_by=BY, actor=desk.reviewer, now=now)
        browser = browser_of(desk.officer)
        seen = Update.objects.get(pk=corrected.pk)
        assert f'name="revision" value="{seen.revision}"' in browser.get(url(corrected)).content.decode()
        newer = replace(REPORTED, narrative="Sebanyak 120 orang.")
        save_update(seen, content=newer, revision=seen.revision, actor=desk.colleague, now=now)
        for posted in ({}, {"revision": str(seen.revision)}):
            page = browser.post(url(corrected, "update_withdraw"), posted, follow=True)
            assert "Nothing was withdrawn or discarded" in words_of(page)
            assert "Sebanyak 120 orang." in page.content.decode()
            assert Update.objects.get(pk=corrected.pk).state == SubmissionState.RETURNED
        newest = {"revision": str(Update.objects.get(pk=corrected.pk).revision)}
        browser.post(url(corrected, "update_withdraw"), newest)
        assert Update.objects.get(pk=corrected.pk).state == SubmissionState.WITHDRAWN

    def test_withdraw_after_the_decision_is_refused_in_words(
        self, desk: Desk, corrected: Update, now: datetime
    ) -> None:
        submission = corrected.newest_submission
        assert submission is not None
        accept_update(submission, status="progress", percent=40, actor=desk.reviewer, now=now)
        response = browser_of(desk.officer).post(url(corrected, "update_withdraw"))
        assert response.status_code == 409
        assert "Nothing was changed" in words_of(response)

    def test_acts_are_not_found_by_others_and_do_nothing_by_get(self, desk: Desk, corrected: Update) -> None:
        for who in ("outsider", "reviewer", "administrator", "observer"):
            for name in ("update_withdraw", "update_discard", "update_copy"):
                assert browser_of(getattr(desk, who)).post(url(corrected, name)).status_code == 404, (
                    name,
                    who,
                )
                assert Update.objects.get(pk=corrected.pk).state == SubmissionState.SUBMITTED, (name, who)
        for name in ("update_withdraw", "update_discard", "update_copy"):
            response = browser_of(desk.officer).get(url(corrected, name))
            assert response.headers["Location"] == reverse("recommendations:home"), name


class TestDiscardAndCopy:
    def test_discard_puts_the_draft_away_and_undo_copies_it(self, desk: Desk) -> None:
        update = desk.draft()
        browser = browser_of(desk.officer)
        response = browser.post(url(update, "update_discard"), {"revision": "1"}, follow=True)
        assert Update.objects.get(pk=update.pk).state == SubmissionState.DISCARDED
        assert url(update, "update_copy") in response.content.decode()
        copy = browser.post(url(update, "update_copy"), follow=True)
        assert REPORTED.narrative in copy.content.decode()

    def test_discard_of_what_was_sent_is_refused_in_words(self, desk: Desk, corrected: Update) -> None:
        assert browser_of(desk.officer).post(url(corrected, "update_discard")).status_code == 409

    @pytest.mark.parametrize("language", ["ms", "en"])
    @pytest.mark.parametrize("revision", [None, "", "x", "-1", "1", "99999999999999999999"])
    def test_old_page_discards_nothing_and_leads_to_the_newer_text(
        self, desk: Desk, now: datetime, revision: str | None, language: str
    ) -> None:
        update = desk.draft()
        newer = replace(REPORTED, narrative="Sebanyak 96 orang.")
        save_update(update, content=newer, revision=1, actor=desk.colleague, now=now)
        posted = {} if revision is None else {"revision": revision}
        browser = browser_of(desk.officer, language)
        response = browser.post(url(update, "update_discard"), posted, follow=True)
        assert response.redirect_chain == [(url(update, "update_edit"), 302)]
        words = words_of(response)
        told = {"ms": "Tiada apa-apa yang ditarik balik", "en": "Nothing was withdrawn or discarded"}[
            language
        ]
        assert told in words and newer.narrative in words
        assert Update.objects.get(pk=update.pk).state == SubmissionState.DRAFT

    def test_page_shown_again_discards_only_what_it_was_opened_on(self, desk: Desk, now: datetime) -> None:
        update = desk.draft()
        newer = replace(REPORTED, narrative="Sebanyak 96 orang.")
        save_update(update, content=newer, revision=1, actor=desk.colleague, now=now)
        typed = {"action": "find", "find": "x", "revision": "1", "narrative": "Lain", "classification": "1"}
        page = browser_of(desk.officer).post(url(update, "update_edit"), typed).content.decode()
        assert '<input type="hidden" name="revision" value="1" data-follows-revision>' in page

    def test_copy_while_another_update_is_open_is_refused_in_words(self, desk: Desk, now: datetime) -> None:
        first = desk.draft()
        discard_update(first, revision=first.revision, actor=desk.officer, now=now)
        desk.draft()
        response = browser_of(desk.officer).post(url(first, "update_copy"))
        assert response.status_code == 409
        assert "Another update on this item is still open." in words_of(response)

    def test_copied_withdrawn_update_opens_as_a_draft(self, desk: Desk, now: datetime) -> None:
        for language in ("ms", "en"):
            with transaction.atomic():
                update = desk.submission().update
                withdraw_update(update, actor=desk.officer, now=now)
                response = browser_of(desk.colleague, language).post(url(update, "update_copy"), follow=True)
                assert response.status_code == 200, language
                assert REPORTED.narrative in response.content.decode(), language
                copied = Update.objects.get(state=SubmissionState.DRAFT)
                assert Content.of(copied) == REPORTED, language
                transaction.set_rollback(True)


def test_print_carries_the_highest_class_at_the_top_and_the_foot(desk: Desk, now: datetime) -> None:
    files = {
        level: make_document(desk.agency, actor=desk.officer, now=now, classification=level).pk
        for level in (Clearance.OPEN, Clearance.RESTRICTED)
    }
    for update_class, file_class, told in (
        (Clearance.OPEN, Clearance.OPEN, "Open"),
        (Clearance.RESTRICTED, Clearance.OPEN, "Restricted"),
        (Clearance.OPEN, Clearance.RESTRICTED, "Restricted"),
    ):
        content = replace(REPORTED, classification=update_class, document_ids=frozenset({files[file_class]}))
        with transaction.atomic():
            page = browser_of(desk.officer).get(url(desk.submission(content).update)).content.decode()
            transaction.set_rollback(True)
        foot = f'<p class="print-banner print-banner--foot only-print" aria-hidden="true">{told}</p>'
        assert f'<p class="print-banner only-print">{told}</p>' in page, (update_class, file_class)
        assert foot in page and "data-print" in page, (update_class, file_class)
