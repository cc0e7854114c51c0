"""May this person? Plain questions about a person and a thing; states and versions are not asked here."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from accounts.models import User


def may_keep_rules(user: User) -> bool:
    """Administrators keep the rules and the days off (domain, People)."""
    return user.is_active and user.is_administrator
