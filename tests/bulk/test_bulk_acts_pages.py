"""Bulk acts that were done, on the screen: listed, looked at row by row, undone."""

from __future__ import annotations

from datetime import timedelta

import pytest
from pytest_django import DjangoAssertNumQueries

from audit.models import Event
from bulk.services.orders import Assign, Confirm, TurnDown
from tests.bulk.test_bulk_acts import LATER, apply, dates_of, in_force, move, suggest
from tests.factories.recommendations import make_item
from tests.recommendations.conftest import Desk
from tests.recommendations.visitors import Visitor, text_of

pytestmark = pytest.mark.django_db
ACTS = "/assignments/bulk/acts/"


def test_undo_that_is_refused_names_the_rows(desk: Desk) -> None:
    rows = in_force(desk, 2)
    act = apply(desk, move([*rows, desk.assignment]))
    desk.draft()
    visitor = Visitor(desk.reviewer)
    assert "Can no longer be undone" in text_of(visitor.get(ACTS))
    page = visitor.get(f"{ACTS}{act.pk}/")
    assert not page.context["page"].can_be_undone and "an update was started" in text_of(page)
    response = visitor.post(f"{ACTS}{act.pk}/undo/")
    assert response.status_code == 409
    assert "PDRM, Recommendation 1: an update was started" in text_of(response)
    assert dates_of(rows) == [LATER, LATER]


def test_what_is_above_the_readers_clearance_is_not_named(desk: Desk) -> None:
    act = apply(desk, move([desk.assignment]))
    desk.submission()
    type(desk.reviewer).objects.filter(pk=desk.reviewer.pk).update(clearance=0)
    text = text_of(Visitor(desk.reviewer).get(f"{ACTS}{act.pk}/"))
    assert "later changes depend on it" in text and "update was sent" not in text


def test_undone_twice_it_is_undone_once(desk: Desk) -> None:
    act = apply(desk, move([desk.assignment]))
    visitor = Visitor(desk.reviewer)
    for _time in range(2):
        assert visitor.post(f"{ACTS}{act.pk}/undo/", follow=True).status_code == 200
    assert Event.objects.filter(action="assignment.move_undone").count() == 1
    assert "Undone by" in text_of(visitor.get(f"{ACTS}{act.pk}/"))


def test_every_kind_of_act_has_its_page(desk: Desk) -> None:
    first, second = suggest(desk, number=2), suggest(desk, number=3)
    item = make_item(desk.cycle, number=4)
    orders = [
        (Confirm(chosen=(first.pk,)), "1 suggestion confirmed", "Undone: these are suggestions again"),
        (TurnDown(chosen=(second.pk,)), "1 suggestion turned down", "Undone: the suggestions are restored"),
        (
            Assign(places=((item.pk, desk.agency.pk),), role="lead"),
            "1 assignment made",
            "Undone: these assignments have ended",
        ),
    ]
    visitor = Visitor(desk.reviewer)
    for order, done, undone in orders:
        act = apply(desk, order)
        assert done in text_of(visitor.get(f"{ACTS}{act.pk}/"))
        assert undone in text_of(visitor.post(f"{ACTS}{act.pk}/undo/", follow=True))
        assert "Undone by" in text_of(visitor.get(f"{ACTS}{act.pk}/"))


@pytest.mark.parametrize("count", [2, 4])
def test_list_takes_the_same_queries_for_two_acts_and_for_four(
    desk: Desk, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    rows = in_force(desk, 2)
    for number in range(count):
        apply(desk, move(rows, to_day=LATER + timedelta(days=number)))
    visitor = Visitor(desk.reviewer)
    visitor.get(ACTS)
    with django_assert_num_queries(16):
        visitor.get(ACTS)


def test_list_is_empty_or_says_who_when_what_and_how_many(desk: Desk) -> None:
    assert "No bulk change yet" in text_of(Visitor(desk.reviewer).get(ACTS))
    rows = in_force(desk, 3)
    act = apply(desk, move(rows, reason="Cuti umum"))
    response = Visitor(desk.second_reviewer).get(ACTS)
    text = text_of(response)
    assert f"3 due dates moved {desk.reviewer.name}, 14 September 2023, 10:00 am Cuti umum Undo" in text
    detail = text_of(Visitor(desk.second_reviewer).get(f"{ACTS}{act.pk}/"))
    assert detail.count("14 Oct 2023 30 Nov 2023") == 3 and "Next update due ·" in detail
