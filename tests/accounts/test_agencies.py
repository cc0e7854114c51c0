"""Services and pages of agencies."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Agency, AgencyVersion
from accounts.roles import Role
from accounts.services.agencies import (
    add_agency,
    change_agency,
    deactivate_agency,
    name_shared_mailbox,
    reactivate_agency,
)
from audit.errors import BadValue, NotAllowed, NotNow
from tests.accounts.events import events, last_event
from tests.conftest import Clock
from tests.factories.accounts import AgencyFactory, UserFactory, World

JKM = {"code": "JKM", "name_ms": "Jabatan Kebajikan Masyarakat", "name_en": "Department of Social Welfare"}
TYPED = {**JKM, "place": "JHR", "shared_mailbox": "Peti@JKM.example"}


class TestServices:
    def test_add_agency_tells_the_trail(self, world: World, now: datetime) -> None:
        agency = add_agency(**JKM, actor=world.people["administrator"], now=now)
        facts = {**JKM, "is_active": True, "place": "PJY", "shared_mailbox": ""}
        assert last_event("agency.added").after == facts
        assert AgencyVersion.objects.filter(agency=agency).current().get().code == "JKM"

    def test_code_that_stands_already_may_stay(self, world: World, now: datetime) -> None:
        Agency.objects.filter(pk=world.own.pk).update(code="A B")
        world.own.refresh_from_db()
        actor = world.people["administrator"]
        change_agency(world.own, **{**JKM, "code": "A B", "name_en": "Welfare"}, actor=actor, now=now)
        change_agency(world.own, **{**JKM, "code": "JPN-2"}, actor=actor, now=now)
        world.own.refresh_from_db()
        assert world.own.code == "JPN-2"

    def test_change_agency_leaves_place_and_mailbox_unless_they_are_said(
        self, world: World, now: datetime
    ) -> None:
        administrator = world.people["administrator"]
        change_agency(world.own, **TYPED, actor=administrator, now=now)
        change_agency(world.own, **{**JKM, "code": "JKN"}, actor=administrator, now=now)
        world.own.refresh_from_db()
        assert (world.own.code, world.own.place, world.own.shared_mailbox) == (
            "JKN", "JHR", "peti@jkm.example",
        )  # fmt: skip
        assert last_event("agency.changed").after == {"code": "JKN"}

    def test_what_cannot_be_kept_or_deactivated_is_refused(self, world: World, now: datetime) -> None:
        for values in (
            {"shared_mailbox": "a@b.example\nBcc: c@d.example"},
            {"shared_mailbox": "OFFICER@kerajaan.example"},
            {"place": "XXX"},
            {"shared_mailbox": f"{'a' * 250}@b.example"},
            {"code": " \n "},
            {"code": "A B/.."},
            {"code": "KDN/NSO"},
            {"code": "-KDN"},
            {"code": "KDN_2"},
            {"name_ms": "x" * 201},
            {"name_en": "\x1bPolice"},
        ):
            with pytest.raises(BadValue):
                change_agency(world.own, **{**TYPED, **values}, actor=world.people["administrator"], now=now)
            world.own.refresh_from_db()
            assert (world.own.code, world.own.shared_mailbox) == ("PDRM", ""), values
        with pytest.raises(NotNow):
            add_agency(**{**JKM, "code": "pdrm"}, actor=world.people["administrator"], now=now)
        with pytest.raises(NotNow, match="3"):
            deactivate_agency(world.own, reason="Bubar", actor=world.people["administrator"], now=now)

    def test_change_agency_keeps_the_past_answerable(self, world: World, now: datetime, clock: Clock) -> None:
        later = clock.move_to(now + timedelta(days=30))
        change_agency(
            world.own, code="PDRM", name_ms="Polis Baharu", name_en="New Police",
            actor=world.people["administrator"], now=later,
        )  # fmt: skip
        versions = AgencyVersion.objects.filter(agency=world.own)
        assert versions.as_at(later - timedelta(days=1)).get().name_ms == "Polis Diraja Malaysia"
        assert versions.as_at(later + timedelta(days=1)).get().name_ms == "Polis Baharu"
        event = last_event("agency.changed")
        assert event.before == {"name_ms": "Polis Diraja Malaysia", "name_en": "Royal Malaysia Police"}

    def test_deactivate_and_reactivate_empty_agency(self, world: World, now: datetime) -> None:
        agency, administrator = AgencyFactory(), world.people["administrator"]
        deactivate_agency(agency, reason="Bubar", actor=administrator, now=now)
        agency.refresh_from_db()
        assert not agency.is_active
        assert last_event("agency.deactivated").reason == "Bubar"
        with pytest.raises(NotNow):
            deactivate_agency(agency, reason="Bubar", actor=administrator, now=now)
        reactivate_agency(agency, reason="Ditubuhkan semula", actor=administrator, now=now)
        with pytest.raises(NotNow):
            reactivate_agency(agency, reason="Ditubuhkan semula", actor=administrator, now=now)
        assert [version.is_active for version in agency.versions.order_by("pk")] == [True, False, True]

    def test_agencies_are_kept_by_administrators_alone(self, world: World, now: datetime) -> None:
        for role in ("officer", "coordinator", "reviewer", "observer"):
            actor: Any = world.people[role]
            with pytest.raises(NotAllowed):
                add_agency(**JKM, actor=actor, now=now)
            with pytest.raises(NotAllowed):
                change_agency(world.own, **JKM, actor=actor, now=now)
            with pytest.raises(NotAllowed):
                deactivate_agency(world.own, reason="x", actor=actor, now=now)
            with pytest.raises(NotAllowed):
                reactivate_agency(world.own, reason="x", actor=actor, now=now)
            assert events("agency.added") == [], role


class TestPages:
    @pytest.fixture(autouse=True)
    def _signed_in(self, client: Client, world: World) -> None:
        client.force_login(world.people["administrator"])

    def test_agencies_without_anybody_to_act_stand_out(self, client: Client, world: World) -> None:
        empty = AgencyFactory(code="MOT")
        UserFactory(agency=empty, is_active=False)
        UserFactory(agency=empty, role=Role.OBSERVER)
        context = client.get(reverse("accounts:agencies")).context
        assert empty.code in context["waiting"]
        assert world.own.code not in context["waiting"]

    def test_agencies_count_people_who_can_sign_in_by_role(self, client: Client, world: World) -> None:
        UserFactory(agency=world.own, is_active=False)
        rows = {
            agency.code: agency for agency in client.get(reverse("accounts:agencies")).context["agencies"]
        }
        assert (rows["PDRM"].coordinators_count, rows["PDRM"].officers_count) == (1, 1)

    def test_invited_people_are_told_apart_from_those_who_joined(self, client: Client, world: World) -> None:
        empty = AgencyFactory(code="MOT")
        UserFactory.create_batch(2, agency=empty, joined_at=None)
        client.cookies.load({"language": "en"})
        page = client.get(reverse("accounts:agencies"))
        (row,) = [agency for agency in page.context["agencies"] if agency.code == empty.code]
        assert (row.officers_count, row.invited_count, row.has_actor) == (0, 2, False)
        assert "2 invited, not yet joined" in page.text

    def test_agencies_cost_the_same_queries_for_many(
        self, client: Client, world: World, django_assert_num_queries: Any
    ) -> None:
        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        with CaptureQueriesContext(connection) as few:
            client.get(reverse("accounts:agencies"))
        for agency in AgencyFactory.create_batch(8):
            UserFactory.create_batch(2, agency=agency)
        with django_assert_num_queries(len(few)):
            client.get(reverse("accounts:agencies"))

    def test_edit_agency_cannot_post_activity(self, client: Client, world: World) -> None:
        client.post(reverse("accounts:edit_agency", args=[world.own.pk]), {**TYPED, "is_active": ""})
        world.own.refresh_from_db()
        assert (world.own.code, world.own.is_active) == ("JKM", True)

    def test_place_and_shared_mailbox_are_kept_and_listed(self, client: Client, world: World) -> None:
        client.post(reverse("accounts:edit_agency", args=[world.own.pk]), TYPED)
        world.own.refresh_from_db()
        assert (world.own.place, world.own.shared_mailbox) == ("JHR", "peti@jkm.example")
        after = last_event("agency.changed").after
        assert after is not None
        assert (after["place"], after["shared_mailbox"]) == ("JHR", "peti@jkm.example")
        text = client.get(reverse("accounts:agencies")).text
        assert "Johor" in text and "peti@jkm.example" in text

    def test_what_is_refused_is_said_at_its_field_and_what_was_typed_stays(
        self, client: Client, world: World
    ) -> None:
        for field, value in (
            ("shared_mailbox", "peti"),
            ("shared_mailbox", "a@b.example, c@d.example"),
            ("shared_mailbox", "a@b.example\r\nBcc: c@d.example"),
            ("place", "XXX"),
            ("shared_mailbox", "Officer@kerajaan.example"),
            ("name_en", "\u200b"),
        ):
            answer = client.post(
                reverse("accounts:edit_agency", args=[world.own.pk]), {**TYPED, field: value}
            )
            assert list(answer.context["form"].errors) == [field], field
            assert "Jabatan Kebajikan Masyarakat" in answer.text, field
            assert events("agency.changed") == [], field
        response = client.post(reverse("accounts:add_agency"), {**TYPED, "code": "PDRM"})
        assert response.status_code == 200
        assert response.context["form"].errors["code"]
        assert "Jabatan Kebajikan Masyarakat" in response.text
        response = client.post(
            reverse("accounts:deactivate_agency", args=[world.own.pk]), {"reason": "Bubar"}
        )
        assert response.context["form"].non_field_errors()
        agency = AgencyFactory()
        response = client.post(reverse("accounts:deactivate_agency", args=[agency.pk]), {"reason": "  "})
        assert response.context["form"].errors["reason"]
        assert Agency.objects.get(pk=agency.pk).is_active

    def test_what_nobody_sees_is_taken_out(self, client: Client, world: World) -> None:
        hidden = {"code": "\x07JKM\u200b", "name_en": "Depart\u00adment\u202e of\u2028Welfare"}
        client.post(reverse("accounts:edit_agency", args=[world.own.pk]), TYPED | hidden)
        world.own.refresh_from_db()
        assert (world.own.code, world.own.name_en) == ("JKM", "Department of Welfare")


class TestSharedMailbox:
    """The agency's coordinator names it; what was named before is in the trail."""

    def name(self, world: World, now: datetime, address: str, who: str = "coordinator") -> Agency:
        actor = world.foreign_coordinator if who == "foreign" else world.people[who]
        return name_shared_mailbox(world.own, shared_mailbox=address, actor=actor, now=now)

    def test_coordinator_names_changes_and_clears_it(self, world: World, now: datetime) -> None:
        assert self.name(world, now, " Peti@PDRM.example ").shared_mailbox == "peti@pdrm.example"
        event = last_event("agency.mailbox_named")
        assert (event.before, event.after) == (
            {"shared_mailbox": ""},
            {"shared_mailbox": "peti@pdrm.example"},
        )
        assert (event.actor_id, event.agency_id) == (world.people["coordinator"].pk, world.own.pk)
        assert self.name(world, now, "").shared_mailbox == ""
        assert len(events("agency.mailbox_named")) == 2

    def test_naming_the_same_again_tells_nothing(self, world: World, now: datetime) -> None:
        for _time in range(2):
            self.name(world, now, "peti@pdrm.example")
        assert len(events("agency.mailbox_named")) == 1

    def test_others_a_persons_own_address_and_an_inactive_agency_are_refused(
        self, world: World, now: datetime
    ) -> None:
        for who in ("officer", "reviewer", "observer", "foreign"):
            with pytest.raises(NotAllowed):
                self.name(world, now, "peti@pdrm.example", who)
            assert events("agency.mailbox_named") == [], who
        address, name = world.foreign_officer.email, world.foreign_officer.name
        with pytest.raises(BadValue) as refused:
            self.name(world, now, address)
        assert name not in str(refused.value) and refused.value.field == "shared_mailbox"
        with pytest.raises(BadValue, match=name):
            self.name(world, now, address, "administrator")
        Agency.objects.filter(pk=world.own.pk).update(is_active=False)
        with pytest.raises(NotNow):
            self.name(world, now, "peti@pdrm.example", "administrator")

    def test_page_asks_to_check_the_address_first(self, client: Client, world: World) -> None:
        client.force_login(world.people["coordinator"])
        address = reverse("accounts:shared_mailbox", args=[world.own.pk])
        assert address in client.get("/our-agency/").text
        page = client.post(address, {"shared_mailbox": "peti@pdrm.example"})
        assert page.status_code == 200 and set(page.context["form"].errors) == {"is_checked"}
        done = client.post(address, {"shared_mailbox": "peti@pdrm.example", "is_checked": "on"}, follow=True)
        assert done.redirect_chain == [("/our-agency/#mailbox", 302)] and "peti@pdrm.example" in done.text
        page = client.post(address, {"shared_mailbox": world.people["officer"].email, "is_checked": "on"})
        assert set(page.context["form"].errors) == {"shared_mailbox"}
