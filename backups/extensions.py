"""What apps above this one do when something is the matter with the backups, or mail is held back. Each registers in `AppConfig.ready`."""

from collections.abc import Callable
from datetime import datetime

from backups.queries import LastBackups

#: Called with the state and the present instant, once a day while anything is the matter.
TroubleListener = Callable[[LastBackups, datetime], None]
trouble_listeners: dict[str, TroubleListener] = {}

#: Called with the present instant when mail is held back from now on.
HeldListener = Callable[[datetime], None]
held_listeners: dict[str, HeldListener] = {}
