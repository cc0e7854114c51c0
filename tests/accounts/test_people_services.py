"""Adding, changing, moving and deactivating people: who may, when, what is stored and recorded."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from django.db import DataError, IntegrityError, connection, transaction
from django.db.utils import DatabaseError

from accounts.clearance import Clearance
from accounts.models import Posting, User, default_clearance
from accounts.people_csv import Newcomer
from accounts.roles import Role
from accounts.services.invitations import add_person, invite_many
from accounts.services.people import (
    change_person,
    deactivate_person,
    move_person,
    name_acting,
    reactivate_person,
)
from audit.errors import BadValue, NotAllowed, NotNow
from tests.accounts.events import events, last_event
from tests.factories.accounts import UserFactory, World

NOT_ADMINISTRATORS = ["officer", "coordinator", "reviewer", "observer"]


def newcomer(world: World, **values: Any) -> dict[str, Any]:
    """Return what an invitation asks for."""
    facts: dict[str, Any] = {
        "name": "Orang Baharu",
        "email": "Baharu@Agensi.example",
        "role": Role.OFFICER,
        "agency": world.own,
    }
    return facts | values


class TestInvite:
    def test_invite_adds_somebody_who_cannot_sign_in_yet(self, world: World, now: datetime) -> None:
        person = add_person(**newcomer(world), actor=world.people["administrator"], now=now)
        person.refresh_from_db()
        assert person.email == "baharu@agensi.example"
        assert not person.has_usable_password()
        assert not person.has_joined
        assert (person.invited_by, person.invited_at) == (world.people["administrator"], now)
        event = last_event("person.invited")
        assert event.after is not None
        assert event.after["email"] == person.email
        assert (event.actor_id, event.agency_id) == (world.people["administrator"].pk, world.own.pk)

    @pytest.mark.parametrize(
        ("role", "clearance"),
        [
            (Role.OFFICER, Clearance.RESTRICTED),
            (Role.COORDINATOR, Clearance.RESTRICTED),
            (Role.OBSERVER, Clearance.RESTRICTED),
            (Role.REVIEWER, Clearance.CONFIDENTIAL),
        ],
    )
    def test_invite_gives_the_clearance_of_the_role(
        self, world: World, now: datetime, role: Role, clearance: Clearance
    ) -> None:
        person = add_person(**newcomer(world, role=role), actor=world.people["administrator"], now=now)
        assert person.clearance == clearance == default_clearance(role)

    def test_invite_puts_a_name_on_one_line(self, world: World, now: datetime) -> None:
        made = add_person(
            **newcomer(world, name=" Aminah\r\nBcc: x@y.example\u2028 Yusof ", place="SWK"),
            actor=world.people["administrator"],
            now=now,
        )
        assert made.name == "Aminah Bcc: x@y.example Yusof"
        assert (made.place, made.working_place) == ("SWK", "SWK")

    def test_invite_refused_is_refused_for_all(self, world: World, now: datetime) -> None:
        for values in (
            {"name": " \n "},
            {"name": "Aminah\x00"},
            {"name": "Aminah \u202egnp.exe"},
            {"name": "Ami\u200bnah"},
            {"name": "\u3164"},
            {"place": "XXX"},
            {"name": "x" * 151},
            {"email": ""},
            {"email": "bukan"},
            {"email": "a@b.example\nBcc: c@d.example"},
            {"email": "a@b.example,c@d.example"},
            {"email": f"{'a' * 250}@b.example"},
        ):
            people = [newcomer(world), newcomer(world, **({"email": "lain@x.example"} | values))]
            with pytest.raises(BadValue):
                invite_many(
                    [Newcomer(**person) for person in people], actor=world.people["administrator"], now=now
                )
            assert events("person.invited") == [], values
        for role in NOT_ADMINISTRATORS:
            with pytest.raises(NotAllowed):
                add_person(**newcomer(world), actor=world.people[role], now=now)
            assert events("person.invited") == [], role
        taken = newcomer(world, email=world.people["officer"].email.upper())
        with pytest.raises(NotNow):
            add_person(**taken, actor=world.people["administrator"], now=now)
        people = [newcomer(world, email="a@x.example"), newcomer(world, email=world.people["officer"].email)]
        with pytest.raises(NotNow):
            invite_many(
                [Newcomer(**person) for person in people], actor=world.people["administrator"], now=now
            )
        assert not User.objects.filter(email="a@x.example").exists()
        assert events("person.invited") == []
        world.own.is_active = False
        world.own.save()
        with pytest.raises(NotNow):
            add_person(**newcomer(world), actor=world.people["administrator"], now=now)

    def test_invite_many_adds_everybody(self, world: World, now: datetime) -> None:
        people = [newcomer(world, email=f"{letter}@x.example") for letter in "abc"]
        made = invite_many(
            [Newcomer(**person) for person in people], actor=world.people["administrator"], now=now
        )
        assert [person.email for person in made] == ["a@x.example", "b@x.example", "c@x.example"]
        assert len(events("person.invited")) == 3


class TestChange:
    def change(self, world: World, now: datetime, **values: Any) -> User:
        person = values.pop("person", world.people["officer"])
        actor = values.pop("actor", world.people["administrator"])
        facts = {"name": person.name, "role": person.role, "clearance": person.clearance}
        return change_person(person, **(facts | values), actor=actor, now=now)

    def test_change_writes_and_tells_what_changed(self, world: World, now: datetime) -> None:
        person = self.change(world, now, role=Role.COORDINATOR, clearance=Clearance.OPEN)
        assert (person.role, person.clearance) == (Role.COORDINATOR, Clearance.OPEN)
        event = last_event("person.changed")
        assert event.before == {"role": "officer", "clearance": 1}
        assert event.after == {"role": "coordinator", "clearance": 0}

    def test_change_of_name_is_one_line_and_of_place_is_told(self, world: World, now: datetime) -> None:
        person = self.change(world, now, name="Nama\nBaharu", place="KTN")
        assert (person.name, person.working_place) == ("Nama Baharu", "KTN")
        assert last_event("person.changed").after == {"name": "Nama Baharu", "place": "KTN"}
        assert self.change(world, now, name="Lain").place == "KTN"
        with pytest.raises(BadValue):
            self.change(world, now, name="\n")

    def test_change_by_others_or_of_own_role_is_refused_and_of_own_name_fine(
        self, world: World, now: datetime
    ) -> None:
        for role in NOT_ADMINISTRATORS:
            with pytest.raises(NotAllowed):
                self.change(world, now, actor=world.people[role], name="Lain")
        UserFactory(role=Role.ADMINISTRATOR)
        for values in ({"role": Role.OFFICER}, {"clearance": Clearance.TOP_SECRET}):
            with pytest.raises(NotAllowed):
                self.change(world, now, person=world.people["administrator"], **values)
        assert (
            self.change(world, now, person=world.people["administrator"], name="Nama Baharu").name
            == "Nama Baharu"
        )

    def test_change_of_role_ends_acting(self, world: World, now: datetime) -> None:
        person = UserFactory(is_acting=True)
        assert not self.change(world, now, person=person, role=Role.OBSERVER).is_acting

    def test_change_by_who_was_deactivated_a_moment_ago_is_refused(self, world: World, now: datetime) -> None:
        """The actor in memory still looks active; the row decides."""
        User.objects.filter(pk=world.people["administrator"].pk).update(is_active=False)
        UserFactory(role=Role.ADMINISTRATOR)
        with pytest.raises(NotAllowed):
            self.change(world, now, name="Lain")


class TestMove:
    def test_move_changes_the_agency_and_keeps_the_past(self, world: World, now: datetime) -> None:
        person = world.people["officer"]
        move_person(
            person, agency=world.foreign, actor=world.people["administrator"], now=now, reason="Bertukar"
        )
        person.refresh_from_db()
        assert person.agency == world.foreign
        closed, current = Posting.objects.filter(user=person).order_by("began_at", "pk")
        assert (closed.agency, current.agency) == (world.own, world.foreign)
        assert closed.ended_at == current.began_at
        assert current.ended_at is None
        event = last_event("person.moved")
        assert (event.before, event.after) == ({"agency": "PDRM"}, {"agency": "MPOB"})
        assert event.reason == "Bertukar"

    def test_move_ends_acting(self, world: World, now: datetime) -> None:
        person = UserFactory(agency=world.own, is_acting=True)
        moved = move_person(person, agency=world.foreign, actor=world.people["administrator"], now=now)
        assert not moved.is_acting

    def test_move_refused_to_others_of_oneself_and_to_an_agency_that_cannot_be(
        self, world: World, now: datetime
    ) -> None:
        for role in NOT_ADMINISTRATORS:
            with pytest.raises(NotAllowed):
                move_person(world.foreign_officer, agency=world.own, actor=world.people[role], now=now)
        administrator = world.people["administrator"]
        with pytest.raises(NotAllowed):
            move_person(administrator, agency=world.own, actor=administrator, now=now)
        with pytest.raises(NotNow):
            move_person(
                world.people["officer"], agency=world.own, actor=world.people["administrator"], now=now
            )
        world.foreign.is_active = False
        world.foreign.save()
        with pytest.raises(NotNow):
            move_person(
                world.people["officer"], agency=world.foreign, actor=world.people["administrator"], now=now
            )


class TestDeactivate:
    def test_deactivate_keeps_the_reason_and_ends_acting(self, world: World, now: datetime) -> None:
        person = UserFactory(is_acting=True)
        person = deactivate_person(person, reason=" Bersara ", actor=world.people["administrator"], now=now)
        person.refresh_from_db()
        assert (person.is_active, person.is_acting, person.deactivated_at) == (False, False, now)
        event = last_event("person.deactivated")
        assert event.reason == "Bersara"
        assert event.after == {"is_active": False, "is_acting": False}

    def test_deactivate_refused_to_others_of_oneself_and_twice(self, world: World, now: datetime) -> None:
        for role in NOT_ADMINISTRATORS:
            with pytest.raises(NotAllowed):
                deactivate_person(world.invited, reason="x", actor=world.people[role], now=now)
        UserFactory(role=Role.ADMINISTRATOR)
        administrator = world.people["administrator"]
        with pytest.raises(NotAllowed):
            deactivate_person(administrator, reason="x", actor=administrator, now=now)
        administrator.refresh_from_db()
        assert administrator.is_active
        person = UserFactory(is_active=False)
        with pytest.raises(NotNow):
            deactivate_person(person, reason="x", actor=world.people["administrator"], now=now)

    def test_two_administrators_can_not_deactivate_each_other(self, world: World, now: datetime) -> None:
        first, second = world.people["administrator"], UserFactory(role=Role.ADMINISTRATOR)
        deactivate_person(second, reason="x", actor=first, now=now)
        with pytest.raises(NotAllowed):
            deactivate_person(first, reason="x", actor=second, now=now)
        assert User.objects.active().filter(role="administrator").count() == 1

    def test_reactivate_opens_the_account_with_a_reason(self, world: World, now: datetime) -> None:
        person = UserFactory(is_active=False, deactivated_at=now)
        person = reactivate_person(
            person, reason="Kembali bertugas", actor=world.people["administrator"], now=now
        )
        assert (person.is_active, person.deactivated_at) == (True, None)
        assert last_event("person.reactivated").reason == "Kembali bertugas"

    def test_reactivate_refused_when_active_or_without_an_active_agency(
        self, world: World, now: datetime
    ) -> None:
        administrator = world.people["administrator"]
        with pytest.raises(NotNow):
            reactivate_person(world.people["officer"], reason="x", actor=administrator, now=now)
        stranded = UserFactory(is_active=False, agency__is_active=False)
        with pytest.raises(NotNow):
            reactivate_person(stranded, reason="x", actor=administrator, now=now)


class TestActing:
    def test_coordinator_names_an_officer_of_the_own_agency(self, world: World, now: datetime) -> None:
        person = name_acting(
            world.people["officer"], is_acting=True, actor=world.people["coordinator"], now=now
        )
        assert person.is_acting
        assert last_event("person.named_acting").after == {"is_acting": True}
        assert Posting.objects.filter(user=person).current().get().is_acting

    def test_who_may_not_name_or_cannot_act_is_refused(self, world: World, now: datetime) -> None:
        with pytest.raises(NotAllowed):
            name_acting(world.people["officer"], is_acting=True, actor=world.foreign_coordinator, now=now)
        for role in ("officer", "reviewer", "observer"):
            with pytest.raises(NotAllowed):
                name_acting(world.invited, is_acting=True, actor=world.people[role], now=now)
        person = UserFactory(agency=world.own, is_active=False)
        with pytest.raises(NotNow):
            name_acting(person, is_acting=True, actor=world.people["coordinator"], now=now)
        with pytest.raises(NotNow):
            name_acting(world.invited, is_acting=True, actor=world.people["coordinator"], now=now)
        coordinator = world.people["coordinator"]
        with pytest.raises(NotNow):
            name_acting(coordinator, is_acting=True, actor=coordinator, now=now)

    def test_officer_who_becomes_coordinator_acts_as_none(self, world: World, now: datetime) -> None:
        person = UserFactory(agency=world.own, is_acting=True)
        changed = change_person(
            person,
            name=person.name,
            role=Role.COORDINATOR,
            clearance=person.clearance,
            actor=world.people["administrator"],
            now=now,
        )
        assert not changed.is_acting

    def test_naming_ends(self, world: World, now: datetime) -> None:
        person = UserFactory(agency=world.own, is_acting=True)
        assert not name_acting(person, is_acting=False, actor=world.people["coordinator"], now=now).is_acting


class TestTheDatabaseIsTheLastGuard:
    """The database refuses what none of our code does."""

    def test_people_and_agencies_are_never_deleted(self, world: World) -> None:
        for table in ("accounts_user", "accounts_agency", "accounts_posting", "accounts_agencyversion"):
            with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(f"DELETE FROM {table}")

    def test_the_past_is_not_written_by_hand(self, world: World) -> None:
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("UPDATE accounts_posting SET role = 'administrator'")

    def test_impossible_people_are_refused(self, world: World) -> None:
        for change in (
            "email = 'Besar@X.example'",
            "role = 'superuser'",
            "clearance = 9",
            "is_acting = true, is_active = false",
        ):
            with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(f"UPDATE accounts_user SET {change}")

    def test_an_act_without_its_event_is_undone(self, world: World, now: datetime) -> None:
        """When the log cannot be written (here: a character that PostgreSQL refuses), nothing is changed."""
        with pytest.raises(DataError, match="Unicode"), transaction.atomic():
            deactivate_person(
                world.people["officer"], reason="\x00", actor=world.people["administrator"], now=now
            )
        world.people["officer"].refresh_from_db()
        assert world.people["officer"].is_active
        assert events("person.deactivated") == []
