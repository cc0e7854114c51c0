"""The history of an item: when which state began, for everybody; and the acts on it, for those whose matter they are."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import transaction
from django.urls import reverse
from django.utils import translation

from accounts.models import User
from accounts.roles import Role
from accounts.services.agencies import change_agency
from audit.clock import end_of_day, local_date
from recommendations.models import Assignment, Review
from recommendations.queries.item_history import ItemStatePeriod, read_state_periods, timeline_segments
from recommendations.services import (
    accept_update,
    assign_agency,
    end_assignment,
    end_override,
    override_item,
    supersede_verdict,
)
from recommendations.states import AssignmentRole, ItemKind, Status
from tests.conftest import Clock
from tests.factories.accounts import make_agency, make_person
from tests.factories.recommendations import (
    REPORTED,
    make_accepted,
    make_assignment,
    make_item,
    make_role,
    make_submission,
)
from tests.recommendations.conftest import Desk
from tests.recommendations.pages import browser_of, words_of
from tests.shared import shared

EVERYBODY = ["officer", "coordinator", "outsider", "reviewer", "administrator", "observer"]
WHY = "Belum disahkan di Sabah."


def url(desk: Desk) -> str:
    return reverse("recommendations:item_history", args=[desk.item.pk])


def _accepted_next_day(desk: Desk, clock: Clock) -> None:
    now = clock.move_to(desk.now + timedelta(days=1))
    make_accepted(desk.assignment, actor=desk.officer, reviewer=desk.reviewer, now=now)


def turns(desk: Desk, user: User, **kwargs: Any) -> list[ItemStatePeriod]:
    return read_state_periods(desk.item, user=user, **kwargs)


def told(desk: Desk, user: User) -> list[tuple[str, int, str]]:
    return [(turn.status, turn.percent, turn.code) for turn in turns(desk, user)]


@shared
def course(desk: Desk, clock: Clock) -> list[datetime]:
    """The lead completes; a supporting agency is added; MAPO sets the state, and lets the verdicts speak again."""
    start = desk.now
    instants = []

    def next_day() -> datetime:
        instants.append(clock.move_to(start + timedelta(days=len(instants) + 1)))
        return instants[-1]

    now = next_day()
    submission = make_submission(desk.assignment, actor=desk.officer, now=now)
    accept_update(submission, status=Status.DONE, percent=100, reason="Siap", actor=desk.reviewer, now=now)
    assign_agency(
        desk.item, agency=make_agency("JIM"), role="support", actor=desk.administrator, now=next_day()
    )
    now = next_day()
    override = override_item(
        desk.item, status="progress", percent=80, reason=WHY, actor=desk.reviewer, now=now
    )
    end_override(override, reason="Sudah disahkan.", actor=desk.second_reviewer, now=next_day())
    return instants


@pytest.fixture
def english() -> Iterator[None]:
    """Readings speak the reader's language."""
    with translation.override("en"):
        yield


@pytest.mark.usefixtures("english")
class TestTurns:
    def test_states_follow_one_another(self, desk: Desk, course: list[datetime]) -> None:
        found = turns(desk, desk.reviewer)
        assert [(turn.status, turn.percent, turn.is_set_by_mapo) for turn in found] == [
            ("none", 0, False),
            ("done", 100, False),
            ("progress", 99, False),
            ("progress", 80, True),
            ("progress", 99, False),
        ]
        assert [turn.words for turn in found] == [
            "The item was entered.",
            "MAPO decided on an update.",
            "Became a supporting agency.",
            "MAPO set the status.",
            "MAPO ended its status; the agencies' verdicts apply again.",
        ]
        assert [turn.reason for turn in found] == ["", "", "", WHY, "Sudah disahkan."]
        assert [local_date(turn.at) for turn in found[1:]] == [local_date(instant) for instant in course]

    def test_mapo_reads_who_decided_and_an_agency_in_its_own_matters(
        self, desk: Desk, course: list[datetime]
    ) -> None:
        assert [turn.by for turn in turns(desk, desk.administrator)] == [
            "",
            desk.reviewer.name,
            desk.administrator.name,
            desk.reviewer.name,
            desk.second_reviewer.name,
        ]
        assert [turn.by for turn in turns(desk, desk.officer)] == [
            "",
            desk.reviewer.name,
            "MAPO",
            "MAPO",
            "MAPO",
        ]

    @pytest.mark.parametrize("who", ["outsider", "observer"])
    def test_everybody_else_reads_that_mapo_decided(
        self, desk: Desk, course: list[datetime], who: str
    ) -> None:
        found = turns(desk, getattr(desk, who))
        assert {turn.by for turn in found} == {"", "MAPO"}
        assert [turn.update_url for turn in found] == [""] * 5
        assert [turn.reason for turn in found][3:] == [WHY, "Sudah disahkan."]

    def test_update_is_linked_for_those_who_may_open_it(self, desk: Desk, course: list[datetime]) -> None:
        for who, opens in (("officer", True), ("reviewer", True), ("outsider", False), ("observer", False)):
            verdict = turns(desk, getattr(desk, who))[1]
            update_url = reverse("recommendations:update", args=[Review.objects.get().submission.update_id])
            assert verdict.update_url == (update_url if opens else ""), (who, opens)
            assert browser_of(getattr(desk, who)).get(update_url).status_code == (200 if opens else 404), (
                who,
                opens,
            )

    def test_verdicts_of_the_same_status_make_no_turn(self, desk: Desk, clock: Clock) -> None:
        _accepted_next_day(desk, clock)
        now = clock.move_to(desk.now + timedelta(days=2))
        submission = make_submission(desk.assignment, actor=desk.officer, now=now)
        accept_update(submission, status="progress", percent=60, reason="Lebih", actor=desk.reviewer, now=now)
        assert told(desk, desk.observer) == [("none", 0, ""), ("progress", 40, "PDRM")]

    def test_superseded_verdict_is_a_turn_of_its_own(self, desk: Desk, clock: Clock) -> None:
        review = desk.accepted()
        now = clock.move_to(desk.now + timedelta(days=1))
        supersede_verdict(review, status="none", percent=0, reason="Silap", actor=desk.reviewer, now=now)
        last = turns(desk, desk.officer)[-1]
        assert (last.status, last.words) == ("none", "MAPO replaced its verdict on an update.")
        assert "Silap" not in last.reason

    def test_end_and_change_of_an_assignment_are_told(self, desk: Desk, clock: Clock) -> None:
        _accepted_next_day(desk, clock)
        for days, role in ((2, "support"), (3, "lead")):
            now = clock.move_to(desk.now + timedelta(days=days))
            make_role(desk.assignment, role, actor=desk.administrator, now=now)
        now = clock.move_to(desk.now + timedelta(days=4))
        end_assignment(desk.assignment, reason="Dipindahkan", actor=desk.administrator, now=now)
        assert [turn.words for turn in turns(desk, desk.observer)[2:]] == [
            "Became a supporting agency.",
            "Became the lead agency.",
            "The assignment ended.",
        ]

    def test_as_at_a_day_gives_what_had_been_recorded(self, desk: Desk, course: list[datetime]) -> None:
        whole = turns(desk, desk.reviewer)
        for number, instant in enumerate(course, 1):
            assert turns(desk, desk.reviewer, before=end_of_day(local_date(instant))) == whole[: number + 1]

    def test_agency_is_named_as_it_was_on_that_day(self, desk: Desk, clock: Clock) -> None:
        desk.accepted()
        now = clock.move_to(desk.now + timedelta(days=2))
        change_agency(
            desk.agency, code="POLIS", name_ms="Polis", name_en="Police", actor=desk.administrator, now=now
        )
        before = end_of_day(local_date(desk.now))
        assert turns(desk, desk.observer, before=before)[-1].code == "PDRM"
        assert turns(desk, desk.observer)[-1].code == "POLIS"

    @pytest.mark.parametrize(("who", "expected"), [("reviewer", 5), ("officer", 5), ("observer", 4)])
    def test_queries_do_not_grow(
        self,
        desk: Desk,
        course: list[datetime],
        clock: Clock,
        who: str,
        expected: int,
        django_assert_num_queries: Any,
    ) -> None:
        now = clock.move_to(course[-1] + timedelta(days=1))
        for number in range(3):
            partner = make_assignment(
                desk.item, make_agency(f"A{number}"), actor=desk.administrator, now=now, role="support"
            )
            assert partner.pk
        override_item(desk.item, status="done", percent=100, reason=WHY, actor=desk.reviewer, now=now)
        with django_assert_num_queries(expected):
            assert turns(desk, getattr(desk, who))

    def test_line_covers_the_whole_time(self, desk: Desk, course: list[datetime]) -> None:
        parts = timeline_segments(turns(desk, desk.observer), until=course[-1] + timedelta(days=1))
        assert parts[0]["percent_from"] == 0 and parts[-1]["percent_to"] == 100
        assert [part["percent_to"] for part in parts[:-1]] == [part["percent_from"] for part in parts[1:]]
        assert [part["state"] for part in parts] == ["empty", "ticked", "half", "half", "half"]
        assert timeline_segments([], until=desk.now) == []


class TestPage:
    def test_everybody_reads_when_which_state_began(self, desk: Desk, course: list[datetime]) -> None:
        for who in EVERYBODY:
            for language in ("ms", "en"):
                response = browser_of(getattr(desk, who), language).get(url(desk))
                assert response.status_code == 200, (who, language)
                assert WHY in words_of(response), (who, language)

    def test_acts_are_not_everybodys(self, desk: Desk) -> None:
        desk.accepted()
        for who in ("outsider", "observer"):
            response = browser_of(getattr(desk, who)).get(url(desk))
            assert response.context["events"] is None, who
            assert desk.officer.name not in words_of(response), who
            assert desk.reviewer.name not in words_of(response), who

    def test_mapo_reads_all_acts_and_an_agency_its_own(self, desk: Desk, now: datetime) -> None:
        agency = make_agency("JIM")
        make_assignment(desk.item, agency, actor=desk.administrator, now=now, role=AssignmentRole.SUPPORT)
        partner = make_person(Role.OFFICER, agency)
        desk.submission()
        make_submission(Assignment.objects.get(agency=agency), actor=partner, now=now)
        mapo = words_of(browser_of(desk.reviewer).get(url(desk)))
        assert "PDRM" in mapo
        assert partner.name in mapo
        own = words_of(browser_of(desk.officer).get(url(desk)))
        assert "Update submitted" in own
        assert partner.name not in own

    def test_acts_name_the_item_in_the_language_of_the_reader(self, desk: Desk) -> None:
        for written, read, name in (("ms", "en", "Recommendation"), ("en", "ms", "Syor")):
            with transaction.atomic():
                with translation.override(written):
                    desk.draft()
                response = browser_of(desk.reviewer, read).get(url(desk))
                assert f"{name} {desk.item.number} · {desk.item.cycle.year} · PDRM" in words_of(response), (
                    written
                )
                transaction.set_rollback(True)

    def test_no_reasons_take_no_column(self, desk: Desk) -> None:
        desk.draft()
        assert "Reason" not in words_of(browser_of(desk.reviewer).get(url(desk)))

    def test_page_holds_no_text_of_an_update(self, desk: Desk) -> None:
        submission = desk.submission()
        accept_update(
            submission, status="progress", percent=30, reason="Dua belum.", actor=desk.reviewer, now=desk.now
        )
        for language in ("ms", "en"):
            words = words_of(browser_of(desk.officer, language).get(url(desk)))
            assert REPORTED.narrative not in words, language
            assert "Dua belum." not in words, language

    def test_day_that_is_over_is_shown_in_plain_sight_and_leads_to_those_beside(
        self, desk: Desk, course: list[datetime]
    ) -> None:
        day = local_date(course[1])
        response = browser_of(desk.reviewer).get(url(desk), {"day": day.isoformat()})
        words = words_of(response)
        assert "You see the history as at 16 September 2023" in words
        assert "MAPO set the status." not in words
        assert len(response.context["turns"]) == 3
        assert "Status of an item set by MAPO" not in words
        assert response.context["previous_url"] == f"?day={day - timedelta(days=1)}"
        assert response.context["next_url"] == f"?day={day + timedelta(days=1)}"

    def test_day_that_cannot_be_shown_is_refused_in_words_and_achievements_have_none(
        self, desk: Desk
    ) -> None:
        for day, words in (
            ("2030-01-01", "1 January 2030 is in the future. Today is shown."),
            ("gestern", "The date is not valid. Today is shown."),
        ):
            assert words in words_of(browser_of(desk.observer).get(url(desk), {"day": day})), (day, words)
        response = browser_of(desk.observer).get(url(desk), {"day": "2020-01-01"})
        assert "Nothing had been recorded by then." in words_of(response)
        achievement = make_item(desk.cycle, number=3, kind=ItemKind.ACHIEVEMENT)
        address = reverse("recommendations:item_history", args=[achievement.pk])
        assert browser_of(desk.reviewer).get(address).status_code == 404
