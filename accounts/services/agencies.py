"""Changes of agencies. The database records their past in AgencyVersion."""

import re
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from accounts.models import AGENCY_NAME_LENGTH, CODE_LENGTH, Agency, User
from accounts.permissions import may_keep_people, may_name_mailbox
from accounts.services.checks import (
    facts_of,
    hold_addresses,
    known_place,
    open_agency,
    save_with_event,
    shared_address,
)
from accounts.texts import require_line
from audit.errors import BadValue, NotAllowed, NotNow
from privacy.checks import check_identities

#: A code stands in addresses, file names and workbooks.
_CODE = re.compile(r"[A-Za-z0-9]+(-[A-Za-z0-9]+)*")


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
    """Add an agency, in Putrajaya and without a shared mailbox unless given. `actor` None is a command.

    Raises NotAllowed, NotNow when the code is taken, BadValue for a name, place or address that cannot be
    stored, also when the address is a person's own.
    """
    _may_keep(actor)
    hold_addresses()
    agency = Agency()
    _set_values(agency, code, name_ms, name_en, place, shared_mailbox)
    save_with_event(agency, "agency.added", before={}, actor=actor, now=now)
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
    """Change code, names, place or shared mailbox (None: unchanged); earlier values stay answerable "as at".

    Raises what `add_agency` raises.
    """
    hold_addresses()
    agency = _locked(agency, actor=actor)
    before = facts_of(agency)
    _set_values(agency, code, name_ms, name_en, place, shared_mailbox)
    save_with_event(agency, "agency.changed", before=before, actor=actor, now=now)
    return agency


@transaction.atomic
def name_shared_mailbox(agency: Agency, *, shared_mailbox: str, actor: User, now: datetime) -> Agency:
    """Name the agency's shared mailbox; "" names none. Naming the same again changes nothing.

    Raises NotAllowed, NotNow when the agency is inactive, BadValue for an address that cannot be one or is a person's.
    """
    if not may_name_mailbox(actor, agency.pk):
        raise NotAllowed(
            _("Only the agency's coordinator or a MAPO administrator may name its shared mailbox.")
        )
    hold_addresses()
    agency = open_agency(agency)
    before = facts_of(agency)
    agency.shared_mailbox = shared_address(shared_mailbox, names_person=actor.is_administrator)
    if agency.shared_mailbox != before["shared_mailbox"]:
        save_with_event(agency, "agency.mailbox_named", before=before, actor=actor, now=now)
    return agency


@transaction.atomic
def deactivate_agency(
    agency: Agency, *, reason: str, identities_reason: str = "", actor: User, now: datetime
) -> Agency:
    """Close an agency for new people and assignments.

    Raises NotAllowed, or NotNow when it is inactive already or active people belong to it.
    """
    agency = _locked(agency, actor=actor)
    identities = check_identities({"reason": reason}, reason=identities_reason)
    if not agency.is_active:
        raise NotNow(_("%(code)s was already deactivated.") % {"code": agency.code})
    people = User.objects.active().in_agency(agency.pk).count()
    if people:
        raise NotNow(left_people_message(people))
    before = facts_of(agency)
    agency.is_active = False
    save_with_event(
        agency,
        "agency.deactivated",
        before=before,
        actor=actor,
        now=now,
        reason=reason,
        identities=identities,
    )
    return agency


@transaction.atomic
def reactivate_agency(
    agency: Agency, *, reason: str, identities_reason: str = "", actor: User, now: datetime
) -> Agency:
    """Open an agency again. Raises NotAllowed, or NotNow when it is active already."""
    agency = _locked(agency, actor=actor)
    identities = check_identities({"reason": reason}, reason=identities_reason)
    if agency.is_active:
        raise NotNow(_("%(code)s is already active.") % {"code": agency.code})
    before = facts_of(agency)
    agency.is_active = True
    save_with_event(
        agency,
        "agency.reactivated",
        before=before,
        actor=actor,
        now=now,
        reason=reason,
        identities=identities,
    )
    return agency


def left_people_message(people: int) -> str:
    """Return the message about active people who still belong to the agency, which keeps it from being deactivated."""
    text = ngettext_lazy(
        "%(people)d active person belongs to this agency. Move or deactivate them first.",
        "%(people)d active people belong to this agency. Move or deactivate them first.",
        "people",
    )
    return text % {"people": people}


def _may_keep(actor: User | None) -> None:
    """Raise NotAllowed unless the actor may manage agencies; None is a command."""
    if actor is not None and not may_keep_people(actor):
        raise NotAllowed(_("Only an administrator may manage agencies."))


def _locked(agency: Agency, *, actor: User) -> Agency:
    """Return the row as it is now, locked until the transaction ends. Raises NotAllowed."""
    _may_keep(actor)
    return Agency.objects.select_for_update(no_key=True).get(pk=agency.pk)


def is_agency_code(text: str) -> bool:
    """Whether a text can be the code of an agency: letters and digits, with single hyphens between them."""
    return _CODE.fullmatch(text) is not None


def _usable_code(code: str, *, before: str) -> str:
    """Return a code that can stand in addresses, file names and workbooks; one that stands already may stay."""
    if code != before and not is_agency_code(code):
        words = {"code": code}
        message = _(
            "“%(code)s” cannot be a code. Use letters, digits and hyphens, for example SPRM or JPN-2."
        )
        raise BadValue(message % words, field="code")
    return code


def _set_values(
    agency: Agency, code: str, name_ms: str, name_en: str, place: str | None, shared_mailbox: str | None
) -> None:
    """Set these values, each fit for a mail header; does not save. Raises BadValue and NotNow."""
    agency.code = _usable_code(require_line(code, most=CODE_LENGTH), before=agency.code)
    agency.name_ms = require_line(name_ms, most=AGENCY_NAME_LENGTH)
    agency.name_en = require_line(name_en, most=AGENCY_NAME_LENGTH)
    if place is not None:
        agency.place = known_place(place) or agency.place
    if shared_mailbox is not None and shared_mailbox != agency.shared_mailbox:
        agency.shared_mailbox = shared_address(shared_mailbox)
    if Agency.objects.filter(code__iexact=agency.code).exclude(pk=agency.pk).exists():
        raise NotNow(_("Another agency already has the code %(code)s.") % {"code": agency.code})
