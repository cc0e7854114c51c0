"""A draft keeps a long paste whole, up to a bound; what is longer is refused with a sentence, and stays on the page."""

from __future__ import annotations

import html
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from audit.errors import BadValue
from indicators.models import FigureReport
from recommendations.content import Content
from recommendations.models import Update
from recommendations.services import save_update
from submissions.drafts import DRAFT_LENGTH
from tests.factories.figure_reports import FigureDesk
from tests.factories.recommendations import REPORTED
from tests.indicators.conftest import figure_desk as figure_desk
from tests.recommendations.conftest import Desk
from tests.recommendations.conftest import desk as desk
from tests.recommendations.conftest import draft as draft
from tests.recommendations.pages import browser_of, edit_url

pytestmark = pytest.mark.django_db
SAID = {
    "ms": "Teks ini mengandungi 20,001 aksara, sedangkan draf terhad kepada 20,000 aksara.",
    "en": "This text has 20,001 characters, and a draft keeps up to 20,000.",
}


def long_text(length: int) -> str:
    return "Kursus. " + "x" * (length - 16) + " Tamat.é"


def speaking(browser: Client, language: str) -> Client:
    browser.cookies["language"] = language
    return browser


@pytest.mark.parametrize("language", ["ms", "en"])
def test_draft_of_an_update(desk: Desk, draft: Update, language: str) -> None:
    browser = speaking(browser_of(desk.officer), language)
    url, autosave = edit_url(draft), reverse("recommendations:update_autosave", args=[draft.pk])
    fields: dict[str, Any] = {"revision": draft.revision, "classification": 1}
    kept = browser.post(autosave, fields | {"narrative": long_text(DRAFT_LENGTH)})
    assert kept.status_code == 200
    draft.refresh_from_db()
    assert draft.narrative == long_text(DRAFT_LENGTH)
    fields["revision"], typed = draft.revision, long_text(DRAFT_LENGTH + 1)
    refused = browser.post(autosave, fields | {"narrative": typed})
    assert refused.status_code == 422
    assert SAID[language] in refused.json()["errors"]["narrative"][0]
    page = browser.post(url, fields | {"narrative": typed, "action": "save"})
    said = html.unescape(page.content.decode())
    assert SAID[language] in said and typed in said
    draft.refresh_from_db()
    assert draft.narrative == long_text(DRAFT_LENGTH)


@pytest.mark.parametrize("language", ["ms", "en"])
def test_draft_of_a_month(figure_desk: FigureDesk, language: str) -> None:
    browser = speaking(browser_of(figure_desk.officer), language)
    url, typed = "/figures/report/2023-08/", long_text(DRAFT_LENGTH + 1)
    refused = browser.post(f"{url}autosave/", {"revision": 0, "explanation": typed})
    assert refused.status_code == 422
    assert SAID[language] in refused.json()["errors"]["explanation"][0]
    page = browser.post(url, {"revision": 0, "explanation": typed, "action": "save"})
    said = html.unescape(page.content.decode())
    assert SAID[language] in said and typed in said
    assert not FigureReport.objects.exists()
    browser.post(f"{url}autosave/", {"revision": 0, "explanation": long_text(DRAFT_LENGTH)})
    assert FigureReport.objects.get().explanation == long_text(DRAFT_LENGTH)


def test_service_of_updates_keeps_no_longer_text(desk: Desk, draft: Update) -> None:
    content = Content(**{**REPORTED.values, "narrative": "x" * (DRAFT_LENGTH + 1)})
    with pytest.raises(BadValue, match="20,000"):
        save_update(draft, content=content, revision=draft.revision, actor=desk.officer, now=desk.now)


def test_service_of_figures_keeps_no_longer_text(figure_desk: FigureDesk) -> None:
    with pytest.raises(BadValue, match="20,000"):
        figure_desk.save(figure_desk.content("x" * (DRAFT_LENGTH + 1)))
