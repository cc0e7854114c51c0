"""What an import is about, locked: the assignments that its rows could be about, and the updates that they became."""

from recommendations.models import Assignment, OpeningImport, Update


def locked_assignments(opening: OpeningImport) -> dict[int, Assignment]:
    """Return all assignments that the rows could be about, locked in order of id."""
    rows = Assignment.objects.select_for_update(no_key=True, of=("self",)).filter(
        agency=opening.agency_id, item__cycle=opening.cycle_id
    )
    return {each.pk: each for each in rows.select_related("item__cycle", "agency").order_by("pk")}


def opening_updates(opening: OpeningImport) -> list[Update]:
    """Return the updates of the import in order of time, locked, each with its assignment."""
    rows = Update.objects.select_for_update(no_key=True, of=("self",)).filter(opening=opening)
    return list(
        rows.select_related("assignment__item__cycle", "assignment__agency").order_by("reported_on", "pk")
    )
