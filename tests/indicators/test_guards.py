"""The database keeps figures as they were given."""

from __future__ import annotations

from contextlib import nullcontext
from datetime import datetime
from decimal import Decimal

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from evidence.models import Document
from indicators.models import (
    Figure,
    FigureDecision,
    FigureReport,
    FigureSubmission,
    FigureSubmissionDocument,
    SentFigure,
    Series,
)
from indicators.services.decisions import CellDecision, decide_figures
from tests.factories.evidence import make_document
from tests.factories.figure_reports import FigureDesk
from tests.factories.indicators import make_figure, make_indicator, make_series
from tests.indicators.test_figure_reports import ALL

pytestmark = pytest.mark.django_db


@pytest.fixture
def figure(now: datetime) -> Figure:
    return make_figure(make_series(make_indicator()), 420, now=now)


@pytest.mark.parametrize("change", [{"value": Decimal(421)}, {"text": "421"}, {"is_partial": True}])
def test_a_figure_is_never_overwritten(figure: Figure, change: dict[str, object]) -> None:
    with pytest.raises(DatabaseError), transaction.atomic():
        Figure.objects.filter(pk=figure.pk).update(**change)


def test_a_figure_is_never_deleted(figure: Figure) -> None:
    with pytest.raises(DatabaseError), transaction.atomic():
        Figure.objects.filter(pk=figure.pk).delete()


def test_one_giver_has_one_standing_figure_for_a_period(figure: Figure, now: datetime) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        make_figure(figure.series, 499, now=now)


def test_a_revision_replaces_a_figure_with_a_reason(figure: Figure, now: datetime) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        make_figure(figure.series, 421, now=now, replaces=figure, ended_at=now)
    Figure.objects.filter(pk=figure.pk).update(ended_at=now)
    revised = make_figure(figure.series, 421, now=now, replaces=figure, reason="Dikira semula.")
    assert list(Figure.objects.standing()) == [revised]


def _refused_decision(desk: FigureDesk, sent: SentFigure, **values: object) -> str:
    with pytest.raises(DatabaseError) as refusal, transaction.atomic():
        FigureDecision.objects.create(sent=sent, decided_by=desk.reviewer, decided_at=desk.now, **values)
    return str(refusal.value)


def test_a_decision_makes_the_figure_that_was_sent(figure_desk: FigureDesk) -> None:
    submission = figure_desk.send(figure_desk.content(**ALL))
    sent = submission.figures.order_by("pk").first()
    other = make_figure(sent.series, sent.value + 1, now=figure_desk.now)
    assert "of_waiting_report" in _refused_decision(figure_desk, sent, decision="accept", figure=other)


def test_a_decision_is_on_a_month_that_waits(figure_desk: FigureDesk) -> None:
    submission = figure_desk.send(figure_desk.content(**ALL))
    FigureReport.objects.filter(pk=submission.report_id).update(state="returned")
    sent = submission.figures.order_by("pk").first()
    assert "of_waiting_report" in _refused_decision(figure_desk, sent, decision="return", reason="Salah.")


def test_evidence_of_a_figure_is_under_its_own_version(figure_desk: FigureDesk) -> None:
    first = figure_desk.send(figure_desk.content(**ALL))
    FigureReport.objects.filter(pk=first.report_id).update(state="returned")
    document = make_document(figure_desk.agency, actor=figure_desk.officer, now=figure_desk.now)
    second = make_version(first)
    for submission, fits in ((first, True), (second, False)):
        link = FigureSubmissionDocument(
            submission=submission, document=document, sent=first.figures.order_by("pk").first()
        )
        with (
            pytest.raises(DatabaseError, match="of_its_version") if not fits else nullcontext(),
            transaction.atomic(),
        ):
            link.save(force_insert=True)


def test_nothing_is_put_under_a_version_that_was_sent(figure_desk: FigureDesk) -> None:
    """Neither a file nor a figure: not while it waits, nor once it was returned or accepted."""
    content = figure_desk.content(**ALL)
    first = figure_desk.send(content)
    document = make_document(figure_desk.agency, actor=figure_desk.officer, now=figure_desk.now)
    _refuse_parts(first, document)
    returned = {sent.pk: CellDecision(is_accepted=False, reason="Semak.") for sent in first.figures.all()}
    decide_figures(first, decisions=returned, actor=figure_desk.reviewer, now=figure_desk.now)
    _refuse_parts(first, document)
    second = figure_desk.send(content, revision=FigureReport.objects.get().revision)
    assert second != first
    figure_desk.accept(second)
    for submission in (first, second):
        _refuse_parts(submission, document)


def _refuse_parts(submission: FigureSubmission, document: Document) -> None:
    another = make_series(make_indicator(f"another-{Series.objects.count()}"))
    for part in (
        FigureSubmissionDocument(submission=submission, document=document),
        SentFigure(submission=submission, series=another, text="1", value=1),
    ):
        with pytest.raises(DatabaseError, match="with_its_submission"), transaction.atomic():
            part.save(force_insert=True)


def make_version(former: FigureSubmission) -> FigureSubmission:
    """The next version of a month, as if it had been sent."""
    return FigureSubmission.objects.create(
        report=former.report,
        number=former.number + 1,
        revision=9,
        submitted_by=former.submitted_by,
        submitted_at=former.submitted_at,
    )
