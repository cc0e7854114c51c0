"""MAPO says what is counted: a new indicator, and changes of a definition, each with a reason."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import fields
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from audit.acts import require, require_reason
from audit.errors import BadValue, NotNow
from audit.models import Event
from audit.services import audit_type_of, record
from indicators.definition import TEXTS, Definition
from indicators.models import Dimension, Figure, Indicator, IndicatorDimension, IndicatorItem
from indicators.permissions import may_define_indicators
from indicators.states import CODE_LENGTH
from privacy.checks import IdentityNote, check_identities
from recommendations.models import Cycle, Item

#: The actions of the Events about definitions.
ADDED, CHANGED = "indicator.added", "indicator.changed"
#: As the codes of a cycle's file are written.
_CODE = re.compile(r"[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*")

_CHANGED_MEANWHILE = _(
    "Somebody else changed this indicator meanwhile. Nothing was saved: your text is kept here; open the page again in "
    "another tab to see what it is now."
)
_UNIT_STAYS = _(
    "This indicator has figures, which count in the present unit. Add another indicator for another unit."
)


def definition_of(indicator: Indicator) -> Definition:
    """Return an indicator's definition as it is now (one query, and one for its agency)."""
    columns = {
        each.name: getattr(indicator, each.name) for each in fields(Definition) if each.name != "items"
    }
    return Definition(**columns, items=_open_items(indicator))


def _open_items(indicator: Indicator) -> frozenset[int]:
    links = IndicatorItem.objects.filter(indicator=indicator, item__cycle__closed_at=None)
    return frozenset(links.values_list("item_id", flat=True))


@transaction.atomic
def add_indicator(
    *,
    code: str,
    dimensions: Collection[Dimension],
    definition: Definition,
    reason: str,
    identities_reason: str = "",
    actor: User,
    now: datetime,
) -> Indicator:
    """Add an indicator under a code that stays, broken down by these dimensions; it comes last in lists.

    Codes are written in capital letters, as in a cycle's file.

    Raises `BadValue` for a code that is taken or cannot be one, and as `change_indicator` does.
    """
    require(may_define_indicators(actor))
    reason = require_reason(reason)
    code = code.strip().upper()
    _require_code(code)
    _require_possible(definition)
    identities = _checked(definition, reason, identities_reason)
    last = Indicator.objects.aggregate(last=Max("position"))["last"] or 0
    try:
        with transaction.atomic():
            indicator = Indicator.objects.create(code=code, position=last + 1, **definition.columns)
    except IntegrityError as error:
        raise BadValue(_("Another indicator has this code. Choose another."), field="code") from error
    IndicatorDimension.objects.bulk_create(
        IndicatorDimension(indicator=indicator, dimension=dimension) for dimension in dimensions
    )
    _link(indicator, add=definition.items, remove=())
    after = definition.facts | {"broken_down_by": sorted(dimension.code for dimension in dimensions)}
    _record(indicator, ADDED, None, after, identities, reason=reason, actor=actor, now=now)
    return indicator


@transaction.atomic
def change_indicator(
    indicator: Indicator,
    *,
    definition: Definition,
    seen: str,
    reason: str,
    identities_reason: str = "",
    actor: User,
    now: datetime,
) -> bool:
    """Give an indicator another definition, with a reason; return whether anything changed. What it was stays answerable.

    `seen` is the `mark` of the definition that the person saw. Raises `NotNow` when it changed since and for items of a
    closed cycle; `BadValue` for what cannot be, such as another unit where figures exist; and `IdentitiesFound` as
    `check_identities` does.
    """
    require(may_define_indicators(actor))
    indicator = Indicator.objects.locked(indicator)
    reason = require_reason(reason)
    held = definition_of(indicator)
    before, after = _differences(held, definition)
    if not after:
        return False
    if seen != held.mark:
        raise NotNow(_CHANGED_MEANWHILE)
    _require_possible(definition, held=held)
    if "unit" in after and Figure.objects.filter(series__indicator=indicator).exists():
        raise BadValue(_UNIT_STAYS, field="unit")
    identities = _checked(definition, reason, identities_reason)
    for name, value in definition.columns.items():
        setattr(indicator, name, value)
    indicator.save(update_fields=[*definition.columns])
    _link(indicator, add=definition.items - held.items, remove=held.items - definition.items)
    _record(indicator, CHANGED, before, after, identities, reason=reason, actor=actor, now=now)
    return True


def waits_for_opening(indicator: Indicator) -> bool:
    """Whether a file brought it for a cycle that is not opened: it is not in use, and nobody has said that it shall not be."""
    about = Event.objects.about(audit_type_of(Indicator), indicator.pk)
    return not indicator.is_active and not about.exists()


def breakdown_name(indicator: Indicator, dimension: Dimension) -> str:
    """Return what a breakdown that waits for the opening of a cycle is called, as `take_into_use` reads it."""
    return f"{indicator.code} {dimension.code}"


@transaction.atomic
def take_into_use(waiting: Iterable[str], *, actor: User | None, now: datetime) -> None:
    """Let agencies be asked for what waited for the opening of a cycle: indicators by code, and breakdowns of others.

    What administrators decided about an indicator meanwhile holds.
    """
    for name in waiting:
        code, _space, dimension = name.partition(" ")
        indicator = Indicator.objects.get(code=code)
        if dimension:
            link = IndicatorDimension(indicator=indicator, dimension=Dimension.objects.get(code=dimension))
            IndicatorDimension.objects.bulk_create([link], ignore_conflicts=True)
        elif waits_for_opening(indicator):
            indicator.is_active = True
            indicator.save(update_fields=["is_active"])
            about: dict[str, Any] = {"label": indicator.code, "agency_id": indicator.agency_id}
            change: dict[str, Any] = {"before": {"is_active": False}, "after": {"is_active": True}}
            record(action=CHANGED, actor=actor, obj=indicator, now=now, **about, **change)


def _differences(held: Definition, wanted: Definition) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return (before, after) of what would change, as the log holds it."""
    before, after = held.facts, wanted.facts
    changed = [name for name in after if before[name] != after[name]]
    return {name: before[name] for name in changed}, {name: after[name] for name in changed}


def _require_code(code: str) -> None:
    if not _CODE.fullmatch(code) or len(code) > CODE_LENGTH:
        raise BadValue(
            _(
                "Begin with a letter; use at most %(most)s capital letters and digits, with single underscores between "
                "words."
            )
            % {"most": CODE_LENGTH},
            field="code",
        )


def _require_possible(definition: Definition, *, held: Definition | None = None) -> None:
    """Refuse what is missing or too long, and an agency that is not active unless it answers already."""
    for name, most in TEXTS.items():
        text = definition.columns[name]
        if not text:
            raise BadValue(_("Give it in both languages."), field=name)
        if len(text) > most:
            raise BadValue(_("Use at most %(most)s characters.") % {"most": most}, field=name)
    agency = definition.agency
    if agency and not agency.is_active and (held is None or held.agency != agency):
        raise BadValue(_("This agency is not active. Choose another."), field="agency")


def _checked(definition: Definition, reason: str, identities_reason: str) -> IdentityNote:
    texts = {name: definition.columns[name] for name in TEXTS}
    return check_identities({"reason": reason, **texts}, reason=identities_reason)


def _link(indicator: Indicator, *, add: Iterable[int], remove: Iterable[int]) -> None:
    """Let an indicator speak to some items and no longer to others; their cycles must be open, and are held so."""
    added, removed = sorted(add), sorted(remove)
    for cycle in Cycle.objects.filter(items__in=[*added, *removed]).distinct().order_by("pk"):
        Cycle.objects.held_open(cycle)
    if Item.objects.filter(pk__in=added).count() != len(added):
        raise BadValue(_("One of these items does not exist."), field="items")
    IndicatorItem.objects.filter(indicator=indicator, item_id__in=removed).delete()
    IndicatorItem.objects.bulk_create(IndicatorItem(indicator=indicator, item_id=pk) for pk in added)


def _record(
    indicator: Indicator,
    action: str,
    before: dict[str, Any] | None,
    after: dict[str, Any],
    identities: IdentityNote,
    *,
    reason: str,
    actor: User,
    now: datetime,
) -> None:
    record(
        action=action,
        actor=actor,
        obj=indicator,
        label=indicator.code,
        agency_id=indicator.agency_id,
        before=before,
        after=after | identities.trail_facts,
        reason=reason,
        now=now,
    )
