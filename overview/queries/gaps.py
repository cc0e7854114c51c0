"""The gap between a weakness and what answers it, in one sentence about their states."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from recommendations.states import Status


@dataclass(frozen=True, slots=True)
class GapState:
    """A recommendation by number, and its status."""

    number: int
    status: str


def gap_words(status: str, recommendations: Sequence[GapState], *, achievements_count: int) -> str:
    """Return the sentence on the states of the recommendations that answer a weakness, and on its own.

    `status` is the weakness's own. Achievements carry no state: they are named only if nothing else answers it.
    """
    answers = _answers_words(recommendations, achievements_count)
    statuses = {each.status for each in recommendations}
    own = _own_words(status, is_alike=statuses == {status})
    return _("%(answers)s; %(weakness)s.") % {"answers": answers, "weakness": own}


def _answers_words(recommendations: Sequence[GapState], achievements_count: int) -> str:
    if not recommendations:
        return _unanswered_words(achievements_count)
    statuses = {each.status for each in recommendations}
    if len(statuses) == 1:
        return _uniform_words(statuses.pop(), len(recommendations))
    return ", ".join(_mixed_words(recommendations))


def _unanswered_words(achievements_count: int) -> str:
    if not achievements_count:
        return _("Neither a recommendation nor an achievement answers it")
    words = ngettext(
        "No recommendation answers it, only one published achievement",
        "No recommendation answers it, only %(count)s published achievements",
        achievements_count,
    )
    return words % {"count": achievements_count}


def _uniform_words(status: str, count: int) -> str:
    """Return the words for recommendations that all have one status."""
    words = {
        Status.NONE: (
            _("The recommendation that answers it has no action"),
            _("Neither of the two recommendations that answer it has any action"),
            _("None of the %(count)s recommendations that answer it has any action"),
        ),
        Status.PROGRESS: (
            _("The recommendation that answers it is in progress"),
            _("Both recommendations that answer it are in progress"),
            _("All %(count)s recommendations that answer it are in progress"),
        ),
        Status.DONE: (
            _("The recommendation that answers it is completed"),
            _("Both recommendations that answer it are completed"),
            _("All %(count)s recommendations that answer it are completed"),
        ),
    }
    one, both, many = words[Status(status)]
    return {1: one, 2: both}.get(count, many) % {"count": count}


def _mixed_words(recommendations: Sequence[GapState]) -> list[str]:
    """Return the words for different statuses: the furthest are counted, the others named."""
    by_status = {
        status: [each.number for each in recommendations if each.status == status] for status in Status
    }
    done, progress, none = (by_status[status] for status in (Status.DONE, Status.PROGRESS, Status.NONE))
    total = len(recommendations)
    if done:
        words = ngettext(
            "%(count)s of %(total)s recommendations is completed",
            "%(count)s of %(total)s recommendations are completed",
            len(done),
        )
        told = [words % {"count": len(done), "total": total}]
        return told + ([_in_progress_words(progress)] if progress else []) + _no_action_words(none)
    words = ngettext(
        "%(count)s of %(total)s recommendations is in progress",
        "%(count)s of %(total)s recommendations are in progress",
        len(progress),
    )
    return [words % {"count": len(progress), "total": total}, *_no_action_words(none)]


def _in_progress_words(numbers: Sequence[int]) -> str:
    words = ngettext(
        "Recommendation %(numbers)s is in progress",
        "Recommendations %(numbers)s are in progress",
        len(numbers),
    )
    return words % {"numbers": listed(numbers)}


def _no_action_words(numbers: Sequence[int]) -> list[str]:
    if not numbers:
        return []
    words = ngettext(
        "Recommendation %(numbers)s has no action",
        "Recommendations %(numbers)s have no action",
        len(numbers),
    )
    return [words % {"numbers": listed(numbers)}]


def listed(numbers: Sequence[int]) -> str:
    """Return numbers as a list in words: 1; 1 and 2; 1, 2 and 3."""
    *before, last = map(str, numbers)
    if not before:
        return last
    return _("%(numbers)s and %(last)s") % {"numbers": ", ".join(before), "last": last}


def _own_words(status: str, *, is_alike: bool) -> str:
    if is_alike:
        return {
            Status.NONE: _("nor has the weakness itself"),
            Status.PROGRESS: _("so is the weakness itself"),
            Status.DONE: _("so is the weakness itself"),
        }[Status(status)]
    return {
        Status.NONE: _("the weakness itself has no action"),
        Status.PROGRESS: _("the weakness itself is in progress"),
        Status.DONE: _("the weakness itself is completed"),
    }[Status(status)]
