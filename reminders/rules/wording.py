"""A rule as sentences that say exactly what it does, for list, form, preview, command and history."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from reminders.kinds import CYCLE_KINDS, ReminderKind
from reminders.states import Audience

if TYPE_CHECKING:
    from reminders.models import ReminderRule
    from reminders.rules.checks import RuleValues

Words = str | Promise


class DateWording(NamedTuple):
    """A date in words: so many working days before it, on the day, and so many after it; empty if no rule lies there."""

    before: Words
    on: Words
    after: Words


_WHEN: dict[str, DateWording] = {
    ReminderKind.UPDATE_DUE: DateWording(
        _("%(days)s before an update is due"),
        _("On the day on which an update is due"),
        _("%(days)s after an update was due"),
    ),
    ReminderKind.FINAL_DUE: DateWording(
        _("%(days)s before an assignment is to be completed"),
        _("On the day by which an assignment is to be completed"),
        _("%(days)s after an assignment was to be completed"),
    ),
    ReminderKind.ACTION_DUE: DateWording(
        _("%(days)s before a planned step is due"),
        _("On the day on which a planned step is due"),
        _("%(days)s after a planned step was due"),
    ),
    ReminderKind.RETURNED: DateWording(
        "",
        _("On the day on which MAPO returns an update"),
        _("%(days)s after MAPO returned an update"),
    ),
    ReminderKind.RESUBMIT_DUE: DateWording(
        _("%(days)s before a returned update is to be sent again"),
        _("On the day by which a returned update is to be sent again"),
        _("%(days)s after a returned update was to be sent again"),
    ),
    ReminderKind.LETTER: DateWording(
        "",
        _("On the day on which MAPO enters an update from a letter"),
        _("%(days)s after MAPO entered an update from a letter"),
    ),
    ReminderKind.REVIEW_WAITING: DateWording(
        "",
        _("On the day on which an update is sent to MAPO"),
        _("When an update has waited %(days)s for a decision"),
    ),
    ReminderKind.REQUEST_WAITING: DateWording(
        "",
        _("On the day on which an agency sends MAPO a request"),
        _("When a request has waited %(days)s for an answer"),
    ),
    ReminderKind.INTERIM: DateWording(_("%(days)s before the interim date"), _("On the interim date"), ""),
    ReminderKind.WINDOW_END: DateWording(
        _("%(days)s before the window ends"), _("On the day on which the window ends"), ""
    ),
    ReminderKind.SUBMISSION: DateWording(
        _("%(days)s before the information is due"), _("On the day on which the information is due"), ""
    ),
}

_TOLD_FIRST: dict[str, Words] = {
    Audience.RESPONSIBLE: _("%(when)s, the responsible officers are reminded."),
    Audience.COORDINATOR: _("%(when)s, the coordinators of the agency are reminded."),
    Audience.MAPO: _("%(when)s, MAPO is reminded."),
}
#: Only those who have something left are reminded of the dates of a cycle.
_TOLD_OF_CYCLE: dict[str, Words] = {
    Audience.RESPONSIBLE: _(
        "%(when)s, the responsible officers are reminded, if they have something to complete."
    ),
    Audience.COORDINATOR: _(
        "%(when)s, the coordinators of the agency are reminded, if it has something to complete."
    ),
    Audience.MAPO: _("%(when)s, MAPO is reminded, if anything is left to complete."),
}


def describe_rule(rule: ReminderRule | RuleValues) -> str:
    """Return all that a rule does, in the language in force."""
    return " ".join(rule_sentences(rule))


def rule_sentences(rule: ReminderRule | RuleValues) -> list[str]:
    """Return what a rule does as sentences: the first time, how often again, who else, and how it goes out."""
    told = _TOLD_OF_CYCLE if rule.what in CYCLE_KINDS else _TOLD_FIRST
    found = [told[rule.audience] % {"when": when(rule.what, rule.first_days)}]
    if rule.every_days is not None:
        found.append(_again(rule.every_days, rule.times))
    escalation = _escalation(rule)
    if escalation:
        found.append(escalation)
    if rule.is_urgent:
        found.append(gettext("It is sent at once, outside the daily digest."))
    return found


def when(what: str, days: int) -> str:
    """Return so many working days before (negative) or after a date, or the day itself, to begin a sentence."""
    phrases = _WHEN[what]
    if days == 0:
        return str(phrases.on)
    return str(phrases.before if days < 0 else phrases.after) % {"days": working_days(abs(days))}


def working_days(count: int) -> str:
    """Return "5 working days"."""
    return ngettext("%(count)s working day", "%(count)s working days", count) % {"count": count}


def _again(every: int, times: int | None) -> str:
    rhythm = (
        gettext("every working day")
        if every == 1
        else gettext("every %(days)s") % {"days": working_days(every)}
    )
    if times is None:
        return gettext("It is repeated %(every)s until it is done.") % {"every": rhythm}
    words = {"every": rhythm, "times": times}
    return (
        ngettext(
            "It is repeated %(every)s until it is done, at most once more.",
            "It is repeated %(every)s until it is done, at most %(times)s more times.",
            times,
        )
        % words
    )


def _escalation(rule: ReminderRule | RuleValues) -> str:
    """Return who else is told, and from when on; repeated as the rule is."""
    parts = []
    if rule.coordinator_days is not None:
        words = {"when": _spot(rule.coordinator_days)}
        parts.append(gettext("%(when)s, the coordinators of the agency are also told") % words)
    if rule.mapo_days is not None:
        words = {"when": _spot(rule.mapo_days)}
        parts.append(gettext("%(when)s, MAPO is also told") % words)
    if not parts:
        return ""
    whole = capfirst("; ".join(parts))
    if rule.every_days is None:
        return gettext("%(what)s.") % {"what": whole}
    return gettext("%(what)s, and repeated as often.") % {"what": whole}


def _spot(days: int) -> str:
    if days == 0:
        return gettext("on the day itself")
    words = {"days": working_days(abs(days))}
    return gettext("after %(days)s") % words if days > 0 else gettext("%(days)s before the date") % words
