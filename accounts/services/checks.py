"""What the services of accounts share: locked rows, checks of values before they are stored, sessions, Events, and asking
for rights.
"""

from datetime import datetime
from typing import Any

from allauth.usersessions.models import UserSession
from django.db import connection
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.clearance import Clearance
from accounts.models import POST_LENGTH, TELEPHONE_LENGTH, Agency, RightsRequest, User
from accounts.permissions import may_keep_people
from accounts.regions import Place
from accounts.roles import Role
from accounts.texts import mail_address, optional_line
from audit.errors import BadValue, NotAllowed, NotNow
from audit.services import record
from privacy.checks import NO_IDENTITIES, IdentityNote

_HOLD = "SELECT pg_advisory_xact_lock(hashtext('jejak.addresses'))"


def known_place(text: str) -> str:
    """Return a place of Malaysia, or "". Raises BadValue for any other."""
    if text and text not in Place.values:
        words = {"value": text}
        raise BadValue(
            _("“%(value)s” is not a state or federal territory. Choose one from the list.") % words,
            field="place",
        )
    return text


def hold_addresses() -> None:
    """Let one transaction at a time give addresses, to people and to agencies.

    Call it before locking any row, so that no two transactions wait for each other.
    """
    with connection.cursor() as cursor:
        cursor.execute(_HOLD)


def address_of_ones_own(text: str, *, person: User | None = None) -> str:
    """Return the address in lower case, if nobody but `person` signs in with it and no agency shares it.

    Raises BadValue for a malformed address or a shared mailbox, NotNow for somebody else's.
    """
    address = mail_address(text)
    others = User.objects.filter(email=address)
    if person is not None:
        others = others.exclude(pk=person.pk)
    if others.exists():
        raise NotNow(_("Somebody already signs in with %(email)s.") % {"email": address})
    agency = Agency.objects.filter(shared_mailbox=address).first()
    if agency is not None:
        words = {"email": address, "code": agency.code}
        message = _("%(email)s is the shared mailbox of %(code)s. Give the person's own address.")
        raise BadValue(message % words, field="email")
    return address


def shared_address(text: str, *, names_person: bool = True) -> str:
    """Return the address in lower case, or "", if it is nobody's own; several agencies may share one.

    Raises BadValue for a malformed address, or a person's: they would get everything twice. The message says whose
    unless `names_person` is False.
    """
    if not text.strip():
        return ""
    address = mail_address(text)
    person = User.objects.filter(email=address).first()
    if person is not None:
        words = {"email": address, "name": person.name}
        if not names_person:
            message = _("%(email)s is a personal address. Enter a mailbox that several people read.")
            raise BadValue(message % words, field="shared_mailbox")
        message = _(
            "%(email)s is the personal address of %(name)s, who would get everything twice. Enter another."
        )
        raise BadValue(message % words, field="shared_mailbox")
    return address


def require_clearance_within(clearance: int, *, actor: User | None) -> None:
    """Raise BadValue for a clearance above the actor's own; None is the command line, which may give any."""
    if actor is not None and clearance > actor.clearance:
        words = {"level": Clearance(actor.clearance).label}
        message = _("You may give a clearance up to your own: %(level)s. Ask somebody with a higher one.")
        raise BadValue(message % words, field="clearance")


def locked_person(person: User) -> User:
    """Return the row as it is now, with the agency, locked until the transaction ends."""
    rows = User.objects.select_for_update(no_key=True, of=("self",)).select_related("agency")
    return rows.get(pk=person.pk)


def lock_with_administrators(person: User, *, actor: User) -> tuple[User, list[User]]:
    """Return the person and all other active administrators, locked in one order so that no two acts cross.

    Reads the actor again: who was deactivated a moment ago may do nothing any more (NotAllowed).
    """
    kept = Q(pk=person.pk) | Q(is_active=True, role=Role.ADMINISTRATOR)
    rows = User.objects.filter(kept).select_related("agency").order_by("pk")
    locked = {row.pk: row for row in rows.select_for_update(no_key=True, of=("self",))}
    if actor.pk not in locked or not may_keep_people(locked[actor.pk]):
        raise NotAllowed(_("Only an administrator may do this."))
    others = [row for pk, row in locked.items() if pk != person.pk]
    return locked[person.pk], others


def record_on(row: Agency | User, action: str, *, actor: User | None, now: datetime, **facts: Any) -> None:
    """Add one Event about an agency, or about a person as a matter of their present agency.

    `facts` are before, after and reason, as `audit.services.record` takes them.
    """
    label, agency_id = (row.code, row.pk) if isinstance(row, Agency) else (row.name, row.agency_id)
    record(action=action, actor=actor, obj=row, label=label, agency_id=agency_id, now=now, **facts)


def set_contact(person: User, *, post: str | None, unit: str | None, telephone: str | None) -> None:
    """Set a person's contact details, each on one line (None: unchanged, "": none); does not save.

    Raises BadValue, naming the field.
    """
    given = {
        "post": (post, POST_LENGTH),
        "unit": (unit, POST_LENGTH),
        "telephone": (telephone, TELEPHONE_LENGTH),
    }
    for name, (text, most) in given.items():
        if text is None:
            continue
        try:
            setattr(person, name, optional_line(text, most=most))
        except BadValue as error:
            raise BadValue(error.message, field=name) from error
    if telephone and not any(each.isdigit() for each in telephone):
        raise BadValue(_("Enter a number, for example 03-8000 8000. Nothing was changed."), field="telephone")


def facts_of(row: Agency | User) -> dict[str, Any]:
    """Return what an Event records of an agency or a person, in values that outlive the row."""
    if isinstance(row, Agency):
        names = ("code", "name_ms", "name_en", "is_active", "place", "shared_mailbox")
        return {name: getattr(row, name) for name in names} | {"place": str(row.place)}
    return {
        "name": row.name,
        "role": str(row.role),
        "clearance": int(row.clearance),
        "agency": row.agency.code,
        "is_active": row.is_active,
        "is_acting": row.is_acting,
        "place": str(row.place),
        "post": row.post,
        "unit": row.unit,
        "telephone": row.telephone,
    }


def save_with_event(
    row: Agency | User,
    action: str,
    *,
    before: dict[str, Any],
    actor: User | None,
    now: datetime,
    reason: str = "",
    identities: IdentityNote = NO_IDENTITIES,
) -> None:
    """Save the row and record what differs from `before`: its facts until now, or {} where it is new.

    `identities` is what the caller's check of the reason found.
    """
    row.save()
    after = {name: value for name, value in facts_of(row).items() if before.get(name) != value}
    before = {name: before[name] for name in after if name in before}
    after |= identities.trail_facts
    record_on(row, action, actor=actor, before=before, after=after, reason=reason.strip(), now=now)


def end_sessions(person: User, *, but: str | None = None) -> int:
    """Delete the person's sessions and raise the number in every session's hash; return how many ended.

    Does not save the person. `but` is the key of a session whose row stays.
    """
    person.sessions_number += 1
    sessions = list(UserSession.objects.filter(user=person).exclude(session_key=but or ""))
    for session in sessions:
        session.end()
    return len(sessions)


def open_agency(agency: Agency) -> Agency:
    """Return the agency as it is now, locked so that nobody deactivates it meanwhile. Raises NotNow."""
    agency = Agency.objects.select_for_update(no_key=True).get(pk=agency.pk)
    if not agency.is_active:
        raise NotNow(_("%(code)s is not an active agency.") % {"code": agency.code})
    return agency


def ask_for_rights(
    person: User,
    *,
    role: str,
    clearance: int,
    reason: str,
    identities: IdentityNote,
    actor: User,
    now: datetime,
) -> RightsRequest:
    """Ask, for a service that has locked the person, that they get this role and clearance; a person who is inactive is
    also let in. `identities` is what the caller's check of the reason found.

    Raises BadValue without a reason, NotNow when something was asked already, or when nobody else could decide.
    """
    if not reason.strip():
        raise BadValue(_("Enter a reason: another administrator must grant this."), field="reason")
    if RightsRequest.objects.open().filter(person=person).exists():
        raise NotNow(_("Somebody has asked already. Another administrator decides."))
    others = User.objects.working_at_mapo().filter(role=Role.ADMINISTRATOR)
    if not others.exclude(pk__in=[actor.pk, person.pk]).exists():
        raise NotNow(
            _(
                "Another administrator must grant this, and there is none. The operator of the server adds the second one."
            )
        )
    made = RightsRequest.objects.create(
        person=person,
        role=role,
        clearance=clearance,
        is_activating=not person.is_active,
        reason=reason.strip(),
        asked_by=actor,
        asked_at=now,
    )
    after = {"role": str(role), "clearance": int(clearance), **identities.trail_facts}
    record_on(person, "person.rights_asked", actor=actor, now=now, after=after, reason=made.reason)
    return made
