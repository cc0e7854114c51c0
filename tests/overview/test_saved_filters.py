"""Filters under a name: kept by a person, for that person."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import translation

from audit.errors import NotAllowed, NotNow
from audit.models import Event
from overview.models import SavedFilter
from overview.services import delete_overview_filter, save_overview_filter
from recommendations.saved_filters import MOST_FILTERS
from tests.conftest import NOW, Clock
from tests.recommendations.conftest import Desk
from tests.recommendations.visitors import Visitor, text_of, toasts

pytestmark = pytest.mark.django_db
OVERVIEW, KEEP = "/overview/", "/overview/views/keep/"


def keep(desk: Desk, *, name: str = "Lewat", query: str = "show=late") -> SavedFilter:
    """A view of the reviewer."""
    return save_overview_filter(name=name, query=query, actor=desk.reviewer, now=desk.now)


def away(view: SavedFilter) -> str:
    """Where a view is removed."""
    return f"/overview/views/{view.pk}/throw-away/"


def test_save_filter_keeps_the_filters_alone(desk: Desk) -> None:
    visitor = Visitor(desk.reviewer)
    address = "day=2023-09-01&since=2023-08-01&cycle=2023&show=late&agency=PDRM&other=1"
    response = visitor.post(KEEP, {"name": "  PDRM   lewat ", "address": address}, follow=True)
    view = SavedFilter.objects.get()
    assert (view.user, view.name, view.query) == (desk.reviewer, "PDRM lewat", "agency=PDRM&show=late")
    assert toasts(response) == ["“PDRM lewat” was saved."]
    assert response.redirect_chain[0][0].startswith("/overview/?day=2023-09-01&since=2023-08-01")


def test_saved_filter_opens_on_the_day_that_is_shown(desk: Desk, clock: Clock) -> None:
    keep(desk)
    clock.move_to(NOW + timedelta(days=2))
    (kept,) = Visitor(desk.reviewer).get(OVERVIEW, day="2023-09-14", text="x").context["kept"]
    assert (kept.name, kept.url, kept.is_current) == ("Lewat", "?day=2023-09-14&show=late#matrix", False)
    (kept,) = Visitor(desk.reviewer).get(OVERVIEW, show="late").context["kept"]
    assert kept.is_current


def test_saved_filter_is_its_owners_alone(desk: Desk) -> None:
    view = keep(desk)
    for person in (desk.second_reviewer, desk.administrator, desk.officer, desk.observer):
        visitor = Visitor(person)
        assert visitor.get(OVERVIEW).context["kept"] == []
        assert visitor.post(away(view)).status_code == 404
    assert SavedFilter.objects.count() == 1
    with pytest.raises(NotAllowed):
        delete_overview_filter(view, actor=desk.administrator, now=desk.now)


def test_save_filter_records_names_of_filters_and_no_texts(desk: Desk) -> None:
    delete_overview_filter(keep(desk, query="text=mangsa&show=late"), actor=desk.reviewer, now=desk.now)
    kept, thrown = Event.objects.filter(action__startswith="kept_view.").order_by("pk")
    assert (kept.action, thrown.action) == ("kept_view.kept", "kept_view.thrown_away")
    assert kept.after == {"filters": ["show", "text"]} == thrown.before


def test_save_filter_sent_twice_is_kept_once(desk: Desk) -> None:
    assert keep(desk) == keep(desk)
    assert Event.objects.filter(action="kept_view.kept").count() == 1


def test_save_filter_refuses_what_cannot_be(desk: Desk) -> None:
    keep(desk)
    visitor = Visitor(desk.reviewer)
    for name, query, told in (
        ("", "show=late", "Choose a filter and give it a name."),
        ("Lewat", "", "Choose a filter and give it a name."),
        ("Lewat", "show=stale", "You already have a saved view with this name."),
    ):
        with translation.override("en"), pytest.raises(NotNow, match=told):
            keep(desk, name=name, query=query)
        response = visitor.post(KEEP, {"name": name, "address": query})
        assert response.status_code == 422 and told in text_of(response), told
        assert f'value="{name}"' in response.content.decode(), told
    for name, query, told in (
        ("x" * 61, "show=late", "at most 60 characters"),
        ("x" * 61, "text=PDRM", "too long"),
        ("Teks panjang", f"text={'ا' * 900}", "too long"),
    ):
        response = visitor.post(KEEP, {"name": name, "address": query})
        assert response.status_code == 422 and told in text_of(response), (name, told)
    assert SavedFilter.objects.count() == 1


def test_save_filter_holds_so_many_and_no_more(desk: Desk) -> None:
    for number in range(MOST_FILTERS):
        keep(desk, name=f"Paparan {number}")
    with translation.override("en"), pytest.raises(NotNow, match="reached the limit of saved views"):
        keep(desk, name="Satu lagi")


def test_delete_filter_leads_back_to_where_one_was(desk: Desk) -> None:
    view = keep(desk)
    response = Visitor(desk.reviewer).post(away(view), {"address": "show=late\r\nX: 1"})
    assert response["Location"] == "/overview/?show=late%0D%0AX%3A+1#matrix"
    assert SavedFilter.objects.count() == 0
    assert Visitor(desk.reviewer).post(away(view)).status_code == 404


def test_delete_filter_twice_is_done_once(desk: Desk) -> None:
    view = keep(desk)
    for _time in range(2):
        delete_overview_filter(view, actor=desk.reviewer, now=desk.now)
    assert Event.objects.filter(action="kept_view.thrown_away").count() == 1
