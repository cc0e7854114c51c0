"""Files that take the dates and the class of their update, dates that are half typed, and where a draft begins."""

from dataclasses import replace
from datetime import date, datetime

import pytest

from audit.models import Event
from evidence.models import Document
from evidence.services.lifecycle import describe_document
from recommendations.models import Update
from recommendations.services import return_update, save_update, submit_update
from tests.factories.evidence import make_document, make_upload
from tests.factories.recommendations import REPORTED, make_assignment, make_item, start_update
from tests.recommendations.conftest import Desk
from tests.recommendations.pages import autosave_url, browser_of, edit_url, typed, words_of


def saved(desk: Desk, update: Update, **values: object) -> Update:
    """The update, saved with these values over what was reported."""
    update.refresh_from_db()
    content = replace(REPORTED, **values)  # type: ignore[arg-type]
    return save_update(update, content=content, revision=update.revision, actor=desk.officer, now=desk.now)


def following(*documents: Document) -> dict[str, object]:
    """Content values: these documents are cited and follow the update."""
    ids = frozenset(document.pk for document in documents)
    return {"document_ids": ids, "following_ids": ids}


def test_sending_gives_the_dates_of_the_update_to_files_that_follow(
    desk: Desk, draft: Update, now: datetime
) -> None:
    follower, other = (make_document(desk.agency, actor=desk.officer, now=now) for _ in range(2))
    content = replace(REPORTED, **following(follower) | {"document_ids": frozenset({follower.pk, other.pk})})
    submit_update(draft, content=content, revision=0, actor=desk.officer, now=now)
    follower.refresh_from_db()
    other.refresh_from_db()
    assert (follower.evidence_from, follower.evidence_to) == (REPORTED.covers_from, REPORTED.covers_to)
    assert follower.is_frozen
    assert other.evidence_from is None
    [event] = Event.objects.filter(action="document.described")
    assert event.after == {"evidence_from": "2023-07-01", "evidence_to": "2023-08-31"}
    assert event.actor_id == desk.officer.pk


@pytest.fixture
def cleared(desk: Desk) -> Desk:
    """The desk, with an officer cleared for everything that files may hold."""
    desk.officer.clearance = 2
    desk.officer.save()
    return desk


def test_saving_raises_the_class_of_followers_and_leaves_their_dates(
    cleared: Desk, draft: Update, now: datetime
) -> None:
    file = make_document(cleared.agency, actor=cleared.officer, now=now)
    saved(cleared, draft, classification=2, **following(file))
    file.refresh_from_db()
    assert (file.classification, file.evidence_from) == (2, None)


def test_following_never_lowers_a_class(cleared: Desk, draft: Update, now: datetime) -> None:
    desk = cleared
    file = make_document(desk.agency, actor=desk.officer, now=now)
    describe_document(
        file, classification=2, evidence_from=None, evidence_to=None, actor=desk.officer, now=now
    )
    for level, follows in ((1, True), (2, True), (1, False), (2, False), (1, True)):
        saved(desk, draft, classification=level, **following(file) if follows else {})
        file.refresh_from_db()
        assert file.classification == 2
    draft.refresh_from_db()
    content = replace(REPORTED, **following(file))
    submit_update(draft, content=content, revision=draft.revision, actor=desk.officer, now=now)
    file.refresh_from_db()
    assert file.classification == 2


def test_refused_form_compares_a_file_with_the_class_that_was_chosen(
    cleared: Desk, draft: Update, now: datetime
) -> None:
    file = make_document(cleared.agency, actor=cleared.officer, now=now, classification=2)
    answers = [
        browser_of(cleared.officer).post(
            edit_url(draft),
            typed(
                action="submit", percent="", classification=level, documents=[file.pk], following=[file.pk]
            ),
        )
        for level in ("2", "1")
    ]
    assert ["higher than the update" in words_of(answer) for answer in answers] == [False, True]


def test_file_of_two_drafts_is_never_below_either(cleared: Desk, draft: Update, now: datetime) -> None:
    desk = cleared
    item = make_item(desk.cycle, number=9)
    assignment = make_assignment(item, desk.agency, actor=desk.administrator, now=now)
    other = start_update(assignment, actor=desk.officer, now=now)
    file = make_document(desk.agency, actor=desk.officer, now=now, classification=0)
    saved(desk, draft, classification=1, **following(file))
    for level, follows in ((0, False), (1, True), (0, True)):
        saved(
            desk,
            other,
            classification=level,
            **following(file) | ({} if follows else {"following_ids": frozenset()}),
        )
    file.refresh_from_db()
    assert file.classification == 1
    row = browser_of(desk.officer, "en").get(edit_url(other)).content.decode()
    assert "Classified Restricted, higher than the update" in row
    assert (
        "higher than the update" not in browser_of(desk.officer, "en").get(edit_url(draft)).content.decode()
    )
    describe_document(
        file, classification=0, evidence_from=None, evidence_to=None, actor=desk.officer, now=now
    )
    file.refresh_from_db()
    assert file.classification == 0


def test_file_that_was_sent_before_keeps_what_it_says(desk: Desk, draft: Update, now: datetime) -> None:
    file = make_document(desk.agency, actor=desk.officer, now=now)
    content = replace(REPORTED, **following(file))
    first = submit_update(draft, content=content, revision=0, actor=desk.officer, now=now)
    return_update(first, reason="Lengkapkan.", resubmit_by=date(2023, 9, 30), actor=desk.reviewer, now=now)
    draft.refresh_from_db()
    later = replace(content, covers_to=date(2023, 9, 1))
    submit_update(draft, content=later, revision=draft.revision, actor=desk.officer, now=now)
    file.refresh_from_db()
    assert file.evidence_to == REPORTED.covers_to


def test_saving_the_same_again_changes_nothing(desk: Desk, draft: Update, now: datetime) -> None:
    file = make_document(desk.agency, actor=desk.officer, now=now)
    once = saved(desk, draft, **following(file)).revision
    assert saved(desk, draft, **following(file)).revision == once
    assert saved(desk, draft, document_ids=frozenset({file.pk})).revision == once + 1
    assert not draft.citations.get().follows_update


def test_files_that_come_with_the_form_follow_the_update(desk: Desk, draft: Update) -> None:
    page = browser_of(desk.officer)
    page.post(edit_url(draft), typed(action="save", new_files=[make_upload("Baik.pdf")]))
    assert draft.citations.get().follows_update
    html = page.get(edit_url(draft)).content.decode()
    document_id = draft.citations.get().document_id
    assert f'name="following" value="{document_id}" data-follows checked' in html


def test_unticked_file_keeps_its_own_dates_without_scripts(desk: Desk, draft: Update, now: datetime) -> None:
    days = {"evidence_from": date(2023, 5, 2), "evidence_to": date(2023, 5, 3)}
    file = make_document(desk.agency, actor=desk.officer, now=now, **days)  # type: ignore[arg-type]
    browser_of(desk.officer).post(edit_url(draft), typed(action="submit", documents=[file.pk]))
    file.refresh_from_db()
    assert (file.evidence_from, file.is_frozen) == (date(2023, 5, 2), True)


def test_only_cited_files_follow(desk: Desk, draft: Update, now: datetime) -> None:
    file = make_document(desk.agency, actor=desk.officer, now=now)
    answer = browser_of(desk.officer).post(autosave_url(draft), typed(following=[file.pk, "x"]))
    assert answer.status_code == 200
    assert not draft.citations.exists()


@pytest.mark.parametrize("text", ["3/7", "besok", "3/7/2023 atau 4/7/2023"])
def test_draft_keeps_a_half_typed_date_beside_everything_else(desk: Desk, draft: Update, text: str) -> None:
    page = browser_of(desk.officer)
    answer = page.post(autosave_url(draft), typed(covers_from=text))
    assert answer.json()["state"] == "saved"
    draft.refresh_from_db()
    assert (draft.narrative, draft.covers_from) == (typed()["narrative"], None)
    assert f'value="{text}"' in page.get(edit_url(draft)).content.decode()
    again = page.post(autosave_url(draft), typed(covers_from=text, revision=str(draft.revision)))
    assert again.json()["revision"] == draft.revision
    page.post(autosave_url(draft), typed(revision=str(draft.revision)))
    draft.refresh_from_db()
    assert (draft.half_typed, draft.covers_from) == ({}, date(2023, 7, 1))


def test_half_typed_date_is_not_sent(desk: Desk, draft: Update) -> None:
    page = browser_of(desk.officer).post(edit_url(draft), typed(action="submit", covers_from="31/6"))
    assert "“31/6” is not a valid date" in words_of(page)
    draft.refresh_from_db()
    assert draft.state == "draft"


def test_window_label_follows_what_was_typed_without_scripts(desk: Desk, draft: Update) -> None:
    refused = typed(action="submit", percent="", covers_from="1/4/2022", covers_to="2/4/2022")
    assert "Before the window" in words_of(browser_of(desk.officer).post(edit_url(draft), refused))
