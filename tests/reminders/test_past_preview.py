"""A past day in the preview: what was due then, whatever was changed since, and what became of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime
from typing import Any

import pytest
from django.http import HttpResponse

from accounts.services.people import deactivate_person
from audit.clock import end_of_day
from recommendations.models import Assignment, Cycle
from recommendations.services import (
    cancel_action,
    decline_assignment,
    name_officers,
    plan_action,
    return_update,
)
from reminders.due.calendar import WorkCalendars
from reminders.due.past import Past
from reminders.due.reminders import due_reminders
from reminders.kinds import ReminderKind
from reminders.models import Reminder, ReminderRule
from reminders.rules.checks import RuleValues
from reminders.services.planning import plan
from reminders.services.rules import change_rule, switch_rule
from reminders.states import Audience
from tests.conftest import Clock
from tests.factories.accounts import UserFactory
from tests.factories.recommendations import make_accepted, make_assignment, make_item, make_submission
from tests.factories.reminders import make_day_off, make_rule, make_stand_in
from tests.recommendations.conftest import Desk
from tests.recommendations.pages import browser_of, words_of
from tests.reminders.rules import values
from tests.reminders.steps import DAY, at, due_on

pytestmark = pytest.mark.django_db

TODAY = date(2023, 9, 14)
#: A Wednesday.
DUE = date(2023, 9, 20)


def due_then(day: date) -> set[Any]:
    past = Past(end_of_day(day))
    calendars = WorkCalendars.load(before=past.before)
    return set(due_reminders(day, exactly=True, supposed=past, calendars=calendars))


def make_rules(cycle: Cycle) -> ReminderRule:
    """A rule of each kind, all of them often; the first is returned."""
    first, *_others = [
        make_rule(cycle, what, first_days=-2 if what in (ReminderKind.UPDATE_DUE, "final_due") else 0, every_days=1, **more)
        for what, more in (
            (ReminderKind.UPDATE_DUE, {"coordinator_days": 0, "mapo_days": 1}),
            (ReminderKind.FINAL_DUE, {}),
            (ReminderKind.RETURNED, {}),
            (ReminderKind.RESUBMIT_DUE, {}),
            (ReminderKind.REVIEW_WAITING, {"audience": Audience.MAPO}),
            (ReminderKind.REQUEST_WAITING, {"audience": Audience.MAPO}),
            (ReminderKind.ACTION_DUE, {}),
        )
    ]  # fmt: skip
    return first


def happenings(desk: Desk, rule: ReminderRule) -> Iterator[Callable[[datetime], object]]:
    """What happens, one thing a day: each takes the instant."""
    other = make_assignment(
        make_item(desk.cycle, number=2), desk.other_agency, actor=desk.reviewer, now=desk.now
    )
    sent: list[Any] = []
    steps: list[Any] = []
    yield lambda now: steps.append(
        plan_action(
            desk.assignment,
            text="Kursus",
            owner=desk.officer,
            due_on=TODAY + DAY,
            actor=desk.officer,
            now=now,
        )
    )
    yield lambda now: name_officers(desk.assignment, officers=[desk.officer], actor=desk.reviewer, now=now)
    yield lambda now: make_stand_in(
        desk.officer, desk.colleague, from_on=DUE, until_on=date(2023, 10, 6), now=now
    )
    yield lambda now: decline_assignment(other, reason="Bukan bidang kami.", actor=desk.outsider, now=now)
    yield lambda now: due_on(desk.assignment, date(2023, 9, 22), desk, now)
    yield lambda now: name_officers(
        desk.assignment, officers=[desk.colleague, desk.officer], actor=desk.reviewer, now=now
    )
    yield lambda now: sent.append(make_submission(desk.assignment, actor=desk.officer, now=now))
    yield lambda now: None
    yield lambda now: return_update(
        sent[0], reason="Kurang bukti.", resubmit_by=date(2023, 9, 27), actor=desk.reviewer, now=now
    )
    yield lambda now: deactivate_person(desk.officer, reason="Bersara.", actor=desk.administrator, now=now)
    yield lambda now: change_rule(
        rule,
        seen=RuleValues.of(rule).mark,
        wanted=values(first_days=-1, every_days=2),
        actor=desk.administrator,
        now=now,
    )
    yield lambda now: make_day_off(date(2023, 9, 26), actor=desk.administrator, now=now)
    yield lambda now: switch_rule(rule, is_on=False, actor=desk.administrator, now=now)
    yield lambda now: UserFactory(role="coordinator", agency=desk.other_agency)
    yield lambda now: make_accepted(other, actor=desk.outsider, reviewer=desk.reviewer, now=now)
    yield lambda now: cancel_action(steps[0], reason="Tidak perlu lagi.", actor=desk.colleague, now=now)
    yield lambda now: Cycle.objects.update(interim_on=date(2023, 12, 1))
    yield lambda now: None


def test_each_past_day_is_as_it_was_at_its_end(desk: Desk, clock: Clock) -> None:
    Assignment.objects.update(next_due_on=DUE, due_on=date(2023, 9, 25))
    Cycle.objects.update(interim_on=date(2023, 10, 3))
    make_rule(desk.cycle, ReminderKind.INTERIM, first_days=-10, every_days=1, times=9)
    rule = make_rules(desk.cycle)
    then: dict[date, set[Any]] = {}
    day = TODAY
    for happen in happenings(desk, rule):
        happen(clock.move_to(at(day, 11)))
        clock.move_to(at(day, 23))
        then[day] = set(due_reminders(day, exactly=True))
        day += DAY
    assert sum(map(len, then.values())) > 20
    for past, rows in then.items():
        assert due_then(past) == rows, past


def look(desk: Desk, language: str = "en", **query: str) -> HttpResponse:
    answer: HttpResponse = browser_of(desk.administrator, language).get("/reminders/preview/", query)
    return answer


def outcomes(response: HttpResponse) -> list[tuple[str, str, str]]:
    return [
        (recipient.name, each.outcome, each.tone)
        for recipient, reminders in response.context["recipients"]
        for each in reminders
    ]


class TestPage:
    def test_day_that_was_planned_shows_what_became_of_it(self, named: Desk, clock: Clock) -> None:
        Assignment.objects.update(next_due_on=DUE, due_on=None)
        make_rule(named.cycle, ReminderKind.UPDATE_DUE)
        plan(now=clock.move_to(at(DUE, 8)))
        clock.move_to(at(DUE, 12))
        Reminder.objects.update(sent_at=at(DUE, 8, 5))
        due_on(named.assignment, date(2023, 12, 1), named, clock.move_to(at(DUE + DAY, 9)))
        name_officers(
            named.assignment,
            officers=[named.colleague],
            actor=named.reviewer,
            now=clock.move_to(at(DUE + DAY, 10)),
        )
        response = look(named, day=str(DUE))
        assert outcomes(response) == [(named.officer.name, "E-mail sent 8:05\u00a0am", "success")]
        assert response.context["differences_count"] == 0
        assert "by what was recorded at its end" in words_of(response)
        assert "mengikut rekod pada akhir hari itu" in words_of(look(named, "ms", day=str(DUE)))

    def test_differences_are_marked_and_counted(self, named: Desk, clock: Clock) -> None:
        Assignment.objects.update(next_due_on=DUE, due_on=None)
        other = make_assignment(
            make_item(named.cycle, number=2), named.other_agency, actor=named.reviewer, now=named.now
        )
        rule = make_rule(named.cycle, ReminderKind.UPDATE_DUE)
        plan(now=clock.move_to(at(DUE, 8)))
        make_submission(named.assignment, actor=named.officer, now=clock.move_to(at(DUE, 10)))
        plan(now=clock.move_to(at(DUE, 10, 30)))
        Assignment.objects.filter(pk=other.pk).update(next_due_on=DUE)
        clock.move_to(at(DUE + DAY, 9))
        response = look(named, day=str(DUE), rule=str(rule.pk))
        assert outcomes(response) == [
            (
                named.officer.name,
                "Given; done or changed 10:30\u00a0am, so no longer due at the end of the day",
                "warning",
            ),
            (named.outsider.name, "Due, but no reminder was given", "warning"),
        ]
        assert response.context["differences_count"] == 2

    def test_rule_added_later_reminds_of_what_was_reached_before_it(self, named: Desk, clock: Clock) -> None:
        Assignment.objects.update(next_due_on=DUE, due_on=None)
        added_at = clock.move_to(at(DUE + DAY, 8))
        rule = {"what": ReminderKind.UPDATE_DUE, "audience": Audience.RESPONSIBLE, "first_days": 0}
        ReminderRule.objects.create(cycle=named.cycle, added_at=added_at, **rule)
        plan(now=clock.move_to(at(DUE + DAY, 9)))
        assert outcomes(look(named, day=str(DUE))) == [
            (named.officer.name, "Given late: it was due on 20\u00a0September\u00a02023", "warning")
        ]

    def test_bad_day_keeps_the_day_that_was_shown(self, named: Desk) -> None:
        response = look(named, day="31/2/2023", shown="2023-09-05")
        assert response.context["day"] == date(2023, 9, 5)
        assert "The date is not valid. 5 September 2023 is shown." in words_of(response)
        assert "Tarikh itu tidak sah. 5 September 2023 dipaparkan." in words_of(
            look(named, "ms", day="31/2/2023", shown="2023-09-05")
        )
        assert look(named, day="x", shown="9999-12-31").context["day"] == TODAY

    def test_past_day_takes_a_bounded_number_of_queries(
        self, named: Desk, clock: Clock, django_assert_max_num_queries: Any
    ) -> None:
        Assignment.objects.update(next_due_on=DUE, due_on=None)
        make_rule(named.cycle, ReminderKind.UPDATE_DUE, audience=Audience.COORDINATOR)
        for _number in range(12):
            UserFactory(role="coordinator", agency=named.agency)
        plan(now=clock.move_to(at(DUE, 8)))
        clock.move_to(at(DUE + DAY, 9))
        browser = browser_of(named.administrator)
        with django_assert_max_num_queries(24):
            response = browser.get("/reminders/preview/", {"day": str(DUE)})
        assert response.context["counts"]["mails"] == 13
