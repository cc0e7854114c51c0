"""My work: each assignment in its group, with one click to act, for the whole agency."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.urls import reverse

from accounts.clearance import Clearance
from recommendations.models import Action, Assignment, Update
from recommendations.queries.my_work import MyWork, read_my_work
from recommendations.queries.my_work_tasks import Task, TaskGroup
from recommendations.services import (
    ask_later_date,
    change_assignment,
    decline_assignment,
    end_assignment,
    name_officers,
    plan_action,
    return_update,
    suggest_assignment,
)
from recommendations.states import AssignmentRole, ItemKind, Status
from tests.factories.recommendations import (
    REPORTED,
    make_accepted,
    make_assignment,
    make_cycle,
    make_draft,
    make_item,
    make_submission,
)
from tests.recommendations.conftest import Desk
from tests.recommendations.pages import browser_of, words_of

URL = reverse("recommendations:my_work")
TODAY = date(2023, 9, 14)


def due(desk: Desk, now: datetime, day: date | None) -> None:
    """Let MAPO set when the desk's assignment owes its next update."""
    assignment = Assignment.objects.get(pk=desk.assignment.pk)
    change_assignment(
        assignment,
        role=assignment.role,
        due_on=assignment.due_on,
        cadence_days=None,
        next_due_on=day,
        actor=desk.administrator,
        now=now,
    )


def only_task(work: MyWork) -> tuple[TaskGroup, Task]:
    """The one task of the page and where it stands."""
    found = [(group, task) for group, tasks in work.groups.items() for task in tasks]
    assert len(found) == 1
    return found[0]


class TestGroups:
    def test_task_stands_where_its_date_puts_it(self, desk: Desk, now: datetime) -> None:
        for days, group in (
            (-1, TaskGroup.OVERDUE),
            (0, TaskGroup.TO_SEND),
            (7, TaskGroup.TO_SEND),
            (8, TaskGroup.LATER),
            (None, TaskGroup.LATER),
        ):
            due(desk, now, None if days is None else TODAY + timedelta(days=days))
            assert only_task(read_my_work(desk.officer, today=TODAY))[0] == group, (days, group)

    def test_draft_is_to_be_sent_until_it_is_overdue(self, desk: Desk, now: datetime) -> None:
        desk.draft()
        group, task = only_task(read_my_work(desk.officer, today=TODAY))
        assert (group, task.is_draft) == (TaskGroup.TO_SEND, True)
        due(desk, now, TODAY - timedelta(days=2))
        assert only_task(read_my_work(desk.officer, today=TODAY))[0] == TaskGroup.OVERDUE

    def test_submission_ends_lateness(self, desk: Desk, now: datetime) -> None:
        due(desk, now, TODAY - timedelta(days=2))
        desk.submission()
        group, task = only_task(read_my_work(desk.officer, today=TODAY + timedelta(days=3)))
        assert (group, task.is_overdue, task.waiting_days) == (TaskGroup.AWAITING, False, 3)

    def test_a_returned_update_alarms_only_when_it_is_due_soon(self, desk: Desk, now: datetime) -> None:
        for days, is_alarming in ((7, True), (16, False)):
            with transaction.atomic():
                by = TODAY + timedelta(days=days)
                return_update(
                    desk.submission(),
                    reason="Nyatakan bilangan.",
                    resubmit_by=by,
                    actor=desk.reviewer,
                    now=now,
                )
                html = browser_of(desk.officer, "en").get(URL).content.decode()
                assert ("flag tone-warning" in html) is is_alarming, (days, is_alarming)
                transaction.set_rollback(True)

    def test_completed_and_not_due_is_done(self, desk: Desk, now: datetime) -> None:
        desk.accepted(replace(REPORTED, status=Status.DONE, percent=100))
        assert only_task(read_my_work(desk.officer, today=TODAY))[0] == TaskGroup.DONE

    def test_suggested_and_ended_assignments_are_no_work(self, desk: Desk, now: datetime) -> None:
        suggest_assignment(
            make_item(desk.cycle, number=2),
            agency=desk.agency,
            role="support",
            actor=desk.administrator,
            now=now,
        )
        end_assignment(desk.assignment, reason="Tersilap", actor=desk.administrator, now=now)
        assert read_my_work(desk.officer, today=TODAY).assignments_count == 0

    def test_closed_cycles_are_no_work(self, desk: Desk, now: datetime) -> None:
        desk.cycle.closed_at = now
        desk.cycle.save()
        assert read_my_work(desk.officer, today=TODAY).assignments_count == 0

    def test_counts_follow_verdicts_of_mapo(self, desk: Desk, now: datetime) -> None:
        desk.accepted()
        make_assignment(
            make_item(desk.cycle, number=2), desk.agency, actor=desk.administrator, now=now, role="support"
        )
        work = read_my_work(desk.officer, today=TODAY)
        assert (work.assignments_count, work.leads_count) == (2, 1)
        assert [count.number for count in work.counts] == [1, 1, 0]

    def test_item_is_called_with_its_year_when_several_cycles_are_open(
        self, desk: Desk, now: datetime
    ) -> None:
        item = make_item(make_cycle(2024))
        make_assignment(item, desk.agency, actor=desk.administrator, now=now)
        response = browser_of(desk.officer, "en").get(URL)
        labels = [task.label for tasks in response.context["groups"].values() for task in tasks]
        assert sorted(label[-6:] for label in labels) == ["· 2023", "· 2024"]


class TestPage:
    def test_page_renders_every_group(self, desk: Desk, now: datetime) -> None:
        _every_group(desk, now, copies=1)
        for language in ("ms", "en"):
            response = browser_of(desk.officer, language).get(URL)
            assert response.status_code == 200, language
            work = response.context["work"]
            assert {group for group, tasks in work.groups.items() if tasks} == set(TaskGroup), language

    def test_page_begins_with_the_returned_update(self, desk: Desk, now: datetime) -> None:
        by = TODAY + timedelta(days=5)
        return_update(
            desk.submission(), reason="Nyatakan bilangan.", resubmit_by=by, actor=desk.reviewer, now=now
        )
        words = words_of(browser_of(desk.officer).get(URL))
        assert f"Returned by {desk.reviewer.name}, 14 September Recommendation 1 needs correcting" in words
        assert "Nyatakan bilangan." in words
        assert "By 19 September, in 5 days" in words
        assert "Nothing to send" not in words

    def test_colleague_sees_the_whole_agency_and_who_is_responsible(self, desk: Desk, now: datetime) -> None:
        assert "Name an officer" in words_of(browser_of(desk.coordinator).get(URL))
        name_officers(desk.assignment, officers=[desk.officer], actor=desk.coordinator, now=now)
        assert "You are responsible" in words_of(browser_of(desk.officer).get(URL))
        colleague = words_of(browser_of(desk.colleague).get(URL))
        assert "You are responsible" not in colleague
        assert "Recommendation 1" in colleague
        assert desk.officer.name not in colleague
        assert desk.officer.name in words_of(browser_of(desk.coordinator).get(URL))

    def test_outsider_sees_nothing_of_it(self, desk: Desk) -> None:
        words = words_of(browser_of(desk.outsider).get(URL))
        assert "MPOB has no assignment yet" in words
        assert "Recommendation 1" not in words

    def test_nothing_owed_says_until_when(self, desk: Desk, now: datetime) -> None:
        due(desk, now, date(2023, 9, 29))
        words = words_of(browser_of(desk.officer).get(URL))
        assert "Nothing to send" in words
        assert "The next is Recommendation 1, on 29 September 2023." in words

    def test_waiting_request_is_shown(self, desk: Desk, now: datetime) -> None:
        for kind in ("decline", "later"):
            with transaction.atomic():
                if kind == "decline":
                    decline_assignment(
                        desk.assignment, reason="Bukan bidang kami", actor=desk.officer, now=now
                    )
                    expected = "Asked MAPO to remove this assignment; waiting for an answer"
                else:
                    day = date(2023, 12, 1)
                    ask_later_date(
                        desk.assignment, reason="Kursus", proposed_on=day, actor=desk.officer, now=now
                    )
                    expected = "Asked for 1 December instead; waiting for an answer"
                assert expected in words_of(browser_of(desk.officer).get(URL)), kind
                transaction.set_rollback(True)

    def test_own_steps_are_shown_when_due_soon(self, desk: Desk, now: datetime) -> None:
        for days, text in [(7, "Segera"), (8, "Kemudian"), (0, "Lewat")]:
            day = TODAY + timedelta(days=days)
            plan_action(
                desk.assignment, text=text, owner=desk.officer, due_on=day, actor=desk.officer, now=now
            )
        Action.objects.filter(text="Lewat").update(due_on=TODAY - timedelta(days=1))
        words = words_of(browser_of(desk.officer).get(URL))
        assert "Segera" in words
        assert "Lewat" in words
        assert "Kemudian" not in words
        assert "Segera" not in words_of(browser_of(desk.colleague).get(URL))

    def test_update_above_the_clearance_leaks_neither_text_nor_link(self, desk: Desk, now: datetime) -> None:
        by = TODAY + timedelta(days=5)
        update = desk.submission().update
        return_update(
            update.newest_submission, reason="Rahsia sekali.", resubmit_by=by, actor=desk.reviewer, now=now
        )
        Update.objects.filter(pk=update.pk).update(classification=Clearance.CONFIDENTIAL)
        response = browser_of(desk.officer).get(URL)
        assert "Rahsia sekali." not in words_of(response)
        assert reverse("recommendations:update_edit", args=[update.pk]) not in response.content.decode()


class TestNothingNew:
    def url(self, desk: Desk) -> str:
        return reverse("recommendations:update_nothing_new", args=[desk.assignment.pk])

    def test_it_is_offered_only_after_something_was_accepted(self, desk: Desk, now: datetime) -> None:
        due(desk, now, TODAY)
        assert "Nothing new since" not in words_of(browser_of(desk.officer).get(URL))
        desk.accepted()
        due(desk, now, TODAY)
        assert "Nothing new since 31 August" in words_of(browser_of(desk.officer).get(URL))

    def test_one_click_sends_it_up_to_today_and_offers_undo(self, desk: Desk, now: datetime) -> None:
        desk.accepted()
        response = browser_of(desk.officer).post(self.url(desk), {"speaks_for": "2020-01-01"}, follow=True)
        update = Update.objects.order_by("-pk")[0]
        submission = update.newest_submission
        assert submission is not None
        assert (update.is_nothing_new, update.state, submission.covers_to) == (True, "submitted", TODAY)
        assert (submission.status, submission.percent) == (REPORTED.status, REPORTED.percent)
        assert reverse("recommendations:update_undo", args=[update.pk]) in response.content.decode()

    def test_before_anything_was_accepted_it_is_refused(self, desk: Desk) -> None:
        response = browser_of(desk.officer).post(self.url(desk))
        assert response.status_code == 409
        assert "Nothing has been accepted on this item yet" in words_of(response)
        assert not Update.objects.exists()


class TestHome:
    def test_home_leads_to_where_the_day_begins(self, desk: Desk) -> None:
        for who, page in (
            ("officer", "recommendations:my_work"),
            ("coordinator", "recommendations:my_work"),
            ("reviewer", "overview:overview"),
            ("administrator", "overview:overview"),
            ("observer", "overview:overview"),
        ):
            response = browser_of(getattr(desk, who)).get(reverse("recommendations:home"))
            assert response.headers["Location"] == reverse(page), (who, page)


def _every_group(desk: Desk, now: datetime, *, copies: int) -> None:
    """Fill every group of the page with so many assignments, each with officers, a request and a step."""
    number = 1
    for _copy in range(copies):
        for group in TaskGroup:
            number += 1
            item = make_item(desk.cycle, number=number, kind=ItemKind.WEAKNESS)
            assignment = make_assignment(
                item, desk.agency, actor=desk.administrator, now=now, role=AssignmentRole.SUPPORT
            )
            _FILLERS[group](desk, assignment, now)
            _dress(desk, assignment, now)


def _dress(desk: Desk, assignment: Assignment, now: datetime) -> None:
    name_officers(assignment, officers=[desk.officer, desk.colleague], actor=desk.coordinator, now=now)
    decline_assignment(assignment, reason="Bukan bidang kami", actor=desk.officer, now=now)
    plan_action(assignment, text="Kursus", owner=desk.officer, due_on=TODAY, actor=desk.officer, now=now)


def _returned(desk: Desk, assignment: Assignment, now: datetime) -> None:
    submission = make_submission(assignment, actor=desk.officer, now=now)
    by = TODAY + timedelta(days=5)
    return_update(submission, reason="Nyatakan bilangan.", resubmit_by=by, actor=desk.reviewer, now=now)


def _overdue(desk: Desk, assignment: Assignment, now: datetime) -> None:
    make_accepted(assignment, actor=desk.officer, reviewer=desk.reviewer, now=now)
    Assignment.objects.filter(pk=assignment.pk).update(next_due_on=TODAY - timedelta(days=1))


def _to_send(desk: Desk, assignment: Assignment, now: datetime) -> None:
    make_draft(assignment, actor=desk.officer, now=now)


def _awaiting(desk: Desk, assignment: Assignment, now: datetime) -> None:
    make_submission(assignment, actor=desk.officer, now=now)


def _done(desk: Desk, assignment: Assignment, now: datetime) -> None:
    done = replace(REPORTED, status=Status.DONE, percent=100)
    make_accepted(assignment, actor=desk.officer, reviewer=desk.reviewer, now=now, content=done)


def _later(desk: Desk, assignment: Assignment, now: datetime) -> None:
    make_accepted(assignment, actor=desk.officer, reviewer=desk.reviewer, now=now)


_FILLERS: dict[TaskGroup, Any] = {
    TaskGroup.RETURNED: _returned,
    TaskGroup.OVERDUE: _overdue,
    TaskGroup.TO_SEND: _to_send,
    TaskGroup.AWAITING: _awaiting,
    TaskGroup.DONE: _done,
    TaskGroup.LATER: _later,
}


def test_page_asks_seventeen_queries_however_much_it_shows(
    desk: Desk, now: datetime, django_assert_num_queries: Any
) -> None:
    for copies in (1, 3):
        with transaction.atomic():
            _every_group(desk, now, copies=copies)
            for person in (desk.officer, desk.coordinator):
                browser = browser_of(person)
                with django_assert_num_queries(17):
                    assert browser.get(URL).status_code == 200
            transaction.set_rollback(True)
