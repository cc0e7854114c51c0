"""The name of a file is asked about when it arrives, and from then on hidden from who may not see it, filters too."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from accounts.clearance import Clearance
from accounts.models import User
from accounts.reading import reader_of
from accounts.roles import Role
from audit.errors import NotNow
from audit.models import Event
from evidence.models import Document
from identities.services import hide_words
from indicators.models import Indicator
from indicators.queries.definitions import IndicatorFilters, read_indicators
from privacy.models import IdentityMark
from privacy.reading import reading_as
from recommendations.models import Assignment, Item
from recommendations.queries.assignments_page import AssignmentFilters
from tests.factories.accounts import UserFactory
from tests.factories.evidence import make_document, make_upload
from tests.factories.indicators import make_indicator
from tests.recommendations.conftest import Desk, desk
from tests.recommendations.pages import browser_of, words_of

__all__ = ["desk"]
pytestmark = pytest.mark.django_db
NAMED, WHY = "Mangsa_Nguyen_Van_Canary_pulang.pdf", "Nama rekaan untuk latihan."


def uncleared(desk: Desk) -> User:
    return UserFactory(role=Role.REVIEWER, agency=desk.reviewer.agency, clearance=Clearance.RESTRICTED)


def kept(desk: Desk) -> Document:
    return make_document(desk.agency, actor=desk.officer, now=desk.now, name=NAMED, identities_reason=WHY)


def test_a_name_is_asked_about_when_the_file_arrives(desk: Desk) -> None:
    for reason in ("", "Mangsa Nguyen Van Canary"):
        with pytest.raises(NotNow):
            make_document(desk.agency, actor=desk.officer, now=desk.now, name=NAMED, identities_reason=reason)
    assert not Document.objects.exists()
    document = kept(desk)
    event = Event.objects.get(action="document.received")
    assert (event.reason, event.after["identity_name"]) == (WHY, 1)
    mark = IdentityMark.objects.get()
    assert mark.agency_id == desk.agency.pk
    assert document.original_name == NAMED


def _page(desk: Desk, **typed: str) -> Any:
    posted = {"file": make_upload(NAMED), "classification": 1, **typed}
    return browser_of(desk.officer).post(reverse("evidence:upload"), posted, headers={"accept": "text/html"})


def test_the_page_offers_another_name_or_a_reason(desk: Desk) -> None:
    browser = browser_of(desk.officer)
    assert "identities_reason" not in browser.get(reverse("evidence:upload")).content.decode()
    refused = _page(desk)
    assert "seems to identify a person (1 name)" in words_of(refused)
    assert "Reason to keep the name of the file as it is" in words_of(refused)
    assert not Document.objects.exists()
    assert _page(desk, redact_name="on").status_code == 302
    assert Document.objects.get().original_name == "Mangsa_[name]_pulang.pdf"
    assert not IdentityMark.objects.exists()
    assert _page(desk, identities_reason=WHY).status_code == 302
    assert Document.objects.filter(original_name=NAMED).exists()


def test_a_script_hears_what_to_do(desk: Desk) -> None:
    posted = {"file": make_upload(NAMED), "classification": 1}
    browser = browser_of(desk.officer)
    answer = browser.post(reverse("evidence:upload"), posted, headers={"accept": "application/json"})
    assert answer.status_code == 422
    assert "Rename it and upload it again" in answer.json()["error"]


def test_filter_and_download_know_the_shown_name_alone(desk: Desk) -> None:
    document, low = kept(desk), uncleared(desk)
    for person, hits in ((low, 0), (desk.reviewer, 1), (desk.officer, 1)):
        browser = browser_of(person)
        for part in ("canary", "van_can"):
            rows = browser.get(reverse("evidence:list"), {"text": part}).context["rows"]
            assert len(rows) == hits, (person.role, part)
        assert len(browser.get(reverse("evidence:list"), {"text": "pulang"}).context["rows"]) == 1
        sent = browser.get(reverse("evidence:download", args=[document.pk]))
        assert (sent.status_code, b"".join(sent.streaming_content)[:4]) == (200, b"%PDF")
        assert ("Canary" in sent["Content-Disposition"]) is bool(hits)


@pytest.mark.parametrize(("part", "is_seen"), [("zulaikha", False), ("protect", True)])
def test_filters_of_items_and_indicators_match_what_their_reader_sees(
    desk: Desk, part: str, is_seen: bool
) -> None:
    Item.objects.filter(pk=desk.item.pk).update(text_en="Protect Zulaikha at home.")
    indicator = make_indicator("ipo")
    Indicator.objects.filter(pk=indicator.pk).update(name_en="Protect Zulaikha")
    hide_words("Zulaikha", is_whole=False, reason="Mangsa.", actor=desk.administrator, now=desk.now)
    assignments, indicators = AssignmentFilters(text=part), IndicatorFilters(text=part)
    for person, hits in ((desk.reviewer, True), (uncleared(desk), is_seen)):
        with reading_as(reader_of(person)):
            assert assignments.narrow(Assignment.objects.all()).exists() is hits
            assert bool(read_indicators(indicators, person=person, cycle=desk.cycle).lines) is hits
