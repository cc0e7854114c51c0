"""Reminders of the figures of a month: by the rules about updates, to everybody of the agency, and to MAPO."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from accounts.clearance import Clearance
from accounts.models import User
from accounts.services.people import move_person
from cycles.services import close_cycle
from indicators.services.decisions import CellDecision, decide_figures
from indicators.services.reports import withdraw_figures
from reminders.due.preview_tables import PreviewRule, PreviewTables
from reminders.due.reminders import due_reminders
from reminders.messages.details import load_details
from reminders.messages.grouping import group_reminders
from reminders.messages.wording import describe
from reminders.models import Reminder
from reminders.services.packing import pack
from reminders.services.sending import send
from tests.conftest import Clock
from tests.factories.accounts import MOVES, UserFactory, moved_reviewer
from tests.factories.evidence import make_document
from tests.factories.figure_reports import AUGUST, JULY, FigureDesk
from tests.factories.reminders import make_rule, prefer
from tests.indicators.conftest import figure_desk
from tests.reminders.feeds import Subscriber, events_of, fetch
from tests.reminders.rules import values
from tests.reminders.steps import at, names, planned_on

__all__ = ["figure_desk"]

pytestmark = pytest.mark.django_db

#: The first working day after August 2023 is the first day after it.
FIRST = date(2023, 9, 1)
TODAY = date(2023, 9, 15)


def later(desk: FigureDesk, clock: Clock, hour: int) -> None:
    """Go on with the clock: what is done from here on is done then."""
    desk.now = clock.move_to(at(TODAY, hour))


def of(what: str) -> Any:
    return Reminder.objects.open().filter(what=what)


def told(what: str) -> set[str]:
    return set(of(what).values_list("recipient", flat=True))


def agency_people(desk: FigureDesk) -> set[str]:
    return names(desk.officer, desk.coordinator, desk.second_coordinator)


def mapo_people(desk: FigureDesk) -> set[str]:
    return names(desk.reviewer, desk.second_reviewer)


def months() -> set[date]:
    return set(of("figures_due").values_list("month", flat=True))


def go_back(desk: FigureDesk, submission: Any) -> None:
    decisions = {
        sent.pk: CellDecision(is_accepted=False, reason="Semak.") for sent in submission.figures.all()
    }
    decide_figures(submission, decisions=decisions, actor=desk.reviewer, now=desk.now)


class TestOwed:
    def test_every_month_of_the_window_that_is_over_is_owed_by_officers_and_coordinators(
        self, figure_desk: FigureDesk, clock: Clock
    ) -> None:
        make_rule(figure_desk.cycle, "update_due", first_days=0)
        planned_on(clock, TODAY)
        assert told("figures_due") == agency_people(figure_desk)
        assert months() == {date(2023, month, 1) for month in range(4, 9)}

    def test_agency_without_an_indicator_in_use_owes_nothing(
        self, figure_desk: FigureDesk, clock: Clock
    ) -> None:
        type(figure_desk.ipo).objects.update(is_active=False)
        make_rule(figure_desk.cycle, "update_due", first_days=0)
        planned_on(clock, TODAY)
        assert not of("figures_due").exists()

    def test_rule_before_the_day_says_nothing_of_a_month_that_is_not_over(
        self, figure_desk: FigureDesk, clock: Clock
    ) -> None:
        make_rule(figure_desk.cycle, "update_due", first_days=-5)
        planned_on(clock, date(2023, 9, 29))
        assert not of("figures_due").exists()

    def test_what_is_sent_is_owed_no_longer_and_what_is_withdrawn_is_owed_again(
        self, figure_desk: FigureDesk, clock: Clock
    ) -> None:
        make_rule(figure_desk.cycle, "update_due", first_days=0)
        sent = figure_desk.send(figure_desk.content(ipo="9", po="5"))
        planned_on(clock, TODAY)
        assert AUGUST not in months()
        later(figure_desk, clock, 9)
        withdraw_figures(sent.report, actor=figure_desk.coordinator, now=figure_desk.now)
        planned_on(clock, TODAY, hour=15)
        assert AUGUST in months()

    def test_one_figure_of_several_leaves_the_month_owed_and_the_reminder_says_so(
        self, figure_desk: FigureDesk, clock: Clock
    ) -> None:
        make_rule(figure_desk.cycle, "update_due", first_days=0, mapo_days=3)
        figure_desk.send(figure_desk.content(po="5"))
        planned_on(clock, TODAY)
        assert AUGUST in months()
        told = load_details(of("figures_due").filter(month=AUGUST))
        assert {(each.sent_count, each.asked_count) for each in told} == {(1, 6)}
        with override("en"):
            titles = {describe(each, today=TODAY).task.replace("\u00a0", " ") for each in told}
        assert titles == {
            "Report the other figures of August 2023 (1 of 6 figures sent)",
            "KPWKM has not reported all its figures of August 2023 (1 of 6 figures sent)",
        }

    def test_draft_is_still_owed(self, figure_desk: FigureDesk, clock: Clock) -> None:
        make_rule(figure_desk.cycle, "update_due", first_days=0)
        figure_desk.save(figure_desk.content(po="5"))
        planned_on(clock, TODAY)
        assert AUGUST in months()

    def test_escalates_to_coordinators_and_mapo(self, figure_desk: FigureDesk, clock: Clock) -> None:
        make_rule(figure_desk.cycle, "update_due", first_days=1, coordinator_days=2, mapo_days=3)
        planned_on(clock, TODAY)
        assert told("figures_due") == agency_people(figure_desk) | mapo_people(figure_desk)
        assert set(of("figures_due").filter(step="mapo").values_list("is_escalation", flat=True)) == {True}

    def test_comes_to_mapo_where_nobody_can_act(self, figure_desk: FigureDesk, clock: Clock) -> None:
        make_rule(figure_desk.cycle, "update_due", first_days=0)
        User.objects.filter(agency=figure_desk.agency).update(is_active=False)
        planned_on(clock, TODAY)
        assert told("figures_due") == mapo_people(figure_desk)

    def test_who_muted_updates_is_told_in_the_list_only(self, figure_desk: FigureDesk, clock: Clock) -> None:
        make_rule(figure_desk.cycle, "update_due", first_days=0)
        prefer(figure_desk.officer, muted=["update_due"])
        planned_on(clock, TODAY)
        muted = of("figures_due").filter(user=figure_desk.officer)
        assert set(muted.values_list("is_muted", flat=True)) == {True}

    def test_closed_cycle_is_owed_nothing(self, figure_desk: FigureDesk, clock: Clock) -> None:
        make_rule(figure_desk.cycle, "update_due", first_days=0)
        planned_on(clock, TODAY)
        later(figure_desk, clock, 9)
        administrator = UserFactory(role="administrator", agency=figure_desk.reviewer.agency)
        close_cycle(figure_desk.cycle, reason="Selesai.", actor=administrator, now=figure_desk.now)
        planned_on(clock, TODAY, hour=15)
        assert not Reminder.objects.open().exists()


class TestReturnedAndWaiting:
    def test_returned_figures_remind_the_agency_until_sent_again(
        self, figure_desk: FigureDesk, clock: Clock
    ) -> None:
        make_rule(figure_desk.cycle, "returned", first_days=0, every_days=2)
        submission = figure_desk.send(figure_desk.content(po="5"))
        go_back(figure_desk, submission)
        planned_on(clock, TODAY)
        assert told("figures_returned") == agency_people(figure_desk)
        later(figure_desk, clock, 9)
        figure_desk.send(figure_desk.content(po="6"), revision=1)
        planned_on(clock, TODAY, hour=15)
        assert not of("figures_returned").exists()

    def test_waiting_figures_are_told_to_those_who_may_decide(
        self, figure_desk: FigureDesk, clock: Clock
    ) -> None:
        make_rule(figure_desk.cycle, "review_waiting", audience="mapo", first_days=0)
        figure_desk.send(figure_desk.content(po="5"))
        moved = UserFactory(role="reviewer", agency=figure_desk.agency)
        planned_on(clock, TODAY)
        assert moved.agency == figure_desk.agency
        assert told("figures_waiting") == mapo_people(figure_desk)

    def test_who_typed_and_who_was_of_the_agency_are_not_told(
        self, figure_desk: FigureDesk, clock: Clock
    ) -> None:
        make_rule(figure_desk.cycle, "review_waiting", audience="mapo", first_days=0)
        later(figure_desk, clock, 9)
        figure_desk.save(figure_desk.content(po="4"))
        figure_desk.send(figure_desk.content(po="5"), revision=1)
        administrator = UserFactory(role="administrator", agency=figure_desk.reviewer.agency)
        later(figure_desk, clock, 12)
        kdn = figure_desk.reviewer.agency
        for person in (figure_desk.officer, figure_desk.second_coordinator):
            move_person(person, agency=kdn, actor=administrator, now=figure_desk.now)
            User.objects.filter(pk=person.pk).update(role="reviewer")
        planned_on(clock, TODAY, hour=15)
        assert told("figures_waiting") == mapo_people(figure_desk) | names(administrator)

    @pytest.mark.parametrize(("comes", "shift", "belonged"), MOVES)
    def test_who_came_or_left_at_the_instant_of_sending_is_not_told(
        self, figure_desk: FigureDesk, clock: Clock, comes: bool, shift: int, belonged: bool
    ) -> None:
        make_rule(figure_desk.cycle, "review_waiting", audience="mapo", first_days=0)
        moved, at = moved_reviewer(figure_desk.agency, figure_desk.reviewer.agency, comes=comes)
        figure_desk.now = at + timedelta(microseconds=shift)
        figure_desk.send(figure_desk.content(po="5"))
        planned_on(clock, TODAY)
        assert told("figures_waiting") == mapo_people(figure_desk) | (set() if belonged else names(moved))

    def test_files_above_the_clearance_are_not_told_of(self, figure_desk: FigureDesk, clock: Clock) -> None:
        make_rule(figure_desk.cycle, "review_waiting", audience="mapo", first_days=0)
        document = make_document(figure_desk.agency, actor=figure_desk.coordinator, now=figure_desk.now)
        content = figure_desk.content(po="5")
        figure_desk.send(type(content)(content.typed, content.explanation, frozenset({document.pk})))
        type(document).objects.update(classification=Clearance.CONFIDENTIAL)
        User.objects.filter(pk=figure_desk.reviewer.pk).update(clearance=Clearance.RESTRICTED)
        planned_on(clock, TODAY)
        assert told("figures_waiting") == names(figure_desk.second_reviewer)


class TestWhatIsSaid:
    def lines(self, person: User) -> list[Any]:
        rows = Reminder.objects.open().filter(user=person).order_by("due_on", "pk")
        return [group.text for group in group_reminders(load_details(rows), today=TODAY)]

    def test_agency_is_led_to_the_month_and_mapo_to_the_report(
        self, figure_desk: FigureDesk, clock: Clock
    ) -> None:
        make_rule(figure_desk.cycle, "update_due", first_days=0, mapo_days=1)
        make_rule(figure_desk.cycle, "review_waiting", audience="mapo", first_days=0)
        submission = figure_desk.send(figure_desk.content(ipo="9", po="5"))
        planned_on(clock, TODAY)
        with override("en"):
            own, theirs = self.lines(figure_desk.officer), self.lines(figure_desk.reviewer)
        assert own[0].path == reverse("indicators:month", args=[date(2023, 4, 1)])
        assert len(own) == 4
        assert {line.path for line in theirs} == {
            reverse("indicators:report", args=[submission.report_id]),
            reverse("indicators:reports") + "?cycle=2023",
        }

    @pytest.mark.parametrize("language", ["ms", "en"])
    def test_mail_in_the_readers_language_holds_no_number(
        self, figure_desk: FigureDesk, clock: Clock, language: str
    ) -> None:
        User.objects.update(language=language)
        make_rule(figure_desk.cycle, "update_due", first_days=0)
        make_rule(figure_desk.cycle, "review_waiting", audience="mapo", first_days=0)
        figure_desk.send(figure_desk.content("Rahsia sekali.", po="98761"))
        planned_on(clock, TODAY)
        pack(now=at(TODAY, 9))
        send(now=clock.move_to(at(TODAY, 9)))
        texts = [str(part) for message in mail.outbox for part in (message.subject, message.body)]
        assert any(("Laporkan angka" if language == "ms" else "Report the figures") in text for text in texts)
        assert not any("98761" in text or "98,761" in text or "Rahsia" in text for text in texts)

    def test_preview_lists_figures_among_what_the_rule_says(
        self, figure_desk: FigureDesk, clock: Clock
    ) -> None:
        new = PreviewRule(values(first_days=0), figure_desk.cycle)
        rows = list(due_reminders(TODAY, exactly=False, supposed=PreviewTables(new)))
        assert {row.what for row in rows} == {"figures_due"}


class TestCalendar:
    def months(self, person: User) -> dict[str, date]:
        return {
            name: day for name, day in Subscriber(person).days().items() if name.startswith("figures_due")
        }

    def test_months_stand_until_they_are_sent_and_stand_again(
        self, figure_desk: FigureDesk, clock: Clock
    ) -> None:
        calendar = Subscriber(figure_desk.officer)
        before = {name for name in calendar.days() if name.startswith("figures_due")}
        assert len(before) == 12
        submission = figure_desk.send(figure_desk.content(ipo="9", po="5"))
        gone = before - calendar.days().keys()
        assert len(gone) == 1
        withdraw_figures(
            submission.report,
            actor=figure_desk.coordinator,
            now=clock.move_to(figure_desk.now + timedelta(hours=1)),
        )
        assert before <= calendar.days().keys()

    def test_others_have_none(self, figure_desk: FigureDesk) -> None:
        for person in (figure_desk.outsider, figure_desk.reviewer, figure_desk.observer):
            assert self.months(person) == {}

    def test_it_says_what_and_where(self, figure_desk: FigureDesk) -> None:
        body = fetch(figure_desk.officer).content
        event = next(event for name, event in events_of(body).items() if name.endswith("202308"))
        assert event.decoded("DTSTART") == FIRST
        assert str(event["URL"]).endswith(reverse("indicators:month", args=[AUGUST]))


class TestReportsPage:
    @pytest.fixture
    def page(self, figure_desk: FigureDesk, client: Client) -> str:
        figure_desk.send(figure_desk.content(ipo="9", po="5"))
        figure_desk.save(figure_desk.content(po="7"), month=JULY)
        client.force_login(figure_desk.reviewer)
        return client.get(reverse("indicators:reports"), headers={"accept-language": "en"}).content.decode()

    def test_mapo_sees_who_owes_which_months(self, page: str) -> None:
        owing = page[page.index('id="owing"') : page.index("</main>")].replace("\xa0", " ")
        assert "KPWKM" in owing
        assert "MPOB" not in owing
        for month in ("April", "Mei", "Jun", "Julai"):
            assert f"{month} 2023" in owing
        assert "Ogos" not in owing
