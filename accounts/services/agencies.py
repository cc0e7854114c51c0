"""What happens to an agency. Its past names stay in AgencyVersion, kept by the database."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from accounts.models import Agency, User
from accounts.permissions import may_keep_people
from audit.errors import NotAllowed, NotNow
from audit.services import record


@transaction.atomic
def add_agency(*, code: str, name_ms: str, name_en: str, actor: User | None, now: datetime) -> Agency:
    """A new agency. `actor` None is a command. Raises NotAllowed, or NotNow when the code is taken."""
    _may_keep(actor)
    _code_is_free(code)
    agency = Agency.objects.create(code=code.strip(), name_ms=name_ms.strip(), name_en=name_en.strip())
    _record(agency, "agency.added", before={}, actor=actor, now=now)
    return agency


@transaction.atomic
def change_agency(
    agency: Agency, *, code: str, name_ms: str, name_en: str, actor: User, now: datetime
) -> Agency:
    """New code or names; what stood before stays answerable "as at". Raises as add_agency does."""
    _may_keep(actor)
    agency = Agency.objects.select_for_update(no_key=True).get(pk=agency.pk)
    _code_is_free(code, but=agency)
    before = _facts(agency)
    agency.code, agency.name_ms, agency.name_en = code.strip(), name_ms.strip(), name_en.strip()
    agency.save()
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


def _code_is_free(code: str, *, but: Agency | None = None) -> None:
    taken = Agency.objects.filter(code__iexact=code.strip())
    if but is not None:
        taken = taken.exclude(pk=but.pk)
    if taken.exists():
        raise NotNow(_("Another agency already has the code %(code)s.") % {"code": code.strip()})


def _facts(agency: Agency) -> dict[str, Any]:
    return {
        "code": agency.code,
        "name_ms": agency.name_ms,
        "name_en": agency.name_en,
        "is_active": agency.is_active,
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
