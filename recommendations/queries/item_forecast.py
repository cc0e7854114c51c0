"""What the state of an item becomes if agencies lead, support, come or go: shown to MAPO before it does it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from recommendations.models import Assignment, ItemOverride
from recommendations.rollup import ItemState, Override, Verdict, roll_up_all
from recommendations.states import AssignmentRole

#: In the place of a role: the agency is on the item no more.
GONE = ""


@dataclass(frozen=True)
class ItemForecast:
    """The state of an item now, and as it would be."""

    now: ItemState
    then: ItemState

    @property
    def is_change(self) -> bool:
        """Whether status, percentage or what it waits for would differ; under a status set by MAPO, the verdicts alone."""
        return _verdicts_of(self.now) != _verdicts_of(self.then)

    @property
    def words(self) -> str:
        """ "The status of the item changes from “In progress, 30%” to “No action, 0%”."."""
        states = {"now": _verdicts_of(self.now), "then": _verdicts_of(self.then)}
        if not self.is_change:
            return _("The status of the item stays as it is: %(now)s.") % {"now": self.now.words}
        if self.now.override:
            return (
                _(
                    "The status that MAPO set stays. The agencies’ verdicts alone would give “%(then)s” "
                    "instead of “%(now)s”."
                )
                % states
            )
        return _("The status of the item changes from “%(now)s” to “%(then)s”.") % states


def _verdicts_of(state: ItemState) -> str:
    return (state.beneath or state).words


class ItemForecasts:
    """The agencies of some items with their verdicts, read once (two queries), to ask what becomes of each item."""

    def __init__(self, item_ids: Iterable[int]) -> None:
        ids = set(item_ids)
        self._rows: dict[int, list[Any]] = defaultdict(list)
        rows = Assignment.objects.filter(item__in=ids).select_related("agency", "outcome").order_by("pk")
        for row in rows:
            self._rows[row.item_id].append(row)
        standing = ItemOverride.objects.standing().filter(item__in=ids).order_by("pk")
        self._overrides = {
            row.item_id: Override(row.status, row.percent, row.reason, row.set_at) for row in standing
        }

    def of(
        self, item_id: int, *, roles: Mapping[int, str] | None = None, added: Iterable[Assignment] = ()
    ) -> ItemForecast:
        """Return what becomes of an item with these roles, by assignment (`GONE` takes one away), and with new agencies."""
        rows, override = self._rows[item_id], self._overrides.get(item_id)
        now = {row.pk: row.role for row in rows if row.is_confirmed}
        coming = [(each.is_lead, Verdict(each.agency.code)) for each in added]
        return ItemForecast(
            roll_up_all(_parts(rows, now), override=override),
            roll_up_all([*_parts(rows, now | dict(roles or {})), *coming], override=override),
        )


def _parts(rows: Iterable[Any], roles: Mapping[int, str]) -> Iterator[tuple[bool, Verdict]]:
    """Return the verdicts of those that have a role, and whether each leads."""
    for row in rows:
        if role := roles.get(row.pk):
            outcome = row.outcome
            yield role == AssignmentRole.LEAD, Verdict(row.agency.code, outcome.status, outcome.percent)
