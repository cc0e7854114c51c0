"""Two people at the same moment: a batch is decided once, and either taken back or decided, never both."""

from __future__ import annotations

from datetime import date, datetime

from audit.errors import AlreadyDecided, DomainError
from imports.services.drafts import begin_opening, correct_rows
from imports.services.reviews import accept_opening, return_opening
from imports.services.sending import reopen_opening, send_opening
from recommendations import services
from recommendations.models import OpeningImport, Review, Update
from submissions.states import SubmissionState
from tests.conftest import NOW, Clock, WorkerDatabase
from tests.factories.recommendations import REPORTED
from tests.imports.openings import CELLS, begun, events, rows_of, sent
from tests.recommendations.at_once import at_once
from tests.recommendations.conftest import Desk, make_desk


def desk_and_batch(clock: Clock) -> tuple[Desk, OpeningImport, datetime]:
    now = clock.move_to(NOW)
    desk = make_desk(now)
    return desk, sent(desk.cycle, desk.agency, actor=desk.officer, now=now), now


def test_two_reviewers_at_once_one_decides_and_the_other_is_told(
    real_db: WorkerDatabase, clock: Clock
) -> None:
    desk, opening, now = desk_and_batch(clock)
    answers = at_once(
        lambda: accept_opening(opening, actor=desk.reviewer, now=now),
        lambda: return_opening(
            opening, reason="x", resubmit_by=date(2023, 9, 21), actor=desk.second_reviewer, now=now
        ),
    )
    refused = [answer for answer in answers if isinstance(answer, DomainError)]
    assert len(refused) == 1 and isinstance(refused[0], AlreadyDecided)
    assert Review.objects.count() == 3 and Review.objects.values("decision").distinct().count() == 1


def test_taking_back_and_deciding_at_once_one_of_them_happens(real_db: WorkerDatabase, clock: Clock) -> None:
    desk, opening, now = desk_and_batch(clock)
    answers = at_once(
        lambda: reopen_opening(opening, actor=desk.officer, now=now),
        lambda: accept_opening(opening, actor=desk.reviewer, now=now),
    )
    assert sum(isinstance(answer, DomainError) for answer in answers) == 1
    opening.refresh_from_db()
    states = set(Update.objects.values_list("state", flat=True))
    assert opening.state in (SubmissionState.WITHDRAWN, SubmissionState.ACCEPTED)
    assert states == {opening.state}


def test_one_form_sent_twice_at_once_begins_one_draft(real_db: WorkerDatabase, clock: Clock) -> None:
    now = clock.move_to(NOW)
    desk = make_desk(now)

    def begin() -> OpeningImport:
        file = {"file_name": "kemajuan.xlsx", "sha256": "1" * 64}
        return begin_opening(
            desk.cycle, agency=desk.agency, rows=rows_of({}), actor=desk.officer, now=now, **file
        )

    first, second = at_once(begin, begin)
    assert first == second == OpeningImport.objects.get()
    assert events("opening.") == ["opening.begun"]


def test_sending_twice_at_once_sends_once(real_db: WorkerDatabase, clock: Clock) -> None:
    now = clock.move_to(NOW)
    desk = make_desk(now)
    opening = begun(desk.cycle, desk.agency, actor=desk.officer, now=now)
    at_once(
        *(
            lambda person=person: send_opening(opening, revision=0, actor=person, now=now)
            for person in (desk.officer, desk.colleague)
        )
    )
    assert Update.objects.count() == 3


def test_sending_and_starting_by_hand_at_once_never_leaves_both(
    real_db: WorkerDatabase, clock: Clock
) -> None:
    now = clock.move_to(NOW)
    desk = make_desk(now)
    opening = begun(desk.cycle, desk.agency, actor=desk.officer, now=now)
    at_once(
        lambda: send_opening(opening, revision=0, actor=desk.officer, now=now),
        lambda: services.save_update(
            Update(assignment=desk.assignment), content=REPORTED, revision=0, actor=desk.colleague, now=now
        ),
    )
    assert Update.objects.values("opening").distinct().count() == 1


def test_two_colleagues_correct_two_rows_at_once_and_both_are_kept(
    real_db: WorkerDatabase, clock: Clock
) -> None:
    now = clock.move_to(NOW)
    desk = make_desk(now)
    opening = begun(desk.cycle, desk.agency, {}, {"reported_on": "2023-06-05"}, actor=desk.officer, now=now)
    at_once(
        lambda: correct_rows(
            opening, corrections={1: ({**CELLS, "percent": "21"}, 0)}, actor=desk.officer, now=now
        ),
        lambda: correct_rows(
            opening,
            corrections={2: ({**CELLS, "reported_on": "2023-06-05", "percent": "22"}, 0)},
            actor=desk.colleague,
            now=now,
        ),
    )
    opening.refresh_from_db()
    assert [each["cells"]["percent"] for each in opening.rows] == ["21", "22"]
