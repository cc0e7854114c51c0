"""What a page shows of an indicator's target: the number for everybody, its reason and pace for those concerned."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime

from accounts.models import User
from audit.clock import end_of_day
from indicators.models import Figure, Indicator, Target
from indicators.numbers import amount
from indicators.pace import Given, Pace, pace_of
from indicators.pace_words import pace_text
from indicators.permissions import may_read_pace, may_set_targets
from indicators.states import PeriodKind
from recommendations.extensions import days_off
from recommendations.models import Cycle, CycleVersion


def read_paces(
    targets: Collection[Target], *, cycle: Cycle, day: date, is_past: bool = False
) -> dict[int, Pace]:
    """Return the pace of each of these targets of a cycle, by target, at the end of a day (two queries, three in the past).

    The targets come with their indicators. For a past day, the window, figures and days off are those of then.
    """
    before = end_of_day(day) if is_past else None
    first, last = _window(cycle, before)
    given = _given(targets, first=first, last=last, before=end_of_day(day))
    off = days_off(before=before)
    return {
        target.pk: pace_of(
            number=target.number,
            due_on=min(target.due_on, last),
            day=day,
            first=first,
            unit=target.indicator.unit,
            is_summed=target.indicator.is_summed,
            given=given.get(target.indicator_id, []),
            off=off,
        )
        for target in targets
    }


def _window(cycle: Cycle, before: datetime | None) -> tuple[date, date]:
    """Return the window as it stood before an instant; as it is now where that is not known."""
    held: Cycle | CycleVersion = cycle
    if before is not None:
        held = CycleVersion.objects.as_at(before).filter(cycle=cycle).first() or cycle
    return held.window_start, held.window_end


def _given(targets: Iterable[Target], *, first: date, last: date, before: datetime) -> dict[int, list[Given]]:
    """Return what was reported for months of the window by indicator, in the order of months (one query)."""
    figures = Figure.objects.as_at(before).filter(
        series__indicator_id__in={target.indicator_id for target in targets},
        series__key="",
        source=None,
        period_kind=PeriodKind.MONTH,
        begins_on__gte=first,
        ends_on__lte=last,
    )
    found: dict[int, list[Given]] = {}
    columns = ("series__indicator_id", "begins_on", "ends_on", "value", "is_partial")
    for indicator_id, *values in figures.order_by("begins_on", "pk").values_list(*columns):
        found.setdefault(indicator_id, []).append(Given(*values))
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetPanel:
    """The target of an indicator in a cycle at the end of a day (None without one).

    `reason`, `pace_text` and `percent` are empty for readers whom they do not concern. `percent` is the share reached, at
    most 100.
    """

    indicator: Indicator
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


def read_target_panel(
    indicator: Indicator, cycle: Cycle, *, person: User, day: date, is_past: bool = False
) -> TargetPanel:
    """Return what a person may read of the target that held at the end of a day (four queries at most).

    `day` is today, or with `is_past` an earlier day, of which the page then speaks.
    """
    targets = Target.objects.visible_to(person).filter(indicator=indicator, cycle=cycle)
    target = (targets.as_at(end_of_day(day)) if is_past else targets.standing()).first()
    may_set = may_set_targets(person) and not is_past and not cycle.is_closed
    if target is None:
        return TargetPanel(indicator=indicator, cycle=cycle, target=None, may_set=may_set)
    target.indicator, target.cycle = indicator, cycle
    is_concerned = may_read_pace(person, indicator)
    pace = read_paces([target], cycle=cycle, day=day, is_past=is_past)[target.pk] if is_concerned else None
    return TargetPanel(
        indicator=indicator,
        cycle=cycle,
        target=target,
        number_text=amount(target.number, indicator.unit),
        reason=target.reason if is_concerned else "",
        pace_text=pace_text(pace) if pace else "",
        percent=pace.percent if pace else None,
        may_set=may_set,
    )
