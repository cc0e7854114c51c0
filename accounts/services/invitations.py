"""Bringing people in: one, many, or once more. Mails leave after the commit; no link is ever stored."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import Agency, Language, User
from accounts.permissions import may_keep_people
from accounts.roles import Role
from accounts.services.people import add_person
from accounts.services.rows import locked_person, record_on
from audit.errors import NotAllowed, NotNow


@dataclass(frozen=True, kw_only=True)
class Newcomer:
    """One person to invite."""

    name: str
    email: str
    role: str
    agency: Agency
    clearance: int | None = None
    language: str = Language.MALAY
    place: str = ""

    @property
    def role_label(self) -> str:
        """The role in the reader's language."""
        return str(Role(self.role).label)


@transaction.atomic
def invite_person(newcomer: Newcomer, *, actor: User, now: datetime) -> User:
    """Adds the person; the view then mails the link or shows it once. Raises as add_person does."""
    return add_person(
        name=newcomer.name,
        email=newcomer.email,
        role=newcomer.role,
        agency=newcomer.agency,
        clearance=newcomer.clearance,
        language=newcomer.language,
        place=newcomer.place,
        actor=actor,
        now=now,
    )


@transaction.atomic
def invite_many(newcomers: Sequence[Newcomer], *, actor: User, now: datetime) -> list[User]:
    """All of them, or, when one cannot be invited, none. Raises as add_person does."""
    return [invite_person(newcomer, actor=actor, now=now) for newcomer in newcomers]


@transaction.atomic
def reissue_link(person: User, *, actor: User, now: datetime) -> User:
    """Ends every earlier link; the caller makes the new one from the person that this returns.

    Raises NotAllowed unless an administrator, NotNow when the person is inactive or has joined already
    (who forgot a password uses the way on the sign-in page).
    """
    if not may_keep_people(actor):
        raise NotAllowed(_("Only an administrator may do this."))
    person = locked_person(person)
    if not person.is_active:
        raise NotNow(_("%(name)s was deactivated. Reactivate the account first.") % {"name": person.name})
    if person.has_joined:
        raise NotNow(_("%(name)s already has a password.") % {"name": person.name})
    person.invited_by, person.invited_at = actor, now
    person.sessions_number += 1
    person.save(update_fields=["invited_by", "invited_at", "sessions_number"])
    record_on(
        person,
        "person.invited_again",
        actor=actor,
        now=now,
    )
    return person
