"""Why a rule would never do what it says. The form, the cycle file and the services all ask here."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from recommendations.models import Cycle
from recommendations.working_days import count_working_days
from reminders.kinds import CYCLE_DATES, CYCLE_KINDS, EVENT_KINDS, MAPO_KINDS, RULE_KINDS, ReminderKind
from reminders.states import MAX_RULE_DAYS, Audience
from ui.form_snapshot import Marked

#: What makes two rules twins: the date, who is told first, and when.
TwinKey = tuple[str, str, int]
#: Reasons by the name of the value that they are shown at.
Problems = dict[str, str]


@dataclass(frozen=True, kw_only=True)
class RuleValues(Marked):
    """What a rule says, apart from its cycle and whether it is on. Days are working days; see `ReminderRule`."""

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
        """The key that two rules share which tell the same people the same thing on the same day."""
        return self.what, self.audience, self.first_days

    @property
    def last_days(self) -> int | None:
        """The day of the last repeat: the first day if nothing is repeated, None if there is no end."""
        if self.every_days is None:
            return self.first_days
        return None if self.times is None else self.first_days + self.every_days * self.times


def has_mapo() -> bool:
    """Return whether anybody at MAPO can be told (one query)."""
    return User.objects.working_at_mapo().exists()


def find_problems(
    rule: RuleValues, *, cycle: Cycle, twins: Iterable[TwinKey] = (), has_mapo: bool = True
) -> Problems:
    """Return what is wrong with a rule, in the reader's language; empty when it does what it says.

    `twins` are the keys of the other rules that are on; `has_mapo` says whether anybody at MAPO can be told.
    """
    found = _number_problems(rule)
    if found:
        return found
    return (
        _audience_problems(rule, has_mapo=has_mapo)
        | _first_problems(rule, cycle=cycle, twins=frozenset(twins))
        | _repeat_problems(rule)
        | _escalation_problems(rule)
    )


def _number_problems(rule: RuleValues) -> Problems:
    """Return values that no rule can have."""
    found = {}
    if rule.what not in RULE_KINDS:
        found["what"] = _("Choose the date that the rule is about.")
    if rule.audience not in Audience.values:
        found["audience"] = _("Choose who is told first.")
    for name in ("first_days", "coordinator_days", "mapo_days"):
        if not -MAX_RULE_DAYS <= (getattr(rule, name) or 0) <= MAX_RULE_DAYS:
            found[name] = _("At most %(most)s working days before or after.") % {"most": MAX_RULE_DAYS}
    for name in ("every_days", "times"):
        value = getattr(rule, name)
        if value is not None and not 1 <= value <= MAX_RULE_DAYS:
            found[name] = _("A whole number from 1 to %(most)s.") % {"most": MAX_RULE_DAYS}
    return found


def _audience_problems(rule: RuleValues, *, has_mapo: bool) -> Problems:
    if rule.what in MAPO_KINDS and rule.audience != Audience.MAPO:
        return {"audience": _("Only MAPO can act on this: choose MAPO.")}
    if not has_mapo and (rule.audience == Audience.MAPO or rule.mapo_days is not None):
        name = "audience" if rule.audience == Audience.MAPO else "mapo_days"
        return {name: _("Nobody at MAPO is active, so nobody would be told.")}
    return {}


def _first_problems(rule: RuleValues, *, cycle: Cycle, twins: frozenset[TwinKey]) -> Problems:
    reason = _never_fires(rule, cycle=cycle)
    if not reason and rule.twin_key in twins:
        reason = _(
            "Another active rule reminds the same people of the same date on the same day. Change that one."
        )
    return {"first_days": reason} if reason else {}


def _never_fires(rule: RuleValues, *, cycle: Cycle) -> str:
    """Return why the first time never comes, or an empty string."""
    days = rule.first_days
    if rule.what in EVENT_KINDS and days < 0:
        return _(
            "This rule never applies: nobody can know of this before it happens. Choose 0 or a day after it."
        )
    if rule.what in CYCLE_KINDS:
        return _never_fires_in_cycle(rule, cycle=cycle)
    if rule.what == ReminderKind.UPDATE_DUE and days < 0 and calendar_days(-days) >= cycle.cadence_days:
        words = {"cadence": cycle.cadence_days, "least": calendar_days(-days)}
        return (
            _(
                "This rule would come too late: that many working days are %(least)s days or more, and "
                "updates are due every %(cadence)s days. Choose fewer."
            )
            % words
        )
    return ""


def _never_fires_in_cycle(rule: RuleValues, *, cycle: Cycle) -> str:
    days = rule.first_days
    if days > 0:
        return _(
            "This rule never applies: the date comes once, and nothing can be done after it. Choose 0 or "
            "a day before."
        )
    day: date = getattr(cycle, CYCLE_DATES[rule.what])
    room = count_working_days(cycle.window_start - timedelta(days=1), day - timedelta(days=1))
    if -days <= room:
        return ""
    words = {"room": room}
    return (
        ngettext(
            "This rule never applies: the day is before the window starts. Choose at most %(room)s "
            "working day.",
            "This rule never applies: the day is before the window starts. Choose at most %(room)s "
            "working days.",
            room,
        )
        % words
    )


def _repeat_problems(rule: RuleValues) -> Problems:
    if rule.times is not None and rule.every_days is None:
        return {
            "every_days": _(
                "Enter after how many working days to repeat, or leave the number of repeats empty."
            )
        }
    if rule.what not in CYCLE_KINDS or rule.every_days is None:
        return {}
    if rule.times is None:
        return {"times": _("Enter how many more times: there are no reminders after the date.")}
    if rule.last_days is not None and rule.last_days > 0:
        return {"times": _("The last repeat would fall after the date, when there are no more reminders.")}
    return {}


def _escalation_problems(rule: RuleValues) -> Problems:
    """Return what is wrong with who else is told: escalations go up the ladder, never before what they escalate."""
    found = {"coordinator_days": _coordinator_problem(rule), "mapo_days": _mapo_problem(rule)}
    if rule.what in CYCLE_KINDS:
        for name in found:
            if (getattr(rule, name) or 0) > 0:
                found[name] = _("This rule never applies: there are no reminders after the date.")
    return {name: reason for name, reason in found.items() if reason}


def _coordinator_problem(rule: RuleValues) -> str:
    days = rule.coordinator_days
    if days is None:
        return ""
    if rule.audience != Audience.RESPONSIBLE:
        return _(
            "The escalation reaches nobody new: it goes to coordinators only if responsible officers are "
            "reminded first."
        )
    if days < rule.first_days:
        return _("The coordinators would be told before the first time. Choose a later day.")
    return ""


def _mapo_problem(rule: RuleValues) -> str:
    days = rule.mapo_days
    if days is None:
        return ""
    if rule.audience == Audience.MAPO:
        return _("The escalation reaches nobody new: MAPO is already reminded the first time.")
    if days < rule.first_days:
        return _("MAPO would be told before the first time. Choose a later day.")
    if rule.coordinator_days is not None and days < rule.coordinator_days:
        return _("MAPO would be told before the coordinators. Choose a later day.")
    return ""


def calendar_days(working_days: int) -> int:
    """Return the least number of calendar days that hold so many working days, with weekends of two days."""
    return working_days + 2 * (working_days // 5)
