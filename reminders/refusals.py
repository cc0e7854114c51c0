"""Why a rule would never do what it says. The form, the cycle file and the services all ask here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Protocol

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from recommendations.queries.window_clock import CycleWindowDates
from recommendations.working_days import count_working_days
from reminders.models import MOST_DAYS
from reminders.states import COUNTED_FROM_AN_ACT, OF_MAPO, OF_THE_CYCLE, RULED, Step, What
from ui.form_snapshot import Marked

#: What makes two rules twins: date, who is told first, and when.
TwinKey = tuple[str, str, int]


@dataclass(frozen=True, kw_only=True)
class RuleValues(Marked):
    """What a rule says, apart from its cycle and from whether it is on. Days are working days; see `ReminderRule`."""

    what: str
    audience: str
    first_days: int
    every_days: int | None = None
    times: int | None = None
    coordinator_days: int | None = None
    mapo_days: int | None = None
    is_urgent: bool = False

    @property
    def twin_key(self) -> TwinKey:
        """Two rules with the same key would say the same thing to the same people on the same day."""
        return self.what, self.audience, self.first_days

    @property
    def last_days(self) -> int | None:
        """The day of the last repeat; the first day where nothing is repeated, None where it has no end."""
        if self.every_days is None:
            return self.first_days
        return None if self.times is None else self.first_days + self.every_days * self.times


class Dates(CycleWindowDates, Protocol):
    """What rules need to know of a cycle: one that is kept, or one that is still in its file."""

    @property
    def cadence_days(self) -> int: ...


#: Problems by the name of the value that they are told at.
Problems = dict[str, str]


def problems_of(
    rule: RuleValues,
    *,
    cycle: Dates,
    twins: Iterable[TwinKey] = (),
    has_mapo: bool = True,
) -> Problems:
    """What is wrong with a rule, in the reader's words, by the value; empty when it does what it says.

    `twins` are the keys of the other rules that are on; `has_mapo` says whether anybody at MAPO is active.
    """
    return _number_problems(rule) or _audience_problems(rule, has_mapo=has_mapo) | _first_problems(
        rule, cycle=cycle, twins=frozenset(twins)
    ) | _repeat_problems(rule) | _escalation_problems(rule)


def _number_problems(rule: RuleValues) -> Problems:
    """Numbers and words that no rule can have."""
    found = {}
    if rule.what not in RULED:
        found["what"] = _("Choose the date that the rule is about.")
    if rule.audience not in Step.values:
        found["audience"] = _("Choose who is told first.")
    for name in ("first_days", "coordinator_days", "mapo_days"):
        value = getattr(rule, name)
        if value is not None and abs(value) > MOST_DAYS:
            found[name] = _("At most %(most)s working days before or after.") % {"most": MOST_DAYS}
    for name in ("every_days", "times"):
        value = getattr(rule, name)
        if value is not None and not 1 <= value <= MOST_DAYS:
            found[name] = _("A whole number from 1 to %(most)s.") % {"most": MOST_DAYS}
    return found


def _audience_problems(rule: RuleValues, *, has_mapo: bool) -> Problems:
    if rule.what in OF_MAPO and rule.audience != Step.MAPO:
        return {"audience": _("This waits at MAPO and is nobody else's to do: choose MAPO.")}
    if not has_mapo and (rule.audience == Step.MAPO or rule.mapo_days is not None):
        name = "audience" if rule.audience == Step.MAPO else "mapo_days"
        return {name: _("Nobody at MAPO is active, so nobody would be told.")}
    return {}


def _first_problems(rule: RuleValues, *, cycle: Dates, twins: frozenset[TwinKey]) -> Problems:
    reason = _never_fires(rule, cycle=cycle)
    if not reason and rule.twin_key in twins:
        reason = _(
            "Another rule that is on tells the same people of the same date on the same day. Change that one."
        )
    return {"first_days": reason} if reason else {}


def _never_fires(rule: RuleValues, *, cycle: Dates) -> str:
    """Why the first time never comes; empty when it can."""
    days = rule.first_days
    if rule.what in COUNTED_FROM_AN_ACT and days < 0:
        return _("It never fires: nobody can know of this before it happens. Choose 0 or a day after it.")
    if rule.what in OF_THE_CYCLE:
        return _never_fires_in_cycle(rule, cycle=cycle)
    if rule.what == What.UPDATE_DUE and days < 0 and least_length(-days) >= cycle.cadence_days:
        words = {"cadence": cycle.cadence_days, "least": least_length(-days)}
        return (
            _(
                "It never fires in time: so many working days are %(least)s days or more, and updates follow one "
                "another every %(cadence)s days. Choose fewer."
            )
            % words
        )
    return ""


def _never_fires_in_cycle(rule: RuleValues, *, cycle: Dates) -> str:
    days = rule.first_days
    if days > 0:
        return _(
            "It never fires: the date comes once, and after it nothing can be done for it. Choose 0 or before."
        )
    room = count_working_days(
        cycle.window_start - timedelta(days=1), day_of(rule.what, cycle) - timedelta(days=1)
    )
    if -days <= room:
        return ""
    words = {"room": room}
    return (
        ngettext(
            "It never fires: the day lies before the window begins. At most %(room)s working day lies between.",
            "It never fires: the day lies before the window begins. At most %(room)s working days lie between.",
            room,
        )
        % words
    )


def _repeat_problems(rule: RuleValues) -> Problems:
    if rule.times is not None and rule.every_days is None:
        return {"every_days": _("Say after how many working days it is said again, or leave out how often.")}
    if rule.what not in OF_THE_CYCLE or rule.every_days is None:
        return {}
    if rule.times is None:
        return {"times": _("Say how many times more: the date passes, and nothing is said of it afterwards.")}
    if rule.last_days is not None and rule.last_days > 0:
        return {"times": _("The last time would fall after the date, when nothing is said of it any more.")}
    return {}


def _escalation_problems(rule: RuleValues) -> Problems:
    """Escalations go up the ladder, and never before what they escalate."""
    found = {}
    coordinator, mapo = rule.coordinator_days, rule.mapo_days
    if coordinator is not None and rule.audience != Step.RESPONSIBLE:
        found["coordinator_days"] = _(
            "It escalates to nobody new: the coordinators are told only where the responsible officers were first."
        )
    elif coordinator is not None and coordinator < rule.first_days:
        found["coordinator_days"] = _(
            "The coordinators would be told before the first time. Choose a later day."
        )
    if mapo is not None and rule.audience == Step.MAPO:
        found["mapo_days"] = _("It escalates to nobody new: MAPO is told from the first time on.")
    elif mapo is not None and mapo < rule.first_days:
        found["mapo_days"] = _("MAPO would be told before the first time. Choose a later day.")
    elif mapo is not None and coordinator is not None and mapo < coordinator:
        found["mapo_days"] = _("MAPO would be told before the coordinators. Choose a later day.")
    if rule.what in OF_THE_CYCLE:
        for name, value in (("coordinator_days", coordinator), ("mapo_days", mapo)):
            if value is not None and value > 0:
                found[name] = _("It never fires: after the date nothing is said of it any more.")
    return found


def day_of(what: str, cycle: Dates) -> date:
    """The day of one of a cycle's own dates."""
    days: Mapping[str, date] = {
        What.INTERIM: cycle.interim_on,
        What.WINDOW_END: cycle.window_end,
        What.SUBMISSION: cycle.submission_on,
    }
    return days[what]


def least_length(working_days: int) -> int:
    """How many days of the calendar so many working days are at least, weekends of two days between."""
    return working_days + 2 * (working_days // 5)
