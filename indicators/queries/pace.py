"""What a page shows of an indicator's target: the number for everybody, its reason and pace for those concerned."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from django.db.models import OuterRef, Subquery
from django.db.models.functions import Coalesce

from accounts.models import User
from audit.clock import end_of_day
from indicators.models import Figure, Target
from indicators.numbers import amount
from indicators.pace import Counted, Given, Pace, adds_up, pace_of
from indicators.pace_words import pace_text
from indicators.permissions import may_read_pace, may_set_targets
from indicators.states import PeriodKind
from recommendations.extensions import days_off
from recommendations.models import Cycle, CycleVersion


def read_pace(
    target: Target,
    counted: Counted,
    *,
    day: date,
    is_past: bool = False,
    window: tuple[date, date] | None = None,
) -> Pace:
    """Return the pace of a target at the end of a day (two queries, three in the past where the `window` is not at hand).

    The target comes with its cycle. For a past day, the window, figures and days off are those of then, and so is what
    `counted` says of the indicator.
    """
    before = end_of_day(day) if is_past else None
    first, last = window or window_of(target.cycle, before)
    return pace_of(
        number=target.number,
        due_on=min(target.due_on, last),
        day=day,
        first=first,
        unit=counted.unit,
        is_summed=adds_up(counted),
        given=_given(target.indicator_id, first=first, last=last, before=end_of_day(day)),
        off=days_off(before=before),
    )


def window_of(cycle: Cycle, before: datetime | None) -> tuple[date, date]:
    """Return the window as it stood before an instant; as it is now where that is not known. One query in the past."""
    held: Cycle | CycleVersion = cycle
    if before is not None:
        held = CycleVersion.objects.as_at(before).filter(cycle=cycle).first() or cycle
    return held.window_start, held.window_end


def _given(indicator_id: int, *, first: date, last: date, before: datetime) -> list[Given]:
    """Return what was reported for months of the window, in their order (one query)."""
    figures = Figure.objects.as_at(before).filter(
        series__indicator_id=indicator_id,
        series__key="",
        source=None,
        period_kind=PeriodKind.MONTH,
        begins_on__gte=first,
        ends_on__lte=last,
    )
    rows = figures.order_by("begins_on", "pk").values_list("begins_on", "ends_on", "value", "is_partial")
    return [
        Given(begins, ends, value, is_partial) for begins, ends, value, is_partial in rows if begins and ends
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetPanel:
    """The target of an indicator in a cycle at the end of a day (None without one).

    `reason`, `pace_text` and `percent` are empty for readers whom they do not concern. `percent` is the share reached, at
    most 100.
    """

    code: str
    cycle: Cycle
    target: Target | None
    number_text: str = ""
    reason: str = ""
    pace_text: str = ""
    percent: int | None = None
    may_set: bool = False

    @property
    def is_shown(self) -> bool:
        """Whether there is anything to show: a target, or the way to set one."""
        return self.target is not None or self.may_set


class HeldTarget(NamedTuple):
    """A target, and the window of its cycle, as both stood at the end of a day."""

    target: Target
    window: tuple[date, date]


def read_target_panel(
    counted: Counted, cycle: Cycle, *, person: User, day: date, is_past: bool = False
) -> TargetPanel:
    """Return what a person may read of the target that held at the end of a day (three queries at most).

    `day` is today, or with `is_past` an earlier day, of which the page then speaks: rights are those of now.
    """
    held = find_target(counted.code, cycle, person=person, day=day, is_past=is_past)
    return panel_of(held, counted, cycle, person=person, day=day, is_past=is_past)


def find_target(
    code: str, cycle: Cycle, *, person: User, day: date, is_past: bool = False
) -> HeldTarget | None:
    """Return the target that held at the end of a day, with its indicator; None without one. One query."""
    targets = Target.objects.visible_to(person).filter(indicator__code=code, cycle=cycle)
    if not is_past:
        target = targets.standing().select_related("indicator").first()
        return HeldTarget(target, (cycle.window_start, cycle.window_end)) if target else None
    before = end_of_day(day)
    versions = CycleVersion.objects.as_at(before).filter(cycle=OuterRef("cycle"))
    found = targets.as_at(before).select_related("indicator")
    target = found.annotate(
        first_day=Coalesce(Subquery(versions.values("window_start")[:1]), "cycle__window_start"),
        last_day=Coalesce(Subquery(versions.values("window_end")[:1]), "cycle__window_end"),
    ).first()
    if target is None:
        return None
    first, last = (vars(target)[name] for name in ("first_day", "last_day"))
    return HeldTarget(target, (first, last))


def panel_of(
    held: HeldTarget | None, counted: Counted, cycle: Cycle, *, person: User, day: date, is_past: bool = False
) -> TargetPanel:
    """Return what a person may read of the target that `find_target` found. Two queries at most."""
    may_set = may_set_targets(person) and not is_past and not cycle.is_closed
    if held is None:
        return TargetPanel(code=counted.code, cycle=cycle, target=None, may_set=may_set)
    target = held.target
    target.cycle = cycle
    is_concerned = may_read_pace(person, target.indicator)
    pace = read_pace(target, counted, day=day, is_past=is_past, window=held.window) if is_concerned else None
    return TargetPanel(
        code=counted.code,
        cycle=cycle,
        target=target,
        number_text=amount(target.number, counted.unit),
        reason=target.reason if is_concerned else "",
        pace_text=pace_text(pace) if pace else "",
        percent=pace.percent if pace else None,
        may_set=may_set,
    )
