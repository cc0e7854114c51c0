"""MAPO asks by hand: whoever answers for an assignment gets one line at once, and nobody is flooded."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import connection, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from accounts.texts import visible_line
from audit.clock import end_of_day, local_date
from audit.errors import NotNow
from audit.services import digest
from recommendations.models import Assignment
from recommendations.permissions import may_steer
from recommendations.queries.assignments_page import in_item_order
from recommendations.services.checks import CYCLE_CLOSED, held_open_cycle, record_on, require
from recommendations.states import Stage
from reminders.models import LINE_LENGTH, Nudge, Reminder
from reminders.owed import Listener, audience
from reminders.states import Step, What
from ui import dates

#: From so many days after a nudge on, the same assignment can be nudged again.
AGAIN_AFTER_DAYS = 2
#: So many nudges a person gets on one day at most.
MOST_A_DAY = 5
#: Whoever nudges waits for others who do: the limits count what they have sent.
_LOCK = "SELECT pg_advisory_xact_lock(hashtext('jejak.nudges'))"


class NotNudged(NotNow):
    """Some of what was to be nudged cannot be, so nothing was sent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """An assignment with those who would get a nudge about it, and why it cannot be sent where it cannot.

    `is_gap`: nobody of the agency can act.
    """

    assignment: Assignment
    listeners: tuple[Listener, ...]
    refusal: str = ""
    is_gap: bool = False


@transaction.atomic
def nudge(assignments: Iterable[Assignment], *, line: str, actor: User, now: datetime) -> list[Nudge]:
    """Ask those who answer for these assignments to act; all of them, or none.

    Each gets it by mail at once and in the app, whatever they mute; so do their stand-ins and the shared mailbox of
    the agency. Raises `NotNudged` where one cannot be nudged (see `weigh`), `NotNow` where a cycle is closed, the line
    is too long, or nothing is chosen.
    """
    require(may_steer(actor))
    line, today = fitting_line(line), local_date(now)
    with connection.cursor() as cursor:
        cursor.execute(_LOCK)
    chosen = _locked(assignments)
    candidates = weigh(chosen, today=today)
    _require_all(candidates)
    nudges = Nudge.objects.bulk_create(
        Nudge(assignment=each.assignment, line=line, sent_by=actor, sent_at=now) for each in candidates
    )
    told = list(zip(nudges, candidates, strict=True))
    Reminder.objects.bulk_create(
        _reminder(nudge, listener, today=today, now=now)
        for nudge, candidate in told
        for listener in candidate.listeners
    )
    for nudge, candidate in told:
        after = {
            "line": digest(line),
            "recipients": [listener.recipient for listener in candidate.listeners],
        }
        record_on(candidate.assignment, action="nudge.sent", actor=actor, now=now, obj=nudge, after=after)
    return nudges


def fitting_line(text: str) -> str:
    """The text as one line; `NotNow` when it is too long."""
    line = visible_line(text)
    if len(line) > LINE_LENGTH:
        raise NotNow(
            _("Your line holds up to %(limit)s characters. It is kept: shorten it.") % {"limit": LINE_LENGTH}
        )
    return line


def weigh(assignments: Iterable[Assignment], *, today: date) -> list[Candidate]:
    """Each assignment, in the order of the report, with who would get a nudge and whether it can be sent.

    They are weighed as one act: whom the first of them bring to the day's limit, the later ones no longer reach.
    Four queries, whatever the number.
    """
    rows = _in_order(assignments)
    listeners = _listeners(rows, today=today)
    newest = _newest_nudges(rows)
    counts = _nudges_today(listeners, today=today)
    names = dict(User.objects.order_by().filter(pk__in=counts).values_list("pk", "name"))
    found: list[Candidate] = []
    for row in rows:
        told = listeners.get(row.pk, ())
        refusal = (
            _why_not_at_all(row)
            or _why_not_again(newest.get(row.pk), today=today)
            or _why_not_anybody(row, told)
            or _why_not_more(told, counts, names)
        )
        if not refusal:
            counts.update(listener.user_id for listener in told if listener.user_id)
        is_gap = row.is_confirmed and not row.cycle.is_closed and not told
        found.append(Candidate(assignment=row, listeners=told, refusal=refusal, is_gap=is_gap))
    return found


def _locked(assignments: Iterable[Assignment]) -> list[Assignment]:
    """The rows as they are now, locked in one order, their cycles held open."""
    ids = {assignment.pk for assignment in assignments}
    rows = Assignment.objects.select_for_update(no_key=True, of=("self",)).filter(pk__in=ids).order_by("pk")
    found = list(rows.select_related("item__cycle", "agency"))
    if not found:
        raise NotNow(_("Choose at least one assignment. Nothing was sent."))
    for cycle in sorted({row.cycle for row in found}, key=lambda cycle: cycle.pk):
        held_open_cycle(cycle)
    return found


def _require_all(candidates: Sequence[Candidate]) -> None:
    refused = [candidate for candidate in candidates if candidate.refusal]
    if not refused:
        return
    if len(candidates) == 1:
        raise NotNudged(refused[0].refusal)
    raise NotNudged(
        _(
            "%(count)s of %(total)s cannot be nudged any more, so nothing was sent. They are marked; the rest can go."
        )
        % {"count": len(refused), "total": len(candidates)}
    )


def _in_order(assignments: Iterable[Assignment]) -> list[Assignment]:
    ids = [assignment.pk for assignment in assignments]
    rows = in_item_order(Assignment.objects.with_awaiting().filter(pk__in=ids))
    return list(rows.select_related("item__cycle", "agency"))


def _listeners(rows: Sequence[Assignment], *, today: date) -> dict[int, tuple[Listener, ...]]:
    """Who answers for each at the agency. Where nobody does, MAPO would only nudge itself."""
    found: dict[int, tuple[Listener, ...]] = {}
    for listener in audience([row.pk for row in rows], today=today):
        if listener.step != Step.MAPO:
            found[listener.assignment_id] = (*found.get(listener.assignment_id, ()), listener)
    return found


def _newest_nudges(rows: Sequence[Assignment]) -> dict[int, Nudge]:
    newest = Nudge.objects.filter(assignment__in=[row.pk for row in rows]).select_related("sent_by")
    found = newest.order_by("assignment", "-sent_at", "-pk").distinct("assignment")
    return {nudge.assignment_id: nudge for nudge in found}


def _nudges_today(listeners: dict[int, tuple[Listener, ...]], *, today: date) -> Counter[int]:
    """How many nudges each of these people has had today; those with none too."""
    people = {each.user_id for told in listeners.values() for each in told if each.user_id}
    sent = Reminder.objects.filter(
        user__in=people, what=What.NUDGE, planned_at__gte=end_of_day(today - timedelta(days=1))
    )
    counts = Counter(dict.fromkeys(people, 0))
    counts.update(sent.order_by().values_list("user_id", flat=True))
    return counts


def _why_not_at_all(row: Assignment) -> str:
    if row.cycle.is_closed:
        return str(CYCLE_CLOSED)
    if row.stage != Stage.CONFIRMED:
        return _("This assignment is not in force, so nobody owes anything on it.")
    return ""


def _why_not_again(newest: Nudge | None, *, today: date) -> str:
    if newest is None:
        return ""
    on = local_date(newest.sent_at)
    again = on + timedelta(days=AGAIN_AFTER_DAYS)
    if again <= today:
        return ""
    return _("%(name)s nudged about it on %(day)s. It can be nudged again from %(again)s.") % {
        "name": newest.sent_by.name,
        "day": dates.day(on),
        "again": dates.day(again),
    }


#: Why an agency cannot be nudged; the page puts the cure beside it.
NOBODY = gettext_lazy("Nobody at %(agency)s can act, so there is nobody to nudge.")


def _why_not_anybody(row: Assignment, told: Sequence[Listener]) -> str:
    return "" if told else str(NOBODY) % {"agency": row.agency.code}


def _why_not_more(told: Sequence[Listener], counts: Counter[int], names: dict[int, str]) -> str:
    full = [names[each.user_id] for each in told if each.user_id and counts[each.user_id] >= MOST_A_DAY]
    if not full:
        return ""
    words = _("More than %(limit)s nudges on one day are too many for %(names)s. Nudge about this tomorrow.")
    return words % {"limit": MOST_A_DAY, "names": ", ".join(sorted(full))}


def _reminder(nudge: Nudge, listener: Listener, *, today: date, now: datetime) -> Reminder:
    assignment = nudge.assignment
    return Reminder(
        recipient=listener.recipient,
        user_id=listener.user_id,
        agency_id=listener.agency_id,
        matter=f"{What.NUDGE}:{nudge.pk}",
        what=What.NUDGE,
        due_on=today,
        rung=0,
        step=listener.step,
        is_urgent=True,
        in_place_of_id=listener.in_place_of_id,
        cycle_id=assignment.item.cycle_id,
        about_id=assignment.agency_id,
        assignment=assignment,
        nudge=nudge,
        send_on=today,
        planned_at=now,
    )
