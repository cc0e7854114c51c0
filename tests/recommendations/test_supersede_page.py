"""A verdict is replaced: both stay in sight, and what may not be replaced is refused."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from audit.models import Event
from recommendations import services
from recommendations.models import Review
from recommendations.states import Status
from tests.recommendations.conftest import Desk
from tests.recommendations.test_queue_page import by_letter
from tests.recommendations.test_review_page import decide_first
from tests.recommendations.visitors import Visitor, text_of

pytestmark = pytest.mark.django_db


def superseding(review: Review, **values: Any) -> tuple[str, dict[str, Any]]:
    return f"/reviews/{review.pk}/supersede/", {
        "status": "done",
        "percent": 100,
        "reason": "Silap baca.",
        **values,
    }


def test_supersede_keeps_both_verdicts_in_sight(desk: Desk) -> None:
    old = desk.accepted()
    address, data = superseding(old)
    visitor = Visitor(desk.reviewer)
    assert "In progress 40%" in text_of(visitor.get(address))
    response = visitor.post(address, data, follow=True)
    new = Review.objects.get(supersedes=old)
    assert (new.status, new.percent, new.reason) == (Status.DONE, 100, "Silap baca.")
    old.refresh_from_db()
    assert (old.percent, old.superseded_by) == (40, new)
    text = text_of(response)
    assert "Replaced verdict In progress 40%" in text and "Silap baca." in text
    assert f"/reviews/{old.pk}/supersede/" not in response.content.decode()


def test_supersede_refuses_and_keeps_the_text(desk: Desk) -> None:
    old = desk.accepted()
    for values, told in (
        ({"reason": ""}, "Fill this in."),
        ({"status": "progress", "percent": 40}, "already the verdict"),
        ({"percent": 50}, "Completed is 100%"),
    ):
        address, data = superseding(old, **values)
        response = Visitor(desk.reviewer).post(address, data)
        assert response.status_code == 422 and Review.objects.count() == 1, values
        assert told in text_of(response), values


def test_supersede_refuses_a_verdict_that_was_overtaken(desk: Desk) -> None:
    old = desk.accepted()
    services.supersede_verdict(
        old, status=Status.DONE, percent=100, reason="Silap", actor=desk.second_reviewer, now=desk.now
    )
    address, data = superseding(old, status="none", percent=0)
    response = Visitor(desk.reviewer).post(address, data)
    assert response.status_code == 422 and "There is a newer verdict" in text_of(response)


def test_supersede_of_a_return_or_of_none_is_not_found(desk: Desk) -> None:
    returned = services.return_update(
        desk.submission(), reason="X", resubmit_by=date(2023, 9, 20), actor=desk.reviewer, now=desk.now
    )
    visitor = Visitor(desk.reviewer)
    assert visitor.get(f"/reviews/{returned.pk}/supersede/").status_code == 404
    assert visitor.get("/reviews/987654321/supersede/").status_code == 404
    assert Visitor(desk.officer).get(f"/reviews/{returned.pk}/supersede/").status_code == 404


def test_author_may_not_supersede_the_verdict_on_their_own_text(desk: Desk) -> None:
    submission = by_letter(desk, actor=desk.reviewer)
    address, data = superseding(decide_first(desk, submission))
    visitor = Visitor(desk.reviewer)
    assert "You cannot replace this verdict" in text_of(visitor.get(address))
    assert visitor.post(address, data).status_code == 422
    assert Review.objects.count() == 1 and Event.objects.filter(action="permission.refused").exists()
