"""The sheet of counts of a workbook: items by kind and by pillar, the parts of each agency, and figures, as numbers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import TYPE_CHECKING, Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from recommendations.states import Status
from reports.languages import Translator, Wording
from reports.writers.columns import BESIDE
from reports.writers.wording import sentences
from reports.writers.wording.labels import LABELS, LATE, RETURNED, WAITING, scoped

if TYPE_CHECKING:
    from reports.summary.content import SummaryContent
    from reports.summary.rows import ReportedAgency
    from reports.writers.xlsx_sheets import CellFormats, PlainSheet

COUNTS = pgettext_lazy("sheet", "Counts")
_AGENCY_PARTS = _("Agencies' parts by status")
_LEADS = pgettext_lazy("column", "As lead")
_SUPPORTS = pgettext_lazy("column", "In support")
_FIGURES = _("Number of figures by pillar")
_FIGURE_HEADS = (
    _("Indicators"),
    pgettext_lazy("figures", "Printed"),
    pgettext_lazy("figures", "Reported"),
    _("Contradictions"),
    pgettext_lazy("check", "Not explained yet"),
)
_STATUSES = (Status.NONE, Status.PROGRESS, Status.DONE)

#: A row: what is counted, and the numbers.
CountRow = tuple[str, Sequence[int]]


class CountsSheet:
    """Writes the tables of counts below each other."""

    def __init__(self, sheet: PlainSheet, content: SummaryContent, formats: CellFormats) -> None:
        self._sheet, self._content, self._formats = sheet, content, formats
        self._translate = Translator(content.selection.language.codes)
        self._row = 0

    def write(self) -> None:
        """Write all tables."""
        self._sheet.set_column(0, 0, 44)
        self._sheet.set_column(1, 8, 18)
        statuses = [self._words(status.label) for status in _STATUSES]
        total, marks = self._words(LABELS["total"]), self._marks()
        self._table(LABELS["count_by_status"], LABELS["items"], [*statuses, total, *marks], self._kinds())
        self._table(LABELS["count_by_pillar"], LABELS["pillar"], [*statuses, total], self._pillars())
        roles = [self._words(_LEADS), self._words(_SUPPORTS)]
        self._table(_AGENCY_PARTS, LABELS["agency"], [*roles, *statuses, *marks], self._agencies())
        if self._content.figures.is_whole and self._content.figures.indicators:
            self._table(_FIGURES, LABELS["pillar"], [*map(self._words, _FIGURE_HEADS)], self._figures())

    def _table(
        self, title: Promise | str, label: Promise | str, columns: Sequence[str], rows: Iterable[CountRow]
    ) -> None:
        self._sheet.write_string(self._row, 0, self._words(title), self._formats.label)
        self._row += 1
        for place, head in enumerate([self._words(label), *columns]):
            self._sheet.write_string(self._row, place, head, self._formats.heading)
        for words, counts in rows:
            self._row += 1
            self._sheet.write_string(self._row, 0, words, self._formats.text)
            for place, count in enumerate(counts, 1):
                self._sheet.write_number(self._row, place, count, self._formats.number)
        self._row += 2

    def _kinds(self) -> Iterator[CountRow]:
        for totals in self._content.totals:
            marks = [totals.waiting, totals.late, totals.returned] if self._content.sees_marks else []
            counts = [*(totals.of(status) for status in _STATUSES), totals.items, *marks]
            yield self._words(sentences.counted_items, totals), counts

    def _pillars(self) -> Iterator[CountRow]:
        for pillar, counts, total in sentences.pillar_counts(self._content, _STATUSES):
            yield self._words(sentences.pillar_words, pillar), [*counts, total]

    def _agencies(self) -> Iterator[CountRow]:
        """Yield each agency that has a part, by code."""
        parts: dict[str, list[ReportedAgency]] = defaultdict(list)
        for item in self._content.items:
            for part in item.in_force:
                parts[part.code].append(part)
        for code in sorted(parts):
            leads = sum(part.is_lead for part in parts[code])
            counts = [leads, len(parts[code]) - leads]
            counts += [sum(part.status == status for part in parts[code]) for status in _STATUSES]
            if self._content.sees_marks:
                counts += [
                    sum(part.waiting_since is not None for part in parts[code]),
                    sum(part.late_days is not None for part in parts[code]),
                    sum(part.returned_since is not None for part in parts[code]),
                ]
            yield code, counts

    def _figures(self) -> Iterator[CountRow]:
        """Yield each pillar that has indicators; a check that speaks of several counts in each of theirs."""
        figures = self._content.figures
        givers = figures.count_givers()
        for pillar, group in groupby(figures.indicators, key=lambda each: each.pillar):
            codes = [each.code for each in group]
            printed, reported = (sum(givers.get(code, (0, 0))[place] for code in codes) for place in (0, 1))
            checks = [check for check in figures.checks if set(check.indicators) & set(codes)]
            unexplained = sum(not check.explanation for check in checks)
            words = self._words(sentences.pillar_words, pillar)
            yield words, [len(codes), printed, reported, len(checks), unexplained]

    def _marks(self) -> list[str]:
        """Return the heads of what only MAPO and the own agency may know; empty for who may not."""
        if not self._content.sees_marks:
            return []
        return [self._words(scoped, self._content, mark) for mark in (WAITING, LATE, RETURNED)]

    def _words(self, wording: Wording, *about: Any) -> str:
        """Return a text, or what a function says about something, in each language; what is alike once."""
        return BESIDE.join(dict.fromkeys(self._translate.texts(wording, *about)))
