"""Planned steps of somebody who leaves: named before, handed over to a colleague or the coordinators, with a notice."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

from accounts.models import User
from audit.clock import local_date
from audit.errors import NotAllowed, NotNow
from audit.models import Event
from recommendations import services
from recommendations.models import Action
from recommendations.services.handovers import hand_over
from recommendations.services.step_changes import current_version
from reminders.models import Notice
from tests.recommendations.conftest import Desk
from tests.recommendations.visitors import Visitor, text_of

pytestmark = pytest.mark.django_db
TEXT = "Sediakan prosedur operasi standard."


def plan(desk: Desk, owner: User, text: str = TEXT) -> Action:
    due_on = local_date(desk.now) + timedelta(days=9)
    return services.plan_action(
        desk.assignment, text=text, owner=owner, due_on=due_on, actor=owner, now=desk.now
    )


def plan_of_mapo(desk: Desk) -> Action:
    about: dict[str, Any] = {"due_on": local_date(desk.now) + timedelta(days=9), "now": desk.now}
    return services.plan_mapo_step(
        desk.item, text=TEXT, owner=desk.reviewer, actor=desk.administrator, **about
    )


def leave(desk: Desk, person: User, colleague: object) -> None:
    url = reverse("accounts:deactivate_person", args=[person.pk])
    Visitor(desk.administrator).post(url, {"reason": "Bertukar", "colleague": str(colleague)})
    person.refresh_from_db()
    assert not person.is_active


def test_steps_are_named_before_their_owner_leaves(desk: Desk) -> None:
    plan(desk, desk.officer)
    for language, words in (
        ("en", "Owner of a step on Recommendation 1"),
        ("ms", "Pemilik tindakan bagi Syor 1"),
    ):
        url = reverse("accounts:deactivate_person", args=[desk.officer.pk])
        text = text_of(Visitor(desk.administrator, language).get(url))
        assert words in text and TEXT in text, (language, words)


def test_steps_go_to_a_colleague_with_a_past_an_event_and_a_notice(desk: Desk) -> None:
    step = plan(desk, desk.officer)
    leave(desk, desk.officer, desk.colleague.pk)
    step.refresh_from_db()
    assert step.owner == desk.colleague
    assert list(step.versions.order_by("pk").values_list("owner", flat=True)) == [
        desk.officer.pk,
        desk.colleague.pk,
    ]
    event = Event.objects.filter(action="action.changed").get()
    assert (event.before, event.after) == ({"owner": desk.officer.pk}, {"owner": desk.colleague.pk})
    assert Notice.objects.get().user == desk.colleague
    text = text_of(Visitor(desk.colleague).get("/reminders/"))
    assert f"You take over 1 planned step of {desk.officer.name}" in text


def test_steps_go_to_the_coordinators(desk: Desk) -> None:
    step = plan(desk, desk.officer)
    services.name_officers(desk.assignment, officers=[desk.officer], actor=desk.administrator, now=desk.now)
    leave(desk, desk.officer, "all")
    step.refresh_from_db()
    assert step.owner is None and current_version(step).owner is None
    assert not desk.assignment.officer_links.exists()
    notice = Notice.objects.get()
    assert notice.user == desk.coordinator and notice.about["steps"] == notice.about["assignments"] == 1
    assert TEXT in text_of(Visitor(desk.coordinator).get(reverse("recommendations:my_work")))
    words = "Penyelaras mengambil alih 1 tugasan dan 1 tindakan yang dirancang daripada"
    assert words in text_of(Visitor(desk.coordinator, "ms").get("/reminders/"))


def test_steps_of_mapo_go_to_all_of_mapo(desk: Desk) -> None:
    step = plan_of_mapo(desk)
    leave(desk, desk.reviewer, "all")
    step.refresh_from_db()
    assert step.owner is None
    assert set(Notice.objects.values_list("user", flat=True)) == {
        desk.administrator.pk,
        desk.second_reviewer.pk,
    }


def test_nobody_yet_leaves_the_steps_as_they_are(desk: Desk) -> None:
    step = plan(desk, desk.officer)
    leave(desk, desk.officer, "")
    step.refresh_from_db()
    assert step.owner == desk.officer and not Notice.objects.exists()


def test_what_is_done_or_elsewhere_is_not_handed_over(desk: Desk) -> None:
    done, other = plan(desk, desk.officer, "Selesai"), plan(desk, desk.colleague, "Lain")
    plan(desk, desk.officer)
    services.finish_action(done, done_on=local_date(desk.now), actor=desk.officer, now=desk.now)
    leave(desk, desk.officer, desk.coordinator.pk)
    owners = dict(Action.objects.values_list("text", "owner"))
    assert owners == {"Selesai": desk.officer.pk, "Lain": desk.colleague.pk, TEXT: desk.coordinator.pk}
    assert other.owner == desk.colleague


def test_handover_by_an_agency_or_to_another_one_is_refused(desk: Desk) -> None:
    step = plan(desk, desk.officer)
    url = reverse("accounts:deactivate_person", args=[desk.officer.pk])
    Visitor(desk.administrator).post(url, {"reason": "Bertukar", "colleague": str(desk.outsider.pk)})
    desk.officer.refresh_from_db()
    step.refresh_from_db()
    assert desk.officer.is_active and step.owner == desk.officer
    for actor, colleague in (("coordinator", "colleague"), ("administrator", "outsider")):
        people: dict[str, Any] = {"actor": getattr(desk, actor), "colleague": getattr(desk, colleague)}
        with pytest.raises((NotAllowed, NotNow)):
            hand_over(desk.officer, now=desk.now, **people)
        step.refresh_from_db()
        assert step.owner == desk.officer and not Event.objects.filter(action="action.changed").exists(), (
            actor,
            colleague,
        )
