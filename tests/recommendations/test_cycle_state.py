"""What the state of an agency's part tells of lateness and silence, and every field of it, reader by reader."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from accounts.clearance import Clearance
from accounts.models import User
from accounts.roles import Role
from accounts.services.agencies import change_agency
from recommendations import services
from recommendations.models import Assignment
from recommendations.queries.cycle_state import AgencyState, CycleState, ItemRow, state_of_cycle
from recommendations.rollup import ItemState
from recommendations.states import ItemKind, Stage
from tests.conftest import Clock
from tests.factories.accounts import UserFactory
from tests.factories.evidence import make_document
from tests.factories.recommendations import REPORTED, make_accepted, make_assignment, make_item, make_role
from tests.recommendations.conftest import Desk

TODAY = date(2023, 9, 14)
DAY = timedelta(days=1)
OWING = AgencyState(
    assignment_id=1, agency_id=2, code="PDRM", name_ms="Polis", name_en="Police", role="lead", stage=Stage.CONFIRMED,
    status="progress", percent=40, decided_at=None, owes_update=True, next_due_on=TODAY - DAY,
    silent_since=TODAY - 61 * DAY,
)  # fmt: skip


def test_part_is_late_and_stale_while_it_is_in_force_and_owes() -> None:
    for changes, overdue, stale in (
        ({}, True, True),
        ({"next_due_on": TODAY, "silent_since": TODAY - 60 * DAY}, False, False),
        ({"next_due_on": None, "silent_since": None}, False, False),
        ({"owes_update": False}, False, False),
        ({"stage": Stage.SUGGESTED}, False, False),
        ({"stage": Stage.ENDED}, False, False),
        ({"status": "done", "percent": 100}, True, False),
    ):
        part = OWING._replace(**changes)
        assert part.is_overdue(TODAY) is overdue, changes
        assert part.is_stale(TODAY, after_days=60) is stale, changes


def test_part_tells_what_it_is() -> None:
    assert OWING.is_lead and OWING.is_confirmed and not OWING.is_suggested
    assert not OWING._replace(role="support").is_lead
    assert OWING._replace(stage=Stage.SUGGESTED).is_suggested
    assert (
        not OWING.is_awaiting and OWING._replace(waiting_since=datetime(2023, 9, 1, tzinfo=UTC)).is_awaiting
    )
    assert (
        not OWING.is_returned and OWING._replace(returned_since=datetime(2023, 9, 1, tzinfo=UTC)).is_returned
    )
    assert not OWING.claim_differs and not OWING._replace(claim=("progress", 40)).claim_differs
    assert OWING._replace(claim=("progress", 50)).claim_differs
    assert OWING.name == "Polis"


def row(kind: str, number: int, status: str) -> ItemRow:
    """An item that one agency answers for."""
    return ItemRow(
        item_id=number,
        kind=kind,
        number=number,
        text_ms="Teks",
        text_en="Text",
        title_ms="Tajuk",
        title_en="Title",
        pillar="protection",
        state=ItemState(status, 0),
        agencies=(OWING,),
    )


def test_items_are_counted_by_kind_and_status() -> None:
    kind, other = ItemKind.RECOMMENDATION.value, ItemKind.WEAKNESS.value
    rows = (row(kind, 1, "none"), row(kind, 2, "done"), row(kind, 3, "done"), row(other, 1, "progress"))
    state = CycleState(None, rows)
    assert state.of_kind(kind) == list(rows[:3])
    assert state.count_states(kind) == {"none": 1, "done": 2}
    assert state.count_states(other) == {"progress": 1}
    assert list(state.pairs()) == [(each, OWING) for each in rows]


def the_part(desk: Desk, user: User, *, before: datetime | None = None) -> AgencyState:
    """The lead's part of the one item."""
    return state_of_cycle(desk.cycle, user=user, before=before).items[0].agencies[0]


def public(desk: Desk, **known: object) -> AgencyState:
    """What everybody may know of the lead's part."""
    agency = desk.agency
    facts: dict[str, object] = {"status": "none", "percent": 0, "decided_at": None}
    return AgencyState(
        assignment_id=desk.assignment.pk, agency_id=agency.pk, code=agency.code, name_ms=agency.name_ms,
        name_en=agency.name_en, role="lead", stage="confirmed", **(facts | known),
    )  # fmt: skip


def test_every_field_before_any_update(desk: Desk) -> None:
    desk.assignment.refresh_from_db()
    assert desk.assignment.next_due_on is not None
    everything = public(
        desk, owes_update=True, due_on=desk.assignment.due_on, next_due_on=desk.assignment.next_due_on,
        silent_since=TODAY,
    )  # fmt: skip
    for reader in (desk.reviewer, desk.administrator, desk.officer, desk.coordinator):
        assert the_part(desk, reader) == everything
    own_observer = UserFactory(role=Role.OBSERVER, agency=desk.agency)
    for reader in (desk.outsider, desk.observer, own_observer):
        assert the_part(desk, reader) == public(desk)


def test_every_field_while_an_update_waits_after_a_verdict(desk: Desk, clock: Clock) -> None:
    review = desk.accepted()
    services.supersede_verdict(
        review, status="progress", percent=30, reason="Silap", actor=desk.reviewer, now=desk.now
    )
    desk.now = clock.move_to(desk.now + 5 * DAY)
    services.ask_later_date(
        desk.assignment, reason="Cuti", proposed_on=date(2023, 11, 1), actor=desk.officer, now=desk.now
    )
    submission = desk.submission()
    desk.assignment.refresh_from_db()
    decided_at = desk.assignment.reviews.order_by("-id")[0].decided_at
    known = {"status": "progress", "percent": 30, "decided_at": decided_at}
    everything = public(
        desk, **known, claim=("progress", 40), waiting_since=submission.submitted_at,
        waiting_update_id=submission.update_id, owes_update=False, has_request=True, due_on=desk.assignment.due_on,
        next_due_on=desk.assignment.next_due_on, silent_since=TODAY,
    )  # fmt: skip
    assert the_part(desk, desk.reviewer) == everything
    assert the_part(desk, desk.officer) == everything
    assert the_part(desk, desk.outsider) == public(desk, **known)
    low = UserFactory(role=Role.REVIEWER, agency=desk.reviewer.agency, clearance=Clearance.OPEN)
    assert the_part(desk, low) == everything._replace(claim=None, waiting_since=None, waiting_update_id=None)


def test_every_field_while_an_update_is_returned(desk: Desk) -> None:
    submission = desk.submission()
    services.return_update(
        submission, reason="Betulkan", resubmit_by=date(2023, 9, 21), actor=desk.reviewer, now=desk.now
    )
    part = the_part(desk, desk.officer)
    assert (part.returned_since, part.waiting_since, part.waiting_update_id) == (
        submission.reviews.get().decided_at,
        None,
        None,
    )
    assert part.owes_update and part.is_returned and not part.is_awaiting
    low = UserFactory(role=Role.REVIEWER, agency=desk.reviewer.agency, clearance=Clearance.OPEN)
    assert not the_part(desk, low).is_returned


def test_update_has_the_class_of_the_highest_file_that_it_cites(desk: Desk) -> None:
    file = make_document(desk.agency, actor=desk.officer, now=desk.now, classification=Clearance.RESTRICTED)
    desk.submission(replace(REPORTED, classification=Clearance.OPEN, document_ids=frozenset({file.pk})))
    low = UserFactory(role=Role.OFFICER, agency=desk.agency, clearance=Clearance.OPEN)
    assert the_part(desk, desk.officer).is_awaiting
    assert not the_part(desk, low).is_awaiting
    assert not the_part(desk, low).owes_update


def test_item_rows_are_whole_and_in_order(desk: Desk) -> None:
    weakness = make_item(desk.cycle, number=1, kind=ItemKind.WEAKNESS, pillar="prevention")
    second = make_item(desk.cycle, number=2)
    make_item(desk.cycle, number=1, kind=ItemKind.ACHIEVEMENT)
    services.link_answer(weakness, answer=second, reason="Jawapan.", actor=desk.administrator, now=desk.now)
    services.link_answer(
        weakness, answer=desk.item, reason="Jawapan.", actor=desk.administrator, now=desk.now
    )
    for agency in (desk.other_agency, desk.reviewer.agency):
        make_assignment(desk.item, agency, actor=desk.administrator, now=desk.now, role="support")
    make_accepted(
        desk.assignment, actor=desk.officer, reviewer=desk.reviewer, now=desk.now,
        content=replace(REPORTED, status="done", percent=100),
    )  # fmt: skip
    state = state_of_cycle(desk.cycle, user=desk.observer)
    dates = state.dates
    assert dates is not None
    assert (dates.window_start, dates.window_end) == (date(2023, 4, 1), date(2024, 3, 31))
    first, other, last = state.items
    assert [each.item_id for each in state.items] == [desk.item.pk, second.pk, weakness.pk]
    assert (first.kind, first.number, first.text_ms, first.text_en, first.pillar) == (
        "recommendation", 1, desk.item.text_ms, desk.item.text_en, "protection",
    )  # fmt: skip
    assert [each.code for each in first.agencies] == ["PDRM", "KDN", "MPOB"]
    assert first.state == ItemState("progress", 99, "PDRM", ("KDN", "MPOB"))
    assert (other.state, other.agencies, other.answer_ids) == (ItemState("none", 0), (), ())
    assert (last.kind, last.pillar, last.answer_ids) == ("weakness", "prevention", (desk.item.pk, second.pk))
    assert first.text == desk.item.text_ms and first.label == "Syor 1"


def test_suggested_agencies_are_shown_to_mapo_and_enter_no_state(desk: Desk) -> None:
    item = make_item(desk.cycle, number=2)
    services.suggest_assignment(
        item, agency=desk.other_agency, role="lead", actor=desk.administrator, now=desk.now
    )
    for reader, codes in ((desk.reviewer, ["MPOB"]), (desk.outsider, []), (desk.observer, [])):
        shown = state_of_cycle(desk.cycle, user=reader).items[1]
        assert [each.code for each in shown.suggested] == codes == [each.code for each in shown.agencies]
        assert shown.state == ItemState("none", 0)


def test_override_is_told_with_its_reason_as_long_as_it_stands(desk: Desk, clock: Clock) -> None:
    desk.now = clock.move_to(desk.now + DAY)
    desk.accepted()
    override = services.override_item(
        desk.item, status="done", percent=100, reason="Keputusan", actor=desk.administrator, now=desk.now
    )
    set_at = override.set_at
    ended_at = clock.move_to(desk.now + DAY)
    services.end_override(override, reason="Selesai", actor=desk.administrator, now=ended_at)

    def state(before: datetime | None) -> ItemState:
        return state_of_cycle(desk.cycle, user=desk.observer, before=before).items[0].state

    alone = ItemState("progress", 40, "PDRM")
    assert state(None) == alone
    then = state(ended_at)
    assert then.override is not None
    assert (then.status, then.percent, then.beneath) == ("done", 100, alone)
    assert (then.override.reason, then.override.set_at) == ("Keputusan", set_at)
    assert state(set_at).override is None


def test_past_has_the_part_and_the_names_of_then(desk: Desk, clock: Clock) -> None:
    assignment = Assignment.objects.get(pk=desk.assignment.pk)
    assert assignment.due_on is not None and assignment.next_due_on is not None
    was = the_part(desk, desk.reviewer)
    changed_at = desk.now = clock.move_to(desk.now + DAY)
    services.change_assignment(
        make_role(assignment, "support", actor=desk.reviewer, now=desk.now), role="support", due_on=assignment.due_on - DAY, cadence_days=None,
        next_due_on=assignment.next_due_on - DAY, actor=desk.reviewer, now=desk.now,
    )  # fmt: skip
    change_agency(
        desk.agency, code="PDRM2", name_ms="Polis", name_en="Police", actor=desk.administrator, now=desk.now
    )  # fmt: skip
    assert the_part(desk, desk.reviewer, before=changed_at) == was
    now = was._replace(
        code="PDRM2", name_ms="Polis", name_en="Police", role="support", due_on=assignment.due_on - DAY,
        next_due_on=assignment.next_due_on - DAY,
    )  # fmt: skip
    assert the_part(desk, desk.reviewer) == now
    assert the_part(desk, desk.reviewer, before=changed_at + DAY) == now


def test_cycle_that_was_not_recorded_yet_has_neither_dates_nor_items(desk: Desk) -> None:
    before = datetime(2020, 1, 1, tzinfo=UTC)
    assert state_of_cycle(desk.cycle, user=desk.reviewer, before=before) == CycleState(dates=None)


def test_instant_itself_is_not_before_it(desk: Desk, clock: Clock) -> None:
    desk.now = clock.move_to(desk.now + DAY)
    review = desk.accepted()
    decided_at = review.decided_at
    assert the_part(desk, desk.reviewer, before=decided_at).decided_at is None
    moment = timedelta(microseconds=1)
    assert the_part(desk, desk.reviewer, before=decided_at + moment).decided_at == decided_at


def test_who_set_it_is_told_to_mapo_alone_by_the_name_of_then(desk: Desk, clock: Clock) -> None:
    now = clock.move_to(desk.now + DAY)
    name = desk.administrator.name
    services.override_item(
        desk.item, status="done", percent=100, reason="Keputusan", actor=desk.administrator, now=now
    )
    User.objects.filter(pk=desk.administrator.pk).update(name="Nama Baharu")
    for person, told in ((desk.reviewer, name), (desk.officer, ""), (desk.observer, "")):
        override = state_of_cycle(desk.cycle, user=person).items[0].state.override
        assert override is not None and override.set_by == told
