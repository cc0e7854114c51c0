"""What one reader is told, drawn together: a line for each thing that can be done, however many dates speak of it.

What one act mends is one line: an update that is late, and MAPO's nudge about it. For MAPO what an agency leaves to it is
one line as well, and so is a long queue. The mails and the list in the app both draw together here.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import NamedTuple, TypeVar

from django.utils.translation import gettext, pgettext

from reminders.facts import Facts
from reminders.lines import DATED, Line, assignments_of, line_of, queue_of, short_title
from reminders.states import OF_MAPO, OF_THE_CYCLE, What
from ui import dates

#: An agency of which MAPO has so many things to hear is one line.
FEWEST_OF_AGENCY = 2
#: So many things of a kind that wait for MAPO's own decision are one line.
FEWEST_IN_QUEUE = 6
#: What the page of late assignments shows: it goes by the day of the next update.
_ON_LATE_PAGE = frozenset({What.UPDATE_DUE, What.RESUBMIT_DUE})
#: From the loudest on.
_TONES = ("danger", "warning", "info")

Member = TypeVar("Member")


@dataclass(frozen=True, slots=True)
class Gathered:
    """One line, and the places in what was given of all that it says."""

    line: Line
    places: tuple[int, ...]


class _Told(NamedTuple):
    place: int
    facts: Facts
    line: Line


class _Thing(NamedTuple):
    """What one act mends: its line, and all that was told of it, the most urgent first."""

    line: Line
    told: list[_Told]

    @property
    def facts(self) -> Facts:
        return self.told[0].facts

    @property
    def places(self) -> tuple[int, ...]:
        return tuple(each.place for each in self.told)


def gathered(said: Sequence[Facts], *, today: date) -> list[Gathered]:
    """Return the lines in the language in force, the most urgent first; all of `said` is for one reader.

    A line for a group has the lines that it stands for in `parts`.
    """
    told = [_Told(place, facts, line_of(facts, today=today)) for place, facts in enumerate(said)]
    things = [_thing(members) for members in _by_key(told, _cure)]
    if any(facts.is_for_mapo for facts in said):
        found = [each for members in _by_key(things, _group) for each in _grouped(members, today=today)]
    else:
        found = [Gathered(thing.line, thing.places) for thing in things]
    return sorted(found, key=lambda each: each.line.rank)


def _by_key(members: Iterable[Member], key: Callable[[Member], Hashable]) -> list[list[Member]]:
    """The members with equal keys together, in the order in which the first of each comes."""
    found: dict[Hashable, list[Member]] = defaultdict(list)
    for member in members:
        found[key(member)].append(member)
    return list(found.values())


def _cure(told: _Told) -> Hashable:
    """What two share that one act mends. A cycle's date and what waits at MAPO stand by themselves."""
    if told.facts.what in OF_THE_CYCLE or told.facts.what in OF_MAPO:
        return told.place
    return told.line.path, told.facts.assignment_id


def _thing(members: list[_Told]) -> _Thing:
    """The most urgent of what one act mends; it also says the other days, what MAPO wrote, and who was told in vain."""
    if len(members) == 1:
        return _Thing(members[0].line, members)
    members = sorted(members, key=lambda each: each.line.rank)
    lines = [each.line for each in members]
    reason = next((line for line in lines if line.is_escalation or line.is_gap), lines[0])
    whole = replace(
        lines[0],
        also=_other_days(members),
        nudge_line=" · ".join(dict.fromkeys(line.nudge_line for line in lines if line.nudge_line)),
        why=reason.why,
        is_usual=reason.is_usual,
        is_late=any(line.is_late for line in lines),
        is_escalation=any(line.is_escalation for line in lines),
        is_gap=any(line.is_gap for line in lines),
        tone=_loudest(lines),
    )
    return _Thing(whole, members)


def _other_days(members: list[_Told]) -> str:
    """The days other than the first one's, each by the name of its matter: "Final due date: 30 September 2023"."""
    days: dict[date, str] = {}
    for _place, facts, _line in members:
        days.setdefault(facts.due_on, f"{What(facts.what).label}: {dates.day(facts.due_on)}")
    return "; ".join([*days.values()][1:])


def _loudest(lines: Iterable[Line]) -> str:
    return min((line.tone for line in lines), key=_TONES.index)


def _group(thing: _Thing) -> Hashable:
    """What MAPO hears of in one line: an agency's matters that come to it, and each kind that waits for it."""
    facts, line = thing.facts, thing.line
    if facts.what in OF_MAPO:
        return facts.what, queue_of(facts)
    if facts.is_for_mapo and facts.agency_code and (line.is_escalation or line.is_gap):
        return facts.agency_code, facts.year
    return thing.places


def _grouped(things: list[_Thing], *, today: date) -> list[Gathered]:
    """One line for all where they are many enough, else one for each."""
    is_queue = things[0].facts.what in OF_MAPO
    if len(things) < (FEWEST_IN_QUEUE if is_queue else FEWEST_OF_AGENCY):
        return [Gathered(thing.line, thing.places) for thing in things]
    things = sorted(things, key=lambda thing: thing.line.rank)
    line = _queue_line(things) if is_queue else _agency_line(things, today=today)
    return [Gathered(line, tuple(place for thing in things for place in thing.places))]


def _agency_line(things: list[_Thing], *, today: date) -> Line:
    """For example "JIM: 9 matters late, the oldest 26 days"."""
    facts, lines = things[0].facts, [thing.line for thing in things]
    late_count = sum(line.is_late for line in lines)
    words = {"agency": facts.agency_code, "count": len(lines), "late": late_count}
    if late_count == len(lines):
        task = gettext("%(agency)s: %(count)s matters late") % words
    elif late_count:
        task = gettext("%(agency)s: %(count)s matters, %(late)s of them late") % words
    else:
        task = gettext("%(agency)s: %(count)s matters still to be done") % words
    return replace(
        _whole(lines),
        task=task,
        when=_oldest(things, today=today),
        why=_why_of_agency(lines, facts.agency_code),
        is_usual=False,
        tone="danger",
        path=assignments_of(facts, is_late=bool(late_count) and all(map(_is_on_late_page, things))),
        button=pgettext("reminder", "See where it stands"),
    )


def _is_on_late_page(thing: _Thing) -> bool:
    """Whether the page of late assignments shows it, if it is late at all."""
    late = {told.facts.what for told in thing.told if told.line.is_late}
    return not late or bool(late & _ON_LATE_PAGE)


def _oldest(things: list[_Thing], *, today: date) -> str:
    """Since when the oldest waits; where nothing is late or waits yet, when the first is due."""
    told = [each.facts for thing in things for each in thing.told]
    late = [facts.due_on for facts in told if facts.what in DATED and facts.due_on < today]
    if late:
        return gettext("the oldest %(days)s") % {"days": dates.days((today - min(late)).days)}
    return _since(min(facts.due_on for facts in told), today=today)


def _since(day: date, *, today: date) -> str:
    words = {"day": dates.day(day), "relative": dates.relative_day(day, today)}
    if day < today:
        return gettext("the oldest since %(day)s") % words
    return gettext("the first %(relative)s, on %(day)s") % words


def _why_of_agency(lines: list[Line], code: str) -> str:
    agency = {"agency": code}
    if all(line.is_escalation for line in lines):
        return gettext("Escalated to MAPO, because nobody at %(agency)s has acted on them.") % agency
    if all(line.is_gap and not line.is_escalation for line in lines):
        reasons = {line.why for line in lines}
        if len(reasons) > 1:
            return gettext("At %(agency)s there is nobody who can act, so they come to MAPO.") % agency
        return reasons.pop()
    return gettext("They come to MAPO, because nobody at %(agency)s has acted or can act.") % agency


def _queue_line(things: list[_Thing]) -> Line:
    """For example "7 updates wait for a decision, the oldest since 8 September 2023"."""
    facts, lines = things[0].facts, [thing.line for thing in things]
    count = {"count": len(lines)}
    is_review = facts.what == What.REVIEW_WAITING
    oldest = min(thing.facts.due_on for thing in things)
    return replace(
        _whole(lines),
        task=gettext("%(count)s updates wait for a decision") % count
        if is_review
        else gettext("%(count)s requests wait for an answer") % count,
        when=gettext("the oldest since %(day)s") % {"day": dates.day(oldest)},
        agency="",
        tone=_loudest(lines),
        path=queue_of(facts),
        button=gettext("Open the queue") if is_review else gettext("Open the requests"),
    )


def _whole(lines: list[Line]) -> Line:
    """The first line as the head of a group: with the names of all, and with all of them as its parts."""
    in_order = sorted(lines, key=lambda line: line.rank[3:])
    labels = dict.fromkeys(line.item_label for line in in_order if line.item_label)
    return replace(
        lines[0],
        item_label="",
        title=short_title(", ".join(labels)),
        nudge_line="",
        also="",
        is_late=any(line.is_late for line in lines),
        is_escalation=any(line.is_escalation for line in lines),
        is_gap=any(line.is_gap for line in lines),
        parts=tuple(lines),
    )
