"""What the rows of a workbook of figures mean, and the sentence beside each cell that means nothing."""

from __future__ import annotations

from typing import Any

import pytest
from openpyxl.worksheet.worksheet import Worksheet

from imports.sheets import BadWorkbook
from imports.workbook import read_workbook
from indicators.queries.workbook_rows import CheckedFigure
from indicators.services.workbooks import begin_figure_import, read_draft
from indicators.states import Unit
from indicators.workbook import columns
from indicators.workbook.columns import MOST_READ
from indicators.workbook.table import figure_rows
from tests.factories.figure_reports import FigureDesk
from tests.factories.figure_workbooks import AUGUST_TEXT, GOOD, HEAD, begun, file_of
from tests.factories.indicators import make_indicator
from tests.imports.workbooks import workbook

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


def checked(desk: FigureDesk, *rows: tuple[str, str, str, str]) -> list[CheckedFigure]:
    return list(read_draft(begun(desk, *rows), today=desk.now.date()).rows)


def problems(desk: FigureDesk, *cells: str) -> dict[str, str]:
    """What is said of one row: of its month, indicator, breakdown, number, as far as these are given."""
    row = (*cells, *GOOD[0][len(cells) :])
    (found,) = checked(desk, row)
    return {str(column): words for column, words in found.problems.items()}


def read(desk: FigureDesk, content: bytes) -> list[CheckedFigure]:
    """The rows of a real file, read by the child process."""
    book = read_workbook(content, file_name="angka.xlsx", most_rows=MOST_READ)
    rows = figure_rows(book, agency=desk.agency, cycle=desk.cycle, by=desk.officer.pk)
    about: dict[str, Any] = {"actor": desk.officer, "now": desk.now}
    kept = begin_figure_import(
        desk.agency, desk.cycle, rows=rows, file_name=book.file_name, sha256=book.sha256, **about
    )
    return list(read_draft(kept, today=desk.now.date()).rows)


def refusal(desk: FigureDesk, content: bytes) -> str:
    with pytest.raises(BadWorkbook) as refused:
        read(desk, content)
    return str(refused.value)


def test_rows_name_the_cells_of_the_months_form(figure_desk: FigureDesk) -> None:
    found = checked(figure_desk, *GOOD)
    assert not any(row.problems for row in found)
    assert [row.cell for row in found] == [
        figure_desk.cell(figure_desk.ipo),
        figure_desk.cell(figure_desk.ipo, "women"),
        figure_desk.cell(figure_desk.ipo, "men"),
        figure_desk.cell(figure_desk.po),
    ]


def test_each_bad_cell_has_its_sentence(figure_desk: FigureDesk) -> None:
    for cells, column, words in (
        (("",), "month", "Give the month."),
        (("2023-08-15",), "month", "is not a month"),
        (("2023-09",), "month", "not over yet"),
        (("2023-03",), "month", "lies outside the assessment window"),
        (("9998-12",), "month", "lies outside the assessment window"),
        ((AUGUST_TEXT, ""), "indicator", "Give the indicator."),
        ((AUGUST_TEXT, "Indicator xyz"), "indicator", "“Indicator xyz” is not an indicator of your agency."),
        ((AUGUST_TEXT, "ipo", "unknown"), "breakdown", "Choose one of: Total, men, women, boys, girls."),
        ((AUGUST_TEXT, "po", "women"), "breakdown", "this indicator has no breakdown"),
        ((AUGUST_TEXT, "ipo", "", "-5"), "number", "cannot be negative"),
        ((AUGUST_TEXT, "ipo", "", "1.5"), "number", "has a fraction"),
        ((AUGUST_TEXT, "ipo", "", "1.234,5"), "number", "has a fraction"),
        ((AUGUST_TEXT, "ipo", "", "1,234.5"), "number", "has a fraction"),
        ((AUGUST_TEXT, "ipo", "", "=1+2"), "number", "without a formula"),
        ((AUGUST_TEXT, "ipo", "", "dua belas"), "number", "is not a number"),
        ((AUGUST_TEXT, "ipo", "", ""), "number", "Give a number, or leave this row out."),
    ):
        found = problems(figure_desk, *cells)
        assert list(found) == [column], cells
        assert words in found[column], cells


def test_a_text_is_read_where_it_can_mean_one_thing(figure_desk: FigureDesk) -> None:
    make_indicator("counted", agency=figure_desk.agency, unit=Unit.PERSONS)
    make_indicator("money", agency=figure_desk.agency, unit=Unit.RINGGIT)
    for code, text in (
        ("counted", "1.234"),
        ("counted", "1,234"),
        ("money", "1.234,50"),
        ("money", "1,234.5"),
    ):
        assert problems(figure_desk, AUGUST_TEXT, code, "", text) == {}, text
    found = problems(figure_desk, AUGUST_TEXT, "money", "", "1.234")
    assert "can mean 1.234 or 1,234" in found["number"]


def test_another_agencys_indicator_is_told_like_one_that_nobody_has(figure_desk: FigureDesk) -> None:
    make_indicator("secret", agency=figure_desk.other_agency)
    foreign = problems(figure_desk, AUGUST_TEXT, "secret")
    unknown = problems(figure_desk, AUGUST_TEXT, "absent")
    assert foreign["indicator"].replace("secret", "absent") == unknown["indicator"]
    make_indicator("retired", agency=figure_desk.agency, is_active=False)
    assert "not an indicator of your agency" in problems(figure_desk, AUGUST_TEXT, "retired")["indicator"]


def test_a_second_number_for_one_figure_is_told_at_the_second_row(figure_desk: FigureDesk) -> None:
    first, second = checked(figure_desk, GOOD[0], (AUGUST_TEXT, "Indicator ipo", "Jumlah", "13"))
    assert not first.problems
    assert second.problems["number"] == "Row 2 gives a number for the same figure. Leave one of the two out."


def test_a_month_that_awaits_mapo_takes_nothing(figure_desk: FigureDesk) -> None:
    figure_desk.send(figure_desk.content(po="7"))
    assert "August\u00a02023 await MAPO" in problems(figure_desk)["month"]


def test_what_is_typed_already_stands_before_it(figure_desk: FigureDesk) -> None:
    figure_desk.save(figure_desk.content(ipo="11", women="8.0", po="7"))
    ipo, women, men, po = checked(figure_desk, *GOOD)
    assert (ipo.before, ipo.is_replacing) == ("11", True)
    assert (women.before, women.is_change) == ("8.0", False)
    assert (men.before, men.is_change, men.is_replacing) == ("", True, False)
    assert (po.before, po.is_change) == ("7", False)


def test_what_was_accepted_stands_before_a_new_report(figure_desk: FigureDesk) -> None:
    figure_desk.accepted(po="9")
    (po,) = checked(figure_desk, GOOD[3])
    assert (po.before, po.is_replacing) == ("9", True)


# Real files


def test_a_number_of_excel_with_a_fraction_is_no_thousands(figure_desk: FigureDesk) -> None:
    whole, part, text = read(
        figure_desk,
        file_of(
            (AUGUST_TEXT, "ipo", None, 1234),
            (AUGUST_TEXT, "po", None, 1.234),
            ("2023-07", "po", None, "1.234"),
        ),
    )
    assert whole.value == 1234
    assert "has a fraction" in part.problems["number"]
    assert text.value == 1234


def test_formulas_and_excels_errors_are_asked_about(figure_desk: FigureDesk) -> None:
    formula, error = read(
        figure_desk, file_of((AUGUST_TEXT, "ipo", None, "=1+2"), (AUGUST_TEXT, "po", None, "#REF!"))
    )
    assert (formula.after, "without a formula" in formula.problems["number"]) == ("=1+2", True)
    assert "Excel shows an error" in error.problems["number"]


def test_the_number_of_a_merged_cell_is_nobodys(figure_desk: FigureDesk) -> None:
    def merge(sheet: Worksheet) -> None:
        sheet.merge_cells("D2:D3")
        sheet.merge_cells("A4:A5")
        sheet.merge_cells("C6:C7")

    rows = read(
        figure_desk,
        file_of(
            (AUGUST_TEXT, "ipo", "men", 4),
            (AUGUST_TEXT, "ipo", "women", None),
            ("2023-07", "po", None, 5),
            (None, "ipo", None, 6),
            (AUGUST_TEXT, "ipo", "boys", 7),
            (AUGUST_TEXT, "ipo", None, 8),
            change=merge,
        ),
    )
    men, women, july, same, boys, total = rows
    assert men.problems["number"].startswith("This cell (4) was merged")
    assert women.problems["number"].startswith("This cell was merged")
    assert not july.problems
    assert "merged" in same.problems["month"]
    assert not boys.problems
    assert "merged" in total.problems["breakdown"]


def test_lines_without_a_number_are_not_read(figure_desk: FigureDesk) -> None:
    rows = read(figure_desk, file_of((AUGUST_TEXT, "ipo", "men", None), (AUGUST_TEXT, "po", None, 0)))
    assert [row.after for row in rows] == ["0"]
    assert refusal(figure_desk, file_of((AUGUST_TEXT, "ipo", "men", None))).startswith("No row of the table")


def test_a_file_that_is_not_this_template_is_refused_as_a_whole(
    figure_desk: FigureDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "not an Excel workbook" in refusal(figure_desk, b"%PDF-1.7")
    assert "has the columns of the template" in refusal(figure_desk, workbook(("a", 1), head=("x", "y")))
    assert refusal(figure_desk, workbook(("8/2023", "ipo", 3), head=("Month", "Indicator", "Number"))) == (
        "The table lacks: Breakdown. Download the template, and copy your rows into it."
    )

    def told(label: str, value: str) -> bytes:
        return workbook((), HEAD, (AUGUST_TEXT, "ipo", "", 3), head=(label, value))

    assert "another version of the template" in refusal(figure_desk, told("Template version", "2"))
    assert "made for MPOB" in refusal(figure_desk, told("Agency", "MPOB"))
    assert "report year 2022" in refusal(figure_desk, told("Report year", "2022"))
    monkeypatch.setattr("indicators.workbook.table.MAX_ROWS", 1)
    assert "up to 1" in refusal(figure_desk, file_of((AUGUST_TEXT, "ipo", "", 1), (AUGUST_TEXT, "po", "", 1)))


def test_the_child_may_read_more_rows_than_a_workbook_may_have() -> None:
    assert columns.MOST_READ > columns.MAX_ROWS
