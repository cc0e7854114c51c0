"""Who would get a nudge, by name, and which nudges there have been."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Q
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from accounts.models import Agency, User
from recommendations.deadlines import is_overdue
from recommendations.extensions import AssignmentPanel
from recommendations.models import Assignment
from reminders.models import Nudge
from reminders.owed import Listener
from reminders.services.nudges import Candidate, weigh
from reminders.states import Step

#: Nudges that their own page lists, and that of an assignment.
MOST_PAST, MOST_BESIDE = 10, 3


@dataclass(frozen=True, slots=True)
class Recipient:
    """Somebody who would get it, and why where they are not named for the assignment."""

    name: str
    why: str


@dataclass(frozen=True, slots=True)
class PreviewRow:
    """One assignment that was chosen."""

    candidate: Candidate
    recipients: list[Recipient]
    today: date

    @property
    def assignment(self) -> Assignment:
        return self.candidate.assignment

    @property
    def is_late(self) -> bool:
        waits = getattr(self.assignment, "is_awaiting", False)
        return is_overdue(self.assignment.next_due_on, today=self.today, is_awaiting=waits)


@dataclass(frozen=True, slots=True)
class Preview:
    """What is chosen: those that can be nudged now (`going`), and those that cannot."""

    rows: list[PreviewRow]

    @property
    def going(self) -> list[PreviewRow]:
        return [row for row in self.rows if not row.candidate.refusal]

    @property
    def refused(self) -> list[PreviewRow]:
        return [row for row in self.rows if row.candidate.refusal]

    @property
    def people_count(self) -> int:
        told = (listener for row in self.going for listener in row.candidate.listeners)
        return len({listener.recipient for listener in told})

    @property
    def keys(self) -> str:
        """Those that would go, as the form carries them."""
        return ",".join(str(row.assignment.pk) for row in self.going)


def read_preview(assignments: Iterable[Assignment], *, today: date) -> Preview:
    """Weigh the assignments as one act. Seven queries, whatever their number."""
    candidates = weigh(assignments, today=today)
    listeners = [listener for candidate in candidates for listener in candidate.listeners]
    people = _names(listeners)
    mailboxes = {each.agency_id for each in listeners if each.agency_id}
    addresses = dict(Agency.objects.order_by().filter(pk__in=mailboxes).values_list("pk", "shared_mailbox"))
    return Preview(
        [
            PreviewRow(each, [_recipient(told, people, addresses) for told in each.listeners], today)
            for each in candidates
        ]
    )


def _names(listeners: Sequence[Listener]) -> dict[int, str]:
    ids = {pk for each in listeners for pk in (each.user_id, each.in_place_of_id) if pk}
    return dict(User.objects.order_by().filter(pk__in=ids).values_list("pk", "name"))


def _recipient(listener: Listener, people: Mapping[int, str], addresses: Mapping[int, str]) -> Recipient:
    if listener.agency_id:
        return Recipient(addresses[listener.agency_id], _("shared mailbox"))
    name = people[listener.user_id or 0]
    if listener.in_place_of_id:
        return Recipient(name, _("stands in for %(name)s") % {"name": people[listener.in_place_of_id]})
    return Recipient(name, pgettext("nudge", "coordinator") if listener.step == Step.COORDINATOR else "")


@dataclass(frozen=True, slots=True)
class PastNudge:
    """A nudge that was sent, and what became of it."""

    nudge: Nudge
    told_count: int
    read_count: int
    open_count: int

    @property
    def is_settled(self) -> bool:
        """It was answered by an update, or ended with the assignment: nobody is asked any more."""
        return not self.open_count


def past_nudges(assignment_ids: Iterable[int], *, limit: int = MOST_PAST) -> list[PastNudge]:
    """The newest nudges about these assignments. One query."""
    rows = Nudge.objects.filter(assignment__in=list(assignment_ids))
    told = rows.select_related("sent_by", "assignment__item", "assignment__agency").annotate(
        told_count=Count("reminders"),
        read_count=Count("reminders", filter=Q(reminders__read_at__isnull=False)),
        open_count=Count("reminders", filter=Q(reminders__settled_at=None)),
    )
    return [
        PastNudge(row, row.told_count, row.read_count, row.open_count)
        for row in told.order_by("-sent_at", "-pk")[:limit]
    ]


def beside_assignment(assignment: Assignment, now: datetime) -> AssignmentPanel:
    """The nudges about an assignment, and the way to another, for MAPO's page of it. One query."""
    return AssignmentPanel(
        "reminders/nudge_beside.html",
        {
            "past": past_nudges([assignment.pk], limit=MOST_BESIDE),
            "assignment_id": assignment.pk,
            "may_nudge": assignment.is_confirmed and not assignment.cycle.is_closed,
        },
    )
