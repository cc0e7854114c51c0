"""What services of every app begin and end an act with: permission, a reason, the fields that change."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from audit.errors import NotAllowed, NotNow
from ui.invisible_characters import visible_line


def require(permitted: bool) -> None:
    """Raise `NotAllowed` unless permitted."""
    if not permitted:
        raise NotAllowed(_("You are not allowed to do this. Nothing was changed."))


def require_reason(reason: str) -> str:
    """Return the reason without surrounding space; raise `NotNow` when nothing of it can be seen."""
    if not visible_line(reason):
        raise NotNow(_("Give a reason. It is kept with the decision."))
    return reason.strip()


def changed_fields(thing: Any, values: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return (before, after) of those values that differ from the thing's own."""
    after = {name: value for name, value in values.items() if getattr(thing, name) != value}
    return {name: getattr(thing, name) for name in after}, after


def jsonable(values: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """Dates as ISO text; the rest as it is."""
    if values is None:
        return None
    return {key: value.isoformat() if isinstance(value, date) else value for key, value in values.items()}
