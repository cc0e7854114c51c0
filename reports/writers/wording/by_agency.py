"""What is late, returned or waiting, agency by agency, for the papers of a meeting."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from reports.writers.wording.sentences import ATTENTION_SINCE

if TYPE_CHECKING:
    from reports.summary.content import SummaryContent
    from reports.summary.rows import ReportedAgency, ReportedItem
    from reports.writers.wording.sentences import AgencyPart


def by_agency(
    content: SummaryContent, parts: Sequence[AgencyPart], kind: str
) -> list[tuple[ReportedAgency, list[tuple[ReportedItem, int]]]]:
    """Return the agencies of parts that stand out so (a key of `ATTENTION_SINCE`), the longest first.

    Each comes with its items and their days until the day of the summary, the longest first.
    """
    on, since = content.selection.day, ATTENTION_SINCE[kind]
    agencies: dict[str, tuple[ReportedAgency, list[tuple[ReportedItem, int]]]] = {}
    for item, agency in sorted(parts, key=lambda part: since(part[1]) or on):
        _agency, items = agencies.setdefault(agency.code, (agency, []))
        items.append((item, (on - (since(agency) or on)).days))
    return list(agencies.values())
