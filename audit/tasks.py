"""Tasks of the log: its head goes outside each night."""

import logging

from celery import shared_task
from django.db import transaction

from audit import clock
from audit.anchors.queries import AnchorPlace, is_late, last_anchors, newest_kept
from audit.anchors.services import anchor_head, waiting_places
from audit.extensions import late_anchor_listeners
from audit.models import AnchorKind

logger = logging.getLogger(__name__)

#: What nobody took up by then, the next turn asks for again.
_TURN_SECONDS = 25 * 60


@shared_task(ignore_result=True)
def anchor() -> None:
    """Ask for an anchor at each place that has none of this day: the first turn after midnight, then until it is there.

    Each place is a task of its own, so that one that hangs keeps no other from its anchor.
    """
    for place in waiting_places(now=clock.now()):
        anchor_at.apply_async((place.kind.value, place.name), expires=_TURN_SECONDS)


@shared_task(ignore_result=True, soft_time_limit=60, time_limit=90, acks_late=False)
def anchor_at(kind: str, name: str) -> None:
    """Hand the head to one place, unless it took one meanwhile or is no place any more."""
    now = clock.now()
    place = AnchorPlace(AnchorKind(kind), name)
    if place not in waiting_places(now=now):
        return
    anchor_made = anchor_head(place, now=now)
    if anchor_made is not None and not anchor_made.is_kept:
        logger.warning("No anchor by %s: %s", kind, anchor_made.failure)


@shared_task(ignore_result=True)
def tell_of_late_anchors() -> None:
    """Tell whoever registered, each morning while no place took an anchor for too long."""
    now = clock.now()
    states = last_anchors()
    if not is_late(states, now):
        return
    last = newest_kept(states)
    with transaction.atomic():
        for tell in late_anchor_listeners.values():
            tell(last.at if last is not None else None, now)
