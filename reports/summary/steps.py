"""Planned steps as they stood on the day, as a reader may see them: their agency and MAPO, MAPO's own MAPO alone.

A step is read from its versions, so that a later change, its end or its being done moves no former day.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from typing import TYPE_CHECKING

from audit.clock import local_date
from recommendations.models import Action, ActionVersion
from reports.summary.rows import ReportedStep

if TYPE_CHECKING:
    from datetime import date

    from reports.summary.content import SummaryContent


def read_steps(content: SummaryContent) -> tuple[ReportedStep, ...]:
    """Return the steps that had been planned by the end of the day, in the order of the items (one query).

    Of an item: by agency, MAPO's own last, soonest first; also those that were done or cancelled.
    """
    selection = content.selection
    seen = Action.objects.visible_to(content.reader).filter(item_id__in=list(content.item_keys))
    if selection.agency:
        seen = seen.filter(agency_id__in=content.agency_ids, is_mapo=False)
    versions = ActionVersion.objects.filter(action__in=seen, began_at__lt=selection.before)
    ordered = versions.select_related("action").order_by("action_id", "began_at", "pk")
    steps = [_step(list(group), content) for _pk, group in groupby(ordered, key=lambda each: each.action_id)]
    places = {key: place for place, key in enumerate(content.item_keys.values())}
    return tuple(
        sorted(steps, key=lambda step: (places[step.item], step.is_mapo, step.code, step.due_on, step.number))
    )


def _step(versions: list[ActionVersion], content: SummaryContent) -> ReportedStep:
    """Return a step from its versions up to the day, oldest first."""
    newest, step = versions[-1], versions[0].action
    is_open = newest.done_on is None and newest.cancelled_at is None
    late_days = (content.selection.day - newest.due_on).days
    return ReportedStep(
        number=step.pk,
        item=content.item_keys[step.item_id],
        code="" if step.is_mapo else content.agencies[step.agency_id].code,
        is_mapo=step.is_mapo,
        is_decision=step.is_decision,
        text=newest.text,
        planned_on=local_date(step.created_at),
        due_days=_distinct(version.due_on for version in versions),
        done_on=newest.done_on,
        cancelled_on=local_date(newest.cancelled_at) if newest.cancelled_at else None,
        cancelled_reason=newest.cancelled_reason,
        changed_reason=newest.changed_reason,
        late_days=late_days if is_open and late_days > 0 else None,
    )


def _distinct(days: Iterable[date]) -> tuple[date, ...]:
    """Return the days without those that repeat the one before."""
    return tuple(day for day, _same in groupby(days))
