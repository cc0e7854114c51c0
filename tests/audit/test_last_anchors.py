"""What the database says of anchors: the newest of each place, failures since, and who may write it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from audit.anchors.queries import is_late, last_anchors, newest_kept
from audit.models import Anchor, AnchorKind, AnchorOutcome
from tests.vouching import acting
from tracker.anchoring import Anchoring

READERS = ["a@one.example", "b@two.example"]


@pytest.fixture(autouse=True)
def _places(settings: Any, db: None) -> None:
    settings.ANCHORING = Anchoring(readers=READERS, folder="/mnt/anchors")


def _anchor(now: datetime, position: int, **values: Any) -> Anchor:
    about = {"kind": AnchorKind.MAIL, "name": READERS[0], "outcome": AnchorOutcome.KEPT, **values}
    with acting():
        return Anchor.objects.create(position=position, hash="a" * 64, at=now, line="x", proof=b"x", **about)


def test_without_places_there_is_no_anchor(settings: Any, now: datetime) -> None:
    settings.ANCHORING = Anchoring()
    assert last_anchors() == []
    assert not is_late([], now)


def test_each_place_shows_its_newest_anchor_and_failures_since(
    now: datetime, django_assert_num_queries: Any
) -> None:
    _anchor(now, 1, outcome=AnchorOutcome.FAILED)
    _anchor(now, 2)
    newest = _anchor(now, 3)
    _anchor(now, 4, name="gone@three.example")
    failed = _anchor(now, 3, kind=AnchorKind.FOLDER, name="/mnt/anchors", outcome=AnchorOutcome.FAILED)
    with django_assert_num_queries(1):
        states = last_anchors()
    assert [(state.place.name, state.kept, state.failed) for state in states] == [
        (READERS[0], newest, None),
        (READERS[1], None, None),
        ("/mnt/anchors", None, failed),
    ]
    assert newest_kept(states) == newest
    assert [state.is_late(now) for state in states] == [False, True, True]
    assert not is_late(states, now + timedelta(days=3))
    assert is_late(states, now + timedelta(days=3, seconds=1))


def test_an_anchor_is_written_in_a_transaction_that_is_vouched_for(now: datetime) -> None:
    with pytest.raises(DatabaseError, match="nobody vouched"):
        Anchor.objects.create(kind="mail", name="x", position=1, hash="b", at=now, line="x", proof=b"")


def test_an_anchor_is_of_the_present_and_never_changed(now: datetime) -> None:
    anchor = _anchor(now, 1)
    for wrong in (
        lambda: _anchor(now - timedelta(minutes=6), 1),
        lambda: Anchor.objects.filter(pk=anchor.pk).update(position=2),
        anchor.delete,
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            wrong()
