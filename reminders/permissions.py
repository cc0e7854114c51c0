"""Who may do what with reminders. States and versions are checked by the services."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reminders.kinds import CYCLE_KINDS, MAPO_KINDS, RULE_KINDS, ReminderKind

if TYPE_CHECKING:
    from accounts.models import User


def may_edit_rules(user: User) -> bool:
    """Whether the user may edit rules and days off: active administrators only."""
    return user.is_active and user.is_administrator


def mutable_kinds(user: User) -> tuple[ReminderKind, ...]:
    """Return the kinds of reminders that the user may mute, in display order.

    These are the kinds that a rule can send to their role. What MAPO gets of an agency is an escalation or a gap,
    and cannot be muted. Observers get no reminders, so they have none.
    """
    if user.is_mapo:
        return tuple(kind for kind in RULE_KINDS if kind in MAPO_KINDS | CYCLE_KINDS)
    return tuple(kind for kind in RULE_KINDS if kind not in MAPO_KINDS) if user.is_agency_actor else ()
