"""Writes the workbook that an agency fills in, with its items to choose from, and a guide to fill it in.

Whatever comes from our database is written as text and marked as such, so that no spreadsheet takes a name for a
formula.
"""

import io
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext
from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from accounts.clearance import Clearance
from imports.reference_data import ReferenceData
from imports.rows import AGENCY, CYCLE, DAY_COLUMNS, EXAMPLE, LABELS, MAX_ROWS, ImportColumn
from recommendations.states import NARRATIVE_LENGTH, Status
from ui import dates
from ui.numbers import number

#: The line of the header; the example is below it, and below that the rows to fill in.
HEAD_LINE = 7
_FIRST_LINE, _LAST_LINE = HEAD_LINE + 1, HEAD_LINE + 1 + MAX_ROWS
_DAY_FORMAT = "dd/mm/yyyy"
_FROM_LIST, _A_DAY = gettext_lazy("from the list"), gettext_lazy("day/month/year")
_NARRATIVE_HINT = gettext_lazy("how many, where and when; no victim’s name or identity number")
#: The width of each column in characters, and the hint above its name.
_COLUMNS = {
    ImportColumn.ITEM: (44, _FROM_LIST),
    ImportColumn.REPORTED_ON: (16, _A_DAY),
    ImportColumn.STATUS: (18, _FROM_LIST),
    ImportColumn.PERCENT: (12, gettext_lazy("0 to 100")),
    ImportColumn.NARRATIVE: (64, _NARRATIVE_HINT),
    ImportColumn.COVERS_FROM: (16, _A_DAY),
    ImportColumn.COVERS_TO: (16, _A_DAY),
    ImportColumn.CLASSIFICATION: (16, _FROM_LIST),
}

_INK, _BLUE, _GRAY, _LINE = "FF18181B", "FF1D4ED8", "FF6B6B74", "FFE4E4E7"
_HEAD_FILL = PatternFill("solid", fgColor="FFEFF6FF")
_NOTE, _WRAPPED = Font(size=10, color=_GRAY), Alignment(vertical="top", wrap_text=True)
_RULE = Border(bottom=Side(style="thin", color=_LINE))


def write_template(reference: ReferenceData) -> bytes:
    """Return the workbook for an agency and a cycle, in the language in force."""
    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    sheet.title = pgettext("sheet", "Updates")
    guide = book.create_sheet(_("How to fill it in"))
    lists = book.create_sheet("jejak")
    lists.sheet_state = "hidden"
    _write_head(sheet, reference)
    _write_columns(sheet, reference)
    _write_choices(sheet, lists, reference)
    _write_guide(guide, reference)
    book.properties.creator = "Jejak"
    output = io.BytesIO()
    book.save(output)
    return output.getvalue()


def _write_head(sheet: Worksheet, reference: ReferenceData) -> None:
    put(
        sheet.cell(1, 1),
        _("Opening import: progress kept before Jejak"),
        Font(size=16, bold=True, color=_INK),
    )
    put(
        sheet.cell(2, 1),
        _("One row for each report of the agency. The next sheet explains how."),
        _NOTE,
    )
    facts = (
        (AGENCY, reference.agency.code, reference.agency.name),
        (CYCLE, str(reference.cycle.year), str(reference.cycle)),
    )
    for line, (label, value, words) in enumerate(facts, 3):
        put(sheet.cell(line, 1), str(label), _NOTE)
        put(sheet.cell(line, 2), value, Font(bold=True, color=_INK))
        put(sheet.cell(line, 3), words, _NOTE)


def _write_columns(sheet: Worksheet, reference: ReferenceData) -> None:
    example = _example(reference)
    for place, column in enumerate(ImportColumn, 1):
        letter = get_column_letter(place)
        width, hint = _COLUMNS[column]
        sheet.column_dimensions[letter].width = width
        put(sheet.cell(HEAD_LINE - 1, place), str(hint), Font(size=9, color=_GRAY))
        head = put(sheet.cell(HEAD_LINE, place), str(LABELS[column]), Font(bold=True, color=_BLUE))
        head.fill, head.border = _HEAD_FILL, _RULE
        shown = put(sheet.cell(_FIRST_LINE, place), example[column], Font(italic=True, color=_GRAY))
        shown.alignment = _WRAPPED
        for line in range(_FIRST_LINE + 1, _LAST_LINE + 1):
            blank = sheet.cell(line, place)
            blank.alignment = _WRAPPED
            if column in DAY_COLUMNS:
                blank.number_format = _DAY_FORMAT
    for line in (HEAD_LINE - 1, HEAD_LINE):
        for place in range(1, len(ImportColumn) + 1):
            sheet.cell(line, place).alignment = Alignment(vertical="center", wrap_text=True)
    sheet.row_dimensions[HEAD_LINE - 1].height = 26
    sheet.row_dimensions[HEAD_LINE].height = 24
    sheet.freeze_panes = f"B{HEAD_LINE + 1}"
    sheet.sheet_view.showGridLines = True


def _example(reference: ReferenceData) -> dict[ImportColumn, Any]:
    """Return an example row, which reading skips because of its first word."""
    first = next(iter(reference.answered.values()), None)
    start = reference.cycle.window_start
    return {
        ImportColumn.ITEM: f"{EXAMPLE}: {first.label_with_title if first else ''}".rstrip(": "),
        ImportColumn.REPORTED_ON: start + timedelta(days=31),
        ImportColumn.STATUS: str(Status.PROGRESS.label),
        ImportColumn.PERCENT: 40,
        ImportColumn.NARRATIVE: _(
            "Two courses were held in Ipoh in April for 61 officers. This row is not read."
        ),
        ImportColumn.COVERS_FROM: start,
        ImportColumn.COVERS_TO: start + timedelta(days=29),
        ImportColumn.CLASSIFICATION: str(Clearance.RESTRICTED.label),
    }


def _write_choices(sheet: Worksheet, lists: Worksheet, reference: ReferenceData) -> None:
    """Let cells be chosen from lists, and check days and percentages from 0 to 100 (40, or 40%)."""
    classes = [str(each.label) for each in Clearance if each <= reference.highest_class]
    choices: dict[ImportColumn, Sequence[str]] = {
        ImportColumn.ITEM: [each.label_with_title for each in reference.answered.values()],
        ImportColumn.STATUS: [str(each.label) for each in Status],
        ImportColumn.CLASSIFICATION: classes,
    }
    for place, (column, words) in enumerate(choices.items(), 1):
        for line, text in enumerate(words, 1):
            put(lists.cell(line, place), text)
        if words:
            letter = get_column_letter(place)
            formula = f"jejak!${letter}$1:${letter}${len(words)}"
            _validate(
                sheet, column, DataValidation(type="list", formula1=formula), _("Choose one from the list.")
            )
    share = DataValidation(type="decimal", operator="between", formula1="0", formula2="100")
    _validate(sheet, ImportColumn.PERCENT, share, _("Write a whole number from 0 to 100, such as 40."))
    start = reference.cycle.window_start
    for column in DAY_COLUMNS:
        earliest = date(2000, 1, 1) if column == ImportColumn.COVERS_FROM else start
        first = f"DATE({earliest.year},{earliest.month},{earliest.day})"
        day = DataValidation(type="date", operator="greaterThanOrEqual", formula1=first)
        _validate(sheet, column, day, _("Write the day, the month and the year, such as 02/05/2023."))


def _validate(sheet: Worksheet, column: ImportColumn, rule: DataValidation, words: str) -> None:
    letter = get_column_letter(list(ImportColumn).index(column) + 1)
    rule.allow_blank, rule.showErrorMessage = True, True
    rule.errorTitle, rule.error = str(LABELS[column])[:32], words[:255]
    rule.add(f"{letter}{_FIRST_LINE + 1}:{letter}{_LAST_LINE}")
    sheet.add_data_validation(rule)


def _write_guide(sheet: Worksheet, reference: ReferenceData) -> None:
    sheet.column_dimensions["A"].width = 22
    sheet.column_dimensions["B"].width = 96
    put(sheet.cell(1, 1), _("How to fill it in"), Font(size=16, bold=True, color=_INK))
    for line, (label, words) in enumerate(_guide(reference), 3):
        put(sheet.cell(line, 1), label, Font(bold=True, color=_INK)).alignment = _WRAPPED
        put(sheet.cell(line, 2), words).alignment = _WRAPPED
    sheet.sheet_view.showGridLines = False


def _guide(reference: ReferenceData) -> Iterable[tuple[str, str]]:
    window = dates.day_range(reference.cycle.window_start, reference.cycle.window_end)
    yield (
        _("What it is for"),
        _("Progress that %(agency)s kept in spreadsheets before Jejak. You import it once, and MAPO " "makes one decision on the whole import.") % {"agency": reference.agency.code},
    )  # fmt: skip
    yield (
        _("Rows"),
        _("One row for each report on an item, up to %(most)s. The same item may appear several times, " "on different days; the newest row sets its status.") % {"most": MAX_ROWS},
    )  # fmt: skip
    yield str(LABELS[ImportColumn.ITEM]), _("Choose from the list: your agency’s assignments in force.")
    yield (
        str(LABELS[ImportColumn.REPORTED_ON]),
        _("The day on which it was reported at the time, within the assessment window (%(window)s), up to today. Jejak "
          "shows this day, and also the day on which it was brought in.") % {"window": window},
    )  # fmt: skip
    yield (
        f"{LABELS[ImportColumn.STATUS]}, {LABELS[ImportColumn.PERCENT]}",
        _("%(none)s is 0, %(done)s is 100, %(progress)s is between.")
        % {"none": Status.NONE.label, "done": Status.DONE.label, "progress": Status.PROGRESS.label},
    )
    yield (
        str(LABELS[ImportColumn.NARRATIVE]),
        _(
            "How many, where and when; up to %(most)s characters. Never write a victim’s name or identity number."
        )
        % {"most": number(NARRATIVE_LENGTH)},
    )
    yield (
        f"{LABELS[ImportColumn.COVERS_FROM]}, {LABELS[ImportColumn.COVERS_TO]}",
        _("The first and last day that the report covers. They may be before the window; Jejak marks this."),
    )
    yield (
        str(LABELS[ImportColumn.CLASSIFICATION]),
        _("The classification of the text; empty means %(usual)s.") % {"usual": Clearance.RESTRICTED.label},
    )
    yield (
        _("Then"),
        _("Save it as “Excel Workbook (.xlsx)” and choose it in Jejak. You will see row by row what " "would happen, and can correct it there. Nothing is sent until you press the button."),
    )  # fmt: skip


def put(cell: Any, value: Any, font: Font | None = None) -> Cell:
    """Write a value into a cell and return the cell; text is never read as a formula."""
    cell.value = value
    if isinstance(value, str):
        cell.data_type = "s"
        cell.quotePrefix = value.startswith(("=", "+", "-", "@"))
    elif hasattr(value, "isoformat"):
        cell.number_format = _DAY_FORMAT
    if font is not None:
        cell.font = font
    written: Cell = cell
    return written
