"""The services of opening imports: all or nothing, recorded now, one review for the lot."""

from __future__ import annotations

import pytest

from recommendations.models import Review
from recommendations.models.opening import OpeningState
from recommendations.services import accept_opening
from recommendations.states import UpdateState
from tests.recommendations.conftest import Desk
from tests.recommendations.openings import sent

pytestmark = pytest.mark.django_db


def test_accept_makes_the_newest_report_the_verdict(desk: Desk) -> None:
    opening = sent(desk.cycle, desk.agency, actor=desk.officer, now=desk.now)
    assert opening.state == OpeningState.SUBMITTED
    assert {each.state for each in opening.updates.all()} == {UpdateState.SUBMITTED}
    accept_opening(opening, actor=desk.reviewer, now=desk.now)
    newest = Review.objects.accepted().newest_first().first()
    assert newest is not None and newest.percent == 55
