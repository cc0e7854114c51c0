"""The cells of a month's form by name, and what stands in them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from evidence.models import Document
    from indicators.models import FigureReport
    from indicators.queries.month_sheet import MonthSheet

#: A cell keeps at most this many characters of what is typed; no number has as many.
MOST_TYPED = 100


#: The field in which a page with scripts sends all cells at once, as JSON.
PACKED = "cells"


def unpacked_cells(text: str) -> dict[str, str]:
    """Return cells by name from JSON; raises ValueError for what is no object of texts."""
    try:
        found = json.loads(text)
    except RecursionError as error:
        raise ValueError("nested too deep") from error
    if not isinstance(found, dict) or not all(isinstance(value, str) for value in found.values()):
        raise ValueError("no object of texts")
    return found


def cell_name(indicator_id: int, value_id: int | None = None) -> str:
    """Return the name of a cell: "c12" for an indicator's total, "c12-34" for one value of a dimension."""
    return f"c{indicator_id}" if value_id is None else f"c{indicator_id}-{value_id}"


@dataclass(frozen=True)
class MonthContent:
    """What an agency types for a month: its cells by name, right or wrong, without empty ones, and the evidence.

    `proofs` are the documents that prove the figure of one cell, with its name; the others prove all figures.
    """

    typed: Mapping[str, str] = field(default_factory=dict)
    explanation: str = ""
    document_ids: frozenset[int] = frozenset()
    proofs: Mapping[int, str] = field(default_factory=dict)

    @classmethod
    def of(cls, report: FigureReport) -> MonthContent:
        """Return what a report holds now. One query, for the documents."""
        cited = dict(report.citations.values_list("document_id", "cell"))
        proofs = {pk: cell for pk, cell in cited.items() if cell}
        return cls(dict(report.typed), report.explanation, frozenset(cited), proofs)

    @classmethod
    def accepted_of(cls, sheet: MonthSheet) -> MonthContent:
        """Return what a new report begins with: the figures that stand, so that a correction changes them alone."""
        return cls({name: cell.standing.text for name, cell in sheet.cells.items() if cell.standing})

    @classmethod
    def from_form(
        cls, cleaned: Mapping[str, Any], names: Iterable[str], *, added: Iterable[Document] = ()
    ) -> MonthContent:
        """Return what a form's cleaned data hold in cells of these names, with documents that have just been received."""
        typed = {name: cleaned[name] for name in names if cleaned[name].strip()}
        documents = cleaned["documents"] | {document.pk for document in added}
        proofs = {pk: cell for pk, cell in cleaned["proofs"].items() if cell and pk in documents}
        return cls(typed, cleaned["explanation"], documents, proofs)
