"""The page of a document lists the updates that cite it, for those who may read them."""

from dataclasses import replace
from datetime import date, datetime

import pytest
from django.urls import reverse

from accounts.models import User
from evidence.models import Document
from recommendations.models import Update
from recommendations.queries.citing_updates import citing_updates
from recommendations.services import return_update, save_update
from tests.factories.evidence import make_document
from tests.factories.recommendations import REPORTED
from tests.recommendations.conftest import Desk
from tests.recommendations.pages import browser_of, words_of
from tests.shared import shared


@shared
def document(desk: Desk, now: datetime) -> Document:
    return make_document(desk.agency, actor=desk.officer, now=now, name="Laporan.pdf")


@shared
def sent(desk: Desk, document: Document) -> Update:
    """An update that waits for MAPO and cites the document."""
    return desk.submission(replace(REPORTED, document_ids=frozenset({document.pk}))).update


@pytest.mark.parametrize("who", ["officer", "coordinator", "reviewer", "administrator"])
def test_page_of_a_document_leads_to_the_update_that_cites_it(
    desk: Desk, document: Document, sent: Update, who: str
) -> None:
    page = browser_of(getattr(desk, who)).get(reverse("evidence:detail", args=[document.pk]))
    assert reverse("recommendations:update", args=[sent.pk]) in page.content.decode()
    assert "Recommendation 1, update of PDRM" in words_of(page)


def test_page_of_a_document_that_nothing_cites_says_so(desk: Desk, document: Document) -> None:
    page = browser_of(desk.officer).get(reverse("evidence:detail", args=[document.pk]))
    assert "Updates that cite it None that you can read." in words_of(page)


def test_draft_is_listed_for_its_agency_alone(desk: Desk, document: Document) -> None:
    draft = desk.draft(replace(REPORTED, document_ids=frozenset({document.pk})))
    assert citing_updates(document, user=desk.colleague) == [draft]
    assert citing_updates(document, user=desk.reviewer) == []


def test_citation_of_a_text_being_corrected_is_the_agencys_alone(
    desk: Desk, document: Document, now: datetime
) -> None:
    submission = desk.submission()
    update = submission.update
    return_update(
        submission, reason="Lampirkan.", resubmit_by=date(2023, 9, 20), actor=desk.reviewer, now=now
    )
    content = replace(REPORTED, document_ids=frozenset({document.pk}))
    save_update(update, content=content, revision=update.revision, actor=desk.officer, now=now)
    assert citing_updates(document, user=desk.officer) == [update]
    assert citing_updates(document, user=desk.reviewer) == []


@pytest.mark.parametrize("who", ["outsider", "observer"])
def test_nobody_else_reads_of_it(desk: Desk, document: Document, sent: Update, who: str) -> None:
    assert citing_updates(document, user=getattr(desk, who)) == []


def test_update_above_the_readers_clearance_is_left_out(desk: Desk, document: Document, sent: Update) -> None:
    User.objects.filter(pk=desk.reviewer.pk).update(clearance=0)
    desk.reviewer.refresh_from_db()
    assert citing_updates(document, user=desk.reviewer) == []
