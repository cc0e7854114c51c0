"""The services of opening imports: all or nothing, recorded now, one review for the batch."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import connection

from accounts.models import User
from audit.errors import NotAllowed, NotNow, Stale
from audit.models import Event
from cycles.services import close_cycle
from imports.services.batches import discard_batch
from imports.services.drafts import begin_opening, correct_rows, replace_rows
from imports.services.reviews import accept_opening
from imports.services.sending import reopen_opening, send_opening
from recommendations.models import Assignment, OpeningImport, Update
from recommendations.permissions import may_review
from submissions.services import send as send_update
from submissions.states import SubmissionState
from tests.imports.openings import (
    CELLS,
    batch,
    begun,
    by,
    events,
    kept_rows,
    rows_of,
    send,
    states,
    waiting,
)
from tests.recommendations.conftest import Desk

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]
RESUBMIT = date(2023, 9, 21)


# Reading a file into a draft


def begin_file(desk: Desk, person: User, sha256: str = "1" * 64, **cells: str) -> OpeningImport:
    """Begin a batch with one row of the file that has this sum."""
    file = {"file_name": "kemajuan.xlsx", "sha256": sha256}
    return begin_opening(desk.cycle, agency=desk.agency, rows=rows_of(cells), **file, **by(person, desk))


def test_begin_keeps_right_and_wrong_rows_and_reports_nothing(desk: Desk) -> None:
    opening = batch(desk, {}, {"percent": "empat puluh", "classification": ""})
    assert opening.is_draft and not Update.objects.exists()
    assert [each.cells["percent"] for each in kept_rows(opening)] == ["20", "empat puluh"]
    assert kept_rows(opening)[1].cells["classification"] == "1"
    assert {each.by for each in kept_rows(opening)} == {desk.officer.pk}
    assert events("opening.") == ["opening.begun"]


@pytest.mark.parametrize("who", ["officer", "coordinator", "reviewer", "administrator"])
def test_begin_is_for_the_agency_and_for_mapo(desk: Desk, who: str) -> None:
    assert begun(desk.cycle, desk.agency, {}, **by(getattr(desk, who), desk)).pk


def test_begin_by_others_above_a_class_or_in_a_closed_cycle_is_refused(desk: Desk, settings: Any) -> None:
    for who in ("outsider", "observer"):
        with pytest.raises(NotAllowed):
            begun(desk.cycle, desk.agency, {}, **by(getattr(desk, who), desk))
        assert not OpeningImport.objects.exists(), who
    with pytest.raises(NotNow, match="row 9"):
        batch(desk, {}, {"classification": "Sulit"})
    assert not OpeningImport.objects.exists() and events("opening.") == []
    settings.CLASSIFICATION_CEILING = 1
    with pytest.raises(NotNow):
        begun(desk.cycle, desk.agency, {"classification": "Sulit"}, **by(desk.reviewer, desk))
    close_cycle(desk.cycle, reason="Tamat", **by(desk.administrator, desk))
    with pytest.raises(NotNow, match="closed"):
        batch(desk)


def test_a_batch_has_the_highest_class_of_its_rows(desk: Desk) -> None:
    opening = begun(desk.cycle, desk.agency, {}, {"classification": "Sulit"}, **by(desk.reviewer, desk))
    assert opening.classification == 2
    assert not OpeningImport.objects.visible_to(desk.officer).exists()


def test_begin_with_the_same_file_returns_the_draft_that_stands(desk: Desk) -> None:
    first = begin_file(desk, desk.officer)
    correct_rows(first, corrections={1: ({**CELLS, "percent": "9"}, 0)}, **by(desk.officer, desk))
    again = begin_file(desk, desk.officer)
    assert again == first and kept_rows(again)[0].cells["percent"] == "9"
    assert events("opening.") == ["opening.begun"]


def test_begin_is_new_for_another_person_another_file_and_after_an_end(desk: Desk) -> None:
    first = begin_file(desk, desk.officer)
    others = [begin_file(desk, desk.colleague), begin_file(desk, desk.officer, sha256="2" * 64)]
    discard_batch(first, revision=0, **by(desk.officer, desk))
    after = begin_file(desk, desk.officer)
    assert len({first, *others, after}) == 4 and after.is_draft


def test_begin_does_not_lead_to_a_draft_that_the_person_may_not_see_any_more(desk: Desk) -> None:
    first = begin_file(desk, desk.reviewer, classification="Sulit")
    desk.reviewer.clearance = 1
    desk.reviewer.save()
    assert begin_file(desk, desk.reviewer) != first


# Correcting a draft


def test_correct_saves_what_is_typed_right_or_wrong_and_writes_no_event(desk: Desk) -> None:
    opening = batch(desk, {"percent": "?"})
    saved = correct_rows(
        opening, corrections={1: ({**CELLS, "percent": "??"}, 0)}, **by(desk.colleague, desk)
    )
    (kept,) = kept_rows(opening)
    assert (kept.cells["percent"], kept.revision, kept.by) == ("??", 1, desk.colleague.pk)
    assert saved.revision == 1 and events("opening.") == ["opening.begun"]


def test_correct_the_same_text_again_changes_nothing(desk: Desk) -> None:
    opening = batch(desk, {})
    correct_rows(opening, corrections={1: (CELLS, 99)}, **by(desk.colleague, desk))
    assert kept_rows(opening)[0].revision == 0


def test_correct_after_a_colleague_is_refused_with_theirs_and_rows_beside_it_are_free(desk: Desk) -> None:
    opening = batch(desk, {}, {"reported_on": "2023-06-05"})
    correct_rows(opening, corrections={1: ({**CELLS, "percent": "21"}, 0)}, **by(desk.colleague, desk))
    with pytest.raises(Stale) as stale:
        correct_rows(opening, corrections={1: ({**CELLS, "percent": "22"}, 0)}, **by(desk.officer, desk))
    assert stale.value.current is not None and stale.value.current.cells["percent"] == "21"
    beside = {**CELLS, "reported_on": "2023-06-06"}
    correct_rows(opening, corrections={2: (beside, 0)}, **by(desk.officer, desk))
    assert [each.cells["percent"] for each in kept_rows(opening)] == ["21", "20"]


def test_correct_to_a_class_above_the_person_is_refused(desk: Desk) -> None:
    opening = batch(desk, {})
    with pytest.raises(NotNow, match="above"):
        correct_rows(
            opening,
            corrections={1: ({**CELLS, "classification": "Sulit"}, 0)},
            **by(desk.officer, desk),
        )
    assert kept_rows(opening)[0].cells["classification"] == "Restricted"


def test_leave_out_and_take_in_again(desk: Desk) -> None:
    opening = batch(desk, {}, {"item": "Syor 99"})
    correct_rows(opening, left_out={2: True}, **by(desk.officer, desk))
    assert [each.is_left_out for each in kept_rows(opening)] == [False, True]
    send(opening, desk.officer, desk)
    assert opening.updates.count() == 1


def test_replace_puts_other_rows_in_their_place_with_numbers_of_their_own(desk: Desk) -> None:
    opening = batch(desk, {}, {"reported_on": "2023-06-05"})
    replace_rows(
        opening,
        revision=0,
        rows=rows_of({"percent": "99"}),
        file_name="b.xlsx",
        sha256="1" * 64,
        **by(desk.colleague, desk),
    )
    assert [(each.number, each.cells["percent"]) for each in kept_rows(opening)] == [(3, "99")]
    with pytest.raises(Stale) as stale:
        correct_rows(opening, corrections={1: (CELLS, 0)}, **by(desk.officer, desk))
    assert stale.value.current is None
    assert events("opening.") == ["opening.begun", "opening.file_replaced"]


@pytest.mark.parametrize("who", ["outsider", "observer", "reviewer"])
def test_drafts_of_an_agency_are_nobody_elses(desk: Desk, who: str) -> None:
    opening, person = batch(desk, {}), getattr(desk, who)
    acts = [
        lambda: correct_rows(opening, corrections={1: ({}, 0)}, **by(person, desk)),
        lambda: correct_rows(opening, left_out={1: True}, **by(person, desk)),
        lambda: discard_batch(opening, revision=0, **by(person, desk)),
        lambda: send_opening(opening, revision=0, **by(person, desk)),
        lambda: reopen_opening(opening, **by(person, desk)),
    ]
    for act in acts:
        with pytest.raises(NotAllowed):
            act()
    assert not OpeningImport.objects.visible_to(person).exists()


# Sending


def test_send_makes_an_update_of_each_row_in_order_of_time_recorded_now(desk: Desk) -> None:
    opening = waiting(desk)
    assert opening.state == SubmissionState.SUBMITTED and opening.submitted_at == desk.now
    updates = list(opening.updates.order_by("pk"))
    assert [each.reported_on for each in updates] == [date(2023, 5, 2), date(2023, 6, 5), date(2023, 7, 4)]
    assert {each.state for each in updates} == {SubmissionState.SUBMITTED}
    assert {each.submitted_at for each in updates} == {desk.now}
    version = updates[0].newest_submission
    assert version is not None and (version.percent, version.covers_from) == (20, date(2023, 4, 1))
    assert version.narrative == CELLS["narrative"] and version.submitted_by == desk.officer


def test_send_writes_one_event_a_row_and_one_for_the_batch_without_texts(desk: Desk) -> None:
    waiting(desk)
    assert events("update.") == ["update.brought_in"] * 3
    assert events("opening.") == ["opening.begun", "opening.submitted"]
    told = " ".join(str((event.label, event.before, event.after)) for event in Event.objects.all())
    assert CELLS["narrative"] not in told and "Ipoh" not in told and "kemajuan.xlsx" not in told
    connection.check_constraints()


def test_send_twice_sends_once(desk: Desk) -> None:
    opening = waiting(desk)
    again = send_opening(opening, revision=opening.revision, **by(desk.colleague, desk))
    assert again.submitted_by == desk.officer and opening.updates.count() == 3


def test_send_with_one_wrong_row_sends_nothing(desk: Desk) -> None:
    opening = batch(desk, {}, {"reported_on": "2023-06-05", "percent": "100"})
    with pytest.raises(NotNow, match="rows 9"):
        send(opening, desk.officer, desk)
    opening.refresh_from_db()
    assert opening.is_draft and not Update.objects.exists()


def test_send_when_every_row_is_left_out_is_refused(desk: Desk) -> None:
    opening = batch(desk, {})
    correct_rows(opening, left_out={1: True}, **by(desk.officer, desk))
    with pytest.raises(NotNow, match="Every row is left out"):
        send(opening, desk.officer, desk)


def test_send_of_what_was_changed_since_it_was_read_is_refused(desk: Desk) -> None:
    opening = batch(desk, {})
    correct_rows(opening, corrections={1: ({**CELLS, "percent": "30"}, 0)}, **by(desk.colleague, desk))
    with pytest.raises(Stale):
        send_opening(opening, revision=0, **by(desk.officer, desk))


def test_send_after_an_update_was_begun_by_hand_is_refused(desk: Desk) -> None:
    opening = batch(desk, {})
    desk.draft()
    with pytest.raises(NotNow, match="rows 8"):
        send(opening, desk.officer, desk)


def test_send_in_a_cycle_that_was_closed_meanwhile_is_refused(desk: Desk) -> None:
    opening = batch(desk, {})
    close_cycle(desk.cycle, reason="Tamat", **by(desk.administrator, desk))
    with pytest.raises(NotNow, match="closed"):
        send(opening, desk.officer, desk)
    assert not Update.objects.exists()


def test_send_that_fails_in_the_middle_leaves_nothing(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    opening = batch(desk)
    calls = []

    def failing(*args: Any, **kwargs: Any) -> Any:
        calls.append(args)
        if len(calls) == 3:
            raise NotNow("kuasa terputus")
        return send_update(*args, **kwargs)

    monkeypatch.setattr("imports.services.sending.send", failing)
    with pytest.raises(NotNow, match="terputus"):
        send(opening, desk.officer, desk)
    opening.refresh_from_db()
    assert opening.is_draft and not Update.objects.exists() and events("update.") == []


def test_send_ends_lateness(desk: Desk) -> None:
    Assignment.objects.update(next_due_on=date(2023, 9, 1))
    overdue = Assignment.objects.overdue(date(2023, 9, 14))
    assert overdue.exists()
    waiting(desk, {})
    assert not overdue.exists()


def test_send_by_mapo_bars_the_sender_and_the_reader_of_the_file(desk: Desk) -> None:
    opening = begun(desk.cycle, desk.agency, {}, **by(desk.reviewer, desk))
    send(opening, desk.reviewer, desk)
    with pytest.raises(NotAllowed, match="You wrote"):
        accept_opening(opening, **by(desk.reviewer, desk))
    accept_opening(opening, **by(desk.second_reviewer, desk))
    assert states(opening) == {SubmissionState.ACCEPTED}


def test_whoever_wrote_a_row_of_a_batch_is_barred_from_all_of_it(desk: Desk) -> None:
    opening = begun(desk.cycle, desk.agency, {}, {"reported_on": "2023-06-05"}, **by(desk.reviewer, desk))
    send(opening, desk.officer, desk)
    for update in opening.updates.all():
        version = update.newest_submission
        assert version is not None and not may_review(desk.reviewer, version)
