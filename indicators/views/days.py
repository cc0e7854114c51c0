"""The day as at which a page of figures is shown, and what was counted then."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest

from accounts.access import person_of
from accounts.acting import request_time
from audit.clock import end_of_day, local_date
from ui.days import asked_day, day_context, not_recorded
from ui.query_state import QueryState

if TYPE_CHECKING:
    from indicators.queries.counted import CountedIndicator


@dataclass(frozen=True, slots=True, kw_only=True)
class CountedOnDay:
    """The indicators as they were defined on a past day (None for today), and why another day is shown than asked for."""

    definitions: Sequence[CountedIndicator]
    day: date | None
    today: date
    refused: str

    @property
    def before(self) -> datetime | None:
        """The instant before which things were recorded; None for now."""
        return end_of_day(self.day) if self.day else None

    def place(self, kept: dict[str, str]) -> QueryState:
        """Return the state of the page in its address; `kept` is what it asks for besides the day."""
        return QueryState({"day": self.day.isoformat() if self.day else "", **kept})

    def context(self, kept: dict[str, str]) -> dict[str, Any]:
        """Return what the template of the day needs."""
        first = min((each.first_day for each in self.definitions if each.first_day), default=None)
        days = day_context(self.place(kept), day=self.day, today=self.today, first=first)
        return {"refused_day": self.refused, **days}


def counted_on_day(request: HttpRequest, read: Callable[..., Sequence[CountedIndicator]]) -> CountedOnDay:
    """Return what `read` finds on the day that the address asks for, or today if nothing was recorded by then.

    `read` takes the reader as `user` and the instant `before` which things were recorded, None for now. It is called once,
    and once more where the day is refused.
    """
    today, person = local_date(request_time(request)), person_of(request)
    day, refused = asked_day(request.GET.get("day", ""), today=today)
    definitions = read(user=person, before=end_of_day(day) if day else None)
    if day and not definitions:
        definitions, refused = read(user=person, before=None), not_recorded(day)
        day = None
    return CountedOnDay(definitions=definitions, day=day, today=today, refused=refused)
