"""Who is MAPO's data officer: administrators who are cleared to see identities."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from accounts.reading import may_see_identities
from accounts.second_eyes import may_be_second_eyes

if TYPE_CHECKING:
    from accounts.models import User


def may_hide_words(actor: User) -> bool:
    """Return whether the actor may hide words, and see what is hidden, of whom and why."""
    return actor.is_active and actor.is_administrator and may_see_identities(actor)


def may_decide_on(actor: User, *, asked_by_id: int, now: datetime) -> bool:
    """Return whether the actor may decide that hidden words are shown again: never who proposed it, or is tied to them."""
    return may_hide_words(actor) and may_be_second_eyes(actor, asked_by_id=asked_by_id, now=now)
