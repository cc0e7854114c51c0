"""The administrator's and the coordinator's pages of people."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from accounts.roles import Role
from tests.accounts.events import events, last_event
from tests.factories.accounts import UserFactory, World


@pytest.fixture
def administrator(client: Client, world: World) -> User:
    person = world.people["administrator"]
    client.force_login(person)
    return person


def url(name: str, person: User) -> str:
    return reverse(f"accounts:{name}", args=[person.pk])


def emails(client: Client, query: str) -> set[str]:
    page = client.get(f"{reverse('accounts:people')}?{query}").context["page"]
    return {person.email for person in page.rows}


@pytest.mark.usefixtures("administrator")
class TestList:
    def test_people_are_narrowed_paged_and_the_active_shown_first(self, client: Client, world: World) -> None:
        assert emails(client, "q=OFFICER@") == {world.people["officer"].email}
        assert emails(client, "q=asing") == {world.foreign_officer.email, world.foreign_coordinator.email}
        assert emails(client, f"agency={world.foreign.pk}&role=officer") == {world.foreign_officer.email}
        assert emails(client, "state=invited") == {world.invited.email}
        assert world.invited.email in emails(client, "")
        assert world.invited.email not in emails(client, "state=active")
        assert world.people["officer"].email in emails(client, "state=active")
        for query in ("agency=zz", "role=raja", "state=zz", "page=zz", "page=999", "q=%25_"):
            assert client.get(f"{reverse('accounts:people')}?{query}").status_code == 200, query
        gone = UserFactory(is_active=False)
        assert gone.email not in emails(client, "")
        assert gone.email in emails(client, "state=inactive")
        assert {gone.email, world.people["officer"].email} <= emails(client, "state=all")
        UserFactory.create_batch(30)
        assert len(emails(client, "")) == 25
        assert len(emails(client, "page=2")) > 5

    def test_people_cost_the_same_queries_for_many(
        self, client: Client, django_assert_num_queries: Any
    ) -> None:
        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        client.get(reverse("accounts:people"))
        with CaptureQueriesContext(connection) as few:
            client.get(reverse("accounts:people"))
        UserFactory.create_batch(12)
        with django_assert_num_queries(len(few)):
            client.get(reverse("accounts:people"))


class TestPerson:
    def test_person_shows_where_they_stood(
        self, client: Client, world: World, administrator: User, now: datetime
    ) -> None:
        form = {"agency": world.foreign.pk, "reason": "Bertukar", "confirmed": "on"}
        client.post(url("move_person", world.people["officer"]), form)
        postings = client.get(url("person", world.people["officer"])).context["postings"]
        assert [posting.agency.code for posting in postings] == ["MPOB", "PDRM"]

    def test_edit_person_saves(self, client: Client, world: World, administrator: User) -> None:
        form = {"name": "Aminah", "role": "coordinator", "clearance": "0"}
        assert client.post(url("edit_person", world.people["officer"]), form).status_code == 302
        world.people["officer"].refresh_from_db()
        officer = world.people["officer"]
        assert (officer.name, officer.role, officer.clearance) == ("Aminah", "coordinator", 0)

    def test_edit_person_keeps_the_place_and_puts_the_name_on_one_line(
        self, client: Client, world: World, administrator: User
    ) -> None:
        form = {"name": "Aminah\nYusof", "role": "officer", "clearance": "1", "place": "TRG"}
        client.post(url("edit_person", world.people["officer"]), form)
        world.people["officer"].refresh_from_db()
        officer = world.people["officer"]
        assert (officer.name, officer.place) == ("Aminah Yusof", "TRG")
        assert "Terengganu" in client.get(url("person", officer)).text

    def test_edit_person_posting_more_than_the_form_shows_changes_nothing(
        self, client: Client, world: World, administrator: User
    ) -> None:
        officer = world.people["officer"]
        extra = {
            "agency": world.foreign.pk, "email": "lain@x.example", "is_active": "", "is_acting": "on",
            "password": "x", "joined_at": "", "sessions_number": "9",
        }  # fmt: skip
        client.post(
            url("edit_person", officer), {"name": officer.name, "role": "officer", "clearance": "1", **extra}
        )
        fresh = User.objects.get(pk=officer.pk)
        for field in (
            "agency_id",
            "email",
            "is_active",
            "is_acting",
            "password",
            "joined_at",
            "sessions_number",
        ):
            assert getattr(fresh, field) == getattr(officer, field)

    def test_own_account_keeps_role_and_clearance_and_is_not_deactivated(
        self, client: Client, administrator: User, world: World
    ) -> None:
        response = client.post(url("deactivate_person", administrator), {"reason": "x"})
        assert response.context["form"].non_field_errors()
        administrator.refresh_from_db()
        assert administrator.is_active
        response = client.post(url("deactivate_person", world.invited), {"reason": ""})
        assert response.context["form"].errors["reason"]
        page = client.get(url("edit_person", world.people["officer"])).content.decode()
        assert "---" not in page
        page = client.get(url("edit_person", administrator))
        assert list(page.context["form"].fields) == ["name", "place", "post", "unit", "telephone"]
        client.post(
            url("edit_person", administrator), {"name": "Nama Baharu", "role": "officer", "clearance": "4"}
        )
        administrator.refresh_from_db()
        assert (administrator.name, administrator.role, administrator.clearance) == (
            "Nama Baharu", "administrator", 2,
        )  # fmt: skip

    def test_deactivate_and_reactivate(self, client: Client, world: World, administrator: User) -> None:
        client.cookies.load({"language": "en"})
        page = client.get(url("deactivate_person", world.invited)).text.partition("</main>")[0]
        assert "its link no longer works" in page and "signed out" not in page
        client.post(url("deactivate_person", world.invited), {"reason": "Silap orang"})
        world.invited.refresh_from_db()
        assert not world.invited.is_active
        assert "Send a new link" in client.get(url("reactivate_person", world.invited)).text
        client.post(url("reactivate_person", world.invited), {"reason": "Orang betul"})
        world.invited.refresh_from_db()
        assert world.invited.is_active
        assert [event.reason for event in events("person.reactivated")] == ["Orang betul"]

    def test_move_asks_before_it_acts(self, client: Client, world: World, administrator: User) -> None:
        officer = world.people["officer"]
        form = {"agency": world.foreign.pk, "reason": "Bertukar jabatan"}
        asked = client.post(url("move_person", officer), form)
        officer.refresh_from_db()
        assert officer.agency == world.own
        assert world.own.name_ms in asked.text
        client.post(url("move_person", officer), {**form, "confirmed": "on"})
        officer.refresh_from_db()
        assert officer.agency == world.foreign
        assert last_event("person.moved").reason == "Bertukar jabatan"

    def test_sign_out_person_everywhere(self, client: Client, world: World, administrator: User) -> None:
        theirs = Client()
        theirs.force_login(world.people["officer"])
        assert theirs.get("/account/").status_code == 200
        client.post(url("sign_out_person", world.people["officer"]))
        assert theirs.get("/account/").status_code == 302
        assert client.get("/account/").status_code == 200
        assert last_event("session.ended_everywhere").actor_id == administrator.pk


class TestCoordinator:
    @pytest.fixture(autouse=True)
    def _signed_in(self, client: Client, world: World) -> None:
        client.force_login(world.people["coordinator"])

    def test_name_acting_and_no_longer(self, client: Client, world: World) -> None:
        officer = world.people["officer"]
        client.post(url("name_acting", officer), {"is_acting": "yes"})
        officer.refresh_from_db()
        assert officer.is_acting
        client.post(url("name_acting", officer), {"is_acting": "no"})
        officer.refresh_from_db()
        assert not officer.is_acting

    def test_naming_acting_asks_first_and_others_pages_are_not_found(
        self, client: Client, world: World
    ) -> None:
        client.cookies["language"] = "en"
        html = client.get("/our-agency/").content.decode()
        assert f"Name {world.people['officer'].name} as acting coordinator?" in html
        assert client.get(reverse("accounts:people")).status_code == 404
        assert last_event("permission.refused").label == "/people/"
        response = client.post(url("name_acting", world.foreign_officer), {"is_acting": "yes"})
        assert response.status_code == 404
        world.foreign_officer.refresh_from_db()
        assert not world.foreign_officer.is_acting
        event = last_event("permission.refused")
        assert (event.object_id, event.actor_id) == (
            str(world.foreign_officer.pk), world.people["coordinator"].pk,
        )  # fmt: skip
        assert event.agency_id == world.foreign.pk


def test_role_change_acts_at_the_next_request(client: Client, world: World, administrator: User) -> None:
    theirs = Client()
    theirs.force_login(world.people["reviewer"])
    assert theirs.get("/people/").status_code == 404
    User.objects.filter(pk=world.people["reviewer"].pk).update(role=Role.ADMINISTRATOR)
    assert theirs.get("/people/").status_code == 200
