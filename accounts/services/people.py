"""What happens to a person: added, changed, moved, deactivated, named as acting coordinator."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.clearance import Clearance
from accounts.errors import BadValue
from accounts.models import NAME_LENGTH, Agency, Language, User
from accounts.permissions import may_change_standing, may_keep_people, may_name_acting
from accounts.roles import Role, default_clearance
from accounts.services.checks import address_of_ones_own, hold_addresses, known_place
from accounts.services.rows import locked_person, record_on
from accounts.services.sessions import end_sessions
from accounts.texts import one_line
from audit.errors import NotAllowed, NotNow


@transaction.atomic
def add_person(
    *,
    name: str,
    email: str,
    role: str,
    agency: Agency,
    clearance: int | None = None,
    language: str = Language.MALAY,
    place: str = "",
    actor: User | None,
    now: datetime,
) -> User:
    """One person who cannot sign in before opening a one-time link.

    `actor` None is the command line. Without a clearance the role's default holds. Raises NotAllowed unless
    the actor is an administrator, NotNow when the e-mail is taken or the agency inactive, BadValue for a name, an
    e-mail or a place that cannot be kept, also when the e-mail is an agency's shared mailbox.
    """
    if actor is not None and not may_keep_people(actor):
        raise NotAllowed(_("Only an administrator may add people."))
    name, place = one_line(name, most=NAME_LENGTH), known_place(place)
    hold_addresses()
    email = address_of_ones_own(email)
    agency = _open_agency(agency)
    person = User(name=name, email=email, role=role, agency=agency, language=language, place=place)
    person.clearance = default_clearance(role) if clearance is None else clearance
    person.invited_by, person.invited_at = actor, now
    person.set_unusable_password()
    person.save(force_insert=True)
    after = {**standing(person), "email": email}
    record_on(
        person,
        "person.invited",
        actor=actor,
        after=after,
        now=now,
    )
    return person


@transaction.atomic
def change_person(
    person: User,
    *,
    name: str,
    role: str,
    clearance: int,
    place: str | None = None,
    actor: User,
    now: datetime,
    reason: str = "",
) -> User:
    """A new name, role, clearance or place (None: as it is). One's own role and clearance others change.

    Raises NotAllowed for who may not, NotNow when no active administrator would be left, BadValue for a name or a
    place that cannot be kept.
    """
    person, others = _lock(person, actor=actor)
    before = standing(person)
    if person.pk == actor.pk and (role, clearance) != (person.role, person.clearance):
        raise NotAllowed(_("Another administrator must change your own role or clearance."))
    if person.is_active and person.is_administrator and role != Role.ADMINISTRATOR:
        _keep_an_administrator(others)
    person.name, person.role, person.clearance = one_line(name, most=NAME_LENGTH), role, clearance
    person.place = person.place if place is None else known_place(place)
    person.is_acting = person.is_acting and person.is_officer
    _save_with_event(person, "person.changed", before=before, actor=actor, now=now, reason=reason)
    return person


def set_clearance(person: User, *, clearance: int, actor: User, now: datetime, reason: str = "") -> User:
    """Up to which class the person reads from now on; see change_person for the refusals."""
    return change_person(
        person,
        name=person.name,
        role=person.role,
        clearance=Clearance(clearance),
        actor=actor,
        now=now,
        reason=reason,
    )


@transaction.atomic
def change_address(person: User, *, email: str, actor: User, now: datetime, reason: str = "") -> User:
    """Another e-mail to sign in with and to write to. Ends every session and link of the person; the password stays.

    Raises NotAllowed for who may not or for oneself (who mistypes their own is locked out), NotNow when somebody
    else has the address, BadValue for one that cannot be kept, is a shared mailbox, or theirs already.
    """
    hold_addresses()
    person, _others = _lock(person, actor=actor)
    _may_change_standing(actor, person)
    email, before = address_of_ones_own(email, person=person), person.email
    if email == before:
        raise BadValue(_("This is the address already. Give another one."), field="email")
    person.email = email
    end_sessions(person)
    person.save(update_fields=["email", "sessions_number"])
    record_on(
        person,
        "person.address_changed",
        actor=actor,
        before={"email": before},
        after={"email": email},
        reason=reason.strip(),
        now=now,
    )
    return person


@transaction.atomic
def move_person(person: User, *, agency: Agency, actor: User, now: datetime, reason: str = "") -> User:
    """To another agency at once: what the old one shows is out of sight at the next request.

    The past stays in Posting. Raises NotAllowed for who may not or for oneself, NotNow when the agency is
    inactive or already theirs.
    """
    person, _others = _lock(person, actor=actor)
    _may_change_standing(actor, person)
    agency = _open_agency(agency)
    if agency.pk == person.agency_id:
        raise NotNow(_("%(name)s is already at this agency.") % {"name": person.name})
    before = standing(person)
    person.agency, person.is_acting = agency, False
    _save_with_event(person, "person.moved", before=before, actor=actor, now=now, reason=reason)
    return person


@transaction.atomic
def deactivate_person(person: User, *, reason: str, actor: User, now: datetime) -> User:
    """Ends every session and link of this person; it acts at their next request, also mid-session.

    Raises NotAllowed for who may not or for oneself, NotNow when already inactive or when no active
    administrator would be left.
    """
    person, others = _lock(person, actor=actor)
    _may_change_standing(actor, person)
    if not person.is_active:
        raise NotNow(_("%(name)s was already deactivated.") % {"name": person.name})
    if person.is_administrator:
        _keep_an_administrator(others)
    before = standing(person)
    person.is_active, person.is_acting, person.deactivated_at = False, False, now
    end_sessions(person)
    _save_with_event(person, "person.deactivated", before=before, actor=actor, now=now, reason=reason)
    return person


@transaction.atomic
def reactivate_person(person: User, *, reason: str, actor: User, now: datetime) -> User:
    """May sign in again with the old password; sessions from before stay ended.

    Raises NotAllowed for who may not, NotNow when already active or when the agency is inactive.
    """
    person, _others = _lock(person, actor=actor)
    _may_change_standing(actor, person)
    if person.is_active:
        raise NotNow(_("%(name)s is already active.") % {"name": person.name})
    _open_agency(person.agency)
    before = standing(person)
    person.is_active, person.deactivated_at = True, None
    _save_with_event(person, "person.reactivated", before=before, actor=actor, now=now, reason=reason)
    return person


@transaction.atomic
def name_acting(person: User, *, is_acting: bool, actor: User, now: datetime) -> User:
    """Names (or no longer names) an officer as acting coordinator: who gets what the coordinators get.

    It gives no right. Raises NotAllowed for who may not, NotNow for whoever is no active officer.
    """
    if not may_name_acting(actor, person):
        raise NotAllowed(_("Only the agency's coordinator may name acting coordinators."))
    person = locked_person(person)
    if not may_name_acting(actor, person):
        raise NotAllowed(_("Only the agency's coordinator may name acting coordinators."))
    if is_acting and not (person.is_active and person.is_officer):
        raise NotNow(_("Only an active officer can be acting coordinator."))
    before = standing(person)
    person.is_acting = is_acting
    _save_with_event(person, "person.named_acting", before=before, actor=actor, now=now, reason="")
    return person


@transaction.atomic
def choose_language(person: User, *, language: str, now: datetime) -> User:
    """Keeps the person's own choice of language; silent when it is the same."""
    return _choose(person, "language", Language(language), now=now)


@transaction.atomic
def choose_place(person: User, *, place: str, now: datetime) -> User:
    """Keeps the person's own word on where they work, empty for "as the agency"; silent when it is the same.

    Raises BadValue for a place that is none.
    """
    return _choose(person, "place", known_place(place), now=now)


def _choose(person: User, field: str, value: str, *, now: datetime) -> User:
    before = str(getattr(person, field))
    if before == value:
        return person
    setattr(person, field, value)
    person.save(update_fields=[field])
    after = {field: str(value)}
    record_on(person, f"person.chose_{field}", actor=person, before={field: before}, after=after, now=now)
    return person


def standing(person: User) -> dict[str, Any]:
    """What an Event says of a person, in words that outlive the row."""
    return {
        "name": person.name,
        "role": str(person.role),
        "clearance": int(person.clearance),
        "agency": person.agency.code,
        "is_active": person.is_active,
        "is_acting": person.is_acting,
        "place": str(person.place),
    }


def _save_with_event(
    person: User, action: str, *, before: dict[str, Any], actor: User, now: datetime, reason: str
) -> None:
    after = standing(person)
    changed = [field for field in after if after[field] != before[field]]
    person.save()
    record_on(
        person,
        action,
        actor=actor,
        before={field: before[field] for field in changed},
        after={field: after[field] for field in changed},
        reason=reason.strip(),
        now=now,
    )


def _lock(person: User, *, actor: User) -> tuple[User, list[User]]:
    """The person and all other active administrators, locked in one order so that no two acts cross.

    Rereads the actor: who was deactivated a moment ago may do nothing any more (NotAllowed).
    """
    kept = Q(pk=person.pk) | Q(is_active=True, role=Role.ADMINISTRATOR)
    rows = User.objects.filter(kept).select_related("agency").order_by("pk")
    locked = {row.pk: row for row in rows.select_for_update(no_key=True, of=("self",))}
    if actor.pk not in locked or not may_keep_people(locked[actor.pk]):
        raise NotAllowed(_("Only an administrator may do this."))
    others = [row for pk, row in locked.items() if pk != person.pk]
    return locked[person.pk], others


def _may_change_standing(actor: User, person: User) -> None:
    if not may_change_standing(actor, person):
        raise NotAllowed(_("Another administrator must do this: it is your own account."))


def _keep_an_administrator(others: list[User]) -> None:
    if not others:
        raise NotNow(_("This is the last active administrator. Name another one first."))


def _open_agency(agency: Agency) -> Agency:
    """The agency as it is now, kept from being deactivated meanwhile."""
    agency = Agency.objects.select_for_update(no_key=True).get(pk=agency.pk)
    if not agency.is_active:
        raise NotNow(_("%(code)s is not an active agency.") % {"code": agency.code})
    return agency
