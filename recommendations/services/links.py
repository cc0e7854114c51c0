"""MAPO links a weakness to the recommendations and achievements that answer it; the database keeps past links."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from audit.acts import require, require_reason
from audit.errors import NotNow
from privacy.checks import check_identities
from recommendations.models import Item, ItemLink
from recommendations.permissions import may_steer
from recommendations.services.checks import locked_item, record_on_item
from recommendations.states import ItemKind


@transaction.atomic
def link_answer(
    weakness: Item, *, answer: Item, reason: str, identities_reason: str = "", actor: User, now: datetime
) -> Item:
    """Link a recommendation or an achievement to the weakness of the same cycle that it answers; return it. Idempotent.

    Raises NotAllowed unless MAPO acts, NotNow for items that cannot be linked, without a reason and in a closed cycle,
    `IdentitiesFound` as `check_identities` does.
    """
    require(may_steer(actor))
    weakness = locked_item(weakness)
    reason = require_reason(reason)
    found = check_identities({"reason": reason}, reason=identities_reason).trail_facts
    about: dict[str, Any] = {"reason": reason, "actor": actor, "now": now}
    if (
        weakness.kind != ItemKind.WEAKNESS
        or answer.kind == ItemKind.WEAKNESS
        or answer.cycle_id != weakness.cycle_id
    ):
        raise NotNow(
            _(
                "Only a recommendation or an achievement of the same cycle answers a weakness. Nothing was changed."
            )
        )
    _link, is_new = ItemLink.objects.get_or_create(weakness=weakness, answer=answer)
    if is_new:
        record_on_item(weakness, action="item.linked", after={"answer": str(answer), **found}, **about)
    return answer


@transaction.atomic
def unlink_answer(
    weakness: Item, *, answer: Item, reason: str, identities_reason: str = "", actor: User, now: datetime
) -> Item:
    """Remove the link between a weakness and what answers it, and return that; the link's past is kept. Idempotent.

    Raises NotAllowed unless MAPO acts, NotNow without a reason and in a closed cycle, `IdentitiesFound` as
    `check_identities` does.
    """
    require(may_steer(actor))
    weakness = locked_item(weakness)
    reason = require_reason(reason)
    found = check_identities({"reason": reason}, reason=identities_reason).trail_facts
    about: dict[str, Any] = {"reason": reason, "actor": actor, "now": now}
    deleted_count, _kinds = ItemLink.objects.filter(weakness=weakness, answer=answer).delete()
    if deleted_count:
        before = {"answer": str(answer)}
        record_on_item(weakness, action="item.unlinked", before=before, after=found or None, **about)
    return answer
