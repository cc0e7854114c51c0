"""What stands in the database about anchors. What it says is checked by `audit.anchors.checks`, not here."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings

from audit.anchors.places import AnchorPlace, places
from audit.models import Anchor


@dataclass(frozen=True)
class PlaceState:
    """A place, the last anchor that it took, and the last failure since; each without its proof, None if there is none."""

    place: AnchorPlace
    kept: Anchor | None
    failed: Anchor | None

    def is_late(self, now: datetime) -> bool:
        """Return whether the place took no anchor for `ANCHOR_LATE_DAYS`, or never."""
        return self.kept is None or now - self.kept.at > timedelta(days=settings.ANCHORING.late_days)


def last_anchors() -> list[PlaceState]:
    """Return one state for each place that the settings name, in their order (one query); none: no anchor is outside."""
    asked = places()
    newest = Anchor.objects.newest_of_each() if asked else []
    found = {(row.kind, row.name, row.is_kept): row for row in newest}
    return [_state(place, found) for place in asked]


def _state(place: AnchorPlace, found: dict[tuple[str, str, bool], Anchor]) -> PlaceState:
    kept = found.get((place.kind, place.name, True))
    failed = found.get((place.kind, place.name, False))
    if failed is not None and kept is not None and failed.pk < kept.pk:
        failed = None
    return PlaceState(place, kept, failed)


def newest_kept(states: list[PlaceState]) -> Anchor | None:
    """Return the newest anchor that any place took, or None."""
    taken = [state.kept for state in states if state.kept is not None]
    return max(taken, key=lambda anchor: anchor.at, default=None)


def is_late(states: list[PlaceState], now: datetime) -> bool:
    """Return whether no place at all took an anchor for `ANCHOR_LATE_DAYS`, although there are places."""
    return bool(states) and all(state.is_late(now) for state in states)
