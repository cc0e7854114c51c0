"""One-time links: made, mailed, shown, used, and used up."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings

from accounts import tasks, tokens
from accounts.models import User
from accounts.roles import Role
from accounts.services.invitations import reissue_link
from accounts.services.people import deactivate_person
from accounts.tokens import INVITATION, RESET, link_path
from audit.errors import NotAllowed, NotNow
from tests.accounts.events import events, last_event
from tests.factories.accounts import PASSWORD, UserFactory, World

PASSWORDS = {"password": PASSWORD, "password_again": PASSWORD}
FORM = {"name": "Orang Baharu", "email": "baharu@x.example", "role": "officer", "language": "en"}


def link_in(text: str) -> str:
    """Return the path of the link in a mail or a page."""
    found = re.search(r"https?://[^/\s]+(/password/\S+?/)(?=[\s<\"])", text)
    assert found, text
    return found[1]


class TestLink:
    def test_link_sets_the_password_and_signs_in(self, client: Client, world: World, now: datetime) -> None:
        path = link_path(world.invited, purpose=INVITATION)
        assert client.get(path).status_code == 200
        response = client.post(path, PASSWORDS)
        assert response.status_code == 302
        assert client.get("/account/").status_code == 200
        world.invited.refresh_from_db()
        assert world.invited.check_password(PASSWORD)
        assert world.invited.has_joined
        assert last_event("person.joined").actor_id == world.invited.pk
        assert events("session.signed_in")

    def test_link_works_once(self, client: Client, world: World) -> None:
        path = link_path(world.invited, purpose=INVITATION)
        client.post(path, PASSWORDS)
        again = Client().post(
            path, {"password": "lain-lain-lain-lain", "password_again": "lain-lain-lain-lain"}
        )
        assert again.status_code == 410
        world.invited.refresh_from_db()
        assert world.invited.check_password(PASSWORD)

    def test_looking_and_refused_passwords_leave_the_link_alive(self, client: Client, world: World) -> None:
        path = link_path(world.invited, purpose=INVITATION)
        for _ in range(3):
            assert client.get(path).status_code == 200
        response = client.get(link_path(world.invited, purpose=INVITATION))
        assert response["Referrer-Policy"] == "strict-origin"
        assert "no-store" in response["Cache-Control"]
        response = client.post(path, {**PASSWORDS, "password_again": "lain-lain-lain-lain"})
        assert response.context["form"].errors["password_again"]
        world.invited.name = "Dijemput Dijemput"
        world.invited.save()
        for password in ("pendek", "123456789012345", "1qaz2wsx3edc4rfv", "dijemput-dijemput"):
            response = client.post(path, {"password": password, "password_again": password})
            assert response.context["form"].errors, password
            assert client.get(path).status_code == 200, password

    def test_newer_link_ends_the_older(self, client: Client, world: World, now: datetime) -> None:
        old = link_path(world.invited, purpose=INVITATION)
        person = reissue_link(world.invited, actor=world.people["administrator"], now=now)
        assert client.get(old).status_code == 410
        assert client.get(link_path(person, purpose=INVITATION)).status_code == 200

    def test_link_of_deactivated_person_is_dead(self, client: Client, world: World, now: datetime) -> None:
        path = link_path(world.invited, purpose=INVITATION)
        deactivate_person(world.invited, reason="x", actor=world.people["administrator"], now=now)
        assert client.post(path, PASSWORDS).status_code == 410

    @pytest.mark.parametrize(
        ("purpose", "lives"), [(INVITATION, timedelta(days=3)), (RESET, timedelta(hours=1))]
    )
    def test_link_dies_of_age(
        self, client: Client, world: World, monkeypatch: pytest.MonkeyPatch, purpose: str, lives: timedelta
    ) -> None:
        path = link_path(world.invited, purpose=purpose)
        made = tokens.TOKENS[purpose]._now()
        monkeypatch.setattr(tokens.LinkTokens, "_now", lambda _self: made + lives - timedelta(minutes=1))
        assert client.get(path).status_code == 200
        monkeypatch.setattr(tokens.LinkTokens, "_now", lambda _self: made + lives + timedelta(minutes=1))
        assert client.get(path).status_code == 410

    def test_link_of_another_purpose_or_person_and_a_mangled_one_are_dead(
        self, client: Client, world: World
    ) -> None:
        path = link_path(world.invited, purpose=INVITATION).replace("/invitation/", "/reset/")
        assert client.get(path).status_code == 410
        assert client.get(path.replace("/reset/", "/anything/")).status_code == 404
        parts = link_path(world.invited, purpose=INVITATION).split("/")
        parts[3] = link_path(world.people["administrator"], purpose=INVITATION).split("/")[3]
        assert client.get("/".join(parts)).status_code == 410
        for person in ("!!!", "////", "OTk5OTk5OTk5OTk5OTk5OTk5OTk5OTk5OTk5OTk5", "w6k"):
            assert client.get(f"/password/invitation/{person.strip('/') or 'x'}/a-b/").status_code == 410

    def test_posting_more_than_the_form_shows_changes_nothing(self, client: Client, world: World) -> None:
        path = link_path(world.invited, purpose=INVITATION)
        extra = {"role": "administrator", "agency": world.secretariat.pk, "clearance": "4", "is_active": "on"}
        client.post(path, {**PASSWORDS, **extra})
        world.invited.refresh_from_db()
        assert (world.invited.role, world.invited.agency, world.invited.clearance) == (
            "officer",
            world.own,
            1,
        )

    def test_using_a_link_while_signed_in_as_somebody_else_changes_who_is_in(
        self, client: Client, world: World
    ) -> None:
        client.force_login(world.people["reviewer"])
        client.post(link_path(world.invited, purpose=INVITATION), PASSWORDS)
        assert world.invited.email in client.get("/account/").text


class TestInvitePage:
    @pytest.fixture(autouse=True)
    def _signed_in(self, client: Client, world: World) -> None:
        client.force_login(world.people["administrator"])

    def test_invite_by_mail(
        self,
        client: Client,
        world: World,
        django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
    ) -> None:
        with django_capture_on_commit_callbacks(execute=True):
            response = client.post(
                reverse("accounts:invite"), {**FORM, "agency": world.own.pk, "delivery": "mail"}
            )
        assert "/password/" not in response.text
        [letter] = mail.outbox
        assert letter.to == ["baharu@x.example"]
        assert Client().get(link_in(letter.body)).status_code == 200

    def test_invite_by_link_mails_nothing_and_no_event_holds_it(self, client: Client, world: World) -> None:
        response = client.post(
            reverse("accounts:invite"), {**FORM, "agency": world.own.pk, "delivery": "link"}
        )
        assert mail.outbox == []
        assert response["Referrer-Policy"] == "strict-origin"
        assert Client().get(link_in(response.text)).status_code == 200
        token = link_in(response.text).split("/")[4]
        assert all(token not in str(event.__dict__) for event in events("person.invited"))

    def test_invite_posting_more_than_the_form_shows_changes_nothing(
        self, client: Client, world: World
    ) -> None:
        extra = {
            "is_acting": "on",
            "joined_at": "2023-01-01",
            "password": "x",
            "is_active": "",
            "invited_by": "1",
        }
        client.post(reverse("accounts:invite"), {**FORM, **extra, "agency": world.own.pk, "delivery": "link"})
        person = User.objects.get(email="baharu@x.example")
        assert (person.is_acting, person.joined_at, person.is_active) == (False, None, True)
        assert person.invited_by == world.people["administrator"]
        assert not person.has_usable_password()

    def test_invite_says_at_the_field_what_cannot_be_kept(self, client: Client, world: World) -> None:
        for field, value in (
            ("email", ""),
            ("email", "bukan"),
            ("email", "a@b.example\r\nBcc: c@d.example"),
            ("email", "a@b.example, c@d.example"),
            ("name", "\r\n"),
            ("name", "\u200b\x07"),
            ("name", "x" * 151),
            ("place", "XXX"),
        ):
            form = {**FORM, "agency": world.own.pk, "delivery": "mail", field: value}
            answer = client.post(reverse("accounts:invite"), form)
            assert list(answer.context["form"].errors) == [field], field
            assert events("person.invited") == [], field
            assert mail.outbox == [], field
        taken = {**FORM, "email": world.people["officer"].email.upper(), "agency": world.own.pk}
        response = client.post(reverse("accounts:invite"), {**taken, "delivery": "link"})
        assert response.context["form"].errors["email"]
        assert "Orang Baharu" in response.text
        page = client.get(f"{reverse('accounts:invite')}?agency={world.foreign.pk}")
        assert page.context["form"]["agency"].value() == world.foreign.pk
        assert client.get(f"{reverse('accounts:invite')}?agency=zz").status_code == 200
        world.foreign.is_active = False
        world.foreign.save()
        form = {**FORM, "agency": world.foreign.pk, "delivery": "link"}
        assert client.post(reverse("accounts:invite"), form).context["form"].errors["agency"]

    def test_invite_puts_a_pasted_name_on_one_line(
        self,
        client: Client,
        world: World,
        django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
    ) -> None:
        form = {**FORM, "agency": world.own.pk, "delivery": "mail", "place": "SWK"}
        with django_capture_on_commit_callbacks(execute=True):
            client.post(reverse("accounts:invite"), {**form, "name": "Aminah\r\nBcc: c@d.example"})
        person = User.objects.get(email="baharu@x.example")
        assert (person.name, person.place) == ("Aminah Bcc: c@d.example", "SWK")
        [letter] = mail.outbox
        assert "\n" not in letter.subject
        assert letter.recipients() == ["baharu@x.example"]

    def test_reissue_by_link(self, client: Client, world: World) -> None:
        response = client.post(
            reverse("accounts:reissue_link", args=[world.invited.pk]), {"delivery": "link"}
        )
        assert Client().get(link_in(response.text)).status_code == 200
        assert last_event("person.invited_again").object_id == str(world.invited.pk)

    def test_reissue_for_who_joined_or_by_others_is_refused(
        self, client: Client, world: World, now: datetime
    ) -> None:
        officer = world.people["officer"]
        response = client.post(reverse("accounts:reissue_link", args=[officer.pk]), {"delivery": "link"})
        assert response.status_code == 302
        with pytest.raises(NotNow):
            reissue_link(officer, actor=world.people["administrator"], now=now)
        with pytest.raises(NotAllowed):
            reissue_link(world.invited, actor=world.people["coordinator"], now=now)


class TestMails:
    def test_mail_speaks_the_persons_language(self, world: World) -> None:
        world.invited.language = "en"
        world.invited.save()
        tasks.send_invitation(world.invited.pk)
        assert "You are invited to use Jejak" in mail.outbox[0].body

    @pytest.mark.parametrize("send", [tasks.send_invitation, tasks.send_reset_link])
    def test_link_begins_with_the_address_of_the_installation(
        self, world: World, settings: Settings, send: Callable[[int], None]
    ) -> None:
        settings.SITE_URL = "https://jejak.example"
        send(world.invited.pk)
        assert "https://jejak.example/password/" in mail.outbox[0].body

    @pytest.mark.parametrize(
        "values", [{"is_active": False}, {"joined_at": datetime(2023, 1, 1).astimezone()}]
    )
    def test_mail_is_dropped_when_no_longer_due(self, world: World, values: dict[str, object]) -> None:
        User.objects.filter(pk=world.invited.pk).update(**values)
        tasks.send_invitation(world.invited.pk)
        assert mail.outbox == []


class TestCommand:
    def add(self, **options: str) -> str:
        from io import StringIO

        out = StringIO()
        facts = {
            "email": "Pertama@KDN.example",
            "name": "Pentadbir",
            "role": "administrator",
            "agency": "kdn",
        }
        call_command("add_person", **(facts | options), stdout=out)
        return out.getvalue().strip()

    def test_add_person_prints_a_working_link(self, client: Client, world: World, settings: Settings) -> None:
        settings.SITE_URL = "https://jejak.example"
        link = self.add()
        assert link.startswith("https://jejak.example/password/invitation/")
        client.post(link.removeprefix("https://jejak.example"), PASSWORDS)
        person = User.objects.get(email="pertama@kdn.example")
        assert (person.role, person.clearance, person.has_joined) == (Role.ADMINISTRATOR, 2, True)
        assert last_event("person.invited").actor_id is None

    def test_add_person_with_a_clearance(self, world: World) -> None:
        self.add(clearance="secret")
        assert User.objects.get(email="pertama@kdn.example").clearance == 3

    def test_add_person_says_what_is_wrong(self, world: World) -> None:
        for options, message in (
            ({"agency": "XYZ"}, "There is no agency XYZ. Known are: KDN, MPOB, PDRM."),
            ({"email": "bukan"}, "“bukan” is not an e-mail address."),
            (
                {"email": "officer@kerajaan.example"},
                "Somebody already signs in with officer@kerajaan.example.",
            ),
        ):
            with pytest.raises(CommandError) as error:
                self.add(**options)
            assert str(error.value) == message, options


def test_person_without_password_may_also_come_in_by_reset(client: Client, now: datetime) -> None:
    """The reset link goes to the same mailbox as the lost invitation, so it proves as much."""
    person = UserFactory(joined_at=None, password="!")
    client.post(link_path(person, purpose=RESET), PASSWORDS)
    person.refresh_from_db()
    assert person.has_joined
