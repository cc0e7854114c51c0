"""The data officer sees what is hidden and why, hides more, and shows it again with a second pair of eyes."""

from __future__ import annotations

from typing import Any

import pytest
from django.apps import apps
from django.db import DatabaseError, transaction
from django.urls import reverse

from accounts.clearance import Clearance
from accounts.models import User
from accounts.roles import Role
from accounts.services.people import change_address
from audit import labels
from audit.errors import NotAllowed, NotNow
from audit.guarded_text import GuardedCharField, GuardedTextField
from audit.models import Event
from audit.services import record
from identities.earlier import hide_earlier_texts
from identities.models import LiftRequest
from identities.services import ask_lift, decide_lift, hide_words
from privacy.checks import IdentitiesFound
from privacy.models import IdentityMark
from privacy.reading import NOBODY, TextReader, reading_as
from recommendations.models import Comment
from recommendations.services.comments import write_comment
from tests.factories.accounts import UserFactory
from tests.recommendations.conftest import Desk, desk
from tests.recommendations.pages import browser_of, words_of

__all__ = ["desk"]
pytestmark = pytest.mark.django_db
WORDS = "Lembah Rahsia"
TEXT = f"Beliau tinggal di {WORDS}, rumah hujung."
WHY = "Tempat itu mengenal pasti mangsa."


def _comment(desk: Desk, text: str = TEXT, **reasons: str) -> Comment:
    about: dict[str, Any] = {"classification": 1, "actor": desk.officer, "now": desk.now, **reasons}
    return write_comment(desk.assignment, text=text, **about)


def _second(desk: Desk) -> User:
    return UserFactory(role=Role.ADMINISTRATOR, agency=desk.administrator.agency)


def _seen(agency_id: int | None = None) -> str:
    with reading_as(TextReader(agency_id=agency_id)):
        return Comment.objects.get().text


def test_words_that_the_guard_did_not_know_are_hidden_from_others(desk: Desk) -> None:
    _comment(desk)
    assert hide_words(WORDS, is_whole=False, reason=WHY, actor=desk.administrator, now=desk.now) == 1
    assert _seen() == "Beliau tinggal di █████, rumah hujung."
    assert _seen(desk.agency.pk) == TEXT
    event = Event.objects.get(action="identity.redacted")
    assert (event.reason, event.after["texts"]) == (WHY, 1)
    assert "Rahsia" not in str(event.after)


def test_a_whole_text_is_hidden(desk: Desk) -> None:
    _comment(desk)
    hide_words(WORDS.lower(), is_whole=True, reason=WHY, actor=desk.administrator, now=desk.now)
    assert _seen() == "█████"


def test_what_cannot_be_hidden(desk: Desk) -> None:
    _comment(desk)
    about: dict[str, Any] = {"is_whole": False, "now": desk.now}
    with pytest.raises(NotNow):
        hide_words("Tiada begini", reason=WHY, actor=desk.administrator, **about)
    with pytest.raises(NotNow):
        hide_words(WORDS, reason=f"Nama {WORDS}.", actor=desk.administrator, **about)
    with pytest.raises(IdentitiesFound):
        hide_words(WORDS, reason="KP 900101-14-5567", actor=desk.administrator, **about)
    low = UserFactory(role=Role.ADMINISTRATOR, clearance=Clearance.RESTRICTED)
    for person in (desk.officer, desk.reviewer, desk.observer, low):
        with pytest.raises(NotAllowed):
            hide_words(WORDS, reason=WHY, actor=person, **about)
    assert not IdentityMark.objects.exists()


def test_shown_again_takes_two(desk: Desk) -> None:
    _comment(desk)
    hide_words(WORDS, is_whole=False, reason=WHY, actor=desk.administrator, now=desk.now)
    mark, about = IdentityMark.objects.get(), {"now": desk.now}
    asked = ask_lift(mark, reason="Bukan mangsa.", actor=desk.administrator, **about)
    with pytest.raises(NotNow):
        ask_lift(mark, reason="Sekali lagi.", actor=desk.administrator, **about)
    with pytest.raises(NotAllowed):
        decide_lift(asked, is_lifted=True, reason="Ya.", actor=desk.administrator, **about)
    with pytest.raises(DatabaseError), transaction.atomic():
        LiftRequest.objects.filter(pk=asked.pk).update(
            decided_by=desk.administrator, decided_at=desk.now, is_lifted=True
        )
    assert WORDS not in _seen()
    decide_lift(asked, is_lifted=True, reason="Ya.", actor=_second(desk), **about)
    assert _seen() == TEXT
    with pytest.raises(NotNow):
        ask_lift(mark, reason="Sekali lagi.", actor=desk.administrator, **about)
    hide_words(WORDS, is_whole=False, reason=WHY, actor=desk.administrator, **about)
    assert WORDS not in _seen()


def test_whoever_was_invited_by_who_proposed_does_not_decide(desk: Desk) -> None:
    _comment(desk)
    hide_words(WORDS, is_whole=False, reason=WHY, actor=desk.administrator, now=desk.now)
    other, third = _second(desk), _second(desk)
    change_address(other, email="lain@kdn.example", actor=desk.administrator, now=desk.now)
    asked = ask_lift(IdentityMark.objects.get(), reason="Silap.", actor=desk.administrator, now=desk.now)
    answer: dict[str, Any] = {"is_lifted": True, "reason": "Ya.", "now": desk.now}
    with pytest.raises(NotAllowed):
        decide_lift(asked, **answer, actor=other)
    with pytest.raises(DatabaseError, match="second_eyes"), transaction.atomic():
        LiftRequest.objects.filter(pk=asked.pk).update(decided_by=other, decided_at=desk.now)
    assert decide_lift(asked, **answer, actor=third).is_lifted


def test_refused_it_stays_hidden(desk: Desk) -> None:
    _comment(desk)
    hide_words(WORDS, is_whole=False, reason=WHY, actor=desk.administrator, now=desk.now)
    asked = ask_lift(IdentityMark.objects.get(), reason="Bukan.", actor=desk.administrator, now=desk.now)
    decide_lift(asked, is_lifted=False, reason="Mangsa.", actor=_second(desk), now=desk.now)
    assert WORDS not in _seen()
    assert Event.objects.filter(action="identity.lift_refused").count() == 1


def test_pages(desk: Desk) -> None:
    browser = browser_of(desk.administrator)
    url = reverse("identities:register")
    assert "Nothing is hidden" in words_of(browser.get(url))
    naming = "Mangsa Nguyen Van An (KP 900101-14-5567) sudah pulang."
    _comment(desk, naming, identities_reason="Nama rekaan.")
    page = words_of(browser.get(url))
    assert "1 identity-card number, 1 name" in page
    assert "Nama rekaan." in page
    assert "Nguyen" not in page
    assert "No text matches" in words_of(browser.get(url, {"kind": "passport"}))
    assert "Nama rekaan." in words_of(
        browser.get(url, {"kind": "name", "agency": desk.agency.pk, "state": "hidden"})
    )
    mark = IdentityMark.objects.get()
    lift = reverse("identities:lift", args=[mark.pk])
    assert browser.post(lift, {"reason": "Bukan mangsa."}).status_code == 302
    decide = reverse("identities:decide", args=[mark.pk])
    assert browser.get(decide).status_code == 302
    other = browser_of(_second(desk))
    assert other.get(decide).status_code == 200
    assert other.post(decide, {"is_lifted": "yes", "reason": "Benar."}).status_code == 302
    assert "Shown again" in words_of(browser.get(url, {"state": "lifted"}))
    with reading_as(NOBODY):
        assert Comment.objects.get().text == naming


def test_the_form_keeps_no_words(desk: Desk) -> None:
    _comment(desk)
    browser = browser_of(desk.administrator)
    response = browser.post(reverse("identities:hide"), {"words": WORDS, "reason": WHY}, follow=True)
    assert "Hidden in 1 text." in words_of(response)
    assert WORDS not in _seen()


def test_texts_that_were_sent_before_are_hidden_once(desk: Desk) -> None:
    naming = "Mangsa Nguyen Van An (KP 900101-14-5567) sudah pulang."
    comment = Comment.objects.create(
        assignment=desk.assignment, text=naming, classification=1, author=desk.officer, written_at=desk.now
    )
    with transaction.atomic():
        record(
            action="comment.written",
            actor=desk.officer,
            obj=comment,
            agency_id=desk.agency.pk,
            after={"identity_name": 1, "identity_card": 1},
            now=desk.now,
        )
    assert _seen() == naming
    assert hide_earlier_texts(now=desk.now) == 1
    assert _seen() == "Mangsa █████ (KP █████) sudah pulang."
    assert _seen(desk.agency.pk) == naming
    assert hide_earlier_texts(now=desk.now) == 0


def test_every_field_of_a_text_has_a_label() -> None:
    """The register says where words are hidden; a column's bare name says nothing to people."""
    fields = {
        each.name
        for model in apps.get_models()
        for each in model._meta.fields
        if isinstance(each, GuardedTextField | GuardedCharField)
    }
    assert fields - labels.FIELDS.keys() - {"label"} == set()
