"""A batch that waits: decided on as a whole, returned, taken back; and what Jejak said of earlier days stays."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection

from accounts.roles import Role
from accounts.services.people import move_person
from audit.clock import end_of_day
from audit.errors import AlreadyDecided, DomainError, NotAllowed, NotNow, Stale
from audit.models import Event
from cycles.services import close_cycle
from imports.services.batches import discard_batch
from imports.services.drafts import begin_opening, correct_rows, replace_rows
from imports.services.reviews import accept_opening, return_opening
from imports.services.sending import reopen_opening
from recommendations import services
from recommendations.models import OpeningImport, Review
from recommendations.queries.cycle_state import state_of_cycle
from submissions.states import SubmissionState
from tests.conftest import NOW, Clock
from tests.factories.accounts import make_agency, make_person
from tests.factories.recommendations import REPORTED, make_assignment, make_item, start_update
from tests.imports.openings import (
    CELLS,
    batch,
    begun,
    by,
    events,
    kept_rows,
    row,
    send,
    sent,
    states,
    waiting,
)
from tests.recommendations.conftest import Desk
from tests.recommendations.visitors import Visitor

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]
RESUBMIT = date(2023, 9, 21)


# While it waits


def test_rows_of_a_batch_go_their_way_with_it_alone(desk: Desk) -> None:
    opening = waiting(desk, {})
    update = opening.updates.get()
    version = update.newest_submission
    assert version is not None
    agency, mapo = by(desk.officer, desk), by(desk.reviewer, desk)
    acts = [
        lambda: services.withdraw_update(update, **agency),
        lambda: services.discard_update(update, revision=update.revision, **agency),
        lambda: services.save_update(update, content=REPORTED, revision=0, **agency),
        lambda: services.submit_update(update, content=REPORTED, revision=0, **agency),
        lambda: services.accept_update(version, status="progress", percent=20, **mapo),
        lambda: services.return_update(version, reason="x", resubmit_by=RESUBMIT, **mapo),
    ]
    for act in acts:
        with pytest.raises(NotNow, match="part of an opening import"):
            act()
    assert states(opening) == {SubmissionState.SUBMITTED}


def test_nothing_else_is_begun_on_an_item_while_the_batch_waits(desk: Desk) -> None:
    opening = waiting(desk, {})
    assert start_update(desk.assignment, **by(desk.officer, desk)).opening == opening
    with pytest.raises(NotNow, match="still open"):
        services.report_nothing_new(desk.assignment, speaks_for=date(2023, 9, 14), **by(desk.officer, desk))


# The decision


def test_a_batch_is_closed_once_nobody_goes_on_with_it(desk: Desk) -> None:
    put_away = batch(desk, {})
    discard_batch(put_away, revision=0, **by(desk.officer, desk))
    returned = waiting(desk, {})
    return_opening(returned, reason="Nyatakan.", resubmit_by=RESUBMIT, **by(desk.reviewer, desk))
    returned.refresh_from_db()
    assert returned.closed_at is None
    again = reopen_opening(returned, **by(desk.officer, desk))
    accepted = send(again, desk.officer, desk)
    assert accepted.closed_at is None
    accept_opening(accepted, **by(desk.reviewer, desk))
    for opening, state in ((put_away, "discarded"), (returned, "withdrawn"), (accepted, "accepted")):
        opening.refresh_from_db()
        assert (opening.state, opening.closed_at) == (state, desk.now)


def test_accept_makes_the_newest_report_the_verdict_and_sets_the_next_date_once(desk: Desk) -> None:
    opening = waiting(desk)
    accept_opening(opening, **by(desk.reviewer, desk))
    opening.refresh_from_db()
    assert (opening.state, opening.decided_by, opening.decided_at) == ("accepted", desk.reviewer, desk.now)
    assert [review.percent for review in Review.objects.accepted().newest_first()] == [55, 35, 20]
    assert states(opening) == {SubmissionState.ACCEPTED}
    desk.assignment.refresh_from_db()
    assert desk.assignment.next_due_on == date(2023, 10, 14)
    assert events("update.accepted") == ["update.accepted"] * 3 and events("opening.a") == [
        "opening.accepted"
    ]
    connection.check_constraints()


def test_accept_counts_on_several_items(desk: Desk) -> None:
    other = make_assignment(make_item(desk.cycle, number=2), desk.agency, **by(desk.administrator, desk))
    opening = waiting(desk, {}, {"item": "Syor 2", "status": "Selesai", "percent": ""})
    accept_opening(opening, **by(desk.reviewer, desk))
    newest = other.reviews.accepted().get()
    assert (newest.status, newest.percent) == ("done", 100)


def test_accept_in_a_closed_cycle_still_settles_what_was_submitted(desk: Desk) -> None:
    opening = waiting(desk, {})
    close_cycle(desk.cycle, reason="Tamat", **by(desk.administrator, desk))
    accept_opening(opening, **by(desk.reviewer, desk))
    assert states(opening) == {SubmissionState.ACCEPTED}


@pytest.mark.parametrize(("days", "tone"), [(1, "flag tone-warning"), (16, ""), (-2, "flag tone-danger")])
def test_a_returned_opening_alarms_only_when_it_is_due_soon(
    desk: Desk, clock: Clock, days: int, tone: str
) -> None:
    opening, given_days = waiting(desk), max(days, 2)
    last = NOW.date() + timedelta(days=given_days)
    return_opening(opening, reason="Nyatakan.", resubmit_by=last, **by(desk.reviewer, desk))
    if given_days > days:
        clock.move_to(NOW + timedelta(days=given_days - days))
    html = Visitor(desk.officer).get("/my-work/").content.decode()
    start = html.index(f'id="opening-{opening.pk}"')
    card = html[start : html.index("</section>", start)]
    found = [each for each in ("flag tone-warning", "flag tone-danger") if each in card]
    assert found == ([tone] if tone else [])


def test_return_sends_all_of_it_back_with_the_reason(desk: Desk) -> None:
    opening = waiting(desk)
    return_opening(opening, reason=" Nyatakan bilangan. ", resubmit_by=RESUBMIT, **by(desk.reviewer, desk))
    opening.refresh_from_db()
    assert (opening.state, opening.reason, opening.resubmit_by) == (
        "returned",
        "Nyatakan bilangan.",
        RESUBMIT,
    )
    assert states(opening) == {SubmissionState.RETURNED}
    assert {review.reason for review in Review.objects.all()} == {"Nyatakan bilangan."}
    desk.assignment.refresh_from_db()
    assert desk.assignment.next_due_on == RESUBMIT
    assert "Nyatakan" not in " ".join(str(event.after) for event in Event.objects.all())


def test_deciding_twice_tells_who_was_first_and_what_was_accepted_is_not_reopened(desk: Desk) -> None:
    opening = waiting(desk, {})
    accept_opening(opening, **by(desk.reviewer, desk))
    with pytest.raises(AlreadyDecided, match=desk.reviewer.name):
        return_opening(opening, reason="x", resubmit_by=RESUBMIT, **by(desk.second_reviewer, desk))
    assert Review.objects.count() == 1
    with pytest.raises(DomainError, match="Accepted"):
        reopen_opening(opening, **by(desk.officer, desk))


def test_what_was_sent_is_decided_by_mapo_alone_and_no_draft_any_more(desk: Desk) -> None:
    opening = waiting(desk, {})
    for who in ("officer", "colleague", "outsider", "observer"):
        with pytest.raises(NotAllowed):
            accept_opening(opening, **by(getattr(desk, who), desk))
    for reason, day in (("", RESUBMIT), ("x", date(2023, 9, 14))):
        with pytest.raises(NotNow):
            return_opening(opening, reason=reason, resubmit_by=day, **by(desk.reviewer, desk))
        assert states(opening) == {SubmissionState.SUBMITTED} and not Review.objects.exists(), reason
    about = by(desk.officer, desk)
    acts: dict[str, Any] = {
        "correct": lambda: correct_rows(opening, corrections={1: ({}, 0)}, **about),
        "leave": lambda: correct_rows(opening, left_out={1: True}, **about),
        "replace": lambda: replace_rows(opening, revision=0, rows=[row()], file_name="b", sha256="", **about),
        "discard": lambda: discard_batch(opening, revision=0, **about),
    }
    for act in ("correct", "leave", "replace", "discard"):
        with pytest.raises(NotNow, match="Awaiting MAPO"):
            acts[act]()


def test_nobody_of_the_agency_decides_now_or_then(desk: Desk, clock: Clock) -> None:
    member = make_person(Role.REVIEWER, desk.agency)
    later = clock.move_to(NOW + timedelta(minutes=2))
    opening = sent(desk.cycle, desk.agency, {}, actor=desk.officer, now=later)
    with pytest.raises(NotAllowed, match="belong"):
        accept_opening(opening, actor=member, now=later)
    afterwards = clock.move_to(NOW + timedelta(hours=1))
    move_person(member, agency=make_agency("SPRM"), actor=desk.administrator, now=afterwards)
    member.refresh_from_db()
    with pytest.raises(NotAllowed, match="belong"):
        accept_opening(opening, actor=member, now=afterwards)


def test_nobody_decides_who_is_not_cleared_for_every_row(desk: Desk) -> None:
    opening = begun(
        desk.cycle,
        desk.agency,
        {},
        {"reported_on": "2023-06-05", "classification": "Sulit"},
        **by(desk.reviewer, desk),
    )
    send(opening, desk.reviewer, desk)
    lowered = make_person(Role.REVIEWER, make_agency("JPM"), clearance=1)
    with pytest.raises(NotAllowed, match="classified"):
        accept_opening(opening, **by(lowered, desk))
    assert not OpeningImport.objects.visible_to(lowered).exists()


@pytest.mark.parametrize("state", [SubmissionState.ACCEPTED, SubmissionState.WITHDRAWN])
def test_settled_row_is_refused_for_its_own_state(desk: Desk, state: SubmissionState) -> None:
    opening = waiting(desk, {})
    if state == SubmissionState.ACCEPTED:
        accept_opening(opening, **by(desk.reviewer, desk))
        undone, decided = "has already decided", f"{desk.reviewer.name} has already decided"
    else:
        reopen_opening(opening, **by(desk.officer, desk))
        undone, decided = "no sending to undo", "has withdrawn this update"
    update = opening.updates.get()
    version = update.newest_submission
    assert version is not None
    agency, mapo = by(desk.officer, desk), by(desk.second_reviewer, desk)
    acts = [
        (services.undo_submission, {"update": update, **agency}, undone),
        (services.discard_update, {"update": update, "revision": update.revision, **agency}, f"now “{state.label}”"),
        (services.save_update, {"update": update, "content": REPORTED, "revision": 1, **agency}, "closed meanwhile"),
        (services.submit_update, {"update": update, "content": REPORTED, "revision": 1, **agency}, f"now “{state.label}”"),
        (services.accept_update, {"submission": version, "status": "progress", "percent": 20, **mapo}, decided),
        (services.return_update, {"submission": version, "reason": "x", "resubmit_by": RESUBMIT, **mapo}, decided),
    ]  # fmt: skip
    for act, values, words in acts:
        with pytest.raises(NotNow, match=words):
            act(**values)
    assert states(opening) == {state}


# Taking back, correcting and sending again


@pytest.mark.parametrize("is_returned", [False, True])
def test_reopen_withdraws_the_rows_and_begins_a_draft_with_them(desk: Desk, is_returned: bool) -> None:
    opening = waiting(desk)
    if is_returned:
        return_opening(opening, reason="x", resubmit_by=RESUBMIT, **by(desk.reviewer, desk))
    draft = reopen_opening(opening, **by(desk.colleague, desk))
    opening.refresh_from_db()
    assert opening.state == SubmissionState.WITHDRAWN and states(opening) == {SubmissionState.WITHDRAWN}
    assert draft.is_draft and draft.replaces == opening and draft.rows == opening.rows
    assert reopen_opening(opening, **by(desk.officer, desk)) == draft
    send(draft, desk.colleague, desk)
    accept_opening(draft, **by(desk.reviewer, desk))
    assert states(draft) == {SubmissionState.ACCEPTED}


def test_reopen_keeps_barring_who_wrote_the_rows(desk: Desk) -> None:
    opening = begun(desk.cycle, desk.agency, {}, **by(desk.reviewer, desk))
    send(opening, desk.reviewer, desk)
    return_opening(opening, reason="x", resubmit_by=RESUBMIT, **by(desk.second_reviewer, desk))
    draft = reopen_opening(opening, **by(desk.officer, desk))
    send(draft, desk.officer, desk)
    with pytest.raises(NotAllowed, match="You wrote"):
        accept_opening(draft, **by(desk.reviewer, desk))


def test_discard_puts_a_draft_away_and_reopen_brings_its_rows_back(desk: Desk) -> None:
    opening = batch(desk, {})
    discard_batch(opening, revision=0, **by(desk.officer, desk))
    discard_batch(opening, revision=0, **by(desk.officer, desk))
    assert events("opening.d") == ["opening.discarded"]
    assert reopen_opening(opening, **by(desk.officer, desk)).rows == opening.rows


@pytest.mark.parametrize("revision", [-1, 0, 2])
def test_what_was_corrected_since_is_neither_discarded_nor_replaced_unseen(desk: Desk, revision: int) -> None:
    opening, about = batch(desk, {}), by(desk.officer, desk)
    newer = {**CELLS, "percent": "9"}
    correct_rows(opening, corrections={1: (newer, 0)}, **by(desk.colleague, desk))
    for act in (
        lambda: discard_batch(opening, revision=revision, **about),
        lambda: replace_rows(opening, revision=revision, rows=[row()], file_name="b", sha256="", **about),
    ):
        with pytest.raises(Stale):
            act()
    opening.refresh_from_db()
    assert opening.is_draft and [each.cells for each in kept_rows(opening)] == [newer]
    assert events("opening.") == ["opening.begun"]


def test_decide_after_it_was_taken_back_is_refused(desk: Desk) -> None:
    opening = waiting(desk, {})
    reopen_opening(opening, **by(desk.officer, desk))
    with pytest.raises(NotNow, match="withdrawn"):
        accept_opening(opening, **by(desk.reviewer, desk))


# The past


def test_what_was_said_of_earlier_days_stays_as_it_was(desk: Desk, clock: Clock) -> None:
    clock.move_to(NOW + timedelta(days=1))
    the_day_before = end_of_day(NOW.date())
    said = state_of_cycle(desk.cycle, user=desk.reviewer, before=the_day_before)
    later = clock.move_to(NOW + timedelta(days=3))
    opening = sent(desk.cycle, desk.agency, actor=desk.officer, now=later)
    accept_opening(opening, actor=desk.reviewer, now=later)
    for before in (the_day_before, end_of_day(date(2023, 9, 16))):
        again = state_of_cycle(desk.cycle, user=desk.reviewer, before=before)
        assert (again.items, again.dates) == (said.items, said.dates)
    (now,) = state_of_cycle(desk.cycle, user=desk.reviewer).items
    assert (now.state.status, now.state.percent) == ("progress", 55)
    (agency,) = now.agencies
    assert not agency.is_awaiting


def test_while_it_waits_the_state_says_so(desk: Desk) -> None:
    waiting(desk)
    (row_now,) = state_of_cycle(desk.cycle, user=desk.reviewer).items
    (agency,) = row_now.agencies
    assert agency.is_awaiting and row_now.state.status == "none"


def test_begin_takes_rows_as_they_are_numbered_anew(desk: Desk) -> None:
    opening = begin_opening(
        desk.cycle,
        agency=desk.agency,
        rows=[row(7), row(9)],
        file_name="a.xlsx",
        sha256="",
        **by(desk.officer, desk),
    )
    assert [each.number for each in kept_rows(opening)] == [1, 2]
