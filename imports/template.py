"""Writes the workbook of an opening import that an agency fills in, with its items to choose from, and a guide."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext
from openpyxl import Workbook
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from accounts.clearance import Clearance
from imports.reference_data import ReferenceData
from imports.rows import AGENCY, CYCLE, DAY_COLUMNS, EXAMPLE, LABELS, MAX_ROWS, ImportColumn
from imports.sheet_parts import (
    DAY_FORMAT,
    EXAMPLE_FONT,
    WRAPPED,
    list_rule,
    new_workbook,
    put,
    saved_bytes,
    validate,
    write_guide,
    write_head,
    write_header,
)
from recommendations.states import NARRATIVE_LENGTH, Status
from ui import dates
from ui.numbers import number

#: The line of the header; the example is below it, and below that the rows to fill in.
HEAD_LINE = 7
_FIRST_LINE, _LAST_LINE = HEAD_LINE + 1, HEAD_LINE + 1 + MAX_ROWS
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


def write_template(reference: ReferenceData) -> bytes:
    """Return the workbook for an agency and a cycle, in the language in force."""
    book, sheet = new_workbook(pgettext("sheet", "Updates"))
    facts = (
        (str(AGENCY), reference.agency.code, reference.agency.name),
        (str(CYCLE), str(reference.cycle.year), str(reference.cycle)),
    )
    title = _("Opening import: progress kept before Jejak")
    write_head(sheet, title, _("One row for each report of the agency. The next sheet explains how."), facts)
    write_header(
        sheet,
        HEAD_LINE,
        [(str(LABELS[column]), str(hint), width) for column, (width, hint) in _COLUMNS.items()],
    )
    _write_lines(sheet, reference)
    write_guide(book, _guide(reference))
    _write_choices(book, sheet, reference)
    return saved_bytes(book)


def _write_lines(sheet: Worksheet, reference: ReferenceData) -> None:
    """Write the example, and format the lines to fill in."""
    example = _example(reference)
    for place, column in enumerate(ImportColumn, 1):
        put(sheet.cell(_FIRST_LINE, place), example[column], EXAMPLE_FONT).alignment = WRAPPED
        for line in range(_FIRST_LINE + 1, _LAST_LINE + 1):
            blank = sheet.cell(line, place)
            blank.alignment = WRAPPED
            if column in DAY_COLUMNS:
                blank.number_format = DAY_FORMAT


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


def _write_choices(book: Workbook, sheet: Worksheet, reference: ReferenceData) -> None:
    """Let cells be chosen from lists, and check days and percentages from 0 to 100 (40, or 40%)."""
    classes = [str(each.label) for each in Clearance if each <= reference.highest_class]
    choices: dict[ImportColumn, Sequence[str]] = {
        ImportColumn.ITEM: [each.label_with_title for each in reference.answered.values()],
        ImportColumn.STATUS: [str(each.label) for each in Status],
        ImportColumn.CLASSIFICATION: classes,
    }
    for column, words in choices.items():
        rule = list_rule(book, words)
        if rule is not None:
            _validate(sheet, column, rule, _("Choose one from the list."))
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
    cells = f"{letter}{_FIRST_LINE + 1}:{letter}{_LAST_LINE}"
    validate(sheet, cells, rule, label=str(LABELS[column]), words=words)


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
