"""Texts that seem to identify a victim: noticed, marked, redacted at a press, and sent so with a reason alone."""

from __future__ import annotations

import pytest
from django.urls import reverse

from audit.models import Event
from privacy.checks import IdentitiesFound
from recommendations.content import Content
from recommendations.models import AssignmentRequest, Comment, Review, Submission, Update
from recommendations.services import (
    accept_update,
    decline_assignment,
    override_item,
    submit_update,
    supersede_verdict,
)
from submissions.states import SubmissionState
from tests.factories.evidence import make_document
from tests.factories.recommendations import REPORTED
from tests.recommendations.conftest import Desk
from tests.recommendations.pages import autosave_url, browser_of, edit_url, typed
from tests.search.conftest import told

NUMBER = "900101-14-5567"
NAMING = f"Mangsa KP {NUMBER} telah ditempatkan di rumah perlindungan."
REASON = "Nombor ini rekaan untuk latihan."


class TestSubmit:
    def test_it_is_not_sent_and_the_draft_is_kept(self, desk: Desk, draft: Update) -> None:
        response = browser_of(desk.officer).post(edit_url(draft), typed(narrative=NAMING, action="submit"))
        draft.refresh_from_db()
        assert (draft.state, draft.narrative) == (SubmissionState.DRAFT, NAMING)
        page = response.content.decode()
        assert f"<mark>{NUMBER}</mark>" in page
        assert 'name="identities_reason"' in page
        assert 'name="redact" value="narrative"' in page
        # Told once in the notice, which is the error of the field, and once in the summary, which leads there.
        assert page.count("seems to identify a person") == 2
        assert page.count('id="id_narrative_error"') == 1
        assert 'banner--danger">' in page
        assert 'href="#id_narrative"' in page
        assert NAMING in page

    def test_it_is_sent_with_a_reason_that_mapo_reads(self, desk: Desk, draft: Update) -> None:
        fields = typed(narrative=NAMING, identities_reason=REASON, action="submit")
        response = browser_of(desk.officer).post(edit_url(draft), fields)
        assert response.status_code == 302
        submission = Submission.objects.get(update=draft)
        assert submission.identities_reason == REASON
        page = (
            browser_of(desk.reviewer).get(reverse("recommendations:review", args=[draft.pk])).content.decode()
        )
        assert REASON in page
        assert f"<mark>{NUMBER}</mark>" in page

    def test_name_of_a_file_is_asked_about_like_the_text(self, desk: Desk, draft: Update) -> None:
        name = f"Laporan_mangsa_{NUMBER}.pdf"
        document = make_document(
            desk.agency, actor=desk.officer, now=desk.now, name=name, identities_reason=REASON
        )
        browser, fields = browser_of(desk.officer), typed(documents=[document.pk], action="submit")
        response = browser.post(edit_url(draft), fields)
        assert response.status_code == 200
        assert "The name of a file seems to identify a person" in str(response.context["form"].errors)
        page = response.content.decode()
        assert "rename it and upload it again" in page
        assert 'id="files_identities_reason"' in page
        draft.refresh_from_db()
        fields |= {"identities_reason": REASON, "revision": str(draft.revision)}
        assert browser.post(edit_url(draft), fields).status_code == 302
        assert Submission.objects.get(update=draft).identities_reason == REASON
        assert Event.objects.get(action="update.submitted").after["identity_card"] == 1
        review = reverse("recommendations:review", args=[draft.pk])
        read = browser_of(desk.reviewer).get(review).content.decode()
        assert "The name of this file seems to identify a person" in read
        assert REASON in read

    def test_the_log_holds_kinds_and_counts_and_never_the_text(self, desk: Desk, draft: Update) -> None:
        content = told(NAMING)
        submit_update(
            draft, content=content, revision=0, identities_reason=REASON, actor=desk.officer, now=desk.now
        )
        event = Event.objects.get(action="update.submitted")
        assert event.after["identity_card"] == 1
        assert event.reason == REASON
        assert NUMBER not in str(list(Event.objects.values_list("before", "after", "reason")))

    def test_a_reason_that_names_somebody_is_none_and_the_service_refuses_too(
        self, desk: Desk, draft: Update
    ) -> None:
        fields = typed(narrative=NAMING, identities_reason=f"KP {NUMBER}", action="submit")
        response = browser_of(desk.officer).post(edit_url(draft), fields)
        assert "and so does the reason" in response.content.decode()
        assert not Submission.objects.exists()
        with pytest.raises(IdentitiesFound):
            submit_update(draft, content=told(NAMING), revision=1, actor=desk.officer, now=desk.now)
        assert not Submission.objects.exists()

    def test_other_texts_are_sent_without_a_word(self, desk: Desk, draft: Update) -> None:
        browser_of(desk.officer).post(edit_url(draft), typed(action="submit"))
        submission = Submission.objects.get(update=draft)
        assert submission.identities_reason == ""
        assert not [key for key in Event.objects.get(action="update.submitted").after if "identity" in key]
        page = (
            browser_of(desk.reviewer).get(reverse("recommendations:review", args=[draft.pk])).content.decode()
        )
        assert "seems to identify a person" not in page


class TestDraft:
    def test_drafts_are_always_saved(self, desk: Desk, draft: Update) -> None:
        browser = browser_of(desk.officer)
        assert browser.post(edit_url(draft), typed(narrative=NAMING, action="save")).status_code == 302
        assert (
            browser.post(autosave_url(draft), typed(narrative=f"{NAMING}.", revision="1")).status_code == 200
        )
        page = browser.get(edit_url(draft)).content.decode()
        assert f"<mark>{NUMBER}</mark>" in page

    def test_redacting_saves_the_draft_with_words_in_place(self, desk: Desk, draft: Update) -> None:
        fields = typed(narrative=NAMING, redact="narrative")
        response = browser_of(desk.officer, "ms").post(edit_url(draft), fields, follow=True)
        draft.refresh_from_db()
        assert draft.narrative == "Mangsa KP [nombor kad pengenalan] telah ditempatkan di rumah perlindungan."
        assert draft.state == SubmissionState.DRAFT
        assert "<mark>" not in response.content.decode()

    def test_a_draft_without_identities_has_no_notice(self, desk: Desk) -> None:
        update = desk.draft()
        assert Content.of(update).narrative == REPORTED.narrative
        page = browser_of(desk.officer).get(edit_url(update)).content.decode()
        assert "data-guard=" in page
        assert 'name="identities_reason"' not in page


class TestLetter:
    def test_a_letter_is_not_entered_without_a_reason(self, desk: Desk) -> None:
        url = reverse("recommendations:letter", args=[desk.assignment.pk])
        fields = typed(narrative=NAMING, reference="JSJ 1/2", letter_on="2023-09-01")
        browser = browser_of(desk.reviewer)
        response = browser.post(url, fields)
        assert response.status_code == 422
        assert f"<mark>{NUMBER}</mark>" in response.content.decode()
        response = browser.post(url, fields | {"redact": "narrative"})
        assert NUMBER not in response.content.decode()
        assert not Submission.objects.exists()
        assert browser.post(url, fields | {"identities_reason": REASON}).status_code == 302
        assert Submission.objects.get().identities_reason == REASON


class TestComment:
    def test_a_comment_needs_a_reason_and_can_be_redacted(self, desk: Desk) -> None:
        url = reverse("recommendations:comments", args=[desk.assignment.pk])
        browser = browser_of(desk.officer)
        fields = {"text": NAMING, "classification": "1"}
        response = browser.post(url, fields)
        assert response.status_code == 422
        assert f"<mark>{NUMBER}</mark>" in response.content.decode()
        response = browser.post(url, fields | {"redact": "text"})
        assert "[identity-card number]" in response.content.decode()
        assert not Comment.objects.exists()
        assert browser.post(url, fields | {"identities_reason": REASON}).status_code == 302
        event = Event.objects.get(action="comment.written")
        assert (event.after["identity_card"], event.reason) == (1, REASON)
        assert NUMBER not in str(event.after)


class TestDecision:
    def test_a_return_that_names_a_victim_needs_a_reason(self, desk: Desk) -> None:
        submission = desk.submission()
        url = reverse("recommendations:review", args=[submission.update_id])
        fields = {
            "submission": str(submission.pk),
            "decision": "return",
            "return_reason": NAMING,
            "resubmit_by": "2023-09-30",
        }
        browser = browser_of(desk.reviewer)
        response = browser.post(url, fields)
        assert response.status_code == 422
        assert f"<mark>{NUMBER}</mark>" in response.content.decode()
        assert not Review.objects.exists()
        assert browser.post(url, fields | {"identities_reason": ["", REASON]}).status_code == 302
        assert Event.objects.get(action="update.returned").reason == REASON

    def test_what_is_accepted_and_superseded_is_asked_too(self, desk: Desk) -> None:
        submission = desk.submission()
        about = {"actor": desk.reviewer, "now": desk.now}
        verdict = {"status": "progress", "percent": 30, "reason": NAMING}
        with pytest.raises(IdentitiesFound):
            accept_update(submission, **verdict, **about)
        review = accept_update(submission, **verdict, identities_reason=REASON, **about)
        with pytest.raises(IdentitiesFound):
            supersede_verdict(review, **(verdict | {"percent": 35}), **about)

    def test_a_state_that_mapo_sets_is_read_by_all(self, desk: Desk) -> None:
        about = {"actor": desk.reviewer, "now": desk.now}
        verdict = {"status": "progress", "percent": 30, "reason": NAMING}
        with pytest.raises(IdentitiesFound):
            override_item(desk.item, **verdict, **about)
        override_item(desk.item, **verdict, identities_reason=REASON, **about)
        assert Event.objects.get(action="override.set").reason == REASON


class TestRequest:
    def test_an_agency_says_why_it_names_somebody(self, desk: Desk) -> None:
        browser = browser_of(desk.officer)
        url = reverse("recommendations:assignment_decline", args=[desk.assignment.pk])
        response = browser.post(url, {"reason": NAMING})
        assert f"<mark>{NUMBER}</mark>" in response.content.decode()
        assert not AssignmentRequest.objects.exists()
        response = browser.post(url, {"reason": NAMING, "redact": "reason"})
        assert "[identity-card number]" in response.content.decode()
        assert browser.post(url, {"reason": NAMING, "identities_reason": REASON}).status_code == 302
        assert Event.objects.get(action="request.asked").reason == REASON

    def test_so_does_mapo_when_it_refuses(self, desk: Desk) -> None:
        about = {"actor": desk.officer, "now": desk.now}
        asked = decline_assignment(desk.assignment, reason="Bukan bidang kami.", **about)
        url = reverse("recommendations:request_answer", args=[asked.pk])
        browser = browser_of(desk.reviewer)
        response = browser.post(url, {"answer": "refuse", "reason": NAMING})
        assert f"<mark>{NUMBER}</mark>" in response.content.decode()
        asked.refresh_from_db()
        assert not asked.answer
        browser.post(url, {"answer": "refuse", "reason": NAMING, "identities_reason": REASON})
        assert Event.objects.get(action="request.answered").reason == REASON


class TestCheck:
    def test_what_is_typed_is_looked_at_and_redacted(self, desk: Desk) -> None:
        for language, word in (("en", "Redact"), ("ms", "Lindungi butiran")):
            browser = browser_of(desk.officer, language)
            page = browser.post(reverse("privacy:check"), {"name": "text", "text": NAMING}).content.decode()
            assert f"<mark>{NUMBER}</mark>" in page, (language, word)
            assert word in page, (language, word)
            assert (
                browser.post(reverse("privacy:check"), {"name": "text", "text": "42 mangsa."}).content
                == b"\n"
            ), (language, word)
        fields = {"text": NAMING, "redact": "1"}
        response = browser_of(desk.officer).post(reverse("privacy:check"), fields)
        assert response["Content-Type"].startswith("text/plain")
        assert response.content.decode().startswith("Mangsa KP [identity-card number] telah")
