"""Groups what one reader is told: one text for each thing to do, however many dates are about it.

Reminders that one act deals with are one text: an update that is late, and MAPO's nudge about it. For MAPO, what comes
to it from one agency is one text as well, and so is a long queue. The mails and the list in the app both group here.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any, TypeVar

from django.utils.translation import gettext, pgettext

from recommendations.deadlines import is_overdue
from recommendations.models.cycle import beginning_of
from reminders.kinds import CYCLE_KINDS, DEADLINE_KINDS, FIGURE_KINDS, MAPO_KINDS, ReminderKind
from reminders.messages.texts import ReminderText
from reminders.messages.wording import assignments_of, describe, queue_of
from ui import dates

if TYPE_CHECKING:
    from reminders.messages.details import ReminderDetails

#: From so many matters on, an agency is one text for MAPO.
MIN_OF_AGENCY = 2
#: From so many of one kind on, what waits for MAPO's decision is one text.
MIN_IN_QUEUE = 6
#: The page of late assignments goes by the day of the next update, so it shows these.
_ON_LATE_PAGE = frozenset({ReminderKind.UPDATE_DUE, ReminderKind.RESUBMIT_DUE})
#: From the most urgent on.
_TONES = ("danger", "warning", "info")

Member = TypeVar("Member")


@dataclass(frozen=True, slots=True)
class TextGroup:
    """One text, with the details of all reminders behind it, the most urgent first.

    `positions` are where these reminders stand in what was given to `group_reminders`.
    """

    text: ReminderText
    details: tuple[ReminderDetails, ...]
    positions: tuple[int, ...]

    @property
    def first(self) -> ReminderDetails:
        return self.details[0]


def group_reminders(reminders: Sequence[ReminderDetails], *, today: date) -> list[TextGroup]:
    """Return the texts in the language in force, the most urgent first. All reminders are for one reader.

    The text of a group for MAPO has the texts that it stands for in `parts`.
    """
    singles = [
        TextGroup(describe(each, today=today), (each,), (position,))
        for position, each in enumerate(reminders)
    ]
    groups = [_merge(members) for members in _by_key(singles, _remedy_key)]
    if any(each.is_for_mapo for each in reminders):
        groups = [each for members in _by_key(groups, _mapo_key) for each in _merge_for_mapo(members, today)]
    return sorted(groups, key=_rank)


def _rank(group: TextGroup) -> Any:
    return group.text.rank


def _by_key(members: Iterable[Member], key: Callable[[Member], Hashable]) -> list[list[Member]]:
    """Return the members with equal keys together, in the order in which the first of each comes."""
    found: dict[Hashable, list[Member]] = defaultdict(list)
    for member in members:
        found[key(member)].append(member)
    return list(found.values())


def _remedy_key(single: TextGroup) -> Hashable:
    """Return the key by which reminders that one act deals with are grouped.

    Dates of a cycle and what waits for MAPO are not grouped this way.
    """
    if single.first.what in CYCLE_KINDS | MAPO_KINDS:
        return single.positions
    return single.text.path, single.first.assignment_id, single.first.agency_code


def _merge(members: list[TextGroup]) -> TextGroup:
    """Return the most urgent text, which also says the other dates, MAPO's nudges, and who was told in vain."""
    if len(members) == 1:
        return members[0]
    members = sorted(members, key=_rank)
    texts = [each.text for each in members]
    reason = next((text for text in texts if text.is_escalation or text.is_gap), texts[0])
    text = replace(
        texts[0],
        also=_other_dates([each.first for each in members]),
        nudge_line=" · ".join(dict.fromkeys(text.nudge_line for text in texts if text.nudge_line)),
        why=reason.why,
        is_usual=reason.is_usual,
        tone=_strongest_tone(texts),
        **_flags(texts),
    )
    return _joined(text, members)


def _joined(text: ReminderText, members: list[TextGroup]) -> TextGroup:
    """Return a group with this text and everything behind its members."""
    return TextGroup(
        text,
        tuple(details for each in members for details in each.details),
        tuple(position for each in members for position in each.positions),
    )


def _flags(texts: list[ReminderText]) -> dict[str, Any]:
    """Return what is true of a group because it is true of one of its texts."""
    names = ("is_late", "is_escalation", "is_gap")
    return {name: any(getattr(text, name) for text in texts) for name in names}


def _other_dates(reminders: list[ReminderDetails]) -> str:
    """Return the days other than the first one's, each with its kind: "Final due date: 30 September 2023"."""
    days: dict[date, str] = {}
    for each in reminders:
        days.setdefault(each.due_on, f"{ReminderKind(each.what).label}: {dates.day(each.due_on)}")
    return "; ".join([*days.values()][1:])


def _strongest_tone(texts: Iterable[ReminderText]) -> str:
    return min((text.tone for text in texts), key=_TONES.index)


def _mapo_key(group: TextGroup) -> Hashable:
    """Return the key by which MAPO's texts are grouped: the agency and cycle, or the queue of what waits for MAPO."""
    details, text = group.first, group.text
    if details.what in MAPO_KINDS:
        return details.what, queue_of(details)
    is_passed_on = text.is_escalation or text.is_gap or details.has_actor
    if details.is_for_mapo and details.agency_code and is_passed_on:
        return details.agency_code, details.year
    return group.positions


def _merge_for_mapo(groups: list[TextGroup], today: date) -> list[TextGroup]:
    """Return one group where there are enough members, else the members."""
    is_queue = groups[0].first.what in MAPO_KINDS
    if len(groups) < (MIN_IN_QUEUE if is_queue else MIN_OF_AGENCY):
        return groups
    groups = sorted(groups, key=_rank)
    return [_joined(_queue_text(groups) if is_queue else _agency_text(groups, today=today), groups)]


def _agency_text(groups: list[TextGroup], *, today: date) -> ReminderText:
    """Return the text for an agency, such as "JIM: 9 matters late, the oldest 26 days"."""
    first, texts = groups[0].first, [group.text for group in groups]
    late_count = sum(text.is_late for text in texts)
    words = {"agency": first.agency_code, "count": len(texts), "late": late_count}
    if late_count == len(texts):
        task = gettext("%(agency)s: %(count)s matters late") % words
    elif late_count:
        task = gettext("%(agency)s: %(count)s matters, %(late)s of them late") % words
    else:
        task = gettext("%(agency)s: %(count)s matters still to be done") % words
    is_figures = all(group.first.what in FIGURE_KINDS for group in groups)
    is_late_page = bool(late_count) and all(_is_on_late_page(group, today) for group in groups)
    return replace(
        _head_text(texts),
        task=task,
        when=_since_when([details for group in groups for details in group.details], today=today),
        why=_why_of_agency(texts, first.agency_code),
        is_usual=False,
        tone="danger",
        path=queue_of(first) if is_figures else assignments_of(first, is_late=is_late_page),
        button=pgettext("reminder", "See the status"),
    )


def _is_late(details: ReminderDetails, today: date) -> bool:
    return details.what in DEADLINE_KINDS and is_overdue(details.due_on, today=today)


def _is_on_late_page(group: TextGroup, today: date) -> bool:
    """Whether the page of late assignments shows the group, if it is late at all."""
    late = {details.what for details in group.details if _is_late(details, today)}
    return not late or bool(late & _ON_LATE_PAGE)


def _since_when(reminders: list[ReminderDetails], *, today: date) -> str:
    """Return how late the oldest is; if nothing is late, since when it waits or when the first is due."""
    late = [each.due_on for each in reminders if _is_late(each, today)]
    if late:
        return gettext("the oldest %(days)s") % {"days": dates.days((today - min(late)).days)}
    first = min(each.due_on for each in reminders)
    words = {"day": dates.day(first), "relative": dates.relative_day(first, today)}
    if first < today:
        return gettext("the oldest since %(day)s") % words
    return gettext("the first %(relative)s, on %(day)s") % words


def _why_of_agency(texts: list[ReminderText], code: str) -> str:
    agency = {"agency": code}
    if all(text.is_escalation for text in texts):
        return gettext("Escalated to MAPO because nobody at %(agency)s has acted on them.") % agency
    reasons = {text.why for text in texts}
    if len(reasons) == 1:
        return reasons.pop()
    if all(text.is_gap and not text.is_escalation for text in texts):
        return gettext("Nobody at %(agency)s can act, so they come to MAPO.") % agency
    if not any(text.is_gap for text in texts):
        return gettext("They came to MAPO because nobody at %(agency)s had acted or could act.") % agency
    return gettext("They come to MAPO because nobody at %(agency)s has acted or can act.") % agency


def _queue_text(groups: list[TextGroup]) -> ReminderText:
    """Return the text for a queue, such as "7 updates wait for a decision, the oldest since 8 September 2023"."""
    first, texts = groups[0].first, [group.text for group in groups]
    if first.what == ReminderKind.REVIEW_WAITING:
        task, button = gettext("%(count)s updates wait for a decision"), gettext("Open the queue")
    elif first.what == ReminderKind.FIGURES_WAITING:
        task, button = gettext("Figures of %(count)s months wait for a decision"), gettext("Open the reports")
    else:
        task, button = gettext("%(count)s requests wait for an answer"), gettext("Open the requests")
    oldest = min(group.first.due_on for group in groups)
    return replace(
        _head_text(texts),
        task=task % {"count": len(texts)},
        when=gettext("the oldest since %(day)s") % {"day": dates.day(oldest)},
        agency="",
        tone=_strongest_tone(texts),
        path=queue_of(first),
        button=button,
    )


def _head_text(texts: list[ReminderText]) -> ReminderText:
    """Return the first text as the head of a group: with the names of all items, and all texts as its parts."""
    in_order = sorted(texts, key=lambda text: text.rank[3:])
    labels = dict.fromkeys(text.item_label for text in in_order if text.item_label)
    return replace(
        texts[0],
        item_label="",
        title=beginning_of(", ".join(labels)),
        short_title="",
        nudge_line="",
        also="",
        parts=tuple(texts),
        **_flags(texts),
    )
