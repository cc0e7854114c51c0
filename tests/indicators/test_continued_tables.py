"""A published table beside the same table from what agencies reported: sums of months, parts, changes, rights and days."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from indicators.models import Figure, Indicator, PublishedCell, PublishedTable
from indicators.months import last_day_of, months_within
from indicators.queries.continued_tables import ContinuedTable, continue_tables
from indicators.queries.tables import read_printed
from indicators.states import PeriodKind
from tests.conftest import NOW, Clock
from tests.factories.indicators import (
    make_dimension,
    make_figure,
    make_indicator,
    make_series,
    make_source,
)
from tests.recommendations.conftest import Desk, desk
from tests.recommendations.visitors import Visitor, text_of
from tests.shared import shared

__all__ = ["desk"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]

APRIL = date(2023, 4, 1)


def heading(words: str) -> dict[str, object]:
    return {"ms": words, "en": words, "is_own_ms": False, "is_own_en": False, "group": None}


def window(year: int) -> dict[str, Any]:
    return {"kind": PeriodKind.WINDOW, "begins_on": date(year, 4, 1), "ends_on": date(year + 1, 3, 31)}


def make_printed(desk: Desk, key: str, columns: list[str], rows: list[str]) -> PublishedTable:
    source = make_source(desk.cycle, now=NOW, code=f"statement-{key}")
    return PublishedTable.objects.create(
        source=source,
        key=key,
        position=ord(key),
        title_ms=f"Jadual {key}",
        title_en=f"Table {key}",
        columns=[heading(words) for words in columns],
        rows=[heading(words) for words in rows],
        footnotes=[{"text": "*Sehingga: 29 Mei 2023", "line": 1}] if key == "J" else [],
        line=1,
    )


def put(table: PublishedTable, row: int, column: int, figure: Figure | None = None, **values: Any) -> None:
    PublishedCell.objects.create(
        table=table,
        row=row,
        column=column,
        figure=figure,
        line=1,
        text=values.pop("text", "") or figure.text,
        **values,
    )


@shared
def ipo(desk: Desk) -> Indicator:
    return make_indicator("IPO", agency=desk.agency, dimensions=(make_dimension(),))


@shared
def table_e(desk: Desk, ipo: Indicator) -> PublishedTable:
    """Two windows of IPO and the change between them."""
    table = make_printed(desk, "E", ["Pencapaian 2021/2022", "Pencapaian 2022/2023", "Catatan"], ["IPO"])
    for column, (year, number) in enumerate([(2021, 373), (2022, 510)]):
        figure = make_figure(make_series(ipo), number, now=NOW, source=table.source, **window(year))
        put(table, 0, column, figure)
    put(table, 0, 2, text="+ 37%", change=Decimal(37), note="Peningkatan")
    return table


def report(indicator: Indicator, first: date, *numbers: int, **values: str) -> list[Figure]:
    """Figures of months in a row, as an agency reported them."""
    months = months_within(first, date(2024, 3, 31))
    return [
        make_figure(
            make_series(indicator, **values),
            number,
            kind=PeriodKind.MONTH,
            begins_on=month,
            ends_on=last_day_of(month),
            now=NOW,
        )
        for month, number in zip(months, numbers, strict=False)
    ]


def read(table: PublishedTable, user: User, *, on: date = date(2024, 3, 31), **asked: Any) -> ContinuedTable:
    (found,) = continue_tables(read_printed([table]), cycle=table.source.cycle, user=user, on=on, **asked)
    return found


def shown(table: ContinuedTable) -> list[list[str]]:
    """The texts of each row; what stands together in a place is joined."""
    return [
        [
            " ".join(
                [value.text for value in [*cell.printed, *cell.reported]]
                + [change.text if change else "–" for change in cell.changes]
            )
            for cell in cells
        ]
        for _heading, cells in table.rows
    ]


def test_months_are_added_up_beside_the_last_window_and_parts_are_not_compared(
    desk: Desk, ipo: Indicator, table_e: PublishedTable
) -> None:
    report(ipo, APRIL, 10, 20, 30, 40, 50)
    found = read(table_e, desk.reviewer)

    assert [column.heading.words for column in found.columns] == [
        "Pencapaian 2021/2022",
        "Pencapaian 2022/2023",
        "Pencapaian 2023/2024*",
        "Catatan",
        "Catatan 2023/2024*",
    ]
    assert shown(found) == [["373", "510", "150", "+ 37%", "not comparable"]]
    assert found.columns[2].part == "5 of 12 months"
    assert found.rows[0][1][4].changes[0].note == "5 of 12 months"
    assert "*2023/2024: to 31\xa0August\xa02023 (5 of 12 months)" in found.notes
    page = Visitor(desk.observer).get(reverse("indicators:table", args=[table_e.pk])).content.decode()
    assert f'href="{reverse("indicators:indicator", args=["IPO"])}?by=month"' in page.replace("&amp;", "&")
    assert "continued__part" in page


def test_a_whole_window_is_compared_as_the_source_prints_changes(
    desk: Desk, ipo: Indicator, table_e: PublishedTable
) -> None:
    report(ipo, APRIL, *[50] * 12)
    found = read(table_e, desk.reviewer)

    assert shown(found) == [["373", "510", "600", "+ 37%", "+ 18%"]]
    assert found.columns[2].part == "" and not found.rows[0][1][2].is_partial
    assert found.rows[0][1][4].changes[0].note == "Increase"


def test_nothing_reported_is_a_dash_and_what_begins_later_has_no_column_yet(
    desk: Desk, table_e: PublishedTable, ipo: Indicator
) -> None:
    found = read(table_e, desk.reviewer)

    assert shown(found) == [["373", "510", "–", "+ 37%", "–"]]
    assert not found.has_reported and "*2023/2024: nothing was reported" in found.notes
    assert len(read(table_e, desk.reviewer, on=date(2023, 3, 31)).columns) == 3


@shared
def table_j(desk: Desk, ipo: Indicator) -> PublishedTable:
    """Calendar years of IPO without separated thousands, the last one in part."""
    table = make_printed(desk, "J", ["2021", "2022", "2023*"], ["IPO"])
    for column, (year, number) in enumerate([(2021, 1386), (2022, 3411), (2023, 274)]):
        part = {"is_partial": True, "counted_to": date(2023, 5, 29)} if year == 2023 else {}
        days = {"begins_on": date(year, 1, 1), "ends_on": date(year, 12, 31)}
        put(
            table,
            0,
            column,
            make_figure(make_series(ipo), number, now=NOW, source=table.source, **days, **part),
        )
    return table


def test_calendar_years_are_added_up_in_the_source_s_own_way(
    desk: Desk, ipo: Indicator, table_j: PublishedTable
) -> None:
    report(ipo, APRIL, *[200] * 9, 7, 7)
    found = read(table_j, desk.reviewer)

    assert [column.heading.words for column in found.columns] == ["2021", "2022", "2023*", "2023**", "2024**"]
    # A printed part of 2023 and the months reported of it overlap: they stay apart.
    assert shown(found) == [["1386", "3411", "274", "1800", "14"]]
    assert [column.part for column in found.columns[3:]] == ["9 of 12 months", "2 of 12 months"]
    assert not any(value.change and value.change.percent for value in found.reported)
    assert len(read(table_j, desk.reviewer, on=date(2023, 12, 31)).columns) == 4


def test_a_stock_is_never_added_up(desk: Desk) -> None:
    vas = make_indicator("VAS", agency=desk.agency, is_stock=True, counts_victims=False)
    table = make_printed(desk, "F", ["Jumlah"], ["VAS"])
    unstated = {"kind": PeriodKind.UNSTATED, "begins_on": None, "ends_on": None}
    put(table, 0, 0, make_figure(make_series(vas), 8, now=NOW, source=table.source, **unstated))
    report(vas, APRIL, 8, 9, 7)
    found = read(table, desk.reviewer)

    assert [column.heading.words for column in found.columns] == ["Jumlah", "Jumlah 2023/2024*"]
    assert shown(found) == [["8", "7"]]
    assert found.reported[0].own_part == "June 2023" and not found.reported[0].is_partial


def test_a_day_of_countries_is_not_continued(desk: Desk) -> None:
    tiers = make_indicator("TIERS", is_stock=True, counts_victims=False)
    table = make_printed(desk, "A", ["Negara"], ["Tier 1"])
    day = {"kind": PeriodKind.DAY, "begins_on": date(2023, 6, 15), "ends_on": date(2023, 6, 15)}
    put(table, 0, 0, make_figure(make_series(tiers), 30, now=NOW, source=table.source, **day))
    assert not read(table, desk.reviewer).is_continued
    page = text_of(Visitor(desk.observer).get(reverse("indicators:table", args=[table.pk])))
    assert "so there is nothing to compare" in page


def test_money_is_written_as_the_source_writes_it(desk: Desk) -> None:
    money = make_indicator("NGO", agency=desk.agency, unit="ringgit", counts_victims=False)
    table = make_printed(desk, "F", ["Jumlah"], ["NGO"])
    unstated = {"kind": PeriodKind.UNSTATED, "begins_on": None, "ends_on": None}
    text = {"text": "RM112,420.00"}
    put(
        table, 0, 0, make_figure(make_series(money), 112420, now=NOW, source=table.source, **text, **unstated)
    )
    report(money, APRIL, 1000, 500)
    assert shown(read(table, desk.observer)) == [["RM112,420.00", "RM1,500.00"]]


def test_a_row_that_goes_less_far_than_its_column_says_so(
    desk: Desk, ipo: Indicator, table_e: PublishedTable
) -> None:
    po = make_indicator("PO", agency=desk.agency)
    table = make_printed(desk, "D", ["2021/2022", "2022/2023"], ["IPO", "PO"])
    for row, indicator in enumerate((ipo, po)):
        for column, year in enumerate((2021, 2022)):
            series, days = make_series(indicator), window(year)
            figure = Figure.objects.filter(series=series, begins_on=days["begins_on"]).first()
            put(table, row, column, figure or make_figure(series, 100, now=NOW, source=table.source, **days))
    report(ipo, APRIL, 10, 20)
    report(po, APRIL, 9)
    found = read(table, desk.reviewer)

    assert [value.own_part for value in found.reported] == ["", "1 of 12 months"]
    assert "*PO, 2023/2024: 1 of 12 months" in found.notes


def test_as_at_a_day_before_nothing_of_it_stands(
    desk: Desk, ipo: Indicator, table_e: PublishedTable, clock: Clock
) -> None:
    later = clock.move_to(NOW + timedelta(days=2))
    series = make_series(ipo)
    make_figure(series, 77, kind=PeriodKind.MONTH, begins_on=APRIL, ends_on=date(2023, 4, 30), now=later)
    address = reverse("indicators:table", args=[table_e.pk])
    visitor = Visitor(desk.reviewer)

    assert "77" in text_of(visitor.get(address))
    past = visitor.get(f"{address}?day={(NOW + timedelta(days=1)).date().isoformat()}")
    assert shown(past.context["page"])[0][2] == "–"
    refused = visitor.get(f"{address}?day=2001-01-01")
    assert refused.context["day"] is None and "Nothing was recorded" in text_of(refused)


def test_queries_are_as_many_for_twelve_tables(
    desk: Desk,
    ipo: Indicator,
    table_e: PublishedTable,
    table_j: PublishedTable,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    report(ipo, APRIL, 10, 20)
    with django_assert_max_num_queries(3):
        found = continue_tables(
            read_printed([table_e, table_j]), cycle=desk.cycle, user=desk.observer, on=date(2023, 9, 1)
        )
    assert len(found) == 2


# Small cells: what a reader may not see of a month is not told by a sum.


def test_a_sum_with_a_hidden_month_is_hidden_outside_the_agency_and_mapo(
    desk: Desk, ipo: Indicator, table_e: PublishedTable
) -> None:
    report(ipo, APRIL, *[50] * 11, 3)
    for person in (desk.reviewer, desk.officer):
        assert shown(read(table_e, person))[0][2:] == ["553", "+ 37%", "+ 8%"]
    for person in (desk.observer, desk.outsider):
        found = read(table_e, person)
        assert shown(found)[0][2:] == ["hidden", "+ 37%", "not comparable"] and found.has_hidden
        page = text_of(Visitor(person).get(reverse("indicators:table", args=[table_e.pk])))
        assert "553" not in page and "8%" not in page and "could point to a person" in page


def test_a_single_small_month_reads_less_than_five(
    desk: Desk, ipo: Indicator, table_e: PublishedTable
) -> None:
    report(ipo, APRIL, 3)
    assert shown(read(table_e, desk.observer))[0][2] == "< 5"
    assert shown(read(table_e, desk.reviewer))[0][2] == "3"


def test_no_difference_of_shown_sums_gives_a_hidden_month_away(
    desk: Desk, ipo: Indicator, table_e: PublishedTable, table_j: PublishedTable
) -> None:
    """Of every month, window and year that an observer reads, each shown sum has shown months alone."""
    report(ipo, APRIL, 30, 2, 40, 50, 60, 0, 70, 80, 4, 90, 20, 10)
    by_sex = {"men": [20, 1, 30], "women": [10, 1, 10], "boys": [0, 0, 0], "girls": [0, 0, 0]}
    for value, numbers in by_sex.items():
        report(ipo, APRIL, *numbers, sex_age=value)
    for table in (table_e, table_j):
        for value in read(table, desk.observer).reported:
            assert value.found is not None
            hidden = [month for month in value.found.figures if month.is_hidden]
            assert (value.found.value is None) is bool(hidden)
            assert value.change is None or value.change.percent is None or not hidden
