"""Who would get a nudge, by name, and which nudges there have been."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from accounts.models import Agency, User
from recommendations.deadlines import is_overdue
from recommendations.extensions import AssignmentPanel
from recommendations.models import Assignment
from reminders.messages.details import column_of, ids_of
from reminders.models import Nudge
from reminders.states import Audience

if TYPE_CHECKING:
    from reminders.services.nudges import AudienceMember, NudgeCandidate

#: The most past nudges on their own page, and on that of an assignment.
MAX_PAST, MAX_BESIDE = 10, 3


def preview_nudges(candidates: Sequence[NudgeCandidate], *, today: date) -> dict[str, Any]:
    """Return the context of the page: what `check_nudges` found as `rows`, with the names of the recipients.

    Each of them comes with why they get it if they are not named for the assignment. `sendable` are the assignments that
    can be nudged now, `chosen` those of them that are ticked; `refused_count` says how many cannot, and `people_count`
    how many recipients the chosen ones have. Three queries, whatever their number.
    """
    members = [member for candidate in candidates for member in candidate.audience]
    names = column_of(User, "name", ids_of(members, "user_id") | ids_of(members, "in_place_of_id"))
    addresses = column_of(Agency, "shared_mailbox", ids_of(members, "agency_id"))
    rows = [
        {
            "candidate": each,
            "assignment": each.assignment,
            "recipients": [_recipient(member, names, addresses) for member in each.audience],
            "is_late": is_late(each.assignment, today),
        }
        for each in candidates
    ]
    sendable = [each for each in candidates if not each.refusal]
    chosen = [each for each in sendable if each.is_chosen]
    return {
        "rows": rows,
        "sendable": sendable,
        "chosen": chosen,
        "refused_count": len(rows) - len(sendable),
        "people_count": len({member.recipient for each in chosen for member in each.audience}),
    }


def is_late(assignment: Any, today: date) -> bool:
    """Return whether the next update of an assignment is late."""
    return is_overdue(assignment.next_due_on, today=today, is_awaiting=assignment.outcome.is_waiting)


def _recipient(
    member: AudienceMember, names: Mapping[int | None, str], addresses: Mapping[int | None, str]
) -> tuple[str, str]:
    if member.agency_id:
        return addresses[member.agency_id], _("shared mailbox")
    name = names[member.user_id]
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
