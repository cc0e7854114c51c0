"""Planned steps: plan, done, cancel; each refusal in words, with what was typed kept."""

from datetime import date, datetime

import pytest
from django.urls import reverse

from recommendations.models import Action
from recommendations.services import finish_action, plan_action
from tests.recommendations.conftest import Desk
from tests.recommendations.pages import browser_of, words_of
from tests.shared import shared

OTHERS = ["outsider", "reviewer", "administrator", "observer"]


@shared
def step(desk: Desk, now: datetime) -> Action:
    """A planned step of the desk's agency."""
    day = date(2023, 10, 31)
    return plan_action(
        desk.assignment,
        text="Melatih dua kontinjen",
        owner=desk.colleague,
        due_on=day,
        actor=desk.officer,
        now=now,
    )


def plan_url(desk: Desk) -> str:
    return reverse("recommendations:action_plan", args=[desk.assignment.pk])


def step_url(step: Action, name: str) -> str:
    return reverse(f"recommendations:{name}", args=[step.pk])


class TestPlan:
    @pytest.mark.parametrize("language", ["ms", "en"])
    def test_form_offers_the_agencys_own_people(self, desk: Desk, language: str) -> None:
        response = browser_of(desk.officer, language).get(plan_url(desk))
        assert set(response.context["form"].fields["owner"].queryset) == {
            desk.officer,
            desk.colleague,
            desk.coordinator,
        }

    def test_plan_makes_a_step(self, desk: Desk) -> None:
        data = {
            "text": "Kursus IPK",
            "owner": desk.colleague.pk,
            "due_on": "2023-10-31",
            "created_by": desk.coordinator.pk,
        }
        response = browser_of(desk.officer).post(plan_url(desk), data)
        assert response.status_code == 302
        step = Action.objects.get()
        assert (step.text, step.owner, step.due_on) == ("Kursus IPK", desk.colleague, date(2023, 10, 31))
        assert (step.done_on, step.created_by) == (None, desk.officer)

    @pytest.mark.parametrize(
        ("language", "told"),
        [
            ("en", "This day has passed. Choose a day from today on. If the step is done already, say when."),
            (
                "ms",
                "Tarikh ini telah berlalu. Pilih hari ini atau tarikh kemudian. Jika tindakan ini telah siap, "
                "nyatakan tarikhnya.",
            ),
        ],
    )
    def test_plan_of_a_step_in_the_past_is_refused_beside_its_day(
        self, desk: Desk, language: str, told: str
    ) -> None:
        data = {"text": "Kursus IPK", "owner": desk.colleague.pk, "due_on": "2023-09-13"}
        response = browser_of(desk.officer, language).post(plan_url(desk), data)
        assert response.context["form"].errors["due_on"] == [told]
        assert "Kursus IPK" in response.content.decode()
        assert not Action.objects.exists()

    def test_plan_of_a_step_that_is_done_already_is_kept(self, desk: Desk) -> None:
        days = {"due_on": "2023-09-13", "done_on": "2023-09-12"}
        data = {"text": "Kursus IPK", "owner": desk.colleague.pk, **days}
        browser_of(desk.officer).post(plan_url(desk), data)
        assert Action.objects.get().done_on == date(2023, 9, 12)

    def test_plan_for_a_person_of_another_agency_is_refused_and_the_text_kept(self, desk: Desk) -> None:
        data = {"text": "Kursus IPK", "owner": desk.outsider.pk, "due_on": "2023-10-31"}
        response = browser_of(desk.officer).post(plan_url(desk), data)
        assert response.context["form"].errors["owner"]
        assert "Kursus IPK" in response.content.decode()
        assert not Action.objects.exists()

    def test_plan_of_nothing_says_what_is_missing(self, desk: Desk) -> None:
        response = browser_of(desk.officer).post(plan_url(desk), {})
        assert set(response.context["form"].errors) == {"text", "owner", "due_on"}

    def test_plan_in_a_closed_cycle_is_refused_and_the_text_kept(self, desk: Desk, now: datetime) -> None:
        desk.cycle.closed_at = now
        desk.cycle.save()
        data = {"text": "Kursus IPK", "owner": desk.officer.pk, "due_on": "2023-10-31"}
        response = browser_of(desk.officer).post(plan_url(desk), data)
        assert "This cycle is closed." in words_of(response)
        assert "Kursus IPK" in response.content.decode()

    @pytest.mark.parametrize("who", OTHERS)
    def test_plan_is_not_found_by_others(self, desk: Desk, who: str) -> None:
        browser = browser_of(getattr(desk, who))
        assert browser.get(plan_url(desk)).status_code == 404
        assert browser.post(plan_url(desk), {}).status_code == 404


class TestFinish:
    @pytest.mark.parametrize("language", ["ms", "en"])
    def test_form_proposes_today(self, desk: Desk, step: Action, language: str) -> None:
        page = browser_of(desk.officer, language).get(step_url(step, "action_finish")).content.decode()
        assert 'value="14/9/2023"' in page
        assert step.text in page

    def test_finish_marks_it_as_done(self, desk: Desk, step: Action) -> None:
        browser_of(desk.colleague).post(step_url(step, "action_finish"), {"done_on": "2023-09-10"})
        assert Action.objects.get().done_on == date(2023, 9, 10)

    def test_finish_on_a_day_to_come_is_refused_beside_the_field(self, desk: Desk, step: Action) -> None:
        response = browser_of(desk.officer).post(step_url(step, "action_finish"), {"done_on": "2023-09-15"})
        assert response.context["form"].errors["done_on"]
        assert Action.objects.get().done_on is None

    def test_finish_of_a_step_that_is_done_is_refused(self, desk: Desk, step: Action, now: datetime) -> None:
        finish_action(step, done_on=date(2023, 9, 1), actor=desk.officer, now=now)
        response = browser_of(desk.officer).post(step_url(step, "action_finish"), {"done_on": "2023-09-10"})
        assert "This step was already done or cancelled." in words_of(response)
        assert Action.objects.get().done_on == date(2023, 9, 1)


class TestCancel:
    @pytest.mark.parametrize("language", ["ms", "en"])
    def test_form_asks_for_a_reason(self, desk: Desk, step: Action, language: str) -> None:
        assert step.text in words_of(browser_of(desk.officer, language).get(step_url(step, "action_cancel")))

    def test_cancel_keeps_the_reason(self, desk: Desk, step: Action) -> None:
        browser_of(desk.officer).post(step_url(step, "action_cancel"), {"reason": "Peruntukan tiada"})
        assert Action.objects.get().cancelled_reason == "Peruntukan tiada"

    def test_cancel_without_a_reason_is_refused(self, desk: Desk, step: Action) -> None:
        response = browser_of(desk.officer).post(step_url(step, "action_cancel"), {"reason": " "})
        assert response.context["form"].errors["reason"]
        assert Action.objects.get().is_planned

    @pytest.mark.parametrize("name", ["action_finish", "action_cancel"])
    @pytest.mark.parametrize("who", OTHERS)
    def test_steps_are_not_found_by_others(self, desk: Desk, step: Action, name: str, who: str) -> None:
        browser = browser_of(getattr(desk, who))
        assert browser.get(step_url(step, name)).status_code == 404
        assert browser.post(step_url(step, name), {"done_on": "2023-09-10", "reason": "x"}).status_code == 404
        assert Action.objects.get().is_planned
