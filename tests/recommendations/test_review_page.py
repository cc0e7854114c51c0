"""One update beside the verdict before it, and the decision: taken, refused, overtaken."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import transaction
from pytest_django import DjangoAssertNumQueries, Settings

from accounts.clearance import Clearance
from accounts.models import User
from audit.models import Event
from evidence.models import Document
from recommendations import services
from recommendations.models import Review, Submission, Update
from recommendations.states import Decision, Status
from submissions.states import SubmissionState
from tests.conftest import NOW, Clock
from tests.factories.evidence import make_document
from tests.factories.recommendations import REPORTED
from tests.recommendations.conftest import Desk
from tests.recommendations.test_queue_page import another, by_letter
from tests.recommendations.visitors import Visitor, text_of, toasts

pytestmark = pytest.mark.django_db


def url(submission: Submission) -> str:
    return f"/reviews/{submission.update_id}/"


def accepting(submission: Submission, /, **values: Any) -> dict[str, Any]:
    """What the browser sends when a reviewer accepts as claimed."""
    claimed = {"status": submission.status, "percent": submission.percent, "difference_reason": ""}
    return {"submission": submission.pk, "decision": "accept", **claimed, **values}


def returning(submission: Submission, /, **values: Any) -> dict[str, Any]:
    said = {"return_reason": "Nyatakan tarikh.", "resubmit_by": "2023-09-21"}
    return {"submission": submission.pk, "decision": "return", **said, **values}


def cite(desk: Desk, **values: Any) -> tuple[Submission, Document]:
    document = make_document(desk.agency, actor=desk.officer, now=desk.now, **values)
    return desk.submission(replace(REPORTED, document_ids=frozenset({document.pk}))), document


def test_review_shows_claim_verdict_before_evidence_and_queue(desk: Desk) -> None:
    desk.accepted()
    submission = desk.submission(replace(REPORTED, percent=80, narrative=f"{REPORTED.narrative} Dan 9 lagi."))
    another(desk, 2)
    for language in ("ms", "en"):
        response = Visitor(desk.reviewer, language).get(url(submission))
        html = response.content.decode()
        assert response.status_code == 200 and f'lang="{language}"' in html, language
        assert '<ins class="changed">Dan 9 lagi.</ins>' in html, language
        assert "80%" in html and "40%" in html, language
        assert (
            response.context["page"].queue.place == 1 and len(response.context["page"].queue.upcoming) == 1
        ), language


def test_review_of_a_first_update_marks_no_words_and_is_returned_within_a_week(desk: Desk) -> None:
    response = Visitor(desk.reviewer).get(url(desk.submission()))
    assert 'value="21/9/2023"' in response.content.decode()
    assert "<ins" not in response.content.decode()
    assert "No previous verdict" in text_of(response)


def test_review_shows_each_file_with_dates_scan_and_hash(desk: Desk) -> None:
    submission, document = cite(desk)
    html = Visitor(desk.reviewer).get(url(submission)).content.decode()
    assert document.original_name in html and document.sha256[-4:] in html and document.sha256 in html
    assert f"/evidence/{document.pk}/download/" in html


def test_accept_as_claimed_records_the_verdict_and_goes_on_to_the_next(desk: Desk) -> None:
    submission, following = desk.submission(), another(desk, 2)
    response = Visitor(desk.reviewer).post(url(submission), accepting(submission), follow=True)
    review = Review.objects.get(submission=submission)
    assert (review.decision, review.status, review.percent) == (Decision.ACCEPT, Status.PROGRESS, 40)
    assert response.redirect_chain == [(url(following), 302)]
    assert toasts(response) == ["Accepted as “In progress, 40%”: PDRM, Recommendation 1."]
    assert Event.objects.filter(action="update.accepted").exists()


def test_accept_the_last_goes_back_to_the_queue(desk: Desk) -> None:
    submission = desk.submission()
    assert Visitor(desk.reviewer).post(url(submission), accepting(submission))["Location"] == "/reviews/"


def test_accept_with_another_verdict_needs_a_reason_and_keeps_what_was_chosen(desk: Desk) -> None:
    submission, visitor = desk.submission(), Visitor(desk.reviewer)
    other = accepting(submission, status="progress", percent=30)
    response = visitor.post(url(submission), other)
    assert response.status_code == 422 and not Review.objects.exists()
    assert "Your verdict differs from the report" in text_of(response)
    assert 'value="30"' in response.content.decode()
    visitor.post(url(submission), {**other, "difference_reason": "Belum siap."})
    assert Review.objects.get().reason == "Belum siap."


def test_refused_verdict_or_return_says_why_and_keeps_the_text(desk: Desk) -> None:
    submission = desk.submission()
    for values, told in (
        ({"percent": 100}, "In progress is between 1% and 99%"),
        ({"percent": ""}, "Write the percentage completed"),
        ({"status": ""}, "Choose a status"),
        ({"percent": "101"}, "Give a number from 0 to 100"),
        ({"status": "finished"}, "is not in the list"),
        ({"difference_reason": "x" * 2001, "percent": 30}, "to 2000 characters"),
    ):
        response = Visitor(desk.reviewer).post(url(submission), accepting(submission, **values))
        assert response.status_code == 422 and not Review.objects.exists(), values
        assert told in text_of(response), values
    for values, told in (
        ({"return_reason": " "}, "Say what must be corrected"),
        ({"resubmit_by": ""}, "Give the date to resubmit by"),
        ({"resubmit_by": "2023-09-14"}, "Enter a date after today"),
        ({"resubmit_by": "soon"}, "is not a valid date"),
    ):
        response = Visitor(desk.reviewer).post(
            url(submission), returning(submission, difference_reason="Ditulis dahulu", **values)
        )
        assert response.status_code == 422 and not Review.objects.exists(), values
        assert told in text_of(response) and "Ditulis dahulu" in response.content.decode(), values


def test_return_records_the_reason_and_the_day(desk: Desk) -> None:
    submission = desk.submission()
    response = Visitor(desk.reviewer).post(url(submission), returning(submission), follow=True)
    review = Review.objects.get()
    assert (review.decision, review.reason, review.resubmit_by) == (
        Decision.RETURN,
        "Nyatakan tarikh.",
        date(2023, 9, 21),
    )
    assert Update.objects.get().state == SubmissionState.RETURNED
    assert toasts(response) == ["Returned to PDRM: Recommendation 1."]


def test_held_file_blocks_acceptance_but_not_the_return(desk: Desk, settings: Settings) -> None:
    submission, document = cite(desk)
    settings.SCANNER = "clamav"
    visitor = Visitor(desk.reviewer)
    page = visitor.get(url(submission))
    assert "cannot be accepted while a file is held" in text_of(page)
    assert page.context["form"].initial["decision"] == Decision.RETURN
    response = visitor.post(url(submission), accepting(submission))
    assert response.status_code == 422 and not Review.objects.exists()
    assert document.original_name in text_of(response)
    visitor.post(url(submission), returning(submission))
    assert Review.objects.get().decision == Decision.RETURN


def decide_first(desk: Desk, submission: Submission, *, reviewer: User | None = None) -> Review:
    return services.accept_update(
        submission,
        status=Status.PROGRESS,
        percent=40,
        actor=reviewer or desk.second_reviewer,
        now=desk.now,
    )


def test_second_reviewer_is_told_who_decided_what_and_keeps_the_typed_reason(desk: Desk) -> None:
    submission = desk.submission()
    decide_first(desk, submission)
    response = Visitor(desk.reviewer).post(
        url(submission), returning(submission, return_reason="Alasan saya")
    )
    text = text_of(response)
    assert response.status_code == 409 and Review.objects.count() == 1
    assert f"{desk.second_reviewer.name} has already decided" in text
    assert "Accepted as “In progress, 40%”" in text and "Alasan saya" in text


def test_newer_version_is_shown_and_the_typed_reason_stays_in_the_form(desk: Desk) -> None:
    old = desk.submission()
    services.return_update(
        old, reason="Betulkan", resubmit_by=date(2023, 9, 20), actor=desk.second_reviewer, now=desk.now
    )
    update = Update.objects.get(pk=old.update_id)
    new = services.submit_update(
        update,
        content=replace(REPORTED, percent=55),
        revision=update.revision,
        actor=desk.officer,
        now=desk.now,
    )
    visitor = Visitor(desk.reviewer)
    response = visitor.post(url(old), returning(old, return_reason="Alasan saya"))
    html = response.content.decode()
    assert response.status_code == 409 and Review.objects.count() == 1
    assert "has already decided" in text_of(response) and "55%" in html
    assert "Alasan saya" in html and f'value="{new.pk}"' in html
    assert "Betulkan" in html


def test_withdrawn_update_says_that_there_is_nothing_to_decide(desk: Desk) -> None:
    submission = desk.submission()
    services.withdraw_update(submission.update, actor=desk.officer, now=desk.now)
    response = Visitor(desk.reviewer).post(
        url(submission), accepting(submission, difference_reason="Alasan saya")
    )
    assert response.status_code == 409 and not Review.objects.exists()
    assert "has withdrawn this update" in text_of(response) and "Alasan saya" in text_of(response)


def test_no_version_of_this_update_and_no_choice_decide_nothing(desk: Desk) -> None:
    submission = desk.submission()
    for posted in ("", "abc", "-1", "999999999999999999999", "4²"):
        response = Visitor(desk.reviewer).post(url(submission), accepting(submission, submission=posted))
        assert response.status_code == 409 and not Review.objects.exists(), posted
    foreign = another(desk, 2)
    response = Visitor(desk.reviewer).post(url(submission), accepting(foreign))
    assert response.status_code == 409 and not Review.objects.exists()
    response = Visitor(desk.reviewer).post(url(submission), accepting(submission, decision=""))
    assert response.status_code == 422 and not Review.objects.exists()


def test_author_sees_why_they_may_not_decide_and_is_refused(desk: Desk) -> None:
    submission = by_letter(desk, actor=desk.reviewer)
    visitor = Visitor(desk.reviewer)
    page = visitor.get(url(submission))
    assert page.context["form"] is None and "You wrote this update" in text_of(page)
    response = visitor.post(url(submission), accepting(submission))
    assert response.status_code == 403 and not Review.objects.exists()
    assert "You wrote this update" in text_of(response)
    refused = Event.objects.get(action="permission.refused")
    assert refused.object_id == str(submission.update_id) and refused.item_id == desk.item.pk
    assert Visitor(desk.second_reviewer).post(url(submission), accepting(submission)).status_code == 302


def test_posted_fields_that_the_form_does_not_show_change_nothing(desk: Desk) -> None:
    submission = desk.submission()
    extra = {
        "reviewer": desk.second_reviewer.pk,
        "decided_at": "2020-01-01",
        "assignment": 99,
        "supersedes": 1,
        "state": "withdrawn",
        "resubmit_by": "2030-01-01",
        "return_reason": "tidak dipakai",
    }
    Visitor(desk.reviewer).post(url(submission), accepting(submission, **extra))
    review = Review.objects.get()
    assert review.reviewer == desk.reviewer and review.assignment == desk.assignment
    assert review.supersedes is None and review.resubmit_by is None and review.reason == ""
    assert Update.objects.get().state == SubmissionState.ACCEPTED


def test_update_that_nobody_may_see_answers_like_none(desk: Desk) -> None:
    draft = desk.draft()
    assert Visitor(desk.reviewer).get(f"/reviews/{draft.pk}/").status_code == 404
    assert Visitor(desk.reviewer).get("/reviews/987654321/").status_code == 404
    for person in (desk.officer, desk.observer):
        assert Visitor(person).get(f"/reviews/{draft.pk}/").status_code == 404


def test_update_above_the_clearance_is_refused_and_recorded(desk: Desk) -> None:
    submission = desk.submission(replace(REPORTED, classification=Clearance.CONFIDENTIAL))
    User.objects.filter(pk=desk.reviewer.pk).update(clearance=Clearance.RESTRICTED)
    desk.reviewer.refresh_from_db()
    assert Visitor(desk.reviewer).get(url(submission)).status_code == 404
    assert Event.objects.filter(action="permission.refused", object_id=str(submission.update_id)).exists()


def test_nothing_new_is_told_in_the_readers_language(desk: Desk, clock: Clock) -> None:
    desk.accepted()
    later = clock.move_to(NOW + timedelta(days=1))
    submission = services.report_nothing_new(
        desk.assignment, speaks_for=date(2023, 9, 15), actor=desk.officer, now=later
    )
    text = text_of(Visitor(desk.reviewer).get(url(submission)))
    assert "Nothing new since 31 August 2023." in text and "Tiada perkembangan" not in text


def test_decided_update_shows_the_decision_and_offers_to_supersede(desk: Desk) -> None:
    review = desk.accepted()
    response = Visitor(desk.reviewer).get(url(review.submission))
    assert response.context["form"] is None
    assert f"/reviews/{review.pk}/supersede/" in response.content.decode()


def test_review_takes_fourteen_queries_at_one_file_and_at_three(
    desk: Desk, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    desk.accepted()
    documents = [make_document(desk.agency, actor=desk.officer, now=desk.now).pk for _each in range(3)]
    for count in (1, 3):
        with transaction.atomic():
            submission = desk.submission(replace(REPORTED, document_ids=frozenset(documents[:count])))
            for number in range(2, 2 + count):
                another(desk, number)
            visitor = Visitor(desk.reviewer)
            visitor.get(url(submission))
            with django_assert_num_queries(14):
                visitor.get(url(submission))
            transaction.set_rollback(True)


def test_print_carries_the_highest_class_and_no_form(desk: Desk) -> None:
    about = {"actor": desk.officer, "now": desk.now}
    files = {
        level: make_document(desk.agency, classification=level, **about).pk
        for level in (Clearance.OPEN, Clearance.RESTRICTED)
    }
    for update_class, file_class, told in (
        (Clearance.OPEN, Clearance.OPEN, "Open"),
        (Clearance.RESTRICTED, Clearance.OPEN, "Restricted"),
        (Clearance.OPEN, Clearance.RESTRICTED, "Restricted"),
    ):
        content = replace(REPORTED, classification=update_class, document_ids=frozenset({files[file_class]}))
        with transaction.atomic():
            page = Visitor(desk.reviewer).get(url(desk.submission(content))).content.decode()
            transaction.set_rollback(True)
        assert f'<p class="print-banner only-print">{told}</p>' in page, (update_class, file_class)
        assert '<section class="card no-print" aria-labelledby="decision">' in page
