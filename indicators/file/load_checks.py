"""Loads the checks of a section: what is missing is created; what exists stays, and is reported where it differs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from cycles.file import SectionLoad
from indicators.file.entries import CheckEntry, FiguresFile, SeriesEntry, TermEntry
from indicators.models import Check, CheckTerm, PublishedCell, Source
from indicators.states import Side
from recommendations.models import Item

if TYPE_CHECKING:
    from indicators.models import Series

#: What tells a term: side, series, kind of period, first and last day.
TermKey = tuple[Any, ...]


class ChecksLoading:
    """One load of the checks of a source."""

    def __init__(
        self,
        figures: FiguresFile,
        source: Source,
        series_of: Callable[[SeriesEntry], Series],
        done: SectionLoad,
    ) -> None:
        self.file = figures
        self.source = source
        self.series_of = series_of
        self.done = done

    def run(self) -> None:
        """Load every check of the file."""
        known = {check.code: check for check in self.source.checks.prefetch_related("terms")}
        self.cells = {
            (cell.table.key, cell.row, cell.column, cell.order): cell.pk
            for cell in PublishedCell.objects.filter(table__source=self.source)
            .exclude(change=None)
            .select_related("table")
        }
        items = Item.objects.filter(cycle=self.source.cycle)
        self.items = {(item.kind, item.number): item.pk for item in items}
        for position, entry in enumerate(self.file.checks, start=1):
            check = known.get(entry.code)
            (self.done.left_alone if check else self.done.created)["checks"] += 1
            if check is None:
                self._create(entry, position)
            else:
                self._compare(check, entry)

    def _create(self, entry: CheckEntry, position: int) -> None:
        check = Check.objects.create(
            source=self.source, code=entry.code, position=position, **self._columns(entry)
        )
        CheckTerm.objects.bulk_create(CheckTerm(check_of=check, **columns) for columns in self._terms(entry))

    def _compare(self, check: Check, entry: CheckEntry) -> None:
        """Note in words the fields in which a check that exists differs from the file."""
        fields = [name for name, value in self._columns(entry).items() if getattr(check, name) != value]
        kept = sorted(str(_term_key(vars(term))) for term in check.terms.all())
        if kept != sorted(str(_term_key(columns)) for columns in self._terms(entry)):
            fields.append("terms")
        if fields:
            words = {"label": check.code, "fields": ", ".join(fields)}
            self.done.differences.append(
                _("%(label)s differs from the file in %(fields)s: not changed.") % words
            )

    def _columns(self, entry: CheckEntry) -> dict[str, Any]:
        place = entry.printed
        return {
            "kind": entry.kind,
            **entry.notes,
            "printed_id": place and self.cells[place.table, place.row, place.column, place.order],
            "claim_id": entry.claim and self.items[entry.claim.key],
        }

    def _terms(self, entry: CheckEntry) -> list[dict[str, Any]]:
        """Return the columns of the terms, the left ones first."""
        sides = ((Side.LEFT, entry.left), (Side.RIGHT, entry.right))
        return [self._term(side, term) for side, terms in sides for term in terms]

    def _term(self, side: str, term: TermEntry) -> dict[str, Any]:
        columns: dict[str, Any] = {"side": side, "series_id": self.series_of(term.series).pk}
        if term.period:
            period = self.file.printed_periods[term.series.words, term.period]
            columns |= {"period_kind": period.kind, "begins_on": period.begins_on, "ends_on": period.ends_on}
        return columns


def _term_key(columns: Mapping[str, Any]) -> TermKey:
    names = ("side", "series_id", "period_kind", "begins_on", "ends_on")
    return tuple(str(columns.get(name) or "") for name in names)
