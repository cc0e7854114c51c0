"""What is posted after the session has ended: to sign-in, back to where one was, and told there that it was not done.

`tests/walk/expired.py` asks it of every address that takes a POST from signed-in people.
"""

from __future__ import annotations

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.http import HttpResponse
from django.shortcuts import resolve_url
from django.test import Client
from django.urls import reverse

from accounts.models import User
from tests.factories.accounts import PASSWORD, UserFactory
from tests.walk.expired import NOT_DONE, expire, next_of, sign_in_again

HOME = settings.LOGIN_REDIRECT_URL


@pytest.fixture
def person(db: None) -> User:
    """Somebody whose session has ended."""
    return UserFactory()


@pytest.fixture
def expired(person: User, client: Client) -> Client:
    """Their browser, on the page of their sessions."""
    sign_in(client, person)
    expire(client)
    return client


def sign_in(client: Client, person: User) -> None:
    """Sign in by the page."""
    client.post(resolve_url(settings.LOGIN_URL), {"login": person.email, "password": PASSWORD})


def press(client: Client, referer: str = "", **headers: str) -> HttpResponse:
    """Press "Sign out everywhere else" on a page."""
    if referer:
        headers["Referer"] = referer
    return client.post(reverse("accounts:end_other_sessions"), headers=headers)  # type: ignore[return-value]


def test_page_of_the_form_is_returned_to_and_says_once_that_it_was_not_done(
    expired: Client, person: User
) -> None:
    response = press(expired, f"http://testserver{reverse('accounts:sessions')}?a=1")
    assert next_of(response) == f"{reverse('accounts:sessions')}?a=1"
    assert NOT_DONE in sign_in_again(expired, response, person).content.decode()
    assert NOT_DONE not in expired.get(HOME, follow=True).content.decode()


def test_address_of_the_form_is_returned_to_where_it_is_a_page(expired: Client) -> None:
    address = reverse("account_change_password")
    assert next_of(expired.post(address)) == address


def test_sign_in_page_says_that_the_session_has_expired(expired: Client) -> None:
    words = "Your session has expired. Sign in again."
    expired.cookies["language"] = "en"
    assert words not in expired.get(resolve_url(settings.LOGIN_URL)).content.decode()
    response = press(expired, f"http://testserver{reverse('accounts:sessions')}")
    assert words in expired.get(response["Location"]).content.decode()


def test_stranger_is_not_told_of_a_session(db: None, client: Client) -> None:
    client.cookies["language"] = "en"
    assert "Your session has expired" not in client.get(press(client)["Location"]).content.decode()


@pytest.mark.parametrize(
    "referer",
    [
        "https://evil.example/account/sessions/",
        "http://testserver/sign-in/",
        "/account/sessions/",
        "x",
        "http://[",
        "http://testserver:x/account/sessions/",
    ],
)
def test_foreign_or_public_page_is_not_returned_to(expired: Client, referer: str) -> None:
    assert next_of(press(expired, referer)) == HOME


def test_nothing_posted_is_stored_before_sign_in(expired: Client) -> None:
    expired.post(reverse("accounts:choose_place"), {"place": "Rahsia"})
    assert not Session.objects.exists()
    assert "Rahsia" not in str(expired.cookies)


def test_whoever_is_not_signed_in_writes_nothing_to_the_database(db: None) -> None:
    for _ in range(3):
        client = Client()
        response = press(client, f"http://testserver{reverse('accounts:sessions')}")
        assert response.status_code == 302
        assert not Session.objects.exists()
        cookie = client.cookies["not-done"]
        assert cookie["httponly"] and cookie["samesite"] == "Lax" and cookie["max-age"] == 3600


def test_script_is_told_by_401(expired: Client) -> None:
    response = press(expired, Accept="application/json")
    assert response.status_code == 401
    assert response.json()["state"] == "signed-out"  # type: ignore[attr-defined]
    assert not Session.objects.exists()
    assert "not-done" not in expired.cookies


def test_page_asked_for_by_get_says_nothing(expired: Client, person: User) -> None:
    response = expired.get(reverse("accounts:sessions"))
    shown = sign_in_again(expired, response, person)
    assert shown.status_code == 200 and NOT_DONE not in shown.content.decode()


def test_another_person_starts_at_their_own_first_page_and_reads_nothing_of_it(expired: Client) -> None:
    response = press(expired, f"http://testserver{reverse('accounts:sessions')}")
    shown = sign_in_again(expired, response, UserFactory())
    assert shown.request["PATH_INFO"] != reverse("accounts:sessions")  # type: ignore[attr-defined]
    assert NOT_DONE not in shown.content.decode()


def test_after_sign_out_nobody_is_led_back(client: Client, person: User) -> None:
    """Who presses a button in a tab that was left open is not known: it may be the next one at this desk."""
    sign_in(client, person)
    client.post(reverse("account_logout"))
    response = press(client, f"http://testserver{reverse('accounts:sessions')}")
    shown = sign_in_again(client, response, UserFactory())
    assert shown.request["PATH_INFO"] != reverse("accounts:sessions")  # type: ignore[attr-defined]
    assert NOT_DONE not in shown.content.decode()


def test_who_signed_in_is_still_known_when_the_cookie_of_the_session_is_gone(
    expired: Client, person: User
) -> None:
    """A browser lets it go when its time is over; until then answers leave it alone: it may be newer than what they know."""
    before = expired.cookies[settings.SESSION_COOKIE_NAME].value
    press(expired, Accept="application/json")
    assert expired.cookies[settings.SESSION_COOKIE_NAME].value == before
    del expired.cookies[settings.SESSION_COOKIE_NAME]
    page = reverse("accounts:sessions")
    shown = sign_in_again(expired, press(expired, f"http://testserver{page}"), person)
    assert shown.request["PATH_INFO"] == page  # type: ignore[attr-defined]
    assert NOT_DONE in shown.content.decode()


@pytest.fixture
def strict(person: User) -> Client:
    """A browser that signed in again in another tab: the form's token is the old one."""
    client = Client(enforce_csrf_checks=True)
    client.force_login(person)
    client.get(reverse("accounts:sessions"))
    return client


def test_form_of_an_earlier_sign_in_leads_back_too(strict: Client) -> None:
    page = reverse("accounts:sessions")
    response = press(strict, f"http://testserver{page}")
    assert response.status_code == 302 and response["Location"] == page
    assert NOT_DONE in strict.get(page).content.decode()


def test_form_without_a_session_and_with_an_old_token_leads_through_sign_in(strict: Client) -> None:
    expire(strict)
    response = press(strict, f"http://testserver{reverse('accounts:sessions')}")
    assert next_of(response) == reverse("accounts:sessions")


def test_sign_in_page_that_was_left_open_leads_on_after_signing_in_elsewhere(strict: Client) -> None:
    page = reverse("accounts:sessions")
    response = strict.post(f"{resolve_url(settings.LOGIN_URL)}?next={page}", follow=True)
    assert response.request["PATH_INFO"] == page
    assert NOT_DONE not in response.content.decode()


def test_sign_in_page_that_was_left_open_does_not_take_one_person_for_another(
    strict: Client, person: User
) -> None:
    """Who typed their own password would otherwise go on under the name of a colleague at the same desk."""
    sent = {"login": UserFactory().email, "password": PASSWORD}
    page = f"{resolve_url(settings.LOGIN_URL)}?next={reverse('accounts:sessions')}"
    strict.cookies["language"] = "en"
    shown = strict.post(page, sent, follow=True)
    assert shown.request["PATH_INFO"] != reverse("accounts:sessions")
    text = shown.content.decode()
    assert NOT_DONE in text
    assert f"You are not signed in: {person.name} is already signed in" in text


def test_same_person_goes_on_from_a_sign_in_page_that_was_left_open(strict: Client, person: User) -> None:
    page = reverse("accounts:sessions")
    sent = {"login": f" {person.email.upper()} ", "password": PASSWORD}
    response = strict.post(f"{resolve_url(settings.LOGIN_URL)}?next={page}", sent, follow=True)
    assert response.request["PATH_INFO"] == page


SAVED = 'class="toast"'


@pytest.fixture
def untold(client: Client, person: User) -> Client:
    """A browser that saved something and lost the connection before the page that says so."""
    sign_in(client, person)
    client.post(reverse("accounts:choose_place"), {"place": ""})
    return client


def test_what_a_page_had_to_say_is_said_to_the_same_person(untold: Client) -> None:
    assert SAVED in untold.get(reverse("accounts:my_account")).content.decode()


def test_what_a_page_had_to_say_is_not_said_after_sign_out(untold: Client) -> None:
    response = untold.post(reverse("account_logout"))
    assert SAVED not in untold.get(response["Location"]).content.decode()


def test_what_a_page_had_to_say_is_not_said_on_the_way_to_sign_in(untold: Client) -> None:
    expire(untold)
    assert SAVED not in untold.get(HOME, follow=True).content.decode()


def test_what_a_page_had_to_say_is_not_said_to_the_next_person(untold: Client) -> None:
    expire(untold)
    sign_in(untold, UserFactory())
    assert SAVED not in untold.get(reverse("accounts:my_account")).content.decode()


@pytest.mark.parametrize(
    "headers", [{}, {"Referer": "http://evil.example/"}, {"Origin": "http://evil.example"}]
)
def test_form_of_another_site_is_refused(strict: Client, headers: dict[str, str]) -> None:
    response = press(strict, **headers)
    assert response.status_code == 403
    assert NOT_DONE not in strict.get(reverse("accounts:sessions")).content.decode()
