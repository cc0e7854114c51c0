"""Which dates a person may mute: those of which somebody in their role can ever be told by a rule."""

from __future__ import annotations

from accounts.models import User
from reminders.states import OF_MAPO, RULED, What


def offered_to(user: User) -> tuple[What, ...]:
    """In the order in which they are shown; none for whoever is never told of anything.

    MAPO is told of all: of an agency's dates where a rule says so, or where nobody there can act.
    """
    if user.is_mapo:
        return (*(what for what in RULED if what in OF_MAPO), *_of_agencies())
    return _of_agencies() if user.is_agency_actor else ()


def _of_agencies() -> tuple[What, ...]:
    return tuple(what for what in RULED if what not in OF_MAPO)
