"""Correcting a person's address: who may, what is refused, what the old address loses, who gets a mail."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from allauth.usersessions.models import UserSession
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import translation

from accounts import tasks
from accounts.models import User
from accounts.roles import Role
from accounts.services.invitations import add_person
from accounts.services.people import change_address
from accounts.tokens import INVITATION, RESET, link_path
from audit.errors import BadValue, NotAllowed, NotNow
from tests.accounts.events import events, last_event
from tests.factories.accounts import PASSWORD, UserFactory, World

NEW = "betul@agensi.example"


def correct(world: World, person: User, now: datetime, **values: Any) -> User:
    facts = {"email": NEW, "actor": world.people["administrator"]}
    return change_address(person, **(facts | values), now=now)


def page_of(person: User) -> str:
    return reverse("accounts:change_address", args=[person.pk])


class TestWho:
    def test_nobody_but_an_active_administrator_and_nobody_their_own(
        self, world: World, now: datetime
    ) -> None:
        for role in ("officer", "coordinator", "reviewer", "observer"):
            for person in (world.people["officer"], world.people[role]):
                with pytest.raises(NotAllowed):
                    correct(world, person, now, actor=world.people[role])
            assert not User.objects.filter(email=NEW).exists(), role
            assert events("person.address_changed") == [], role
        with translation.override("en"), pytest.raises(NotAllowed, match="Another administrator"):
            correct(world, world.people["administrator"], now)
        User.objects.filter(pk=world.people["administrator"].pk).update(is_active=False)
        with pytest.raises(NotAllowed):
            correct(world, world.people["officer"], now)

    def test_administrator_corrects_another_administrators(self, world: World, now: datetime) -> None:
        other = UserFactory(role=Role.ADMINISTRATOR, agency=world.secretariat)
        assert correct(world, other, now).email == NEW

    def test_trail_keeps_both(self, world: World, now: datetime) -> None:
        officer = world.people["officer"]
        correct(world, officer, now, email="  Betul@AGENSI.example ", reason=" Salah taip ")
        officer.refresh_from_db()
        assert officer.email == NEW
        event = last_event("person.address_changed")
        assert (event.before, event.after) == ({"email": "officer@kerajaan.example"}, {"email": NEW})
        assert (event.reason, event.agency_id) == ("Salah taip", world.own.pk)
        assert event.actor_id == world.people["administrator"].pk


class TestRefusals:
    def test_address_that_cannot_be(self, world: World, now: datetime) -> None:
        world.foreign.shared_mailbox = "peti@agensi.example"
        world.foreign.save()
        for email, kind, words in (
            ("", BadValue, "is not an e-mail address"),
            ("tiada", BadValue, "is not an e-mail address"),
            ("a@b.example\r\nBcc: c@d.example", BadValue, "is not an e-mail address"),
            ("a@b\u200bc.example", BadValue, "is not an e-mail address"),
            (f"a@{'b' * 60}.{'c.' * 100}example", BadValue, "is not an e-mail address"),
            ("OFFICER@kerajaan.example", BadValue, "already the address"),
            ("Coordinator@Kerajaan.Example", NotNow, "already signs in"),
            ("Peti@agensi.example", BadValue, "is the shared mailbox of MPOB"),
        ):
            with translation.override("en"), pytest.raises(kind, match=words):
                correct(world, world.people["officer"], now, email=email)
            assert events("person.address_changed") == [], email
        UserFactory(email=NEW, is_active=False)
        with pytest.raises(NotNow):
            correct(world, world.people["officer"], now)

    def test_person_is_not_invited_to_a_shared_mailbox(self, world: World, now: datetime) -> None:
        world.own.shared_mailbox = NEW
        world.own.save()
        about = {"name": "A", "email": NEW.upper(), "role": Role.OFFICER, "agency": world.own}
        with translation.override("en"), pytest.raises(BadValue, match="shared mailbox of PDRM") as refused:
            add_person(**about, actor=world.people["administrator"], now=now)
        assert refused.value.field == "email"


class TestWhatDies:
    def test_sessions_and_both_links(self, client: Client, world: World, now: datetime) -> None:
        officer = world.people["officer"]
        links = [link_path(officer, purpose=RESET), link_path(world.invited, purpose=INVITATION)]
        assert [Client().get(link).status_code for link in links] == [200, 200]
        client.force_login(officer)
        UserSession.objects.create(user=officer, ip="127.0.0.1", user_agent="x", session_key="other")
        correct(world, officer, now)
        correct(world, world.invited, now, email="jemputan@agensi.example")
        assert [Client().get(link).status_code for link in links] == [410, 410]
        assert client.get(reverse("accounts:my_account")).status_code == 302
        assert not UserSession.objects.filter(user=officer).exists()

    def test_password_stays(self, client: Client, world: World, now: datetime) -> None:
        correct(world, world.people["officer"], now)
        there = reverse("account_login")
        assert (
            client.post(there, {"login": "officer@kerajaan.example", "password": PASSWORD}).status_code == 200
        )
        assert client.post(there, {"login": NEW, "password": PASSWORD}).status_code == 302


class TestMails:
    @pytest.mark.parametrize(("language", "word"), [("ms", "Pentadbir"), ("en", "administrator")])
    def test_both_are_told_in_the_persons_language(self, world: World, language: str, word: str) -> None:
        officer = world.people["officer"]
        User.objects.filter(pk=officer.pk).update(language=language, email=NEW)
        tasks.send_address_taken(officer.pk, "lama@agensi.example")
        tasks.send_address_given(officer.pk)
        old, new = mail.outbox
        assert (old.to, new.to) == (["lama@agensi.example"], [NEW])
        assert all(word in each.body and officer.name in each.body for each in (old, new))
        assert NEW not in f"{old.subject}{old.body}", "it may be a stranger who reads it"
        assert "/password/" not in f"{old.body}{new.body}"

    def test_nobody_deactivated_is_written_to(self, world: World) -> None:
        gone = UserFactory(is_active=False)
        tasks.send_address_taken(gone.pk, "lama@agensi.example")
        tasks.send_address_given(gone.pk)
        tasks.send_address_given(world.invited.pk)
        assert mail.outbox == []


class TestPage:
    @pytest.fixture
    def administrator(self, client: Client, world: World) -> Client:
        client.force_login(world.people["administrator"])
        return client

    def test_two_steps_then_both_are_told(
        self, administrator: Client, world: World, django_capture_on_commit_callbacks: Any
    ) -> None:
        officer = world.people["officer"]
        first = administrator.post(page_of(officer), {"email": NEW, "reason": "Salah taip"})
        assert (first.status_code, NEW in first.text) == (200, True)
        assert events("person.address_changed") == []
        with django_capture_on_commit_callbacks(execute=True):
            done = administrator.post(
                page_of(officer), {"email": NEW, "reason": "Salah taip", "confirmed": "on"}
            )
        assert done["Location"] == reverse("accounts:person", args=[officer.pk])
        assert last_event("person.address_changed").reason == "Salah taip"
        assert sorted(each.to[0] for each in mail.outbox) == [NEW, "officer@kerajaan.example"]

    def test_refusal_stands_at_the_field_and_own_page_says_why_not(
        self, administrator: Client, world: World
    ) -> None:
        for email in ("", "tiada", "coordinator@kerajaan.example", "officer@kerajaan.example"):
            for confirmed in ("", "on"):
                answer = administrator.post(
                    page_of(world.people["officer"]), {"email": email, "confirmed": confirmed}
                )
                assert list(answer.context["form"].errors) == ["email"], email
                assert mail.outbox == [], email
        own = world.people["administrator"]
        assert 'name="email"' not in administrator.get(page_of(own)).text
        administrator.post(page_of(own), {"email": NEW, "confirmed": "on"})
        assert not User.objects.filter(email=NEW).exists()
        assert page_of(own) not in administrator.get(reverse("accounts:person", args=[own.pk])).text

    def test_invited_person_gets_a_new_invitation_by_hand(
        self, administrator: Client, world: World, django_capture_on_commit_callbacks: Any
    ) -> None:
        before = world.invited.email
        with django_capture_on_commit_callbacks(execute=True):
            done = administrator.post(
                page_of(world.invited),
                {"email": NEW, "confirmed": "on"},
                follow=True,
                headers={"accept-language": "en"},
            )
        assert reverse("accounts:reissue_link", args=[world.invited.pk]) in done.text
        assert [each.to for each in mail.outbox] == [[before]]
