"""All checks of a cycle in one pass: for which periods they are judged, for whom, and as at which day."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from indicators.judging import CheckedPeriod
from indicators.models import Figure, PublishedCell
from indicators.queries.checks import failing_for, judge_cycle
from indicators.states import CheckKind, CheckOutcome, PeriodKind
from tests.factories.indicators import make_check, make_figure, make_indicator, make_series, make_source
from tests.factories.recommendations import make_cycle
from tests.indicators.checked import Printed, desk, figure_of, month, printed
from tests.recommendations.conftest import Desk
from tests.shared import Clock

__all__ = ["desk", "printed"]
pytestmark = pytest.mark.django_db

AUGUST = CheckedPeriod(PeriodKind.MONTH, date(2023, 8, 1), date(2023, 8, 31))
PARTS = ("men", "women", "boys", "girls")


def outcomes(desk: Desk, user: str = "observer", **asked: datetime) -> list[tuple[str, int | None, str]]:
    """What the checks of the cycle find: code, year and outcome."""
    rows = judge_cycle(desk.cycle, user=getattr(desk, user), **asked).rows
    return [
        (row.code, row.period.begins_on.year if row.period and row.period.begins_on else None, row.outcome)
        for row in rows
    ]


class TestPeriods:
    def test_a_check_without_a_period_is_judged_for_each_and_one_of_fixed_terms_once(
        self, desk: Desk, printed: Printed
    ) -> None:
        assert outcomes(desk) == [
            ("kbb-sum", 2021, CheckOutcome.HOLDS),
            ("kbb-sum", 2022, CheckOutcome.FAILS),
            ("kbb-basis", None, CheckOutcome.UNJUDGED),
        ]

    def test_the_numbers_are_those_of_the_period(self, desk: Desk, printed: Printed) -> None:
        (row,) = judge_cycle(desk.cycle, user=desk.observer).failing
        assert (row.left, row.right, row.difference) == (80, 81, 1)
        assert [term.text for term in row.terms] == ["29", "50", "0", "1", "81"]
        assert [term.figure_id for term in row.right_terms] == [printed.figure("", 2022).pk]

    def test_a_period_in_which_a_term_has_no_figure_is_not_judged(self, desk: Desk, printed: Printed) -> None:
        figure_of(printed.series[""], 5, 2020, now=desk.now, source=printed.source)
        assert 2020 not in [year for _code, year, _outcome in outcomes(desk)]

    def test_kinds_of_periods_are_not_mixed(self, desk: Desk, printed: Printed) -> None:
        days = {"begins_on": date(2020, 1, 1), "ends_on": date(2020, 12, 31), "source": printed.source}
        for value in PARTS:
            make_figure(printed.series[value], 1, now=desk.now, **days)
        make_figure(printed.series[""], 4, now=desk.now, kind=PeriodKind.WINDOW, **days)
        assert 2020 not in [year for _code, year, _outcome in outcomes(desk)]

    def test_givers_are_not_mixed_and_another_sources_figures_are_no_matter(
        self, desk: Desk, printed: Printed
    ) -> None:
        other = make_source(desk.cycle, now=desk.now, code="other")
        for value in PARTS:
            figure_of(printed.series[value], 1, 2020, now=desk.now, source=printed.source)
            figure_of(printed.series[value], 1, 2019, now=desk.now, source=other)
        figure_of(printed.series[""], 4, 2020, now=desk.now, source=other)
        figure_of(printed.series[""], 9, 2019, now=desk.now, source=other)
        assert {2019, 2020}.isdisjoint(year for _code, year, _outcome in outcomes(desk))

    def test_reported_months_are_judged_within_the_window_of_the_cycle_alone(
        self, desk: Desk, printed: Printed
    ) -> None:
        for value, number in zip((*PARTS, ""), (1, 2, 0, 0, 4), strict=True):
            month(printed.series[value], number, now=desk.now)
            early = {"begins_on": date(2023, 3, 1), "ends_on": date(2023, 3, 31), "kind": PeriodKind.MONTH}
            make_figure(printed.series[value], number, now=desk.now, **early)
        found = [row for row in judge_cycle(desk.cycle, user=desk.reviewer).rows if row.source_id is None]
        assert [(row.period, row.outcome) for row in found] == [(AUGUST, CheckOutcome.FAILS)]

    def test_another_cycle_has_its_own_checks(self, desk: Desk, printed: Printed) -> None:
        assert judge_cycle(make_cycle(2024), user=desk.reviewer).rows == []

    def test_of_one_indicator_its_own_checks_are_judged_with_all_of_their_terms(
        self, desk: Desk, printed: Printed
    ) -> None:
        other, total = make_series(make_indicator("other")), printed.figure("", 2022)
        figure = figure_of(other, 90, 2022, now=desk.now, source=printed.source)
        make_check(printed.source, [total], [figure], kind=CheckKind.BOUND, code="bound")
        (row,) = judge_cycle(desk.cycle, user=desk.observer, indicator_id=other.indicator_id).rows
        assert (row.code, row.left, row.right) == ("bound", 81, 90)
        own = judge_cycle(desk.cycle, user=desk.observer, indicator_id=total.series.indicator_id).rows
        assert {each.code for each in own} == {"kbb-sum", "kbb-basis", "bound"}


class TestChanges:
    def test_the_printed_change_is_compared_and_its_cell_carries_the_mark(
        self, desk: Desk, printed: Printed
    ) -> None:
        before, after = printed.figure("men", 2021), printed.figure("men", 2022)
        cell = PublishedCell.objects.create(
            table=printed.table, row=0, column=2, text="- 66%", change=Decimal(-66), line=3
        )
        make_check(printed.source, [before], [after], kind=CheckKind.CHANGE, printed=cell, code="change")
        found = judge_cycle(desk.cycle, user=desk.observer)
        row = next(row for row in found.rows if row.code == "change")
        assert (row.outcome, row.computed) == (CheckOutcome.FAILS, Decimal("-66.7"))
        assert found.by_cell([(cell.pk, None)]) == {cell.pk: [row]}
        assert [term.figure_id for term in row.terms] == [before.pk, after.pk]


class TestMarks:
    def test_of_a_sum_the_total_alone_carries_the_mark(self, desk: Desk, printed: Printed) -> None:
        found = judge_cycle(desk.cycle, user=desk.observer)
        cells = {cell.figure_id: cell.pk for cell in PublishedCell.objects.all()}
        total, part = printed.figure("", 2022).pk, printed.figure("girls", 2022).pk
        marks = found.by_cell([(cell_id, figure_id) for figure_id, cell_id in cells.items()])
        assert [row.code for row in marks[cells[total]]] == ["kbb-sum"]
        assert cells[part] not in marks
        assert [row.code for row in found.rows if part in {term.figure_id for term in row.terms}] == [
            "kbb-sum"
        ]


class TestAsAt:
    def test_a_revision_counts_from_the_instant_at_which_it_was_recorded(
        self, desk: Desk, printed: Printed, clock: Clock
    ) -> None:
        later = clock.move_to(desk.now + timedelta(days=2))
        total = printed.figure("", 2022)
        Figure.objects.filter(pk=total.pk).update(ended_at=later)
        figure_of(
            total.series, 80, 2022, now=later, source=printed.source, replaces=total, reason="Dikira semula."
        )
        year = ("kbb-sum", 2022)
        assert (*year, CheckOutcome.HOLDS) in outcomes(desk)
        assert (*year, CheckOutcome.FAILS) in outcomes(desk, before=later)
        assert outcomes(desk, before=desk.now) == []


class TestRights:
    @pytest.fixture
    def reported(self, desk: Desk, printed: Printed) -> None:
        for value, number in zip((*PARTS, ""), (1, 2, 0, 0, 4), strict=True):
            month(printed.series[value], number, now=desk.now)

    @pytest.mark.parametrize(
        ("who", "sees"),
        [
            ("officer", True),
            ("coordinator", True),
            ("reviewer", True),
            ("administrator", True),
            ("outsider", False),
            ("observer", False),
        ],
    )
    @pytest.mark.usefixtures("reported")
    def test_what_an_agency_reported_shows_to_it_and_to_mapo_alone(
        self, desk: Desk, who: str, sees: bool
    ) -> None:
        found = [row.source_id is None for row in judge_cycle(desk.cycle, user=getattr(desk, who)).rows]
        assert any(found) is sees
        assert not all(found)

    @pytest.mark.usefixtures("reported")
    def test_the_queries_do_not_grow(self, desk: Desk, printed: Printed) -> None:
        for who, most in (("reviewer", 2), ("observer", 3), ("officer", 3)):
            with CaptureQueriesContext(
                connection,
            ) as asked:
                judge_cycle(desk.cycle, user=getattr(desk, who))
            assert len(asked) <= most


class TestNewFigures:
    def given(self, printed: Printed, **numbers: int) -> dict[tuple[int, CheckedPeriod], Decimal]:
        named = {value or "total": each for value, each in printed.series.items()}
        return {(named[name].pk, AUGUST): Decimal(number) for name, number in numbers.items()}

    def test_new_figures_fail_with_each_other(self, desk: Desk, printed: Printed) -> None:
        (row,) = failing_for(desk.cycle, self.given(printed, men=1, women=2, boys=0, girls=0, total=4))
        assert (row.code, row.left, row.right, row.period) == ("kbb-sum", 3, 4, AUGUST)

    def test_they_fail_beside_what_was_reported(self, desk: Desk, printed: Printed) -> None:
        for value, number in zip(PARTS, (1, 2, 0, 0), strict=True):
            month(printed.series[value], number, now=desk.now)
        assert failing_for(desk.cycle, self.given(printed, total=3)) == []
        (row,) = failing_for(desk.cycle, self.given(printed, total=4))
        assert [term.figure_id is None for term in row.terms] == [False] * 4 + [True]

    def test_a_new_figure_takes_the_place_of_the_one_that_is_kept(self, desk: Desk, printed: Printed) -> None:
        for value, number in zip((*PARTS, ""), (1, 2, 0, 0, 4), strict=True):
            month(printed.series[value], number, now=desk.now)
        assert failing_for(desk.cycle, self.given(printed, total=3)) == []

    def test_a_missing_part_says_nothing(self, desk: Desk, printed: Printed) -> None:
        assert failing_for(desk.cycle, self.given(printed, men=1, total=4)) == []

    def test_without_new_figures_nothing_fails(self, desk: Desk, printed: Printed) -> None:
        assert failing_for(desk.cycle, {}) == []

    def test_a_series_without_a_check_says_nothing(self, desk: Desk, printed: Printed) -> None:
        other = make_series(printed.series[""].indicator, sex_age="men")
        assert failing_for(make_cycle(2024), {(other.pk, AUGUST): Decimal(1)}) == []
