"""Who may do what with meetings. What a person may see is decided by the querysets' `visible_to`."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from accounts.models import User


def may_keep_meetings(user: User) -> bool:
    """Reviewers and administrators announce and prepare meetings and record their decisions."""
    return user.is_active and user.is_mapo
