"""What administrators see of anchors beside the audit trail, and the files that they can take away."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from audit.anchors.failures import AnchorFailure
from audit.anchors.queries import PlaceState, is_late, last_anchors
from audit.clock import local_date
from audit.models import Anchor, AnchorKind

#: How the proof of each kind is named and sent: mail, timestamp, line.
_FILES = {
    AnchorKind.MAIL: ("eml", "message/rfc822"),
    AnchorKind.TIMESTAMP: ("tsr", "application/timestamp-reply"),
    AnchorKind.FOLDER: ("txt", "text/plain; charset=utf-8"),
}


@dataclass(frozen=True)
class PlaceRow:
    """One place: what it is, its last anchor, and in words what is wrong with it."""

    title: str | Promise
    name: str
    kept: Anchor | None
    problem: str | Promise
    is_late: bool


@dataclass(frozen=True)
class AnchorPanel:
    """All places; `is_late` when none of them took an anchor for too long."""

    rows: list[PlaceRow]
    is_late: bool


def anchor_panel(*, now: datetime) -> AnchorPanel:
    """Return the panel (one query, none without places)."""
    states = last_anchors()
    return AnchorPanel([_row(state, now) for state in states], is_late(states, now))


def _row(state: PlaceState, now: datetime) -> PlaceRow:
    problem: str | Promise = ""
    if state.failed is not None:
        known = state.failed.failure in AnchorFailure.values
        problem = AnchorFailure(state.failed.failure).label if known else state.failed.failure
    elif state.is_late(now) and state.kept is None:
        problem = _("Nothing was kept here yet: the first one follows within half an hour.")
    return PlaceRow(state.place.kind.label, state.place.name, state.kept, problem, state.is_late(now))


@dataclass(frozen=True)
class ProofFile:
    """The proof of an anchor as a file."""

    name: str
    media_type: str
    content: bytes


def proof_file(anchor: Anchor) -> ProofFile:
    """Return what a place can be shown for an anchor that it took."""
    ending, media_type = _FILES[AnchorKind(anchor.kind)]
    name = f"jejak-anchor-{local_date(anchor.at).isoformat()}-{anchor.pk}.{ending}"
    return ProofFile(name, media_type, bytes(anchor.proof))
