"""The agenda in the evidence pack of a meeting: a text for people, and the JSON that its fingerprint covers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.clearance import Clearance
from meetings.states import PointKind
from recommendations.states import Status
from reports.writers.wording import agenda as wording
from ui import dates

if TYPE_CHECKING:
    from meetings.queries.laid import LaidContent, LaidPoint
    from meetings.queries.rows import AgendaRow

_LINE = "-" * 60
_DOUBLE_LINE = "=" * 60


def agenda_text(agenda: LaidContent, *, sha256: str, languages: tuple[str, ...]) -> bytes:
    """Return the agenda as it was laid before the council, in each of the languages, with its fingerprint."""
    parts = []
    for language in languages:
        with override(language):
            parts.append("\n".join(_lines(agenda, sha256)))
    return (f"\n\n{_DOUBLE_LINE}\n\n".join(parts) + "\n").replace(dates.NBSP, " ").encode()


def _lines(agenda: LaidContent, sha256: str) -> Iterator[str]:
    yield str(Clearance(agenda.classification).label).upper()
    words = {"number": agenda.version}
    yield _("Agenda as laid before the council, version %(number)s") % words
    yield wording.meeting_words(agenda)
    days = {"day": dates.day(agenda.as_at), "since": dates.day(agenda.since)}
    yield _("As at %(day)s; changes since %(since)s") % days
    yield f"{_('Fingerprint (SHA-256)')}: {sha256}"
    for place, point in enumerate(agenda.points, start=1):
        yield from ("", _LINE, f"{place}. {point.heading}", "")
        yield from _point_lines(agenda, point)


def _point_lines(agenda: LaidContent, point: LaidPoint) -> Iterator[str]:
    words = _WORDS.get(point.kind)
    for row in point.all_rows if words else ():
        yield f"- {_about(row)}: {words(row)}" if words else ""
    if point.kind == PointKind.WAITING and (told := wording.turnaround_words(agenda.months)):
        yield told
    if point.text:
        yield from ("", point.text)


def _about(row: AgendaRow) -> str:
    """Return item, short title and agency of a row; of a contradiction the agencies that answer for the figures."""
    if not row.label:
        return ", ".join(row.codes) or "–"
    return ", ".join(part for part in (row.label, row.title, row.agency) if part)


def _codes(row: AgendaRow) -> str:
    return ", ".join(row.codes) or "–"


def _with_text(words: str, row: AgendaRow) -> str:
    return f"{words} {row.text}".strip()


def _days(row: AgendaRow) -> str:
    return f"{dates.day(row.on)}, {row.days_text}"


#: What is said of a row of each kind of point.
_WORDS: dict[str, Callable[[AgendaRow], str]] = {
    PointKind.EARLIER: lambda row: f"{row.text} ({row.by}). {wording.outcome_words(row)}",
    PointKind.CHANGED: lambda row: _with_text(
        f"{dates.day(row.on)}, {wording.decided_words(row)}, {wording.row_change(row)}.", row
    ),
    PointKind.LATE: _days,
    PointKind.WAITING: _days,
    PointKind.RETURNED: _days,
    PointKind.NO_LEAD: lambda row: row.suggestions or "–",
    PointKind.NO_ACTION: lambda row: str(Status.NONE.label),
    PointKind.DIFFERING: wording.differing_words,
    PointKind.CONTRADICTS: wording.contradiction_words,
    PointKind.HELD_BACK: _codes,
    PointKind.REQUESTS: lambda row: _with_text(f"{wording.request_words(row)}.", row),
    PointKind.OVERRIDDEN: lambda row: _with_text(wording.override_change(row), row),
}
