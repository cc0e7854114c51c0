"""What tests of opening imports share: rows as an agency types them, and batches made by the real services."""

from __future__ import annotations

from datetime import datetime
from itertools import count
from typing import TYPE_CHECKING, Any

from accounts.models import Agency, User
from audit.models import Event
from imports.rows import ImportRow, restored
from imports.services.drafts import begin_opening
from imports.services.sending import send_opening
from recommendations.models import Cycle, OpeningImport

if TYPE_CHECKING:
    from tests.recommendations.conftest import Desk

#: What one filled row says.
CELLS = {
    "item": "Recommendation 1",
    "reported_on": "2023-05-02",
    "status": "In progress",
    "percent": "20",
    "narrative": "Dua kursus telah diadakan di Ipoh pada April 2023.",
    "covers_from": "2023-04-01",
    "covers_to": "2023-04-30",
    "classification": "Restricted",
}
#: Three reports of one item, the newest in the middle of the file.
THREE = (
    {},
    {"reported_on": "2023-07-04", "percent": "55", "covers_from": "2023-06-01", "covers_to": "2023-06-30"},
    {"reported_on": "2023-06-05", "percent": "35", "covers_from": "2023-05-01", "covers_to": "2023-05-31"},
)


#: One number for each file.
_FILES = count()


def row(number: int = 1, **cells: str) -> ImportRow:
    """One row of a file; what is not said is as in `CELLS`."""
    return ImportRow(number=number, line=number + 7, cells={**CELLS, **cells})


def rows_of(*changes: dict[str, str]) -> list[ImportRow]:
    return [row(number, **each) for number, each in enumerate(changes, 1)]


def begun(
    cycle: Cycle, agency: Agency, *changes: dict[str, str], actor: User, now: datetime
) -> OpeningImport:
    """A draft batch with these rows, of a file that no other batch has."""
    about: dict[str, Any] = {"actor": actor, "now": now}
    file = {"file_name": "kemajuan.xlsx", "sha256": f"{next(_FILES):064x}"}
    return begin_opening(cycle, agency=agency, rows=rows_of(*(changes or THREE)), **file, **about)


def sent(cycle: Cycle, agency: Agency, *changes: dict[str, str], actor: User, now: datetime) -> OpeningImport:
    """A batch that waits for MAPO."""
    opening = begun(cycle, agency, *changes, actor=actor, now=now)
    return send_opening(opening, revision=opening.revision, actor=actor, now=now)


def kept_rows(opening: OpeningImport) -> list[ImportRow]:
    """The rows as the database has them now."""
    return restored(OpeningImport.objects.get(pk=opening.pk).rows)


# At a desk: by its officer, unless said


def by(person: User, desk: Desk) -> dict[str, Any]:
    """Who acts, and when."""
    return {"actor": person, "now": desk.now}


def batch(desk: Desk, *changes: dict[str, str], actor: User | None = None) -> OpeningImport:
    """A draft batch of the desk's agency."""
    return begun(desk.cycle, desk.agency, *changes, **by(actor or desk.officer, desk))


def waiting(desk: Desk, *changes: dict[str, str]) -> OpeningImport:
    """A batch of the desk's agency that waits for MAPO."""
    return sent(desk.cycle, desk.agency, *changes, **by(desk.officer, desk))


def send(opening: OpeningImport, person: User, desk: Desk) -> OpeningImport:
    """Send a batch as it stands now."""
    revision = OpeningImport.objects.get(pk=opening.pk).revision
    return send_opening(opening, revision=revision, **by(person, desk))


def events(prefix: str) -> list[str]:
    """The actions that were recorded, in order."""
    return [event.action for event in Event.objects.filter(action__startswith=prefix).order_by("pk")]


def states(opening: OpeningImport) -> set[str]:
    """The states of a batch's updates."""
    return set(opening.updates.values_list("state", flat=True))


def page_of(opening: OpeningImport, *more: str) -> str:
    """The address of a batch's page, or of an act on it."""
    return "/".join([f"/openings/{opening.pk}", *more, ""])
