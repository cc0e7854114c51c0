"""Notices to one person: given once, seen by nobody else, read and then quiet."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import DatabaseError, IntegrityError, InternalError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from accounts.services.people import deactivate_person
from audit.errors import NotAllowed
from audit.models import Event
from reminders.models import Notice
from reminders.queries.bell import Bell
from reminders.queries.my_reminders import MAX_SHOWN, READ_SHOWN_FOR, list_notices
from reminders.services.notices import give_notice, mark_all_read, read_notice, read_notices
from reminders.states import HANDED_OVER
from tests.conftest import NOW, Clock, WorkerDatabase
from tests.factories.accounts import UserFactory
from tests.factories.deliveries import make_delivery, make_notice, make_reminder
from tests.pages import body_of
from tests.recommendations.at_once import at_once
from tests.recommendations.conftest import Desk, make_desk
from tests.recommendations.pages import browser_of, words_of
from tests.reminders.notice_kinds import PATH, QUIET, URGENT, give
from tests.reminders.steps import plan_of_bell

MINE = reverse("reminders:mine")
DAY = timedelta(days=1)


def read_url(notice: Notice) -> str:
    return reverse("reminders:notice_read", args=[notice.pk])


def page(person: User, language: str = "en", **query: str) -> str:
    return words_of(browser_of(person, language).get(MINE, query))


@pytest.mark.django_db
class TestGiving:
    def test_same_news_stands_unread_once(self, desk: Desk) -> None:
        first, second = give(desk.officer, desk.now), give(desk.officer, desk.now)
        assert first == second
        assert Notice.objects.count() == 1

    @pytest.mark.parametrize(
        "other", [{"what": URGENT}, {"path": "/evidence/2/"}, {"about": {"file": "lain.pdf"}}]
    )
    def test_other_news_stands_beside_it(self, desk: Desk, other: dict[str, object]) -> None:
        give(desk.officer, desk.now)
        give(desk.officer, desk.now, **other)
        assert Notice.objects.count() == 2

    def test_same_news_after_it_was_read_is_told_again(self, desk: Desk) -> None:
        read_notice(give(desk.officer, desk.now), actor=desk.officer, now=desk.now)
        give(desk.officer, desk.now)
        assert Notice.objects.count() == 2 and Bell(desk.officer).count == 1

    def test_who_cannot_sign_in_gets_none(self, desk: Desk) -> None:
        deactivate_person(desk.colleague, reason="Bersara.", actor=desk.administrator, now=desk.now)
        invited = UserFactory(agency=desk.agency, joined_at=None, invited_at=desk.now)
        for person in (desk.colleague, invited):
            assert give_notice(person, what=QUIET, about={"file": "a"}, path=PATH, now=desk.now) is None
        assert not Notice.objects.exists()

    def test_path_that_leads_outside_and_values_that_are_not_plain_are_refused(self, desk: Desk) -> None:
        for path in ("", "evidence/", "//luar.example/", "/\\luar.example/", "https://luar.example/"):
            with pytest.raises(ValueError, match="from its root"):
                give(desk.officer, desk.now, path=path)
            with pytest.raises(IntegrityError), transaction.atomic():
                make_notice(desk.officer, now=desk.now, path=path)
        for value in (None, 1.5, ["a"], {"a": 1}, NOW):
            with pytest.raises(TypeError, match="file"):
                give(desk.officer, desk.now, about={"file": value})

    def test_news_goes_with_the_transaction_that_gave_it(self, desk: Desk) -> None:
        @transaction.atomic
        def give_and_fail() -> None:
            give(desk.officer, desk.now)
            raise RuntimeError

        with pytest.raises(RuntimeError):
            give_and_fail()
        assert not Notice.objects.exists()

    def test_giving_and_reading_write_no_event(self, desk: Desk) -> None:
        before = Event.objects.count()
        read_notice(give(desk.officer, desk.now), actor=desk.officer, now=desk.now)
        assert Event.objects.count() == before

    def test_database_keeps_what_was_told(self, desk: Desk) -> None:
        told = give(desk.officer, desk.now)
        read_notice(told, actor=desk.officer, now=desk.now)
        for change in (
            {"path": "/lain/"},
            {"what": URGENT},
            {"about": {}},
            {"read_at": None},
            {"made_at": NOW - DAY},
        ):
            with pytest.raises(InternalError), transaction.atomic():
                Notice.objects.filter(pk=told.pk).update(**change)
            with pytest.raises(DatabaseError), transaction.atomic():
                told.delete()

    def test_database_keeps_a_notice_in_a_mail(self, desk: Desk) -> None:
        mail = make_delivery(desk.officer, now=desk.now)
        told = make_notice(desk.officer, now=desk.now, delivery=mail)
        with pytest.raises(InternalError), transaction.atomic():
            Notice.objects.filter(pk=told.pk).update(delivery=None)


def test_same_news_given_at_once_stands_once(real_db: WorkerDatabase, clock: Clock) -> None:
    desk = make_desk(clock.move_to(NOW))
    given = at_once(*[lambda: give(desk.officer, desk.now).pk] * 4)
    assert len(set(given)) == 1 and Notice.objects.count() == 1


@pytest.mark.django_db
class TestReading:
    def test_nobody_reads_for_another(self, desk: Desk) -> None:
        for who in ("colleague", "coordinator", "reviewer", "administrator", "observer"):
            told, other = give(desk.officer, desk.now), getattr(desk, who)
            answer = browser_of(other).post(read_url(told))
            assert answer.status_code == 404, who
            missing = browser_of(other).post(reverse("reminders:notice_read", args=[2_000_000_000]))
            assert body_of(answer) == body_of(missing), who
            with pytest.raises(NotAllowed):
                read_notice(told, actor=other, now=desk.now)
            with pytest.raises(NotAllowed):
                mark_all_read(desk.officer, actor=other, now=desk.now)
            assert "rahsia.pdf" not in page(other), who
            assert Bell(other).count == 0, who
            told.refresh_from_db()
            assert told.read_at is None, who

    def test_open_marks_as_read_and_leads_there(self, desk: Desk) -> None:
        told = give(desk.officer, desk.now)
        answer = browser_of(desk.officer).post(read_url(told))
        told.refresh_from_db()
        assert (answer.status_code, answer["Location"]) == (302, PATH)
        assert told.read_at is not None and Bell(desk.officer).count == 0

    def test_mark_as_read_leads_back_to_the_list_and_get_marks_nothing(self, desk: Desk) -> None:
        told = give(desk.officer, desk.now)
        assert browser_of(desk.officer).get(read_url(told)).status_code == 302
        browser_of(desk.officer).get(MINE)
        told.refresh_from_db()
        assert told.read_at is None
        answer = browser_of(desk.officer).post(read_url(told), {"stay": "1"})
        told.refresh_from_db()
        assert answer["Location"] == MINE and told.read_at is not None

    def test_reading_twice_keeps_the_first_instant(self, desk: Desk) -> None:
        told = give(desk.officer, desk.now)
        assert read_notice(told, actor=desk.officer, now=desk.now)
        assert not read_notice(told, actor=desk.officer, now=desk.now + DAY)
        told.refresh_from_db()
        assert told.read_at == desk.now

    def test_being_on_the_page_reads_what_leads_there(self, desk: Desk) -> None:
        give(desk.officer, desk.now)
        give(desk.officer, desk.now, URGENT)
        other, theirs = give(desk.officer, desk.now, path="/evidence/9/"), give(desk.colleague, desk.now)
        assert read_notices(desk.officer, path=PATH, now=desk.now) == 2
        assert read_notices(desk.officer, path=PATH, now=desk.now) == 0
        assert set(Notice.objects.unread()) == {other, theirs}

    def test_read_all_covers_reminders_and_notices(self, desk: Desk) -> None:
        make_reminder(desk.officer, desk.assignment, due_on=desk.now.date(), now=desk.now)
        give(desk.officer, desk.now)
        theirs = give(desk.colleague, desk.now)
        assert Bell(desk.officer).count == 2
        browser_of(desk.officer).post(reverse("reminders:read_all"))
        assert Bell(desk.officer).count == 0
        assert list(Notice.objects.unread()) == [theirs]
        assert mark_all_read(desk.officer, actor=desk.officer, now=desk.now) == 0


@pytest.mark.django_db
class TestBell:
    @pytest.mark.parametrize("who", ["officer", "reviewer", "observer"])
    def test_bell_counts_each_unread_notice(self, desk: Desk, who: str) -> None:
        person = getattr(desk, who)
        for number in range(3):
            give(person, desk.now, about={"file": f"{number}.pdf"})
        read_notice(Notice.objects.all()[0], actor=person, now=desk.now)
        assert Bell(person).count == 2

    def test_bell_counts_no_further_than_it_shows(self, desk: Desk) -> None:
        for number in range(105):
            make_notice(desk.officer, now=desk.now, about={"number": number})
            make_reminder(
                desk.officer,
                desk.assignment,
                due_on=desk.now.date(),
                now=desk.now,
                matter=f"update_due:{number}",
            )
        assert (Bell(desk.officer).count, Bell(desk.officer).text) == (100, "99+")

    @pytest.mark.parametrize("many", [0, 5])
    def test_bell_takes_one_query_whatever_was_told(self, desk: Desk, many: int) -> None:
        for number in range(many):
            make_notice(desk.officer, now=desk.now, about={"number": number})
        visitor = browser_of(desk.officer)
        with CaptureQueriesContext(connection) as captured:
            visitor.get(reverse("recommendations:items"))
        assert sum("reminders_" in query["sql"] for query in captured) == 1

    @pytest.mark.parametrize("is_own", [True, False])
    def test_bell_asks_again_where_a_notice_may_no_longer_stand(self, desk: Desk, is_own: bool) -> None:
        agency_id = desk.agency.pk if is_own else desk.agency.pk + 1
        make_notice(desk.officer, now=desk.now, what=HANDED_OVER, about={"agency_id": agency_id})
        make_notice(desk.officer, now=desk.now)
        with CaptureQueriesContext(connection) as captured:
            count = Bell(desk.officer).count
        assert (count, len(captured)) == (2 if is_own else 1, 2)

    def test_bell_reads_notices_of_its_index_alone(self, desk: Desk) -> None:
        for number in range(300):
            make_notice(
                desk.officer, now=desk.now, about={"number": number}, read_at=desk.now if number % 3 else None
            )
        plan = plan_of_bell(desk.officer)
        assert "Index Only Scan using notice_unread_once" in plan
        assert "Sort" not in plan


@pytest.mark.django_db
class TestList:
    def test_unread_stand_first_and_read_ones_quietly_last(self, desk: Desk) -> None:
        make_reminder(desk.officer, desk.assignment, due_on=desk.now.date(), now=desk.now)
        give(desk.officer, desk.now, about={"file": "baharu.pdf"})
        give(desk.officer, desk.now, URGENT, about={"file": "segera.pdf"})
        read_notice(
            give(desk.officer, desk.now, about={"file": "lama.pdf"}), actor=desk.officer, now=desk.now
        )
        words = page(desk.officer)
        order = [
            "New",
            "segera.pdf",
            "Urgent",
            "baharu.pdf",
            "Report on",
            "Notices that you have read",
            "lama.pdf",
        ]
        places = [words.index(text) for text in order]
        assert places == sorted(places)

    def test_read_ones_leave_after_a_while(self, desk: Desk) -> None:
        told = give(desk.officer, desk.now)
        read_notice(told, actor=desk.officer, now=desk.now)
        last = desk.now + READ_SHOWN_FOR
        assert list_notices(desk.officer, now=last - timedelta(seconds=1))
        assert not list_notices(desk.officer, now=last)

    def test_unread_ones_stay_for_ever_and_the_newest_are_shown(self, desk: Desk) -> None:
        for number in range(MAX_SHOWN + 3):
            make_notice(desk.officer, now=desk.now + timedelta(milliseconds=number), about={"number": number})
        shown = list_notices(desk.officer, now=desk.now + 400 * DAY)
        assert [each.notice.about["number"] for each in shown] == list(range(MAX_SHOWN + 2, 2, -1))

    def test_unread_one_is_shown_however_many_newer_were_read(self, desk: Desk) -> None:
        old = make_notice(desk.officer, now=desk.now, about={"number": -1})
        for number in range(MAX_SHOWN):
            newer = make_notice(
                desk.officer, now=desk.now + timedelta(milliseconds=number), about={"number": number}
            )
            read_notice(newer, actor=desk.officer, now=desk.now)
        assert list_notices(desk.officer, now=desk.now + timedelta(seconds=1))[0].notice == old

    def test_words_are_those_of_the_language_and_stay_text(self, desk: Desk) -> None:
        give(desk.officer, desk.now)
        for language, words in (
            ("ms", "Peringatan <b>rahsia.pdf</b>"),
            ("en", "Reminders <b>rahsia.pdf</b>"),
        ):
            assert words in page(desk.officer, language), language
            assert "<b>rahsia" not in browser_of(desk.officer).get(MINE).content.decode(), language
        assert "rahsia.pdf" not in page(desk.officer, show="earlier")

    @pytest.mark.parametrize("language", ["ms", "en"])
    @pytest.mark.parametrize("about", [{}, {"file": "ada.pdf"}])
    @pytest.mark.parametrize("what", ["unknown", QUIET])
    def test_unknown_or_broken_words_break_no_page(
        self, desk: Desk, what: str, about: dict[str, str], language: str
    ) -> None:
        make_notice(desk.officer, now=desk.now, what=what, about=about)
        told = {"ms": "Ada perkembangan dalam Jejak", "en": "Something happened in Jejak"}[language]
        assert (told in page(desk.officer, language)) == (what == "unknown" or not about)

    def test_entry_says_that_it_went_by_mail_too(self, desk: Desk) -> None:
        make_notice(desk.officer, now=desk.now, delivery=make_delivery(desk.officer, now=desk.now))
        assert "also by e-mail." in page(desk.officer)

    def test_queries_do_not_grow_with_the_news(self, desk: Desk) -> None:
        visitor, counts = browser_of(desk.officer), []
        for many in (1, 12):
            for number in range(many):
                give(desk.officer, desk.now, about={"file": f"{many}.{number}"})
            with CaptureQueriesContext(connection) as captured:
                visitor.get(MINE)
            counts.append(len(captured))
        assert counts[0] == counts[1]


def test_read_notice_waits_for_no_packing_and_packing_for_nobody(
    real_db: WorkerDatabase, clock: Clock
) -> None:
    from reminders.services.packing import pack

    desk = make_desk(clock.move_to(NOW))
    told = give(desk.officer, desk.now, in_minutes=-1)
    with transaction.atomic():
        read_notice(told, actor=desk.officer, now=desk.now)
        assert at_once(lambda: pack(now=desk.now)) == [0]
