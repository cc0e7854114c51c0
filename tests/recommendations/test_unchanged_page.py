"""Sending a returned update as it was: the form asks first, and sends when it is meant."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest
from django.db import transaction
from django.http import HttpResponse

from audit.errors import Unconfirmed
from recommendations.models import Submission, Update
from recommendations.services import return_update, submit_update, undo_submission
from submissions.states import SubmissionState
from tests.factories.evidence import make_document
from tests.factories.recommendations import REPORTED
from tests.recommendations.conftest import Desk
from tests.recommendations.pages import browser_of, edit_url, words_of
from tests.shared import shared

ASKED = "You have changed nothing since MAPO returned it. Send anyway?"


@shared
def returned(desk: Desk, now: datetime) -> Update:
    """An update that MAPO returned."""
    sent = desk.submission()
    return_update(
        sent, reason="Nyatakan bilangan.", resubmit_by=date(2023, 9, 21), actor=desk.reviewer, now=now
    )
    return Update.objects.get(pk=sent.update_id)


def press(desk: Desk, update: Update, *, language: str = "en", **changes: Any) -> HttpResponse:
    """Press "Send to MAPO" on the form as it was opened."""
    fields = dict(REPORTED.values)
    fields |= {"covers_from": fields["covers_from"].isoformat(), "covers_to": fields["covers_to"].isoformat()}
    fields |= {"revision": update.revision, "action": "submit", **changes}
    return browser_of(desk.officer, language).post(edit_url(update), fields, follow=True)


def test_unchanged_text_is_not_sent_but_asked_about_until_it_is_meant(desk: Desk, returned: Update) -> None:
    for language in ("ms", "en"):
        page = press(desk, returned, language=language)
        assert Submission.objects.count() == 1, language
        assert 'value="submit_anyway"' in page.content.decode(), language
        assert REPORTED.narrative in page.content.decode(), language
        assert (ASKED in words_of(page)) is (language == "en"), language
    press(desk, returned, action="submit_anyway")
    returned.refresh_from_db()
    assert returned.state == SubmissionState.SUBMITTED
    assert returned.submissions.count() == 2


def test_changed_text_or_file_is_sent_without_a_question(desk: Desk, returned: Update, now: datetime) -> None:
    document = make_document(desk.agency, actor=desk.officer, now=now)
    for change in (
        {"narrative": "Sebanyak 12 kursus."},
        {"percent": 41},
        {"classification": 0},
        {"covers_to": "2023-08-30"},
        {"documents": [document.pk]},
    ):
        with transaction.atomic():
            press(desk, returned, **change)
            assert Update.objects.get().state == SubmissionState.SUBMITTED, change
            transaction.set_rollback(True)


def test_first_sending_is_never_asked_about(desk: Desk) -> None:
    draft = desk.draft()
    press(desk, draft)
    draft.refresh_from_db()
    assert draft.state == SubmissionState.SUBMITTED


def test_question_comes_again_after_sending_was_undone(desk: Desk, returned: Update, now: datetime) -> None:
    sent = desk.submission()
    draft = undo_submission(sent.update, actor=desk.officer, now=now)
    about = {"content": REPORTED, "revision": draft.revision, "actor": desk.officer, "now": now}
    with pytest.raises(Unconfirmed):
        submit_update(draft, asks_if_unchanged=True, **about)
    assert Update.objects.get(pk=draft.pk).state == SubmissionState.DRAFT
    assert submit_update(draft, **about).number == 1


def test_incomplete_text_is_told_what_is_missing(desk: Desk, returned: Update) -> None:
    page = press(desk, returned, percent="")
    assert page.context["form"].errors["percent"]
    assert ASKED not in words_of(page)
