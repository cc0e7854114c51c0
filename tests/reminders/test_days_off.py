"""Days off that administrators add: only working days, once, and removed by a new act."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.urls import reverse

from accounts.regions import Place
from audit.errors import NotAllowed, NotNow
from audit.models import Event
from reminders.due.calendar import WorkCalendars
from reminders.models import DayOff
from reminders.services.days_off import MAX_AHEAD, add_day_off, put_back_day_off, remove_day_off
from tests.conftest import Clock
from tests.factories.reminders import make_day_off
from tests.recommendations.conftest import Desk
from tests.recommendations.pages import browser_of, words_of

pytestmark = pytest.mark.django_db

PAGE = "/reminders/days-off/"
#: Thursday, the demonstration's first day.
TODAY = date(2023, 9, 14)
WEDNESDAY = date(2023, 9, 20)
#: A weekend in Putrajaya on the second day alone, in Kedah on both.
FRIDAY, SATURDAY = date(2023, 9, 22), date(2023, 9, 23)


def add(desk: Desk, day: date = WEDNESDAY, place: str = "") -> DayOff:
    return add_day_off(day=day, place=place, name=" Cuti peristiwa ", actor=desk.administrator, now=desk.now)


class TestAdding:
    @pytest.mark.parametrize("place", ["", Place.KEDAH])
    def test_day_off_is_no_working_day_where_it_was_added(self, desk: Desk, place: str) -> None:
        assert add(desk, place=place).name == "Cuti peristiwa"
        calendars = WorkCalendars.load()
        assert not calendars[Place.KEDAH].is_working(WEDNESDAY)
        assert calendars[Place.PUTRAJAYA].is_working(WEDNESDAY) is bool(place)
        event = Event.objects.get(action="day_off.added")
        assert event.after == {"day": "2023-09-20", "place": place, "name": "Cuti peristiwa"}

    def test_day_is_added_from_today_on_where_it_changes_something(self, desk: Desk) -> None:
        for day, place in (
            (TODAY - timedelta(days=1), ""),
            (TODAY + MAX_AHEAD + timedelta(days=1), ""),
            (SATURDAY, Place.PUTRAJAYA),
            (FRIDAY, Place.KEDAH),
            # A public holiday everywhere.
            (date(2023, 12, 25), ""),
        ):
            with pytest.raises(NotNow):
                add(desk, day, place)
            assert not DayOff.objects.exists(), day
        # Sunday is a working day in Kedah, Kelantan, Terengganu and Johor.
        assert add(desk, SATURDAY + timedelta(days=1)).place == ""
        assert add(desk, TODAY).day == TODAY

    def test_same_day_twice_is_refused_also_within_all(self, desk: Desk) -> None:
        add(desk, place=Place.JOHOR)
        with pytest.raises(NotNow):
            add(desk, place=Place.JOHOR)
        add(desk, place=Place.MELAKA)
        add(desk)
        for place in ("", Place.PERAK):
            with pytest.raises(NotNow):
                add(desk, place=place)
        assert DayOff.objects.count() == 3

    def test_only_administrators_keep_days_off(self, desk: Desk) -> None:
        kept = add(desk)
        for person in (desk.officer, desk.coordinator, desk.reviewer, desk.observer):
            with pytest.raises(NotAllowed):
                add_day_off(day=FRIDAY, place="", name="Cuti", actor=person, now=desk.now)
            with pytest.raises(NotAllowed):
                remove_day_off(kept, actor=person, now=desk.now)


class TestTakingBack:
    def test_taken_back_it_is_a_working_day_again(self, desk: Desk) -> None:
        kept = add(desk)
        for _again in range(2):
            remove_day_off(kept, actor=desk.administrator, now=desk.now)
        assert WorkCalendars.load()[Place.PUTRAJAYA].is_working(WEDNESDAY)
        event = Event.objects.get(action="day_off.removed")
        assert event.before is not None
        assert event.before["day"] == "2023-09-20"

    def test_put_back_it_is_a_new_row(self, desk: Desk) -> None:
        kept = remove_day_off(add(desk), actor=desk.administrator, now=desk.now)
        again = put_back_day_off(kept, actor=desk.administrator, now=desk.now)
        assert (again.day, again.place, again.name) == (kept.day, kept.place, kept.name)
        assert again.pk != kept.pk
        with pytest.raises(NotNow):
            put_back_day_off(kept, actor=desk.administrator, now=desk.now)

    def test_day_that_is_over_stays_as_it_was(self, desk: Desk, clock: Clock) -> None:
        kept = add(desk)
        later = clock.move_to(desk.now + timedelta(days=7))
        with pytest.raises(NotNow):
            remove_day_off(kept, actor=desk.administrator, now=later)


class TestPage:
    def test_page_shows_the_coming_days_first(self, desk: Desk) -> None:
        for day in (FRIDAY, TODAY, date(2023, 9, 6)):
            make_day_off(day, actor=desk.administrator, now=desk.now)
        page = browser_of(desk.administrator).get(PAGE).context
        assert [day_off.day for day_off in page["coming"]] == [TODAY, FRIDAY]
        assert [day_off.day for day_off in page["over"]] == [date(2023, 9, 6)]

    def test_empty_page_says_what_counts_and_a_bad_day_is_told_and_kept(self, desk: Desk) -> None:
        for language, words in (("en", "No days added"), ("ms", "Tiada hari")):
            assert words in words_of(browser_of(desk.administrator, language).get(PAGE)), language
        for changes, field, words in (
            ({"day": "2023-02-31"}, "day", ""),
            ({"day": ""}, "day", ""),
            ({"day": "2023-09-13"}, "day", "That day has passed"),
            ({"day": "2099-12-30"}, "day", "more than three years"),
            ({"day": "9999-12-31"}, "day", "Check the year"),
            ({"day": "2023-09-23", "place": "PJY"}, "day", "a weekend or public holiday in"),
            ({"place": "XYZ"}, "place", ""),
            ({"name": " "}, "name", ""),
            ({"name": "x" * 121}, "name", ""),
        ):
            fields = {"day": "2023-09-20", "place": "", "name": "Cuti"} | changes
            response = browser_of(desk.administrator).post(PAGE, fields)
            assert response.status_code == 422, changes
            assert set(response.context["form"].errors) == {field}, changes
            assert words in response.context["form"].errors[field][0], changes
            assert response.context["form"]["name"].value() == fields["name"], changes
            assert not DayOff.objects.exists(), changes

    def test_add_and_take_back_and_undo(self, desk: Desk) -> None:
        browser = browser_of(desk.administrator)
        fields = {"day": "2023-09-20", "place": Place.SABAH.value, "name": "Pesta"}
        page = browser.post(PAGE, fields, follow=True)
        assert "Pesta" in words_of(page)
        assert "Sabah" in words_of(page)
        kept = DayOff.objects.get()
        page = browser.post(reverse("reminders:day_off_remove", args=[kept.pk]), follow=True)
        assert not DayOff.objects.in_force().exists()
        back = reverse("reminders:day_off_put_back", args=[kept.pk])
        assert f'action="{back}"' in page.content.decode()
        browser.post(back)
        assert DayOff.objects.in_force().get().name == "Pesta"

    def test_undo_that_comes_too_late_says_why(self, desk: Desk) -> None:
        kept = add(desk)
        response = browser_of(desk.administrator).post(reverse("reminders:day_off_put_back", args=[kept.pk]))
        assert response.status_code == 409
        assert "already a day off there" in words_of(response)

    def test_days_off_exist_for_administrators_alone(self, desk: Desk) -> None:
        kept = make_day_off(WEDNESDAY, actor=desk.administrator, now=desk.now)
        for who in ("officer", "coordinator", "reviewer", "observer"):
            browser = browser_of(getattr(desk, who))
            answers = [browser.get(PAGE), browser.post(PAGE, {"day": "2023-09-21", "name": "Cuti"})]
            for name in ("day_off_remove", "day_off_put_back"):
                answers.append(browser.post(reverse(f"reminders:{name}", args=[kept.pk])))
            assert {answer.status_code for answer in answers} == {404}, who
            assert DayOff.objects.in_force().count() == 1, who
