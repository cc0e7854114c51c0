"""MAPO sets the state of an item itself, beside what its agencies' verdicts give."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from audit.acts import require, require_reason
from audit.errors import NotNow
from audit.services import digest
from privacy.checks import check_identities
from recommendations.models import Item, ItemOverride
from recommendations.permissions import may_steer
from recommendations.services.checks import locked_item, record_on_item, require_fitting_percent
from recommendations.states import ItemKind


@transaction.atomic
def override_item(
    item: Item,
    *,
    status: str,
    percent: int,
    reason: str,
    identities_reason: str = "",
    actor: User,
    now: datetime,
) -> ItemOverride:
    """Set the item's state from now on, with a reason that everybody reads beside it.

    The one that stands is replaced in the same act. Setting what stands already, for the same reason, sets nothing.
    Raises `IdentitiesFound` as `check_identities` does.
    """
    require(may_steer(actor))
    item = locked_item(item)
    reason = require_reason(reason)
    require_fitting_percent(status, percent)
    if item.kind == ItemKind.ACHIEVEMENT:
        raise NotNow(_("Achievements have no status. Choose a recommendation or a weakness."))
    standing = item.overrides.standing().first()
    if standing and (standing.status, standing.percent, standing.reason) == (status, percent, reason):
        return standing
    identities = check_identities({"reason": reason}, reason=identities_reason)
    if standing:
        _end(standing, reason=reason, actor=actor, now=now)
    override = ItemOverride.objects.create(
        item=item, status=status, percent=percent, reason=reason, set_by=actor, set_at=now, replaces=standing
    )
    action = "override.replaced" if standing else "override.set"
    before = _facts(standing) if standing else None
    after = _facts(override) | identities.event_facts
    about: dict[str, Any] = {"before": before, "after": after, "reason": identities.reason}
    record_on_item(item, action=action, actor=actor, now=now, obj=override, **about)
    return override


@transaction.atomic
def end_override(
    override: ItemOverride, *, reason: str, identities_reason: str = "", actor: User, now: datetime
) -> ItemOverride:
    """Let the agencies' verdicts count again from now on, with a reason. Idempotent.

    Raises `IdentitiesFound` as `check_identities` does.
    """
    require(may_steer(actor))
    item = locked_item(override.item)
    reason = require_reason(reason)
    override = ItemOverride.objects.select_for_update(no_key=True, of=("self",)).get(pk=override.pk)
    if override.ended_at is not None:
        return override
    identities = check_identities({"reason": reason}, reason=identities_reason)
    _end(override, reason=reason, actor=actor, now=now)
    about: dict[str, Any] = {"after": identities.event_facts or None, "reason": identities.reason}
    before = _facts(override)
    record_on_item(item, action="override.ended", actor=actor, now=now, obj=override, before=before, **about)
    return override


def _end(override: ItemOverride, *, reason: str, actor: User, now: datetime) -> None:
    override.ended_by, override.ended_at, override.ended_reason = actor, max(now, override.set_at), reason
    override.save(update_fields=["ended_by", "ended_at", "ended_reason"])


def _facts(override: ItemOverride) -> dict[str, Any]:
    return {"status": override.status, "percent": override.percent, "reason": digest(override.reason)}
