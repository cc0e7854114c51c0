"""Forms of opening imports, and what the forms of all workbooks share. They check shapes only, not what rows say."""

from collections.abc import Iterable, Mapping
from datetime import date
from enum import StrEnum
from typing import Any, ClassVar

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from accounts.clearance import Clearance
from accounts.models import Agency
from imports.checks import CheckedRow
from imports.reference_data import ReferenceData
from imports.rows import DAY_COLUMNS, LABELS, ImportColumn, TableRow
from imports.values import Unreadable, class_of, date_of, status_of
from imports.workbook import MAX_FILE_BYTES, too_big
from recommendations.forms.review import DecisionForm
from recommendations.models import OpeningImport
from recommendations.states import NARRATIVE_LENGTH, Decision, Status
from ui import dates
from ui.forms import BaseHelper, Buttons, DayInput, set_choices
from ui.line_ends import with_line_feeds
from ui.numbers import file_size
from ui.typed_days import day_or_none
from ui.whole_files import WholeFileField

#: The most characters that one cell of a spreadsheet can hold.
CELL_LENGTH = 32_767
SHORT_LENGTH = 500
#: Values with their labels.
Choices = list[tuple[str, str]]
#: What the file dialog offers.
ACCEPT = ".xlsx"


class WorkbookForm(forms.Form):
    """Asks for a workbook, which `imports.workbook` reads."""

    file = WholeFileField(
        label=gettext_lazy("Filled-in workbook"),
        max_length=255,
        error_messages={"required": gettext_lazy("Choose the file.")},
    )

    def __init__(self, data: Any = None, files: Any = None, *, words: str, action: str = "") -> None:
        super().__init__(data, files)
        self.fields["file"].widget.attrs["accept"] = ACCEPT
        self.fields["file"].help_text = _("Excel workbook (.xlsx), up to %(limit)s.") % {
            "limit": file_size(MAX_FILE_BYTES)
        }
        self.helper = BaseHelper("file", Buttons(words), action=action, show_optional=False)

    def clean_file(self) -> UploadedFile:
        """Refuse a file that is too large, before anything is read."""
        file: UploadedFile = self.cleaned_data["file"]
        if file.size is not None and file.size > MAX_FILE_BYTES:
            raise forms.ValidationError(str(too_big()))
        return file


class BehalfForm(forms.Form):
    """Asks for which agency MAPO brings a workbook in."""

    agency = forms.ChoiceField(label=gettext_lazy("On behalf of"))

    def __init__(self, *, agencies: Iterable[Agency], chosen: Agency | None) -> None:
        super().__init__(initial={"agency": chosen.code if chosen else ""})
        choices = [(agency.code, agency.label) for agency in agencies]
        first = [] if chosen else [("", pgettext("choice", "Choose"))]
        set_choices(self, "agency", [*first, *choices])


class BatchRowForm(forms.Form):
    """One row of a batch, as text. Any text is valid, because it is kept right or wrong.

    Before it is posted, the texts are those of the row, and its problems stand beside them.
    """

    revision = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    columns: ClassVar[type[StrEnum]]

    def __init__(
        self, data: Any = None, *, row: TableRow, texts: Mapping[str, str], problems: Mapping[str, str]
    ) -> None:
        prefix, is_posted = f"row-{row.number}", data is not None
        if not is_posted:
            shown = {**texts, "revision": row.revision}
            data = {f"{prefix}-{name}": text for name, text in shown.items()}
        super().__init__(data, prefix=prefix)
        for column in self.columns:
            self.fields[column.value] = self.cell_field(column, str(data.get(f"{prefix}-{column.value}", "")))
        if not is_posted:
            self.is_valid()
            for name, problem in problems.items():
                self.add_error(name, problem)

    def cell_field(self, column: Any, typed: str) -> forms.CharField:
        """Return the field of a column, in which this is typed."""
        raise NotImplementedError

    @property
    def cells(self) -> dict[str, str]:
        """Return what was typed, by column."""
        return {column.value: self.cleaned_data.get(column.value, "") for column in self.columns}


class RowForm(BatchRowForm):
    """One row of an opening import."""

    columns = ImportColumn

    def __init__(self, data: Any = None, *, checked: CheckedRow, reference: ReferenceData) -> None:
        self._choices = _choices_of(reference)
        problems = {problem.column.value: problem.text for problem in checked.problems}
        super().__init__(data, row=checked.typed, texts=_shown_texts(checked), problems=problems)

    def cell_field(self, column: ImportColumn, typed: str) -> forms.CharField:
        most = CELL_LENGTH if column == ImportColumn.NARRATIVE else SHORT_LENGTH
        return forms.CharField(
            label=str(LABELS[column]),
            required=False,
            max_length=most,
            strip=True,
            widget=self._widget(column, typed),
        )

    def _widget(self, column: ImportColumn, typed: str) -> forms.Widget:
        if column in self._choices:
            return forms.Select(choices=with_typed(self._choices[column], typed))
        if column in DAY_COLUMNS:
            return DayInput()
        if column == ImportColumn.NARRATIVE:
            return forms.Textarea(attrs={"rows": 4})
        return forms.TextInput(attrs={"inputmode": "numeric"})

    def clean_narrative(self) -> str:
        """Return the text with LF line ends."""
        narrative: str = self.cleaned_data["narrative"]
        return with_line_feeds(narrative)

    @property
    def cells(self) -> dict[str, str]:
        """Return what was typed, by column; a day in ISO 8601, because the field said beside it how it was read."""
        texts = super().cells
        days = {column.value: day for column in DAY_COLUMNS if (day := day_or_none(texts[column.value]))}
        return texts | {name: day.isoformat() for name, day in days.items()}

    @property
    def limit(self) -> int:
        return NARRATIVE_LENGTH


def _choices_of(reference: ReferenceData) -> dict[ImportColumn, Choices]:
    """Return the choices of each column that has some."""
    classes = [each for each in Clearance if each <= reference.highest_class]
    return {
        ImportColumn.ITEM: [(each.label, each.label_with_title) for each in reference.answered.values()],
        ImportColumn.STATUS: [(each.value, str(each.label)) for each in Status],
        ImportColumn.CLASSIFICATION: [(str(int(each)), str(each.label)) for each in classes],
    }


def with_typed(choices: Choices, typed: str, *, words: str = "") -> Choices:
    """Return the choices, with the typed text first where it is none of them; `words` say it instead."""
    first = [(typed, words or typed)] if typed and typed not in dict(choices) else []
    return [("", pgettext("choice", "Choose")), *first, *choices]


def _shown_texts(checked: CheckedRow) -> dict[str, str]:
    """Return the initial texts of the fields: choice values where the row was understood, else what was typed."""
    row, content = checked.typed, checked.content
    wrong = {problem.column for problem in checked.problems}
    texts = {column.value: row.text(column) for column in ImportColumn}
    if checked.answering:
        texts[ImportColumn.ITEM.value] = checked.answering.label
    if content.status:
        texts[ImportColumn.STATUS.value] = content.status
    if content.percent is not None:
        texts[ImportColumn.PERCENT.value] = str(content.percent)
    if row.text(ImportColumn.CLASSIFICATION) and ImportColumn.CLASSIFICATION not in wrong:
        texts[ImportColumn.CLASSIFICATION.value] = str(content.classification)
    days = {
        ImportColumn.REPORTED_ON: checked.reported_on,
        ImportColumn.COVERS_FROM: content.covers_from,
        ImportColumn.COVERS_TO: content.covers_to,
    }
    return texts | {column.value: day.isoformat() for column, day in days.items() if day}


def cell_words(column: ImportColumn, text: str) -> str:
    """Return a cell in the reader's language where it is understood, else what was typed."""
    try:
        if column == ImportColumn.STATUS:
            return str(Status(status_of(text)).label)
        if column == ImportColumn.CLASSIFICATION:
            return str(Clearance(class_of(text)).label)
        return dates.day(date_of(text)) if column in DAY_COLUMNS else text
    except Unreadable:
        return text


class OpeningReviewForm(DecisionForm):
    """MAPO's one decision on a batch: accept every row as claimed, or return the whole with a reason."""

    def __init__(self, data: Any = None, *, opening: OpeningImport, today: date, summary: str) -> None:
        agency = {"agency": opening.agency.code}
        all_back = (
            _("The whole import goes back. %(agency)s corrects the rows and sends them again.") % agency
        )
        super().__init__(
            data,
            initial={"decision": Decision.ACCEPT},
            today=today,
            agency_code=opening.agency.code,
            accept=(_("Accept the import"), _("%(summary)s, each as reported.") % {"summary": summary}),
            return_=(_("Return the import"), all_back),
        )
        attrs = {"data-keep": True, "data-keep-key": f"opening-review-{opening.pk}"}
        self.helper = self.decision_helper(button=_("Accept the import"), attrs=attrs)
