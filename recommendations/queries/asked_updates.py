"""What MAPO asks for by a date, where pages and mails show it."""

from collections.abc import Iterable

from recommendations.models import AskedUpdate


def asked_reasons(assignment_ids: Iterable[int | None]) -> dict[int, str]:
    """Return why MAPO asks for an update, by assignment, of those where that stands (one query, none without ids)."""
    wanted = {pk for pk in assignment_ids if pk is not None}
    if not wanted:
        return {}
    rows = AskedUpdate.objects.standing().filter(assignment__in=wanted)
    return dict(rows.values_list("assignment_id", "reason"))
