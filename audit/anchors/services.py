"""Anchoring: the head of the chain goes to a place, and the database notes how that went."""

from datetime import datetime, timedelta

from django.db import connection, transaction

from audit.anchors.failures import AnchorFailed
from audit.anchors.handing_over import hand_over
from audit.anchors.lines import sign_line
from audit.anchors.queries import AnchorPlace, last_anchors
from audit.clock import local_date
from audit.extensions import outgoing_holders
from audit.models import Anchor, AnchorOutcome
from audit.seals import VOUCH, vouching
from audit.verification import ChainHead

_HEAD = "SELECT position, hash, jejak_now() FROM audit_link ORDER BY position DESC LIMIT 1"
#: The database takes no other instant (`audit.guards.must_be_now`).
_CLOCKS_AGREE_WITHIN = timedelta(minutes=5)


class ClocksDiffer(Exception):
    """The database's clock is too far from this machine's for anything to be recorded."""


def waiting_places(*, now: datetime) -> list[AnchorPlace]:
    """Return the places that have not taken an anchor on this day yet; none while anchors are held back."""
    if any(is_held() for is_held in outgoing_holders.values()):
        return []
    today = local_date(now)
    return [
        state.place
        for state in last_anchors()
        if state.kept is None
        or local_date(state.kept.at) != today
        or state.kept.at > now + _CLOCKS_AGREE_WITHIN
    ]


def anchor_head(place: AnchorPlace, *, now: datetime) -> Anchor | None:
    """Hand the head of the chain to a place, and note it; a failure is noted too. None while the log is empty.

    Raises ClocksDiffer before anything has left. No transaction is open while the place is asked.
    """
    head = _head(now)
    if head is None:
        return None
    line = sign_line(head, now=now)
    try:
        proof, failure = hand_over(line, place), ""
    except AnchorFailed as failed:
        proof, failure = b"", failed.failure.value
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(VOUCH, vouching("anchor.kept"))
        return Anchor.objects.create(
            kind=place.kind,
            name=place.name,
            position=head.position,
            hash=head.hash,
            at=line.at,
            outcome=AnchorOutcome.FAILED if failure else AnchorOutcome.KEPT,
            failure=failure,
            line=str(line),
            proof=proof,
        )


def _head(now: datetime) -> ChainHead | None:
    """Return the present head, or None."""
    with connection.cursor() as cursor:
        cursor.execute(_HEAD)
        row = cursor.fetchone()
    if row is None:
        return None
    position, digest, database_now = row
    if abs(database_now - now) > _CLOCKS_AGREE_WITHIN:
        raise ClocksDiffer(f"this machine says {now.isoformat()}, the database {database_now.isoformat()}")
    return ChainHead(position, digest)
