"""The preview: what the rules would send today or on a later day, to whom and why, without sending anything."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.http import HttpResponse
from django.utils import translation

from accounts.models import User
from recommendations.models import Assignment, Cycle
from reminders.kinds import ReminderKind
from reminders.models import Reminder, ReminderRule
from reminders.services.rules import switch_rule
from reminders.states import Audience
from reminders.views.rules import REACH_DAYS, RECIPIENTS_SHOWN
from tests.factories.accounts import UserFactory
from tests.factories.recommendations import make_submission
from tests.factories.reminders import make_day_off, make_rule, make_stand_in, prefer
from tests.recommendations.conftest import Desk
from tests.recommendations.pages import browser_of, words_of
from tests.shared import shared

pytestmark = pytest.mark.django_db

PAGE = "/reminders/preview/"
#: A Wednesday; the assignment of the desk owes its next update on it.
DUE = date(2023, 9, 20)


@shared
def rule(desk: Desk) -> ReminderRule:
    Assignment.objects.update(next_due_on=DUE, due_on=None)
    return make_rule(
        desk.cycle, ReminderKind.UPDATE_DUE, first_days=-2, every_days=2, coordinator_days=1, mapo_days=3
    )


def look(desk: Desk, language: str = "en", **query: str) -> HttpResponse:
    answer: HttpResponse = browser_of(desk.administrator, language).get(PAGE, query)
    return answer


def told(response: HttpResponse) -> dict[str, list[str]]:
    """Who is told, and on which steps, in English."""
    with translation.override("en"):
        return {
            recipient.email: [each.step_text for each in reminders]
            for recipient, reminders in response.context["recipients"]
        }


def counts(response: HttpResponse) -> tuple[int, ...]:
    found = response.context["counts"]
    return tuple(found[name] for name in ("mails", "reminders", "escalations", "urgent", "muted"))


class TestDays:
    def test_day_shows_who_would_be_told_and_a_bad_one_shows_today(
        self, desk: Desk, rule: ReminderRule
    ) -> None:
        for day, who in (
            ("2023-09-15", []),
            ("2023-09-18", ["coordinator"]),
            ("2023-09-19", []),
            ("2023-09-20", ["coordinator"]),
            ("2023-09-21", ["coordinator"]),
            ("2023-09-25", ["administrator", "coordinator", "reviewer", "second_reviewer"]),
        ):
            # Nobody is named for the assignment, so its coordinator answers for it.
            response = look(desk, day=day)
            assert sorted(told(response)) == sorted(getattr(desk, each).email for each in who), day
            assert response.context["day"] == date.fromisoformat(day), day
            assert not Reminder.objects.exists(), day
        assert look(desk).context["day"] == date(2023, 9, 14)
        for day, words in (
            ("soon", "The date is not valid. Today is shown."),
            ("2023-02-31", "The date is not valid. Today is shown."),
            ("2023-09-13", "What was sent on earlier days is under Delivery. Today is shown."),
            ("1901-01-01", "is under Delivery"),
            ("2099-12-30", "more than two years away"),
            ("9999-12-31", "The date is not valid. Today is shown."),
            (str(date(2023, 9, 14) + timedelta(days=REACH_DAYS + 1)), "more than two years away"),
        ):
            response = look(desk, day=day)
            assert response.status_code == 200, day
            assert words in words_of(response), day
            assert response.context["day"] == date(2023, 9, 14), day

    def test_what_was_sent_meanwhile_is_not_shown(self, desk: Desk, rule: ReminderRule) -> None:
        make_submission(desk.assignment, actor=desk.officer, now=desk.now)
        assert told(look(desk, day="2023-09-20")) == {}

    def test_farthest_day_can_be_looked_at(self, desk: Desk, rule: ReminderRule) -> None:
        day = date(2023, 9, 14) + timedelta(days=REACH_DAYS)
        assert look(desk, day=str(day)).context["day"] == day


class TestWho:
    def test_escalation_muting_and_urgency_are_counted_apart(self, desk: Desk, rule: ReminderRule) -> None:
        Cycle.objects.update(interim_on=DUE)
        make_rule(desk.cycle, ReminderKind.INTERIM, audience=Audience.COORDINATOR, is_urgent=True)
        make_rule(desk.cycle, ReminderKind.INTERIM, audience=Audience.MAPO)
        prefer(desk.reviewer, muted=[ReminderKind.INTERIM])
        response = look(desk, day=str(DUE))
        # The coordinator: the update and the date; MAPO's three: the date, of which one has muted it.
        assert counts(response) == (3, 4, 0, 1, 1)
        assert "Muted, not sent" in words_of(response)
        assert counts(look(desk, day="2023-09-21")) == (1, 1, 1, 0, 0)

    def test_each_step_says_how_somebody_came_to_stand_on_it(self, desk: Desk, rule: ReminderRule) -> None:
        make_stand_in(
            desk.coordinator, desk.officer, from_on=DUE - timedelta(days=9), until_on=DUE, now=desk.now
        )
        desk.agency.shared_mailbox = "cawangan@pdrm.example"
        desk.agency.save(update_fields=["shared_mailbox"])
        response = look(desk, day=str(DUE))
        assert told(response) == {
            desk.coordinator.email: ["Responsible officers"],
            desk.officer.email: [f"Responsible officers: stands in for {desk.coordinator.name}"],
            "cawangan@pdrm.example": ["Responsible officers: a copy"],
        }
        assert "Shared mailbox of PDRM" in words_of(response)

    def test_agency_in_which_nobody_can_act_is_shown_as_a_gap(self, desk: Desk, rule: ReminderRule) -> None:
        User.objects.filter(agency=desk.agency).update(is_active=False)
        response = look(desk, day=str(DUE))
        assert {step for steps in told(response).values() for step in steps} == {
            "MAPO: nobody at PDRM can act"
        }

    def test_agency_without_a_coordinator_escalates_to_mapo(self, desk: Desk, rule: ReminderRule) -> None:
        User.objects.filter(pk=desk.coordinator.pk).update(is_active=False)
        steps = told(look(desk, day="2023-09-21"))
        assert steps[desk.reviewer.email] == ["MAPO: PDRM has no coordinator who can act"]
        assert told(look(desk, day="2023-09-25"))[desk.reviewer.email] == ["MAPO"]

    def test_days_off_count(self, desk: Desk, rule: ReminderRule) -> None:
        make_day_off(DUE, actor=desk.administrator, now=desk.now)
        assert told(look(desk, day=str(DUE))) == {}
        assert list(told(look(desk, day="2023-09-19"))) == [desk.coordinator.email]

    def test_each_reminder_leads_to_its_rule(self, desk: Desk, rule: ReminderRule) -> None:
        html = look(desk, day=str(DUE)).content.decode()
        assert f'href="/reminders/rules/{rule.pk}/"' in html

    def test_many_recipients_are_paged_with_the_counts_of_all(
        self, desk: Desk, rule: ReminderRule, django_assert_num_queries: Any
    ) -> None:
        browser = browser_of(desk.administrator)
        queries = 18
        for more in (1, RECIPIENTS_SHOWN):
            for _number in range(more):
                UserFactory(role="coordinator", agency=desk.agency)
            with django_assert_num_queries(queries):
                response = browser.get(PAGE, {"day": str(DUE)})
        assert len(response.context["recipients"]) == RECIPIENTS_SHOWN
        assert response.context["counts"]["mails"] == RECIPIENTS_SHOWN + 2
        second = browser.get(PAGE, {"day": str(DUE), "page": "2"})
        assert len(second.context["recipients"]) == 2


class TestOneRule:
    def test_one_rule_is_shown_alone(self, desk: Desk, rule: ReminderRule) -> None:
        other = make_rule(desk.cycle, ReminderKind.UPDATE_DUE, audience=Audience.MAPO)
        response = look(desk, day=str(DUE), rule=str(other.pk))
        assert desk.coordinator.email not in told(response)
        assert desk.reviewer.email in told(response)
        words = words_of(response)
        assert "Only this rule of the 2023 cycle" in words
        assert "On the day on which an update is due, MAPO is reminded." in words
        assert f"rule={other.pk}" in response.content.decode()

    def test_rule_that_is_off_says_nothing_and_says_so(self, desk: Desk, rule: ReminderRule) -> None:
        switch_rule(rule, is_on=False, actor=desk.administrator, now=desk.now)
        response = look(desk, day=str(DUE), rule=str(rule.pk))
        assert told(response) == {}
        assert "It is switched off, so it sends nothing." in words_of(response)

    def test_rule_that_does_not_exist_is_told(self, desk: Desk, rule: ReminderRule) -> None:
        for number in ("99999", "-1", "x", "²", "1" * 40):
            response = look(desk, day=str(DUE), rule=number)
            assert "There is no such rule. All rules are shown." in words_of(response), number
            assert list(told(response)) == [desk.coordinator.email], number


def test_preview_exists_for_administrators_alone_and_an_empty_day_says_why(desk: Desk) -> None:
    for who in ("officer", "coordinator", "reviewer", "observer"):
        assert browser_of(getattr(desk, who)).get(PAGE).status_code == 404, who
    for language, words in (("en", "No reminders"), ("ms", "Tiada peringatan")):
        assert words in words_of(look(desk, language, day="2023-09-16")), language
