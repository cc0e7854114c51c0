"""MAPO enters what came by letter; somebody else reviews it."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.clearance import Clearance
from accounts.roles import Role
from evidence.models import Document
from identities.services import hide_words
from privacy.reading import NOBODY, reading_as
from recommendations import services
from recommendations.models import Submission, Update
from submissions.states import SubmissionState
from tests.evidence import files
from tests.factories.accounts import UserFactory
from tests.factories.evidence import make_document
from tests.recommendations.conftest import Desk
from tests.recommendations.visitors import Visitor, text_of, toasts

pytestmark = pytest.mark.django_db


def url(desk: Desk) -> str:
    return f"/assignments/{desk.assignment.pk}/letter/"


def typed(**values: Any) -> dict[str, Any]:
    facts = {
        "reference": "PDRM.100/2",
        "letter_on": "2023-09-11",
        "status": "progress",
        "percent": 55,
        "narrative": "Kursus kedua\r\nselesai.",
        "covers_from": "2023-08-01",
        "covers_to": "2023-08-31",
        "classification": 1,
    }
    return {**facts, **values}


def test_letter_page_opens_in_both_languages_and_refuses_what_does_not_fit(desk: Desk) -> None:
    for language in ("ms", "en"):
        response = Visitor(desk.reviewer, language).get(url(desk))
        assert response.status_code == 200, language
        assert f'data-url="/evidence/upload/?agency={desk.agency.pk}"' in response.content.decode(), language
    named = typed(reference="PDRM.100/2 (mangsa Nguyen Van Canary)")
    response = Visitor(desk.reviewer).post(url(desk), named)
    assert response.status_code == 422
    assert "Write the reference number alone" in response.context["form"].errors["reference"][0]
    assert not Update.objects.exists()
    for values, told in (
        ({"reference": ""}, "Fill this in."),
        ({"letter_on": "2023-09-15"}, "cannot be dated after today"),
        ({"percent": 100}, "In progress is between 1% and 99%"),
        ({"covers_to": "2023-09-20"}, "This date is in the future"),
        ({"covers_from": "2023-09-10"}, "end date is before the start date"),
        ({"narrative": "x" * 5001}, "up to 5,000 characters"),
        ({"classification": 4}, "is not in the list"),
    ):
        response = Visitor(desk.reviewer).post(url(desk), typed(**values))
        assert response.status_code == 422 and not Update.objects.exists(), values
        assert told in text_of(response), values
        assert values.get("narrative", "Kursus kedua") in response.content.decode(), values


def test_letter_becomes_a_submission_marked_so(desk: Desk) -> None:
    response = Visitor(desk.reviewer).post(url(desk), typed(), follow=True)
    assert toasts(response) == [
        "The letter was entered: PDRM, Recommendation 1. Somebody else must review it."
    ]
    update, submission = Update.objects.get(), Submission.objects.get()
    assert (update.state, update.is_by_letter, update.letter_reference) == (
        SubmissionState.SUBMITTED,
        True,
        "PDRM.100/2",
    )
    assert update.letter_on == date(2023, 9, 11)
    assert (submission.percent, submission.narrative) == (55, "Kursus kedua\nselesai.")


def test_words_that_are_hidden_later_are_hidden_in_the_reference_too(desk: Desk) -> None:
    Visitor(desk.reviewer).post(url(desk), typed(reference="Surat Kampung Rahsia 2"))
    acts: dict[str, Any] = {"actor": desk.administrator, "now": desk.now}
    hide_words("Kampung Rahsia", is_whole=False, reason="Tempat mangsa.", **acts)
    with reading_as(NOBODY):
        assert "Rahsia" not in Update.objects.get().letter_reference
    page = Visitor(
        UserFactory(role=Role.REVIEWER, agency=desk.reviewer.agency, clearance=Clearance.RESTRICTED)
    )
    shown = text_of(page.get(f"/updates/{Update.objects.get().pk}/"))
    assert "Surat █████" in shown and "Rahsia" not in shown


def test_letter_cites_files_that_were_uploaded_and_files_that_came_with_the_form(desk: Desk) -> None:
    before = make_document(desk.agency, actor=desk.officer, now=desk.now)
    enclosed = SimpleUploadedFile("Surat.png", files.png())
    Visitor(desk.reviewer).post(url(desk), typed(documents=[before.pk], files=[enclosed]))
    cited = Submission.objects.get().documents.order_by("pk")
    assert [document.original_name for document in cited] == [before.original_name, "Surat.png"]
    assert {document.agency for document in cited} == {desk.agency}


def test_letter_says_which_file_stays_classified_higher(desk: Desk) -> None:
    class_of = {"tinggi.pdf": Clearance.CONFIDENTIAL, "rendah.pdf": Clearance.RESTRICTED}
    higher, lower = (
        make_document(desk.agency, actor=desk.reviewer, now=desk.now, name=name, classification=given)
        for name, given in class_of.items()
    )
    both = [higher.pk, lower.pk]
    page = Visitor(desk.reviewer).post(url(desk), typed(reference="", documents=both, following=both))
    assert page.status_code == 422
    assert text_of(page).count("Classified Confidential, higher than the update.") == 1


def test_letter_never_cites_a_file_of_another_agency(desk: Desk) -> None:
    foreign = make_document(desk.other_agency, actor=desk.outsider, now=desk.now)
    Visitor(desk.reviewer).post(url(desk), typed(documents=[foreign.pk, "x"]))
    assert not Submission.objects.get().documents.exists()


def test_letter_that_is_refused_keeps_the_files_that_arrived(desk: Desk) -> None:
    enclosed = [
        SimpleUploadedFile("Surat.png", files.png()),
        SimpleUploadedFile("Surat.pdf", b"MZ not a PDF"),
    ]
    response = Visitor(desk.reviewer).post(url(desk), typed(files=enclosed))
    kept = Document.objects.get()
    assert response.status_code == 422 and not Update.objects.exists()
    assert [each["id"] for each in response.context["files"]] == [kept.pk]
    assert "Surat.pdf:" in text_of(response)
    assert f'value="{kept.pk}"' in response.content.decode()


def test_letter_waits_while_another_update_is_open(desk: Desk) -> None:
    desk.draft()
    response = Visitor(desk.reviewer).post(url(desk), typed())
    assert response.status_code == 422 and "still open" in text_of(response)
    assert "Kursus kedua" in response.content.decode()


def test_letter_on_a_suggestion_is_refused(desk: Desk) -> None:
    suggestion = services.suggest_assignment(
        desk.item, agency=desk.other_agency, role="support", actor=desk.administrator, now=desk.now
    )
    response = Visitor(desk.reviewer).post(f"/assignments/{suggestion.pk}/letter/", typed())
    assert response.status_code == 422 and "not in force" in text_of(response)


def test_posted_fields_that_the_form_does_not_show_change_nothing(desk: Desk) -> None:
    extra = {"created_by": desk.officer.pk, "is_nothing_new": "on", "state": "accepted", "revision": 9}
    Visitor(desk.reviewer).post(url(desk), typed(**extra))
    update = Update.objects.get()
    assert update.created_by == desk.reviewer and not update.is_nothing_new
    assert update.state == SubmissionState.SUBMITTED


def test_letter_that_cites_the_agencys_own_file_leaves_its_dates(desk: Desk) -> None:
    """MAPO may raise its class and nothing else; the file that MAPO added itself takes the letter's dates."""
    theirs = make_document(desk.agency, actor=desk.officer, now=desk.now)
    ours = make_document(desk.agency, actor=desk.reviewer, now=desk.now)
    both = [theirs.pk, ours.pk]
    Visitor(desk.reviewer).post(url(desk), typed(documents=both, following=both))
    assert Submission.objects.get().documents.count() == 2
    theirs.refresh_from_db()
    ours.refresh_from_db()
    assert (theirs.evidence_from, ours.evidence_from) == (None, date(2023, 8, 1))
