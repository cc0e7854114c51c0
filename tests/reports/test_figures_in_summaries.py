"""Figures in a summary: those of the cycle, as at the day, with the reader's eyes, narrowed by the selection."""

from __future__ import annotations

from datetime import date

import pytest

from accounts.clearance import Clearance
from indicators.models import CheckExplanation, Figure, Indicator, IndicatorItem
from indicators.queries.figures import figures_by_key
from indicators.states import PeriodKind
from recommendations.models import ItemLink
from recommendations.states import Pillar
from reports.states import Depth
from reports.summary.content import SummaryContent
from reports.summary.figure_rows import ReportedFigure
from reports.summary.figure_tree import read_pillars
from tests.conftest import Clock
from tests.factories.indicators import (
    make_check,
    make_figure,
    make_series,
)
from tests.reports.conftest import Told, kuala_lumpur
from tests.reports.counted import AUGUST, counted

__all__ = ["counted"]
pytestmark = pytest.mark.django_db


def content_of_today(told: Told, by: str = "reviewer", **asked: str) -> SummaryContent:
    """The content of a selection as at 14 September 2023, on the last day of which all is recorded."""
    return told.content(by, **({"day": "2023-09-14", "depth": "lines"} | asked))


def figures_of(content: SummaryContent) -> list[ReportedFigure]:
    return list(content.figure_rows())


def test_it_holds_the_figures_of_the_cycle(told: Told, counted: Indicator) -> None:
    content = content_of_today(told)
    figures = figures_of(content)

    (indicator,) = content.figures.indicators
    assert (indicator.code, indicator.agency, indicator.items) == ("ipo", "PDRM", ("recommendation-1",))
    assert [(each.series, each.value, each.source) for each in figures] == [
        ("", 81, "statement"), ("", 44, ""),
        ("sex_age=men", 29, "statement"), ("sex_age=men", 30, ""),
        ("sex_age=women", 50, "statement"), ("sex_age=women", 12, ""),
        ("sex_age=boys", 0, "statement"), ("sex_age=boys", 2, ""),
        ("sex_age=girls", 1, "statement"), ("sex_age=girls", 0, ""),
    ]  # fmt: skip
    assert {(each.table, each.line, each.agency) for each in figures} == {("E", 1, ""), ("", None, "PDRM")}
    assert content.figures.series_names["sex_age=men"].name_en == "men"


def test_figures_of_other_windows_and_sources_are_left_out(told: Told, counted: Indicator) -> None:
    series = make_series(counted)
    make_figure(
        series, 9, now=told.now, kind=PeriodKind.MONTH, begins_on=date(2023, 3, 1), ends_on=date(2023, 3, 31)
    )

    assert 9 not in [each.value for each in figures_of(content_of_today(told))]


@pytest.mark.parametrize("by", ["outsider", "observer"])
def test_others_read_what_pages_show(told: Told, counted: Indicator, by: str) -> None:
    content = content_of_today(told, by)
    figures = figures_of(content)

    reported = {
        each.series: (each.value, each.text, each.words("en", "persons"))
        for each in figures
        if each.is_reported
    }
    assert reported == {
        "": (44, "44", "44"), "sex_age=men": (30, "30", "30"), "sex_age=women": (None, "", "hidden"),
        "sex_age=boys": (None, "", "< 5"), "sex_age=girls": (0, "0", "0"),
    }  # fmt: skip
    shown = figures_by_key([each.number for each in figures], user=told.people[by])
    assert {each.number: each.value for each in figures} == {each.figure_id: each.value for each in shown}


def test_contradictions_stand_with_their_numbers_and_words(told: Told, counted: Indicator) -> None:
    for by in ("reviewer", "observer"):
        (check,) = content_of_today(told, by).figures.checks
        found = (check.code, check.outcome, check.source, check.table)
        assert found == ("kbb-sum", "fails", "statement", "E")
        assert (check.left, check.right) == (("29", "50", "0", "1"), ("81",))
        assert check.sentence("en") == "29 + 50 + 0 + 1 = 80; printed: 81 (Indicator ipo)."
        assert check.explanation == "Satu orang tidak dikira."
        assert check.indicators == ("ipo",) and len(check.figures) == 5 and len(check.marked) == 1


def test_what_agencies_reported_contradicts_for_those_who_see_it_all(told: Told, counted: Indicator) -> None:
    series = {each.key: each for each in counted.series.all()}
    source = counted.series.get(key="").figures.exclude(source=None).get().source
    make_check(source, [series["sex_age=men"]], [series[""]], kind="equal", code="men-all")

    def codes(by: str) -> list[tuple[str, str]]:
        return [(check.code, check.source) for check in content_of_today(told, by).figures.checks]

    own = ("men-all", "")
    assert own in codes("reviewer") and own in codes("officer")
    assert own not in codes("observer") and own not in codes("jim")
    assert ("men-all", "statement") in codes("observer")


def test_pace_and_reason_are_for_its_agency_and_mapo_within_the_ceiling(
    told: Told, counted: Indicator
) -> None:
    def target(by: str, **asked: str) -> tuple[str, bool]:
        (found,) = content_of_today(told, by, **asked).figures.targets
        assert (found.indicator, found.number) == ("ipo", 90)
        return found.reason, bool(found.pace_words("en"))

    assert target("reviewer") == target("officer") == ("Ikut pelan.", True)
    assert target("observer") == target("jim") == ("", False)
    assert target("reviewer", ceiling=str(int(Clearance.OPEN))) == ("", False)


def test_achievements_and_links_stand_as_the_cycle_has_them(told: Told, counted: Indicator) -> None:
    content = content_of_today(told)

    (achievement,) = content.achievements
    assert (achievement.item, achievement.weaknesses) == ("achievement-1", ("weakness-1",))
    assert content.links == (("weakness-1", "recommendation-1"),)
    assert not content_of_today(told, item="recommendation-2").achievements
    assert not content_of_today(told, item="recommendation-2").links
    assert content_of_today(told, item="weakness-1").achievements == (achievement,)


def test_selection_narrows(told: Told, counted: Indicator) -> None:
    for asked, holds in (
        ({"pillar": "protection"}, True),
        ({"pillar": "prevention"}, False),
        ({"agency": "PDRM"}, True),
        ({"agency": "JIM"}, False),
        ({"item": "recommendation-1"}, True),
        ({"item": "recommendation-2"}, False),
        ({"kind": "recommendation"}, True),
        ({"since": "2023-09-01"}, True),
        ({"since": "2023-09-13"}, True),
        ({"day": "2023-09-13"}, False),
    ):
        content = content_of_today(told, **asked)
        assert bool(content.figures.indicators) is bool(figures_of(content)) is holds, asked
        assert bool(content.figures.checks) is bool(content.figures.targets) is holds, asked
    assert not content.achievements and not content.links, "nor do they stand on the day before"


@pytest.mark.parametrize("depth", Depth.values)
def test_depths(told: Told, counted: Indicator, depth: str) -> None:
    content = content_of_today(told, depth=depth)
    figures = figures_of(content)

    assert content.count_rows() == content.finish().rows_count
    if depth in ("lines", "full"):
        assert len(figures) == 10 and content.figures.checks and content.figures.targets
        assert content.achievements and content.links
    else:
        assert not content.figures.checks and not content.figures.targets and not content.achievements
        assert [each.value for each in figures] == ([44] if depth == "glance" else [])


def test_day_that_is_over_stays_whatever_comes_later(told: Told, counted: Indicator, clock: Clock) -> None:
    def found(by: str) -> tuple[list[ReportedFigure], str]:
        content = content_of_today(told, by)
        return figures_of(content), content.finish().fingerprint

    before = {by: found(by) for by in ("reviewer", "officer", "observer")}
    told.now = clock.move_to(kuala_lumpur("2023-09-20 10:00"))
    total = Figure.objects.get(series__key="", source=None)
    total.ended_at = told.now
    total.save(update_fields=["ended_at"])
    make_figure(total.series, 45, now=told.now, replaces=total, reason="Dikira semula", **AUGUST)
    explanation = CheckExplanation.objects.get()
    explanation.ended_at, explanation.ended_by = told.now, told.people["reviewer"]
    explanation.save(update_fields=["ended_at", "ended_by"])
    Indicator.objects.filter(pk=counted.pk).update(name_en="Another name", pillar=Pillar.PREVENTION)
    ItemLink.objects.all().delete()
    IndicatorItem.objects.all().delete()

    assert {by: found(by) for by in before} == before


def test_tree_holds_the_newest_figures_by_pillar(told: Told, counted: Indicator) -> None:
    (pillar,) = read_pillars(content_of_today(told), most=1)
    (indicator,) = pillar.indicators

    assert (pillar.pillar, indicator.indicator.code) == ("protection", "ipo")
    assert indicator.target and [check.code for check in indicator.checks] == ["kbb-sum"]
    assert indicator.whole and [each.value for each in indicator.whole.figures] == [81, 44]
    assert [each.name.name_en for each in indicator.series] == ["", "men", "women", "boys", "girls"]
    assert indicator.whole.left_out == 0
    assert not read_pillars(content_of_today(told, pillar="prevention"))
