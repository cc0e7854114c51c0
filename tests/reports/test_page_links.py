"""The ways that lead to a summary from other pages: with what is seen there."""

from __future__ import annotations

from urllib.parse import parse_qsl

import pytest
from django.urls import reverse

from tests.factories.recommendations import make_cycle
from tests.recommendations.visitors import Visitor
from tests.reports.conftest import Told

pytestmark = pytest.mark.django_db


def way(visitor: Visitor, path: str, **query: str) -> dict[str, str]:
    """What the page's only link to a summary asks of it; it leads somewhere."""
    links = visitor.get(path, **query).context["ways"]
    (found,) = [link for link in links if link.url.startswith(reverse("reports:choose"))]
    _path, _mark, asked = found.url.partition("?")
    assert not visitor.client.get(found.url).context["asked"].problems
    return dict(parse_qsl(asked))


def test_overview_hands_on_its_day_and_filters(told: Told) -> None:
    visitor = Visitor(told.people["reviewer"])
    assert way(visitor, "/overview/") == {}
    asked = {"day": "2023-08-31", "status": "progress", "agency": "PDRM", "kind": "recommendation"}
    more = {"text": "x", "show": "late", "since": "2023-07-01", "pillar": "protection"}
    assert way(visitor, "/overview/", **asked, **more) == {**asked, "pillar": "protection"}


def test_item_leads_to_its_own_summary(told: Told) -> None:
    visitor = Visitor(told.people["observer"])
    path = reverse("recommendations:item", args=[told.items["weakness"].pk])
    assert way(visitor, path) == {"item": "weakness-1"}
    make_cycle(year=2022)
    assert way(visitor, path) == {"item": "weakness-1"}


def test_own_work_leads_to_the_summary_of_the_agency(told: Told) -> None:
    assert way(Visitor(told.people["officer"]), "/my-work/") == {"agency": "PDRM"}
