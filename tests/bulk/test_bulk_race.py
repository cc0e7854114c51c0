"""Several at the same moment: bulk acts over the same rows, an officer who sends, a second lead."""

from __future__ import annotations

from uuid import uuid4

from accounts.services.people import deactivate_person
from bulk.models import BulkAct
from bulk.services.orders import Assign, Confirm, MoveDue, NameOfficers, Order
from bulk.services.plan import apply_bulk, make_plan
from bulk.services.undo import BuiltUpon, undo_bulk
from recommendations import services
from recommendations.models import Assignment, AssignmentOfficer, Submission, Update
from recommendations.states import AssignmentRole, Stage
from tests.bulk.test_bulk_acts import LATER, in_force
from tests.factories.accounts import make_agency
from tests.factories.recommendations import REPORTED, make_item, make_role
from tests.recommendations.at_once import Deed, at_once
from tests.recommendations.conftest import Desk


def applying(desk: Desk, order: Order, **changes: object) -> Deed:
    """An act that is ready to be sent: its preview was looked at."""
    seen = make_plan(order, cycle=desk.cycle, now=desk.now).fingerprints
    about = {"cycle": desk.cycle, "token": uuid4(), "actor": desk.reviewer, "now": desk.now} | changes
    return lambda: apply_bulk(order, seen=seen, **about)


def moving(desk: Desk, rows: list[Assignment], *, days: int) -> MoveDue:
    return MoveDue(chosen=tuple(row.pk for row in rows), field="next_due_on", by_days=days)


def test_two_acts_over_the_same_rows_in_opposite_order_do_not_deadlock(open_desk: Desk) -> None:
    desk, rows = open_desk, in_force(open_desk, 20)
    deeds = [
        applying(desk, moving(desk, rows, days=7)),
        applying(desk, moving(desk, rows[::-1], days=14), actor=desk.second_reviewer),
    ]
    answers = at_once(*deeds)
    assert sorted(type(answer).__name__ for answer in answers) == ["BulkAct", "NotNow"]
    due = set(
        Assignment.objects.filter(pk__in=[row.pk for row in rows]).values_list("next_due_on", flat=True)
    )
    assert len(due) == 1 and BulkAct.objects.get().steps.count() == 20


def test_the_same_act_sent_twice_at_once_is_done_once(open_desk: Desk) -> None:
    desk, token = open_desk, uuid4()
    order = moving(desk, in_force(desk, 5), days=7)
    first, second = at_once(applying(desk, order, token=token), applying(desk, order, token=token))
    assert first == second == BulkAct.objects.get()


def test_agencies_assigned_twice_at_once_are_assigned_once(open_desk: Desk) -> None:
    desk, token = open_desk, uuid4()
    items = [make_item(desk.cycle, number=number) for number in (2, 3)]
    order = Assign(places=tuple((item.pk, desk.other_agency.pk) for item in items), role=AssignmentRole.LEAD)
    answers = at_once(applying(desk, order, token=token), applying(desk, order, token=token))
    assert answers[0] == answers[1] == BulkAct.objects.get()
    assert Assignment.objects.filter(item__in=items).count() == 2


def test_leads_of_two_items_confirmed_crosswise_do_not_deadlock(open_desk: Desk) -> None:
    desk = open_desk
    items = [make_item(desk.cycle, number=number) for number in range(2, 12)]
    agencies = [make_agency("JIM"), make_agency("JTK")]
    orders = [
        Assign(places=tuple((item.pk, agency.pk) for item in chosen), role=AssignmentRole.LEAD)
        for agency, chosen in zip(agencies, (items, items[::-1]), strict=True)
    ]
    answers = at_once(*(applying(desk, order) for order in orders))
    assert sorted(type(answer).__name__ for answer in answers) == ["BulkAct", "NotNow"]
    assert Assignment.objects.in_force().filter(item__in=items).count() == 10


def test_passing_the_lead_on_meanwhile_does_not_deadlock(open_desk: Desk) -> None:
    desk = open_desk
    rows = [
        services.assign_agency(
            desk.item,
            agency=make_agency(f"A{number}"),
            role=AssignmentRole.SUPPORT,
            actor=desk.administrator,
            now=desk.now,
        )
        for number in range(3)
    ]

    def pass_on() -> object:
        return make_role(rows[-1], AssignmentRole.LEAD, actor=desk.second_reviewer, now=desk.now)

    order = moving(desk, [desk.assignment, *rows], days=7)
    _act, passed = at_once(applying(desk, order), pass_on)
    assert isinstance(passed, Assignment) and passed.is_lead


def test_an_officer_sends_meanwhile_and_both_stand(open_desk: Desk) -> None:
    desk, rows = open_desk, in_force(open_desk, 5)
    draft = desk.draft()

    def send() -> object:
        return services.submit_update(
            draft, content=REPORTED, revision=draft.revision, actor=desk.officer, now=desk.now
        )

    act, sent = at_once(applying(desk, moving(desk, [desk.assignment, *rows], days=7)), send)
    assert isinstance(act, BulkAct) and isinstance(sent, Submission)
    desk.assignment.refresh_from_db()
    assert str(desk.assignment.next_due_on) == "2023-10-21"


def test_undo_and_an_officer_who_begins_at_once_leave_no_date_taken_from_under_a_draft(
    open_desk: Desk,
) -> None:
    desk = open_desk
    act = apply_now(desk, MoveDue(chosen=(desk.assignment.pk,), field="next_due_on", to_day=LATER))

    def begin() -> object:
        begun = Update(assignment=desk.assignment)
        return services.save_update(begun, content=REPORTED, revision=0, actor=desk.officer, now=desk.now)

    undone, _draft = at_once(lambda: undo_bulk(act, actor=desk.reviewer, now=desk.now), begin)
    desk.assignment.refresh_from_db()
    is_undone = not isinstance(undone, BuiltUpon)
    assert (desk.assignment.next_due_on != LATER) == is_undone


def test_confirmed_twice_by_two_reviewers_it_is_confirmed_once(open_desk: Desk) -> None:
    desk = open_desk
    rows = [
        services.suggest_assignment(
            make_item(desk.cycle, number=number),
            agency=desk.other_agency,
            role=AssignmentRole.LEAD,
            actor=desk.administrator,
            now=desk.now,
        )
        for number in range(2, 8)
    ]
    forth, back = (Confirm(chosen=tuple(row.pk for row in each)) for each in (rows, rows[::-1]))
    answers = at_once(applying(desk, forth), applying(desk, back, actor=desk.second_reviewer))
    assert sorted(type(answer).__name__ for answer in answers) == ["BulkAct", "NotNow"]
    stages = Assignment.objects.filter(pk__in=[row.pk for row in rows]).values_list("stage", flat=True)
    assert set(stages) == {Stage.CONFIRMED}


def apply_now(desk: Desk, order: Order) -> BulkAct:
    act = applying(desk, order)()
    assert isinstance(act, BulkAct)
    return act


def test_an_officer_deactivated_while_being_named_is_named_by_nobody_or_before(open_desk: Desk) -> None:
    desk, rows = open_desk, [open_desk.assignment, *in_force(open_desk, 3)]
    order = NameOfficers(
        chosen=tuple(row.pk for row in rows),
        agency_id=desk.agency.pk,
        officers=(desk.officer.pk,),
        change="add",
    )

    def deactivate() -> object:
        return deactivate_person(desk.officer, reason="Bersara", actor=desk.administrator, now=desk.now)

    act, _gone = at_once(applying(desk, order, actor=desk.coordinator), deactivate)
    is_named = AssignmentOfficer.objects.filter(user=desk.officer).count()
    assert (isinstance(act, BulkAct), is_named) in [(True, 4), (False, 0)]


def test_two_coordinators_who_name_at_once_do_not_overwrite_unseen(open_desk: Desk) -> None:
    desk, rows = open_desk, [open_desk.assignment, *in_force(open_desk, 3)]
    orders = [
        NameOfficers(
            chosen=tuple(row.pk for row in chosen),
            agency_id=desk.agency.pk,
            officers=(person.pk,),
            change="set",
        )
        for person, chosen in ((desk.officer, rows), (desk.colleague, rows[::-1]))
    ]
    answers = at_once(*(applying(desk, order, actor=desk.coordinator) for order in orders))
    assert sorted(type(answer).__name__ for answer in answers) == ["BulkAct", "NotNow"]
    assert AssignmentOfficer.objects.values("user").distinct().count() == 1
