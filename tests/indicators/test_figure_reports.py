"""An agency reports the figures of a month, MAPO decides on each: moves, four eyes, revisions."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import DatabaseError, transaction

from accounts.roles import Role
from audit.errors import Incomplete, NotAllowed, NotNow, Unconfirmed
from audit.models import Event
from cycles.services import close_cycle
from indicators.models import Figure, FigureDecision, FigureReport, FigureSubmission, SentFigure
from indicators.permissions import may_decide_figures
from indicators.services.decisions import CellDecision, decide_figures
from indicators.services.reports import withdraw_figures
from privacy.checks import IdentitiesFound
from submissions.states import SubmissionState
from tests.conftest import Clock
from tests.factories.accounts import MOVES, UserFactory, moved_reviewer
from tests.factories.evidence import make_document
from tests.factories.figure_reports import AUGUST, FigureDesk
from tests.factories.indicators import make_indicator

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]

ALL = {"ipo": "12", "men": "3", "women": "5", "boys": "1", "girls": "3", "po": "7"}
JULY = date(2023, 7, 1)


def test_a_draft_keeps_what_is_typed_even_if_it_is_wrong(figure_desk: FigureDesk) -> None:
    content = figure_desk.content(ipo="-5", po="dua belas", explanation="Belum lengkap")
    report = figure_desk.save(content)
    kept = FigureReport.objects.get(pk=report.pk)
    assert kept.typed == dict(content.typed)
    assert kept.explanation == "Belum lengkap"
    assert list(Event.objects.values_list("action", flat=True)) == ["figures.started"]


def test_saving_the_same_again_changes_nothing(figure_desk: FigureDesk) -> None:
    content = figure_desk.content(ipo="12")
    figure_desk.save(content)
    assert figure_desk.save(content, revision=0).revision == 1


def test_only_the_agency_types_and_only_its_coordinator_sends(figure_desk: FigureDesk) -> None:
    for person in (figure_desk.outsider, figure_desk.reviewer, figure_desk.observer):
        with pytest.raises(NotAllowed):
            figure_desk.save(figure_desk.content(ipo="12"), actor=person)
    for person in (figure_desk.officer, figure_desk.outsider, figure_desk.reviewer):
        with pytest.raises(NotAllowed):
            figure_desk.send(figure_desk.content(**ALL), actor=person)


def test_what_was_sent_is_kept_and_becomes_figures_when_accepted(figure_desk: FigureDesk) -> None:
    submission = figure_desk.send(figure_desk.content(**dict(reversed(ALL.items()))))
    assert not Figure.objects.exists()
    # Numbered in the order of the form, in whatever order the texts were kept.
    figures = submission.figures.select_related("series").order_by("pk")
    assert [(sent.series.key, sent.text) for sent in figures] == [
        ("", "12"),
        ("sex_age=men", "3"),
        ("sex_age=women", "5"),
        ("sex_age=boys", "1"),
        ("sex_age=girls", "3"),
        ("", "7"),
    ]
    report = figure_desk.accept(submission)
    assert report.state == SubmissionState.ACCEPTED
    figure = Figure.objects.get(series__indicator=figure_desk.po)
    assert (figure.value, figure.begins_on, figure.ends_on) == (Decimal(7), AUGUST, date(2023, 8, 31))
    assert (figure.recorded_at, figure.recorded_by) == (figure_desk.now, figure_desk.reviewer)
    assert figure.decision_on.sent.submission == submission


def test_sending_the_same_twice_sends_once_and_events_name_counts_alone(figure_desk: FigureDesk) -> None:
    content = figure_desk.content(**ALL)
    submission = figure_desk.send(content)
    assert figure_desk.send(content) == submission
    assert Event.objects.filter(action="figures.submitted").count() == 1
    figure_desk.accept(submission)
    sent, decided = Event.objects.filter(action__in=["figures.submitted", "figures.decided"]).order_by("pk")
    assert sent.after["figures"] == 6
    assert (decided.after["accepted"], decided.after["returned"]) == (6, 0)
    assert sent.agency_id == decided.agency_id == figure_desk.agency.pk


def test_one_figure_is_returned_and_the_rest_accepted(figure_desk: FigureDesk) -> None:
    submission = figure_desk.send(figure_desk.content(**ALL))
    decisions = {sent.pk: CellDecision(is_accepted=True) for sent in submission.figures.all()}
    po = submission.figures.get(series__indicator=figure_desk.po)
    decisions[po.pk] = CellDecision(is_accepted=False, reason="Semak semula dengan mahkamah.")
    report = decide_figures(submission, decisions=decisions, actor=figure_desk.reviewer, now=figure_desk.now)
    assert report.state == SubmissionState.RETURNED
    assert Figure.objects.count() == 5
    again = figure_desk.send(figure_desk.content(**ALL | {"po": "8"}), revision=report.revision)
    assert [sent.text for sent in again.figures.all()] == ["8"]
    assert again.number == 2
    assert figure_desk.accept(again, actor=figure_desk.second_reviewer).state == SubmissionState.ACCEPTED
    assert Figure.objects.get(series__indicator=figure_desk.po).value == 8


def test_a_return_needs_a_reason_that_identifies_nobody_and_a_decision_a_figure(
    figure_desk: FigureDesk,
) -> None:
    submission = figure_desk.send(figure_desk.content(po="7"))
    sent = submission.figures.get()
    for decisions in (
        {sent.pk: CellDecision(is_accepted=False, reason=" ")},
        {},
        {sent.pk + 99: CellDecision(is_accepted=True)},
    ):
        with pytest.raises(NotNow):
            decide_figures(submission, decisions=decisions, actor=figure_desk.reviewer, now=figure_desk.now)
    assert not FigureDecision.objects.exists()
    decisions = {submission.figures.get().pk: CellDecision(is_accepted=False, reason="Mangsa 900101-14-5678")}
    with pytest.raises(IdentitiesFound):
        decide_figures(submission, decisions=decisions, actor=figure_desk.reviewer, now=figure_desk.now)


def test_nobody_decides_on_what_they_typed_or_sent_or_for_an_agency_of_theirs(
    figure_desk: FigureDesk,
) -> None:
    submission = figure_desk.send(figure_desk.content(po="7"))
    officer = figure_desk.coordinator
    officer.role, officer.agency = "reviewer", figure_desk.reviewer.agency
    with pytest.raises(NotAllowed, match="typed or sent"):
        figure_desk.accept(submission, actor=officer)
    figure_desk.reviewer.agency = figure_desk.agency
    with pytest.raises(NotAllowed, match="belong"):
        figure_desk.accept(submission)
    for person in (figure_desk.observer, figure_desk.outsider, figure_desk.officer):
        with pytest.raises(NotAllowed):
            figure_desk.accept(submission, actor=person)


def test_who_belonged_to_the_agency_when_it_sent_does_not_decide(
    figure_desk: FigureDesk, clock: Clock
) -> None:
    mover = UserFactory(role=Role.OFFICER, agency=figure_desk.agency)
    figure_desk.now = clock.move_to(figure_desk.now + timedelta(hours=1))
    submission = figure_desk.send(figure_desk.content(po="7"))
    figure_desk.now = clock.move_to(figure_desk.now + timedelta(hours=1))
    mover.role, mover.agency = Role.REVIEWER, figure_desk.reviewer.agency
    mover.save()
    with pytest.raises(NotAllowed, match="belong"):
        figure_desk.accept(submission, actor=mover)


@pytest.mark.parametrize(("comes", "shift", "belonged"), MOVES)
def test_who_came_or_left_at_the_instant_of_sending_does_not_decide(
    figure_desk: FigureDesk, comes: bool, shift: int, belonged: bool
) -> None:
    moved, at = moved_reviewer(figure_desk.agency, figure_desk.reviewer.agency, comes=comes)
    figure_desk.now = at + timedelta(microseconds=shift)
    submission = figure_desk.send(figure_desk.content(po="7"))
    assert may_decide_figures(moved, submission) == (not belonged)


def test_who_may_not_read_the_evidence_does_not_decide(figure_desk: FigureDesk) -> None:
    owner = UserFactory(role=Role.ADMINISTRATOR, agency=figure_desk.reviewer.agency)
    secret = make_document(figure_desk.agency, actor=owner, now=figure_desk.now, classification=2)
    submission = figure_desk.send(replace(figure_desk.content(po="7"), document_ids=frozenset({secret.pk})))
    figure_desk.reviewer.clearance = 1
    with pytest.raises(NotAllowed, match="clearance"):
        figure_desk.accept(submission)
    assert figure_desk.accept(submission, actor=owner).state == SubmissionState.ACCEPTED


def test_a_later_report_revises_with_a_reason_and_overwrites_nothing(figure_desk: FigureDesk) -> None:
    figure_desk.accepted(po="7")
    with pytest.raises(Incomplete) as refused:
        figure_desk.send(figure_desk.content(po="9"))
    assert "explanation" in refused.value.problems
    content = figure_desk.content(po="9", explanation="Dua perintah didaftarkan lewat.")
    figure_desk.accept(figure_desk.send(content))
    old, new = Figure.objects.order_by("pk")
    assert (old.value, old.ended_at) == (7, figure_desk.now)
    assert (new.value, new.replaces, new.reason) == (9, old, "Dua perintah didaftarkan lewat.")


def test_what_was_accepted_is_not_sent_again(figure_desk: FigureDesk) -> None:
    figure_desk.accepted(po="7")
    with pytest.raises(Incomplete) as refused:
        figure_desk.send(figure_desk.content(po="7"))
    assert "nothing new" in str(refused.value.problems[""])


def test_parts_that_do_not_agree_with_their_whole_are_sent_with_an_explanation(
    figure_desk: FigureDesk,
) -> None:
    wrong = ALL | {"men": "9"}
    with pytest.raises(Incomplete) as refused:
        figure_desk.send(figure_desk.content(**wrong))
    assert set(refused.value.problems) == {"explanation"}
    submission = figure_desk.send(figure_desk.content(**wrong, explanation="Enam orang dikira dua kali."))
    assert submission.explanation == "Enam orang dikira dua kali."


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("-3", "negative"),
        ("1.5", "whole numbers"),
        ("=A1+B1", "formula"),
        ("dua", "not a number"),
        ("1,23", "whole numbers"),
    ],
)
def test_bad_input_is_told_by_cell(figure_desk: FigureDesk, typed: str, words: str) -> None:
    with pytest.raises(Incomplete) as refused:
        figure_desk.send(figure_desk.content(ipo="12", po=typed))
    assert list(refused.value.problems) == [figure_desk.cell(figure_desk.po)]
    assert words in refused.value.problems[figure_desk.cell(figure_desk.po)]


def test_an_indicator_of_another_agency_is_refused(figure_desk: FigureDesk) -> None:
    theirs = make_indicator("arrests", agency=figure_desk.other_agency)
    retired = make_indicator("old", agency=figure_desk.agency, is_active=False)
    for indicator in (theirs, retired):
        content = replace(figure_desk.content(po="7"), typed={f"c{indicator.pk}": "4"})
        with pytest.raises(Incomplete) as refused:
            figure_desk.send(content)
        assert "does not report" in refused.value.problems[f"c{indicator.pk}"]


def test_a_month_that_is_not_over_or_outside_the_window_takes_nothing(figure_desk: FigureDesk) -> None:
    for month in (date(2023, 9, 1), date(2024, 3, 1), date(2023, 3, 1), date(2024, 4, 1)):
        with pytest.raises(NotNow):
            figure_desk.save(figure_desk.content(po="7"), month=month)
        assert not FigureReport.objects.exists(), month


def test_what_is_unusual(figure_desk: FigureDesk) -> None:
    for before, typed, asks in (
        ("9", "2", False),
        ("3", "9", False),
        ("3", "10", True),
        ("30", "10", False),
        ("31", "10", True),
    ):
        with transaction.atomic():
            figure_desk.accepted(month=JULY, po=before)
            if asks:
                with pytest.raises(Unconfirmed):
                    figure_desk.send(figure_desk.content(po=typed))
            else:
                assert figure_desk.send(figure_desk.content(po=typed)), before
            transaction.set_rollback(True)


def test_the_coordinator_takes_figures_back_until_mapo_decides(figure_desk: FigureDesk) -> None:
    content = figure_desk.content(po="7", ipo="12")
    submission = figure_desk.send(content)
    draft = withdraw_figures(submission.report, actor=figure_desk.coordinator, now=figure_desk.now)
    assert draft.typed == dict(content.typed)
    assert FigureReport.objects.get(pk=submission.report_id).state == SubmissionState.WITHDRAWN
    with pytest.raises(NotNow):
        figure_desk.accept(submission)
    again = figure_desk.send(content, revision=draft.revision)
    decisions = {again.figures.first().pk: CellDecision(is_accepted=True)}
    decide_figures(again, decisions=decisions, actor=figure_desk.reviewer, now=figure_desk.now)
    with pytest.raises(NotNow):
        withdraw_figures(again.report, actor=figure_desk.coordinator, now=figure_desk.now)


def test_a_closed_cycle_takes_no_figures_but_decisions(figure_desk: FigureDesk) -> None:
    submission = figure_desk.send(figure_desk.content(po="7"))
    administrator = figure_desk.reviewer
    administrator.role = "administrator"
    close_cycle(figure_desk.cycle, reason="Selesai", actor=administrator, now=figure_desk.now)
    with pytest.raises(NotNow):
        figure_desk.save(figure_desk.content(po="7"), month=JULY)
    with pytest.raises(NotNow):
        withdraw_figures(submission.report, actor=figure_desk.coordinator, now=figure_desk.now)
    assert figure_desk.accept(submission).state == SubmissionState.ACCEPTED


def test_the_database_keeps_what_was_sent_and_decided(figure_desk: FigureDesk) -> None:
    report = figure_desk.accepted(po="7")
    for rows, change in (
        (FigureReport.objects.filter(pk=report.pk), {"typed": {}}),
        (FigureReport.objects.filter(pk=report.pk), {"state": SubmissionState.DRAFT}),
        (FigureSubmission.objects.all(), {"explanation": "x"}),
        (SentFigure.objects.all(), {"value": 9}),
        (FigureDecision.objects.all(), {"reason": "x"}),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            rows.update(**change)


def test_drafts_are_the_agencys_alone(figure_desk: FigureDesk) -> None:
    report = figure_desk.save(figure_desk.content(po="7"))
    seen = FigureReport.objects
    assert list(seen.visible_to(figure_desk.officer)) == [report]
    for person in (figure_desk.reviewer, figure_desk.outsider, figure_desk.observer):
        assert not seen.visible_to(person)
    figure_desk.send(figure_desk.content(po="7"), revision=1)
    assert list(seen.visible_to(figure_desk.reviewer)) == [report]
    for person in (figure_desk.outsider, figure_desk.observer):
        assert not seen.visible_to(person)
