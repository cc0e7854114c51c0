"""What the database refuses to the web's role, whatever its program does: changes of what was sent and decided."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils.translation import override

from imports.services.reviews import return_opening
from imports.services.sending import reopen_opening
from recommendations import services
from recommendations.models import Citation, OpeningImport, Submission, Update
from tests.factories.evidence import make_document
from tests.factories.recommendations import REPORTED, make_assignment, make_item
from tests.imports.openings import sent
from tests.recommendations.conftest import Desk

pytestmark = pytest.mark.django_db

LONG_AGO = "2023-04-02 00:00+00"


def refused(statement: str, values: dict[str, Any] | None = None) -> str:
    """The database's answer to a statement that it must refuse."""
    with pytest.raises(DatabaseError) as refusal, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, values)
    return str(refusal.value)


def test_change_of_a_closed_update_is_refused(desk: Desk) -> None:
    review = desk.accepted()
    item = make_item(desk.cycle, number=2)
    other = make_assignment(item, desk.other_agency, actor=desk.administrator, now=desk.now)
    values = {"update": review.submission.update_id, "other": other.pk}
    for change in (
        f"created_at = '{LONG_AGO}'",
        f"closed_at = '{LONG_AGO}'",
        f"submitted_at = '{LONG_AGO}'",
        "saved_by_id = created_by_id + 1",
        "created_by_id = created_by_id + 1",
        "is_by_letter = true",
        "assignment_id = %(other)s",
    ):
        answer = refused(f"UPDATE recommendations_update SET {change} WHERE id = %(update)s", values)
        assert "jejak" in answer or "violates" in answer, change


def test_backdated_end_of_an_open_update_is_refused(desk: Desk) -> None:
    update = desk.draft()
    statement = (
        "UPDATE recommendations_update SET state = 'discarded', closed_at = %(at)s WHERE id = %(update)s"
    )
    answer = refused(statement, {"update": update.pk, "at": LONG_AGO})
    assert "must be the present instant" in answer


def test_change_of_whose_an_assignment_is_and_since_when_is_refused(desk: Desk) -> None:
    for change in (
        "confirmed_at = '2023-04-02 00:00+00'",
        "created_at = '2023-04-02 00:00+00'",
        "agency_id = agency_id + 1",
    ):
        refused(f"UPDATE recommendations_assignment SET {change}")


def test_change_of_an_answered_request_is_refused(desk: Desk) -> None:
    asked = services.decline_assignment(
        desk.assignment, reason="Bukan kami.", actor=desk.officer, now=desk.now
    )
    services.answer_request(asked, grant=False, reason="Kekal.", actor=desk.reviewer, now=desk.now)
    for change in ("answered_at = answered_at + interval '1 second'", "answer_reason = 'x'", "reason = 'x'"):
        assert "jejak" in refused(f"UPDATE recommendations_assignmentrequest SET {change}"), change


def test_citation_of_what_was_sent_stays(desk: Desk) -> None:
    document = make_document(desk.agency, actor=desk.officer, now=desk.now)
    submission = desk.submission(replace(REPORTED, document_ids=frozenset({document.pk})))
    assert "of_open_draft" in refused("DELETE FROM recommendations_citation")
    more = make_document(desk.agency, actor=desk.officer, now=desk.now, name="Lagi.pdf")
    with pytest.raises(DatabaseError), transaction.atomic():
        Citation.objects.create(update=submission.update, document=more)


def test_file_is_not_put_under_a_version_that_was_sent(desk: Desk) -> None:
    submission = desk.submission()
    document = make_document(desk.agency, actor=desk.officer, now=desk.now)
    values = {"submission": submission.pk, "document": document.pk}
    insert = "INSERT INTO recommendations_submissiondocument (submission_id, document_id) VALUES (%(submission)s, %(document)s)"
    assert "with_its_submission" in refused(insert, values)
    services.return_update(
        submission,
        reason="Betulkan.",
        resubmit_by=(desk.now + timedelta(days=3)).date(),
        actor=desk.reviewer,
        now=desk.now,
    )
    assert "with_its_submission" in refused(insert, values)


def test_version_of_a_closed_update_is_refused(desk: Desk) -> None:
    review = desk.accepted()
    forged = Submission.objects.get(pk=review.submission_id)
    forged.pk, forged.number = None, 2
    with pytest.raises(DatabaseError, match="of_open_draft"), transaction.atomic():
        forged.save(force_insert=True)


def test_review_that_says_another_assignment_than_its_submission_is_refused(desk: Desk) -> None:
    review = desk.accepted()
    item = make_item(desk.cycle, number=2)
    other = make_assignment(item, desk.other_agency, actor=desk.administrator, now=desk.now)
    review.supersedes_id, review.pk, review.reason = review.pk, None, "Silap."
    review.assignment = other
    with pytest.raises(DatabaseError, match="of_its_submission"), transaction.atomic():
        review.save(force_insert=True)


def test_ordinary_life_of_an_update_is_not_hindered(desk: Desk) -> None:
    document = make_document(desk.agency, actor=desk.officer, now=desk.now)
    content = replace(REPORTED, document_ids=frozenset({document.pk}))
    submission = desk.submission(content)
    services.return_update(
        submission,
        reason="Betulkan.",
        resubmit_by=(desk.now + timedelta(days=3)).date(),
        actor=desk.reviewer,
        now=desk.now,
    )
    update = Update.objects.get()
    corrected = replace(content, percent=50)
    again = services.submit_update(
        update, content=corrected, revision=update.revision, actor=desk.officer, now=desk.now
    )
    review = services.accept_update(again, status="progress", percent=50, actor=desk.reviewer, now=desk.now)
    services.supersede_verdict(
        review, status="done", percent=100, reason="Silap.", actor=desk.reviewer, now=desk.now
    )
    assert Submission.objects.count() == 2 and again.documents.get() == document


def test_change_of_a_decision_on_an_opening_import_is_refused_and_none_begins_with_one(desk: Desk) -> None:
    _returned_batch(desk)
    for change in (
        "reason = 'x'",
        "resubmit_by = resubmit_by + 1",
        "decided_by_id = created_by_id",
        "decided_at = decided_at + interval '1 second'",
    ):
        assert "opening_decision_settled" in refused(f"UPDATE recommendations_openingimport SET {change}"), (
            change
        )
    columns = (
        "cycle_id, agency_id, file_name, sha256, rows, classification, revision, created_by_id, created_at"
    )
    decided = "submitted_by_id, submitted_at, decided_by_id, decided_at, reason"
    statement = f"""
        INSERT INTO recommendations_openingimport (state, {columns}, {decided})
        SELECT 'accepted', {columns}, {decided} FROM recommendations_openingimport
    """
    assert "begins_as_draft" in refused(statement)


def test_change_of_when_an_opening_import_ended_is_refused(desk: Desk) -> None:
    reopen_opening(_returned_batch(desk), actor=desk.officer, now=desk.now)
    assert "opening_end_settled" in refused(
        "UPDATE recommendations_openingimport SET closed_at = NULL WHERE state = 'withdrawn'"
    )


def _returned_batch(desk: Desk) -> OpeningImport:
    with override("en"):
        batch = sent(desk.cycle, desk.agency, actor=desk.officer, now=desk.now)
    back_by = (desk.now + timedelta(days=7)).date()
    return return_opening(batch, reason="Sebab.", resubmit_by=back_by, actor=desk.reviewer, now=desk.now)
