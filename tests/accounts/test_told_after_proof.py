"""The page after a proof says with the words of the form what was asked for."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from accounts.models import User
from reminders.kinds import RULE_KINDS
from tests.factories.accounts import World
from tests.matrix import ADMINISTRATOR, OFFICER
from tests.recent_proof import age_proof, press_on, prove
from tests.recommendations.pages import browser_of
from tests.walk.place import world

__all__ = ["world"]


@pytest.fixture
def administrator(world: World) -> User:
    return world.people[ADMINISTRATOR]


def told_after_proof(
    administrator: User, address: str, data: dict[str, str], language: str
) -> tuple[Client, list[str], object]:
    """Return the browser, each line of what the page after the proof shows, and the page."""
    browser = browser_of(administrator, language)
    age_proof(browser)
    page = browser.get(prove(browser, browser.post(address, data))["Location"])
    return browser, [f"{label}: {text}" for label, text in page.context["told"]], page


@pytest.mark.parametrize(
    ("language", "lines"),
    [
        (
            "en",
            [
                "Name: Puan Contoh",
                "Official e-mail: contoh@agensi.example",
                "Agency: {agency}",
                "Role: Officer",
                "Clearance: Restricted",
                "Language: Bahasa Melayu",
                "How the link is delivered: By e-mail",
            ],
        ),
        (
            "ms",
            [
                "Nama: Puan Contoh",
                "E-mel rasmi: contoh@agensi.example",
                "Agensi: {agency}",
                "Peranan: Pegawai",
                "Tapisan keselamatan: Terhad",
                "Bahasa: Bahasa Melayu",
                "Cara pautan disampaikan: Melalui e-mel",
            ],
        ),
    ],
)
def test_an_invitation_is_told_in_the_words_of_its_form(
    world: World, administrator: User, language: str, lines: list[str]
) -> None:
    agency = world.people[OFFICER].agency
    data = {
        "name": "Puan Contoh", "email": "contoh@agensi.example", "agency": str(agency.pk), "role": "officer",
        "clearance": "1", "language": "ms", "place": "", "delivery": "mail",
    }  # fmt: skip
    browser, told, page = told_after_proof(administrator, reverse("accounts:invite"), data, language)
    with override(language):
        assert told == [line.format(agency=agency.label) for line in lines]
    assert not User.objects.filter(email="contoh@agensi.example").exists()
    press_on(browser, page)  # type: ignore[arg-type]
    assert User.objects.get(email="contoh@agensi.example").agency == agency


def test_what_the_form_does_not_offer_stands_as_it_was_sent(administrator: User) -> None:
    for key in ("kosong", "999999999", "9" * 40):
        data = {"name": "Puan\u202e Contoh", "agency": key, "role": "king", "email": "", "act": "save"}
        _browser, told, _page = told_after_proof(administrator, reverse("accounts:invite"), data, "en")
        assert told == ["Name: Puan Contoh", f"Agency: {key}", "Role: king"], key


def test_a_rule_is_told_with_its_numbers_and_choices(administrator: User) -> None:
    data = {
        "what": RULE_KINDS[0].value, "audience": "officer", "first_days": "7", "first_side": "before",
        "is_urgent": "on", "seen": "0" * 32, "act": "save",
    }  # fmt: skip
    _browser, told, _page = told_after_proof(administrator, reverse("reminders:rule_add"), data, "en")
    assert told[0] == "Date: Next update due" and told[2:] == [
        "First time: working days: 7",
        "First time: before or after: before the date",
        "Send at once: Yes",
    ]


def test_what_belongs_to_no_form_stands_as_it_was_sent(administrator: User) -> None:
    _browser, told, _page = told_after_proof(
        administrator, reverse("audit:export"), {"q": "Carian contoh"}, "en"
    )
    assert told == [": Carian contoh"]
