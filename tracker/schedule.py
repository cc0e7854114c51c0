"""Celery's schedule, which goes on when the machine's clock is set back."""

import logging
from datetime import timedelta
from pathlib import Path
from typing import Any

from celery.beat import PersistentScheduler

logger = logging.getLogger(__name__)

#: Clocks are set by less than this all the time.
_LEAST = timedelta(seconds=2)
#: So soon a clock that was set back is noticed.
_MOST_PAUSE_SECONDS = 60.0


class ClockSafeScheduler(PersistentScheduler):
    """What ran in the future has run now: else nothing would be due before that time comes once more.

    Each turn touches a file beside the schedule's own, by which the container's check sees that turns go on.
    """

    schedule_filename: str

    def tick(self, *given: Any, **named: Any) -> float:
        """Start what is due; return the seconds until the next turn."""
        now = self.app.now()
        ahead = [
            entry
            for entry in self.schedule.values()
            if entry.last_run_at and entry.last_run_at > now + _LEAST
        ]
        for entry in ahead:
            entry.last_run_at = now
        if ahead:
            logger.warning("The clock was set back: the schedule goes on from now")
            # The next times are computed anew.
            self._heap = None
        Path(f"{self.schedule_filename}-turn").touch()
        return min(super().tick(*given, **named), _MOST_PAUSE_SECONDS)
