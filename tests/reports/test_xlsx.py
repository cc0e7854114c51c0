"""The workbook: typed cells, frozen headers, filters, more rows on a next sheet, and text that is only text."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Iterator
from io import BytesIO

import openpyxl
import pytest
from django.utils import translation
from lxml import etree
from openpyxl.utils import column_index_from_string
from openpyxl.worksheet.worksheet import Worksheet

from reports.errors import TooManyRows
from reports.states import ExportFormat
from reports.summary.rows import ReportedUpdate
from reports.writers.wording.sentences import counted_items
from reports.writers.xlsx import write
from reports.writers.xlsx_sheets import MOST_ROWS, escape_text
from tests.reports import tables
from tests.reports.conftest import NASTY, Told

pytestmark = pytest.mark.django_db

OPENERS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠", "'", "{=")
#: What XlsxWriter, Excel or a reader of XML could take for something else than text.
TRAPS = [
    *(f"{opener}SUM(A1:A9)" for opener in OPENERS),
    "<r><t>tebal</t></r>",
    "http://example.test/",
    "mailto:a@example.test",
    "internal:Sheet2!A1",
    "123",
    "2023-09-14",
    "TRUE",
    "_x0041_",
    "_x005F_",
    "]]>&amp;&lt;",
    " \t di tengah \n ",
    "\x01\x08\x0b\x0c\x1f\x7f\x85",
    "\ufffe\uffff\ufeff",
    "#N/A",
    NASTY,
]


def opened(data: bytes) -> openpyxl.Workbook:
    return openpyxl.load_workbook(BytesIO(data))


def column(sheet: Worksheet, heading: str) -> list[openpyxl.cell.Cell]:
    """The cells below a heading."""
    (place,) = [cell.column for cell in sheet[1] if cell.value == heading]
    return [row[place - 1] for row in sheet.iter_rows(min_row=2)]


def test_sheets_are_those_of_the_depth(told: Told) -> None:
    def names(**asked: str) -> list[str]:
        return opened(told.made(ExportFormat.XLSX, **asked)).sheetnames

    assert names() == ["Pilihan", "Bilangan", "Syor", "Kelemahan", "Agensi", "Kemas kini", "Bukti"]
    in_english = ["Selection", "Counts", "Recommendations", "Weaknesses", "Agencies"]
    assert names(depth="lines", language="en") == in_english
    of_evidence = ["Pilihan", "Bilangan", "Syor", "Agensi", "Bukti"]
    assert names(depth="evidence", kind="recommendation") == of_evidence
    assert names(depth="glance", language="both")[:2] == ["Pilihan · Selection", "Bilangan · Counts"]


def test_full_workbook_is_typed_printable_and_says_what_it_is(told: Told) -> None:
    data = told.made(ExportFormat.XLSX)
    assert data == told.made(ExportFormat.XLSX), "the same content gives the same bytes"
    book = opened(data)
    for sheet in book.worksheets[2:]:
        assert sheet.freeze_panes == "B2"
        assert sheet.auto_filter.ref == sheet.dimensions
        assert sheet.print_title_rows == "$1:$1"
        assert all(width.width >= 9 for width in sheet.column_dimensions.values())
    for sheet in book.worksheets:
        assert sheet.oddHeader.center.text == "&BSULIT"
        assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert (sheet.page_setup.fitToWidth or 1, sheet.page_setup.fitToHeight) == (1, 0)
    parts, updates = book["Agensi"], book["Kemas kini"]
    percents = column(updates, "Kemajuan")
    assert [cell.value for cell in percents] == [0.3, 0.4, 0.5]
    assert {cell.number_format for cell in percents} == {"0%"}
    decided = column(updates, "Diputuskan pada")
    assert decided[0].value.isoformat() == "2023-08-01T10:00:00"
    assert all(cell.is_date for cell in decided)
    assert column(parts, "Diputuskan pada")[0].value.isoformat() == "2023-08-01T00:00:00"
    numbers = column(book["Bukti"], "Dokumen")
    assert {cell.data_type for cell in numbers} == {"n"}
    properties = book.properties
    assert properties.keywords == told.content().finish().fingerprint
    assert properties.creator == told.maker().words
    assert properties.category == "Sulit"
    assert properties.created.isoformat() == "2023-09-14T02:00:00"


def _english(wording: Callable[..., str], *about: object) -> str:
    with translation.override("en"):
        return wording(*about)


def test_counts_are_those_of_the_rows(told: Told) -> None:
    sheet = opened(told.made(ExportFormat.XLSX, language="en"))["Counts"]
    rows = [[cell for cell in row if cell is not None] for row in sheet.iter_rows(values_only=True)]
    content = told.content(language="en")
    for totals in content.totals:
        (row,) = [row for row in rows if row and row[0] == _english(counted_items, totals)]
        states = [totals.none, totals.progress, totals.done, totals.items]
        assert row[1:] == [*states, totals.waiting, totals.late, totals.returned]
    parts = [part for item in content.items for part in item.in_force]
    for code in {part.code for part in parts}:
        (row,) = [row for row in rows if row and row[0] == code]
        own = [part for part in parts if part.code == code]
        assert row[1] + row[2] == sum(row[3:6]) == len(own)
        assert row[7] == sum(part.late_days is not None for part in own)


def test_observer_finds_no_marks(told: Told) -> None:
    book = opened(told.made(ExportFormat.XLSX, "observer", language="en"))
    said = {cell for row in book["Counts"].iter_rows(values_only=True) for cell in row}
    assert "No action" in said
    assert not said & {"Late", "Awaiting MAPO", "Returned"}
    heads = {cell.value for sheet in book.worksheets[2:] for cell in sheet[1]}
    assert "Progress" in heads and not heads & {"Claimed status", "Days late", "Awaiting MAPO since"}


def test_first_sheet_says_what_was_selected(told: Told) -> None:
    sheet = opened(told.made(ExportFormat.XLSX, language="both"))["Pilihan · Selection"]
    said = {row[0]: row[1] for row in sheet.iter_rows(values_only=True)}
    tally = told.content(language="both").finish()
    assert said["Cap jari"] == said["Fingerprint"] == tally.fingerprint
    assert said["Baris"] == str(tally.rows_count)
    assert said["Dibuat oleh"] == told.maker().words
    assert said["Bukti · Evidence"] == 4


@pytest.mark.parametrize("most_rows", [3, MOST_ROWS])
def test_columns_without_any_value_are_hidden_and_said_to_be(told: Told, most_rows: int) -> None:
    with translation.override("en"):
        content, target = told.content(language="en"), BytesIO()
        write(content, target, maker=told.maker(), most_rows=most_rows)
    book = opened(target.getvalue())
    first, _counts, *sheets = book
    assert "Columns in which no row has a value are hidden." in [cell.value for cell in first["B"]]
    hidden = {
        str(cell.value) for sheet in sheets for cell in sheet[1] if _is_hidden(sheet, cell.column_letter)
    }
    assert {"Set by MAPO, because", "Assignment ended on"} <= hidden
    for name in {sheet.title.partition(" (")[0] for sheet in sheets}:
        parts_of = [sheet for sheet in sheets if sheet.title.partition(" (")[0] == name]
        for place, head in enumerate(parts_of[0][1]):
            values = [row[place].value for sheet in parts_of for row in sheet.iter_rows(min_row=2)]
            empty = all(value in (None, "") for value in values)
            assert {_is_hidden(sheet, head.column_letter) for sheet in parts_of} == {empty}, head.value


def _is_hidden(sheet: Worksheet, letter: str) -> bool:
    """Whether a column is hidden; neighbours that look alike share an entry, under the first one's letter."""
    place = column_index_from_string(letter)
    return any(each.hidden and each.min <= place <= each.max for each in sheet.column_dimensions.values())


def test_text_stays_text(told: Told) -> None:
    content, target = told.content(), BytesIO()
    (first, *_others) = list(content._left[0])
    content._left[0] = (first._replace(narrative=trap) for trap in TRAPS)
    write(content, target, maker=told.maker())
    cells = column(opened(target.getvalue())["Kemas kini"], "Apa yang telah dibuat")
    assert [tables.unescape(cell.value) for cell in cells] == TRAPS
    assert {cell.data_type for cell in cells} == {"s"}
    assert {cell.hyperlink for cell in cells} == {None}
    assert all(cell.quotePrefix for cell in cells)
    with zipfile.ZipFile(target) as archive:
        assert archive.testzip() is None
        for name in archive.namelist():
            part = archive.read(name)
            if name.endswith((".xml", ".rels")):
                etree.fromstring(part)
            assert b"<f>" not in part and b"hyperlink" not in part


def test_control_characters_are_written_as_excel_writes_them() -> None:
    assert escape_text("a\x00b\r_x0041_<&") == "a_x0000_b_x000D__x005F_x0041_&lt;&amp;"


def test_text_longer_than_a_cell_is_refused() -> None:
    assert escape_text("😀" * 16_383)
    with pytest.raises(TooManyRows):
        escape_text("😀" * 16_384)


def test_more_rows_than_a_sheet_holds_go_on_in_the_next(told: Told) -> None:
    target, content = BytesIO(), told.content()
    write(content, target, maker=told.maker(), most_rows=3)
    book = tables.Workbook(target.getvalue(), told.content())
    names = book.book.sheetnames
    assert {"Kemas kini", "Kemas kini (2)", "Bukti (2)"} <= set(names)
    assert max(sheet.max_row for sheet in book.book.worksheets[2:]) == 3
    tables.compare(book.contents(), tables.contents_of(told.content()))
    assert MOST_ROWS == 1_048_576


def test_stopped_making_leaves_nothing_open(told: Told) -> None:
    class Stopped(Exception):
        pass

    def stop_after(updates: Iterator[ReportedUpdate]) -> Iterator[ReportedUpdate]:
        yield from updates
        raise Stopped

    content = told.content()
    content._left[0] = stop_after(content._left[0])
    with pytest.raises(Stopped):
        write(content, BytesIO(), maker=told.maker())
