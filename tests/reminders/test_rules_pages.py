"""The administrators' pages of rules: sentences, a form that shows problems where they are, nothing typed lost."""

from __future__ import annotations

from typing import Any

import pytest
from django.http import HttpResponse
from django.urls import reverse

from cycles.services import close_cycle
from reminders.forms import RuleForm
from reminders.kinds import ReminderKind
from reminders.models import ReminderRule
from reminders.rules.checks import RuleValues
from reminders.services.rules import change_rule, switch_rule
from reminders.states import Audience
from tests.factories.recommendations import make_cycle
from tests.factories.reminders import make_rule
from tests.recommendations.conftest import Desk
from tests.recommendations.pages import browser_of, words_of
from tests.reminders.rules import typed, values
from tests.shared import shared

pytestmark = pytest.mark.django_db

LIST, ADD = "/reminders/rules/", "/reminders/rules/add/"


@shared
def rule(desk: Desk) -> ReminderRule:
    return make_rule(desk.cycle, ReminderKind.UPDATE_DUE, first_days=5)


def page_of(rule: ReminderRule) -> str:
    return reverse("reminders:rule", args=[rule.pk])


def post(desk: Desk, url: str, fields: dict[str, str], language: str = "en") -> HttpResponse:
    answer: HttpResponse = browser_of(desk.administrator, language).post(url, fields)
    return answer


def errors(response: HttpResponse) -> dict[str, Any]:
    form: RuleForm = response.context["form"]
    return dict(form.errors)


def mark(rule: ReminderRule) -> str:
    return RuleValues.of(rule).mark


class TestList:
    def test_list_groups_the_rules_by_date_each_as_a_sentence(self, desk: Desk, rule: ReminderRule) -> None:
        words = words_of(browser_of(desk.administrator, "ms").get(LIST))
        assert "5 hari bekerja selepas kemas kini sepatutnya dihantar" in words
        html = browser_of(desk.administrator).get(LIST).content.decode()
        assert f'href="/reminders/preview/?rule={rule.pk}"' in html
        make_rule(desk.cycle, ReminderKind.UPDATE_DUE, first_days=-5)
        make_rule(desk.cycle, ReminderKind.RETURNED, is_urgent=True)
        response = browser_of(desk.administrator).get(LIST)
        groups = [(kind, len(rows)) for kind, rows in response.context["groups"]]
        assert groups == [(ReminderKind.UPDATE_DUE, 2), (ReminderKind.RETURNED, 1)]
        words = words_of(response)
        assert "5 working days before an update is due, the responsible officers are reminded." in words
        assert "It is sent at once, outside the daily digest." in words
        assert words.index("5 working days before") < words.index("5 working days after")

    def test_list_takes_the_same_queries_however_many_rules_there_are(
        self, desk: Desk, rule: ReminderRule, django_assert_num_queries: Any
    ) -> None:
        browser = browser_of(desk.administrator)
        browser.get(LIST)
        for more in (0, 6):
            for number in range(more):
                make_rule(desk.cycle, ReminderKind.FINAL_DUE, first_days=number)
            with django_assert_num_queries(7):
                browser.get(LIST)

    def test_list_says_when_a_rule_does_not_fit_the_dates_any_more(self, desk: Desk) -> None:
        make_rule(desk.cycle, ReminderKind.INTERIM, first_days=-20)
        type(desk.cycle).objects.update(interim_on=desk.cycle.window_start)
        assert "This rule never applies: the day is before" in words_of(
            browser_of(desk.administrator).get(LIST)
        )

    def test_list_of_a_cycle_without_rules_says_when_they_come(self, desk: Desk) -> None:
        words = words_of(browser_of(desk.administrator).get(LIST))
        assert "This cycle has no rule yet" in words
        assert not ReminderRule.objects.exists()

    def test_list_of_another_cycle_is_one_click_away(self, desk: Desk, rule: ReminderRule) -> None:
        make_rule(make_cycle(2024), ReminderKind.LETTER)
        browser = browser_of(desk.administrator)
        assert f'href="{LIST}?cycle=2024"' in browser.get(LIST).content.decode()
        response = browser.get(LIST, {"cycle": "2024"})
        assert [kind for kind, _rows in response.context["groups"]] == [ReminderKind.LETTER]
        assert f'href="{ADD}?cycle=2024"' in response.content.decode()

    def test_list_of_a_closed_cycle_offers_no_act(self, desk: Desk, rule: ReminderRule) -> None:
        close_cycle(desk.cycle, reason="Tamat.", actor=desk.administrator, now=desk.now)
        response = browser_of(desk.administrator).get(LIST)
        assert "was closed on" in words_of(response)
        for address in (ADD, page_of(rule), "/switch/"):
            assert address not in response.content.decode()


class TestRights:
    def test_rules_exist_for_administrators_alone(self, desk: Desk, rule: ReminderRule) -> None:
        for who in ("officer", "coordinator", "reviewer", "observer"):
            browser = browser_of(getattr(desk, who))
            switch = reverse("reminders:rule_switch", args=[rule.pk]) + "?to=off"
            answers = [browser.get(url) for url in (LIST, ADD, page_of(rule))]
            answers += [browser.post(url, typed(values())) for url in (ADD, page_of(rule), switch)]
            assert {answer.status_code for answer in answers} == {404}, who
            assert RuleValues.of(ReminderRule.objects.get()) == RuleValues.of(rule), who

    def test_rule_that_does_not_exist_is_not_found(self, desk: Desk) -> None:
        assert browser_of(desk.administrator).get("/reminders/rules/9999/").status_code == 404


class TestForm:
    def test_add_saves_and_says_what_the_rule_does(self, desk: Desk, rule: ReminderRule) -> None:
        wanted = values(first_days=-3, every_days=2, times=1, mapo_days=4, is_urgent=True)
        response = post(desk, ADD, typed(wanted))
        assert (response.status_code, response["Location"]) == (302, LIST)
        assert RuleValues.of(ReminderRule.objects.latest("pk")) == wanted
        words = words_of(browser_of(desk.administrator).get(LIST))
        assert "3 working days before an update is due" in words

    def test_form_shows_the_rule_that_it_changes(self, desk: Desk) -> None:
        rule = make_rule(desk.cycle, ReminderKind.INTERIM, first_days=-10, coordinator_days=-4)
        form = browser_of(desk.administrator).get(page_of(rule)).context["form"]
        shown = {name: form[name].value() for name in form.fields}
        assert (shown["first_days"], shown["first_side"]) == (10, "before")
        assert (shown["coordinator_days"], shown["coordinator_side"]) == (4, "before")
        assert (shown["mapo_days"], shown["seen"]) == (None, mark(rule))

    def test_change_saves(self, desk: Desk, rule: ReminderRule) -> None:
        wanted = values(first_days=6, coordinator_days=7)
        assert post(desk, page_of(rule), typed(wanted, seen=mark(rule))).status_code == 302
        assert RuleValues.of(ReminderRule.objects.get()) == wanted

    def test_rule_without_sense_is_told_at_the_field_and_a_look_saves_nothing(
        self, desk: Desk, rule: ReminderRule
    ) -> None:
        for act in ("save", "look"):
            for changes, field, words in (
                ({"what": ReminderKind.RETURNED, "first_days": -2}, "first_days", "nobody can know"),
                ({"mapo_days": 1}, "mapo_days", "before the first time"),
                ({"audience": Audience.MAPO, "coordinator_days": 5}, "coordinator_days", "nobody new"),
                ({"times": 3}, "every_days", "Enter after how many"),
                ({"what": ReminderKind.REVIEW_WAITING}, "audience", "Only MAPO can act on this"),
                ({"first_days": 5}, "first_days", "Another active rule"),
            ):
                response = post(desk, ADD, typed(values(**changes), act=act))
                assert response.status_code == 422, act
                assert words in errors(response)[field][0], act
                assert not response.context["said"], act
                assert ReminderRule.objects.count() == 1, act
        response = post(desk, ADD, typed(values(first_days=5)))
        assert "This rule already says it: 5 working days after" in words_of(response)
        assert f'href="{page_of(rule)}"' in response.content.decode()
        response = post(desk, ADD, typed(values(first_days=6, coordinator_days=2)))
        assert "already says it" not in words_of(response)
        response = post(desk, ADD, typed(values(every_days=2)) | {"first_days": "91", "every_days": "0"})
        words = words_of(response)
        assert "Give a number from 0 to 90." in words and "Give a number from 1 to 90." in words
        response = post(desk, page_of(rule), typed(RuleValues.of(rule), seen=mark(rule)))
        assert response.status_code == 422
        assert "The rule already says this" in words_of(response)
        fields = typed(values(first_days=6, every_days=2), seen=mark(rule), act="look")
        response = post(desk, page_of(rule), fields)
        assert response.status_code == 200
        assert "6 working days after an update was due" in response.context["said"]
        assert ReminderRule.objects.get().first_days == 5

    def test_impossible_values_are_told_and_kept(self, desk: Desk) -> None:
        for language in ("ms", "en"):
            for field, text in (
                ("first_days", ""),
                ("first_days", "-3"),
                ("first_days", "soon"),
                ("first_days", "9999999999999999999999"),
                ("first_side", "beside"),
                ("every_days", "1.5"),
                ("times", "0"),
                ("mapo_days", "91"),
                ("what", "nudge"),
                ("audience", ""),
            ):
                fields = typed(values(every_days=2, mapo_days=9)) | {field: text}
                response = post(desk, ADD, fields, language)
                assert response.status_code == 422, language
                assert set(errors(response)) == {field}, language
                assert "Ensure" not in words_of(response), language
                assert response.context["form"]["mapo_days"].value() == fields["mapo_days"], language
                assert not ReminderRule.objects.exists(), language

    def test_stale_form_shows_what_stands_now_and_loses_nothing(self, desk: Desk, rule: ReminderRule) -> None:
        seen = mark(rule)
        change_rule(rule, seen=seen, wanted=values(first_days=8), actor=desk.administrator, now=desk.now)
        fields = typed(values(first_days=9, every_days=4), seen=seen)
        response = post(desk, page_of(rule), fields)
        assert response.status_code == 409
        words = words_of(response)
        assert "Another administrator changed this rule meanwhile" in words
        assert "8 working days after an update was due" in words
        form = response.context["form"]
        assert (form["first_days"].value(), form["every_days"].value()) == ("9", "4")
        assert ReminderRule.objects.get().first_days == 8
        again = fields | {"seen": form["seen"].value()}
        assert post(desk, page_of(rule), again).status_code == 302
        assert ReminderRule.objects.get().first_days == 9

    def test_closed_cycle_shows_no_form_and_takes_nothing(self, desk: Desk, rule: ReminderRule) -> None:
        close_cycle(desk.cycle, reason="Tamat.", actor=desk.administrator, now=desk.now)
        browser = browser_of(desk.administrator)
        assert {browser.get(url).status_code for url in (ADD, page_of(rule))} == {409}
        assert post(desk, ADD, typed(values())).status_code == 409
        assert post(desk, page_of(rule), typed(values(), seen=mark(rule))).status_code == 409
        assert ReminderRule.objects.get().first_days == 5


class TestSwitch:
    def switch(self, desk: Desk, rule: ReminderRule, to: str) -> HttpResponse:
        return post(desk, reverse("reminders:rule_switch", args=[rule.pk]) + f"?to={to}", {})

    def test_switch_off_offers_to_take_it_back(self, desk: Desk, rule: ReminderRule) -> None:
        browser = browser_of(desk.administrator)
        url = reverse("reminders:rule_switch", args=[rule.pk])
        page = browser.post(f"{url}?to=off", follow=True)
        assert not ReminderRule.objects.get().is_on
        assert "Switched off" in words_of(page)
        assert f'action="{url}?to=on"' in page.content.decode()
        browser.post(f"{url}?to=on")
        assert ReminderRule.objects.get().is_on

    def test_switch_to_nothing_known_by_get_or_beside_a_twin_changes_nothing(
        self, desk: Desk, rule: ReminderRule
    ) -> None:
        for to in ("", "maybe"):
            assert self.switch(desk, rule, to).status_code == 404, to
        url = reverse("reminders:rule_switch", args=[rule.pk]) + "?to=off"
        assert browser_of(desk.administrator).get(url).status_code == 302
        assert ReminderRule.objects.get().is_on
        off = make_rule(desk.cycle, ReminderKind.UPDATE_DUE, first_days=5, is_on=False)
        response = self.switch(desk, off, "on")
        assert response.status_code == 409
        assert "Another active rule" in words_of(response)

    def test_off_rule_says_so_in_its_form(self, desk: Desk, rule: ReminderRule) -> None:
        switch_rule(rule, is_on=False, actor=desk.administrator, now=desk.now)
        assert "Switched off" in words_of(browser_of(desk.administrator).get(page_of(rule)))
