"""Administrators add, change and switch rules; each act is recorded, and two at once add no twins."""

from __future__ import annotations

import pytest

from accounts.models import User
from audit.errors import NotAllowed, NotNow, Stale
from audit.models import Event
from cycles.services import close_cycle
from reminders.kinds import ReminderKind
from reminders.models import ReminderRule
from reminders.rules.checks import RuleValues
from reminders.services.rules import BadRule, add_rule, change_rule, switch_rule
from tests.factories.reminders import make_rule
from tests.recommendations.conftest import Desk
from tests.reminders.rules import values
from tests.shared import shared

pytestmark = pytest.mark.django_db


@shared
def rule(desk: Desk) -> ReminderRule:
    return make_rule(desk.cycle, ReminderKind.UPDATE_DUE, first_days=5)


def mark(rule: ReminderRule) -> str:
    return RuleValues.of(rule).mark


def people(desk: Desk) -> list[User]:
    return [desk.officer, desk.coordinator, desk.reviewer, desk.observer]


class TestAdding:
    def test_add_keeps_the_rule_switched_on_and_records_it(self, desk: Desk, rule: ReminderRule) -> None:
        wanted = values(every_days=3, times=2, coordinator_days=4, is_urgent=True)
        added = add_rule(desk.cycle, wanted=wanted, actor=desk.administrator, now=desk.now)
        kept = ReminderRule.objects.get(pk=added.pk)
        assert (kept.cycle, kept.is_on, RuleValues.of(kept)) == (desk.cycle, True, wanted)
        event = Event.objects.get(action="rule.added")
        assert (event.actor_id, event.object_id) == (desk.administrator.pk, str(kept.pk))
        assert event.after is not None
        assert (event.after["first_days"], event.after["times"]) == (2, 2)

    def test_add_to_a_cycle_without_rules_gives_it_the_usual_ones_first(self, desk: Desk) -> None:
        add_rule(desk.cycle, wanted=values(first_days=33), actor=desk.administrator, now=desk.now)
        assert ReminderRule.objects.filter(cycle=desk.cycle).count() > 20
        assert Event.objects.filter(action="rules.loaded").count() == 1

    def test_add_without_sense_of_a_twin_or_by_others_is_refused(
        self, desk: Desk, rule: ReminderRule
    ) -> None:
        with pytest.raises(BadRule) as error:
            add_rule(desk.cycle, wanted=values(mapo_days=1), actor=desk.administrator, now=desk.now)
        assert set(error.value.problems) == {"mapo_days"}
        assert error.value.problems["mapo_days"] in str(error.value)
        assert ReminderRule.objects.count() == 1
        assert not Event.objects.filter(action="rule.added").exists()
        twin = values(first_days=5, every_days=2)
        with pytest.raises(BadRule):
            add_rule(desk.cycle, wanted=twin, actor=desk.administrator, now=desk.now)
        switch_rule(rule, is_on=False, actor=desk.administrator, now=desk.now)
        assert add_rule(desk.cycle, wanted=twin, actor=desk.administrator, now=desk.now).is_on
        for person in people(desk):
            with pytest.raises(NotAllowed):
                add_rule(desk.cycle, wanted=values(), actor=person, now=desk.now)
        desk.administrator.is_active = False
        with pytest.raises(NotAllowed):
            add_rule(desk.cycle, wanted=values(), actor=desk.administrator, now=desk.now)

    def test_closed_cycle_takes_no_rule(self, desk: Desk) -> None:
        close_cycle(desk.cycle, reason="Tamat.", actor=desk.administrator, now=desk.now)
        with pytest.raises(NotNow):
            add_rule(desk.cycle, wanted=values(), actor=desk.administrator, now=desk.now)


class TestChanging:
    def test_change_records_what_was_and_what_is(self, desk: Desk, rule: ReminderRule) -> None:
        wanted = values(first_days=6, mapo_days=8)
        change_rule(rule, seen=mark(rule), wanted=wanted, actor=desk.administrator, now=desk.now)
        assert RuleValues.of(ReminderRule.objects.get(pk=rule.pk)) == wanted
        event = Event.objects.get(action="rule.changed")
        assert event.before == {"first_days": 5, "mapo_days": None}
        assert event.after == {"first_days": 6, "mapo_days": 8}

    def test_change_on_a_stale_form_is_refused_with_what_stands_now(
        self, desk: Desk, rule: ReminderRule
    ) -> None:
        seen = mark(rule)
        theirs = values(first_days=7)
        change_rule(rule, seen=seen, wanted=theirs, actor=desk.administrator, now=desk.now)
        with pytest.raises(Stale) as error:
            change_rule(rule, seen=seen, wanted=values(first_days=8), actor=desk.administrator, now=desk.now)
        assert error.value.current == theirs
        assert ReminderRule.objects.get().first_days == 7

    def test_change_to_the_same_into_a_twin_by_others_or_in_a_closed_cycle_is_refused(
        self, desk: Desk, rule: ReminderRule
    ) -> None:
        with pytest.raises(NotNow):
            change_rule(
                rule, seen=mark(rule), wanted=RuleValues.of(rule), actor=desk.administrator, now=desk.now
            )
        assert not Event.objects.filter(action="rule.changed").exists()
        for person in people(desk):
            with pytest.raises(NotAllowed):
                change_rule(rule, seen=mark(rule), wanted=values(), actor=person, now=desk.now)
        other = make_rule(desk.cycle, ReminderKind.UPDATE_DUE, first_days=9)
        with pytest.raises(BadRule) as error:
            change_rule(
                rule, seen=mark(rule), wanted=RuleValues.of(other), actor=desk.administrator, now=desk.now
            )
        assert set(error.value.problems) == {"first_days"}
        close_cycle(desk.cycle, reason="Tamat.", actor=desk.administrator, now=desk.now)
        with pytest.raises(NotNow):
            change_rule(rule, seen=mark(rule), wanted=values(), actor=desk.administrator, now=desk.now)
        with pytest.raises(NotNow):
            switch_rule(rule, is_on=False, actor=desk.administrator, now=desk.now)

    def test_change_of_the_repeats_is_not_a_twin_of_itself(self, desk: Desk, rule: ReminderRule) -> None:
        wanted = values(first_days=5, every_days=2)
        change_rule(rule, seen=mark(rule), wanted=wanted, actor=desk.administrator, now=desk.now)
        assert ReminderRule.objects.get().every_days == 2


class TestSwitching:
    def test_switch_on_is_refused_once_the_dates_leave_no_room(self, desk: Desk) -> None:
        off = make_rule(desk.cycle, ReminderKind.INTERIM, first_days=-20, is_on=False)
        type(desk.cycle).objects.update(interim_on=desk.cycle.window_start)
        with pytest.raises(BadRule):
            switch_rule(off, is_on=True, actor=desk.administrator, now=desk.now)

    def test_switch_off_and_on_is_recorded_and_administrators_alone_do_it(
        self, desk: Desk, rule: ReminderRule
    ) -> None:
        for person in people(desk):
            with pytest.raises(NotAllowed):
                switch_rule(rule, is_on=False, actor=person, now=desk.now)
        for is_on in (False, False, True, True):
            switched = switch_rule(rule, is_on=is_on, actor=desk.administrator, now=desk.now)
            assert switched.is_on is is_on
        actions = Event.objects.filter(object_type="reminders.ReminderRule").order_by("pk")
        assert list(actions.values_list("action", flat=True)) == ["rule.switched_off", "rule.switched_on"]
        off = make_rule(desk.cycle, ReminderKind.UPDATE_DUE, first_days=5, is_on=False)
        with pytest.raises(BadRule):
            switch_rule(off, is_on=True, actor=desk.administrator, now=desk.now)
