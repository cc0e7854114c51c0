"""What the name of a file and the text inside it seem to identify: said on its page and beside the update."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.urls import reverse

from evidence.models import DocumentText
from evidence.services.lifecycle import seal_document
from evidence.services.texts import read_texts_again
from tests.factories.evidence import make_document
from tests.factories.recommendations import REPORTED
from tests.recommendations.conftest import Desk, desk
from tests.recommendations.pages import browser_of
from tests.search.conftest import keep_text

__all__ = ["desk"]
pytestmark = pytest.mark.django_db
NUMBERS = "Mangsa KP 900101-14-5567 dan KP 910909-12-5124."


def test_the_text_of_a_file_is_counted_and_told(desk: Desk) -> None:
    document = make_document(desk.agency, actor=desk.officer, now=desk.now, name="laporan.pdf")
    keep_text(document, NUMBERS, now=desk.now)
    assert DocumentText.objects.get(document=document).identities == {"card": 2}
    desk_submission = desk.submission(replace(REPORTED, document_ids=frozenset({document.pk})))
    told = "The text of this file seems to identify a person: 2 identity-card numbers"
    page = browser_of(desk.officer).get(reverse("evidence:detail", args=[document.pk])).content.decode()
    assert told in page
    assert "900101" not in page
    page = browser_of(desk.reviewer).get(f"/reviews/{desk_submission.update_id}/").content.decode()
    assert told in page


def test_the_name_of_a_file_is_told(desk: Desk) -> None:
    document = make_document(
        desk.agency,
        actor=desk.officer,
        now=desk.now,
        name="Mangsa_900101-14-5567.pdf",
        identities_reason="Nombor rekaan.",
    )
    page = browser_of(desk.officer).get(reverse("evidence:detail", args=[document.pk])).content.decode()
    assert "The name of this file seems to identify a person: 1 identity-card number" in page


def test_nothing_is_told_of_other_files_and_of_sealed_ones(desk: Desk) -> None:
    document = make_document(desk.agency, actor=desk.officer, now=desk.now, name="laporan.pdf")
    keep_text(document, "42 mangsa diselamatkan.", now=desk.now)
    url = reverse("evidence:detail", args=[document.pk])
    assert "seems to identify" not in browser_of(desk.officer).get(url).content.decode()
    DocumentText.objects.filter(document=document).update(identities={"card": 1})
    seal_document(document, reason="Menyebut mangsa", actor=desk.administrator, now=desk.now)
    assert DocumentText.objects.get(document=document).identities is None
    assert "seems to identify" not in browser_of(desk.administrator).get(url).content.decode()


def test_reading_again_forgets_the_counts(desk: Desk) -> None:
    document = make_document(desk.agency, actor=desk.officer, now=desk.now, name="laporan.pdf")
    keep_text(document, NUMBERS, now=desk.now)
    read_texts_again()
    assert DocumentText.objects.get(document=document).identities is None


def test_the_page_tells_nothing_found_from_not_examined(desk: Desk) -> None:
    document = make_document(desk.agency, actor=desk.officer, now=desk.now, name="laporan.pdf")
    url = reverse("evidence:detail", args=[document.pk])
    browser = browser_of(desk.officer)
    assert "Not checked for names and numbers of people" in browser.get(url).content.decode()
    keep_text(document, "42 mangsa diselamatkan.", now=desk.now)
    assert "Checked for names and numbers of people: nothing found" in browser.get(url).content.decode()
    DocumentText.objects.filter(document=document).update(identities=None)
    assert "Not checked for names and numbers of people" in browser.get(url).content.decode()
    keep_text(document, NUMBERS, now=desk.now)
    assert "hecked for names" not in browser.get(url).content.decode()
