"""What MAPO asks for by a date, where pages and mails show it."""

from collections.abc import Iterable

from recommendations.models import AskedUpdate, Assignment


def asked_reasons(assignment_ids: Iterable[int | None]) -> dict[int, str]:
    """Return why MAPO asks for an update, by assignment, of those where that stands (one query, none without ids)."""
    wanted = {pk for pk in assignment_ids if pk is not None}
    if not wanted:
        return {}
    rows = AskedUpdate.objects.standing().filter(assignment__in=wanted)
    return dict(rows.values_list("assignment_id", "reason"))


def asked_update(assignment: Assignment) -> AskedUpdate | None:
    """What MAPO asks for on the assignment by a date, while it stands (one query)."""
    return assignment.asked_updates.standing().select_related("asked_by").first()


def past_asks(assignment: Assignment, *, limit: int = 10) -> list[AskedUpdate]:
    """What MAPO asked for on the assignment before, newest first (one query)."""
    ended = assignment.asked_updates.exclude(ended_at=None).select_related("asked_by")
    return list(ended.order_by("-ended_at", "-pk")[:limit])
