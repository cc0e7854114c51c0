"""The dates of a person's calendar: what each is about, its revision, and whether it is cancelled."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import NamedTuple

#: A date by its kind, and the number of the step, the assignment or the cycle that it is about.
DateKey = tuple[str, int]


@dataclass(eq=False, slots=True, kw_only=True)
class FeedSubject:
    """A cycle, a month of it, an assignment, or a step of MAPO or of the council, its revision, and each date of it that the person has ever seen.

    `is_readable`: the person may still see what it is about.
    """

    cycle_id: int
    assignment_id: int | None = None
    item_id: int | None = None
    month: date | None = None
    revision: int = 0
    changed_at: datetime | None = None
    is_readable: bool = True
    #: The day, and since when it is cancelled.
    shown: dict[DateKey, tuple[date, datetime | None]] = field(default_factory=dict)

    def show(self, days: dict[DateKey, date], *, at: datetime, changes: int) -> None:
        """Show these days from this instant on, after so many changes."""
        self.revision += changes
        self.changed_at = at
        for key, (day, cancelled_at) in self.shown.items():
            if key not in days:
                self.shown[key] = (day, cancelled_at or at)
        self.shown |= {key: (day, None) for key, day in days.items()}


class FeedEntry(NamedTuple):
    """A date in a person's calendar, or one that was in it until `cancelled_at`.

    `number` is that of the step, the assignment, the month or the cycle that it is about.
    """

    subject: FeedSubject
    what: str
    number: int
    day: date
    cancelled_at: datetime | None
