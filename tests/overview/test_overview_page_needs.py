"""What needs the reader on the overview, and the lists that each line leads to: exactly as many."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta

import pytest
from pytest_django import Settings

from recommendations import services
from recommendations.models import Item
from recommendations.states import AssignmentRole, ItemKind, Status
from tests.conftest import NOW, Clock
from tests.factories.accounts import make_agency
from tests.factories.evidence import make_document
from tests.factories.recommendations import (
    REPORTED,
    make_assignment,
    make_cycle,
    make_item,
    make_submission,
)
from tests.imports.openings import sent
from tests.recommendations.conftest import Desk
from tests.recommendations.visitors import Visitor, text_of

pytestmark = pytest.mark.django_db
OVERVIEW = "/overview/"


def test_needs_lead_to_the_place_of_the_cure(desk: Desk, settings: Settings) -> None:
    make_document(desk.agency, actor=desk.officer, now=desk.now)
    settings.SCANNER = "clamav"
    desk.submission()
    empty_agency = make_agency("MOT")
    make_assignment(
        desk.item, empty_agency, actor=desk.administrator, now=desk.now, role=AssignmentRole.SUPPORT
    )
    services.suggest_assignment(
        desk.item,
        agency=desk.other_agency,
        role=AssignmentRole.SUPPORT,
        actor=desk.administrator,
        now=desk.now,
    )
    services.decline_assignment(desk.assignment, reason="Bukan kami", actor=desk.officer, now=desk.now)
    needs = Visitor(desk.reviewer).get(OVERVIEW).context["needs"]
    assert {(need.url, need.count) for need in needs} == {
        ("/reviews/", 1),
        ("/assignments/", 1),
        ("/assignments/?tab=requests", 1),
        ("/evidence/?scan=held", 1),
        ("/assignments/?tab=confirmed#officers", 1),
    }
    words = " ".join(f"{need.count} {need.words} {need.note}" for need in needs)
    assert "1 update waits for review" in words and "PDRM, Recommendation 1" in words and "MOT" in words
    assert "Longest since 14 September (today)" in words.replace("\u00a0", " ")


def test_nothing_needed_is_said(desk: Desk) -> None:
    for person in (desk.reviewer, desk.outsider):
        page = Visitor(person).get(OVERVIEW)
        assert "Nothing needs your attention today" in text_of(page)
        assert "btn--primary btn--block" not in page.content.decode()


def test_each_need_counts_what_its_list_shows(desk: Desk, clock: Clock) -> None:
    """Late, stale, differing and returned each lead to a list of exactly as many."""
    desk.accepted(replace(REPORTED, status=Status.PROGRESS, percent=60))
    services.supersede_verdict(
        desk.assignment.reviews.get(),
        status="progress",
        percent=20,
        reason="Kurang",
        actor=desk.second_reviewer,
        now=desk.now,
    )
    returned = make_assignment(
        make_item(desk.cycle, number=2), desk.agency, actor=desk.administrator, now=desk.now
    )
    submission = make_submission(returned, actor=desk.officer, now=desk.now)
    services.return_update(
        submission, reason="Lengkapkan", resubmit_by=date(2023, 9, 20), actor=desk.reviewer, now=desk.now
    )
    clock.move_to(NOW + timedelta(days=60))
    visitor = Visitor(desk.reviewer)
    needs = {need.url: need.count for need in visitor.get(OVERVIEW).context["needs"]}
    shown = {url: count for url, count in needs.items() if url.startswith("?show=")}
    assert shown == {
        "?show=late#matrix": 2,
        "?show=returned#matrix": 1,
        "?show=stale#matrix": 2,
        "?show=differs#matrix": 1,
    }
    for url, count in shown.items():
        found = visitor.client.get(OVERVIEW + url.split("#")[0]).context["found"]
        assert len(found.rows) == count


def test_a_batch_that_waits_is_one_decision_as_in_the_queue(desk: Desk) -> None:
    sent(desk.cycle, desk.agency, actor=desk.officer, now=desk.now)
    second = make_assignment(
        make_item(desk.cycle, number=2), desk.agency, actor=desk.administrator, now=desk.now
    )
    make_submission(second, actor=desk.officer, now=desk.now)
    visitor = Visitor(desk.reviewer)
    (need,) = visitor.get(OVERVIEW).context["needs"]
    assert (need.count, need.url) == (2, "/reviews/")
    assert need.note.endswith("; 1 opening import among them")
    assert len(visitor.get("/reviews/").context["page"].rows) == 2


def test_what_waits_in_another_cycle_is_no_need_of_this_one(desk: Desk) -> None:
    desk.submission()
    make_item(make_cycle(2024))
    visitor = Visitor(desk.reviewer)
    other = visitor.get(OVERVIEW, cycle="2024").context
    assert other["needs"] == []
    assert other["show_options"] == []
    (need,) = visitor.get(OVERVIEW).context["needs"]
    assert (need.count, need.url) == (1, "/reviews/")
    second = make_assignment(
        make_item(desk.cycle, number=2), desk.agency, actor=desk.administrator, now=desk.now
    )
    make_submission(second, actor=desk.officer, now=desk.now)
    services.withdraw_update(second.updates.get(), actor=desk.officer, now=desk.now)
    elsewhere = make_assignment(
        Item.objects.get(cycle__year=2024), desk.agency, actor=desk.administrator, now=desk.now
    )
    make_submission(elsewhere, actor=desk.officer, now=desk.now)
    (need,) = visitor.get(OVERVIEW).context["needs"]
    assert (need.count, need.url) == (1, "?show=waiting#matrix")
    assert len(visitor.get(OVERVIEW, show="waiting").context["found"].rows) == 1


def test_needs_of_an_agency_are_its_own_and_lead_to_its_work(desk: Desk, clock: Clock) -> None:
    clock.move_to(NOW + timedelta(days=60))
    needs = Visitor(desk.officer).get(OVERVIEW).context["needs"]
    assert [(need.count, need.words, need.url) for need in needs] == [
        (1, "assignment is late", "/my-work/#overdue"),
        (1, "assignment is stale", "/my-work/"),
    ]
    assert Visitor(desk.outsider).get(OVERVIEW).context["needs"] == []
    assert Visitor(desk.observer).get(OVERVIEW).context["has_needs"] is False


def test_what_is_due_soon_is_a_need_of_its_agency(desk: Desk, clock: Clock) -> None:
    clock.move_to(NOW + timedelta(days=25))
    (need,) = Visitor(desk.officer).get(OVERVIEW).context["needs"]
    assert (need.words, need.url) == ("update is due soon", "/my-work/#to-send")


def test_every_number_leads_to_its_list(desk: Desk) -> None:
    desk.accepted()
    make_item(desk.cycle, kind=ItemKind.WEAKNESS)
    visitor = Visitor(desk.reviewer)
    recommendations, weaknesses = visitor.get(OVERVIEW, pillar="protection").context["counts"]
    assert (
        'href="?pillar=protection&amp;kind=recommendation&amp;status=progress#matrix"' in recommendations.bar
    )
    assert 'aria-label="In progress: 1"' in recommendations.bar
    assert weaknesses.url == "?pillar=protection&kind=weakness#matrix"
    assert recommendations.late.url == "?pillar=protection&kind=recommendation&show=late#matrix"
    assert visitor.get(OVERVIEW, kind="recommendation", status="progress").context["matrix"].shown_count == 1


def test_the_list_of_what_is_late_says_since_when_and_leads_to_the_cure(desk: Desk, clock: Clock) -> None:
    make_assignment(
        make_item(desk.cycle, number=2), desk.other_agency, actor=desk.administrator, now=desk.now
    )
    clock.move_to(NOW + timedelta(days=40))
    visitor = Visitor(desk.reviewer)
    found = visitor.get(OVERVIEW, show="late").context["found"]
    assert {row.agency.code for row in found.rows} == {"PDRM", "MPOB"}
    assert found.rows[0].words.replace("\u00a0", " ") == "Was due on 14 October 2023, late by 10 days"
    assert [(each["label"], each["url"]) for each in found.agencies] == [
        ("All", "?show=late#matrix"),
        ("MPOB", "?show=late&agency=MPOB#matrix"),
        ("PDRM", "?show=late&agency=PDRM#matrix"),
    ]
    narrowed = visitor.get(OVERVIEW, show="late", agency="PDRM").context["found"]
    assert narrowed.together_url == "/assignments/?tab=confirmed&late=1&agency=PDRM"
    assert len(visitor.client.get(narrowed.together_url).context["page"].rows) == len(narrowed.rows)
    then = visitor.get(OVERVIEW, show="late", day="2023-10-20").context["found"]
    assert (then.together_url, then.rows[0].act_url) == ("", "")
    assert [row.act_url for row in narrowed.rows] == [f"/assignments/{desk.assignment.pk}/"]
    assert Visitor(desk.officer).get(OVERVIEW, show="late").context["found"].rows[0].act_url == ""


def test_what_waits_leads_to_its_review(desk: Desk) -> None:
    submission = desk.submission()
    (row,) = Visitor(desk.reviewer).get(OVERVIEW, show="waiting").context["found"].rows
    assert row.act_url == f"/reviews/{submission.update_id}/"
    assert row.words.replace("\u00a0", " ") == "Waits for MAPO since 14 September 2023 (today)"


def test_what_lies_ahead_and_was_decided_last_stands_beside_the_figures(desk: Desk) -> None:
    desk.accepted()
    make_assignment(
        make_item(desk.cycle, number=2), desk.other_agency, actor=desk.administrator, now=desk.now
    )
    for person, names in (
        (desk.reviewer, {"PDRM, MPOB", "PDRM", "MPOB"}),
        (desk.officer, {"Recommendation 1"}),
    ):
        page = Visitor(person).get(OVERVIEW).context
        days = page["days_ahead"]
        assert [day.day for day in days] == sorted(day.day for day in days)
        assert {day.note for day in days if day.note} <= names and any(day.note for day in days)
        assert (date(2023, 9, 30), "Interim assessment") in {(day.day, day.words) for day in days}
        assert [(each.row.number, each.agency.code) for each in page["decisions"]] == [(1, "PDRM")]
    assert "days_ahead" not in Visitor(desk.observer).get(OVERVIEW).context


def test_a_count_of_zero_is_calm(desk: Desk, clock: Clock) -> None:
    def tones(html: str) -> list[str]:
        return re.findall(r'class="tally__link ?([\w-]*)"', html)

    visitor = Visitor(desk.officer)
    assert tones(visitor.get(OVERVIEW).content.decode()) == ["", ""]
    desk.submission()
    assert tones(visitor.get(OVERVIEW).content.decode()) == ["tone-info", ""]
    make_assignment(make_item(desk.cycle, number=2), desk.agency, actor=desk.administrator, now=desk.now)
    clock.move_to(NOW + timedelta(days=40))
    assert tones(visitor.get(OVERVIEW).content.decode()) == ["tone-info", "tone-danger"]
