"""MAPO links a weakness to the recommendations and achievements that answer it; the database keeps past links."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from audit.errors import NotNow
from recommendations.models import Item, ItemLink
from recommendations.permissions import may_steer
from recommendations.services.checks import locked_item, record_on_item, require
from recommendations.states import ItemKind


@transaction.atomic
def link_answer(weakness: Item, *, answer: Item, actor: User, now: datetime) -> None:
    """Link a recommendation or an achievement to the weakness of the same cycle that it answers. Idempotent.

    Raises NotAllowed unless MAPO acts, NotNow for items that cannot be linked and in a closed cycle.
    """
    require(may_steer(actor))
    weakness = locked_item(weakness)
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
        after = {"answer": str(answer)}
        record_on_item(weakness, action="item.linked", actor=actor, now=now, after=after)


@transaction.atomic
def unlink_answer(weakness: Item, *, answer: Item, actor: User, now: datetime) -> None:
    """Remove the link between a weakness and what answers it; its past is kept. Idempotent.

    Raises NotAllowed unless MAPO acts, NotNow in a closed cycle.
    """
    require(may_steer(actor))
    weakness = locked_item(weakness)
    deleted_count, _kinds = ItemLink.objects.filter(weakness=weakness, answer=answer).delete()
    if deleted_count:
        before = {"answer": str(answer)}
        record_on_item(weakness, action="item.unlinked", actor=actor, now=now, before=before)
