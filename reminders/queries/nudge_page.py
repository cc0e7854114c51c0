"""Who would get a nudge, by name, and which nudges there have been."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from accounts.models import Agency, User
from recommendations.deadlines import is_overdue
from recommendations.extensions import AssignmentPanel
from recommendations.models import Assignment
from reminders.models.nudge import Nudge
from reminders.states import Audience

if TYPE_CHECKING:
    from reminders.services.nudges import AudienceMember, NudgeCandidate

#: The most past nudges on their own page, and on that of an assignment.
MAX_PAST, MAX_BESIDE = 10, 3


@dataclass(frozen=True, slots=True)
class NudgeRow:
    """One chosen assignment. `recipients` has the name of each, and why they get it if they are not named for it."""

    candidate: NudgeCandidate
    recipients: list[tuple[str, str]]
    today: date

    @property
    def assignment(self) -> Assignment:
        return self.candidate.assignment

    @property
    def is_late(self) -> bool:
        is_awaiting = getattr(self.assignment, "is_awaiting", False)
        return is_overdue(self.assignment.next_due_on, today=self.today, is_awaiting=is_awaiting)


@dataclass(frozen=True, slots=True)
class NudgePreview:
    """What is chosen: the assignments that can be nudged now (`sendable`), and those that cannot."""

    rows: list[NudgeRow]

    @property
    def sendable(self) -> list[NudgeRow]:
        return [row for row in self.rows if not row.candidate.refusal]

    @property
    def refused(self) -> list[NudgeRow]:
        return [row for row in self.rows if row.candidate.refusal]

    @property
    def people_count(self) -> int:
        return len({member.recipient for row in self.sendable for member in row.candidate.audience})

    @property
    def assignment_ids(self) -> str:
        """The assignments that would be nudged, as the form carries them."""
        return ",".join(str(row.assignment.pk) for row in self.sendable)


def preview_nudges(candidates: Sequence[NudgeCandidate], *, today: date) -> NudgePreview:
    """Return what `check_nudges` found, with the names of the recipients. Three queries, whatever their number."""
    members = [member for candidate in candidates for member in candidate.audience]
    people = {pk for each in members for pk in (each.user_id, each.in_place_of_id) if pk}
    names = dict(User.objects.order_by().filter(pk__in=people).values_list("pk", "name"))
    mailboxes = {each.agency_id for each in members if each.agency_id}
    addresses = dict(Agency.objects.order_by().filter(pk__in=mailboxes).values_list("pk", "shared_mailbox"))
    return NudgePreview(
        [
            NudgeRow(each, [_recipient(member, names, addresses) for member in each.audience], today)
            for each in candidates
        ]
    )


def _recipient(
    member: AudienceMember, names: Mapping[int, str], addresses: Mapping[int, str]
) -> tuple[str, str]:
    if member.agency_id:
        return addresses[member.agency_id], _("shared mailbox")
    name = names[member.user_id or 0]
    if member.in_place_of_id:
        return name, _("stands in for %(name)s") % {"name": names[member.in_place_of_id]}
    return name, pgettext("nudge", "coordinator") if member.step == Audience.COORDINATOR else ""


def past_nudges(assignment_ids: Iterable[int], *, limit: int = MAX_PAST) -> QuerySet[Any, Any]:
    """Return the newest nudges about these assignments. One query.

    Each has `told_count`, `read_count` and `open_count`: how many were told, have read it, and are still asked. With
    no open ones it was answered by an update, or ended with the assignment.
    """
    rows = Nudge.objects.filter(assignment__in=list(assignment_ids))
    counted = rows.annotate(
        told_count=Count("reminders"),
        read_count=Count("reminders", filter=Q(reminders__read_at__isnull=False)),
        open_count=Count("reminders", filter=Q(reminders__settled_at=None)),
    )
    found = counted.select_related("sent_by", "assignment__item", "assignment__agency")
    return found.order_by("-sent_at", "-pk")[:limit]


def nudge_panel(assignment: Assignment, now: datetime) -> AssignmentPanel:
    """Return the nudges about an assignment, and the link to another, for MAPO's page of it. One query."""
    return AssignmentPanel(
        "reminders/nudge_panel.html",
        {
            "past": past_nudges([assignment.pk], limit=MAX_BESIDE),
            "assignment_id": assignment.pk,
            "may_nudge": assignment.is_confirmed and not assignment.cycle.is_closed,
        },
    )
