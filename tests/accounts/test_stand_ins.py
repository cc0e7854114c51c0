"""Stand-ins: who may name and end them, what is refused, and what the pages show."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import translation
from django.utils.html import escape

from accounts import queries
from accounts.forms import StandInForm
from accounts.models import StandIn, User
from accounts.roles import Role
from accounts.services.stand_ins import end_stand_in, name_stand_in
from audit.errors import BadValue, NotAllowed, NotNow
from tests.accounts.events import events, last_event
from tests.factories.accounts import UserFactory, World
from tests.shared import shared

TODAY = date(2023, 9, 14)
FIRST, LAST = date(2023, 9, 18), date(2023, 9, 29)


@shared
def colleague(world: World) -> User:
    return UserFactory(name="Rakan sejawat", agency=world.own)


def name_one(world: World, colleague: User, now: datetime, **values: Any) -> StandIn:
    absent = values.pop("absent", world.people["officer"])
    facts = {"colleague": colleague, "from_on": FIRST, "until_on": LAST, "actor": world.people["coordinator"]}
    return name_stand_in(absent, **(facts | values), now=now)


class TestWho:
    @pytest.mark.parametrize("role", ["officer", "coordinator", "administrator"])
    def test_name_stand_in_tells_the_trail(
        self, world: World, colleague: User, now: datetime, role: str
    ) -> None:
        actor = world.people[role]
        made = name_one(world, colleague, now, actor=actor)
        assert (made.named_by, made.named_at, made.ended_at) == (actor, now, None)
        event = last_event("stand_in.named")
        assert (event.actor_id, event.agency_id, event.label) == (actor.pk, world.own.pk, made.absent.name)
        assert event.after == {
            "absent": world.people["officer"].name, "colleague": "Rakan sejawat",
            "from_on": "2023-09-18", "until_on": "2023-09-29",
        }  # fmt: skip

    @pytest.mark.parametrize("who", ["reviewer", "observer", "foreign_coordinator", "colleague", "invited"])
    def test_others_may_neither_name_nor_end(
        self, world: World, colleague: User, now: datetime, who: str
    ) -> None:
        actors = {**world.people, "colleague": colleague, "invited": world.invited}
        actor = actors.get(who, world.foreign_coordinator)
        with pytest.raises(NotAllowed):
            name_one(world, colleague, now, actor=actor)
        made = name_one(world, colleague, now)
        with pytest.raises(NotAllowed):
            end_stand_in(made, actor=actor, now=now)
        assert StandIn.objects.get().ended_at is None
        assert events("stand_in.ended") == []

    def test_acting_coordinator_has_no_further_right(
        self, world: World, colleague: User, now: datetime
    ) -> None:
        acting = UserFactory(agency=world.own, is_acting=True)
        with pytest.raises(NotAllowed):
            name_one(world, colleague, now, actor=acting)

    def test_actor_who_was_deactivated_or_moved_meanwhile_is_refused(
        self, world: World, colleague: User, now: datetime
    ) -> None:
        for change in ({"is_active": False}, {"is_active": True, "agency": world.foreign}):
            User.objects.filter(pk=world.people["coordinator"].pk).update(**change)
            with pytest.raises(NotAllowed):
                name_one(world, colleague, now)


class TestRefusals:
    def test_colleague_who_cannot_stand_in(self, world: World, now: datetime) -> None:
        for values, words in (
            ({"agency": "foreign"}, "same agency"),
            ({"is_active": False}, "was deactivated"),
            ({"joined_at": None}, "has not joined yet"),
            ({"role": Role.OBSERVER}, "neither an officer nor a coordinator"),
        ):
            home = {"agency": world.foreign if "agency" in values else world.own}
            colleague = UserFactory(**(values | home))
            with translation.override("en"), pytest.raises(BadValue, match=words) as refused:
                name_one(world, colleague, now)
            assert refused.value.field == "colleague", values
            assert not StandIn.objects.exists(), values
            assert events("stand_in.named") == [], values

    def test_nobody_stands_in_for_themself(self, world: World, now: datetime) -> None:
        with translation.override("en"), pytest.raises(BadValue, match="for themselves"):
            name_one(world, world.people["officer"], now)

    def test_days_that_cannot_be(self, world: World, colleague: User, now: datetime) -> None:
        for days, field, words in (
            ((LAST, FIRST), "until_on", "is before the first"),
            ((date(2023, 9, 1), date(2023, 9, 13)), "until_on", "has already passed"),
            ((FIRST, FIRST + timedelta(days=366)), "until_on", "up to 366 days"),
            ((date(2923, 9, 18), date(2923, 9, 29)), "from_on", "Check the year"),
        ):
            with translation.override("en"), pytest.raises(BadValue, match=words) as refused:
                name_one(world, colleague, now, from_on=days[0], until_on=days[1])
            assert refused.value.field == field, days

    @pytest.mark.parametrize(
        "days",
        [(TODAY, TODAY), (date(2023, 9, 1), TODAY), (FIRST, FIRST + timedelta(days=365))],
        ids=["one day", "begun before today", "366 days"],
    )
    def test_days_at_the_edge(
        self, world: World, colleague: User, now: datetime, days: tuple[date, date]
    ) -> None:
        assert name_one(world, colleague, now, from_on=days[0], until_on=days[1]).pk

    def test_same_colleague_twice_on_one_day(self, world: World, colleague: User, now: datetime) -> None:
        made = name_one(world, colleague, now)
        with (
            translation.override("en"),
            pytest.raises(NotNow, match="already stands in on some of these days"),
        ):
            name_one(world, colleague, now, from_on=LAST, until_on=LAST + timedelta(days=9))
        assert name_one(
            world, colleague, now, from_on=LAST + timedelta(days=1), until_on=date(2023, 10, 5)
        ).pk
        assert name_one(world, world.people["coordinator"], now).pk
        end_stand_in(made, actor=world.people["officer"], now=now)
        assert name_one(world, colleague, now).pk

    @pytest.mark.parametrize(
        ("days", "is_refused"),
        [
            ((FIRST, LAST), True),
            ((LAST, LAST + timedelta(days=9)), True),
            ((TODAY, FIRST), True),
            ((FIRST + timedelta(days=2), FIRST + timedelta(days=3)), True),
            ((TODAY, FIRST - timedelta(days=1)), False),
            ((LAST + timedelta(days=1), LAST + timedelta(days=9)), False),
        ],
    )
    def test_colleague_who_is_away_too(
        self, world: World, colleague: User, now: datetime, days: tuple[date, date], is_refused: bool
    ) -> None:
        away = name_one(world, world.people["coordinator"], now, absent=colleague)
        about = {"from_on": days[0], "until_on": days[1]}
        if not is_refused:
            assert name_one(world, colleague, now, **about).pk
            return
        with translation.override("en"), pytest.raises(BadValue, match="is also away") as refused:
            name_one(world, colleague, now, **about)
        assert refused.value.field == "colleague"
        end_stand_in(away, actor=colleague, now=now)
        assert name_one(world, colleague, now, **about).pk

    def test_two_in_a_circle(self, world: World, colleague: User, now: datetime) -> None:
        name_one(world, world.people["officer"], now, absent=colleague)
        with translation.override("en"), pytest.raises(BadValue, match="cannot stand in for each other"):
            name_one(world, colleague, now)

    def test_absent_who_gets_nothing(self, world: World, colleague: User, now: datetime) -> None:
        administrator = world.people["administrator"]
        gone = UserFactory(agency=world.own, is_active=False)
        with translation.override("en"), pytest.raises(NotNow, match="is deactivated"):
            name_one(world, colleague, now, absent=gone)
        with translation.override("en"), pytest.raises(NotNow, match="go to everybody at MAPO"):
            name_one(world, colleague, now, absent=world.people["reviewer"], actor=administrator)


class TestEnd:
    def test_end_keeps_the_row_and_tells_the_trail(
        self, world: World, colleague: User, now: datetime
    ) -> None:
        made = end_stand_in(name_one(world, colleague, now), actor=world.people["officer"], now=now)
        assert (made.ended_by, made.ended_at) == (world.people["officer"], now)
        assert last_event("stand_in.ended").before == last_event("stand_in.named").after
        assert not StandIn.objects.standing(TODAY).exists()

    def test_end_twice_is_refused(self, world: World, colleague: User, now: datetime) -> None:
        made = name_one(world, colleague, now)
        end_stand_in(made, actor=world.people["officer"], now=now)
        with pytest.raises(NotNow):
            end_stand_in(made, actor=world.people["officer"], now=now)
        assert len(events("stand_in.ended")) == 1

    def test_database_keeps_what_was_named(self, world: World, colleague: User, now: datetime) -> None:
        name_one(world, colleague, now)
        for change in ("DELETE FROM accounts_standin", "UPDATE accounts_standin SET until_on = '2024-01-01'"):
            with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(change)


class TestRouting:
    """The query that reminders use, and the same conditions in words on the pages."""

    def of_today(self) -> list[StandIn]:
        return list(StandIn.objects.on(FIRST).routing())

    def test_stand_in_routes_between_its_days(self, world: World, colleague: User, now: datetime) -> None:
        made = name_one(world, colleague, now)
        routing = StandIn.objects.routing()
        assert [bool(routing.on(day)) for day in (TODAY, FIRST, LAST, LAST + timedelta(days=1))] == [
            False, True, True, False,
        ]  # fmt: skip
        end_stand_in(made, actor=world.people["officer"], now=now)
        assert self.of_today() == []

    @pytest.mark.parametrize(
        ("of", "change"),
        [
            ("absent", {"is_active": False}),
            ("absent", {"agency": "foreign"}),
            ("colleague", {"is_active": False}),
            ("colleague", {"agency": "foreign"}),
            ("colleague", {"role": Role.OBSERVER}),
        ],
    )
    def test_stand_in_stops_with_the_people_and_says_so(
        self, world: World, colleague: User, now: datetime, of: str, change: dict[str, Any]
    ) -> None:
        made = name_one(world, colleague, now)
        assert self.of_today() == [made]
        if "agency" in change:
            change = {"agency": world.foreign}
        User.objects.filter(pk=getattr(made, of).pk).update(**change)
        assert self.of_today() == []
        [line] = queries.stand_ins_of(made.absent, today=FIRST)
        assert line.trouble

    def test_lines_say_what_is_now_and_what_is_coming(
        self, world: World, colleague: User, now: datetime
    ) -> None:
        name_one(world, colleague, now, from_on=TODAY, until_on=TODAY)
        name_one(world, colleague, now)
        lines = queries.stand_ins_of(world.people["officer"], today=TODAY)
        assert [(line.has_begun, line.trouble) for line in lines] == [(True, ""), (False, "")]
        assert len(queries.stands_in_for(colleague, today=FIRST)) == 1
        assert queries.stand_ins_of(world.people["officer"], today=date(2023, 9, 30)) == []


def page_of(person: User) -> str:
    return reverse("accounts:stand_ins", args=[person.pk])


def form_of(colleague: User, **values: Any) -> dict[str, Any]:
    return {"colleague": colleague.pk, "from_on": "2023-09-18", "until_on": "2023-09-29", **values}


class TestPages:
    @pytest.mark.parametrize(
        ("role", "back"),
        [("officer", "accounts:my_account"), ("administrator", "accounts:person"), ("coordinator", "")],
    )
    def test_name_and_end_from_where_one_came(
        self, client: Client, world: World, colleague: User, role: str, back: str
    ) -> None:
        absent = world.people["officer"]
        client.force_login(world.people[role])
        there = page_of(absent)
        if back:
            there = reverse(back, args=[absent.pk] if back == "accounts:person" else [])
        answer = client.post(page_of(absent), form_of(colleague))
        assert answer["Location"] == there
        made = StandIn.objects.get()
        shown = client.get(there).text
        assert "Rakan sejawat" in shown
        assert reverse("accounts:end_stand_in", args=[made.pk]) in shown
        answer = client.post(reverse("accounts:end_stand_in", args=[made.pk]))
        assert answer["Location"] == there
        made.refresh_from_db()
        assert made.ended_at is not None

    def test_form_offers_who_can_act_and_a_refusal_keeps_what_was_typed(
        self, client: Client, world: World, colleague: User
    ) -> None:
        client.force_login(world.people["officer"])
        form = client.get(page_of(world.people["officer"])).context["form"]
        assert set(form.fields["colleague"].queryset) == {colleague, world.people["coordinator"]}
        for other in (world.foreign_officer, world.invited, world.people["officer"]):
            answer = client.post(page_of(world.people["officer"]), form_of(other))
            assert answer.context["form"].errors["colleague"]
        for from_on in ("", "semalam", "2023-02-30", "99999-01-01"):
            answer = client.post(page_of(world.people["officer"]), form_of(colleague, from_on=from_on))
            assert list(answer.context["form"].errors) == ["from_on"], from_on
        answer = client.post(page_of(world.people["officer"]), form_of(colleague, until_on="2023-09-15"))
        assert answer.status_code == 200
        form = answer.context["form"]
        assert form.errors["until_on"]
        assert form["from_on"].value() == "2023-09-18"
        assert not StandIn.objects.exists()

    def test_form_says_who_is_away_when(
        self, world: World, colleague: User, now: datetime, django_assert_num_queries: Any
    ) -> None:
        name_one(world, world.people["officer"], now, absent=colleague)
        name_one(world, world.people["coordinator"], now, absent=colleague)
        with translation.override("en"), django_assert_num_queries(2):
            form = StandInForm(absent=world.people["officer"], today=TODAY)
            labels = [str(label) for _value, label in form.fields["colleague"].choices]
        told = [label.replace("\u00a0", " ") for label in labels if "away" in label]
        assert told == ["Rakan sejawat · Officer · away 18 – 29 Sep 2023"]

    def test_page_without_colleagues_says_so(self, client: Client, world: World) -> None:
        alone = UserFactory()
        client.force_login(alone)
        assert not client.get(page_of(alone)).context["has_colleagues"]

    def test_nobody_names_or_ends_for_another_agency(
        self, client: Client, world: World, colleague: User, now: datetime
    ) -> None:
        made = name_one(world, colleague, now)
        client.force_login(world.foreign_coordinator)
        assert client.get(page_of(world.people["officer"])).status_code == 404
        assert client.post(page_of(world.people["officer"]), form_of(colleague)).status_code == 404
        assert client.post(reverse("accounts:end_stand_in", args=[made.pk])).status_code == 404
        assert StandIn.objects.get().ended_at is None
        assert len(events("permission.refused")) == 3

    def test_my_account_says_for_whom_one_stands_in(
        self, client: Client, world: World, colleague: User, now: datetime
    ) -> None:
        name_one(world, colleague, now)
        client.force_login(colleague)
        page = client.get(reverse("accounts:my_account"))
        assert [line.stand_in.absent for line in page.context["stands_in_for"]] == [world.people["officer"]]
        assert escape(world.people["officer"].name) in page.text
