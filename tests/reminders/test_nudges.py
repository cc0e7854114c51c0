"""Nudges: whom they reach, what they record, how often they may be sent; all of them or none."""

from __future__ import annotations

from datetime import timedelta

import pytest

from accounts.models import User
from accounts.services.people import deactivate_person
from audit.clock import local_date
from audit.errors import NotAllowed, NotNow
from audit.models import Event
from cycles.services import close_cycle, reopen_cycle
from recommendations import services
from recommendations.errors import CYCLE_CLOSED
from recommendations.models import Assignment
from reminders.kinds import ReminderKind
from reminders.models import LINE_LENGTH, Nudge, Reminder
from reminders.services.nudges import MAX_A_DAY, NotNudged, check_nudges, fitting_line, send_nudges
from reminders.states import Audience
from tests.conftest import NOW, Clock, WorkerDatabase
from tests.factories.accounts import make_agency, make_person
from tests.factories.recommendations import make_assignment, make_item
from tests.factories.reminders import make_stand_in
from tests.recommendations.at_once import at_once
from tests.recommendations.conftest import Desk, make_desk

LINE = "Sila hantar laporan sebelum mesyuarat."
TODAY = local_date(NOW)


def send(desk: Desk, *assignments: Assignment, line: str = LINE, **about: object) -> list[Nudge]:
    meant = {"actor": desk.reviewer, "now": desk.now} | about
    return send_nudges(assignments or [desk.assignment], line=line, **meant)


def more(desk: Desk, count: int, *, first: int = 2) -> list[Assignment]:
    """So many further assignments of the same agency."""
    items = [make_item(desk.cycle, number=number) for number in range(first, first + count)]
    return [make_assignment(item, desk.agency, actor=desk.administrator, now=desk.now) for item in items]


def name(desk: Desk, *people: User) -> None:
    services.name_officers(desk.assignment, officers=people, actor=desk.administrator, now=desk.now)


def recipients() -> list[str]:
    return list(Reminder.objects.order_by("recipient").values_list("recipient", flat=True))


def person(*people: User) -> list[str]:
    return sorted(f"person:{each.pk}" for each in people)


@pytest.mark.django_db
def test_nudge_reaches_the_named_officers_as_urgent_rows_of_the_outbox(desk: Desk) -> None:
    name(desk, desk.officer)
    (sent,) = send(desk)
    reminder = Reminder.objects.get()
    assert reminder.user == desk.officer and reminder.nudge == sent and reminder.rule is None
    assert (reminder.what, reminder.matter) == (ReminderKind.NUDGE, f"nudge:{sent.pk}")
    assert (reminder.due_on, reminder.send_on, reminder.level) == (TODAY, TODAY, 0)
    assert reminder.is_urgent and not reminder.is_muted and not reminder.is_escalation
    assert (reminder.step, reminder.assignment, reminder.about) == (
        Audience.RESPONSIBLE,
        desk.assignment,
        desk.agency,
    )
    assert (reminder.cycle, reminder.planned_at, reminder.settled_at) == (desk.cycle, desk.now, None)
    assert sent.line == LINE and sent.sent_by == desk.reviewer and sent.sent_at == desk.now


@pytest.mark.django_db
def test_nudge_goes_to_the_coordinator_where_nobody_is_named(desk: Desk) -> None:
    send(desk)
    assert recipients() == person(desk.coordinator)


@pytest.mark.django_db
def test_nudge_reaches_stand_ins_and_the_shared_mailbox(desk: Desk) -> None:
    name(desk, desk.officer)
    make_stand_in(desk.officer, desk.colleague, from_on=TODAY, until_on=TODAY, now=desk.now)
    desk.agency.shared_mailbox = "pejabat@pdrm.example"
    desk.agency.save()
    send(desk)
    assert recipients() == sorted([*person(desk.officer, desk.colleague), f"mailbox:{desk.agency.pk}"])
    assert Reminder.objects.get(user=desk.colleague).in_place_of == desk.officer
    assert Reminder.objects.get(user=None).agency == desk.agency


@pytest.mark.django_db
def test_nudge_stands_on_the_timeline_of_the_item_in_sight_of_the_agency(desk: Desk) -> None:
    (sent,) = send(desk)
    event = Event.objects.get(action="nudge.sent")
    assert (event.item_id, event.agency_id, event.object_id) == (
        desk.item.pk,
        desk.agency.pk,
        str(sent.pk),
    )
    assert event.after is not None and LINE not in str(event.after)
    assert event.after["recipients"] == person(desk.coordinator)


@pytest.mark.django_db
def test_nudge_is_mapos_alone_and_its_line_bounded(desk: Desk) -> None:
    for someone in (desk.officer, desk.coordinator, desk.observer):
        with pytest.raises(NotAllowed):
            send(desk, actor=someone)
    assert not Nudge.objects.exists() and not Reminder.objects.exists()
    with pytest.raises(NotNow, match="200"):
        send(desk, line="x" * (LINE_LENGTH + 1))
    (sent,) = send(desk, line="x" * LINE_LENGTH)
    assert len(sent.line) == LINE_LENGTH


@pytest.mark.django_db
def test_line_is_kept_as_one_line_without_signs_that_nobody_sees(desk: Desk) -> None:
    (sent,) = send(desk, line="  Sila\r\nBcc: aduan@jim.gov.my\thantar\u202e\u0000 \u2028hari ini ")
    assert sent.line == "Sila Bcc: aduan@jim.gov.my hantar hari ini"
    assert fitting_line("\n\t \u200b") == ""


@pytest.mark.django_db
def test_nudge_without_a_line_or_without_a_choice(desk: Desk) -> None:
    with pytest.raises(NotNow):
        send_nudges([], line="", actor=desk.reviewer, now=desk.now)
    (sent,) = send(desk, line="")
    assert sent.line == ""


@pytest.mark.django_db
def test_assignment_is_not_nudged_again_before_two_days_have_gone(desk: Desk, clock: Clock) -> None:
    send(desk)
    for days in (0, 1):
        later = NOW + timedelta(days=days, minutes=5)
        clock.move_to(later)
        with pytest.raises(NotNudged, match=desk.reviewer.name):
            send(desk, actor=desk.second_reviewer, now=later)
    later = clock.move_to(NOW + timedelta(days=2))
    send(desk, now=later)
    assert Nudge.objects.count() == 2


@pytest.mark.django_db
def test_person_gets_no_more_than_five_nudges_a_day(desk: Desk, clock: Clock) -> None:
    rows = more(desk, MAX_A_DAY + 1)
    send(desk, *rows[:-1])
    assert Reminder.objects.filter(user=desk.coordinator).count() == MAX_A_DAY
    with pytest.raises(NotNudged, match=desk.coordinator.name):
        send(desk, rows[-1], actor=desk.second_reviewer)
    tomorrow = clock.move_to(NOW + timedelta(days=1))
    send(desk, rows[-1], now=tomorrow)


@pytest.mark.django_db
def test_too_many_at_once_sends_nothing_and_says_which(desk: Desk) -> None:
    rows = more(desk, MAX_A_DAY + 2)
    with pytest.raises(NotNudged):
        send(desk, *rows)
    assert not Nudge.objects.exists() and not Reminder.objects.exists()
    assert not Event.objects.filter(action="nudge.sent").exists()
    weighed = check_nudges(rows, today=TODAY)
    assert [bool(each.refusal) for each in weighed] == [False] * MAX_A_DAY + [True] * 2
    assert desk.coordinator.name in weighed[-1].refusal
    send(desk, *(each.assignment for each in weighed if not each.refusal))


@pytest.mark.django_db
def test_one_that_cannot_be_nudged_holds_back_all(desk: Desk) -> None:
    (other,) = more(desk, 1)
    send(desk)
    with pytest.raises(NotNudged):
        send(desk, desk.assignment, other, actor=desk.second_reviewer)
    assert Nudge.objects.count() == 1
    send(desk, other, actor=desk.second_reviewer)


@pytest.mark.django_db
def test_agency_in_which_nobody_can_act_is_refused_as_a_gap(desk: Desk) -> None:
    agency = make_agency("MOT", shared_mailbox="mot@mot.example")
    make_person("officer", agency, joined_at=None)
    bare = make_assignment(make_item(desk.cycle, number=2), agency, actor=desk.administrator, now=desk.now)
    with pytest.raises(NotNudged, match="MOT"):
        send(desk, bare)
    (weighed,) = check_nudges([bare], today=TODAY)
    assert weighed.is_gap and not weighed.audience
    assert not Reminder.objects.exists()


@pytest.mark.django_db
def test_nudge_passes_over_who_was_deactivated(desk: Desk) -> None:
    name(desk, desk.officer)
    deactivate_person(desk.officer, reason="Bersara", actor=desk.administrator, now=desk.now)
    send(desk)
    assert recipients() == person(desk.coordinator)


@pytest.mark.django_db
def test_suggested_and_ended_assignments_are_refused(desk: Desk) -> None:
    suggested = services.suggest_assignment(
        make_item(desk.cycle, number=2),
        agency=desk.agency,
        role="lead",
        actor=desk.administrator,
        now=desk.now,
    )
    services.end_assignment(desk.assignment, reason="Pindah", actor=desk.administrator, now=desk.now)
    for row in (suggested, desk.assignment):
        with pytest.raises(NotNudged):
            send(desk, row)
        (weighed,) = check_nudges([row], today=TODAY)
        assert weighed.refusal and not weighed.is_gap
    assert not Nudge.objects.exists()


@pytest.mark.django_db
def test_closed_cycle_takes_no_nudge(desk: Desk) -> None:
    close_cycle(desk.cycle, reason="Tamat.", actor=desk.administrator, now=desk.now)
    with pytest.raises(NotNow) as refusal:
        send(desk)
    assert str(refusal.value) == str(CYCLE_CLOSED)
    assert not Nudge.objects.exists()
    reopen_cycle(desk.cycle, reason="Rayuan", actor=desk.administrator, now=desk.now)
    send(desk)


@pytest.mark.django_db
@pytest.mark.parametrize("count", [1, 4])
def test_weighing_takes_the_same_queries_for_one_and_for_many(
    desk: Desk, django_assert_num_queries: object, count: int
) -> None:
    rows = more(desk, count)
    with django_assert_num_queries(5):
        check_nudges(rows, today=TODAY)


def test_two_of_mapo_who_nudge_at_once_nudge_once(real_db: WorkerDatabase, clock: Clock) -> None:
    desk = make_desk(clock.move_to(NOW))
    answers = at_once(lambda: send(desk), lambda: send(desk, actor=desk.second_reviewer))
    assert sorted(type(answer).__name__ for answer in answers) == ["NotNudged", "list"]
    assert Nudge.objects.count() == Reminder.objects.count() == 1


def test_limit_of_a_person_holds_when_two_nudge_about_different_things_at_once(
    real_db: WorkerDatabase, clock: Clock
) -> None:
    desk = make_desk(clock.move_to(NOW))
    rows = more(desk, 6)
    answers = at_once(
        lambda: send(desk, *rows[:3]), lambda: send(desk, *rows[3:], actor=desk.second_reviewer)
    )
    assert sorted(type(answer).__name__ for answer in answers) == ["NotNudged", "list"]
    assert Reminder.objects.filter(user=desk.coordinator).count() == 3


def test_assignment_that_ends_meanwhile_is_nudged_or_refused_but_never_after_its_end(
    real_db: WorkerDatabase, clock: Clock
) -> None:
    desk = make_desk(clock.move_to(NOW))

    def end() -> object:
        return services.end_assignment(
            desk.assignment, reason="Pindah", actor=desk.administrator, now=desk.now
        )

    sent, _ended = at_once(lambda: send(desk), end)
    actions = list(
        Event.objects.filter(action__in=["nudge.sent", "assignment.ended"])
        .order_by("pk")
        .values_list("action", flat=True)
    )
    assert actions == (
        ["assignment.ended"] if isinstance(sent, NotNow) else ["nudge.sent", "assignment.ended"]
    )
