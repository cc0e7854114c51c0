"""Planned steps: plan, done, cancel; each refusal in words, with what was typed kept."""

from datetime import date, datetime

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
    def test_plan_offers_own_people_and_refuses_others_a_past_day_and_nothing(self, desk: Desk) -> None:
        for language in ("ms", "en"):
            response = browser_of(desk.officer, language).get(plan_url(desk))
            assert set(response.context["form"].fields["owner"].queryset) == {
                desk.officer,
                desk.colleague,
                desk.coordinator,
            }, language
        for language, told in (
            ("en", "This day has passed. Choose a day from today on. If the step is done already, say when."),
            (
                "ms",
                "Tarikh ini telah berlalu. Pilih hari ini atau tarikh kemudian. Jika tindakan ini telah siap, "
                "nyatakan tarikhnya.",
            ),
        ):
            data = {"text": "Kursus IPK", "owner": desk.colleague.pk, "due_on": "2023-09-13"}
            response = browser_of(desk.officer, language).post(plan_url(desk), data)
            assert response.context["form"].errors["due_on"] == [told], (language, told)
            assert "Kursus IPK" in response.content.decode(), (language, told)
            assert not Action.objects.exists(), (language, told)
        data = {"text": "Kursus IPK", "owner": desk.outsider.pk, "due_on": "2023-10-31"}
        response = browser_of(desk.officer).post(plan_url(desk), data)
        assert response.context["form"].errors["owner"]
        assert "Kursus IPK" in response.content.decode()
        assert not Action.objects.exists()
        response = browser_of(desk.officer).post(plan_url(desk), {})
        assert set(response.context["form"].errors) == {"text", "owner", "due_on"}

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

    def test_plan_of_a_step_that_is_done_already_is_kept(self, desk: Desk) -> None:
        days = {"due_on": "2023-09-13", "done_on": "2023-09-12"}
        data = {"text": "Kursus IPK", "owner": desk.colleague.pk, **days}
        browser_of(desk.officer).post(plan_url(desk), data)
        assert Action.objects.get().done_on == date(2023, 9, 12)

    def test_plan_in_a_closed_cycle_is_refused_and_the_text_kept(self, desk: Desk, now: datetime) -> None:
        desk.cycle.closed_at = now
        desk.cycle.save()
        data = {"text": "Kursus IPK", "owner": desk.officer.pk, "due_on": "2023-10-31"}
        response = browser_of(desk.officer).post(plan_url(desk), data)
        assert "This cycle is closed." in words_of(response)
        assert "Kursus IPK" in response.content.decode()


class TestFinish:
    def test_form_proposes_today_and_refuses_a_day_to_come(self, desk: Desk, step: Action) -> None:
        for language in ("ms", "en"):
            page = browser_of(desk.officer, language).get(step_url(step, "action_finish")).content.decode()
            assert 'value="14/9/2023"' in page, language
            assert step.text in page, language
        response = browser_of(desk.officer).post(step_url(step, "action_finish"), {"done_on": "2023-09-15"})
        assert response.context["form"].errors["done_on"]
        assert Action.objects.get().done_on is None

    def test_finish_marks_it_as_done(self, desk: Desk, step: Action) -> None:
        browser_of(desk.colleague).post(step_url(step, "action_finish"), {"done_on": "2023-09-10"})
        assert Action.objects.get().done_on == date(2023, 9, 10)

    def test_finish_of_a_step_that_is_done_is_refused(self, desk: Desk, step: Action, now: datetime) -> None:
        finish_action(step, done_on=date(2023, 9, 1), actor=desk.officer, now=now)
        response = browser_of(desk.officer).post(step_url(step, "action_finish"), {"done_on": "2023-09-10"})
        assert "This step was already done or cancelled." in words_of(response)
        assert Action.objects.get().done_on == date(2023, 9, 1)


class TestCancel:
    def test_form_asks_for_a_reason_and_others_do_not_find_it(self, desk: Desk, step: Action) -> None:
        for language in ("ms", "en"):
            assert step.text in words_of(
                browser_of(desk.officer, language).get(step_url(step, "action_cancel"))
            ), language
        response = browser_of(desk.officer).post(step_url(step, "action_cancel"), {"reason": " "})
        assert response.context["form"].errors["reason"]
        assert Action.objects.get().is_planned
        for who in OTHERS:
            for name in ("action_finish", "action_cancel"):
                browser = browser_of(getattr(desk, who))
                assert browser.get(step_url(step, name)).status_code == 404, (name, who)
                assert (
                    browser.post(step_url(step, name), {"done_on": "2023-09-10", "reason": "x"}).status_code
                    == 404
                ), (name, who)
                assert Action.objects.get().is_planned, (name, who)

    def test_cancel_keeps_the_reason(self, desk: Desk, step: Action) -> None:
        browser_of(desk.officer).post(step_url(step, "action_cancel"), {"reason": "Peruntukan tiada"})
        assert Action.objects.get().cancelled_reason == "Peruntukan tiada"
        response = browser_of(desk.officer).post(step_url(step, "action_finish"), {"done_on": "2023-09-10"})
        assert "This step was already done or cancelled." in words_of(response)
