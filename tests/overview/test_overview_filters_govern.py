"""The filters of the overview govern each of its figures, except the clock, or the figure says that they do not."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import pytest

from accounts.clearance import Clearance
from accounts.models import Agency
from recommendations import services
from recommendations.models import Assignment
from recommendations.states import AssignmentRole, ItemKind, Pillar, Status
from tests.conftest import NOW, Clock
from tests.factories.accounts import make_agency, make_person
from tests.factories.evidence import make_document
from tests.factories.recommendations import (
    REPORTED,
    make_accepted,
    make_assignment,
    make_item,
    make_submission,
)
from tests.recommendations.conftest import Desk
from tests.recommendations.visitors import Visitor, text_of
from tests.shared import shared

pytestmark = pytest.mark.django_db
OVERVIEW = "/overview/"
#: 40 days on, everything that was owed is late.
LATER = NOW + timedelta(days=40)


@dataclass
class Wall:
    """PDRM has recommendation 1 (in progress, late) and shares 2; JTK has 2 (waits) and weakness 1 (completed)."""

    desk: Desk
    jtk: Agency
    reader: Visitor

    def see(self, **query: str) -> Any:
        """Return the context of the page under these filters."""
        return self.reader.get(OVERVIEW, **query).context

    def follow(self, url: str) -> Any:
        """Return the context of a link of the page."""
        return self.reader.client.get(OVERVIEW + url.split("#")[0]).context


@shared
def wall(desk: Desk, clock: Clock) -> Wall:
    jtk = make_agency("JTK")
    officer = make_person("officer", jtk)
    desk.accepted()
    second = make_item(desk.cycle, number=2, pillar=Pillar.PREVENTION)
    make_assignment(second, desk.agency, actor=desk.administrator, now=desk.now, role=AssignmentRole.SUPPORT)
    waiting = make_assignment(second, jtk, actor=desk.administrator, now=desk.now)
    weakness = make_item(desk.cycle, kind=ItemKind.WEAKNESS)
    done = make_assignment(weakness, jtk, actor=desk.administrator, now=desk.now)
    services.suggest_assignment(
        weakness,
        agency=desk.other_agency,
        role=AssignmentRole.SUPPORT,
        actor=desk.administrator,
        now=desk.now,
    )
    now = clock.move_to(LATER)
    make_accepted(
        done,
        actor=officer,
        reviewer=desk.reviewer,
        now=now,
        content=replace(REPORTED, status=Status.DONE, percent=100),
    )
    make_submission(waiting, actor=officer, now=now)
    Assignment.objects.filter(pk=done.pk).update(next_due_on=LATER.date() + timedelta(days=3))
    return Wall(desk, jtk, Visitor(desk.reviewer))


def test_counts_by_status_are_of_the_items_that_match(wall: Wall) -> None:
    assert [(each.total, each.words) for each in wall.see()["counts"]] == [
        (2, "No action: 1, In progress: 1, Completed: 0"),
        (1, "No action: 0, In progress: 0, Completed: 1"),
    ]
    assert [(each.total, each.words) for each in wall.see(agency="JTK")["counts"]] == [
        (1, "No action: 1, In progress: 0, Completed: 0"),
        (1, "No action: 0, In progress: 0, Completed: 1"),
    ]
    assert [(each.total, each.label) for each in wall.see(kind="weakness")["counts"]] == [(1, "weakness")]


def test_waiting_and_late_are_of_the_agency_filtered_for(wall: Wall) -> None:
    def marks(**query: str) -> list[tuple[int, int]]:
        return [(each.waiting.count, each.late.count) for each in wall.see(**query)["counts"]]

    assert marks() == [(1, 2), (0, 0)]
    assert marks(agency="PDRM") == [(0, 2)]
    assert marks(agency="JTK") == [(1, 0), (0, 0)]
    assert marks(pillar="prevention") == [(1, 1)]


def test_the_change_is_of_the_items_that_match(wall: Wall) -> None:
    def changes(**query: str) -> list[str]:
        since = {"since": "2023-09-20"} | query
        return [each.change.replace("\u00a0", " ") for each in wall.see(**since)["counts"]]

    weakness = "+1 completed, −1 no action since 20 September 2023"
    none = "No change since 20 September 2023"
    assert changes() == [none, weakness]
    assert changes(agency="PDRM") == [none]
    assert changes(agency="JTK") == [none, weakness]


def test_each_count_is_that_of_the_list_behind_it(wall: Wall) -> None:
    for query in ({}, {"agency": "JTK"}, {"text": "Point 2"}, {"agency": "PDRM", "show": "late"}):
        context = wall.see(**query)
        for each in context["counts"]:
            assert wall.follow(each.url)["matrix"].shown_count == each.total, query
            for mark in (each.waiting, each.late):
                assert len(wall.follow(mark.url)["found"].rows) == mark.count, query
            parts = re.findall(r'href="([^"]+)" aria-label="[^:]+: (\d+)"', each.bar)
            assert parts, query
            for url, count in parts:
                assert wall.follow(url.replace("&amp;", "&"))["matrix"].shown_count == int(count), query
        for need in context["needs"]:
            if need.url.startswith("?") and "show=suggested" not in need.url:
                assert len(wall.follow(need.url)["found"].rows) == need.count, query


def test_needs_of_mapo_are_of_what_matches_or_say_that_they_are_not(wall: Wall) -> None:
    def needs(**query: str) -> dict[str, tuple[int, bool]]:
        return {each.words: (each.count, each.is_whole) for each in wall.see(**query)["needs"]}

    make_document(wall.desk.agency, actor=wall.desk.officer, now=LATER)
    services.decline_assignment(wall.desk.assignment, reason="Bukan kami", actor=wall.desk.officer, now=LATER)
    whole = needs()
    assert whole["update waits for review"] == (1, False)
    assert whole["assignments are late"] == (2, False)
    assert whole["item has suggested agencies"] == (1, False)
    assert not any(is_whole for _count, is_whole in whole.values())
    of_pdrm = needs(agency="PDRM")
    assert of_pdrm["assignments are late"] == (2, False)
    assert "update waits for review" not in of_pdrm and "item has suggested agencies" not in of_pdrm
    of_jtk = needs(agency="JTK")
    assert of_jtk["update waits for review"] == (1, False) and "assignments are late" not in of_jtk
    assert of_jtk["request of an agency is unanswered"] == (1, True)
    assert text_of(wall.reader.get(OVERVIEW, agency="JTK")).count("Not filtered") == len(
        [each for each in of_jtk.values() if each[1]]
    )


def test_mentions_say_that_they_are_not_filtered(wall: Wall) -> None:
    services.write_comment(
        wall.desk.assignment,
        text="Sila semak",
        classification=Clearance.OPEN,
        mentioned=[wall.desk.reviewer],
        actor=wall.desk.officer,
        now=LATER,
    )
    plain, filtered = (text_of(wall.reader.get(OVERVIEW, agency=code)) for code in ("", "JTK"))
    assert "Mentions of you 1 Recommendation 1" in plain
    assert "Mentions of you 1 Not filtered Recommendation 1" in filtered


def test_late_says_whose_and_for_how_long_the_longest_first(wall: Wall) -> None:
    Assignment.objects.filter(item__number=1, agency=wall.jtk).update(
        next_due_on=LATER.date() - timedelta(days=90)
    )
    notes = {each.words: each.note.replace("\u00a0", " ") for each in wall.see()["needs"]}
    assert notes["assignments are late"] == "JTK 90 days, PDRM 10 days"


def test_needs_of_an_agency_are_of_what_matches(wall: Wall) -> None:
    reader = Visitor(wall.desk.officer)

    def needs(**query: str) -> dict[str, tuple[int, str, bool]]:
        found = reader.get(OVERVIEW, **query).context["needs"]
        return {each.words: (each.count, each.url, each.is_whole) for each in found}

    assert needs()["assignments are late"] == (2, "/my-work/#overdue", False)
    filtered = needs(pillar="prevention")
    assert filtered["assignment is late"] == (1, "?pillar=prevention&show=late&agency=PDRM#matrix", False)
    assert needs(agency="JTK") == {}
    text = text_of(reader.get(OVERVIEW, agency="JTK"))
    assert "Nothing that matches the filters needs your attention today." in text


def test_days_ahead_and_decisions_are_of_what_matches(wall: Wall) -> None:
    def beside(**query: str) -> tuple[list[str], list[str]]:
        context = wall.see(**query)
        ahead = [each.note for each in context["days_ahead"] if "update" in each.words]
        return ahead, [each.agency.code for each in context["decisions"]]

    assert beside() == (["JTK"], ["JTK", "PDRM"])
    assert beside(agency="PDRM") == ([], ["PDRM"])
    assert beside(agency="JTK") == (["JTK"], ["JTK"])


def test_the_trend_is_of_the_items_that_match(wall: Wall) -> None:
    def pace(**query: str) -> list[str]:
        course = wall.see(**query)["course"]
        return [each.pace.split(".")[0] for each in course.kinds]

    assert pace() == ["2 of 2 are not completed", "0 of 1 are not completed"]
    assert pace(agency="JTK") == ["1 of 1 are not completed", "0 of 1 are not completed"]
    assert pace(status="progress") == ["1 of 1 are not completed"]
    newest = wall.see(agency="PDRM")["course"].rows[-1][1]
    assert re.findall(r">(\d+)<", newest) == ["1", "1", "0"]
    assert wall.see(text="nothing of the kind")["course"] is None


def test_the_page_says_what_its_figures_are_of(wall: Wall) -> None:
    text = text_of(wall.reader.get(OVERVIEW, agency="JTK", pillar="protection"))
    told = "except the clock, is of the 1 of 3 items that match the filters: Agency JTK, Pillar Protection."
    assert told in text
    # The choice of a mark is the table's alone.
    assert "except the clock" not in text_of(wall.reader.get(OVERVIEW, show="late"))
    assert wall.see(show="late")["counts"][0].total == 2
    assert wall.see(agency="JTK")["clock"] == wall.see()["clock"]
    nothing = text_of(wall.reader.get(OVERVIEW, text="nothing of the kind"))
    assert "No item matches these filters" in nothing


def test_filters_take_no_query_more(wall: Wall, django_assert_num_queries: Any) -> None:
    wall.see()
    with django_assert_num_queries(11):
        wall.see(agency="JTK")
