"""Sentences about planned steps, for PDF, Word and the council paper alike; each is composed in the active language."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ui import dates
from ui.number_words import count_words

if TYPE_CHECKING:
    from datetime import date

    from reports.summary.content import SummaryContent
    from reports.summary.rows import ReportedStep


def step_words(step: ReportedStep) -> str:
    """Return whose step it is, what became of it, and where its due date was moved from."""
    return " ".join(_sentences(step))


def _sentences(step: ReportedStep) -> Iterator[str]:
    yield f"{step.whose}."
    if step.is_decision:
        yield _("Decision of the council.")
    yield step_state(step)
    if step.moved_from:
        yield moved_words(step)
    if step.changed_reason:
        yield _("Changed because: %(reason)s") % {"reason": step.changed_reason}


def moved_words(step: ReportedStep) -> str:
    """Return "Moved from 1 October 2023 to 9 October 2023." of a step whose due date was moved."""
    words = {"first": dates.day(step.moved_from), "day": dates.day(step.due_on)}
    return _("Moved from %(first)s to %(day)s.") % words


def step_state(step: ReportedStep) -> str:
    """Return whether a step was done, cancelled, late or due, and on which day."""
    if step.done_on:
        return _("Done on %(day)s.") % {"day": dates.day(step.done_on)}
    if step.cancelled_on:
        return cancelled_words(step.cancelled_on, step.cancelled_reason)
    words = {"day": dates.day(step.due_on), "days": dates.days(step.late_days or 0)}
    return _("Due on %(day)s, late by %(days)s.") % words if step.late_days else _("Due on %(day)s.") % words


def cancelled_words(day: date | None, reason: str) -> str:
    """Return when and why a step, or the decision that it carries out, was cancelled."""
    return _("Cancelled on %(day)s because: %(reason)s") % {"day": dates.day(day), "reason": reason}


def still_open(still: int, late: int) -> str:
    """Return how many decisions are open, and how many of these are late."""
    if not still:
        return _("No decision of the council is still to be carried out.")
    sentence = ngettext(
        "%(count)s decision of the council is still to be carried out; %(late)s.",
        "%(count)s decisions of the council are still to be carried out; %(late)s.",
        still,
    )
    told = ngettext("%(count)s is late", "%(count)s are late", late) % {"count": count_words(late)}
    return capfirst(sentence % {"count": count_words(still), "late": told if late else _("none is late")})


def earlier_decisions(content: SummaryContent) -> list[ReportedStep]:
    """Return the council's decisions that are open, the latest first, then those that ended since the last meeting."""
    since = content.selection.decisions_since
    decided = [step for step in content.steps if step.is_decision]
    still = [step for step in decided if step.ended_on is None]
    ended = [step for step in decided if step.ended_on is not None and step.ended_on > since]
    return sorted(still, key=_by_due_date) + sorted(ended, key=_by_due_date)


def _by_due_date(step: ReportedStep) -> tuple[object, int]:
    return step.due_on, step.number
