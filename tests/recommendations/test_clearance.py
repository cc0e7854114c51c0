"""What is above a person's clearance answers as if it did not exist, wherever it could show."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from pytest_django import Settings

from accounts.clearance import Clearance
from accounts.models import User
from accounts.roles import Role
from audit.errors import NotNow
from evidence.models import Document
from evidence.services.lifecycle import seal_document
from evidence.services.receiving import register_reference
from evidence.states import ScanState
from recommendations import services
from recommendations.models import Submission, Update
from recommendations.permissions import may_review
from recommendations.queries.queue import waiting_rows
from tests.factories.accounts import AgencyFactory, UserFactory
from tests.factories.evidence import make_document
from tests.factories.recommendations import REPORTED
from tests.recommendations.conftest import Desk
from tests.recommendations.visitors import Visitor, text_of
from tests.shared import shared

pytestmark = pytest.mark.django_db

SECRETIVE = replace(
    REPORTED, classification=Clearance.CONFIDENTIAL, narrative="Operasi sulit.", covers_to=date(2023, 7, 29)
)


@shared
def low(desk: Desk) -> User:
    """A reviewer of MAPO who reads up to restricted."""
    return UserFactory(role=Role.REVIEWER, agency=desk.reviewer.agency, clearance=Clearance.RESTRICTED)


@shared
def cleared(desk: Desk) -> Desk:
    """The desk with an officer who may write confidential updates; the colleague may not read them."""
    desk.officer.clearance = Clearance.CONFIDENTIAL
    desk.officer.save(update_fields=["clearance"])
    return desk


@shared
def lowered(cleared: Desk) -> Submission:
    """A confidential version that was returned; the update is restricted by now, and its correction is not sent."""
    submission = cleared.submission(SECRETIVE)
    services.return_update(
        submission,
        reason="Nama operasi salah.",
        resubmit_by=date(2023, 9, 21),
        actor=cleared.reviewer,
        now=cleared.now,
    )
    update = Update.objects.get(pk=submission.update_id)
    services.save_update(
        update, content=REPORTED, revision=update.revision, actor=cleared.officer, now=cleared.now
    )
    return submission


def test_review_page_of_a_version_above_the_clearance_is_not_found_nor_why_it_was_returned(
    low: User, lowered: Submission, cleared: Desk
) -> None:
    assert Visitor(low).get(f"/reviews/{lowered.update_id}/").status_code == 404
    update = Update.objects.get(pk=lowered.update_id)
    services.submit_update(
        update, content=REPORTED, revision=update.revision, actor=cleared.officer, now=cleared.now
    )
    address = f"/reviews/{update.pk}/"
    assert "Nama operasi salah" in text_of(Visitor(cleared.reviewer).get(address))
    text = text_of(Visitor(low).get(address))
    assert REPORTED.narrative in text and "Nama operasi salah" not in text


def test_review_page_leaves_out_the_days_that_a_hidden_text_covers(cleared: Desk, low: User) -> None:
    cleared.accepted(SECRETIVE)
    submission = cleared.submission()
    assert "29 July" in text_of(Visitor(cleared.reviewer).get(f"/reviews/{submission.update_id}/"))
    assert "29 July" not in text_of(Visitor(low).get(f"/reviews/{submission.update_id}/"))


def test_awaiting_is_no_sign_to_who_may_not_read_what_waits(cleared: Desk, low: User) -> None:
    cleared.submission(SECRETIVE)
    item, confirmed = f"/items/{cleared.item.pk}/", "/assignments/?tab=confirmed"
    assert "awaits MAPO" in text_of(Visitor(cleared.reviewer).get(item))
    assert "Awaiting MAPO" in text_of(Visitor(cleared.reviewer).get(confirmed))
    for person in (low, cleared.colleague):
        assert "awaits MAPO" not in text_of(Visitor(person).get(item))
    assert "Awaiting MAPO" not in text_of(Visitor(low).get(confirmed))


def test_history_leaves_out_acts_on_updates_above_the_clearance(cleared: Desk, low: User) -> None:
    cleared.accepted(SECRETIVE)
    address = f"/items/{cleared.item.pk}/history/"
    for person in (cleared.officer, cleared.reviewer):
        text = text_of(Visitor(person).get(address))
        assert "Update submitted" in text and "Update accepted" in text
    for person in (cleared.colleague, low):
        text = text_of(Visitor(person).get(address))
        assert "Update submitted" not in text and "Update accepted" not in text and "Agency assigned" in text


def test_held_file_that_is_sealed_is_not_called_by_its_name(desk: Desk, settings: Settings) -> None:
    document = make_document(desk.agency, actor=desk.officer, now=desk.now, name="Nama mangsa.pdf")
    submission = desk.submission(replace(REPORTED, document_ids=frozenset({document.pk})))
    seal_document(document, reason="Nama mangsa.", actor=desk.administrator, now=desk.now)
    settings.SCANNER = "clamav"
    assert Document.objects.get().scan_state == ScanState.UNSCANNED
    with pytest.raises(NotNow) as refused:
        services.accept_update(
            submission,
            status=submission.status,
            percent=submission.percent,
            actor=desk.reviewer,
            now=desk.now,
        )
    assert "mangsa" not in str(refused.value)


def test_paper_file_above_everybodys_clearance_leaves_the_decision_to_reviewers(desk: Desk) -> None:
    paper = register_reference(
        reference_number="KDN.S.600", agency=desk.agency, actor=desk.officer,
        classification=Clearance.SECRET, now=desk.now,
    )  # fmt: skip
    submission = desk.submission(replace(REPORTED, document_ids=frozenset({paper.pk})))
    UserFactory(role=Role.REVIEWER, agency=AgencyFactory(code="NSO"))
    (row,) = waiting_rows(desk.reviewer, today=date(2023, 9, 14), with_notes=True)
    assert may_review(desk.reviewer, submission) and row.has_reviewer
    overview = text_of(Visitor(desk.reviewer).get("/overview/"))
    assert "awaiting MAPO" in overview


def test_nothing_new_repeats_no_text_above_the_clearance(cleared: Desk) -> None:
    cleared.accepted(SECRETIVE)
    today, now = date(2023, 9, 14), cleared.now
    with pytest.raises(NotNow):
        services.report_nothing_new(cleared.assignment, speaks_for=today, actor=cleared.colleague, now=now)
    sent = services.report_nothing_new(cleared.assignment, speaks_for=today, actor=cleared.officer, now=now)
    assert sent.classification == Clearance.CONFIDENTIAL
