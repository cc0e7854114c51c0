"""Changing, closing and reopening a cycle: who may, when not, what is kept."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from audit.clock import local_date
from audit.errors import NotAllowed, NotNow
from audit.models import Event
from cycles.cycle_page import read_cycle_page
from cycles.file import read_cycle_file
from cycles.file.load import load_cycle, try_load
from cycles.queries import changes_of, unfinished, what_follows
from cycles.services import CycleSettings, change_cycle, close_cycle, reopen_cycle
from recommendations.errors import BadDates
from recommendations.models import Cycle, CycleVersion
from recommendations.services import accept_update, confirm_assignment, return_update, suggest_assignment
from tests.conftest import Clock
from tests.cycles.test_cycle_file import OTHER_FILE as SAMPLE
from tests.factories.recommendations import make_cycle, make_item
from tests.recommendations.conftest import Desk

pytestmark = pytest.mark.django_db

TODAY = date(2023, 9, 14)


def change(desk: Desk, **values: Any) -> Cycle:
    """Change some settings as the administrator."""
    held = CycleSettings.of(desk.cycle)
    return change_cycle(
        desk.cycle,
        seen=held.mark,
        wanted=replace(held, **values),
        reason="Surat KDN",
        actor=desk.administrator,
        now=desk.now,
    )


class TestNextDue:
    def test_next_update_counts_from_the_first_day_of_the_window(self, desk: Desk) -> None:
        for today, due in (
            (date(2022, 12, 1), date(2023, 5, 1)),
            (date(2023, 3, 31), date(2023, 5, 1)),
            (date(2023, 4, 1), date(2023, 5, 1)),
            (date(2023, 4, 2), date(2023, 5, 2)),
            (date(2024, 3, 20), date(2024, 3, 31)),
            (date(2024, 3, 31), None),
        ):
            assert desk.cycle.next_due_after(today) == due, (today, due)

    def test_confirmed_before_the_window_owes_nothing_before_it(self, desk: Desk) -> None:
        about: dict[str, Any] = {"actor": desk.administrator, "now": desk.now}
        item = make_item(make_cycle(2024))
        suggested = suggest_assignment(item, agency=desk.agency, role="lead", **about)
        assert confirm_assignment(suggested, **about).next_due_on == date(2024, 5, 1)


class TestChange:
    def test_change_is_saved_recorded_and_its_past_kept(self, desk: Desk) -> None:
        changed = change(desk, interim_on=date(2023, 10, 31), cadence_days=14)
        assert (changed.interim_on, changed.cadence_days) == (date(2023, 10, 31), 14)
        event = Event.objects.get(action="cycle.changed")
        assert event.before == {"interim_on": "2023-09-30", "cadence_days": 30}
        assert event.after == {"interim_on": "2023-10-31", "cadence_days": 14}
        assert (event.reason, event.actor_id) == ("Surat KDN", desk.administrator.pk)
        versions = CycleVersion.objects.filter(cycle=desk.cycle).order_by("pk")
        assert [version.interim_on for version in versions] == [date(2023, 9, 30), date(2023, 10, 31)]

    def test_only_administrators_keep_cycles(self, desk: Desk) -> None:
        held = CycleSettings.of(desk.cycle)
        for person in (desk.reviewer, desk.coordinator, desk.observer):
            about: dict[str, Any] = {"actor": person, "now": desk.now}
            with pytest.raises(NotAllowed):
                change_cycle(desk.cycle, seen=held.mark, wanted=held, reason="x", **about)
            with pytest.raises(NotAllowed):
                close_cycle(desk.cycle, reason="Tamat.", **about)
            with pytest.raises(NotAllowed):
                reopen_cycle(desk.cycle, reason="x", **about)
        assert not Event.objects.filter(action__startswith="cycle.").exists()

    def test_change_without_reason_difference_or_dates_that_hold_together_is_refused(
        self, desk: Desk
    ) -> None:
        for values, field in (
            ({"window_end": date(2023, 3, 1)}, "window_end"),
            ({"window_end": date(2026, 3, 1)}, "window_end"),
            ({"interim_on": date(2024, 4, 1)}, "interim_on"),
            ({"interim_on": date(2023, 3, 31)}, "interim_on"),
            ({"submission_on": date(2023, 3, 31)}, "submission_on"),
        ):
            with pytest.raises(BadDates) as refusal:
                change(desk, **values)
            assert set(refusal.value.problems) == {field}, values
        held = CycleSettings.of(desk.cycle)
        about: dict[str, Any] = {"actor": desk.administrator, "now": desk.now, "seen": held.mark}
        with pytest.raises(NotNow):
            change_cycle(desk.cycle, wanted=replace(held, due_soon_days=3), reason=" ", **about)
        with pytest.raises(NotNow):
            change_cycle(desk.cycle, wanted=held, reason="Surat", **about)

    def test_changed_end_of_the_window_leaves_assignments_and_says_so(self, desk: Desk) -> None:
        wanted = replace(CycleSettings.of(desk.cycle), window_end=date(2023, 10, 10), cadence_days=10)
        words = " ".join(what_follows(desk.cycle, wanted, today=TODAY))
        assert len(changes_of(desk.cycle, wanted)) == 2
        change(desk, window_end=date(2023, 10, 10), cadence_days=10)
        desk.assignment.refresh_from_db()
        assert desk.assignment.due_on == date(2024, 3, 31)
        assert desk.assignment.next_due_on == date(2023, 10, 14)
        assert words.count("1") >= 2

    def test_page_tells_the_settings_and_their_past(self, desk: Desk) -> None:
        change(desk, due_soon_days=10)
        page = read_cycle_page(2023, user=desk.administrator, today=TODAY)
        assert page is not None
        assert len(page.past) == 1 and len(page.past[0][1]) == 1
        assert [act.action for act in page.acts] == ["cycle.changed"]
        assert read_cycle_page(2024, user=desk.administrator, today=TODAY) is None


class TestClosing:
    def test_closing_is_recorded_with_what_it_left_open(self, desk: Desk) -> None:
        desk.submission()
        closed = close_cycle(desk.cycle, reason="Tamat", actor=desk.administrator, now=desk.now)
        assert closed.closed_at == desk.now
        event = Event.objects.get(action="cycle.closed")
        assert event.reason == "Tamat"
        assert event.after["left_open"]["submitted"] == 1
        assert CycleVersion.objects.current().get(cycle=desk.cycle).closed_at == desk.now

    def test_closing_twice_closes_once(self, desk: Desk) -> None:
        first = close_cycle(desk.cycle, reason="Tamat.", actor=desk.administrator, now=desk.now)
        later = desk.now + timedelta(minutes=1)
        assert (
            close_cycle(desk.cycle, reason="Tamat.", actor=desk.administrator, now=later).closed_at
            == first.closed_at
        )
        assert Event.objects.filter(action="cycle.closed").count() == 1

    def test_what_waits_can_still_be_decided(self, desk: Desk) -> None:
        submission = desk.submission()
        close_cycle(desk.cycle, reason="Tamat.", actor=desk.administrator, now=desk.now)
        review = accept_update(
            submission,
            status=submission.status,
            percent=submission.percent,
            actor=desk.reviewer,
            now=desk.now,
        )
        assert review.is_accepted

    def test_what_waits_can_still_be_returned(self, desk: Desk) -> None:
        submission = desk.submission()
        close_cycle(desk.cycle, reason="Tamat.", actor=desk.administrator, now=desk.now)
        day = local_date(desk.now) + timedelta(days=5)
        about: dict[str, Any] = {"actor": desk.reviewer, "now": desk.now}
        assert return_update(submission, reason="Tiada bukti", resubmit_by=day, **about).resubmit_by == day

    def test_reopening_needs_a_reason_and_is_recorded(self, desk: Desk) -> None:
        about: dict[str, Any] = {"actor": desk.administrator, "now": desk.now}
        close_cycle(desk.cycle, reason="Tamat.", **about)
        with pytest.raises(NotNow):
            reopen_cycle(desk.cycle, reason="  ", **about)
        assert not reopen_cycle(desk.cycle, reason="Rayuan", **about).is_closed
        assert Event.objects.get(action="cycle.reopened").reason == "Rayuan"
        with pytest.raises(NotNow):
            reopen_cycle(desk.cycle, reason="Rayuan", **about)

    def test_nothing_unfinished_is_said_by_an_empty_list(self, desk: Desk) -> None:
        assert unfinished(desk.cycle) == []
        desk.draft()
        assert [count for count, *_words in unfinished(desk.cycle)] == [1]

    def test_past_days_answer_as_before_the_closing(self, desk: Desk, clock: Clock) -> None:
        clock.move_to(desk.now + timedelta(days=3))
        later = desk.now + timedelta(days=3)
        close_cycle(desk.cycle, reason="Tamat.", actor=desk.administrator, now=later)
        before = CycleVersion.objects.filter(cycle=desk.cycle).as_at(desk.now + timedelta(days=1)).get()
        assert before.closed_at is None


class TestLoading:
    def test_trying_a_file_leaves_nothing_behind(self, desk: Desk) -> None:
        events, cycles = Event.objects.count(), Cycle.objects.count()
        report = try_load(read_cycle_file(SAMPLE), actor=desk.administrator, now=desk.now)
        assert report.created["cycles"] == 1 and report.created["items"] > 0
        assert (Event.objects.count(), Cycle.objects.count()) == (events, cycles)

    def test_loading_names_the_administrator_who_did_it(self, desk: Desk) -> None:
        load_cycle(read_cycle_file(SAMPLE), actor=desk.administrator, now=desk.now)
        assert Event.objects.get(action="cycle.loaded").actor_id == desk.administrator.pk
        added = Event.objects.filter(action__in=["item.added", "assignment.suggested", "item.linked"])
        assert set(added.values_list("actor_id", flat=True)) == {desk.administrator.pk}

    def test_only_administrators_load(self, desk: Desk) -> None:
        with pytest.raises(NotAllowed):
            load_cycle(read_cycle_file(SAMPLE), actor=desk.reviewer, now=desk.now)

    def test_cycle_made_beside_the_running_one_is_in_preparation(self, desk: Desk, now: datetime) -> None:
        load_cycle(read_cycle_file(SAMPLE), actor=desk.administrator, now=now)
        page = read_cycle_page(2031, user=desk.administrator, today=TODAY)
        assert page is not None and page.line.phase == "preparation"
