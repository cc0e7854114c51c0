"""Whoever wrote anything of what MAPO decides on does not decide on it: not even after they have moved to MAPO."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from accounts.models import User
from accounts.roles import Role
from audit.errors import NotAllowed
from imports.rows import restored
from imports.services.drafts import correct_rows as correct_opening_rows
from imports.services.drafts import replace_rows
from imports.services.reviews import accept_opening
from imports.services.sending import reopen_opening
from indicators.models import FigureDecision, FigureReportWriter, FigureSubmission
from indicators.services.decisions import CellDecision, decide_figures
from indicators.services.workbooks import correct_rows, rows_of
from recommendations import services
from recommendations.models import OpeningImport, Review, Submission
from recommendations.services.step_changes import ask_later_step, refuse_later_step
from recommendations.states import Decision, Status
from tests.factories.accounts import UserFactory
from tests.factories.figure_reports import FigureDesk
from tests.factories.figure_workbooks import GOOD, taken
from tests.factories.figure_workbooks import begun as begun_workbook
from tests.factories.recommendations import REPORTED, start_update
from tests.imports.openings import CELLS, batch, by, send
from tests.imports.openings import rows_of as opening_rows
from tests.indicators.conftest import figure_desk as figure_desk
from tests.recommendations.conftest import Desk
from tests.recommendations.conftest import desk as desk

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]
WROTE = "You wrote this update. Somebody else must decide on it."


def at_mapo(person: User, like: User) -> User:
    """The person after they have moved to MAPO."""
    moved = {"role": Role.REVIEWER, "agency": like.agency, "clearance": like.clearance}
    User.objects.filter(pk=person.pk).update(**moved)
    return User.objects.get(pk=person.pk)


def accept(submission: Submission, person: User, desk: Desk) -> Review:
    verdict: dict[str, Any] = {"status": REPORTED.status, "percent": REPORTED.percent}
    return services.accept_update(submission, **verdict, **by(person, desk))


def test_whoever_saved_an_update_once_does_not_decide_on_it(desk: Desk) -> None:
    between = UserFactory(role=Role.OFFICER, agency=desk.agency)
    update = start_update(desk.assignment, **by(desk.officer, desk))
    for number, person in enumerate((desk.officer, between, desk.colleague)):
        content = replace(REPORTED, narrative=f"Kursus {number} telah diadakan.")
        update = services.save_update(update, content=content, revision=update.revision, **by(person, desk))
    content = replace(REPORTED, narrative="Kursus telah diadakan.")
    submission = services.submit_update(
        update, content=content, revision=update.revision, **by(desk.coordinator, desk)
    )
    for person in (desk.officer, between, desk.colleague, desk.coordinator):
        moved = at_mapo(person, desk.reviewer)
        with pytest.raises(NotAllowed, match=WROTE):
            accept(submission, moved, desk)
        with pytest.raises(NotAllowed, match=WROTE):
            services.return_update(
                submission, reason="Lengkapkan.", resubmit_by=date(2023, 9, 30), **by(moved, desk)
            )
        assert_review_refused_by_database(submission, moved, desk)
    assert accept(submission, desk.reviewer, desk).is_accepted
    moved = at_mapo(between, desk.reviewer)
    with pytest.raises(NotAllowed, match=WROTE):
        services.supersede_verdict(
            Review.objects.get(),
            status=Status.DONE,
            percent=100,
            reason="Bukti lengkap.",
            **by(moved, desk),
        )


def assert_review_refused_by_database(submission: Submission, person: User, desk: Desk) -> None:
    about = {"assignment": desk.assignment, "item": desk.item, "reviewer": person, "decided_at": desk.now}
    verdict: dict[str, Any] = {"decision": Decision.ACCEPT, "status": Status.PROGRESS, "percent": 40}
    with pytest.raises(DatabaseError, match="not_by_writer"), transaction.atomic():
        Review.objects.create(submission=submission, **about, **verdict)


def test_whoever_wrote_once_in_an_opening_import_does_not_decide_on_it(desk: Desk) -> None:
    """Also whose words were overwritten, whose file was replaced, and who only left a row out."""
    began, corrected, left_out, replaced = (
        UserFactory(role=Role.OFFICER, agency=desk.agency) for _person in range(4)
    )
    opening = batch(desk, {}, actor=began)
    for person, percent in ((corrected, "30"), (desk.officer, "40")):
        (row,) = restored(OpeningImport.objects.get(pk=opening.pk).rows)
        correct_opening_rows(
            opening,
            corrections={row.number: ({**CELLS, "percent": percent}, row.revision)},
            **by(person, desk),
        )
    for is_left_out in (True, False):
        correct_opening_rows(opening, left_out={1: is_left_out}, **by(left_out, desk))
    for person, sha256 in ((replaced, "8" * 64), (desk.officer, "9" * 64)):
        opening.refresh_from_db()
        new = {"rows": opening_rows({}), "file_name": "b.xlsx", "sha256": sha256}
        replace_rows(opening, revision=opening.revision, **new, **by(person, desk))
    sent = send(opening, desk.coordinator, desk)
    again = reopen_opening(sent, **by(desk.colleague, desk))
    sent = send(again, desk.colleague, desk)
    for person in (began, corrected, left_out, replaced, desk.officer, desk.coordinator, desk.colleague):
        moved = at_mapo(person, desk.reviewer)
        with pytest.raises(NotAllowed, match=WROTE):
            accept_opening(sent, **by(moved, desk))
        with pytest.raises(DatabaseError, match="not_by_writer"), transaction.atomic():
            OpeningImport.objects.filter(pk=sent.pk).update(decided_by=moved, decided_at=desk.now)
    assert accept_opening(sent, **by(desk.reviewer, desk)).decided_by == desk.reviewer


def test_whoever_wrote_once_in_a_workbook_of_figures_does_not_decide_on_them(figure_desk: FigureDesk) -> None:
    about = {"now": figure_desk.now}
    overwritten = UserFactory(role=Role.OFFICER, agency=figure_desk.agency)
    workbook = begun_workbook(figure_desk, *GOOD)
    for person, text in ((overwritten, "8"), (figure_desk.officer, "9")):
        row = rows_of(type(workbook).objects.get(pk=workbook.pk))[-1]
        cells = {**row.cells, "number": text}
        correct_rows(workbook, corrections={row.number: (cells, row.revision)}, actor=person, **about)
    taken(figure_desk, workbook, actor=figure_desk.coordinator)
    writers = set(FigureReportWriter.objects.values_list("user_id", flat=True))
    assert writers == {overwritten.pk, figure_desk.officer.pk, figure_desk.coordinator.pk}


def test_whoever_typed_figures_does_not_decide_on_them(figure_desk: FigureDesk) -> None:
    figure_desk.save(figure_desk.content(po="6"), actor=figure_desk.second_coordinator)
    submission: FigureSubmission = figure_desk.send(figure_desk.content(po="7"), revision=1)
    (sent,) = submission.figures.all()
    writers = (figure_desk.second_coordinator, submission.submitted_by)
    for person in writers:
        moved = at_mapo(person, figure_desk.reviewer)
        with pytest.raises(NotAllowed, match="You typed or sent these figures"):
            decide_figures(
                submission, decisions={sent.pk: CellDecision(True)}, actor=moved, now=figure_desk.now
            )
        with pytest.raises(DatabaseError, match="not_by_writer"), transaction.atomic():
            FigureDecision.objects.create(
                sent=sent, decision=Decision.RETURN, reason="x", decided_by=moved, decided_at=figure_desk.now
            )
    decide_figures(
        submission,
        decisions={sent.pk: CellDecision(True)},
        actor=figure_desk.reviewer,
        now=figure_desk.now,
    )


@pytest.mark.parametrize("grant", [True, False])
def test_whoever_asked_does_not_answer(grant: bool, desk: Desk) -> None:
    asked = services.ask_later_date(
        desk.assignment, proposed_on=date(2023, 11, 1), reason="Data lewat.", **by(desk.officer, desk)
    )
    moved = at_mapo(desk.officer, desk.reviewer)
    with pytest.raises(NotAllowed, match="Somebody else must answer"):
        services.answer_request(asked, grant=grant, reason="Baik.", **by(moved, desk))
    assert services.answer_request(asked, grant=grant, reason="Baik.", **by(desk.reviewer, desk)).answer


def test_whoever_asked_for_a_later_date_of_a_decision_does_not_answer(desk: Desk) -> None:
    step = services.plan_decision_step(
        desk.item, desk.agency, text="Latih pegawai.", due_on=date(2023, 11, 1), owner=None,
        **by(desk.reviewer, desk),
    )  # fmt: skip
    step = ask_later_step(step, proposed_on=date(2023, 12, 1), reason="Data lewat.", **by(desk.officer, desk))
    moved = at_mapo(desk.officer, desk.reviewer)
    with pytest.raises(NotAllowed, match="Somebody else must answer"):
        refuse_later_step(step, reason="Tidak.", **by(moved, desk))
    refuse_later_step(step, reason="Tidak.", **by(desk.reviewer, desk))
