"""Pages on which people judge a claim say where a file beside it is no longer what was received."""

from __future__ import annotations

from django.urls import reverse

from evidence.services.integrity import record_check
from evidence.states import Harm
from recommendations.models import Update
from tests.factories.evidence import make_document
from tests.recommendations.conftest import Desk
from tests.recommendations.pages import browser_of, edit_url, typed


def test_review_and_update_mark_a_harmed_file(desk: Desk, draft: Update) -> None:
    document = make_document(desk.agency, actor=desk.officer, now=desk.now)
    browser = browser_of(desk.officer)
    fields = typed(documents=[document.pk], action="submit")
    assert browser.post(edit_url(draft), fields).status_code == 302
    review = reverse("recommendations:review", args=[draft.pk])
    update = reverse("recommendations:update", args=[draft.pk])
    pages = ((desk.reviewer, review), (desk.officer, update))
    for person, page in pages:
        assert "Not what was received" not in browser_of(person).get(page).content.decode()
    record_check(document, Harm.DIFFERS, now=desk.now)
    for person, page in pages:
        assert "Not what was received" in browser_of(person).get(page).content.decode()
