"""What a meeting gathers: each kind of point, as at a day, in a fixed number of queries."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.utils.translation import override

from accounts.models import User
from audit.clock import KUALA_LUMPUR
from indicators.models import CheckExplanation
from meetings.models import Meeting
from meetings.queries.agenda import PreparedAgenda, read_agenda, usual_days
from meetings.queries.rows import AgendaRow
from meetings.queries.turnaround import MonthOfDecisions
from meetings.services import first_agenda
from meetings.services.agenda import add_point, prepare_meeting, save_point
from meetings.services.meetings import hold_meeting
from meetings.states import GATHERED_KINDS, PointKind
from recommendations.models import Item
from recommendations.services import (
    accept_update,
    ask_later_date,
    end_override,
    override_item,
    return_update,
    suggest_assignment,
)
from recommendations.states import AssignmentRole, Status
from tests.conftest import Clock
from tests.factories.accounts import AgencyFactory
from tests.factories.indicators import (
    make_check,
    make_figure,
    make_indicator,
    make_series,
    make_source,
    make_table,
)
from tests.factories.recommendations import (
    REPORTED,
    make_accepted,
    make_assignment,
    make_item,
    make_submission,
)
from tests.meetings.conftest import TODAY, make_meeting
from tests.recommendations.conftest import Desk
from tests.vouching import acting

pytestmark = pytest.mark.django_db

AS_AT = date(2023, 10, 15)
LONG_AGO = date(2023, 3, 31)


def prepared(
    desk: Desk, *, now: datetime | None = None, as_at: date = TODAY, since: date = LONG_AGO
) -> Meeting:
    number = f"Bil. {Meeting.objects.count() + 1}"
    meeting = make_meeting(desk, now=now, number=number, meets_on=date(2023, 10, 20))
    about: dict[str, Any] = {"as_at_on": as_at, "since_on": since, "actor": desk.reviewer}
    return prepare_meeting(meeting, now=now or desk.now, **about)


def agenda_of(desk: Desk, meeting: Meeting, user: User | None = None) -> PreparedAgenda:
    return read_agenda(meeting, user=user or desk.reviewer)


def rows_of(desk: Desk, kind: str, **values: Any) -> list[AgendaRow]:
    return list(agenda_of(desk, prepared(desk, **values)).gathering.of(kind))


class TestKinds:
    def test_item_without_a_short_title_is_told_by_the_beginning_of_its_text(self, desk: Desk) -> None:
        texts = {"text_ms": "Perkukuh kerjasama antara agensi. " * 9, "text_en": "Strengthen the work. " * 9}
        item = Item.objects.create(
            cycle=desk.cycle, kind="recommendation", number=9, pillar="protection", **texts
        )
        [row] = [row for row in rows_of(desk, PointKind.NO_LEAD) if row.item_id == item.pk]
        assert all(len(title) <= 81 and title.endswith("…") for title in (row.title_ms, row.title_en))

    def test_change_tells_before_and_after_and_who_decided(self, desk: Desk, clock: Clock) -> None:
        # The part came into force by the database's clock, a little after the desk's instant.
        later = clock.move_to(desk.now + timedelta(hours=1))
        make_accepted(desk.assignment, actor=desk.officer, reviewer=desk.reviewer, now=later)
        [row] = rows_of(desk, PointKind.CHANGED, now=later)
        assert (row.status_before, row.status, row.percent) == (Status.NONE, Status.PROGRESS, 40)
        assert (row.what, row.agency, row.by, row.on) == ("accepted", "PDRM", desk.reviewer.name, TODAY)

    def test_change_by_the_day_since_which_is_not_told(self, desk: Desk) -> None:
        desk.accepted()
        assert rows_of(desk, PointKind.CHANGED, since=TODAY) == []

    def test_late_is_by_agency_longest_first(self, desk: Desk, clock: Clock) -> None:
        second = make_item(desk.cycle, number=2)
        make_assignment(second, desk.agency, actor=desk.administrator, now=desk.now)
        other = make_item(desk.cycle, number=3)
        slow = make_assignment(other, desk.other_agency, actor=desk.administrator, now=desk.now)
        slow.next_due_on = date(2023, 9, 20)
        slow.save(update_fields=["next_due_on"])
        later = clock.move_to(datetime(2023, 10, 20, 10, 0, tzinfo=KUALA_LUMPUR))
        rows = rows_of(desk, PointKind.LATE, now=later, as_at=date(2023, 10, 19))
        assert [(row.agency, row.number, row.days) for row in rows] == [
            ("MPOB", 3, 29),
            ("PDRM", 1, 5),
            ("PDRM", 2, 5),
        ]

    def test_waiting_tells_since_when(self, desk: Desk) -> None:
        desk.submission()
        [row] = rows_of(desk, PointKind.WAITING)
        assert (row.agency, row.on, row.days) == ("PDRM", TODAY, 0)

    def test_item_without_lead_names_whom_it_was_suggested_to(self, desk: Desk) -> None:
        item = make_item(desk.cycle, number=2)
        about: dict[str, Any] = {"role": AssignmentRole.LEAD, "actor": None, "now": desk.now}
        suggest_assignment(item, agency=desk.other_agency, **about)
        [row] = rows_of(desk, PointKind.NO_LEAD)
        assert (row.item_id, row.codes, row.support_codes) == (item.pk, ("MPOB",), ())

    def test_suggested_lead_alone_is_told_as_lead(self, desk: Desk) -> None:
        """Given two suggestions, one of them in support, when a meeting gathers, then each is told as what it is suggested."""
        item = make_item(desk.cycle, number=2)
        about: dict[str, Any] = {"actor": None, "now": desk.now}
        suggest_assignment(item, agency=desk.other_agency, role=AssignmentRole.SUPPORT, **about)
        suggest_assignment(item, agency=desk.agency, role=AssignmentRole.LEAD, **about)
        [row] = rows_of(desk, PointKind.NO_LEAD)
        assert (row.codes, row.support_codes) == (("PDRM",), ("MPOB",))
        with override("en"):
            assert row.suggestions == "as lead: PDRM; in support: MPOB"

    def test_agenda_that_was_laid_without_roles_tells_none(self, desk: Desk) -> None:
        row = AgendaRow(key="1", title_ms="", title_en="", codes=("PDRM", "MPOB"))
        assert row.suggestions == "PDRM, MPOB"

    def test_item_with_a_lead_and_no_action_names_the_lead(self, desk: Desk) -> None:
        [row] = rows_of(desk, PointKind.NO_ACTION)
        assert (row.item_id, row.agency, row.status) == (desk.item.pk, "PDRM", Status.NONE)

    def test_verdict_that_differs_stands_beside_the_claim(self, desk: Desk, clock: Clock) -> None:
        later = clock.move_to(desk.now + timedelta(hours=1))
        submission = make_submission(desk.assignment, actor=desk.officer, now=later)
        about: dict[str, Any] = {"actor": desk.reviewer, "now": later}
        accept_update(submission, status=Status.PROGRESS, percent=10, reason="Kurang bukti", **about)
        [row] = rows_of(desk, PointKind.DIFFERING, now=later)
        claimed = submission.percent
        assert (row.agency, row.percent_before, row.percent, row.on) == ("PDRM", claimed, 10, TODAY)
        assert claimed != 10

    def test_contradiction_names_who_answers_for_the_figures(self, desk: Desk) -> None:
        indicator = make_indicator(agency=desk.agency)
        source = make_source(desk.cycle, now=desk.now)
        first = make_figure(make_series(indicator), 29, now=desk.now, source=source)
        other = make_indicator("other", agency=desk.agency)
        second = make_figure(make_series(other), 81, now=desk.now, source=source)
        make_table(source, [[first, second]], key="L")
        check = make_check(source, [first], [second])
        [row] = rows_of(desk, PointKind.CONTRADICTS)
        assert (row.title_en, row.codes, row.text) == (
            "29 = 29; printed: 81 (Indicator other).",
            ("PDRM",),
            "",
        )
        assert row.about_en == "The parts add up to the total. Table L · 2022"
        with acting(desk.reviewer):
            CheckExplanation.objects.create(
                check_of=check, text="Satu orang.", explained_by=desk.reviewer, explained_at=desk.now
            )
        [row] = rows_of(desk, PointKind.CONTRADICTS)
        assert (row.text, row.on) == ("Satu orang.", TODAY)

    def test_request_tells_what_is_asked(self, desk: Desk) -> None:
        about: dict[str, Any] = {"reason": "Data belum diterima", "actor": desk.officer, "now": desk.now}
        ask_later_date(desk.assignment, proposed_on=date(2023, 12, 1), **about)
        [row] = rows_of(desk, PointKind.REQUESTS)
        assert (row.what, row.text, row.agency) == ("later", "Data belum diterima", "PDRM")

    def test_returned_and_not_sent_again(self, desk: Desk) -> None:
        about: dict[str, Any] = {"reason": "Tiada bukti", "actor": desk.reviewer, "now": desk.now}
        return_update(desk.submission(), resubmit_by=date(2023, 9, 28), **about)
        [row] = rows_of(desk, PointKind.RETURNED)
        assert (row.agency, row.on) == ("PDRM", TODAY)

    def test_held_back_item_names_who_holds_it(self, desk: Desk) -> None:
        make_assignment(
            desk.item, desk.other_agency, actor=desk.administrator, now=desk.now, role=AssignmentRole.SUPPORT
        )
        submission = desk.submission()
        about: dict[str, Any] = {"actor": desk.reviewer, "now": desk.now}
        accept_update(submission, status=Status.DONE, percent=100, reason="Selesai", **about)
        [row] = rows_of(desk, PointKind.HELD_BACK)
        assert (row.agency, row.codes) == ("PDRM", ("MPOB",))

    def test_overridden_item_tells_what_the_verdicts_alone_give(self, desk: Desk) -> None:
        desk.accepted()
        about: dict[str, Any] = {"reason": "Keputusan MAPO", "actor": desk.reviewer, "now": desk.now}
        override = override_item(desk.item, status=Status.DONE, percent=100, **about)
        [row] = rows_of(desk, PointKind.OVERRIDDEN)
        assert (row.percent, row.percent_before, row.text) == (100, 40, "Keputusan MAPO")
        assert row.is_set_by_mapo
        end_override(override, **about)
        assert rows_of(desk, PointKind.OVERRIDDEN) == []


def test_months_tell_how_long_mapo_took(desk: Desk, clock: Clock) -> None:
    submission = desk.submission()
    later = clock.move_to(desk.now + timedelta(days=20))
    accept_update(submission, status=Status.PROGRESS, percent=40, actor=desk.reviewer, now=later)
    months = agenda_of(desk, prepared(desk, now=later, as_at=date(2023, 10, 4))).gathering.months
    told = [(each.month.month, each.median_days, each.count) for each in months]
    assert told[-2:] == [(9, None, 0), (10, 20.0, 1)] and len(told) == 6
    assert [each.median_text for each in months[-2:]] == ["–", "20.0"]
    assert MonthOfDecisions(date(2023, 10, 1), 2.5, 1).median_text == "2.5"


def test_a_day_that_is_over_gives_the_same_later(desk: Desk, clock: Clock) -> None:
    desk.accepted()
    desk.submission()
    about: dict[str, Any] = {"actor": desk.reviewer, "now": desk.now}
    override_item(desk.item, status=Status.DONE, percent=100, reason="Keputusan MAPO", **about)
    first_day = clock.move_to(datetime(2023, 10, 16, 9, 0, tzinfo=KUALA_LUMPUR))
    meeting = prepared(desk, now=first_day, as_at=AS_AT)
    then = agenda_of(desk, meeting).gathering
    assert then.of(PointKind.CHANGED) and then.of(PointKind.WAITING) and then.of(PointKind.OVERRIDDEN)
    later = clock.move_to(datetime(2023, 11, 20, 9, 0, tzinfo=KUALA_LUMPUR))
    [waiting] = [update.submissions.get() for update in desk.assignment.updates.filter(state="submitted")]
    accept_update(waiting, status=Status.PROGRESS, percent=60, reason="Lebih", actor=desk.reviewer, now=later)
    end_override(desk.item.overrides.get(), reason="Selesai", actor=desk.reviewer, now=later)
    make_assignment(desk.item, desk.other_agency, actor=desk.administrator, now=later, role="support")
    assert agenda_of(desk, meeting).gathering == then


def test_preparing_costs_the_same_however_much_there_is(desk: Desk, django_assert_num_queries: Any) -> None:
    meeting = prepared(desk)
    # Without a decision there is none to look up by whom it was made.
    with django_assert_num_queries(9):
        agenda_of(desk, meeting)
    for number in range(2, 7):
        item: Item = make_item(desk.cycle, number=number)
        about: dict[str, Any] = {"now": desk.now}
        assignment = make_assignment(item, desk.agency, actor=desk.administrator, **about)
        make_accepted(assignment, actor=desk.officer, reviewer=desk.reviewer, **about)
        make_submission(assignment, actor=desk.officer, content=REPORTED, **about)
        suggest_assignment(item, agency=AgencyFactory(), role="support", actor=None, **about)
        override_item(item, status=Status.DONE, percent=100, reason="x", actor=desk.reviewer, **about)
        add_point(meeting, title=f"Hal {number}", text="", actor=desk.reviewer, **about)
    with django_assert_num_queries(10):
        agenda_of(desk, meeting)


def test_left_out_rows_and_points_are_not_laid(desk: Desk) -> None:
    desk.accepted()
    meeting = prepared(desk)
    changed = next(each for each in agenda_of(desk, meeting).points if each.kind == PointKind.CHANGED)
    [row] = changed.rows
    about: dict[str, Any] = {"text": "", "classification": 1, "actor": desk.reviewer, "now": desk.now}
    save_point(changed.point, revision=1, is_left_out=False, left_out=[row.key], **about)
    agenda = agenda_of(desk, meeting)
    changed = next(each for each in agenda.points if each.kind == PointKind.CHANGED)
    assert (changed.rows, changed.all_rows) == ((), (row,))
    changed.point.refresh_from_db()
    save_point(changed.point, revision=2, is_left_out=True, left_out=[], **about)
    assert PointKind.CHANGED not in [each.kind for each in agenda_of(desk, meeting).laid_points]


def test_text_above_the_readers_clearance_is_not_shown(desk: Desk) -> None:
    meeting = prepared(desk)
    about: dict[str, Any] = {"actor": desk.reviewer, "now": desk.now}
    add_point(meeting, title="Sulit", text="Hal sulit", classification=2, **about)
    desk.second_reviewer.clearance = 1
    agenda = agenda_of(desk, meeting, desk.second_reviewer)
    assert agenda.hidden_count == 1 and "Sulit" not in [each.heading for each in agenda.points]


def test_usual_days_begin_with_the_paper_before(desk: Desk) -> None:
    first = make_meeting(desk, number="1")
    assert usual_days(first, today=TODAY) == (date(2023, 9, 13), LONG_AGO)
    about: dict[str, Any] = {"actor": desk.reviewer, "now": desk.now}
    prepare_meeting(first, as_at_on=date(2023, 9, 13), since_on=LONG_AGO, **about)
    hold_meeting(first, **about)
    second = make_meeting(desk, number="2", meets_on=date(2023, 10, 20))
    assert usual_days(second, today=date(2023, 10, 16)) == (AS_AT, date(2023, 9, 13))


def test_change_of_a_part_tells_the_part_and_what_it_did_to_the_item(desk: Desk, clock: Clock) -> None:
    support = make_assignment(
        desk.item, desk.other_agency, actor=desk.administrator, now=desk.now, role=AssignmentRole.SUPPORT
    )
    later = clock.move_to(desk.now + timedelta(hours=1))
    about: dict[str, Any] = {"reviewer": desk.reviewer, "now": later}
    make_accepted(support, actor=desk.outsider, **about)
    done = make_submission(desk.assignment, actor=desk.officer, now=later)
    accept_update(done, status=Status.DONE, percent=100, reason="Selesai", actor=desk.reviewer, now=later)
    first, second = rows_of(desk, PointKind.CHANGED, now=later)
    assert (first.agency, first.percent, first.item_after) == ("MPOB", 40, None)
    assert (second.agency, second.percent) == ("PDRM", 100)
    assert second.item_after is not None and second.item_after.percent == 99


def test_agenda_older_than_a_kind_gets_its_point_when_it_is_prepared(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as before:
        before.setattr(first_agenda, "GATHERED_KINDS", (PointKind.EARLIER, PointKind.LATE))
        meeting = make_meeting(desk, meets_on=date(2023, 10, 20))
    about: dict[str, Any] = {"as_at_on": TODAY, "since_on": LONG_AGO, "actor": desk.reviewer, "now": desk.now}
    prepare_meeting(meeting, **about)
    prepare_meeting(meeting, **about)
    kinds = list(meeting.points.order_by("position").values_list("kind", flat=True))
    assert kinds[:2] == [PointKind.EARLIER, PointKind.LATE]
    assert sorted(kinds) == sorted(GATHERED_KINDS)
