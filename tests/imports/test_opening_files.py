"""Reading workbooks that somebody sent: what people write, and what nobody ought to send."""

from __future__ import annotations

import io
import subprocess
import zipfile
from collections.abc import Callable
from datetime import datetime
from resource import RUSAGE_CHILDREN, getrusage
from typing import Any

import openpyxl
import pytest
from django.utils.translation import override
from openpyxl.worksheet.worksheet import Worksheet

from accounts.models import Agency
from evidence import child_process
from imports import workbook_process as child
from imports.opening_table import MOST_READ, fetch_rows
from imports.rows import ImportColumn, ImportRow
from imports.sheets import BadWorkbook, ReadSheet, ReadWorkbook
from imports.workbook import MAX_FILE_BYTES, read_workbook
from recommendations.models import Cycle
from tests.imports.workbooks import HEAD, ROW, in_sheet, repacked, saved, workbook
from tests.replacing import replace_in

pytestmark = pytest.mark.usefixtures("in_english")

MAIN = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
PDRM = Agency(code="PDRM")
CYCLE = Cycle(year=2023)


def opened(content: bytes) -> ReadWorkbook:
    """What the child gives, without starting it: the process itself has tests of its own below."""
    sheets = [
        ReadSheet(each["name"], [(line, cells) for line, cells in each["rows"]])
        for each in child.sheets_of(content, most_rows=MOST_READ)
    ]
    return ReadWorkbook("kemajuan.xlsx", "", sheets)


def rows_in(content: bytes) -> list[ImportRow]:
    return fetch_rows(opened(content), agency=PDRM, cycle=CYCLE, by=7)


def refusal_of(content: bytes) -> str:
    with pytest.raises(BadWorkbook) as refused:
        fetch_rows(
            read_workbook(content, file_name="kemajuan.xlsx", most_rows=MOST_READ),
            agency=PDRM,
            cycle=CYCLE,
            by=7,
        )
    return str(refused.value)


def told_of(content: bytes) -> str:
    """How many rows there are, or why none."""
    try:
        rows = fetch_rows(
            read_workbook(content, file_name="a.xlsx", most_rows=MOST_READ), agency=PDRM, cycle=CYCLE, by=7
        )
    except BadWorkbook as refused:
        return str(refused)
    return f"{len(rows)} row"


def cell_of(
    value: Any, *, number_format: str = "General", column: ImportColumn = ImportColumn.PERCENT
) -> tuple[str, str]:
    """The text and the mark of one cell."""
    place = list(ImportColumn).index(column) + 1

    def change(sheet: Worksheet) -> None:
        cell = sheet.cell(2, place)
        cell.value = value
        cell.number_format = number_format

    (row,) = rows_in(workbook(ROW, change=change))
    return row.text(column), row.marks.get(column, "")


# What people write


def test_a_filled_row_is_read_with_its_line_and_who_sent_it() -> None:
    (row,) = rows_in(workbook(ROW))
    assert (row.number, row.line, row.by, row.marks) == (1, 2, 7, {})
    assert dict(row.cells) == {
        "item": "Recommendation 1",
        "reported_on": "2023-05-02",
        "status": "In progress",
        "percent": "20",
        "narrative": "Dua kursus",
        "covers_from": "2023-04-01",
        "covers_to": "2023-04-30",
        "classification": "Restricted",
    }


def test_columns_are_found_by_the_words_of_either_language() -> None:
    from imports.rows import LABELS

    for language in ("ms", "en"):
        with override(language):
            head = [f"  {LABELS[column]}* (wajib) " for column in ImportColumn]
        assert len(rows_in(workbook(ROW, head=head))) == 1, language


def test_columns_may_stand_in_another_order_with_others_between() -> None:
    order = [4, 0, 3, 2, 1, 6, 5, 7]
    head = ["No.", *(HEAD[place] for place in order), "Catatan"]
    row = [1, *(ROW[place] for place in order), "abc"]
    (read,) = rows_in(workbook(row, head=head))
    assert (
        read.text(ImportColumn.ITEM) == "Recommendation 1"
        and read.text(ImportColumn.COVERS_TO) == "2023-04-30"
    )


def test_the_classification_may_be_missing_and_nothing_else() -> None:
    assert rows_in(workbook(ROW[:-1], head=HEAD[:-1]))[0].text(ImportColumn.CLASSIFICATION) == ""
    assert refusal_of(workbook(ROW[1:], head=HEAD[1:])).startswith("The table lacks: Item.")


def test_cells_arrive_as_they_are_shown() -> None:
    for value, number_format, text in (
        (40, "General", "40"),
        (40.0, "0.00", "40"),
        (0.4, "0%", "40%"),
        (0.29, "0.0%", "29%"),
        (1, "0%", "100%"),
        (0.4, "General", "0.4"),
        ("40 %", "General", "40 %"),
        (True, "General", "TRUE"),
    ):
        assert cell_of(value, number_format=number_format) == (text, ""), value
    for value, text in (
        (datetime(2023, 5, 2, 14, 30), "2023-05-02"),  # noqa: DTZ001 - a spreadsheet knows no zone
        ("2/5/2023", "2/5/2023"),
        (45048, "45048"),
    ):
        number_format = "dd/mm/yyyy" if isinstance(value, datetime) else "General"
        assert cell_of(value, number_format=number_format, column=ImportColumn.REPORTED_ON) == (text, "")
    text, _mark = cell_of("  satu_x000D_\ndua\r\ntiga ", column=ImportColumn.NARRATIVE)
    assert text == "satu\ndua\ntiga"
    assert cell_of("#REF!") == ("#REF!", "error")


def test_a_formula_gives_its_saved_result_or_a_mark() -> None:
    assert cell_of("=1+1", column=ImportColumn.NARRATIVE) == ("", "formula")
    content = workbook((*ROW[:4], "=A1", *ROW[5:]))
    with_result = in_sheet(content, b"<f>A1</f><v />", b"<f>A1</f><v>40</v>")
    with_result = in_sheet(with_result, b"<f>A1</f><v></v>", b"<f>A1</f><v>40</v>")
    assert with_result != content
    assert rows_in(with_result)[0].text(ImportColumn.NARRATIVE) == "40"


def test_rows_are_found_by_the_lines_of_the_sheet() -> None:
    rows = rows_in(workbook(ROW, (), ("", None, " "), ROW))
    assert [(row.number, row.line) for row in rows] == [(1, 2), (2, 5)]
    content = workbook(ROW, ("", *ROW[1:]), change=lambda sheet: sheet.merge_cells("A2:A3"))
    assert [row.text(ImportColumn.ITEM) for row in rows_in(content)] == ["Recommendation 1", ""]
    examples = [(f"{word}: Syor 1", *ROW[1:]) for word in ("Contoh", "Example")]
    assert [row.line for row in rows_in(workbook(*examples, ROW))] == [4]
    content = workbook(ROW, change=lambda sheet: sheet.cell(1_048_576, 1, "Syor 2"))
    assert [row.line for row in rows_in(content)] == [2, 1_048_576]


def _second_sheet(content: bytes, *rows: tuple[Any, ...], state: str = "visible") -> bytes:
    book = openpyxl.load_workbook(io.BytesIO(content))
    sheet = book.create_sheet("Lain")
    for row in rows:
        sheet.append(row)
    sheet.sheet_state = state
    return saved(book)


def test_hidden_sheets_and_those_without_the_table_are_not_read() -> None:
    for state in ("hidden", "veryHidden"):
        assert len(rows_in(_second_sheet(workbook(ROW), HEAD, ROW, state=state))) == 1, state
    assert len(rows_in(_second_sheet(workbook(ROW), ("Nota", "apa-apa")))) == 1


def test_a_workbook_without_one_clear_table_is_refused() -> None:
    told = refusal_of(_second_sheet(workbook(ROW), HEAD, ROW))
    assert told.startswith("Two sheets have the table: “Sheet” and “Lain”")
    told = refusal_of(workbook((*ROW, "x"), head=(*HEAD, "Status")))
    assert told == "The column “Status” appears twice in the table. Remove one of the two."
    assert refusal_of(workbook(("a", "b"), head=("x", "y"))).startswith("No visible sheet has the columns")
    assert refusal_of(workbook()).startswith("No row of the table is filled in")


def test_five_hundred_rows_are_read_and_one_more_is_refused() -> None:
    assert len(rows_in(workbook(*[ROW] * 500))) == 500
    assert refusal_of(workbook(*[ROW] * 501)).startswith(
        "The table has 501 rows, but one import can have up to 500"
    )


def test_a_file_that_was_made_for_others_is_refused() -> None:
    for label, value, told in (
        ("Agensi", "JIM", "This file was made for JIM, but you are importing for PDRM."),
        ("Report year", 2024, "This file was made for the report year 2024, not 2023."),
    ):
        book = openpyxl.Workbook()
        sheet = book.active
        assert isinstance(sheet, Worksheet), label
        for row in ((label, value), HEAD, ROW):
            sheet.append(row)
        assert refusal_of(saved(book)).startswith(told), label


# What nobody ought to send


def test_other_files_are_refused_with_what_to_do() -> None:
    for content, told in (
        (b"", "This is not an Excel workbook"),
        (b"Item,Reported on\n", "This is not an Excel workbook"),
        (b"%PDF-1.7 ...", "This is not an Excel workbook"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "This file is in Excel’s old format"),
        (b"PK\x03\x04" + b"\0" * 100, "This workbook is damaged"),
        (b"x" * (MAX_FILE_BYTES + 1), "The file is larger than 2"),
    ):
        assert refusal_of(content).startswith(told), content
    assert refusal_of(workbook(ROW)[:-40]).startswith("This workbook is damaged")
    output = io.BytesIO()
    with zipfile.ZipFile(output, "w") as made:
        made.writestr("kemajuan.csv", "a,b")
    assert refusal_of(output.getvalue()).startswith("This is not an Excel workbook")
    sheet, text = b"spreadsheetml.sheet.main", b"wordprocessingml.document.main"
    document = repacked(
        workbook(ROW), lambda name, part: part.replace(sheet, text) if "Content" in name else part
    )
    assert refusal_of(document).startswith("This is not an Excel workbook")


def test_macros_are_refused() -> None:
    content = repacked(workbook(ROW), lambda name, part: part, **{"xl/vbaProject.bin": b"program"})
    assert refusal_of(content).startswith("This workbook has macros")
    enabled = repacked(
        workbook(ROW),
        lambda name, part: part.replace(
            b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml",
            b"application/vnd.ms-excel.sheet.macroEnabled.main+xml",
        ),
    )
    assert refusal_of(enabled).startswith("This workbook has macros")


def test_a_bomb_is_refused_before_it_is_unpacked_and_so_is_an_archive() -> None:
    content = repacked(workbook(ROW), lambda name, part: part, **{"xl/media/a.bin": b"\0" * 30_000_000})
    assert len(content) < 100_000
    assert refusal_of(content).startswith("This workbook contains far more than the template needs")
    content = repacked(workbook(ROW), lambda name, part: part, **{"xl/embeddings/a.xlsx": workbook(ROW)})
    assert refusal_of(content).startswith("This workbook contains far more")


def test_entities_are_never_expanded() -> None:
    lol = b'<!DOCTYPE x [<!ENTITY a "' + b"A" * 5_000 + b'"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    content = in_sheet(workbook(ROW), b"<worksheet", lol + b"<worksheet")
    content = in_sheet(content, b"</v>", b"&b;</v>")
    assert refusal_of(content).startswith("This workbook is damaged")


def test_a_shared_text_that_is_repeated_without_end_is_refused() -> None:
    long = "x" * 30_000
    content = workbook(*[(long,) * 8] * 100)
    assert len(content) < MAX_FILE_BYTES
    assert refusal_of(content).startswith("This workbook contains far more")


def _many_lines(cell: Callable[[int], str]) -> bytes:
    """A workbook with 200,000 lines of one cell."""
    lines = "".join(f'<row r="{line}">{cell(line)}</row>' for line in range(2, 200_002))
    return in_sheet(workbook(ROW), b"</sheetData>", lines.encode() + b"</sheetData>")


@pytest.mark.long
def test_two_hundred_thousand_rows_are_refused_before_their_texts_are_read() -> None:
    texts = "".join(f"<si><t>baris {number}</t></si>" for number in range(200_002)).encode()
    kind = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
    content = repacked(
        _many_lines(lambda line: f'<c r="A{line}" t="s"><v>{line}</v></c>'),
        lambda name, part: part.replace(
            b"</Types>", b'<Override PartName="/xl/sharedStrings.xml" ContentType="' + kind + b'"/></Types>'
        ),
        **{"xl/sharedStrings.xml": b'<sst xmlns="' + MAIN + b'">' + texts + b"</sst>"},
    )
    before = getrusage(RUSAGE_CHILDREN)
    assert refusal_of(content).startswith("This workbook contains far more than the template needs")
    after = getrusage(RUSAGE_CHILDREN)
    # Twice as much and more where the library opens such a workbook.
    assert after.ru_utime - before.ru_utime < 2.0


def test_two_hundred_thousand_formatted_lines_without_a_word_are_refused() -> None:
    content = _many_lines(lambda line: f'<c r="A{line}" s="0"/>')
    assert refusal_of(content).startswith("This workbook contains far more than the template needs")


def test_row_and_column_numbers_that_lie_cost_nothing() -> None:
    content = in_sheet(workbook(ROW), b'<row r="2"', b'<row r="99999999999"')
    assert refusal_of(content).startswith(("No row of the table", "This workbook is damaged"))


@pytest.mark.long
def test_a_number_format_that_leads_the_library_astray_is_stopped_by_the_limit() -> None:
    trap = b'<numFmts count="1"><numFmt numFmtId="170" formatCode="' + b"[" * 400_000 + b'"/></numFmts>'
    content = repacked(
        workbook(ROW),
        lambda name, part: (
            part.replace(b"<fonts", trap + b"<fonts").replace(b'numFmtId="0"', b'numFmtId="170"')
            if name.endswith("styles.xml")
            else part
        ),
    )
    assert refusal_of(content).startswith(("This workbook contains far more", "This workbook is damaged"))


@pytest.mark.parametrize("part", ["xl/workbook.xml", "xl/styles.xml", "xl/worksheets/sheet1.xml"])
@pytest.mark.parametrize(
    "spoil", [lambda part: b"", lambda part: part[: len(part) // 2], lambda part: b"<a/>"]
)
def test_a_spoilt_part_is_one_sentence(part: str, spoil: Callable[[bytes], bytes]) -> None:
    content = repacked(workbook(ROW), lambda name, old: spoil(old) if name == part else old)
    answers = ("1 row", "This workbook is damaged", "No visible sheet")
    assert told_of(content).startswith(answers)


def test_the_process_that_reads_has_no_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: dict[str, Any] = {}
    start = subprocess.Popen

    def watched(*args: Any, **kwargs: Any) -> Any:
        asked.update(kwargs)
        return start(*args, **kwargs)

    replace_in(monkeypatch, child_process, "subprocess", Popen=watched)
    book = read_workbook(workbook(ROW), file_name="a.xlsx", most_rows=MOST_READ)
    assert asked["env"] == {"LANG": "C.UTF-8"}
    assert len(book.sha256) == 64 and book.sheets[0].rows[1][1][0] == "Recommendation 1"
