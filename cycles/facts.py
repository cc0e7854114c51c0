"""Facts of a cycle: a cycle file or an administrator enters them; the database keeps their past, and none is deleted.

A fact tells what the source, or MAPO itself, says beside the numbered items, and which items it concerns.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from audit.acts import changed_fields, jsonable, require, require_reason
from audit.errors import NotNow
from audit.services import record
from privacy.checks import check_identities
from recommendations.models import Cycle, CycleFact, CycleFactItem, Item
from recommendations.permissions import may_keep_cycles

#: The texts of a fact that are looked at for identities.
FACT_TEXTS = ("title_ms", "title_en", "text_ms", "text_en", "source_ms", "source_en")

_CHANGED_MEANWHILE = gettext_lazy(
    "Somebody else changed this fact meanwhile. Nothing was saved: your text is kept here; open the page again in another "
    "tab to see what it is now."
)


@dataclass(frozen=True, kw_only=True)
class WrittenFact:
    """What an administrator writes of a fact; without a source it is MAPO's own. `items` are ids of items of its cycle."""

    kind: str
    happened_on: date | None
    title_ms: str
    title_en: str
    text_ms: str
    text_en: str
    source_ms: str
    source_en: str
    items: frozenset[int]

    @classmethod
    def of(cls, fact: CycleFact) -> WrittenFact:
        """Return what a fact says now (one query)."""
        items = frozenset(fact.item_links.values_list("item_id", flat=True))
        return cls(**{name: getattr(fact, name) for name in _COLUMNS}, items=items)

    @property
    def columns(self) -> dict[str, Any]:
        """Return the values of the fact's own columns."""
        return {name: getattr(self, name) for name in _COLUMNS}

    @property
    def mark(self) -> str:
        """Return a text that differs wherever a value does."""
        return repr([*map(str, self.columns.values()), sorted(self.items)])


_COLUMNS = ("kind", "happened_on", *FACT_TEXTS)


@transaction.atomic
def add_fact(
    cycle: Cycle,
    *,
    content: WrittenFact,
    reason: str,
    identities_reason: str = "",
    actor: User,
    now: datetime,
) -> CycleFact:
    """Enter a fact of an open cycle, with a reason.

    Raises `NotNow` in a closed cycle and for items of another one; `IdentitiesFound` as `check_identities` does.
    """
    require(may_keep_cycles(actor))
    cycle = Cycle.objects.held_editable(cycle)
    reason = require_reason(reason)
    identities = _identities(content, reason=reason, identities_reason=identities_reason)
    items = _items(cycle, content.items)
    facts: dict[str, Any] = {"reason": reason, "facts": identities.trail_facts, "actor": actor, "now": now}
    return enter_fact(cycle, values=content.columns, items=items, **facts)


def enter_fact(
    cycle: Cycle,
    *,
    values: Mapping[str, Any],
    items: Collection[Item],
    key: str = "",
    reason: str = "",
    facts: Mapping[str, Any] | None = None,
    actor: User | None,
    now: datetime,
) -> CycleFact:
    """Write a fact with its items and its Event; call it inside a transaction.

    `key` is its name in the cycle's file, `facts` are added to the Event; `actor` is None for a command.
    """
    fact = CycleFact.objects.create(cycle=cycle, key=key, **values)
    CycleFactItem.objects.bulk_create([CycleFactItem(fact=fact, item=item) for item in items])
    after = {**values, "items": [str(item) for item in items], **(facts or {})}
    _record(fact, "fact.added", actor=actor, now=now, after=after, reason=reason)
    return fact


@transaction.atomic
def change_fact(
    fact: CycleFact,
    *,
    content: WrittenFact,
    seen: str,
    reason: str,
    identities_reason: str = "",
    actor: User,
    now: datetime,
) -> CycleFact:
    """Set what a fact says and which items it concerns, with a reason; the database keeps what held before.

    `seen` is the mark of the content that the person saw. Raises `NotNow` when it changed since, when nothing would
    change, and for what `add_fact` refuses; `IdentitiesFound` as `check_identities` does.
    """
    require(may_keep_cycles(actor))
    fact = _locked(fact)
    reason = require_reason(reason)
    identities = _identities(content, reason=reason, identities_reason=identities_reason)
    held = WrittenFact.of(fact)
    if held.mark != seen:
        raise NotNow(_CHANGED_MEANWHILE)
    items = _items(fact.cycle, content.items)
    before, after = changed_fields(fact, content.columns)
    if not after and content.items == held.items:
        raise NotNow(_("The fact already says this. Nothing was changed."))
    for name, value in after.items():
        setattr(fact, name, value)
    if after:
        fact.save(update_fields=[*after])
    if content.items != held.items:
        before["items"] = [str(link.item) for link in fact.item_links.select_related("item")]
        after["items"] = [str(item) for item in items]
        fact.item_links.exclude(item_id__in=content.items).delete()
        added = [item for item in items if item.pk not in held.items]
        CycleFactItem.objects.bulk_create([CycleFactItem(fact=fact, item=item) for item in added])
    after |= identities.trail_facts
    _record(fact, "fact.changed", actor=actor, now=now, before=before, after=after, reason=reason)
    return fact


@transaction.atomic
def withdraw_fact(
    fact: CycleFact, *, reason: str, identities_reason: str = "", actor: User, now: datetime
) -> CycleFact:
    """Take a fact from the pages, with a reason; it is kept. Withdrawing twice withdraws once."""
    require(may_keep_cycles(actor))
    fact = _locked(fact)
    if fact.withdrawn_at is not None:
        return fact
    reason = require_reason(reason)
    identities = check_identities({"reason": reason}, reason=identities_reason)
    fact.withdrawn_at = now
    fact.save(update_fields=["withdrawn_at"])
    after = {"withdrawn_at": now, **identities.trail_facts}
    _record(fact, "fact.withdrawn", actor=actor, now=now, after=after, reason=reason)
    return fact


def _locked(fact: CycleFact) -> CycleFact:
    """Return the fact as it is now, locked until the transaction ends; `NotNow` when its cycle is closed."""
    locked = CycleFact.objects.select_for_update(no_key=True, of=("self",)).select_related("cycle")
    current = locked.get(pk=fact.pk)
    current.cycle = Cycle.objects.held_editable(current.cycle)
    return current


def _identities(content: WrittenFact, *, reason: str, identities_reason: str) -> Any:
    typed = {name: getattr(content, name) for name in FACT_TEXTS}
    return check_identities({"reason": reason, **typed}, reason=identities_reason)


def _items(cycle: Cycle, ids: Collection[int]) -> list[Item]:
    """Return these items in the order of the report. Raises `NotNow` when one is not of the cycle."""
    items = list(Item.objects.filter(cycle=cycle, pk__in=ids).in_order())
    if len(items) != len(ids):
        raise NotNow(_("A fact concerns items of its own cycle alone. Nothing was changed."))
    return items


def _record(
    fact: CycleFact,
    action: str,
    *,
    actor: User | None,
    now: datetime,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any],
    reason: str,
) -> None:
    record(
        action=action,
        actor=actor,
        obj=fact,
        label=f"{fact.title_ms} · {fact.cycle.year}",
        before=jsonable(before),
        after=jsonable(after),
        reason=reason,
        now=now,
    )
