"""The language that a person chooses, before and after signing in."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.contrib.sessions.models import Session
from django.http import HttpResponse, StreamingHttpResponse
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import translation
from pytest_django import Settings

from accounts.middleware import LanguageMiddleware
from accounts.models import User
from tests.accounts.conftest import sign_in
from tests.accounts.events import events, last_event
from tests.factories.accounts import World


@pytest.mark.django_db
class TestLanguage:
    def choose(self, client: Client, language: str, next: str = "/account/") -> HttpResponse:
        response: HttpResponse = client.post(
            reverse("accounts:set_language"), {"language": language, "next": next}
        )
        return response

    def test_malay_comes_first_and_a_choice_leads_back_to_its_page(
        self, client: Client, officer: User
    ) -> None:
        client.force_login(officer)
        response = client.get("/account/", headers={"accept-language": "en"})
        assert response["Content-Language"] == "ms"
        assert "Cookie" in response["Vary"]
        self.choose(client, "ms")
        assert events("person.chose_language") == []
        page = "http://testserver/no-such-place/?a=b"
        choice = {"language": "en", "next": ""}
        response = client.post(reverse("accounts:set_language"), choice, headers={"referer": page})
        assert response["Location"] == page

    def test_choice_is_kept_in_this_browser_and_with_the_person(self, client: Client, officer: User) -> None:
        client.force_login(officer)
        assert self.choose(client, "en")["Location"] == "/account/"
        assert client.get("/account/")["Content-Language"] == "en"
        officer.refresh_from_db()
        assert officer.language == "en"
        elsewhere = Client()
        elsewhere.force_login(officer)
        assert elsewhere.get("/account/")["Content-Language"] == "en"
        assert last_event("person.chose_language").after == {"language": "en"}

    def test_language_chosen_before_sign_in_becomes_the_persons(self, client: Client, officer: User) -> None:
        self.choose(client, "en", "/sign-in/")
        sign_in(client, officer)
        officer.refresh_from_db()
        assert officer.language == "en"
        assert last_event("person.chose_language").actor_id == officer.pk
        assert not client.cookies["chosen-language"].value

    def test_choice_before_signing_in_is_kept_without_a_session(self, client: Client) -> None:
        self.choose(client, "en", "/sign-in/")
        assert not Session.objects.exists() and "sessionid" not in client.cookies
        self.choose(client, "en", next="/sign-in/")
        assert client.get("/sign-in/")["Content-Language"] == "en"

    def test_choice_before_signing_in_is_the_next_persons_once(
        self, client: Client, officer: User, world: World
    ) -> None:
        self.choose(client, "en", "/sign-in/")
        sign_in(client, officer)
        client.post(reverse("account_logout"))
        colleague = world.people["coordinator"]
        sign_in(client, colleague)
        colleague.refresh_from_db()
        assert colleague.language == "ms"

    def test_language_that_somebody_chose_while_signed_in_stays_theirs(
        self, client: Client, officer: User, world: World
    ) -> None:
        sign_in(client, officer)
        self.choose(client, "en")
        client.post(reverse("account_logout"))
        colleague = world.people["coordinator"]
        sign_in(client, colleague)
        colleague.refresh_from_db()
        assert colleague.language == "ms"

    def test_choice_leads_to_no_other_site(self, client: Client, settings: Settings) -> None:
        for language in ("fr", "", "ms-MY", "../../x"):
            response = self.choose(client, language)
            assert response.status_code == 302, language
            assert response.cookies == {}, language
        for next in ("https://evil.example/", "//evil.example", "javascript:alert(1)", ""):
            assert self.choose(client, "en", next=next)["Location"] == "/", next
            choice, headers = {"language": "en"}, {"referer": next}
            assert (
                client.post(reverse("accounts:set_language"), choice, headers=headers)["Location"] == "/"
            ), next
        client.cookies[settings.LANGUAGE_COOKIE_NAME] = "<script>"
        assert client.get("/sign-in/")["Content-Language"] == "ms"

    def test_streamed_answers_speak_the_chosen_language_to_their_end(
        self, rf: RequestFactory, officer: User, settings: Settings
    ) -> None:
        def words() -> Iterator[str]:
            yield str(translation.get_language())

        request = rf.get("/", headers={"cookie": f"{settings.LANGUAGE_COOKIE_NAME}=en"})
        request.user = officer
        answer = LanguageMiddleware(lambda _request: StreamingHttpResponse(words()))(request)
        try:
            assert answer.getvalue() == b"en"
        finally:
            translation.activate(settings.LANGUAGE_CODE)
