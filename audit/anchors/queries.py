"""Where the head of the chain is anchored, and what stands in the database about that. What it says is checked by `audit.anchors.checks`, not here."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings

from audit.models import Anchor, AnchorKind

_CLOCKS_AGREE_WITHIN = timedelta(minutes=5)


@dataclass(frozen=True)
class AnchorPlace:
    """One place: of which kind, and an address, a folder's path or an authority's address."""

    kind: AnchorKind
    name: str


def places() -> list[AnchorPlace]:
    """Return all places, in the order in which pages show them; none where nothing is set."""
    found = [AnchorPlace(AnchorKind.MAIL, reader) for reader in settings.ANCHORING.readers]
    if settings.ANCHORING.authority:
        found.append(AnchorPlace(AnchorKind.TIMESTAMP, settings.ANCHORING.authority))
    if settings.ANCHORING.folder:
        found.append(AnchorPlace(AnchorKind.FOLDER, settings.ANCHORING.folder))
    return found


@dataclass(frozen=True)
class PlaceState:
    """A place, the last anchor that it took, and the last failure since; each without its proof, None if there is none."""

    place: AnchorPlace
    kept: Anchor | None
    failed: Anchor | None

    def is_late(self, now: datetime) -> bool:
        """Return whether the place took no anchor for `ANCHOR_LATE_DAYS`, or never.

        One of a day that is still to come, from a time when the clock was wrong, counts for none.
        """
        return self.kept is None or not is_recent(self.kept, now)


def is_recent(anchor: Anchor, now: datetime) -> bool:
    """Return whether an anchor is of the last `ANCHOR_LATE_DAYS`."""
    return -_CLOCKS_AGREE_WITHIN <= now - anchor.at <= timedelta(days=settings.ANCHORING.late_days)


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
