"""What MAPO says of an item of a report: its pillar, a note on its two texts, and for a weakness what answers it.

None of it is the source's own. The database keeps the past of all three.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from audit.acts import changed_fields, require, require_reason
from audit.errors import NotNow
from audit.models import Event
from audit.services import record
from privacy.checks import check_identities
from recommendations.models import Item, ItemLink
from recommendations.permissions import may_keep_cycles
from recommendations.services.checks import locked_item
from recommendations.states import ItemKind

#: The columns of the note on where the two texts differ.
NOTE_COLUMNS = ("divergence_ms", "divergence_en")
CHANGED = "item.changed"

_CHANGED_MEANWHILE = gettext_lazy(
    "Somebody else changed this item meanwhile. Nothing was saved: your text is kept here; open the page again in another "
    "tab to see what it is now."
)


@dataclass(frozen=True, kw_only=True)
class Editorial:
    """What MAPO says of an item; `answers` are ids of what answers a weakness, empty for other kinds."""

    pillar: str
    divergence_ms: str
    divergence_en: str
    answers: frozenset[int]

    @classmethod
    def of(cls, item: Item) -> Editorial:
        """Return what is said of an item now (one query)."""
        answers = frozenset(item.links_out.values_list("answer_id", flat=True))
        return cls(**{name: getattr(item, name) for name in _COLUMNS}, answers=answers)

    @property
    def columns(self) -> dict[str, str]:
        """Return the values of the item's own columns."""
        return {name: getattr(self, name) for name in _COLUMNS}

    @property
    def mark(self) -> str:
        """Return a text that differs wherever a value does."""
        return repr([*map(str, self.columns.values()), sorted(self.answers)])


_COLUMNS = ("pillar", *NOTE_COLUMNS)


def possible_answers(item: Item) -> list[Item]:
    """Return the recommendations and achievements of a weakness's cycle, in order; nothing for other kinds."""
    if item.kind != ItemKind.WEAKNESS:
        return []
    return list(Item.objects.filter(cycle=item.cycle_id).exclude(kind=ItemKind.WEAKNESS).in_order())


@transaction.atomic
def change_editorial(
    item: Item,
    *,
    wanted: Editorial,
    seen: str,
    reason: str,
    identities_reason: str = "",
    actor: User,
    now: datetime,
) -> Event:
    """Set what MAPO says of an item of an open cycle, with a reason; the database keeps what held before.

    `seen` is the mark of what the person saw. Raises `NotNow` when it changed since, when nothing would change, for a note
    in one language, a pillar of an achievement and answers that are none; `IdentitiesFound` as `check_identities` does.
    """
    require(may_keep_cycles(actor))
    item = locked_item(item, is_edited=True)
    reason = require_reason(reason)
    notes = {name: getattr(wanted, name) for name in NOTE_COLUMNS}
    identities = check_identities({"reason": reason, **notes}, reason=identities_reason)
    held = Editorial.of(item)
    if held.mark != seen:
        raise NotNow(_CHANGED_MEANWHILE)
    _require_fitting(item, wanted)
    before, after = changed_fields(item, wanted.columns)
    if after:
        for name, value in after.items():
            setattr(item, name, value)
        item.save(update_fields=[*after])
    if wanted.answers != held.answers:
        before["answers"], after["answers"] = (_names(ids) for ids in (held.answers, wanted.answers))
        item.links_out.exclude(answer_id__in=wanted.answers).delete()
        added = sorted(wanted.answers - held.answers)
        ItemLink.objects.bulk_create([ItemLink(weakness=item, answer_id=pk) for pk in added])
    if not after:
        raise NotNow(_("The item already has these values. Nothing was changed."))
    about: dict[str, Any] = {"obj": item, "label": item.label_with_year, "item_id": item.pk}
    after |= identities.trail_facts
    return record(action=CHANGED, actor=actor, before=before, after=after, reason=reason, now=now, **about)


def _require_fitting(item: Item, wanted: Editorial) -> None:
    """Raise `NotNow` for what an item of this kind cannot have."""
    if bool(wanted.divergence_ms) != bool(wanted.divergence_en):
        raise NotNow(_("Give the note in both languages, or in neither. Nothing was changed."))
    if wanted.pillar and item.kind == ItemKind.ACHIEVEMENT:
        raise NotNow(_("An achievement has no pillar. Nothing was changed."))
    if not wanted.answers <= {answer.pk for answer in possible_answers(item)}:
        raise NotNow(
            _(
                "Only a recommendation or an achievement of the same cycle answers a weakness. Nothing was changed."
            )
        )


def _names(ids: Collection[int]) -> list[str]:
    return [str(item) for item in Item.objects.filter(pk__in=ids).in_order()]
