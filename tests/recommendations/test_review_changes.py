"""A reviewer reads a corrected version beside the one that MAPO returned."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

import pytest
from django.urls import reverse

from accounts.clearance import Clearance
from audit.clock import local_date
from recommendations.content import Content
from recommendations.models import Submission
from recommendations.queries.comparison import VersionChanges
from recommendations.queries.review_page import read_review_page
from recommendations.services import return_update, supersede_verdict, undo_submission, withdraw_update
from tests.factories.evidence import make_document
from tests.factories.recommendations import REPORTED
from tests.recommendations.conftest import Desk
from tests.recommendations.pages import browser_of, words_of

REASON = "Nyatakan bilangan peserta."


def send_back(desk: Desk, submission: Submission, *, reason: str = REASON) -> None:
    return_update(submission, reason=reason, resubmit_by=date(2023, 9, 21), actor=desk.reviewer, now=desk.now)


def changes_of(desk: Desk, submission: Submission) -> VersionChanges | None:
    page = read_review_page(submission.update_id, user=desk.second_reviewer, today=local_date(desk.now))
    assert page is not None
    return page.changes


def with_files(desk: Desk, *names: str, content: Content = REPORTED) -> Content:
    documents = [make_document(desk.agency, actor=desk.officer, now=desk.now, name=name) for name in names]
    return replace(content, document_ids=frozenset(document.pk for document in documents))


def test_changes_name_each_field_and_file(desk: Desk) -> None:
    first = with_files(desk, "Lama.pdf", "Kekal.pdf")
    kept = {pk for pk in first.document_ids if pk != min(first.document_ids)}
    send_back(desk, desk.submission(first))
    second = replace(
        with_files(desk, "Baharu.pdf"),
        status="done",
        percent=100,
        narrative="Kursus telah diadakan di 9 kontinjen.",
        covers_to=date(2023, 9, 10),
        classification=int(Clearance.OPEN),
    )
    second = replace(second, document_ids=second.document_ids | kept)
    changes = changes_of(desk, desk.submission(second))
    assert changes is not None
    assert changes.returned.reason == REASON
    assert [line.label for line in changes.changed_lines] == [
        "Status",
        "Peratus siap",
        "Tarikh yang diliputi",
        "Pengelasan",
    ]
    assert (changes.added, changes.removed) == (["Baharu.pdf"], ["Lama.pdf"])
    assert (changes.narrative.mine, changes.narrative.theirs) == (second.narrative, first.narrative)
    assert not changes.is_unchanged
    assert changes.unchanged_labels == []


def test_unchanged_version_is_told(desk: Desk) -> None:
    send_back(desk, desk.submission())
    submission = desk.submission()
    changes = changes_of(desk, submission)
    assert changes is not None
    assert changes.is_unchanged
    page = browser_of(desk.second_reviewer).get(review_url(submission))
    assert "Nothing has been changed since it was returned." in words_of(page)


def test_first_version_and_one_after_acceptance_show_no_changes(desk: Desk) -> None:
    first = desk.submission()
    assert changes_of(desk, first) is None
    send_back(desk, first)
    assert changes_of(desk, first) is None
    desk.accepted(replace(REPORTED, percent=45))
    assert changes_of(desk, desk.submission(replace(REPORTED, percent=50))) is None


def test_correction_of_an_older_verdict_hides_no_return(desk: Desk, now: datetime) -> None:
    verdict = desk.accepted()
    send_back(desk, desk.submission(replace(REPORTED, percent=50)))
    supersede_verdict(
        verdict, status="progress", percent=20, reason="Silap.", actor=desk.second_reviewer, now=now
    )
    changes = changes_of(desk, desk.submission(replace(REPORTED, percent=60)))
    assert changes is not None
    assert [(line.mine, line.theirs) for line in changes.changed_lines] == [("60%", "50%")]


@pytest.mark.parametrize("way", [undo_submission, withdraw_update])
def test_return_is_shown_in_the_update_that_follows(desk: Desk, now: datetime, way: object) -> None:
    send_back(desk, desk.submission())
    assert callable(way)
    way(desk.submission(replace(REPORTED, percent=41)).update, actor=desk.officer, now=now)
    changes = changes_of(desk, desk.submission(replace(REPORTED, percent=42)))
    assert changes is not None
    assert [(line.mine, line.theirs) for line in changes.changed_lines] == [("42%", "40%")]


def test_returned_version_above_the_clearance_is_not_shown(desk: Desk) -> None:
    secret = replace(REPORTED, classification=int(Clearance.CONFIDENTIAL), narrative="Teks sulit.")
    send_back(desk, desk.submission(secret))
    submission = desk.submission()
    desk.second_reviewer.clearance = Clearance.RESTRICTED
    desk.second_reviewer.save()
    assert changes_of(desk, submission) is None
    page = browser_of(desk.second_reviewer).get(review_url(submission))
    assert page.status_code == 200
    assert "Teks sulit." not in words_of(page)


@pytest.mark.parametrize("language", ["ms", "en"])
def test_page_shows_the_reason_beside_what_changed(desk: Desk, language: str) -> None:
    send_back(desk, desk.submission(with_files(desk, "Lama.pdf")))
    corrected = with_files(
        desk, "Baharu.pdf", content=replace(REPORTED, narrative="Kursus telah diadakan di 9 kontinjen.")
    )
    page = browser_of(desk.second_reviewer, language).get(review_url(desk.submission(corrected)))
    html, words = page.content.decode(), words_of(page)
    for part in (REASON, "Lama.pdf", "Baharu.pdf", desk.reviewer.name):
        assert part in words
    assert '<ins class="changed">9</ins>' in html
    assert '<ins class="changed">Baharu.pdf</ins>' in html


def test_withdrawn_update_leads_to_what_was_sent_since(desk: Desk, now: datetime) -> None:
    old = desk.submission()
    undo_submission(old.update, actor=desk.officer, now=now)
    browser = browser_of(desk.reviewer)
    assert "Read the update that it sent since" not in words_of(browser.get(review_url(old)))
    new = desk.submission(replace(REPORTED, percent=41))
    page = browser.get(review_url(old))
    assert "Read the update that it sent since" in words_of(page)
    assert f'class="btn" href="{review_url(new)}"' in page.content.decode()


def review_url(submission: Submission) -> str:
    return reverse("recommendations:review", args=[submission.update_id])
