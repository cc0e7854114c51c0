"""An agenda as it was laid before the council, read back from what was kept."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date, time
from typing import TYPE_CHECKING, Any

from audit.guarded_text import shown
from meetings.queries.rows import AgendaRow
from meetings.queries.turnaround import MonthOfDecisions
from recommendations.models.cycle import in_reading_language

if TYPE_CHECKING:
    from meetings.models import LaidAgenda


@dataclass(frozen=True, slots=True)
class LaidPoint:
    """A point as it was laid. `all_rows` are its rows, under the name that a prepared point gives them."""

    kind: str
    heading_ms: str
    heading_en: str
    text: str
    all_rows: tuple[AgendaRow, ...]

    @property
    def listed_rows(self) -> tuple[AgendaRow, ...]:
        """All rows: what was laid is shown whole."""
        return self.all_rows

    @property
    def more_count(self) -> int:
        return 0

    @property
    def heading(self) -> str:
        return in_reading_language(self, "heading")


@dataclass(frozen=True, slots=True)
class LaidContent:
    """What was laid before the council: the two days, the points in order, and MAPO's turnaround by month.

    `meeting_number`, `meets_on`, `begins` and `venue` are those of the meeting when it was laid, `version` counts how often
    it was, `classification` is the class of the whole.
    """

    meeting_number: str
    meets_on: date
    begins: time
    venue: str
    version: int
    classification: int
    since: date
    as_at: date
    points: tuple[LaidPoint, ...]
    months: tuple[MonthOfDecisions, ...]

    @property
    def item_ids(self) -> frozenset[int]:
        """The items that a point tells of."""
        return frozenset(row.item_id for point in self.points for row in point.all_rows if row.item_id)


def read_laid(laid: LaidAgenda) -> LaidContent:
    """Return what was laid, as objects (no query). Papers of a meeting that was laid are written from this."""
    content = shown(laid.content)
    points = tuple(
        LaidPoint(
            kind=point["kind"],
            heading_ms=point["heading_ms"],
            heading_en=point["heading_en"],
            text=point["text"],
            all_rows=tuple(_row(row) for row in point["rows"]),
        )
        for point in content["points"]
    )
    months = tuple(
        MonthOfDecisions(date.fromisoformat(month["month"]), month["median_days"], month["count"])
        for month in content["months"]
    )
    meeting = content["meeting"]
    return LaidContent(
        meeting_number=meeting["number"],
        meets_on=_day(meeting["meets_on"]),
        begins=time.fromisoformat(meeting["begins"]),
        venue=meeting["venue"],
        version=laid.number,
        classification=laid.classification,
        since=_day(content["since"]),
        as_at=_day(content["as_at"]),
        points=points,
        months=months,
    )


def _day(text: str) -> date:
    return date.fromisoformat(text)


def _row(kept: dict[str, Any]) -> AgendaRow:
    """Return a row from its JSON; a field that a later form of the content adds is not known here."""
    known = {field.name: kept[field.name] for field in fields(AgendaRow) if field.name in kept}
    on = _day(known["on"]) if known.get("on") else None
    lists = {name: tuple(known[name]) for name in ("codes", "support_codes") if known.get(name) is not None}
    return AgendaRow(**(known | {"on": on} | lists))
