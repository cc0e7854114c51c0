"""A draft says who saved it last: to its agency, on My work and on the form, and to nobody else."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from django.urls import reverse

from recommendations.models import Update
from recommendations.services import return_update, save_update
from tests.factories.recommendations import REPORTED
from tests.recommendations.conftest import Desk
from tests.recommendations.pages import autosave_url, browser_of, edit_url, typed, words_of

URL = reverse("recommendations:my_work")


def test_draft_names_its_last_author_to_the_agency_and_not_to_mapo(desk: Desk) -> None:
    draft = desk.draft()
    for language, by, own in (
        ("en", "Last saved by {} today,", "you"),
        ("ms", "Kali terakhir disimpan oleh {} hari ini,", "anda"),
    ):
        for where in ("my_work", "form"):
            address = URL if where == "my_work" else edit_url(draft)
            assert by.format(desk.officer.name) in words_of(
                browser_of(desk.colleague, language).get(address)
            ), (where, language)
            assert by.format(own) in words_of(browser_of(desk.officer, language).get(address)), (
                where,
                language,
            )
    for address in (
        reverse("recommendations:assignment", args=[desk.assignment.pk]),
        reverse("recommendations:item", args=[desk.item.pk]),
    ):
        assert "Last saved by" not in words_of(browser_of(desk.reviewer).get(address))


def test_returned_update_names_its_last_author_once_it_is_being_corrected(desk: Desk, now: datetime) -> None:
    submission = desk.submission()
    return_update(
        submission, reason="Kurang", resubmit_by=now.date() + timedelta(days=7), actor=desk.reviewer, now=now
    )
    assert "Last saved by" not in words_of(browser_of(desk.officer).get(URL))
    update, later = Update.objects.get(), now + timedelta(minutes=1)
    corrected = replace(REPORTED, narrative="Dibetulkan")
    save_update(update, content=corrected, revision=update.revision, actor=desk.colleague, now=later)
    assert f"Last saved by {desk.colleague.name} today" in words_of(browser_of(desk.officer).get(URL))


def test_newer_text_of_oneself_is_not_called_a_colleagues(desk: Desk) -> None:
    draft = desk.draft()
    answer = browser_of(desk.officer).post(autosave_url(draft), typed(revision="0", narrative="Lain"))
    assert answer.json()["is_own"] is True
    assert answer.json()["message"].startswith("You have saved a newer text elsewhere.")
    answer = browser_of(desk.colleague).post(autosave_url(draft), typed(revision="0", narrative="Lain"))
    assert answer.json()["is_own"] is False
    assert answer.json()["message"].startswith(f"{desk.officer.name} has saved a newer text.")


def test_comparison_with_oneself_says_where(desk: Desk) -> None:
    draft = desk.draft()
    for action, heading in (
        ("compare", "Saved by you, elsewhere"),
        ("compare-tabs", "Saved in your other tab"),
    ):
        page = browser_of(desk.officer).post(
            edit_url(draft), typed(action=action, revision="0", narrative="Lain")
        )
        assert page.status_code == 409, (action, heading)
        words = words_of(page)
        assert heading in words, (action, heading)
        assert "Use the newer text" in words and "Save this text" in words, (action, heading)
        assert heading not in words_of(
            browser_of(desk.colleague).post(edit_url(draft), typed(action=action))
        ), (action, heading)
