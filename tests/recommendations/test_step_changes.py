"""Planned steps change with a past: who changes what, what is refused, what the log says, and undo."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.urls import reverse

from accounts.models import User
from audit.clock import end_of_day
from audit.errors import BadValue, NotAllowed, NotNow, Stale
from audit.models import Event
from audit.services import digest
from privacy.checks import IdentitiesFound
from recommendations.models import Action, ActionVersion
from recommendations.services import (
    ask_later_step,
    cancel_action,
    change_action,
    finish_action,
    plan_action,
    refuse_later_step,
    undo_step_change,
)
from recommendations.services.step_changes import current_version
from tests.recommendations.conftest import Desk
from tests.recommendations.pages import browser_of, words_of
from tests.recommendations.test_steps import DAY, decide, plan_own

pytestmark = pytest.mark.django_db

LATER = date(2023, 11, 30)


def plan(desk: Desk) -> Action:
    """A step that the agency planned itself."""
    return plan_action(
        desk.assignment, text="Kursus.", owner=desk.officer, due_on=DAY, actor=desk.officer, now=desk.now
    )


def change(step: Action, actor: User, desk: Desk, **values: Any) -> Action:
    """Change some values of a step that the person has just read."""
    kept = {"text": step.text, "owner": step.owner, "due_on": step.due_on, "seen": current_version(step).pk}
    return change_action(step, **kept | values, actor=actor, now=desk.now)


def test_any_officer_of_the_agency_changes_its_step_with_a_past(desk: Desk) -> None:
    step = plan(desk)
    change(step, desk.colleague, desk, text="Kursus di Kedah.", owner=desk.colleague, due_on=LATER)
    versions = ActionVersion.objects.filter(action=step).order_by("pk")
    assert [(v.text, v.owner, v.due_on) for v in versions] == [
        ("Kursus.", desk.officer, DAY),
        ("Kursus di Kedah.", desk.colleague, LATER),
    ]
    event = Event.objects.get(action="action.changed")
    assert event.before == {"text": digest("Kursus."), "owner": desk.officer.pk, "due_on": "2023-10-31"}
    assert event.after == {
        "text": digest("Kursus di Kedah."), "owner": desk.colleague.pk, "due_on": "2023-11-30"
    }  # fmt: skip
    assert "Kedah" not in str([event.before, event.after, event.label])


def test_as_at_the_day_before_the_change_the_former_values_stand(desk: Desk, clock: Any) -> None:
    step = plan(desk)
    later = clock.move_to(desk.now + timedelta(days=3))
    change_action(
        step, seen=current_version(step).pk, text=step.text, owner=step.owner, due_on=LATER, actor=desk.officer,
        now=later,
    )  # fmt: skip
    days = [desk.now.date(), desk.now.date() + timedelta(days=3)]
    assert [ActionVersion.objects.as_at(end_of_day(day)).get(action=step).due_on for day in days] == [
        DAY,
        LATER,
    ]


def test_saving_what_stands_changes_nothing(desk: Desk) -> None:
    step = plan(desk)
    change(step, desk.officer, desk, text=" Kursus. ")
    assert not Event.objects.filter(action="action.changed").exists()


def test_change_of_what_somebody_else_changed_is_refused(desk: Desk) -> None:
    step = plan(desk)
    seen = current_version(step).pk
    change(step, desk.colleague, desk, due_on=LATER)
    with pytest.raises(Stale) as refused:
        change(step, desk.officer, desk, text="Lain", seen=seen)
    assert refused.value.current.due_on == LATER
    assert Action.objects.get().text == "Kursus."


def test_new_date_lies_within_reach_and_has_not_passed_but_a_late_step_keeps_its_own(desk: Desk) -> None:
    step = plan(desk)
    with pytest.raises(BadValue):
        change(step, desk.officer, desk, due_on=desk.now.date() - timedelta(days=1))
    with pytest.raises(NotNow):
        change(step, desk.officer, desk, due_on=date(2030, 1, 1))
    Action.objects.filter(pk=step.pk).update(due_on=date(2023, 9, 1))
    step.refresh_from_db()
    assert change(step, desk.officer, desk, text="Lewat").due_on == date(2023, 9, 1)


def test_change_looks_for_identities(desk: Desk) -> None:
    step = plan(desk)
    with pytest.raises(IdentitiesFound):
        change(step, desk.officer, desk, text="Mangsa Nguyen Van An (KP 900101-14-5567)")


@pytest.mark.parametrize("who", ["outsider", "reviewer", "observer"])
def test_others_do_not_change_an_agencys_own_step(desk: Desk, who: str) -> None:
    with pytest.raises(NotAllowed):
        change(plan(desk), getattr(desk, who), desk, text="Lain")


def test_agency_changes_the_owner_of_a_decision_and_nothing_else(desk: Desk) -> None:
    step = decide(desk)
    assert change(step, desk.officer, desk, owner=desk.colleague).owner == desk.colleague
    for values in ({"text": "Lain"}, {"due_on": LATER}):
        with pytest.raises(NotAllowed):
            change(step, desk.coordinator, desk, reason="Sibuk.", **values)


def test_mapo_changes_a_decision_with_a_reason(desk: Desk) -> None:
    step = decide(desk)
    with pytest.raises(NotNow):
        change(step, desk.reviewer, desk, due_on=LATER)
    changed = change(step, desk.reviewer, desk, due_on=LATER, reason="Majlis bersetuju.")
    assert (changed.due_on, changed.changed_reason) == (LATER, "Majlis bersetuju.")
    assert Event.objects.get(action="action.changed").reason == "Majlis bersetuju."


def test_agency_asks_for_a_later_date_and_mapo_moves_it(desk: Desk) -> None:
    step, about = decide(desk), {"reason": "Kursus ditunda.", "now": desk.now}
    with pytest.raises(BadValue):
        ask_later_step(step, proposed_on=DAY, actor=desk.officer, **about)
    for person in (desk.outsider, desk.reviewer):
        with pytest.raises(NotAllowed):
            ask_later_step(step, proposed_on=LATER, actor=person, **about)
    step = ask_later_step(step, proposed_on=LATER, actor=desk.officer, **about)
    assert (step.due_on, step.proposed_on) == (DAY, LATER)
    page = words_of(
        browser_of(desk.reviewer, "en").get(reverse("recommendations:action_change", args=[step.pk]))
    )
    assert "PDRM asks for 30 November 2023 instead of 31 October 2023: Kursus ditunda." in page
    step = change(step, desk.reviewer, desk, due_on=LATER, reason="Dipersetujui.")
    assert (step.due_on, step.proposed_on, step.proposed_reason) == (LATER, None, "")


def test_mapo_keeps_the_date_with_a_reason(desk: Desk) -> None:
    step = decide(desk)
    about = {"actor": desk.reviewer, "now": desk.now}
    ask_later_step(step, proposed_on=LATER, reason="Sibuk.", actor=desk.officer, now=desk.now)
    step = refuse_later_step(step, reason="Tarikh majlis tetap.", **about)
    assert (step.due_on, step.proposed_on, step.changed_reason) == (DAY, None, "Tarikh majlis tetap.")
    with pytest.raises(NotNow):
        refuse_later_step(step, reason="Lagi.", **about)


def test_undo_restores_what_stood_and_is_refused_after_a_later_change(desk: Desk) -> None:
    step = change(plan(desk), desk.officer, desk, due_on=LATER)
    version = current_version(step)
    undone = undo_step_change(version, actor=desk.colleague, now=desk.now)
    assert (undone.due_on, Event.objects.filter(action="action.undone").count()) == (DAY, 1)
    with pytest.raises(NotNow):
        undo_step_change(version, actor=desk.colleague, now=desk.now)


def test_undo_of_done_and_cancelled_plans_the_step_again(desk: Desk) -> None:
    about = {"actor": desk.officer, "now": desk.now}
    step = finish_action(plan(desk), done_on=desk.now.date(), **about)
    step = undo_step_change(current_version(step), **about)
    assert step.is_planned
    step = cancel_action(step, reason="Silap.", **about)
    with pytest.raises(NotAllowed):
        undo_step_change(current_version(step), actor=desk.reviewer, now=desk.now)
    step = undo_step_change(current_version(step), **about)
    assert (step.is_planned, step.cancelled_reason) == (True, "")


def test_undo_of_mapos_change_of_a_decision_is_not_the_agencys(desk: Desk) -> None:
    step = change(decide(desk), desk.reviewer, desk, due_on=LATER, reason="Majlis bersetuju.")
    with pytest.raises(NotAllowed):
        undo_step_change(current_version(step), actor=desk.officer, now=desk.now)
    assert undo_step_change(current_version(step), actor=desk.reviewer, now=desk.now).due_on == DAY


class TestPages:
    def form(self, step: Action, **values: Any) -> dict[str, Any]:
        kept = {"text": step.text, "owner": step.owner_id or "", "due_on": step.due_on.isoformat()}
        return {**kept, "seen": current_version(step).pk} | values

    @pytest.mark.parametrize("language", ["ms", "en"])
    def test_change_says_moved_from_and_offers_undo(self, desk: Desk, language: str) -> None:
        step, browser = plan(desk), browser_of(desk.officer, language)
        url = reverse("recommendations:action_change", args=[step.pk])
        page = browser.post(url, self.form(step, due_on="2023-11-30"), follow=True)
        words = words_of(page)
        moved = {
            "en": "Moved from 31 Oct 2023 to 30 Nov 2023",
            "ms": "Dipindahkan daripada 31 Okt 2023 kepada 30 Nov 2023",
        }
        assert moved[language] in words
        undo = reverse("recommendations:action_undo", args=[current_version(step).pk])
        assert undo in page.content.decode()
        browser.post(undo)
        assert Action.objects.get().due_on == DAY

    def test_stale_form_keeps_what_was_typed_and_saves_when_sent_again(self, desk: Desk) -> None:
        step, browser = plan(desk), browser_of(desk.officer, "en")
        url = reverse("recommendations:action_change", args=[step.pk])
        typed = self.form(step, text="Kursus di Perlis.")
        change(step, desk.colleague, desk, due_on=LATER)
        page = browser.post(url, typed)
        words = words_of(page)
        assert "Somebody else changed this step. It now says “Kursus.”, due on 30 November 2023" in words
        assert "Kursus di Perlis." in page.content.decode()
        fields = page.context["form"]
        again = {name: fields[name].value() or "" for name in ("text", "owner", "due_on", "reason", "seen")}
        assert browser.post(url, again).status_code == 302
        assert Action.objects.get().text == "Kursus di Perlis."

    def test_agency_chooses_the_owner_of_a_decision(self, desk: Desk) -> None:
        step, browser = decide(desk), browser_of(desk.coordinator, "en")
        url = reverse("recommendations:action_change", args=[step.pk])
        assert set(browser.get(url).context["form"].fields) == {"owner", "seen", "identities_reason"}
        browser.post(url, self.form(step, owner=desk.colleague.pk, text="Lain", due_on="2024-01-01"))
        step.refresh_from_db()
        assert (step.owner, step.text, step.due_on) == (desk.colleague, "Melapor kepada majlis.", DAY)

    def test_item_page_shows_each_reader_their_steps_and_acts(self, desk: Desk) -> None:
        plan(desk), decide(desk), plan_own(desk)
        url = reverse("recommendations:item", args=[desk.item.pk])
        seen = {
            who: words_of(browser_of(getattr(desk, who), "en").get(url))
            for who in ("officer", "reviewer", "observer")
        }
        texts = ("Kursus.", "Melapor kepada majlis.", "Memanggil mesyuarat.")
        shown = {who: [text in words for text in texts] for who, words in seen.items()}
        assert shown == {"officer": [True, True, False], "reviewer": [True] * 3, "observer": [False] * 3}
        assert "Choose owner" in seen["officer"]
        assert "Decision of the council." in seen["reviewer"]

    def test_mapo_page_groups_steps(self, desk: Desk) -> None:
        ask_later_step(decide(desk), proposed_on=LATER, reason="Sibuk.", actor=desk.officer, now=desk.now)
        plan_own(desk)
        cancel_action(decide(desk, None), reason="Tidak perlu.", actor=desk.reviewer, now=desk.now)
        words = words_of(browser_of(desk.reviewer, "en").get(reverse("recommendations:steps")))
        for text in (
            "Later dates asked",
            "PDRM asks for 30 Nov 2023: Sibuk.",
            "Steps of MAPO",
            "Cancelled 14",
        ):
            assert text in words, text

    def test_my_work_and_the_queue_show_decisions_without_an_owner(self, desk: Desk) -> None:
        decide(desk, desk.agency), decide(desk, None, text="Menulis surat.")
        work = words_of(browser_of(desk.coordinator, "en").get(reverse("recommendations:my_work")))
        assert "Melapor kepada majlis." in work
        assert "Menulis surat." not in work
        assert "Melapor" not in words_of(
            browser_of(desk.officer, "en").get(reverse("recommendations:my_work"))
        )
        queue = words_of(browser_of(desk.reviewer, "en").get(reverse("recommendations:queue")))
        assert ("Menulis surat." in queue, "Melapor" in queue) == (True, False)
