"""In every list an item stands with its own short title, in both languages, and no list holds a long official text."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from html import unescape

import pytest
from django.urls import reverse
from django.utils import translation

from accounts.models import Agency, User
from accounts.roles import Role
from cycles.file import kept_cycle_files, read_cycle_file
from cycles.file.load import load_cycles
from recommendations.models import Assignment, Item
from recommendations.services import confirm_suggestions
from recommendations.states import ItemKind
from tests.factories.accounts import AgencyFactory, UserFactory
from tests.factories.recommendations import make_submission
from tests.recommendations.visitors import Visitor
from tests.shared import shared

pytestmark = pytest.mark.django_db

#: A text of so many characters is too long for a list.
LONG = 200


@dataclass
class Lists:
    """The first cycle with all suggested agencies confirmed, and updates of PDRM that wait on two items."""

    people: dict[str, User]
    items: list[Item]
    own: list[Item]
    waiting: list[Item]


@shared
def lists(now: datetime) -> Lists:
    """The world of these tests; `own` are PDRM's items."""
    load_cycles([read_cycle_file(path) for path in kept_cycle_files()], now=now)
    pdrm = Agency.objects.get(code="PDRM")
    officer = UserFactory(role=Role.OFFICER, agency=pdrm)
    mapo = AgencyFactory(code="MAPOX")
    people = {
        "officer": officer,
        "coordinator": UserFactory(role=Role.COORDINATOR, agency=pdrm),
        "administrator": UserFactory(role=Role.ADMINISTRATOR, agency=mapo),
        "reviewer": UserFactory(role=Role.REVIEWER, agency=mapo),
        "observer": UserFactory(role=Role.OBSERVER, agency=mapo),
    }
    items = list(Item.objects.in_order())
    confirmed = items[:4] + [item for item in items if item.kind == ItemKind.WEAKNESS]
    confirm_suggestions(confirmed, actor=people["administrator"], now=now)
    own = Assignment.objects.in_force().filter(agency=pdrm).select_related("item")
    own_items = [assignment.item for assignment in own.order_by("pk")]
    for assignment in own[:2]:
        make_submission(assignment, actor=officer, now=now)
    return Lists(people, items, own_items, [assignment.item for assignment in own[:2]])


#: The lists: who reads them, at which address, and which items stand in them.
PAGES = {
    "overview": ("reviewer", "overview:overview", "", "states"),
    "late": ("reviewer", "overview:overview", "?show=waiting", "waiting"),
    "weaknesses": ("officer", "overview:weaknesses", "", "answered"),
    "items": ("observer", "recommendations:items", "", "items"),
    "my work": ("officer", "recommendations:my_work", "", "own"),
    "our agency": ("coordinator", "recommendations:our_agency", "", "own"),
    "queue": ("reviewer", "recommendations:queue", "", "waiting"),
    "in force": ("reviewer", "recommendations:assignments", "?tab=confirmed", "confirmed"),
    "suggested": ("administrator", "recommendations:assignments", "?tab=suggested", "suggested"),
    "assign": ("administrator", "bulk:assignment_assign", "", "states"),
    "summaries": ("observer", "reports:choose", "", "states"),
    "contacts": ("observer", "recommendations:contacts", "", "states"),
    "search": ("observer", "search:search", "?q=mangsa&kind=items", "found"),
}


def expected(lists: Lists, which: str) -> list[Item]:
    """The items that stand on a page."""
    states = [item for item in lists.items if item.kind != ItemKind.ACHIEVEMENT]
    return {
        "states": states,
        "items": lists.items,
        "answered": [item for item in lists.items if item.kind == ItemKind.WEAKNESS],
        "own": lists.own,
        "waiting": lists.waiting,
        "confirmed": [item for item in states if item.kind == ItemKind.WEAKNESS or item.number < 5],
        "suggested": [item for item in states if item.number > 4 and item.kind == ItemKind.RECOMMENDATION],
        "found": [lists.items[0], lists.items[7]],
    }[which]


@pytest.mark.parametrize("language", ["ms", "en"])
@pytest.mark.parametrize("page", PAGES)
def test_each_item_stands_with_its_own_short_title(lists: Lists, page: str, language: str) -> None:
    role, view, query, which = PAGES[page]
    kwargs = {"year": 2023} if view == "cycles:titles" else {}
    answer = Visitor(lists.people[role], language).get(f"{reverse(view, kwargs=kwargs)}{query}")
    assert answer.status_code == 200
    html = " ".join(unescape(answer.content.decode().replace("<mark>", "").replace("</mark>", "")).split())
    shown = expected(lists, which)
    with translation.override(language):
        titles = [item.title for item in shown]
    assert len(set(titles)) == len(titles) > 1
    assert not [title for title in titles if title not in html]
    texts = [text for item in lists.items for text in (item.text_ms, item.text_en) if len(text) > LONG]
    assert len(texts) == 10
    assert not [text for text in texts if text in html]
