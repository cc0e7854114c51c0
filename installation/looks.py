"""One look at a part in a thread of its own, so that whoever waits for it waits for a bounded time, whatever hangs."""

import threading
import time
from collections.abc import Callable
from typing import Generic, TypeVar

Seen = TypeVar("Seen")


class Look(Generic[Seen]):
    """Begins when it is made. `look` raises nothing: it says in its own words what went wrong."""

    def __init__(self, name: str, look: Callable[[], Seen]) -> None:
        self._look = look
        self._seen: Seen | None = None
        self._thread = threading.Thread(target=self._run, name=f"look-{name}", daemon=True)
        self._thread.start()

    def _run(self) -> None:
        self._seen = self._look()

    @property
    def goes_on(self) -> bool:
        """Return whether it has no answer yet."""
        return self._thread.is_alive()

    def seen(self, until: float) -> Seen | None:
        """Return what was seen; None when nothing was by then (of `time.monotonic`)."""
        self._thread.join(max(0.0, until - time.monotonic()))
        return self._seen
