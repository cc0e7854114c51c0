"""Whatever writes cells writes text as text: no spreadsheet takes it for a formula. All writers, all beginnings."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.conf import settings
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from accounts.people_csv import template
from audit.services import record
from imports.reference_data import load_reference_data
from imports.template import write_template
from indicators.workbook.names import OwnIndicators
from indicators.workbook.template import write_figure_template
from recommendations.models import Item
from reports.states import ExportFormat
from reports.writers.columns import ColumnType
from reports.writers.csv import _CELL_WRITERS
from reports.writers.published.xlsx import _TableFormats
from reports.writers.xlsx_sheets import CellFormats, PlainSheet, open_workbook
from tests.factories.figure_reports import AUGUST, FigureDesk
from tests.factories.indicators import make_indicator
from tests.factories.recommendations import make_assignment, make_item
from tests.hostile import FORMULA_BEGINNINGS, FORMULA_VEILS
from tests.indicators.conftest import figure_desk as figure_desk
from tests.recommendations.conftest import Desk
from tests.recommendations.conftest import desk as desk
from tests.reports.conftest import Told
from tests.reports.conftest import told as told
from ui.formulas import looks_like_formula

pytestmark = pytest.mark.django_db

#: Without a NUL, which no table of the database holds.
TEXTS = [
    f"{veil}{beginning}{number}"
    for number, (veil, beginning) in enumerate(
        [("", each) for each in FORMULA_BEGINNINGS]
        + [(veil, "=") for veil in FORMULA_VEILS if "\0" not in veil]
    )
]
#: Of those, what a cell of Excel can hold as it stands.
XML_TEXTS = [text for text in TEXTS if all(" " <= sign != "\ufffe" for sign in text)]
#: Modules that write tables; a new one gets a test here.
WRITERS = {
    "accounts/people_csv.py",
    "audit/export.py",
    "imports/sheet_parts.py",
    "reports/writers/csv.py",
    "reports/writers/xlsx_sheets.py",
}
#: What makes a table, and what writes a cell of any type.
MAKES_TABLE = re.compile(r"\b(?:csv\.(?:writer|DictWriter)|xlsxwriter\.Workbook|Workbook)\(")
ANY_CELL = re.compile(
    r"sheet\.(?:write|write_row|write_column|write_\w*formula|write_url|append)\(|cell\(.*\)\.value = "
)


def sources() -> Iterator[tuple[str, str]]:
    root = Path(settings.BASE_DIR)
    for path in sorted(root.glob("*/**/*.py")):
        name = path.relative_to(root).as_posix()
        if not name.startswith(("tests/", "benchmarks/", "demo/", ".", "docs/", "deploy/", "trials/")):
            yield name, path.read_text("utf-8")


def test_every_module_that_writes_cells_is_known() -> None:
    found = {name for name, source in sources() if MAKES_TABLE.search(source)}
    assert found | {"reports/writers/csv.py"} == WRITERS  # It quotes by itself (ADR 16).


def test_cells_of_workbooks_are_written_with_their_type() -> None:
    folders = ("imports/", "indicators/workbook/", "reports/writers/")
    texts = {name: source for name, source in sources() if name.startswith(folders)}
    assert not [name for name, source in texts.items() if ANY_CELL.search(source)]


def assert_guarded(cells: Iterable[str], *, wanted: Iterable[str]) -> None:
    """No cell begins a formula, and all texts are there, behind apostrophes."""
    found = set(cells)
    assert not [cell for cell in found if looks_like_formula(cell)]
    assert not {f"'{text}" for text in wanted} - found


def cells_of(text: str) -> set[str]:
    return {cell for row in csv.reader(io.StringIO(text, newline="")) for cell in row}


def test_audit_trail(told: Told, client: Client) -> None:
    person = told.people["administrator"]
    for text in TEXTS:
        with transaction.atomic():
            record(action="update.submitted", actor=person, reason=text, label=f"{text}.", now=told.now)
    client.force_login(person)
    answer: Any = client.post(reverse("audit:export"), {"action": "update.submitted"})
    found = cells_of(b"".join(answer.streaming_content).decode("utf-8-sig"))
    assert_guarded(found, wanted=TEXTS)
    assert_guarded(found, wanted=[f"{text}." for text in TEXTS])


def test_template_of_people() -> None:
    assert_guarded(cells_of(template()), wanted=[])


def make_titled_items(told: Told) -> None:
    for number, text in enumerate(TEXTS, 100):
        item = make_item(told.cycle, number=number)
        Item.objects.filter(pk=item.pk).update(title_ms=text, title_en=f"{text}.")


def test_table_of_a_summary(told: Told) -> None:
    make_titled_items(told)
    made = told.made(ExportFormat.CSV, day="2023-09-14", depth="full", language="both").decode("utf-8-sig")
    assert_guarded(cells_of(made), wanted=TEXTS)


def test_every_kind_of_column_of_a_summary() -> None:
    """Also those that hold no text of people today."""
    for kind in (ColumnType.CODE, ColumnType.LABELLED, ColumnType.TEXT, ColumnType.NUMBER, ColumnType.AMOUNT):
        assert_guarded(cells_of("\n".join(map(_CELL_WRITERS[kind], TEXTS))), wanted=[])
    assert_guarded(
        cells_of("\n".join(_CELL_WRITERS[ColumnType.LIST]([each]) for each in TEXTS)), wanted=TEXTS
    )


def assert_text(book: openpyxl.Workbook, *, wanted: Iterable[str]) -> None:
    """All texts are there, as text, also after somebody edits their cells; nothing is a formula."""
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert "f" not in {cell.data_type for cell in cells}
    texts = {str(cell.value): cell for cell in cells if cell.data_type in ("s", "inlineStr")}
    missing = set(wanted) - texts.keys()
    assert not missing, sorted(missing)
    bare = [text for text, cell in texts.items() if looks_like_formula(text) and not cell.quotePrefix]
    assert not bare


def test_workbook_of_a_summary(told: Told) -> None:
    make_titled_items(told)
    made = told.made(ExportFormat.XLSX, day="2023-09-14", depth="full")
    assert_text(openpyxl.load_workbook(io.BytesIO(made)), wanted=XML_TEXTS)


def test_every_format_of_text_of_a_workbook() -> None:
    target = io.BytesIO()
    with open_workbook(target) as book:
        formats, of_tables = CellFormats(book, ("ms",)), _TableFormats(book, ("ms",))
        looks = [formats.title, formats.heading, formats.label, formats.text]
        looks += [of_tables.group, of_tables.head, of_tables.stub, of_tables.note, of_tables.number("", "")]
        sheet = book.add_worksheet("x", worksheet_class=PlainSheet)
        for line, text in enumerate(XML_TEXTS):
            for place, look in enumerate(looks):
                sheet.write_string(line, place, text, look)
    assert_text(openpyxl.load_workbook(io.BytesIO(target.getvalue())), wanted=XML_TEXTS)


def test_template_of_an_opening_import(desk: Desk) -> None:
    for number, text in enumerate(XML_TEXTS, 100):
        item = make_item(desk.cycle, number=number)
        Item.objects.filter(pk=item.pk).update(title_ms=text, title_en=text)
        make_assignment(item, desk.agency, actor=desk.administrator, now=desk.now)
    for text in XML_TEXTS[::7]:
        desk.agency.name_en = text
        about = load_reference_data(desk.cycle, agency=desk.agency, person=desk.officer, today=AUGUST)
        with override("en"):
            book = openpyxl.load_workbook(io.BytesIO(write_template(about)))
        assert_text(book, wanted=[text])


def test_template_of_figures(figure_desk: FigureDesk) -> None:
    for number, text in enumerate(XML_TEXTS):
        make_indicator(f"i{number}", agency=figure_desk.agency, name_en=text, name_ms=text, position=number)
    own = OwnIndicators(figure_desk.agency.indicators.prefetch_related("dimensions__values"))
    about = {"agency": figure_desk.agency, "cycle": figure_desk.cycle, "months": [AUGUST]}
    with override("en"):
        book = write_figure_template(own, **about, open_months=[AUGUST])
    assert_text(openpyxl.load_workbook(io.BytesIO(book)), wanted=XML_TEXTS)
