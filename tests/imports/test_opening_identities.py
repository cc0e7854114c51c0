"""Rows of an import that seem to identify a victim: each says so, and the whole is sent with a reason alone."""

from __future__ import annotations

import pytest
from django.urls import reverse

from audit.errors import NotNow
from audit.models import Event
from imports import rows
from imports.services.sending import send_opening
from recommendations.models import OpeningImport, Submission
from tests.imports.openings import batch, by, kept_rows
from tests.recommendations.conftest import Desk
from tests.recommendations.pages import browser_of

pytestmark = pytest.mark.django_db
NUMBER = "900101-14-5567"
NAMING = f"Mangsa KP {NUMBER} dipindahkan."
REASON = "Nombor ini rekaan untuk latihan."


def test_each_row_says_it_and_redacts_at_a_press(desk: Desk) -> None:
    opening = batch(desk, {"narrative": NAMING})
    browser = browser_of(desk.officer)
    page = browser.get(reverse("imports:opening", args=[opening.pk])).content.decode()
    assert f"<mark>{NUMBER}</mark>" in page
    assert "One row seems to identify a person" in page
    row = kept_rows(opening)[0]
    url = reverse("imports:opening_row", args=[opening.pk, row.number])
    browser.post(url, {"act": "redact", "revision": row.revision})
    opening.refresh_from_db()
    assert kept_rows(opening)[0].cells["narrative"] == "Mangsa KP [identity-card number] dipindahkan."
    assert browser.post(url, {"act": "redact", "revision": row.revision}).status_code == 302
    assert "<mark>" not in browser.get(reverse("imports:opening", args=[opening.pk])).content.decode()


def test_it_is_sent_with_a_reason_that_mapo_reads(desk: Desk) -> None:
    opening = batch(desk, {"narrative": NAMING})
    browser = browser_of(desk.officer)
    url = reverse("imports:opening_send", args=[opening.pk])
    response = browser.post(url, {"revision": opening.revision})
    assert response.status_code == 409
    assert "seem to identify a person" in response.content.decode()
    assert not Submission.objects.exists()
    browser.post(url, {"revision": opening.revision, "identities_reason": REASON})
    assert Submission.objects.get().identities_reason == REASON
    assert Event.objects.get(action="update.brought_in").after["identity_card"] == 1
    assert NUMBER not in str(list(Event.objects.values_list("before", "after", "reason")))
    page = (
        browser_of(desk.reviewer).get(reverse("imports:opening_review", args=[opening.pk])).content.decode()
    )
    assert REASON in page
    assert f"<mark>{NUMBER}</mark>" in page


def test_the_service_names_the_rows(desk: Desk) -> None:
    opening = batch(desk, {}, {"narrative": NAMING, "reported_on": "2023-06-01"})
    with pytest.raises(NotNow, match=str(kept_rows(opening)[1].line)):
        send_opening(opening, revision=opening.revision, **by(desk.officer, desk))


def test_each_row_is_examined_once(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    examined: list[str] = []
    examine = rows.find_identities
    monkeypatch.setattr(rows, "find_identities", lambda text: examined.append(text) or examine(text))
    opening = batch(desk, {}, {"narrative": NAMING, "reported_on": "2023-06-01"})
    assert len(examined) == 2
    browser, url = browser_of(desk.officer), reverse("imports:opening", args=[opening.pk])
    for _time in range(2):
        assert "One row seems to identify a person" in browser.get(url).content.decode()
    assert len(examined) == 2
    row = kept_rows(opening)[1]
    form_url = reverse("imports:opening_row", args=[opening.pk, row.number])
    browser.post(form_url, {"act": "redact", "revision": row.revision})
    assert len(examined) == 3
    assert "seems to identify a person" not in browser.get(url).content.decode()


def test_rows_that_other_patterns_examined_are_examined_again(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    opening = batch(desk, {"narrative": NAMING})
    url = reverse("imports:opening", args=[opening.pk])
    stored = [each | {"examined": {"patterns": "older", "counts": {}}} for each in opening.rows]
    OpeningImport.objects.filter(pk=opening.pk).update(rows=stored)
    assert "One row seems to identify a person" in browser_of(desk.officer).get(url).content.decode()


def test_the_name_of_the_file_is_asked_about(desk: Desk) -> None:
    opening = batch(desk, {})
    OpeningImport.objects.filter(pk=opening.pk).update(file_name="mangsa_Nguyen_Van_An.xlsx")
    browser, url = browser_of(desk.officer), reverse("imports:opening_send", args=[opening.pk])
    page = browser.get(reverse("imports:opening", args=[opening.pk])).content.decode()
    assert "The name of this file seems to identify a person: 1 name" in page
    response = browser.post(url, {"revision": opening.revision})
    assert response.status_code == 409
    assert "Rename the file and upload it again" in response.content.decode()
    browser.post(url, {"revision": opening.revision, "identities_reason": REASON})
    review = reverse("imports:opening_review", args=[opening.pk])
    page = browser_of(desk.reviewer).get(review).content.decode()
    assert "The name of this file seems to identify a person: 1 name" in page
    assert REASON in page
