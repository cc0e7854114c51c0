"""What the writers for programs share: instants as ISO 8601."""

from __future__ import annotations

from datetime import datetime

from audit.clock import KUALA_LUMPUR


def instant(moment: datetime) -> str:
    """Return 2023-08-01T10:00:00.123456+08:00: in Kuala Lumpur time, with the microseconds that are stored."""
    return moment.astimezone(KUALA_LUMPUR).isoformat()
