"""Notices of an update that MAPO asks for and of the dates of steps: told at once, and gone when the matter is."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from accounts.models import User
from accounts.roles import Role
from accounts.services.people import change_person
from audit.clock import local_date
from recommendations import services
from recommendations.models import Action, AskedUpdate
from recommendations.services.step_changes import current_version
from reminders.mails.loading import load_mails
from reminders.mails.rendering import render_mail
from reminders.models import Delivery, Notice
from reminders.queries.bell import Bell
from reminders.services import work_notices
from reminders.services.packing import pack
from reminders.states import STEP_DECIDED
from tests.factories.recommendations import DONE, REPORTED, make_submission
from tests.recommendations.conftest import Desk
from tests.recommendations.visitors import Visitor, text_of

pytestmark = pytest.mark.django_db
WHY = "Laporan tahunan perlu disahkan."


@pytest.fixture(autouse=True)
def no_time_to_look(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(work_notices, "MAIL_AFTER", -timedelta(minutes=1))


def told() -> dict[int, str]:
    """Return what each person was told, but of new decisions."""
    return dict(Notice.objects.exclude(what=STEP_DECIDED).values_list("user", "what"))


def people(*persons: User) -> set[int]:
    return {person.pk for person in persons}


def mails(desk: Desk) -> list[str]:
    pack(now=desk.now)
    found = load_mails(Delivery.objects.values_list("pk", flat=True), today=local_date(desk.now))
    return [" ".join(str(render_mail(each).body).split()) for each in found.values()]


def due(desk: Desk, days: int = 10) -> date:
    return local_date(desk.now) + timedelta(days=days)


def ask(desk: Desk) -> AskedUpdate:
    """MAPO asks for an update of what the officer has completed; the officer is responsible for it."""
    services.name_officers(desk.assignment, officers=[desk.officer], actor=desk.administrator, now=desk.now)
    desk.accepted(DONE)
    return services.ask_for_update(
        desk.assignment, due_on=due(desk), reason=WHY, actor=desk.reviewer, now=desk.now
    )


def decide(desk: Desk, *, is_read: bool = True) -> Action:
    """Plan a step of a decision; by default its owner has read of it."""
    step = services.plan_decision_step(
        desk.item,
        desk.agency,
        text="Bentang laporan.",
        due_on=due(desk),
        owner=desk.officer,
        actor=desk.reviewer,
        now=desk.now,
    )
    if is_read:
        Notice.objects.filter(what=STEP_DECIDED).update(read_at=desk.now)
    return step


def ask_later(desk: Desk, step: Action) -> Action:
    return services.ask_later_step(
        step, proposed_on=due(desk, 20), reason=WHY, actor=desk.colleague, now=desk.now
    )


def change(desk: Desk, step: Action, actor: User, days: int, reason: str = WHY) -> Action:
    values: dict[str, Any] = {"text": step.text, "owner": step.owner, "due_on": due(desk, days)}
    seen = current_version(step).pk
    return services.change_action(step, seen=seen, reason=reason, actor=actor, now=desk.now, **values)


def test_new_decision_reaches_the_owner_of_its_step_by_bell_and_mail(desk: Desk) -> None:
    decide(desk, is_read=False)
    notice = Notice.objects.get(what=STEP_DECIDED)
    assert notice.user == desk.officer
    assert "Mesyuarat MAPO memutuskan" in text_of(Visitor(desk.officer, "ms").get("/reminders/"))
    (mail,) = mails(desk)
    assert "“Bentang laporan.”" in mail


def test_who_becomes_an_observer_reads_no_decision(desk: Desk) -> None:
    decide(desk, is_read=False)
    change_person(
        desk.officer,
        name=desk.officer.name,
        role=Role.OBSERVER,
        clearance=1,
        actor=desk.administrator,
        now=desk.now,
    )
    observer = User.objects.get(pk=desk.officer.pk)
    assert Bell(observer).count == 0
    assert "Bentang laporan." not in text_of(Visitor(observer).get("/reminders/"))
    assert mails(desk) == []


def test_new_decision_without_an_owner_reaches_the_coordinators(desk: Desk) -> None:
    about: dict[str, Any] = {"text": "Bentang laporan.", "due_on": due(desk), "actor": desk.reviewer}
    services.plan_decision_step(desk.item, desk.agency, now=desk.now, **about)
    services.plan_decision_step(desk.item, None, now=desk.now, **about)
    assert set(Notice.objects.filter(what=STEP_DECIDED).values_list("user", flat=True)) == people(
        desk.coordinator
    )


@pytest.mark.parametrize(
    ("language", "words"), [("en", "MAPO asks for an update on"), ("ms", "MAPO meminta kemas kini bagi")]
)
def test_asked_update_reaches_the_responsible_officer_at_once(desk: Desk, language: str, words: str) -> None:
    User.objects.filter(pk=desk.officer.pk).update(language=language)
    ask(desk)
    assert told() == {desk.officer.pk: "update_asked"}
    assert Bell(desk.officer).count == 1
    page = text_of(Visitor(desk.officer, language).get("/reminders/"))
    assert words in page and WHY in page
    (mail,) = mails(desk)
    assert words in mail and WHY in mail


def test_asked_update_goes_to_the_coordinators_where_nobody_is_named(desk: Desk) -> None:
    desk.accepted(DONE)
    about = {"due_on": due(desk), "reason": WHY, "actor": desk.reviewer, "now": desk.now}
    services.ask_for_update(desk.assignment, **about)
    assert told() == {desk.coordinator.pk: "update_asked"}


@pytest.mark.parametrize("end", ["cancelled", "sent", "moved away"])
def test_notice_of_an_asked_update_goes_with_its_matter(desk: Desk, end: str) -> None:
    asked = ask(desk)
    if end == "cancelled":
        services.cancel_asked_update(asked, actor=desk.reviewer, now=desk.now)
    elif end == "sent":
        make_submission(desk.assignment, actor=desk.officer, now=desk.now, content=REPORTED)
    else:
        User.objects.filter(pk=desk.officer.pk).update(agency=desk.other_agency)
        desk.officer.refresh_from_db()
    assert Bell(desk.officer).count == 0 and mails(desk) == []
    assert WHY not in text_of(Visitor(desk.officer).get("/reminders/"))


@pytest.mark.parametrize(("language", "words"), [("en", "PDRM asks to move"), ("ms", "PDRM memohon supaya")])
def test_later_date_of_a_decision_reaches_mapo(desk: Desk, language: str, words: str) -> None:
    ask_later(desk, decide(desk))
    mapo = people(desk.reviewer, desk.second_reviewer, desk.administrator)
    assert told() == dict.fromkeys(mapo, "step_later_asked")
    page = text_of(Visitor(desk.reviewer, language).get("/reminders/"))
    assert words in page and WHY in page and "Bentang laporan." in page
    assert len(mails(desk)) == 3


@pytest.mark.parametrize("answer", ["kept", "moved", "cancelled"])
def test_answer_reaches_who_asked_and_who_owns_the_step_and_clears_mapos_bell(
    desk: Desk, answer: str
) -> None:
    step = ask_later(desk, decide(desk))
    if answer == "kept":
        services.refuse_later_step(step, reason="Kekal.", actor=desk.reviewer, now=desk.now)
    elif answer == "moved":
        change(desk, step, desk.reviewer, 15)
    else:
        services.cancel_action(step, reason="Digabungkan.", actor=desk.reviewer, now=desk.now)
    agency = people(desk.officer, desk.colleague)
    assert {pk for pk, what in told().items() if what == "step_answered"} == agency
    assert [Bell(each).count for each in (desk.reviewer, desk.officer)] == [0, 1]
    words = {
        "kept": "MAPO keeps",
        "moved": "MAPO moved “Bentang laporan.”",
        "cancelled": "MAPO cancelled “Bentang laporan.”",
    }
    assert words[answer] in text_of(Visitor(desk.colleague).get("/reminders/"))
    assert len(mails(desk)) == 2


def test_date_that_an_agency_moves_itself_reaches_mapos_bell_without_a_mail(desk: Desk) -> None:
    step = services.plan_action(
        desk.assignment, text="Kursus", owner=desk.officer, due_on=due(desk), actor=desk.officer, now=desk.now
    )
    change(desk, step, desk.officer, 20)
    mapo = people(desk.reviewer, desk.second_reviewer, desk.administrator)
    assert told() == dict.fromkeys(mapo, "step_moved")
    page = text_of(Visitor(desk.reviewer).get("/reminders/"))
    assert "PDRM moved its step “Kursus”" in page and WHY in page
    assert mails(desk) == []
    services.undo_step_change(current_version(step), actor=desk.officer, now=desk.now)
    assert Bell(desk.reviewer).count == 0


def test_cancelling_an_own_step_tells_nobody(desk: Desk) -> None:
    step = services.plan_action(
        desk.assignment, text="Kursus", owner=desk.officer, due_on=due(desk), actor=desk.officer, now=desk.now
    )
    services.cancel_action(step, reason="Digabungkan.", actor=desk.officer, now=desk.now)
    assert not Notice.objects.exists()


def test_undone_move_of_mapo_is_told_too(desk: Desk) -> None:
    step = change(desk, decide(desk), desk.reviewer, 15)
    services.undo_step_change(current_version(step), actor=desk.reviewer, now=desk.now)
    days = list(
        Notice.objects.exclude(what=STEP_DECIDED)
        .order_by("pk")
        .values_list("about__before", "about__step_day")
    )
    first, second = due(desk).isoformat(), due(desk, 15).isoformat()
    assert days == [(first, second), (second, first)]


def test_earlier_date_of_an_own_step_tells_nobody(desk: Desk) -> None:
    step = services.plan_action(
        desk.assignment, text="Kursus", owner=desk.officer, due_on=due(desk), actor=desk.officer, now=desk.now
    )
    change(desk, step, desk.officer, 5)
    assert not Notice.objects.exists()
