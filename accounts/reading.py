"""What of a person decides which hidden words they see."""

from __future__ import annotations

from typing import TYPE_CHECKING

from accounts.clearance import Clearance
from privacy.reading import NOBODY, TextReader

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from accounts.models import User


def may_see_identities(person: User) -> bool:
    """Return whether the person sees hidden words of every agency: MAPO's people who are cleared for confidential texts."""
    return person.is_active and person.is_mapo and person.clearance >= Clearance.CONFIDENTIAL


def reader_of(person: User | AnonymousUser, *, ceiling: int = Clearance.TOP_SECRET) -> TextReader:
    """Return how a person reads: the own agency's texts whole, MAPO's cleared people all, others none.

    What is made with a ceiling below confidential hides words from MAPO's people too.
    """
    if not person.is_authenticated:
        return NOBODY
    if may_see_identities(person) and ceiling >= Clearance.CONFIDENTIAL:
        return TextReader(sees_all=True)
    return TextReader(agency_id=person.agency_id if person.is_agency_actor else None)
