"""The workbook to fill in: what an agency gets, and that reading takes back what was filled in."""

from __future__ import annotations

import io
from datetime import date
from typing import Any

import openpyxl
import pytest
from django.utils.translation import override

from accounts.models import Agency
from imports.checks import check_rows
from imports.opening_table import MOST_READ, fetch_rows
from imports.reference_data import ReferenceData, load_reference_data
from imports.rows import LABELS, ImportColumn
from imports.sheets import BadWorkbook
from imports.template import HEAD_LINE, write_template
from imports.workbook import read_workbook
from recommendations.models import Item
from recommendations.states import ItemKind
from tests.factories.recommendations import make_assignment, make_item
from tests.recommendations.conftest import Desk

pytestmark = pytest.mark.django_db
TODAY = date(2023, 9, 14)


def reference(desk: Desk) -> ReferenceData:
    return load_reference_data(desk.cycle, agency=desk.agency, person=desk.officer, today=TODAY)


def book_of(desk: Desk, language: str = "en") -> openpyxl.Workbook:
    with override(language):
        return openpyxl.load_workbook(io.BytesIO(write_template(reference(desk))))


def title_item(item: Item, **titles: str) -> None:
    Item.objects.filter(pk=item.pk).update(**titles)


def words_in(sheet: Any) -> str:
    return " ".join(str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value is not None)


def test_template_speaks_the_readers_language(desk: Desk) -> None:
    for language in ("ms", "en"):
        book = book_of(desk, language)
        sheet, guide, lists = book.worksheets
        with override(language):
            head = [str(LABELS[column]) for column in ImportColumn]
        assert [cell.value for cell in sheet[HEAD_LINE]] == head, language
        assert (guide.sheet_state, lists.sheet_state) == ("visible", "hidden"), language
        assert ("Recommendation 1" if language == "en" else "Syor 1") in words_in(lists), language


def test_template_says_for_whom_it_was_made_and_as_it_is_brings_in_nothing(desk: Desk) -> None:
    words = words_in(book_of(desk).worksheets[0])
    assert "Agency PDRM" in words and "Report year 2023" in words
    with override("en"):
        content = write_template(reference(desk))
        workbook = read_workbook(content, file_name="a.xlsx", most_rows=MOST_READ)
        with pytest.raises(BadWorkbook, match="No row of the table is filled in"):
            fetch_rows(workbook, agency=desk.agency, cycle=desk.cycle, by=1)
    empty = load_reference_data(desk.cycle, agency=desk.other_agency, person=desk.outsider, today=TODAY)
    assert Item.objects.exists() and write_template(empty).startswith(b"PK")


def test_template_offers_the_agencys_items_in_force_and_the_classes_of_the_person(desk: Desk) -> None:
    about: dict[str, Any] = {"actor": desk.administrator, "now": desk.now}
    make_assignment(make_item(desk.cycle, number=2, kind=ItemKind.WEAKNESS), desk.agency, **about)
    make_assignment(make_item(desk.cycle, number=3), desk.other_agency, **about)
    lists = book_of(desk).worksheets[2]
    columns = [[cell.value for cell in column if cell.value] for column in lists.iter_cols()]
    assert columns == [
        [
            "Recommendation 1 · Point 1 that should be mended.",
            "Weakness 2 · Point 2 that should be mended.",
        ],
        ["No action", "In progress", "Completed"],
        ["Open", "Restricted"],
    ]
    rules = book_of(desk).worksheets[0].data_validations.dataValidation
    assert sorted(rule.type for rule in rules) == ["date", "date", "date", "decimal", "list", "list", "list"]
    assert {rule.formula1 for rule in rules if rule.type == "list"} == {
        "jejak!$A$1:$A$2",
        "jejak!$B$1:$B$3",
        "jejak!$C$1:$C$2",
    }


def test_template_writes_no_formula_whatever_a_name_begins_with(desk: Desk) -> None:
    Agency.objects.filter(pk=desk.agency.pk).update(name_en='=HYPERLINK("http://x","y")', name_ms="+1")
    desk.agency.refresh_from_db()
    cells = [
        cell for sheet in book_of(desk) for row in sheet.iter_rows() for cell in row if cell.value is not None
    ]
    assert {cell.data_type for cell in cells} <= {"s", "n", "d"}
    suspicious = [cell for cell in cells if str(cell.value).startswith("=")]
    assert len(suspicious) == 1 and suspicious[0].quotePrefix


@pytest.mark.parametrize("language", ["ms", "en"])
def test_template_filled_in_is_read_whole_whatever_the_readers_language(desk: Desk, language: str) -> None:
    title_item(desk.item, title_ms="24 rumah perlindungan (baharu)", title_en="24 shelters (new)")
    book = book_of(desk, language)
    sheet, _guide, lists = book.worksheets
    chosen = {"ms": "Syor 1 · 24 rumah perlindungan (baharu)", "en": "Recommendation 1 · 24 shelters (new)"}
    assert lists.cell(1, 1).value == chosen[language]
    filled = [
        lists.cell(1, 1).value,
        date(2023, 5, 2),
        lists.cell(2, 2).value,
        0.4,
        "Dua kursus",
        date(2023, 4, 1),
        date(2023, 4, 30),
        lists.cell(2, 3).value,
    ]
    for place, value in enumerate(filled, 1):
        sheet.cell(HEAD_LINE + 2, place).value = value
    sheet.cell(HEAD_LINE + 2, 4).number_format = "0%"
    output = io.BytesIO()
    book.save(output)
    for reader in ("ms", "en"):
        with override(reader):
            rows = fetch_rows(
                read_workbook(output.getvalue(), file_name="a.xlsx", most_rows=MOST_READ),
                agency=desk.agency,
                cycle=desk.cycle,
                by=1,
            )
            (one,) = check_rows(rows, reference(desk))
        assert one.is_good and one.typed.line == HEAD_LINE + 2, reader
        assert (one.content.percent, one.reported_on) == (40, date(2023, 5, 2)), reader
