"""The template in which an agency gives figures: its own cells, typed, and read back as they were meant."""

from __future__ import annotations

import io
from datetime import datetime
from typing import Any

import openpyxl
import pytest
from django.utils.translation import override
from openpyxl.worksheet.worksheet import Worksheet

from imports.rows import TableRow
from imports.values import Unreadable
from imports.workbook import read_workbook
from indicators.workbook.columns import LABELS, MOST_READ, FigureColumn
from indicators.workbook.names import OwnIndicators, month_of
from indicators.workbook.table import figure_rows
from indicators.workbook.template import HEAD_LINE
from tests.factories.figure_reports import AUGUST, FigureDesk
from tests.factories.indicators import make_dimension, make_indicator
from tests.imports.workbooks import saved
from tests.recommendations.pages import browser_of

pytestmark = pytest.mark.django_db

URL = "/figures/report/template/"


def template_of(desk: FigureDesk, language: str = "en") -> openpyxl.Workbook:
    browser = browser_of(desk.officer)
    browser.cookies["language"] = language
    page = browser.get(URL)
    assert page.status_code == 200
    return openpyxl.load_workbook(io.BytesIO(page.content))


def sheet_of(book: openpyxl.Workbook) -> Worksheet:
    sheet = book.worksheets[0]
    assert isinstance(sheet, Worksheet)
    return sheet


def read_back(desk: FigureDesk, book: openpyxl.Workbook) -> list[TableRow]:
    workbook = read_workbook(saved(book), file_name="angka.xlsx", most_rows=MOST_READ)
    return figure_rows(workbook, agency=desk.agency, cycle=desk.cycle, by=1)


def own(desk: FigureDesk) -> OwnIndicators:
    return OwnIndicators(desk.agency.indicators.prefetch_related("dimensions__values"))


@pytest.mark.parametrize("language", ["ms", "en"])
def test_the_template_has_the_agencys_own_cells_of_each_month(figure_desk: FigureDesk, language: str) -> None:
    make_indicator("foreign", agency=figure_desk.other_agency, name_ms="Rahsia", name_en="Secret")
    book = template_of(figure_desk, language)
    sheet = sheet_of(book)
    with override(language):
        assert [sheet.cell(HEAD_LINE, place).value for place in range(1, 5)] == [
            str(LABELS[column]) for column in FigureColumn
        ]
    lines = [
        row
        for row in sheet.iter_rows(min_row=HEAD_LINE + 1, max_col=4, values_only=True)
        if row[1] is not None
    ]
    assert len(lines) == 5 * 6
    assert {row[0] for row in lines} == {datetime(2023, month, 1) for month in range(4, 9)}  # noqa: DTZ001 - a spreadsheet knows no zone
    everything = " ".join(
        str(cell)
        for each in book.worksheets
        for row in each.iter_rows(values_only=True)
        for cell in row
        if cell
    )
    assert "Rahsia" not in everything
    assert "Secret" not in everything
    assert {rule.type for rule in sheet.data_validations.dataValidation} == {"list", "decimal"}


@pytest.mark.parametrize("language", ["ms", "en"])
def test_what_is_filled_in_is_read_back_in_either_language(figure_desk: FigureDesk, language: str) -> None:
    book = template_of(figure_desk, language)
    sheet = sheet_of(book)
    names = own(figure_desk)
    with override(language):
        meant = [choice.name for choice in names.choices]
    for line in range(HEAD_LINE + 1, HEAD_LINE + 7):
        sheet.cell(line, 4).value = line
    rows = read_back(figure_desk, book)
    found = [names.cell_of(names.indicator_of(row.text("indicator")), row.text("breakdown")) for row in rows]
    assert found == meant
    assert {month_of(row.text("month")) for row in rows} == {datetime(2023, 4, 1).date()}  # noqa: DTZ001
    assert [row.text("number") for row in rows] == [str(line) for line in range(HEAD_LINE + 1, HEAD_LINE + 7)]


def test_a_month_that_was_sent_has_no_lines_but_can_be_chosen(figure_desk: FigureDesk) -> None:
    figure_desk.send(figure_desk.content(po="7"))
    sheet = sheet_of(template_of(figure_desk))
    months = {row[0] for row in sheet.iter_rows(min_row=HEAD_LINE + 1, max_col=1, values_only=True)} - {None}
    assert months == {datetime(2023, month, 1) for month in range(4, 8)}  # noqa: DTZ001


@pytest.mark.parametrize(
    "text",
    [
        "2023-08-01",
        "2023-08-31",
        "2023-08",
        "8/2023",
        "08-2023",
        "August 2023",
        "ogos\u00a02023",
        "Aug 2023",
        "Ogo-2023",
    ],
)
def test_a_month_is_read_as_people_write_it(text: str) -> None:
    assert month_of(text) == AUGUST


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2023",
        "2023-08-23",
        "8/23",
        "13/2023",
        "Foo 2023",
        "0000-01",
        "12/9999",
        "1/12/9999",
        "0001-01",
        "Au 2023",
    ],
)
def test_what_may_mean_another_month_is_asked_about(text: str) -> None:
    with pytest.raises(Unreadable):
        month_of(text)


def test_two_values_of_one_name_are_told_apart_by_their_dimension(figure_desk: FigureDesk) -> None:
    other = make_dimension("role")
    both = make_indicator("both", agency=figure_desk.agency, dimensions=(figure_desk.sex_age, other))
    names = own(figure_desk)
    told: list[Any] = [choice.breakdown for choice in names.choices if choice.indicator == both]
    assert len(set(told)) == len(told)
    for choice in names.choices:
        assert names.cell_of(choice.indicator, choice.breakdown) == choice.name
    with override("en"), pytest.raises(Unreadable, match="not a value"):
        names.cell_of(both, "Women")


def test_only_agencies_with_indicators_have_a_template(figure_desk: FigureDesk) -> None:
    for person in (figure_desk.outsider, figure_desk.reviewer, figure_desk.observer):
        assert browser_of(person).get(URL).status_code == 404
