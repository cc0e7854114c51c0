"""Which dates a person may mute: those of which somebody in their role can ever be told by a rule."""

from __future__ import annotations

from accounts.models import User
from reminders.states import OF_MAPO, OF_THE_CYCLE, RULED, What


def offered_to(user: User) -> tuple[What, ...]:
    """In the order in which they are shown; none for whoever is never told of anything.

    MAPO is told of what waits there and of the dates of the cycle; anything of an agency comes as an escalation, or
    because nobody there can act, and that is not for muting.
    """
    if user.is_mapo:
        return tuple(what for what in RULED if what in OF_MAPO | OF_THE_CYCLE)
    return tuple(what for what in RULED if what not in OF_MAPO) if user.is_agency_actor else ()
