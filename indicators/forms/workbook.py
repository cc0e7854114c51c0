"""The form of one row of a workbook of figures. Its shape only; `indicators.queries.workbook_rows` judges it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from functools import cached_property
from typing import Any

from django import forms
from django.utils.safestring import SafeString, mark_safe

from imports.forms import BatchRowForm, Choices, with_typed
from imports.values import Unreadable
from indicators.cells import MOST_TYPED
from indicators.queries.workbook_rows import CheckedFigure
from indicators.workbook.columns import LABELS, FigureColumn
from indicators.workbook.names import OwnIndicators, month_of
from ui import dates


class RowChoices:
    """What the cells of a row may be chosen from, made once for all rows of a page."""

    def __init__(self, own: OwnIndicators, months: Iterable[date]) -> None:
        self._own = own
        breakdowns = dict.fromkeys(choice.breakdown for choice in own.choices)
        self.by_column: Mapping[FigureColumn, Choices] = {
            FigureColumn.MONTH: [(f"{month:%Y-%m}", dates.month_year(month)) for month in months],
            FigureColumn.INDICATOR: [(each.code, own.name_of(each)) for each in own.indicators],
            FigureColumn.BREAKDOWN: [(breakdown, breakdown) for breakdown in breakdowns],
        }

    @cached_property
    def _breakdowns(self) -> Mapping[str, str]:
        return {choice.name: choice.breakdown for choice in self._own.choices}

    def shown_texts(self, row: CheckedFigure) -> dict[str, str]:
        """Return the texts of the fields: the value of a choice where the row was understood, else what was typed."""
        texts = {column.value: row.typed.text(column) for column in FigureColumn}
        texts[FigureColumn.MONTH.value] = _month_value(texts[FigureColumn.MONTH.value])
        if row.indicator is not None:
            texts[FigureColumn.INDICATOR.value] = row.indicator.code
        if row.cell:
            texts[FigureColumn.BREAKDOWN.value] = self._breakdowns[row.cell]
        return texts


class FigureRowForm(BatchRowForm):
    """One row of a workbook of figures."""

    columns = FigureColumn

    def __init__(self, data: Any = None, *, row: CheckedFigure, choices: RowChoices) -> None:
        self.row = row
        self._choices = choices.by_column
        super().__init__(data, row=row.typed, texts=choices.shown_texts(row), problems=row.problems)

    def cell_field(self, column: FigureColumn, typed: str) -> forms.CharField:
        widget: forms.Widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})
        if column in self._choices:
            widget = forms.Select(choices=_with_typed(column, self._choices[column], typed[:MOST_TYPED]))
        return forms.CharField(
            label=str(LABELS[column]),
            required=False,
            max_length=MOST_TYPED,
            widget=widget,
            show_hidden_initial=True,
        )

    @property
    def seen(self) -> SafeString:
        """Return hidden fields with what the page showed, by which an untouched row is told from a corrected one."""
        hidden = (self[column.value].as_hidden(only_initial=True) for column in FigureColumn)
        return mark_safe("".join(hidden))  # noqa: S308 - Django's own widgets

    @property
    def is_touched(self) -> bool:
        """Whether the person changed one of the cells."""
        return any(column.value in self.changed_data for column in FigureColumn)


def _month_value(text: str) -> str:
    try:
        return f"{month_of(text):%Y-%m}"
    except Unreadable:
        return text


def _with_typed(column: FigureColumn, choices: Choices, typed: str) -> Choices:
    """Return the choices, with the typed text first where it is none of them."""
    shown = typed
    if column == FigureColumn.MONTH and _month_value(typed) == typed and typed:
        try:
            shown = dates.month_year(month_of(typed))
        except Unreadable:
            shown = typed
    return with_typed(choices, typed, words=shown)
