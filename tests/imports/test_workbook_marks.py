"""What the child process says of cells whose text does not say everything."""

from __future__ import annotations

from typing import Any

import pytest
from openpyxl.worksheet.worksheet import Worksheet

from imports import workbook_process as child
from tests.imports.workbooks import in_sheet, workbook


def cells_of(content: bytes) -> list[list[Any]]:
    (sheet,) = child.sheets_of(content, most_rows=100)
    return [cells for _line, cells in sheet["rows"]]


def test_marks_tell_of_fractions_formulas_and_merged_cells() -> None:
    rows = cells_of(workbook([1234, 1.234, "1.234", 0.265], head=["a"]))
    assert rows[1] == ["1234", ["1.234", "number"], "1.234", ["0.265", "number"]]
    content = workbook(["=1+2"], head=["a"])
    assert cells_of(content)[1] == [["", "formula", "=1+2"]]
    with_result = in_sheet(content, b"<f>1+2</f><v></v>", b"<f>1+2</f><v>3</v>")
    with_result = in_sheet(with_result, b"<f>1+2</f><v />", b"<f>1+2</f><v>3</v>")
    assert cells_of(with_result)[1] == [["3", "computed", "=1+2"]]

    def merge(sheet: Worksheet) -> None:
        sheet.merge_cells("B2:B3")

    rows = cells_of(workbook(["x", 7], ["y", None], ["z", 8], head=["a", "b"], change=merge))
    assert rows[1:] == [["x", ["7", "merged"]], ["y", ["", "merged"]], ["z", "8"]]


def test_too_many_merged_cells_end_the_reading(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(child, "MAX_MERGED", 2)

    def merge(sheet: Worksheet) -> None:
        for line in (2, 4, 6):
            sheet.merge_cells(f"A{line}:B{line}")

    with pytest.raises(child.WorkbookTooLarge):
        cells_of(workbook(*([line] for line in range(6)), head=["a", "b"], change=merge))
