"""Signing in, lock-outs, and signing out."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from allauth.usersessions.models import UserSession
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from accounts.models import User
from accounts.services.people import change_person, deactivate_person, move_person, reactivate_person
from audit import clock
from audit.models import Event
from cycles.file import kept_cycle_files, read_cycle_file
from cycles.file.load import load_cycle
from tests.factories.accounts import PASSWORD, UserFactory, make_world
from tests.factories.recommendations import make_cycle

pytestmark = pytest.mark.usefixtures("now")
SIGN_IN = "/sign-in/"
FIRST_FILE = kept_cycle_files()[0]


@pytest.fixture
def officer() -> User:
    return UserFactory(email="aminah@pdrm.example")


def sign_in(client: Client, email: str, password: str = PASSWORD, **extra: Any) -> HttpResponse:
    response: HttpResponse = client.post(SIGN_IN, {"login": email, "password": password}, **extra)
    return response


def is_signed_in(client: Client) -> bool:
    return client.get(reverse("accounts:my_account")).status_code == 200


def events(action: str) -> list[Event]:
    return list(Event.objects.filter(action=action).order_by("pk"))


class TestPage:
    def test_page_greets_in_malay_with_the_statement(self, client: Client) -> None:
        load_cycle(read_cycle_file(FIRST_FILE), now=clock.now())
        response = client.get(SIGN_IN)
        assert response.status_code == 200
        assert (
            "pendekatan whole-of-nation tanpa kompromi demi keselamatan dan kedaulatan negara."
            in response.text
        )
        assert "Kenyataan Media KDN, 16 Jun 2023" in response.text
        assert response.headers["Content-Language"] == "ms"

    def test_page_quotes_the_cycle_that_runs_and_nothing_without_one(self, client: Client) -> None:
        assert "whole-of-nation" not in client.get(SIGN_IN).text
        make_cycle(2022, quote_en="What an earlier report says.")
        make_cycle(2023, quote_en="What the report says.", source_ms="Kenyataan contoh")
        page = client.get(SIGN_IN).text
        assert '<span lang="en">What the report says.</span>' in page and "Kenyataan contoh" in page
        assert "earlier" not in page

    def test_page_offers_no_sign_up_and_never_asks_the_browser_for_its_language(self, client: Client) -> None:
        response = client.get(SIGN_IN, headers={"accept-language": "en-GB,en"})
        assert response.headers["Content-Language"] == "ms"
        assert "signup" not in client.get(SIGN_IN).text.lower()
        for place in (
            "/accounts/signup/",
            "/signup/",
            "/sign-up/",
            "/accounts/email/",
            "/accounts/login/code/",
        ):
            assert client.get(place).status_code == 404
            assert client.post(place, {"email": "x@y.example", "password1": PASSWORD}).status_code == 404
        assert User.objects.count() == 0


class TestSignIn:
    def test_sign_in_by_email_in_any_case(self, client: Client, officer: User, now: datetime) -> None:
        response = sign_in(client, "Aminah@PDRM.example")
        assert response.status_code == 302
        assert is_signed_in(client)
        [event] = events("session.signed_in")
        assert (event.actor_id, event.agency_id, event.address) == (
            officer.pk,
            officer.agency_id,
            "127.0.0.1",
        )
        officer.refresh_from_db()
        assert officer.signed_in_at is not None
        assert abs(officer.signed_in_at - now) < timedelta(minutes=5)

    def test_sign_in_goes_on_to_where_it_was_going(self, client: Client, officer: User) -> None:
        asked = client.get("/account/sessions/")
        assert asked["Location"] == "/sign-in/?next=/account/sessions/"
        response = client.post(asked["Location"], {"login": officer.email, "password": PASSWORD})
        assert response["Location"] == "/account/sessions/"

    def test_sign_in_never_leads_to_another_site(self, client: Client, officer: User) -> None:
        response = client.post(
            f"{SIGN_IN}?next=https://evil.example/", {"login": officer.email, "password": PASSWORD}
        )
        assert response["Location"] == "/"

    def test_wrong_password_keeps_the_email_and_records_it(self, client: Client, officer: User) -> None:
        response = sign_in(client, officer.email, "bukan-kata-laluan")
        assert response.status_code == 200
        assert 'value="aminah@pdrm.example"' in response.text
        assert "bukan-kata-laluan" not in response.text
        [event] = events("session.failed")
        assert (event.object_id, event.after) == (str(officer.pk), {"email": officer.email})
        assert event.actor_id is None

    def test_unknown_email_leaves_only_its_digest(self, client: Client) -> None:
        sign_in(client, "kata-laluan-rahsia@example.org")
        [event] = events("session.failed")
        assert event.after is not None
        assert set(event.after) == {"sha256", "length"}
        assert "rahsia" not in str(event.__dict__)

    def test_unknown_and_wrong_read_the_same_and_invited_people_cannot_sign_in(
        self, client: Client, officer: User
    ) -> None:
        wrong = sign_in(client, officer.email, "salah-salah-salah").context["form"].errors
        unknown = sign_in(client, "tiada@example.org", "salah-salah-salah").context["form"].errors
        assert wrong == unknown
        person = UserFactory(joined_at=None, password="!unusable")
        assert sign_in(client, person.email).status_code == 200
        assert not is_signed_in(client)

    def test_deactivated_account_is_told_so_after_the_right_password(self, client: Client) -> None:
        person = UserFactory(is_active=False)
        response = sign_in(client, person.email)
        assert response["Location"] == reverse("account_inactive")
        assert not is_signed_in(client)
        assert [event.reason for event in events("session.failed")] == ["inactive"]


class TestSignOut:
    def test_sign_out_ends_the_session_and_records_it(self, client: Client, officer: User) -> None:
        sign_in(client, officer.email)
        assert UserSession.objects.filter(user=officer).count() == 1
        response = client.post("/sign-out/")
        assert response["Location"] == SIGN_IN
        assert not is_signed_in(client)
        assert [event.actor_id for event in events("session.signed_out")] == [officer.pk]
        assert UserSession.objects.filter(user=officer).count() == 0

    def test_sign_out_by_a_link_only_asks(self, client: Client, officer: User) -> None:
        sign_in(client, officer.email)
        response = client.get("/sign-out/")
        assert "data-signout" in response.text
        assert is_signed_in(client)


class TestMidSession:
    def test_deactivated_person_is_out_at_the_next_request(self, client: Client, now: datetime) -> None:
        world = make_world()
        sign_in(client, world.people["officer"].email)
        assert is_signed_in(client)
        deactivate_person(
            world.people["officer"], reason="Bersara", actor=world.people["administrator"], now=now
        )
        response = client.get("/account/")
        assert response.status_code == 302
        assert response["Location"].startswith(SIGN_IN)

    @pytest.mark.parametrize(
        "changed", [{"role": "reviewer"}, {"clearance": 0}, {"role": "observer", "clearance": 0}], ids=str
    )
    def test_another_role_or_clearance_ends_sessions(
        self, client: Client, now: datetime, changed: dict[str, Any]
    ) -> None:
        """What a session was opened for is no more; a thief of it does not get the new rights."""
        world = make_world()
        officer = world.people["officer"]
        sign_in(client, officer.email)
        stays: dict[str, Any] = {"name": "Nama Baharu", "role": officer.role, "clearance": officer.clearance}
        change_person(officer, **stays, actor=world.people["administrator"], now=now)
        assert is_signed_in(client)
        change_person(officer, **{**stays, **changed}, actor=world.people["administrator"], now=now)
        assert not is_signed_in(client)
        assert not UserSession.objects.filter(user=officer).exists()

    def test_another_agency_ends_sessions(self, client: Client, now: datetime) -> None:
        world = make_world()
        sign_in(client, world.people["officer"].email)
        move_person(
            world.people["officer"], agency=world.foreign, actor=world.people["administrator"], now=now
        )
        assert not is_signed_in(client)

    def test_row_alone_decides_at_every_request(self, client: Client, officer: User) -> None:
        """Whoever changes the row: it takes effect without session, cache or signal."""
        sign_in(client, officer.email)
        User.objects.filter(pk=officer.pk).update(is_active=False)
        assert not is_signed_in(client)

    def test_reactivation_does_not_revive_old_sessions(self, client: Client, now: datetime) -> None:
        world = make_world()
        person, administrator = world.people["officer"], world.people["administrator"]
        sign_in(client, person.email)
        deactivate_person(person, reason="Silap", actor=administrator, now=now)
        reactivate_person(person, reason="Silap dibetulkan", actor=administrator, now=now)
        assert not is_signed_in(client)
        sign_in(client, person.email)
        assert is_signed_in(client)

    def test_moved_person_has_the_new_agency_at_the_next_request(self, client: Client, now: datetime) -> None:
        world = make_world()
        sign_in(client, world.people["officer"].email)
        User.objects.filter(pk=world.people["officer"].pk).update(agency=world.foreign)
        assert world.foreign.name_ms in client.get("/account/").text

    def test_session_costs_one_query_for_person_and_agency(
        self, client: Client, officer: User, django_assert_max_num_queries: Any
    ) -> None:
        client.force_login(officer)
        with django_assert_max_num_queries(5) as seen:
            client.get(reverse("account_change_password"))
        people = [query for query in seen.captured_queries if "accounts_user" in query["sql"]]
        agencies = [query for query in seen.captured_queries if 'FROM "accounts_agency"' in query["sql"]]
        assert len(people) == 1
        assert agencies == []
