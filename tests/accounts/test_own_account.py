"""One's own account: password, sessions, place."""

from __future__ import annotations

import re
from datetime import datetime

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.auth import hashers
from django.core import mail
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import translation
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings

from accounts.models import User
from accounts.regions import Place
from accounts.services.sessions import end_own_session, set_own_password, sign_out_everywhere
from accounts.tokens import RESET, link_path
from audit.errors import NotAllowed, NotNow
from tests.accounts.conftest import is_signed_in, sign_in
from tests.accounts.events import events, last_event
from tests.factories.accounts import PASSWORD, World

NEW = "kata-laluan-baharu-2023"


class TestPasswordChange:
    def change(self, client: Client, **values: str) -> HttpResponse:
        form = {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW} | values
        response: HttpResponse = client.post(reverse("account_change_password"), form)
        return response

    def test_change_stays_here_and_ends_elsewhere(self, client: Client, officer: User) -> None:
        elsewhere = Client()
        sign_in(client, officer)
        sign_in(elsewhere, officer)
        assert self.change(client)["Location"] == "/account/"
        assert is_signed_in(client)
        assert not is_signed_in(elsewhere)
        assert len(client.get(reverse("accounts:sessions")).context["rows"]) == 1
        officer.refresh_from_db()
        assert officer.check_password(NEW)
        assert last_event("person.password_changed").actor_id == officer.pk

    def test_change_refused(self, client: Client, officer: User) -> None:
        sign_in(client, officer)
        for values in (
            {"oldpassword": "bukan-yang-ini-lah"},
            {"password1": "pendek", "password2": "pendek"},
            {"password2": "lain-daripada-tadi"},
            {"password1": "1qaz2wsx3edc4rfv", "password2": "1qaz2wsx3edc4rfv"},
            {"password1": "officer@kerajaan.example", "password2": "officer@kerajaan.example"},
        ):
            assert self.change(client, **values).context["form"].errors, values
            officer.refresh_from_db()
            assert officer.check_password(PASSWORD), values

    def test_change_writes_the_password_alone(
        self, client: Client, officer: User, settings: Settings
    ) -> None:
        """A change that another process made meanwhile is not overwritten by the older row in memory."""
        from accounts.adapter import AccountAdapter

        stale = User.objects.get(pk=officer.pk)
        User.objects.filter(pk=officer.pk).update(is_active=False)
        AccountAdapter().set_password(stale, NEW)
        officer.refresh_from_db()
        assert not officer.is_active

    def test_passwords_are_kept_as_argon2(self, officer: User, settings: Settings) -> None:
        """In production by costs that OWASP recommends; what was kept by other costs is kept by these from a sign-in on."""
        settings.PASSWORD_HASHERS = ["accounts.hashers.SerialArgon2PasswordHasher"]
        officer.password = older = hashers.Argon2PasswordHasher().encode(PASSWORD, "sixteen-letters-")
        assert hashers.check_password(PASSWORD, older) and older.startswith("argon2$argon2id$")
        assert officer.check_password(PASSWORD) and officer.password != older
        assert officer.password.startswith("argon2$argon2id$v=19$m=47104,t=1,p=1$")


class TestReset:
    def ask(self, client: Client, email: str) -> HttpResponse:
        response: HttpResponse = client.post(reverse("account_reset_password"), {"email": email})
        return response

    def test_reset_by_mail(
        self,
        client: Client,
        officer: User,
        django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
    ) -> None:
        elsewhere = Client()
        sign_in(elsewhere, officer)
        with django_capture_on_commit_callbacks(execute=True):
            self.ask(client, officer.email.upper())
        [letter] = mail.outbox
        found = re.search(r"http://localhost:8000(/password/reset/\S+/)", letter.body)
        assert found
        assert client.post(found[1], {"password": NEW, "password_again": NEW}).status_code == 302
        assert is_signed_in(client)
        assert not is_signed_in(elsewhere)
        assert last_event("person.password_reset").object_id == str(officer.pk)
        assert last_event("person.password_reset_requested").actor_id is None

    def test_reset_answers_the_same_for_known_and_unknown(self, client: Client, officer: User) -> None:
        for is_known in (True, False):
            response = self.ask(client, officer.email if is_known else "tiada@example.org")
            assert response["Location"] == reverse("account_reset_password_done"), is_known

    def test_reset_sends_nothing_to_unknown_or_deactivated(
        self,
        client: Client,
        officer: User,
        django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
    ) -> None:
        User.objects.filter(pk=officer.pk).update(is_active=False)
        with django_capture_on_commit_callbacks(execute=True):
            self.ask(client, officer.email)
            self.ask(client, "tiada@example.org")
        assert mail.outbox == []

    def test_reset_is_limited_for_an_account(self, client: Client, officer: User) -> None:
        answers = [self.ask(client, officer.email).status_code for _ in range(8)]
        assert answers[0] == 302
        assert answers[-1] == 429

    def test_reset_link_dies_with_a_sign_in(self, client: Client, officer: User) -> None:
        """Who remembers the password after all leaves no valid link behind."""
        path = link_path(officer, purpose=RESET)
        sign_in(Client(), officer)
        assert client.get(path).status_code == 410

    def test_reset_opens_a_locked_out_account_for_its_owner(self, client: Client, officer: User) -> None:
        for _ in range(6):
            sign_in(client, officer, "salah-salah-salah")
        client.post(link_path(officer, purpose=RESET), {"password": NEW, "password_again": NEW})
        assert is_signed_in(client)


class TestSessions:
    def test_sessions_lists_mine_alone_and_marks_this_one(
        self, client: Client, officer: User, world: World
    ) -> None:
        other, stranger = Client(headers={"user-agent": "Firefox"}), Client()
        sign_in(client, officer)
        sign_in(other, officer)
        sign_in(stranger, world.foreign_officer)
        rows = client.get(reverse("accounts:sessions")).context["rows"]
        assert [row["is_current"] for row in rows] == [False, True]
        assert {row["session"].user_id for row in rows} == {officer.pk}

    def test_button_for_other_sessions_is_shown_while_there_are_others(
        self, client: Client, officer: User
    ) -> None:
        def is_offered() -> bool:
            page = client.get(reverse("accounts:sessions")).content.decode()
            return reverse("accounts:end_other_sessions") in page

        sign_in(client, officer)
        assert not is_offered()
        sign_in(Client(), officer)
        assert is_offered()

    def test_end_session_ends_that_one(self, client: Client, officer: User) -> None:
        other = Client()
        sign_in(client, officer)
        sign_in(other, officer)
        theirs = UserSession.objects.get(session_key=other.session.session_key)
        client.post(reverse("accounts:end_session", args=[theirs.pk]))
        assert not is_signed_in(other)
        assert is_signed_in(client)
        assert len(events("session.ended")) == 1

    def test_end_session_of_another_person_does_nothing(
        self, client: Client, officer: User, world: World
    ) -> None:
        stranger = Client()
        sign_in(client, officer)
        sign_in(stranger, world.foreign_officer)
        theirs = UserSession.objects.get(session_key=stranger.session.session_key)
        client.post(reverse("accounts:end_session", args=[theirs.pk]))
        assert is_signed_in(stranger)
        assert events("session.ended") == []

    def test_end_other_sessions_keeps_this_one(self, client: Client, officer: User) -> None:
        others = [Client(), Client()]
        for browser in (client, *others):
            sign_in(browser, officer)
        client.post(reverse("accounts:end_other_sessions"))
        assert is_signed_in(client)
        assert not any(is_signed_in(other) for other in others)
        rows = client.get(reverse("accounts:sessions")).context["rows"]
        assert [row["is_current"] for row in rows] == [True]
        assert last_event("session.ended_everywhere").after == {"sessions": 2}

    def test_sessions_without_a_row_end_too(self, client: Client, officer: User, now: datetime) -> None:
        """The number in the hash ends them, whatever allauth's table contains."""
        sign_in(client, officer)
        UserSession.objects.all().delete()
        sign_out_everywhere(officer, actor=officer, now=now)
        assert not is_signed_in(client)

    def test_what_nobody_may_do_to_a_session_or_password_is_refused(
        self, officer: User, now: datetime, world: World
    ) -> None:
        with pytest.raises(NotNow):
            end_own_session(session_id=1, actor=officer, now=now)
        with pytest.raises(NotAllowed):
            sign_out_everywhere(officer, actor=world.people["coordinator"], now=now)
        sign_out_everywhere(officer, actor=world.people["administrator"], now=now)
        User.objects.filter(pk=officer.pk).update(is_active=False)
        with pytest.raises(NotAllowed):
            set_own_password(officer, password=NEW, how=RESET, now=now)

    def test_page_explains_real_times_beside_the_day_of_a_demonstration(
        self, client: Client, officer: User, settings: Settings
    ) -> None:
        sign_in(client, officer)
        for is_demo in (True, False):
            settings.DEMO = is_demo
            client.cookies["language"] = "en"
            page = client.get(reverse("accounts:sessions")).content.decode()
            assert ("These are real times." in page) is is_demo, is_demo


class TestPrivatePages:
    def test_pages_of_signed_in_people_are_kept_by_no_cache(self, client: Client, officer: User) -> None:
        assert "Cache-Control" not in client.get(reverse("account_reset_password"))
        client.force_login(officer)
        assert client.get("/account/")["Cache-Control"] == "private, no-store"


class TestPlace:
    @pytest.fixture(autouse=True)
    def _signed_in(self, client: Client, officer: User) -> None:
        client.force_login(officer)

    def choose(self, client: Client, place: str) -> HttpResponse:
        response: HttpResponse = client.post(reverse("accounts:choose_place"), {"place": place}, follow=True)
        return response

    def test_own_place_is_kept_and_told_and_an_unknown_one_changes_nothing(
        self, client: Client, officer: User
    ) -> None:
        self.choose(client, "")
        assert events("person.chose_place") == []
        for place in ("XXX", "ktn", "KTN\r\nX: y"):
            with translation.override("ms"):
                assert [str(each) for each in self.choose(client, place).context["messages"]] == [
                    "Pilih satu tempat dalam senarai. Tiada apa-apa diubah."
                ], place
            officer.refresh_from_db()
            assert officer.place == "", place
        assert officer.working_place == Place.PUTRAJAYA
        assert "Kelantan" in self.choose(client, "KTN").text
        officer.refresh_from_db()
        assert officer.working_place == Place.KELANTAN
        event = last_event("person.chose_place")
        assert (event.before, event.after, event.agency_id) == (
            {"place": ""}, {"place": "KTN"}, officer.agency_id,
        )  # fmt: skip

    def test_back_to_the_place_of_the_agency(self, client: Client, officer: User) -> None:
        officer.agency.place = Place.SABAH
        officer.agency.save()
        for place in ("KTN", ""):
            self.choose(client, place)
        assert User.objects.get(pk=officer.pk).working_place == Place.SABAH
