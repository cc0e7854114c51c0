"""The assignments in force as one list or folded by agency: order, what is unfolded, titles."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest

from recommendations.models import Assignment
from recommendations.states import AssignmentRole
from tests.conftest import NOW
from tests.factories.accounts import make_agency
from tests.factories.recommendations import make_assignment, make_item
from tests.recommendations.conftest import Desk
from tests.recommendations.visitors import Visitor, text_of

pytestmark = pytest.mark.django_db
PAGE = "/assignments/"


def _several(desk: Desk) -> dict[str, Assignment]:
    """PDRM leads 1 (due later, in progress) and supports 2 (4 days late); JTK leads 2 (9 days late)."""
    desk.accepted()
    second = make_item(desk.cycle, number=2)
    jtk = make_agency("JTK")
    made = {
        "PDRM 1": desk.assignment,
        "JTK 2": make_assignment(second, jtk, actor=desk.administrator, now=desk.now),
        "PDRM 2": make_assignment(
            second, desk.agency, actor=desk.administrator, now=desk.now, role=AssignmentRole.SUPPORT
        ),
    }
    for name, days in (("PDRM 1", -30), ("JTK 2", 9), ("PDRM 2", 4)):
        Assignment.objects.filter(pk=made[name].pk).update(next_due_on=NOW.date() - timedelta(days=days))
    return made


def _listed(response: Any) -> list[str]:
    return [f"{row.assignment.agency.code} {row.assignment.item.number}" for row in response.context["rows"]]


def test_confirmed_tab_is_sorted_as_the_address_says_and_keeps_what_is_unfolded(desk: Desk) -> None:
    _several(desk)
    for sort, names in (
        ("", ["PDRM 1", "JTK 2", "PDRM 2"]),
        ("agency", ["JTK 2", "PDRM 1", "PDRM 2"]),
        ("due", ["JTK 2", "PDRM 2", "PDRM 1"]),
        ("late", ["JTK 2", "PDRM 2", "PDRM 1"]),
        ("status", ["JTK 2", "PDRM 2", "PDRM 1"]),
    ):
        response = Visitor(desk.reviewer).get(PAGE, tab="confirmed", view="list", sort=sort)
        assert _listed(response) == names and response.context["folds"] == [], (sort, names)
        assert f'<option value="{sort}" selected>' in response.content.decode() or not sort, (sort, names)
        assert not response.context["filters"].are_set, (sort, names)
    for query, heads in (
        ({}, ["Item ascending"] * 2),
        ({"view": "list"}, ["Item ascending"]),
        ({"sort": "agency"}, ["Item ascending"] * 2),
        ({"sort": "agency", "view": "list"}, ["Agency ascending"]),
        ({"sort": "due", "view": "list"}, ["Next update due ascending"]),
        ({"sort": "late"}, ["Next update due other"] * 2),
        ({"sort": "status", "view": "list"}, ["Verdict ascending"]),
    ):
        page = Visitor(desk.reviewer).get(PAGE, tab="confirmed", **query).content.decode()
        found = re.findall(r'<th scope="col"[^>]* aria-sort="(\w+)">([^<]+)</th>', page)
        assert [f"{label} {how}" for how, label in found] == heads, (query, heads)
    page = Visitor(desk.reviewer).get(PAGE, tab="confirmed", open="PDRM").content.decode()
    assert '<input type="hidden" name="open" value="PDRM">' in page
    assert (
        'name="open"' not in Visitor(desk.reviewer).get(PAGE, tab="confirmed", view="list").content.decode()
    )
    # A form that was sent before anybody unfolded anything sends nothing.
    sent = Visitor(desk.reviewer).get(PAGE, tab="confirmed", late="1", open="")
    assert [each.is_open for each in sent.context["folds"]] == [True, True]
    text = text_of(Visitor(desk.reviewer).get(PAGE, tab="confirmed", sort="colour"))
    assert "There is no order with this name. That filter is not valid and was not applied." in text
    text = text_of(Visitor(desk.reviewer).get(PAGE, tab="confirmed"))
    assert "Recommendation 1 Point 1 that should be mended." in text


def test_confirmed_tab_is_folded_by_agency_with_counts_and_sorted_by_what_is_late(desk: Desk) -> None:
    made = _several(desk)
    visitor = Visitor(desk.reviewer)

    def folds(**query: str) -> list[tuple[str, int, int, bool]]:
        found = visitor.get(PAGE, tab="confirmed", **query).context["folds"]
        return [(each.agency.code, len(each.rows), each.late_count, each.is_open) for each in found]

    assert folds() == [("JTK", 1, 1, False), ("PDRM", 2, 1, False)]
    assert [each[3] for each in folds(open="PDRM")] == [False, True]
    assert [each[3] for each in folds(open="all")] == [True, True]
    # What filters leave is seen, unless the address says otherwise; what is ticked is always seen.
    assert [each[3] for each in folds(late="1")] == [True, True]
    assert [each[3] for each in folds(late="1", open="none")] == [False, False]
    assert [each[3] for each in folds(chosen=str(made["JTK 2"].pk), open="none")] == [True, False]
    # One agency alone is a list.
    assert folds(agency="PDRM") == []
    Assignment.objects.filter(pk=made["PDRM 2"].pk).update(next_due_on=NOW.date() - timedelta(days=60))
    response = Visitor(desk.reviewer).get(PAGE, tab="confirmed", sort="late")
    assert [each.agency.code for each in response.context["folds"]] == ["PDRM", "JTK"]
    assert [row.assignment.item.number for row in response.context["folds"][0].rows] == [2, 1]
