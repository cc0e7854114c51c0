"""What each role may do with an assignment, an update, an import and a submission; and which rows it sees."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from accounts.clearance import Clearance
from accounts.models import Agency, User
from accounts.roles import Role
from recommendations import permissions
from recommendations.models import (
    Action,
    Assignment,
    AssignmentRequest,
    Comment,
    Item,
    OpeningImport,
    Review,
    Submission,
    Update,
)
from recommendations.queries.queue import waiting_rows
from recommendations.services import plan_action, suggest_assignment, write_comment
from recommendations.states import Stage
from submissions.states import SubmissionState
from tests.conftest import Clock
from tests.factories.accounts import MOVES, UserFactory, moved_reviewer
from tests.factories.evidence import make_document
from tests.factories.recommendations import REPORTED, make_item
from tests.recommendations.conftest import Desk
from tests.vouching import acting

OWN, OTHER = 1, 2
CONFIRMED_AT = datetime(2023, 5, 1, tzinfo=UTC)


def person(role: str, *, agency_id: int = OWN, pk: int = 7, is_active: bool = True) -> User:
    """Somebody who was never saved: most of these rules ask no database."""
    return User(pk=pk, role=role, agency_id=agency_id, is_active=is_active, clearance=1)


def assignment(stage: str = Stage.CONFIRMED, *, was_confirmed: bool = True) -> Assignment:
    """An assignment of the first agency."""
    return Assignment(agency_id=OWN, stage=stage, confirmed_at=CONFIRMED_AT if was_confirmed else None)


def roles_for(rule: Callable[[User], bool]) -> set[str]:
    """The roles that the rule lets: of the first agency; `role*` where another agency is let too."""
    own = {role for role in Role.values if rule(person(role))}
    other = {role for role in Role.values if rule(person(role, agency_id=OTHER))}
    assert other <= own
    return {f"{role}*" if role in other else role for role in own}


MAPO = {"reviewer*", "administrator*"}
AGENCY = {"officer", "coordinator"}


def test_administrators_keep_cycles() -> None:
    assert roles_for(permissions.may_keep_cycles) == {"administrator*"}
    assert not permissions.may_keep_cycles(person("administrator", is_active=False))


def test_mapo_steers() -> None:
    assert roles_for(permissions.may_steer) == MAPO


@pytest.mark.parametrize(
    ("stage", "expected"), [(Stage.CONFIRMED, AGENCY), (Stage.SUGGESTED, set()), (Stage.ENDED, set())]
)
def test_agency_reports_on_what_is_in_force(stage: str, expected: set[str]) -> None:
    assert roles_for(lambda user: permissions.may_report(user, assignment(stage))) == expected


@pytest.mark.parametrize(
    ("stage", "expected"), [(Stage.CONFIRMED, AGENCY), (Stage.SUGGESTED, set()), (Stage.ENDED, AGENCY)]
)
def test_agency_goes_on_with_its_updates(stage: str, expected: set[str]) -> None:
    update = Update(assignment=assignment(stage))
    assert roles_for(lambda user: permissions.may_write(user, update)) == expected


def test_imports_are_brought_in_by_the_agency_and_mapo() -> None:
    assert roles_for(lambda user: permissions.may_import(user, Agency(pk=OWN))) == MAPO | AGENCY


@pytest.mark.parametrize(
    ("created_by", "submitted_by", "expected"),
    [(7, None, MAPO | AGENCY), (8, 7, MAPO | AGENCY), (8, 8, AGENCY), (8, None, AGENCY)],
)
def test_opening_import_is_gone_on_with_by_the_agency_and_who_began_or_sent_it(
    created_by: int, submitted_by: int | None, expected: set[str]
) -> None:
    opening = OpeningImport(agency=Agency(pk=OWN), created_by_id=created_by, submitted_by_id=submitted_by)
    assert roles_for(lambda user: opening.may_be_written_by(user)) == expected


@pytest.mark.parametrize(("level", "is_above"), [(0, False), (1, False), (2, True)])
def test_opening_import_above_the_clearance(level: int, is_above: bool) -> None:
    assert permissions.is_above_opening(person("officer"), OpeningImport(classification=level)) is is_above


def test_mapo_and_the_agency_speak_about_an_assignment_that_was_confirmed() -> None:
    assert roles_for(lambda user: permissions.may_comment(user, assignment())) == MAPO | AGENCY
    ended = assignment(Stage.ENDED)
    assert roles_for(lambda user: permissions.may_comment(user, ended)) == MAPO | AGENCY
    suggested = assignment(Stage.SUGGESTED, was_confirmed=False)
    assert roles_for(lambda user: permissions.may_comment(user, suggested)) == MAPO


def test_officers_are_named_by_mapo_and_the_coordinator() -> None:
    assert roles_for(lambda user: permissions.may_name_officers(user, assignment())) == {
        "coordinator",
        *MAPO,
    }
    suggested = assignment(Stage.SUGGESTED)
    assert roles_for(lambda user: permissions.may_name_officers(user, suggested)) == MAPO


def test_decision_is_for_mapo_but_not_on_ones_own_text(desk: Desk) -> None:
    submission = desk.submission()
    deciders = (desk.reviewer, desk.second_reviewer, desk.administrator)
    assert all(permissions.may_review(each, submission) for each in deciders)
    others = (desk.officer, desk.colleague, desk.coordinator, desk.outsider, desk.observer)
    assert not any(permissions.may_review(each, submission) for each in others)
    submission.update.writers.create(user=desk.reviewer)
    assert permissions.is_author(desk.reviewer, submission)
    assert not permissions.may_review(desk.reviewer, submission)
    assert permissions.may_review(desk.second_reviewer, submission)
    assert not permissions.is_author(desk.second_reviewer, submission)


def test_decision_is_not_for_who_belongs_or_belonged_to_the_agency(desk: Desk, clock: Clock) -> None:
    moved = UserFactory(role=Role.REVIEWER, agency=desk.agency, clearance=Clearance.SECRET)
    elsewhere = UserFactory(role=Role.REVIEWER, agency=desk.other_agency, clearance=Clearance.SECRET)
    desk.now = clock.move_to(desk.now + timedelta(days=1))
    submission = desk.submission()
    assert permissions.belongs_to_agency(moved, submission)
    assert not permissions.may_review(moved, submission)
    moved.agency = desk.reviewer.agency
    moved.save(update_fields=["agency"])
    assert permissions.belongs_to_agency(moved, submission)
    assert not permissions.may_review(moved, submission)
    assert not permissions.belongs_to_agency(elsewhere, submission)
    assert permissions.may_review(elsewhere, submission)


@pytest.mark.parametrize(("comes", "shift", "belonged"), MOVES)
def test_decision_is_not_for_who_came_or_left_at_the_instant_of_sending(
    desk: Desk, comes: bool, shift: int, belonged: bool
) -> None:
    moved, at = moved_reviewer(desk.agency, desk.reviewer.agency, comes=comes)
    desk.now = at + timedelta(microseconds=shift)
    submission = desk.submission()
    assert permissions.belongs_to_agency(moved, submission) == belonged
    (row,) = waiting_rows(moved, today=desk.now.date())
    assert row.may_decide == permissions.may_review(moved, submission) == (not belonged)


def test_decision_is_not_for_who_may_not_read_all_of_it(desk: Desk) -> None:
    desk.officer.clearance = Clearance.CONFIDENTIAL
    desk.officer.save(update_fields=["clearance"])
    low = UserFactory(role=Role.REVIEWER, agency=desk.reviewer.agency, clearance=Clearance.RESTRICTED)
    submission = desk.submission()
    assert not permissions.is_above_clearance(low, submission)
    assert permissions.may_review(low, submission)
    submission.classification = Clearance.CONFIDENTIAL
    assert permissions.is_above_clearance(low, submission)
    assert not permissions.may_review(low, submission)
    assert permissions.may_review(desk.reviewer, submission)


def test_decision_is_not_for_who_may_not_open_a_cited_file(desk: Desk) -> None:
    desk.officer.clearance = Clearance.CONFIDENTIAL
    desk.officer.save(update_fields=["clearance"])
    low = UserFactory(role=Role.REVIEWER, agency=desk.reviewer.agency, clearance=Clearance.RESTRICTED)
    file = make_document(desk.agency, actor=desk.officer, now=desk.now, classification=Clearance.CONFIDENTIAL)
    submission = desk.submission(replace(REPORTED, document_ids=frozenset({file.pk})))
    submission.classification = Clearance.RESTRICTED
    assert permissions.is_above_clearance(low, submission)
    assert not permissions.is_above_clearance(desk.reviewer, submission)


def seen_by(desk: Desk, model: type, **people: User) -> set[str]:
    """The names of the people who see the one row there is."""
    everybody = {
        "officer": desk.officer, "colleague": desk.colleague, "coordinator": desk.coordinator,
        "outsider": desk.outsider, "reviewer": desk.reviewer, "administrator": desk.administrator,
        "observer": desk.observer,
    }  # fmt: skip
    assert model.objects.count() == 1
    return {name for name, each in (everybody | people).items() if model.objects.visible_to(each).exists()}


OWN_AND_MAPO = {"officer", "colleague", "coordinator", "reviewer", "administrator"}


@pytest.fixture
def low(desk: Desk) -> dict[str, User]:
    """An observer at the agency itself, and a reviewer and an officer who read open texts alone."""
    return {
        "own_observer": UserFactory(role=Role.OBSERVER, agency=desk.agency, clearance=Clearance.SECRET),
        "low_reviewer": UserFactory(
            role=Role.REVIEWER, agency=desk.reviewer.agency, clearance=Clearance.OPEN
        ),
        "low_officer": UserFactory(role=Role.OFFICER, agency=desk.agency, clearance=Clearance.OPEN),
    }


def test_confirmed_assignment_is_seen_by_all_and_a_suggested_one_by_mapo(
    desk: Desk, low: dict[str, User]
) -> None:
    assert seen_by(desk, Assignment, **low) == {*OWN_AND_MAPO, *low, "outsider", "observer"}
    item = make_item(desk.cycle, number=2)
    suggested = suggest_assignment(
        item, agency=desk.agency, role="lead", actor=desk.administrator, now=desk.now
    )
    people = (desk.officer, desk.outsider, desk.observer, desk.reviewer, desk.administrator)
    seen = [Assignment.objects.visible_to(each).filter(pk=suggested.pk).exists() for each in people]
    assert seen == [False, False, False, True, True]
    assert Item.objects.visible_to(desk.observer).count() == 2


def test_step_is_seen_by_the_agency_and_mapo(desk: Desk, low: dict[str, User]) -> None:
    plan_action(
        desk.assignment, text="Kursus", owner=desk.officer, due_on=date(2023, 10, 1), actor=desk.officer, now=desk.now
    )  # fmt: skip
    assert seen_by(desk, Action, **low) == {*OWN_AND_MAPO, "low_reviewer", "low_officer"}


def test_request_is_seen_by_the_agency_and_mapo(desk: Desk, low: dict[str, User]) -> None:
    with acting(desk.officer):
        AssignmentRequest.objects.create(
            assignment=desk.assignment, kind="decline", reason="x", asked_by=desk.officer, asked_at=desk.now
        )
    assert seen_by(desk, AssignmentRequest, **low) == {*OWN_AND_MAPO, "low_reviewer", "low_officer"}


def test_comment_is_seen_by_the_agency_and_mapo_within_their_clearance(
    desk: Desk, low: dict[str, User]
) -> None:
    write_comment(
        desk.assignment, text="Sila semak.", classification=Clearance.RESTRICTED, actor=desk.officer, now=desk.now
    )  # fmt: skip
    assert seen_by(desk, Comment, **low) == OWN_AND_MAPO


def test_draft_is_the_agencys_and_a_sent_update_mapos_too(desk: Desk, low: dict[str, User]) -> None:
    draft = desk.draft()
    agency = {"officer", "colleague", "coordinator"}
    assert draft.classification > Clearance.OPEN
    assert seen_by(desk, Update, **low) == agency
    Update.objects.filter(pk=draft.pk).update(state=SubmissionState.DISCARDED, closed_at=desk.now)
    assert seen_by(desk, Update, **low) == agency


def test_sent_update_and_its_review_are_seen_within_the_clearance(desk: Desk, low: dict[str, User]) -> None:
    desk.accepted()
    assert seen_by(desk, Update, **low) == OWN_AND_MAPO
    assert seen_by(desk, Review, **low) == OWN_AND_MAPO


def test_agency_sees_nothing_of_a_suggested_assignment(desk: Desk) -> None:
    """What a suggestion cannot have would be hidden too, if it came to it by another way."""
    item = make_item(desk.cycle, number=2)
    suggested = suggest_assignment(
        item, agency=desk.agency, role="lead", actor=desk.administrator, now=desk.now
    )
    with acting(desk.reviewer):
        Comment.objects.create(
            assignment=suggested, text="Sesuai?", classification=Clearance.OPEN, author=desk.reviewer, written_at=desk.now
        )  # fmt: skip
    Action.objects.create(
        assignment=suggested, item=item, agency=desk.agency, text="Kursus", owner=desk.officer, due_on=date(2023, 10, 1),
        created_by=desk.reviewer, created_at=desk.now,
    )  # fmt: skip
    who_and_when = {
        "created_by": desk.officer,
        "created_at": desk.now,
        "saved_by": desk.officer,
        "saved_at": desk.now,
    }
    update = Update.objects.create(assignment=suggested, **who_and_when)
    claim = {"status": "progress", "percent": 40}
    with acting(desk.officer):
        submission = Submission.objects.create(
            update=update, number=1, narrative="Kursus.", covers_from=desk.now, covers_to=desk.now, classification=0,
            revision=0, submitted_by=desk.officer, submitted_at=desk.now, **claim,
        )  # fmt: skip
    with acting(desk.reviewer):
        Review.objects.create(
            submission=submission, assignment=suggested, item=item, decision="accept", reviewer=desk.reviewer,
            decided_at=desk.now, **claim,
        )  # fmt: skip
    for model in (Comment, Action, Review):
        assert seen_by(desk, model) == {"reviewer", "administrator"}, model
    assert seen_by(desk, Update) == set()


def test_opening_import_is_seen_by_the_agency_and_mapo_once_sent(desk: Desk, low: dict[str, User]) -> None:
    opening = OpeningImport.objects.create(
        cycle=desk.cycle, agency=desk.agency, file_name="a.xlsx", sha256="0" * 64, rows=[], created_by=desk.officer,
        created_at=desk.now,
    )  # fmt: skip
    agency = {"officer", "colleague", "coordinator"}
    assert seen_by(desk, OpeningImport, **low) == agency
    with acting(desk.officer):
        OpeningImport.objects.filter(pk=opening.pk).update(
            state="submitted", submitted_by=desk.officer, submitted_at=desk.now
        )
    assert seen_by(desk, OpeningImport, **low) == OWN_AND_MAPO


def test_draft_of_an_import_that_mapo_began_is_seen_by_who_began_it(desk: Desk, low: dict[str, User]) -> None:
    OpeningImport.objects.create(
        cycle=desk.cycle, agency=desk.agency, file_name="a.xlsx", sha256="0" * 64, rows=[], created_by=desk.reviewer,
        created_at=desk.now,
    )  # fmt: skip
    assert seen_by(desk, OpeningImport, **low) == {"officer", "colleague", "coordinator", "reviewer"}
