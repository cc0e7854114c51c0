"""Rules as tests write them."""

from __future__ import annotations

from typing import Any

from reminders.forms import AFTER, BEFORE, SIDE_OF
from reminders.kinds import ReminderKind
from reminders.rules.checks import RuleValues
from reminders.states import Audience


def values(**changes: Any) -> RuleValues:
    """A rule that makes sense in every cycle, with some of its values changed."""
    usual: dict[str, Any] = {
        "what": ReminderKind.UPDATE_DUE,
        "audience": Audience.RESPONSIBLE,
        "first_days": 2,
    }
    return RuleValues(**(usual | changes))


def typed(wanted: RuleValues, *, seen: str = "", act: str = "save") -> dict[str, str]:
    """The form of a rule as a browser sends it."""
    fields: dict[str, str] = {"seen": seen, "act": act}
    for name, value in wanted.values.items():
        if name in SIDE_OF:
            fields[name] = "" if value is None else str(abs(value))
            fields[SIDE_OF[name]] = BEFORE if value is not None and value < 0 else AFTER
        elif name == "is_urgent":
            fields |= {"is_urgent": "on"} if value else {}
        else:
            fields[name] = "" if value is None else str(value)
    return fields
