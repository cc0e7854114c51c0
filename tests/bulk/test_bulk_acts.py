"""Bulk acts: what would change is told first and writes nothing; then all of it is done, or nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import DatabaseError, transaction
from pytest_django import DjangoAssertNumQueries

from accounts.models import Agency
from audit.errors import DomainError, NotAllowed, NotNow
from audit.models import Event
from bulk.models import BulkAct
from bulk.services.orders import Assign, Confirm, MoveDue, Order, TurnDown
from bulk.services.plan import BulkPlan, apply_bulk, make_plan
from recommendations import services
from recommendations.models import Assignment, Cycle
from recommendations.states import AssignmentRole, ItemKind, Stage
from tests.factories.accounts import make_agency
from tests.factories.recommendations import make_assignment, make_cycle, make_item
from tests.recommendations.conftest import Desk

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]
LATER = date(2023, 11, 30)


def plan_of(desk: Desk, order: Order) -> BulkPlan:
    return make_plan(order, cycle=desk.cycle, now=desk.now)


def apply(desk: Desk, order: Order, *, token: UUID | None = None, **changes: Any) -> BulkAct:
    """Do what a preview, made now, would show."""
    about: dict[str, Any] = {"actor": desk.reviewer, "cycle": desk.cycle, "now": desk.now} | changes
    seen = changes.get("seen", plan_of(desk, order).fingerprints)
    return apply_bulk(order, token=token or uuid4(), **about | {"seen": seen})


def in_force(desk: Desk, count: int, *, agency: Agency | None = None) -> list[Assignment]:
    """So many assignments in force, on items 2 and on."""
    return [
        make_assignment(
            make_item(desk.cycle, number=number),
            agency or desk.agency,
            actor=desk.administrator,
            now=desk.now,
        )
        for number in range(2, count + 2)
    ]


def suggest(desk: Desk, *, number: int, role: str = AssignmentRole.SUPPORT) -> Assignment:
    item = make_item(desk.cycle, number=number)
    return services.suggest_assignment(
        item, agency=desk.other_agency, role=role, actor=desk.administrator, now=desk.now
    )


def move(rows: Iterable[Assignment], **values: Any) -> MoveDue:
    asked: dict[str, Any] = {"field": "next_due_on", "to_day": LATER} | values
    return MoveDue(chosen=tuple(row.pk for row in rows), **asked)


def dates_of(rows: Iterable[Assignment]) -> list[date | None]:
    found = Assignment.objects.filter(pk__in=[row.pk for row in rows]).order_by("pk")
    return list(found.values_list("next_due_on", flat=True))


class TestPlan:
    def test_plan_tells_before_and_after_and_writes_nothing(self, desk: Desk) -> None:
        rows = in_force(desk, 2)
        events, versions = Event.objects.count(), desk.assignment.versions.count()
        plan = plan_of(desk, move(rows))
        assert [(step.before or {})["next_due_on"] for step in plan.steps] == [date(2023, 10, 14)] * 2
        assert [step.after["next_due_on"] for step in plan.steps] == [LATER, LATER]
        assert plan.can_be_applied and dates_of(rows) == [date(2023, 10, 14)] * 2
        assert (Event.objects.count(), desk.assignment.versions.count()) == (events, versions)
        assert not BulkAct.objects.exists()
        Assignment.objects.filter(pk=rows[0].pk).update(next_due_on=date(2023, 10, 1))
        plan = plan_of(desk, move(rows, to_day=None, by_days=14))
        assert [step.after["next_due_on"] for step in plan.steps] == [date(2023, 10, 15), date(2023, 10, 28)]
        Assignment.objects.filter(pk=rows[0].pk).update(next_due_on=LATER)
        plan = plan_of(desk, move(rows))
        assert [step.assignment.pk for step in plan.unchanged] == [rows[0].pk]
        assert plan.can_be_applied

    def test_plan_leaves_other_cycles_alone_and_says_that_one_is_closed(self, desk: Desk) -> None:
        elsewhere = make_item(make_cycle(2021))
        order = Assign(places=((elsewhere.pk, desk.agency.pk),), role=AssignmentRole.LEAD)
        assert plan_of(desk, order).steps == ()
        Cycle.objects.update(closed_at=desk.now)
        desk.cycle.refresh_from_db()
        plan = plan_of(desk, move([desk.assignment]))
        assert "closed" in plan.refusal and not plan.can_be_applied

    @pytest.mark.parametrize("count", [1, 120])
    def test_plan_takes_the_same_queries_for_one_and_for_120(
        self, desk: Desk, count: int, django_assert_num_queries: DjangoAssertNumQueries
    ) -> None:
        order = move(in_force(desk, count))
        with django_assert_num_queries(2):
            plan_of(desk, order)


def _ended(desk: Desk) -> Order:
    services.end_assignment(desk.assignment, reason="Pindah", actor=desk.reviewer, now=desk.now)
    return move([desk.assignment])


def _turned_down(desk: Desk) -> Order:
    suggestion = suggest(desk, number=9)
    services.end_assignment(suggestion, actor=desk.reviewer, now=desk.now)
    return Confirm(chosen=(suggestion.pk,))


def _second_lead(desk: Desk) -> Order:
    rival = services.suggest_assignment(
        desk.item,
        agency=desk.other_agency,
        role=AssignmentRole.LEAD,
        actor=desk.administrator,
        now=desk.now,
    )
    return Confirm(chosen=(rival.pk,))


def _assigning(**values: Any) -> Callable[[Desk], Order]:
    def make(desk: Desk) -> Order:
        asked: dict[str, Any] = {"role": AssignmentRole.SUPPORT, "agency": desk.other_agency} | values
        item = (
            make_item(desk.cycle, kind=ItemKind.ACHIEVEMENT)
            if asked.pop("is_achievement", False)
            else desk.item
        )
        agency = make_agency("LAMA", is_active=False) if asked["agency"] == "asleep" else asked["agency"]
        agency = desk.agency if agency == "own" else agency
        terms = {name: value for name, value in asked.items() if name != "agency"}
        return Assign(places=((item.pk, agency.pk),), **terms)

    return make


class TestRules:
    @pytest.mark.parametrize(
        ("make", "told"),
        [
            (_ended, "This assignment has ended"),
            (lambda desk: move([desk.assignment], to_day=date(2024, 4, 1)), "within the assessment window"),
            (lambda desk: move([desk.assignment], to_day=date(2023, 3, 31)), "within the assessment window"),
            (_turned_down, "already turned down"),
            (_second_lead, "already has a lead agency"),
            (_assigning(is_achievement=True), "Achievements have no assignments"),
            (_assigning(agency="asleep"), "LAMA is not active"),
            (_assigning(agency="own"), "PDRM is already on Recommendation 1"),
            (_assigning(role=AssignmentRole.LEAD), "already has a lead agency"),
            (_assigning(agency="own", role=AssignmentRole.LEAD), "PDRM is already on Recommendation 1"),
            (_assigning(due_on=date(2030, 1, 1)), "within the assessment window"),
        ],
    )
    def test_plan_refuses_in_the_words_of_the_service(
        self, desk: Desk, make: Callable[[Desk], Order], told: str
    ) -> None:
        order = make(desk)
        (step,) = plan_of(desk, order).refused
        assert told in step.refusal
        if isinstance(order, MoveDue):
            return
        with pytest.raises(DomainError) as refused, transaction.atomic():
            order.carry_out(step.assignment, actor=desk.reviewer, now=desk.now)
        assert str(refused.value) == step.refusal

    def test_service_refuses_a_day_outside_the_window(self, desk: Desk) -> None:
        for day in (date(2024, 4, 1), date(2023, 3, 31)):
            with pytest.raises(NotNow, match="within the assessment window"):
                services.change_assignment(
                    desk.assignment,
                    role=AssignmentRole.LEAD,
                    due_on=day,
                    cadence_days=None,
                    next_due_on=desk.assignment.next_due_on,
                    actor=desk.reviewer,
                    now=desk.now,
                )

    def test_move_refuses_a_day_that_is_over_and_what_has_no_date(self, desk: Desk) -> None:
        (step,) = plan_of(desk, move([desk.assignment], to_day=date(2023, 9, 13))).refused
        assert "That day has passed" in step.refusal
        assert not plan_of(desk, move([desk.assignment], to_day=date(2023, 9, 14))).refused
        Assignment.objects.update(next_due_on=None)
        assert plan_of(desk, move([desk.assignment], to_day=None, by_days=7)).refused
        assert not plan_of(desk, move([desk.assignment])).refused

    def test_move_refuses_the_update_date_of_a_suggestion_but_moves_its_final_date(self, desk: Desk) -> None:
        suggestion = suggest(desk, number=2)
        assert "does not report yet" in plan_of(desk, move([suggestion])).refused[0].refusal
        apply(desk, move([suggestion], field="due_on"))
        suggestion.refresh_from_db()
        assert (suggestion.due_on, suggestion.stage) == (LATER, Stage.SUGGESTED)

    def test_turn_down_ends_nothing_in_force_and_assign_makes_no_second_lead(self, desk: Desk) -> None:
        order = TurnDown(chosen=(desk.assignment.pk,))
        assert "is in force" in plan_of(desk, order).refused[0].refusal
        with pytest.raises(NotNow):
            apply(desk, order)
        item = make_item(desk.cycle, number=2)
        places = ((item.pk, desk.agency.pk), (item.pk, desk.other_agency.pk))
        plan = plan_of(desk, Assign(places=places, role=AssignmentRole.LEAD))
        assert [bool(step.refusal) for step in plan.steps] == [False, True]


class TestApply:
    def test_move_changes_all_with_one_event_each_and_keeps_both_dates(self, desk: Desk) -> None:
        rows = in_force(desk, 5)
        act = apply(desk, move(rows, reason="Cuti umum"))
        assert dates_of(rows) == [LATER] * 5
        events = Event.objects.filter(action="assignment.changed")
        assert [event.reason for event in events] == ["Cuti umum"] * 5
        step = act.steps.get(assignment=rows[0])
        assert (step.before["next_due_on"], step.after["next_due_on"]) == ("2023-10-14", "2023-11-30")
        assert (act.reason, act.actor, act.cycle) == ("Cuti umum", desk.reviewer, desk.cycle)

    def test_confirm_and_turn_down_settle_what_is_chosen(self, desk: Desk) -> None:
        first, second = suggest(desk, number=2, role=AssignmentRole.LEAD), suggest(desk, number=3)
        apply(desk, Confirm(chosen=(first.pk,)))
        apply(desk, TurnDown(chosen=(second.pk,)))
        first.refresh_from_db()
        second.refresh_from_db()
        assert (first.stage, first.next_due_on, second.stage) == (
            Stage.CONFIRMED,
            date(2023, 10, 14),
            Stage.ENDED,
        )
        actions = ("assignment.confirmed", "assignment.turned_down")
        assert Event.objects.filter(action__in=actions).count() == 2

    def test_assign_puts_several_agencies_on_several_items(self, desk: Desk) -> None:
        items = [make_item(desk.cycle, number=number) for number in (2, 3)]
        agencies = [desk.agency, desk.other_agency]
        places = tuple((item.pk, agency.pk) for item in items for agency in agencies)
        order = Assign(places=places, role=AssignmentRole.SUPPORT, due_on=LATER, cadence_days=14)
        act = apply(desk, order)
        made = Assignment.objects.filter(item__in=items)
        assert {(each.stage, each.due_on, each.cadence_days) for each in made} == {
            (Stage.CONFIRMED, LATER, 14)
        }
        assert made.count() == 4 and [step.before for step in act.steps.all()] == [None] * 4
        assert (
            Event.objects.filter(
                action="assignment.assigned", item_id__in=[item.pk for item in items]
            ).count()
            == 4
        )

    def test_one_that_breaks_a_rule_stops_all(self, desk: Desk) -> None:
        rows = in_force(desk, 3)
        services.end_assignment(rows[1], reason="Pindah", actor=desk.reviewer, now=desk.now)
        with pytest.raises(NotNow, match="Not all of it can be done"):
            apply(desk, move(rows))
        assert LATER not in dates_of(rows) and not BulkAct.objects.exists()

    def test_what_changed_since_the_preview_or_was_not_seen_stops_all(self, desk: Desk) -> None:
        rows = in_force(desk, 2)
        order = move(rows)
        seen = plan_of(desk, order).fingerprints
        Assignment.objects.filter(pk=rows[0].pk).update(next_due_on=date(2023, 10, 20))
        with pytest.raises(NotNow, match="Something changed after you opened the preview"):
            apply(desk, order, seen=seen)
        assert plan_of(desk, order).differing(seen)[0].assignment == rows[0]
        assert LATER not in dates_of(rows)
        seen = plan_of(desk, move(rows[:1])).fingerprints
        with pytest.raises(NotNow, match="Something changed"):
            apply(desk, move(rows), seen=seen)
        with pytest.raises(NotNow, match="Something changed"):
            apply(desk, move(rows[:1]), seen={**seen, "999": "x"})

    def test_sent_twice_it_is_done_once(self, desk: Desk) -> None:
        rows, token = in_force(desk, 2), uuid4()
        order = move(rows, to_day=None, by_days=7)
        seen = plan_of(desk, order).fingerprints
        first = apply(desk, order, seen=seen, token=token)
        assert apply(desk, order, seen=seen, token=token) == first
        assert dates_of(rows) == [date(2023, 10, 21)] * 2
        assert Event.objects.filter(action="assignment.changed").count() == 2

    def test_closed_cycle_takes_no_bulk_act(self, desk: Desk) -> None:
        order = move([desk.assignment])
        seen = plan_of(desk, order).fingerprints
        Cycle.objects.update(closed_at=desk.now)
        with pytest.raises(NotNow, match="closed"):
            apply(desk, order, seen=seen)

    def test_only_mapo_acts_in_bulk_and_not_where_nothing_would_change(self, desk: Desk) -> None:
        for person in (desk.officer, desk.coordinator, desk.outsider, desk.observer):
            with pytest.raises(NotAllowed):
                apply(desk, move([desk.assignment]), actor=person)
        assert not BulkAct.objects.exists()
        Assignment.objects.update(next_due_on=LATER)
        with pytest.raises(NotNow, match="Nothing would change"):
            apply(desk, move([desk.assignment]))
        with pytest.raises(NotNow, match="Nothing would change"):
            apply(desk, move([]))

    def test_120_at_once_take_few_queries_each(
        self, desk: Desk, django_assert_max_num_queries: DjangoAssertNumQueries
    ) -> None:
        order = move(in_force(desk, 120))
        with django_assert_max_num_queries(40 + 120 * 12):
            act = apply(desk, order)
        assert act.steps.count() == 120

    def test_kept_steps_cannot_be_changed(self, desk: Desk) -> None:
        act = apply(desk, move([desk.assignment]))
        for change in (
            lambda: act.steps.update(after={}),
            lambda: BulkAct.objects.update(kind="confirm"),
            lambda: BulkAct.objects.update(reason="Lain"),
            lambda: BulkAct.objects.update(done_at=desk.now - timedelta(days=1)),
        ):
            with pytest.raises(DatabaseError), transaction.atomic():
                change()
