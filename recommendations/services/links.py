"""Which recommendations and achievements answer a weakness: MAPO says so; the database keeps which links stood when."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from audit.errors import NotNow
from audit.services import record
from recommendations.models import Item, ItemLink
from recommendations.permissions import may_steer
from recommendations.services.checks import locked_item, require
from recommendations.states import ItemKind


@transaction.atomic
def link_answer(weakness: Item, *, answer: Item, actor: User, now: datetime) -> None:
    """Say that a recommendation or an achievement of the same cycle answers a weakness. Saying it twice says it once.

    Raises NotAllowed unless MAPO acts, NotNow for items that cannot be linked and in a closed cycle.
    """
    weakness = _steered(weakness, actor=actor)
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
        _record("item.linked", weakness, after=answer, actor=actor, now=now)


@transaction.atomic
def unlink_answer(weakness: Item, *, answer: Item, actor: User, now: datetime) -> None:
    """Say that an item no longer answers a weakness; the past of the link is kept. Twice does it once.

    Raises NotAllowed unless MAPO acts, NotNow in a closed cycle.
    """
    weakness = _steered(weakness, actor=actor)
    deleted_count, _kinds = ItemLink.objects.filter(weakness=weakness, answer=answer).delete()
    if deleted_count:
        _record("item.unlinked", weakness, before=answer, actor=actor, now=now)


def _steered(weakness: Item, *, actor: User) -> Item:
    require(may_steer(actor))
    return locked_item(weakness)


def _record(
    action: str,
    weakness: Item,
    *,
    before: Item | None = None,
    after: Item | None = None,
    actor: User,
    now: datetime,
) -> None:
    """Record one Event on the weakness."""
    record(
        action=action,
        actor=actor,
        obj=weakness,
        label=weakness.label_with_year,
        item_id=weakness.pk,
        before={"answer": str(before)} if before else None,
        after={"answer": str(after)} if after else None,
        now=now,
    )
