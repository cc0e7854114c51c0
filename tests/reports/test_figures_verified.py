"""Verifying and keeping summaries with figures: what changed since is told, and what is hidden by now is not given out."""

from __future__ import annotations

import pytest
from django.db import transaction

from audit.errors import NotNow
from audit.services import record
from indicators.models import CheckExplanation, Figure, Indicator, Source
from reports.models import Report
from reports.services.changes import ChangeReason
from reports.services.downloads import begin_download
from reports.services.verification import VerificationResult, verify_file
from reports.states import ExportFormat, VerificationOutcome
from tests.conftest import Clock
from tests.factories.indicators import make_check, make_figure
from tests.reports.conftest import Told, kuala_lumpur
from tests.reports.counted import AUGUST, counted
from tests.reports.makers import ready
from tests.vouching import acting

__all__ = ["counted"]
pytestmark = pytest.mark.django_db
THAT_DAY, LATER = "2023-09-14 12:00", "2023-09-20 10:00"


def made(told: Told, by: str, **asked: str) -> Report:
    """JSON data as at 14 September 2023 that somebody asked for, with its file."""
    return ready(
        told, by, export_format=ExportFormat.JSON, **({"day": "2023-09-14", "depth": "lines"} | asked)
    )


def verified(told: Told, report: Report) -> VerificationResult:
    return verify_file(report.sha256, actor=report.asked_by, has_bytes=True, now=told.now)


def revise(told: Told, key: str, number: int) -> Figure:
    """Replace what was reported for August."""
    old = Figure.objects.standing().get(series__key=key, source=None)
    old.ended_at = told.now
    old.save(update_fields=["ended_at"])
    return make_figure(old.series, number, now=told.now, replaces=old, reason="Dikira semula.", **AUGUST)


@pytest.mark.parametrize("depth", ["glance", "lines", "full"])
def test_revised_figure_is_told_on_an_open_day(
    told: Told, counted: Indicator, clock: Clock, depth: str
) -> None:
    report = made(told, "reviewer", depth=depth)
    assert verified(told, report).outcome == VerificationOutcome.SAME
    told.now = clock.move_to(kuala_lumpur(THAT_DAY))
    revise(told, "", 45)

    assert verified(told, report).reasons == (ChangeReason.OPEN_DAY, ChangeReason.FIGURES)


def test_explanation_is_told_on_an_open_day(told: Told, counted: Indicator, clock: Clock) -> None:
    report = made(told, "reviewer")
    told.now = clock.move_to(kuala_lumpur(THAT_DAY))
    old = CheckExplanation.objects.get()
    old.ended_at, old.ended_by = told.now, told.people["reviewer"]
    with acting(told.people["reviewer"]):
        old.save(update_fields=["ended_at", "ended_by"])
    with acting(told.people["reviewer"]):
        CheckExplanation.objects.create(
            check_of=old.check_of, text="Dua.", explained_by=told.people["reviewer"], explained_at=told.now
        )

    assert verified(told, report).reasons == (ChangeReason.OPEN_DAY, ChangeReason.EXPLAINED)


def test_other_hidden_figures_are_told_and_no_longer_given(
    told: Told, counted: Indicator, clock: Clock
) -> None:
    told.now = clock.move_to(kuala_lumpur(LATER))
    reports = {by: made(told, by) for by in ("reviewer", "officer", "observer")}
    told.now = clock.move_to(kuala_lumpur("2023-09-21 10:00"))
    revise(told, "sex_age=boys", 7)
    revise(told, "sex_age=men", 3)

    assert verified(told, reports["reviewer"]).outcome == VerificationOutcome.SAME
    assert verified(told, reports["officer"]).outcome == VerificationOutcome.SAME
    found = verified(told, reports["observer"])
    assert found.reasons in ((), (ChangeReason.SMALL_NUMBERS,))
    begin_download(reports["officer"], actor=told.people["officer"], now=told.now)
    with pytest.raises(NotNow):
        begin_download(reports["observer"], actor=told.people["observer"], now=told.now)


def test_agency_that_no_longer_answers_reads_small_numbers_no_more(
    told: Told, counted: Indicator, clock: Clock
) -> None:
    told.now = clock.move_to(kuala_lumpur("2023-09-15 10:00"))
    reports = {by: made(told, by) for by in ("reviewer", "officer", "jim", "observer")}
    told.now = clock.move_to(kuala_lumpur(LATER))
    counted.agency = told.agencies["JIM"]
    counted.save(update_fields=["agency"])

    assert verified(told, reports["officer"]).reasons == (ChangeReason.SMALL_NUMBERS,)
    assert verified(told, reports["jim"]).reasons == (ChangeReason.SMALL_NUMBERS,)
    for by in ("reviewer", "observer"):
        assert verified(told, reports[by]).outcome == VerificationOutcome.SAME
    begin_download(reports["jim"], actor=told.people["jim"], now=told.now)
    with pytest.raises(NotNow):
        begin_download(reports["officer"], actor=told.people["officer"], now=told.now)


def test_check_that_is_declared_later_is_told(told: Told, counted: Indicator, clock: Clock) -> None:
    told.now = clock.move_to(kuala_lumpur("2023-09-15 10:00"))
    report = made(told, "observer")
    told.now = clock.move_to(kuala_lumpur(LATER))
    men, whole = (counted.series.get(key=key) for key in ("sex_age=men", ""))
    make_check(Source.objects.get(), [men], [whole], kind="equal")
    with transaction.atomic():
        record(action="cycle.loaded", actor=None, obj=told.cycle, label="2023", now=told.now)

    assert verified(told, report).reasons == (ChangeReason.LOADED,)


def test_months_that_follow_leave_a_kept_file(told: Told, counted: Indicator, clock: Clock) -> None:
    report = made(told, "observer")
    told.now = clock.move_to(kuala_lumpur(LATER))
    july = AUGUST | {
        "begins_on": AUGUST["begins_on"].replace(month=7),
        "ends_on": AUGUST["ends_on"].replace(month=7),
    }
    make_figure(counted.series.get(key="sex_age=boys"), 2, now=told.now, **july)

    begin_download(report, actor=told.people["observer"], now=told.now)
