"""What happens to an agency. Its past names stay in AgencyVersion, kept by the database."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from accounts.models import AGENCY_NAME_LENGTH, CODE_LENGTH, Agency, User
from accounts.permissions import may_keep_people
from accounts.services.checks import hold_addresses, known_place, shared_address
from accounts.texts import one_line
from audit.errors import NotAllowed, NotNow
from audit.services import record


@transaction.atomic
def add_agency(
    *,
    code: str,
    name_ms: str,
    name_en: str,
    place: str | None = None,
    shared_mailbox: str | None = None,
    actor: User | None,
    now: datetime,
) -> Agency:
    """A new agency, in Putrajaya and without a shared mailbox unless said otherwise. `actor` None is a command.

    Raises NotAllowed, NotNow when the code is taken, BadValue for a name, a place or an address that cannot be kept,
    also when the address is a person's own.
    """
    _may_keep(actor)
    hold_addresses()
    agency = _described(Agency(), code, name_ms, name_en, place, shared_mailbox)
    agency.save(force_insert=True)
    _record(agency, "agency.added", before={}, actor=actor, now=now)
    return agency


@transaction.atomic
def change_agency(
    agency: Agency,
    *,
    code: str,
    name_ms: str,
    name_en: str,
    place: str | None = None,
    shared_mailbox: str | None = None,
    actor: User,
    now: datetime,
) -> Agency:
    """New code or names (what stood before stays answerable "as at"), place or shared mailbox (None: as it is).

    Raises as add_agency does.
    """
    _may_keep(actor)
    hold_addresses()
    agency = Agency.objects.select_for_update(no_key=True).get(pk=agency.pk)
    before = _facts(agency)
    _described(agency, code, name_ms, name_en, place, shared_mailbox).save()
    _record(agency, "agency.changed", before=before, actor=actor, now=now)
    return agency


@transaction.atomic
def deactivate_agency(agency: Agency, *, reason: str, actor: User, now: datetime) -> Agency:
    """Takes no new person and no new assignment from now on.

    Raises NotAllowed, or NotNow when already inactive or while active people belong to it.
    """
    _may_keep(actor)
    agency = Agency.objects.select_for_update(no_key=True).get(pk=agency.pk)
    if not agency.is_active:
        raise NotNow(_("%(code)s was already deactivated.") % {"code": agency.code})
    people = User.objects.active().in_agency(agency.pk).count()
    if people:
        raise NotNow(_left_message(people))
    before = _facts(agency)
    agency.is_active = False
    agency.save()
    _record(agency, "agency.deactivated", before=before, actor=actor, now=now, reason=reason)
    return agency


@transaction.atomic
def reactivate_agency(agency: Agency, *, reason: str, actor: User, now: datetime) -> Agency:
    """Takes people and assignments again. Raises NotAllowed, or NotNow when already active."""
    _may_keep(actor)
    agency = Agency.objects.select_for_update(no_key=True).get(pk=agency.pk)
    if agency.is_active:
        raise NotNow(_("%(code)s is already active.") % {"code": agency.code})
    before = _facts(agency)
    agency.is_active = True
    agency.save()
    _record(agency, "agency.reactivated", before=before, actor=actor, now=now, reason=reason)
    return agency


def _left_message(people: int) -> str:
    text = ngettext_lazy(
        "%(people)d active person belongs to this agency. Move or deactivate them first.",
        "%(people)d active people belong to this agency. Move or deactivate them first.",
        "people",
    )
    return text % {"people": people}


def _may_keep(actor: User | None) -> None:
    if actor is not None and not may_keep_people(actor):
        raise NotAllowed(_("Only an administrator may keep agencies."))


def _described(
    agency: Agency, code: str, name_ms: str, name_en: str, place: str | None, shared_mailbox: str | None
) -> Agency:
    """The agency with these values put on it, each fit for a header and a line; not saved."""
    agency.code = one_line(code, most=CODE_LENGTH)
    agency.name_ms = one_line(name_ms, most=AGENCY_NAME_LENGTH)
    agency.name_en = one_line(name_en, most=AGENCY_NAME_LENGTH)
    if place is not None:
        agency.place = known_place(place) or agency.place
    if shared_mailbox is not None and shared_mailbox != agency.shared_mailbox:
        agency.shared_mailbox = shared_address(shared_mailbox)
    if Agency.objects.filter(code__iexact=agency.code).exclude(pk=agency.pk).exists():
        raise NotNow(_("Another agency already has the code %(code)s.") % {"code": agency.code})
    return agency


def _facts(agency: Agency) -> dict[str, Any]:
    return {
        "code": agency.code,
        "name_ms": agency.name_ms,
        "name_en": agency.name_en,
        "is_active": agency.is_active,
        "place": str(agency.place),
        "shared_mailbox": agency.shared_mailbox,
    }


def _record(
    agency: Agency,
    action: str,
    *,
    before: dict[str, Any],
    actor: User | None,
    now: datetime,
    reason: str = "",
) -> None:
    after = _facts(agency)
    changed = [field for field in after if before.get(field) != after[field]]
    record(
        action=action,
        actor=actor,
        obj=agency,
        label=agency.code,
        agency_id=agency.pk,
        before={field: before[field] for field in changed if field in before},
        after={field: after[field] for field in changed},
        reason=reason.strip(),
        now=now,
    )
