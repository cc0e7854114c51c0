"""Nudges: MAPO asks the people responsible for an assignment to act, at once, and within limits."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from django.db import connection, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from audit.acts import require
from audit.clock import end_of_day, local_date
from audit.errors import NotNow
from audit.seals import vouching
from audit.services import digest
from privacy.checks import check_identities
from recommendations.errors import CYCLE_CLOSED
from recommendations.models import Assignment, Cycle
from recommendations.permissions import may_steer
from recommendations.queries.assignments_page import in_item_order
from recommendations.queries.sql import fetch_rows, read_statement
from recommendations.services.checks import record_on
from recommendations.states import Stage
from reminders.due.sql import nudge_relations
from reminders.kinds import ReminderKind
from reminders.models import LINE_LENGTH, Nudge, Reminder
from reminders.states import Audience
from ui import dates
from ui.invisible_characters import visible_line

#: The same assignment can be nudged again after so many days.
AGAIN_AFTER_DAYS = 2
#: The most nudges that a person gets on one day.
MAX_A_DAY = 5
#: Held while nudging, because the limits count what others have sent; and vouches for the reminders.
_LOCK = "SELECT jejak_vouch(%s, %s), pg_advisory_xact_lock(hashtext('jejak.nudges'))"


class NotNudged(NotNow):
    """Some of the assignments cannot be nudged, so nothing was sent."""


class AudienceMember(NamedTuple):
    """Somebody who is told of an assignment on a day. `agency_id` is set for a shared mailbox, `user_id` otherwise."""

    assignment_id: int
    recipient: str
    user_id: int | None
    agency_id: int | None
    step: str
    in_place_of_id: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class NudgeCandidate:
    """An assignment with those who would get a nudge about it, and why it cannot be nudged, if so.

    `is_gap`: nobody at the agency can act. `is_chosen`: it is to be sent, and can be.
    """

    assignment: Assignment
    audience: Sequence[AudienceMember]
    refusal: str = ""
    is_gap: bool = False
    is_chosen: bool = True


@transaction.atomic
def send_nudges(
    assignments: Iterable[Assignment], *, line: str, identities_reason: str = "", actor: User, now: datetime
) -> list[Nudge]:
    """Nudge about all of these assignments, or none.

    The responsible people get it by mail at once and in the app, whatever they mute; so do their stand-ins and the
    shared mailbox of the agency. Raises `NotNudged` if one cannot be nudged (see `check_nudges`), `NotNow` if a cycle
    is closed, the line is too long, or nothing is chosen; `IdentitiesFound` as `check_identities` does.
    """
    require(may_steer(actor))
    line, today = fitting_line(line), local_date(now)
    identities = check_identities({"line": line}, reason=identities_reason)
    with connection.cursor() as cursor:
        cursor.execute(_LOCK, vouching("nudge.begun"))
    chosen = _locked(assignments)
    candidates = check_nudges(chosen, today=today)
    _require_all(candidates)
    nudges = Nudge.objects.bulk_create(
        Nudge(assignment=each.assignment, line=line, sent_by=actor, sent_at=now) for each in candidates
    )
    pairs = list(zip(nudges, candidates, strict=True))
    Reminder.objects.bulk_create(
        reminder_of(nudge, member, today=today, now=now)
        for nudge, candidate in pairs
        for member in candidate.audience
    )
    for nudge, candidate in pairs:
        after = {
            "line": digest(line),
            "recipients": [member.recipient for member in candidate.audience],
            **identities.event_facts,
        }
        about: dict[str, Any] = {"obj": nudge, "after": after, "reason": identities.reason}
        record_on(candidate.assignment, action="nudge.sent", actor=actor, now=now, **about)
    return nudges


def fitting_line(text: str) -> str:
    """Return the text as one line. Raises `NotNow` when it is too long."""
    line = visible_line(text)
    if len(line) > LINE_LENGTH:
        raise NotNow(
            _("Your note can have up to %(limit)s characters. It is kept: shorten it.")
            % {"limit": LINE_LENGTH}
        )
    return line


def check_nudges(
    assignments: Iterable[Assignment],
    *,
    today: date,
    is_chosen: Callable[[Assignment], bool] = lambda _row: True,
) -> list[NudgeCandidate]:
    """Return the assignments in the order of the report, with who would get a nudge and whether it can be sent.

    The chosen ones are checked as one act: people whom the first of them bring to the day's limit are not reached by
    the later ones. Each other one is checked by itself. `is_chosen` gets rows with their outcome. Four queries,
    whatever the number.
    """
    ids = [assignment.pk for assignment in assignments]
    in_order = in_item_order(Assignment.objects.filter(pk__in=ids))
    rows = list(in_order.select_related("item__cycle", "agency", "outcome"))
    audiences = audiences_of(rows, today=today)
    newest = _newest_nudges(rows)
    before = _nudges_today(audiences, today=today)
    counts = before.copy()
    names = dict(User.objects.order_by().filter(pk__in=before).values_list("pk", "name"))
    found: list[NudgeCandidate] = []
    for row in rows:
        audience, is_wanted = audiences.get(row.pk, []), is_chosen(row)
        refusal = (
            _why_not_at_all(row)
            or _why_not_again(newest.get(row.pk), today=today)
            or _why_nobody(row, audience)
            or _why_not_more(audience, counts if is_wanted else before, names)
        )
        is_sendable = is_wanted and not refusal
        if is_sendable:
            counts.update(_people_in(audience))
        found.append(
            NudgeCandidate(
                assignment=row,
                audience=audience,
                refusal=refusal,
                is_gap=_is_gap(row, audience),
                is_chosen=is_sendable,
            )
        )
    return found


def _people_in(audience: Iterable[AudienceMember]) -> list[int]:
    """Return the people, by id, among those who are told; a shared mailbox is none."""
    return [member.user_id for member in audience if member.user_id]


def _is_gap(row: Assignment, audience: Sequence[AudienceMember]) -> bool:
    """Whether the assignment is owed and nobody at its agency can act."""
    return row.is_confirmed and not row.cycle.is_closed and not audience


_AUDIENCE = f"WITH {nudge_relations()} {read_statement(__file__, 'nudge_audience')}"


def _locked(assignments: Iterable[Assignment]) -> list[Assignment]:
    """Return the rows as they are now, locked in one order, their cycles held open."""
    ids = {assignment.pk for assignment in assignments}
    rows = Assignment.objects.select_for_update(no_key=True, of=("self",)).filter(pk__in=ids).order_by("pk")
    found = list(rows.select_related("item__cycle", "agency"))
    if not found:
        raise NotNow(_("Choose at least one assignment. Nothing was sent."))
    for cycle in sorted({row.cycle for row in found}, key=lambda cycle: cycle.pk):
        Cycle.objects.held_open(cycle)
    return found


def _require_all(candidates: Sequence[NudgeCandidate]) -> None:
    refused = [candidate for candidate in candidates if candidate.refusal]
    if not refused:
        return
    if len(candidates) == 1:
        raise NotNudged(refused[0].refusal)
    raise NotNudged(
        _(
            "%(count)s of %(total)s can no longer be nudged, so nothing was sent. They are marked; you "
            "can send the rest."
        )
        % {"count": len(refused), "total": len(candidates)}
    )


def audiences_of(rows: Sequence[Assignment], *, today: date) -> dict[int, list[AudienceMember]]:
    """Return who would get a nudge about each: the first step of the ladder that has anybody. One query.

    With stand-ins and shared mailboxes. Where nobody at the agency can act, the step is MAPO, who would only nudge itself,
    so nobody does. Assignments that are not in force, or belong to a closed cycle, have nobody.
    """
    values = {"assignments": [row.pk for row in rows], "today": today}
    members = [AudienceMember._make(row) for row in fetch_rows(_AUDIENCE, values)]
    found: dict[int, list[AudienceMember]] = defaultdict(list)
    for member in members:
        if member.step != Audience.MAPO:
            found[member.assignment_id].append(member)
    return found


def _newest_nudges(rows: Sequence[Assignment]) -> dict[int, Nudge]:
    newest = Nudge.objects.filter(assignment__in=[row.pk for row in rows]).select_related("sent_by")
    found = newest.order_by("assignment", "-sent_at", "-pk").distinct("assignment")
    return {nudge.assignment_id: nudge for nudge in found}


def _nudges_today(audiences: dict[int, list[AudienceMember]], *, today: date) -> Counter[int]:
    """Return how many nudges each of these people has had today, 0 included."""
    people = {member.user_id for members in audiences.values() for member in members if member.user_id}
    sent = Reminder.objects.filter(
        user__in=people, what=ReminderKind.NUDGE, planned_at__gte=end_of_day(today - timedelta(days=1))
    )
    counts = Counter(dict.fromkeys(people, 0))
    counts.update(sent.order_by().values_list("user_id", flat=True))
    return counts


def _why_not_at_all(row: Assignment) -> str:
    if row.cycle.is_closed:
        return str(CYCLE_CLOSED)
    if row.stage != Stage.CONFIRMED:
        return _("This assignment is not in force, so there is nothing to report.")
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


#: Why an agency cannot be nudged; the page shows what can be done about it.
NOBODY = gettext_lazy("Nobody at %(agency)s can act, so there is nobody to nudge.")


def _why_nobody(row: Assignment, audience: Sequence[AudienceMember]) -> str:
    return "" if audience else str(NOBODY) % {"agency": row.agency.code}


def _why_not_more(told: Sequence[AudienceMember], counts: Counter[int], names: dict[int, str]) -> str:
    full = [names[each.user_id] for each in told if each.user_id and counts[each.user_id] >= MAX_A_DAY]
    if not full:
        return ""
    words = _("More than %(limit)s nudges in one day are too many for %(names)s. Nudge about this tomorrow.")
    return words % {"limit": MAX_A_DAY, "names": ", ".join(sorted(full))}


def reminder_of(nudge: Nudge, member: AudienceMember, *, today: date, now: datetime) -> Reminder:
    """Return what this person or mailbox gets of the nudge, not saved."""
    assignment = nudge.assignment
    return Reminder(
        recipient=member.recipient,
        user_id=member.user_id,
        agency_id=member.agency_id,
        matter=f"{ReminderKind.NUDGE}:{nudge.pk}",
        what=ReminderKind.NUDGE,
        due_on=today,
        level=0,
        step=member.step,
        is_urgent=True,
        in_place_of_id=member.in_place_of_id,
        cycle_id=assignment.item.cycle_id,
        about_id=assignment.agency_id,
        assignment=assignment,
        nudge=nudge,
        send_on=today,
        planned_at=now,
    )
