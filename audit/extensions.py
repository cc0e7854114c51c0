"""What apps above this one do when anchors fail to arrive, and when none may leave. Each registers in `AppConfig.ready`."""

from collections.abc import Callable
from datetime import datetime

#: Called each morning while no place took an anchor for too long: with the instant of the last (None: never), and the present.
late_anchor_listeners: dict[str, Callable[[datetime | None, datetime], None]] = {}

#: Each returns whether nothing may leave this installation by itself now, as after a restore: a copy must not speak for it.
outgoing_holders: dict[str, Callable[[], bool]] = {}
