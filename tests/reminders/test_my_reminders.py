"""One's own reminders: the list, marking as read, and the links to where something is to be done."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from accounts.roles import Role
from audit.errors import NotAllowed
from audit.models import Event
from recommendations.models import Assignment, Item
from reminders.kinds import FIGURE_KINDS, ReminderKind
from reminders.models import Reminder
from reminders.queries.bell import Bell
from reminders.queries.my_reminders import add_notes, open_reminders, settled_reminders
from reminders.services.notices import mark_all_read, mark_read
from reminders.services.planning import plan
from reminders.states import Audience
from tests.factories.accounts import UserFactory
from tests.factories.deliveries import make_delivery, make_reminder
from tests.factories.recommendations import make_assignment, make_item, start_update
from tests.pages import body_of
from tests.recommendations.conftest import Desk
from tests.recommendations.pages import browser_of, words_of

pytestmark = pytest.mark.django_db
MINE = reverse("reminders:mine")
TODAY, DUE = date(2023, 9, 14), date(2023, 9, 20)


def remind(desk: Desk, person: User | None = None, *, due_on: date = DUE, **values: Any) -> Reminder:
    return make_reminder(person or desk.officer, desk.assignment, due_on=due_on, now=desk.now, **values)


def more_assignments(desk: Desk, many: int) -> list[Assignment]:
    """Assignments of the agency, for further items: what is about one of them is a line by itself."""
    first = Item.objects.filter(cycle=desk.cycle).count() + 1
    items = [make_item(desk.cycle, number=number) for number in range(first, first + many)]
    return [make_assignment(item, desk.agency, actor=desk.administrator, now=desk.now) for item in items]


def read_url(reminder: Reminder) -> str:
    return reverse("reminders:read", args=[reminder.pk])


def page(desk: Desk, person: User | None = None, language: str = "en", **query: str) -> str:
    return words_of(browser_of(person or desk.officer, language).get(MINE, query))


class TestRights:
    def test_list_shows_ones_own_alone(self, desk: Desk) -> None:
        remind(desk, desk.colleague)
        assert "No reminders" in page(desk)
        assert "Report on Recommendation 1" in page(desk, desk.colleague)

    def test_nobody_reads_for_another(self, desk: Desk) -> None:
        told = remind(desk)
        for who in ("colleague", "coordinator", "reviewer", "administrator", "observer"):
            answer = browser_of(getattr(desk, who)).post(read_url(told))
            assert answer.status_code == 404, who
            told.refresh_from_db()
            assert told.read_at is None, who

    def test_missing_reminder_answers_like_anothers(self, desk: Desk) -> None:
        visitor, theirs = browser_of(desk.officer), remind(desk, desk.colleague)
        gone = visitor.post(reverse("reminders:read", args=[2_000_000_000]))
        assert (gone.status_code, body_of(gone)) == (404, body_of(visitor.post(read_url(theirs))))

    def test_service_refuses_another_actor(self, desk: Desk, now: datetime) -> None:
        told = remind(desk)
        with pytest.raises(NotAllowed):
            mark_read(told, actor=desk.administrator, now=now)
        with pytest.raises(NotAllowed):
            mark_all_read(desk.officer, actor=desk.administrator, now=now)

    def test_mailbox_of_an_agency_is_nobodys_list(self, desk: Desk) -> None:
        desk.agency.shared_mailbox = "urus@pdrm.example"
        make_reminder(desk.agency, desk.assignment, due_on=DUE, now=desk.now)
        for person in (desk.officer, desk.coordinator):
            assert "No reminders" in page(desk, person)


class TestReading:
    def test_looking_at_the_list_and_arriving_by_get_mark_nothing(self, desk: Desk) -> None:
        told = remind(desk)
        browser_of(desk.officer).get(MINE)
        told.refresh_from_db()
        assert told.read_at is None
        # Whoever signs in again on the way comes back by GET.
        for url in (read_url(told), reverse("reminders:read_all")):
            assert browser_of(desk.officer).get(url).status_code == 302
        told.refresh_from_db()
        assert told.read_at is None

    def test_read_marks_and_leads_to_the_form(self, desk: Desk, now: datetime) -> None:
        told = remind(desk)
        answer = browser_of(desk.officer).post(read_url(told))
        assert answer["Location"] == reverse("recommendations:update_start", args=[desk.assignment.pk])
        told.refresh_from_db()
        assert told.read_at is not None and told.read_at - now < timedelta(minutes=1)

    def test_read_leads_into_the_draft_once_there_is_one(self, desk: Desk, now: datetime) -> None:
        draft = start_update(desk.assignment, actor=desk.colleague, now=now)
        answer = browser_of(desk.officer).post(read_url(remind(desk)))
        assert answer["Location"] == reverse("recommendations:update_edit", args=[draft.pk])

    def test_read_marks_all_that_was_said_of_the_matter(self, desk: Desk, now: datetime) -> None:
        first, second = remind(desk, level=-3), remind(desk, level=0)
        other = remind(desk, matter="update_due:999")
        mark_read(second, actor=desk.officer, now=now)
        unread = Reminder.objects.unread().values_list("pk", flat=True)
        assert list(unread) == [other.pk] and first.pk != other.pk

    def test_what_is_said_later_is_unread_again(self, desk: Desk, now: datetime) -> None:
        mark_read(remind(desk, level=0), actor=desk.officer, now=now)
        remind(desk, level=3)
        assert Bell(desk.officer).count == 1

    def test_reading_twice_keeps_the_first_instant(self, desk: Desk, now: datetime) -> None:
        told = remind(desk)
        assert mark_read(told, actor=desk.officer, now=now) == 1
        assert mark_read(told, actor=desk.officer, now=now + timedelta(hours=1)) == 0
        told.refresh_from_db()
        assert told.read_at == now

    def test_read_all_marks_what_the_bell_counts(self, desk: Desk) -> None:
        for number in range(3):
            remind(desk, matter=f"update_due:{number}")
        muted, theirs = remind(desk, matter="final_due:1", is_muted=True), remind(desk, desk.colleague)
        answer = browser_of(desk.officer).post(reverse("reminders:read_all"))
        assert answer["Location"] == MINE
        assert Bell(desk.officer).count == 0
        assert list(Reminder.objects.filter(read_at=None)) == [theirs, muted]

    def test_reading_writes_no_event(self, desk: Desk, now: datetime) -> None:
        before = Event.objects.count()
        mark_read(remind(desk), actor=desk.officer, now=now)
        mark_all_read(desk.officer, actor=desk.officer, now=now)
        assert Event.objects.count() == before


class TestList:
    def test_groups_stand_unread_first_then_read_then_muted(self, desk: Desk) -> None:
        remind(desk, matter="window_end:1.1", what=ReminderKind.WINDOW_END, is_muted=True)
        (other,) = more_assignments(desk, 1)
        make_reminder(
            desk.officer,
            other,
            due_on=DUE,
            now=desk.now,
            what=ReminderKind.FINAL_DUE,
            matter="final_due:1",
            read_at=desk.now,
        )
        remind(desk)
        words = page(desk)
        places = [
            words.index(text) for text in ("New", "Report on", "Read, still to do", "Complete", "Muted")
        ]
        assert places == sorted(places)

    def test_matter_stands_once_with_how_often_it_was_said(self, desk: Desk) -> None:
        for level in (-3, 0, 2):
            remind(desk, level=level)
        words = page(desk)
        assert words.count("Report on Recommendation 1") == 2  # Its heading, and its button.
        assert "Reminded 3 times, last here on 14 September 2023." in words

    def test_entry_says_when_by_which_way_and_why(self, named: Desk) -> None:
        desk, mailed = named, remind(named)
        make_delivery(desk.officer, now=desk.now, reminders=(mailed,))
        words = page(desk)
        assert "Reminded on 14 September 2023, also by e-mail." in words
        assert "You are responsible for it at your agency." in words
        assert "Due in 6 days, on 20 September 2023" in words

    def test_escalation_says_so(self, desk: Desk) -> None:
        remind(desk, desk.coordinator, is_escalation=True, step=Audience.COORDINATOR, due_on=date(2023, 9, 1))
        assert "Escalated" in page(desk, desk.coordinator)

    def test_same_matter_of_an_earlier_day_is_settled_by_itself(self, desk: Desk) -> None:
        remind(desk, due_on=date(2023, 8, 20), settled_at=desk.now)
        remind(desk, due_on=DUE)
        assert len(open_reminders(desk.officer, today=TODAY)) == 1
        assert settled_reminders(desk.officer).count() == 1

    def test_empty_list_says_what_comes_and_what_is_settled_stands_apart(self, desk: Desk) -> None:
        assert "No reminders" in page(desk)
        assert "Nothing is settled yet" in page(desk, show="earlier")
        assert "Mark all as read" not in page(desk)
        remind(desk, settled_at=desk.now)
        assert "No reminders" in page(desk)
        settled = browser_of(desk.officer).get(MINE, {"show": "earlier"})
        assert "Settled on 14 September 2023." in words_of(settled)
        assert "/read/" not in settled.content.decode()

    def test_order_is_that_of_the_mails(self, desk: Desk) -> None:
        days = [date(2023, 9, 1), date(2023, 9, 10), TODAY, date(2023, 9, 20), date(2023, 10, 2)]
        others = iter(more_assignments(desk, len(ReminderKind) * len(days)))
        for number, (what, day) in enumerate((what, day) for what in ReminderKind for day in days):
            told = {"what": what, "matter": f"{what}:{number}", "is_escalation": number % 4 == 0}
            if what in FIGURE_KINDS:
                told["month"] = date(2000 + number, 1, 1)
            make_reminder(desk.officer, next(others), due_on=day, now=desk.now, **told)
        ranks = [told.text.rank for told in open_reminders(desk.officer, today=TODAY)]
        assert ranks == sorted(ranks)
        assert len(ranks) == len(ReminderKind) * len(days)

    def test_pages_are_cut_at_twenty(self, desk: Desk) -> None:
        for other in more_assignments(desk, 23):
            make_reminder(desk.officer, other, due_on=DUE, now=desk.now)
        assert "1 to 20 of 23" in page(desk)
        assert "21 to 23 of 23" in page(desk, page="2")

    @pytest.mark.parametrize("show", ["", "earlier"])
    def test_queries_do_not_grow_with_the_list(self, desk: Desk, show: str) -> None:
        visitor = browser_of(desk.officer)
        counts = []
        for many in (1, 12):
            for other in more_assignments(desk, many):
                about: dict[str, Any] = {"settled_at": desk.now} if show else {}
                about |= {"is_escalation": True, "step": Audience.COORDINATOR}
                make_reminder(desk.officer, other, due_on=DUE, now=desk.now, **about)
            with CaptureQueriesContext(connection) as captured:
                visitor.get(MINE, {"show": show})
            counts.append(len(captured))
        assert counts[0] == counts[1] <= 18

    def test_list_is_drawn_whole_after_a_real_planning(self, desk: Desk, now: datetime) -> None:
        """Whatever the usual rules say of a world with something late, returned, waiting and asked."""
        items = [make_item(desk.cycle, number=number) for number in range(2, 5)]
        others = [make_assignment(item, desk.agency, actor=desk.administrator, now=now) for item in items]
        desk.submission()
        type(desk.assignment).objects.filter(pk__in=[other.pk for other in others]).update(
            next_due_on=date(2023, 9, 4), due_on=date(2023, 9, 12)
        )
        plan(now=now)
        for language in ("ms", "en"):
            for person in (desk.officer, desk.coordinator, desk.reviewer, desk.administrator):
                found = open_reminders(person, today=TODAY)
                shown = browser_of(person, language).get(MINE)
                assert shown.status_code == 200, language
                assert shown.content.decode().count("reminder__open") == min(len(found), 20), language
            assert Reminder.objects.exists(), language


def test_stand_in_sees_whom_they_stand_in_for(desk: Desk) -> None:
    stand_in = UserFactory(agency=desk.agency, role=Role.OFFICER)
    remind(desk, stand_in, in_place_of=desk.officer)
    assert f"You stand in for {desk.officer.name}." in page(desk, stand_in)


def test_notes_on_no_entries_ask_little(desk: Desk, django_assert_max_num_queries: Any) -> None:
    with django_assert_max_num_queries(1):
        add_notes([], user=desk.officer)
