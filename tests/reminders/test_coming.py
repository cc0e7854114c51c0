"""The next reminders of a rule: what the preview says of a day is what the planning adds on it."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta
from typing import Any

import pytest
from django.http import HttpResponse
from django.urls import reverse

from accounts.clearance import Clearance
from accounts.models import Agency, User
from accounts.roles import Role
from audit.models import Event
from recommendations.models import Assignment
from recommendations.services import name_officers
from reminders.due.preview_tables import PreviewRule
from reminders.due.reminders import MOST_DAYS, coming_reminders
from reminders.kinds import ReminderKind
from reminders.models import Reminder, ReminderRule
from reminders.queries.coming import RECIPIENTS_LISTED, RulePreview
from reminders.rules.checks import RuleValues
from reminders.services.planning import plan
from reminders.services.rules import add_rule, change_rule
from reminders.states import Audience
from tests.conftest import Clock
from tests.factories.accounts import UserFactory
from tests.factories.recommendations import make_assignment, make_item, make_submission
from tests.factories.reminders import make_day_off, make_rule, make_stand_in, prefer
from tests.recommendations.conftest import Desk
from tests.recommendations.pages import browser_of, words_of
from tests.reminders.rules import typed, values
from tests.reminders.steps import DAY, at, leave

pytestmark = pytest.mark.django_db

TODAY = date(2023, 9, 14)
#: A Wednesday.
DUE = date(2023, 9, 20)

#: A reminder as the outbox keeps it: recipient, matter, date and level.
Said = tuple[str, str, date, int]


def supposed(rule: ReminderRule) -> PreviewRule:
    return PreviewRule(RuleValues.of(rule), rule.cycle, rule.pk)


def foretold(rule: PreviewRule) -> tuple[dict[date, set[Said]], date]:
    """What the preview says by day, and until when it looked."""
    coming = coming_reminders(rule, today=TODAY, enough=10_000)
    return {each.day: {row.key for row in each.rows} for each in coming.days}, coming.asked_until


def added_until(last: date, rule: ReminderRule, clock: Clock) -> dict[date, set[Said]]:
    """What the planning adds by the rule, planning on every day."""
    found: dict[date, set[Said]] = defaultdict(set)
    known: set[int] = set()
    for ahead in range((last - TODAY).days + 1):
        day = TODAY + ahead * DAY
        plan(now=clock.move_to(at(day, 17)))
        fresh = Reminder.objects.exclude(pk__in=known)
        for pk, rule_id, *said in fresh.values_list(
            "pk", "rule_id", "recipient", "matter", "due_on", "level"
        ):
            known.add(pk)
            if rule_id == rule.pk:
                found[day].add(tuple(said))
    return dict(found)


def make_much(desk: Desk) -> None:
    """Assignments at two agencies, one of them in Johor, with dates over some weeks; a day off, and a stand-in."""
    Agency.objects.filter(pk=desk.other_agency.pk).update(place="JHR")
    Assignment.objects.update(next_due_on=DUE, due_on=date(2023, 10, 2))
    for number in range(2, 9):
        agency = desk.agency if number % 2 else desk.other_agency
        assignment = make_assignment(
            make_item(desk.cycle, number=number), agency, actor=desk.administrator, now=desk.now
        )
        due_on = date(2023, 8, 28) + number * timedelta(days=5)
        Assignment.objects.filter(pk=assignment.pk).update(
            next_due_on=due_on, due_on=due_on + timedelta(days=9)
        )
    name_officers(desk.assignment, officers=[desk.officer], actor=desk.reviewer, now=desk.now)
    make_submission(desk.assignment, actor=desk.officer, now=desk.now)
    make_day_off(date(2023, 9, 21), actor=desk.administrator, now=desk.now)
    make_stand_in(
        desk.coordinator,
        desk.colleague,
        from_on=date(2023, 9, 22),
        until_on=date(2023, 9, 30),
        now=desk.now,
    )
    prefer(desk.coordinator, muted=[ReminderKind.FINAL_DUE])
    UserFactory(role=Role.OFFICER, agency=desk.agency, joined_at=None)


class TestDaysAreThoseOfThePlanning:
    @pytest.mark.parametrize(
        ("what", "days"),
        [
            (ReminderKind.UPDATE_DUE, {"first_days": -1, "every_days": 2, "times": 4, "mapo_days": 2}),
            (ReminderKind.FINAL_DUE, {"first_days": -8, "every_days": 5, "coordinator_days": -2}),
            (ReminderKind.REVIEW_WAITING, {"first_days": 2, "every_days": 1, "audience": Audience.MAPO}),
            pytest.param(ReminderKind.UPDATE_DUE, {"first_days": -3}, marks=pytest.mark.long),
            pytest.param(ReminderKind.UPDATE_DUE, {"first_days": 0, "every_days": 3}, marks=pytest.mark.long),
            pytest.param(
                ReminderKind.FINAL_DUE, {"first_days": 1, "audience": Audience.MAPO}, marks=pytest.mark.long
            ),
            (ReminderKind.INTERIM, {"first_days": -10, "every_days": 2, "times": 3}),
        ],
    )
    def test_each_day_is_what_the_planning_adds_on_it(
        self, desk: Desk, clock: Clock, what: str, days: dict[str, Any]
    ) -> None:
        make_much(desk)
        type(desk.cycle).objects.update(interim_on=date(2023, 10, 3))
        rule = make_rule(desk.cycle, what, **days)
        # Another rule about the same date, which is the higher one on some days.
        make_rule(desk.cycle, what, first_days=2, audience=Audience.COORDINATOR)
        foreseen, until = foretold(supposed(rule))
        assert foreseen
        assert added_until(until, rule, clock) == foreseen

    def test_rule_that_is_typed_says_what_it_does_once_it_is_saved(self, desk: Desk, clock: Clock) -> None:
        make_much(desk)
        rule = make_rule(desk.cycle, ReminderKind.UPDATE_DUE, first_days=4)
        wanted = values(first_days=-2, every_days=3, mapo_days=4)
        foreseen, until = foretold(PreviewRule(wanted, desk.cycle, rule.pk))
        assert foreseen != foretold(supposed(rule))[0]
        rule = change_rule(
            rule, seen=RuleValues.of(rule).mark, wanted=wanted, actor=desk.administrator, now=desk.now
        )
        assert added_until(until, rule, clock) == foreseen

    def test_new_rule_says_what_it_does_once_it_is_saved(self, desk: Desk, clock: Clock) -> None:
        make_much(desk)
        make_rule(desk.cycle, ReminderKind.UPDATE_DUE, first_days=1)
        wanted = values(first_days=-1, every_days=2, times=2)
        foreseen, until = foretold(PreviewRule(wanted, desk.cycle))
        rule = add_rule(desk.cycle, wanted=wanted, actor=desk.administrator, now=desk.now)
        assert added_until(until, rule, clock) == foreseen

    def test_what_was_said_is_not_to_come(self, desk: Desk, clock: Clock) -> None:
        make_much(desk)
        rule = make_rule(desk.cycle, ReminderKind.UPDATE_DUE, first_days=0)
        assert TODAY in foretold(supposed(rule))[0]
        plan(now=desk.now)
        assert TODAY not in foretold(supposed(rule))[0]


def look(desk: Desk, rule: ReminderRule, language: str = "en") -> HttpResponse:
    answer: HttpResponse = browser_of(desk.administrator, language).get(
        reverse("reminders:rule", args=[rule.pk])
    )
    return answer


def told_by_day(preview: RulePreview) -> dict[date, list[str]]:
    return {
        each.day: [listed.recipient.name for _code, group in each.agencies for listed in group]
        for each in preview.days
    }


class TestPage:
    def test_rule_lists_days_people_and_what_for(self, desk: Desk) -> None:
        Assignment.objects.update(next_due_on=DUE, due_on=None)
        User.objects.filter(pk=desk.coordinator.pk).update(post="Penolong Pengarah")
        rule = make_rule(desk.cycle, ReminderKind.UPDATE_DUE, first_days=-2, every_days=2, times=1)
        response = look(desk, rule)
        assert told_by_day(response.context["preview"]) == {
            date(2023, 9, 18): [desk.coordinator.name],
            date(2023, 9, 20): [desk.coordinator.name],
        }
        words = words_of(response)
        for text in (
            "Next reminders of this rule",
            "18 Sep",
            desk.coordinator.name,
            "Penolong Pengarah",
            "PDRM",
            "Bell and daily e-mail",
            "Recommendation 1: due in 2 days, on 20 September 2023",
        ):
            assert text in words
        assert not Reminder.objects.exists()

    def test_look_lists_them_before_anything_is_saved(self, desk: Desk) -> None:
        Assignment.objects.update(next_due_on=DUE, due_on=None)
        rule = make_rule(desk.cycle, ReminderKind.UPDATE_DUE, first_days=5)
        for url, seen in (
            ("/reminders/rules/add/", ""),
            (f"/reminders/rules/{rule.pk}/", RuleValues.of(rule).mark),
        ):
            fields = typed(values(first_days=-1, is_urgent=True), act="look", seen=seen)
            response = browser_of(desk.administrator, "en").post(url, fields)
            assert told_by_day(response.context["preview"]) == {date(2023, 9, 19): [desk.coordinator.name]}
            assert "Next reminders, if you save it like this" in words_of(response)
            assert "Bell, and e-mail at once" in words_of(response)
        assert ReminderRule.objects.get().first_days == 5
        assert not Event.objects.filter(object_type="reminders.ReminderRule").exists()

    def test_rule_without_anything_to_come_says_until_when_it_looked(self, desk: Desk) -> None:
        Assignment.objects.update(next_due_on=None, due_on=None)
        rule = make_rule(desk.cycle, ReminderKind.UPDATE_DUE)
        assert "No reminder to come" in words_of(look(desk, rule))
        assert "Tiada peringatan akan datang" in words_of(look(desk, rule, "ms"))

    def test_rule_that_is_off_is_shown_as_if_it_were_on(self, desk: Desk) -> None:
        Assignment.objects.update(next_due_on=DUE, due_on=None)
        rule = make_rule(desk.cycle, ReminderKind.UPDATE_DUE, is_on=False)
        response = look(desk, rule)
        assert "This is what it would send if it were on" in words_of(response)
        assert list(told_by_day(response.context["preview"])) == [DUE]

    def test_many_are_cut_and_counted_in_as_many_queries(
        self, desk: Desk, django_assert_max_num_queries: Any
    ) -> None:
        Assignment.objects.update(next_due_on=DUE, due_on=None)
        rule = make_rule(
            desk.cycle, ReminderKind.UPDATE_DUE, first_days=-2, every_days=1, coordinator_days=-2
        )
        for _number in range(RECIPIENTS_LISTED + 5):
            UserFactory(role=Role.COORDINATOR, agency=desk.agency)
        browser = browser_of(desk.administrator, "en")
        with django_assert_max_num_queries(MOST_DAYS + 32):
            response = browser.get(reverse("reminders:rule", args=[rule.pk]))
        (day,) = response.context["preview"].days
        assert (day.count, day.more_count) == (RECIPIENTS_LISTED + 6, 6)
        assert "and 6 more recipients on this day" in words_of(response)

    def test_person_with_many_reminders_shows_the_first_and_how_many_more(self, desk: Desk) -> None:
        Assignment.objects.update(next_due_on=DUE, due_on=None)
        for number in range(2, 7):
            make_assignment(
                make_item(desk.cycle, number=number), desk.agency, actor=desk.reviewer, now=desk.now
            )
        Assignment.objects.update(next_due_on=DUE, due_on=None)
        rule = make_rule(desk.cycle, ReminderKind.UPDATE_DUE)
        assert "and 3 more" in words_of(look(desk, rule))


class TestPassedBy:
    def reasons(self, desk: Desk, rule: ReminderRule, language: str = "en") -> dict[str, str]:
        return {each.name: each.reason for each in look(desk, rule, language).context["preview"].passed_by}

    def test_who_cannot_be_told_is_listed_with_the_reason(self, desk: Desk) -> None:
        Assignment.objects.update(next_due_on=DUE, due_on=None)
        invited = UserFactory(role=Role.COORDINATOR, agency=desk.agency, joined_at=None)
        name_officers(
            desk.assignment, officers=[desk.officer, desk.colleague], actor=desk.reviewer, now=desk.now
        )
        prefer(desk.colleague, muted=[ReminderKind.UPDATE_DUE])
        leave(desk.officer, desk)
        rule = make_rule(desk.cycle, ReminderKind.UPDATE_DUE, coordinator_days=0)
        assert self.reasons(desk, rule) == {
            invited.name: "Invited, not yet joined",
            desk.colleague.name: "Muted by this person: in their list only",
            desk.officer.name: "Deactivated, but still named",
        }
        assert desk.coordinator.name in str(told_by_day(look(desk, rule).context["preview"]))

    def test_agency_where_nobody_can_act_is_listed(self, desk: Desk) -> None:
        Assignment.objects.update(next_due_on=DUE, due_on=None)
        for person in (desk.officer, desk.colleague, desk.coordinator):
            leave(person, desk)
        rule = make_rule(desk.cycle, ReminderKind.UPDATE_DUE)
        assert self.reasons(desk, rule) == {"PDRM": "Nobody there can act: MAPO is told"}
        assert self.reasons(desk, rule, "ms") == {
            "PDRM": "Tiada sesiapa di sana yang boleh bertindak: MAPO dimaklumkan"
        }

    def test_update_above_the_readers_clearance_is_not_mentioned(self, desk: Desk) -> None:
        make_submission(desk.assignment, actor=desk.officer, now=desk.now)
        rule = make_rule(desk.cycle, ReminderKind.REVIEW_WAITING, audience=Audience.MAPO, first_days=1)
        User.objects.filter(pk=desk.reviewer.pk).update(clearance=Clearance.OPEN)
        assert self.reasons(desk, rule) == {desk.reviewer.name: "The update is above their clearance"}
        User.objects.filter(pk=desk.administrator.pk).update(clearance=Clearance.OPEN)
        preview = look(desk, rule).context["preview"]
        assert (preview.days, preview.passed_by) == ([], [])
