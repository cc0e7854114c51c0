"""Autosave: what the script of the form keeps, and what it is told."""

from datetime import datetime

from audit.models import Event
from recommendations.content import Content
from recommendations.models import Update
from recommendations.services import withdraw_update
from submissions.states import SubmissionState
from tests.factories.evidence import make_document
from tests.factories.recommendations import REPORTED
from tests.recommendations.conftest import Desk
from tests.recommendations.pages import autosave_url, browser_of, typed


def test_autosave_keeps_everything_and_counts_revisions(desk: Desk, draft: Update, now: datetime) -> None:
    document = make_document(desk.agency, actor=desk.officer, now=now)
    answer = browser_of(desk.officer).post(autosave_url(draft), typed(documents=[document.pk]))
    assert answer.status_code == 200
    assert answer.json()["state"] == "saved"
    assert answer.json()["revision"] == 1
    assert "10:00" in answer.json()["saved_text"]
    saved = Content.of(Update.objects.get(pk=draft.pk))
    assert saved.narrative == "Kursus telah diadakan di 4 kontinjen."
    assert saved.document_ids == {document.pk}
    assert not Event.objects.filter(action__startswith="update.saved").exists()


def test_autosave_of_half_a_form_is_kept(desk: Desk, draft: Update) -> None:
    half = {"narrative": "Baru mula", "revision": "0", "classification": "1"}
    assert browser_of(desk.officer).post(autosave_url(draft), half).json()["state"] == "saved"
    assert Update.objects.get(pk=draft.pk).narrative == "Baru mula"


def test_autosave_of_an_older_revision_is_stale_and_overwrites_nothing(desk: Desk, now: datetime) -> None:
    update = desk.draft()
    answer = browser_of(desk.colleague).post(autosave_url(update), typed(revision="0", narrative="Lain"))
    assert answer.status_code == 409
    assert answer.json()["state"] == "stale"
    assert Update.objects.get(pk=update.pk).narrative == REPORTED.narrative


def test_autosave_of_a_withdrawn_update_is_stale(desk: Desk, now: datetime) -> None:
    update = desk.submission().update
    withdraw_update(update, actor=desk.colleague, now=now)
    answer = browser_of(desk.officer).post(autosave_url(update), typed(revision=str(update.revision)))
    assert answer.status_code == 409


def test_autosave_of_what_is_no_value_is_invalid(desk: Desk, draft: Update) -> None:
    for field, value in (("percent", "101"), ("classification", "2"), ("revision", "")):
        answer = browser_of(desk.officer).post(autosave_url(draft), typed(**{field: value}))
        assert answer.status_code == 422, (field, value)
        assert field in answer.json()["errors"], (field, value)
        assert Content.of(Update.objects.get(pk=draft.pk)) == Content(), (field, value)


def test_autosave_keeps_a_paste_that_is_too_long_to_send(desk: Desk, draft: Update) -> None:
    answer = browser_of(desk.officer).post(autosave_url(draft), typed(narrative="a" * 6000))
    assert answer.json()["state"] == "saved"
    assert len(Update.objects.get(pk=draft.pk).narrative) == 6000


def test_autosave_counts_line_ends_once(desk: Desk, draft: Update) -> None:
    browser_of(desk.officer).post(autosave_url(draft), typed(narrative="satu\r\ndua "))
    assert Update.objects.get(pk=draft.pk).narrative == "satu\ndua "


def test_autosave_cites_only_own_documents_that_the_person_may_see(
    desk: Desk, draft: Update, now: datetime
) -> None:
    foreign = make_document(desk.other_agency, actor=desk.outsider, now=now)
    secret = make_document(desk.agency, actor=desk.administrator, now=now, classification=2)
    ids = [foreign.pk, secret.pk, 999999, "x", "-1"]
    assert browser_of(desk.officer).post(autosave_url(draft), typed(documents=ids)).status_code == 200
    assert not draft.citations.exists()


def test_autosave_sets_nothing_that_the_form_does_not_show(desk: Desk, draft: Update) -> None:
    smuggled = {
        "state": "accepted",
        "is_by_letter": "on",
        "letter_reference": "KDN 1",
        "is_nothing_new": "on",
        "created_by": str(desk.outsider.pk),
        "assignment": "1",
        "submitted_at": "2023-01-01",
    }
    browser_of(desk.officer).post(autosave_url(draft), typed(**smuggled))
    saved = Update.objects.get(pk=draft.pk)
    assert saved.state == SubmissionState.DRAFT
    assert (saved.is_by_letter, saved.is_nothing_new, saved.letter_reference) == (False, False, "")
    assert (saved.created_by, saved.assignment, saved.submitted_at) == (
        desk.officer,
        desk.assignment,
        None,
    )


def test_autosave_by_get_saves_nothing(desk: Desk, draft: Update) -> None:
    assert browser_of(desk.officer).get(autosave_url(draft))["Location"] == "/"


def test_expired_session_of_autosave_is_told_by_401(desk: Desk, draft: Update) -> None:
    browser = browser_of(desk.officer)
    browser.logout()
    answer = browser.post(autosave_url(draft), typed(), headers={"Accept": "application/json"})
    assert (answer.status_code, answer.json()["state"]) == (401, "signed-out")


def test_half_typed_date_with_a_nul_is_kept_without_it(desk: Desk, draft: Update) -> None:
    answer = browser_of(desk.officer).post(autosave_url(draft), typed(covers_from="3/\0"))
    assert answer.json()["state"] == "saved"
    assert Update.objects.get(pk=draft.pk).half_typed == {"covers_from": "3/"}
